"""Synthetic journeys drawn from a run, as `caudal journeys` tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
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
    Month,
    Plan,
    Seed,
    as_file,
    cost,
    identity,
    scenario,
    write_json,
)  # fmt: skip

LISTS = ("kinds", "meets", "journeys", "agreement")


class Body(Asked):
    """Of whom, setting out when, and how many; defaults are those of `caudal journeys`."""

    scenario: Given = "baseline"
    start: Annotated[Month, Field(alias="from", description="the month in which they set out")] = (
        "2023-01"
    )
    nationality: Annotated[str, Field(max_length=60, description="code or name")] = "Honduras"
    unit: Annotated[str, Field(max_length=40)] = "family"
    count: Annotated[int, Field(ge=1, le=100), WHOLE] = 10
    months: Annotated[int, Field(ge=1, le=24), WHOLE] = 12
    members: Annotated[int, Field(ge=1, le=96), WHOLE] = 16
    travellers: Annotated[int, Field(ge=100, le=50_000), WHOLE] = 20_000
    seed: Seed = 0


def plan(body: Body, ask: Ask) -> Plan:
    """Check what is asked."""
    _, said = scenario(body.scenario, ask)
    request = {**said, **body.model_dump(exclude={"scenario"})}
    until = date.fromisoformat(f"{body.start}-01") + timedelta(days=31 * body.months)
    return Plan(identity("journeys", request), request, cost(body.members, until, ask.limits))


def do(request: Mapping[str, Any], folder: Path, tell: Tell) -> None:
    """Draw them; result.json as `caudal journeys --json` prints it."""
    from caudal.ask.journeys import journeys
    from caudal.corridor.journeys import words

    here: Any = corridor()
    rest = {k: v for k, v in request.items() if k not in ("scenario", "document")}
    found = journeys(here, words(), as_file(request, folder), progress=tell, **rest)
    whole = asdict(found)
    about = {k: v for k, v in whole.items() if k not in LISTS}
    about["scenario"] = request["scenario"]
    write_json(folder, {"about": about, **{k: whole[k] for k in LISTS[:-1]}})
