"""A forecast from the latest counts, as `caudal forecast` issues it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from caudal.corridor import corridor
from caudal.service.kinds import Tell
from caudal.service.kinds.common import (
    WHOLE,
    Ask,
    Asked,
    Given,
    Members,
    Plan,
    Seed,
    as_file,
    cost,
    identity,
    scenario,
    threads,
    write_json,
)  # fmt: skip


class Body(Asked):
    """What a forecast is asked for; the scenario may change only months to come."""

    scenario: Given = "baseline"
    months: Annotated[int, Field(ge=1, le=24, description="months ahead"), WHOLE] = 12
    members: Members = 200
    seed: Seed = 0


def plan(body: Body, ask: Ask) -> Plan:
    """Check what is asked."""
    _, said = scenario(body.scenario, ask)
    request = {**said, "months": body.months, "members": body.members, "seed": body.seed}
    # the last count is not yet known here: today and the months asked for are never less
    until = date.today() + timedelta(days=31 * body.months)
    return Plan(
        identity("forecast", request), request, cost(body.members, until, ask.limits)
    )  # fmt: skip


def do(request: Mapping[str, Any], folder: Path, tell: Tell) -> None:
    """Issue it; result.json as `caudal forecast --json` prints it."""
    from caudal.forecast.corrections import shipped
    from caudal.forecast.issue import issue

    here: Any = corridor()
    made = issue(
        here, months=request["months"], members=request["members"], seed=request["seed"],
        scenario=as_file(request, folder), corrections=shipped(here), workers=threads(),
        progress=tell,
    )  # fmt: skip
    told = made.document()
    told["forecast"]["scenario"] = request["scenario"]
    if request["document"] is not None:
        command = told["forecast"]["command"].partition(" --scenario ")[0]
        told["forecast"]["command"] = f"{command} --scenario scenario.yaml"
    write_json(folder, told)
