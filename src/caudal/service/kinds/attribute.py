"""Which factors explain a change, in people, as `caudal attribute` tells it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from caudal.corridor import HERE, corridor
from caudal.service.kinds import Tell
from caudal.service.kinds.common import (
    WHOLE,
    Ask,
    Asked,
    Plan,
    Seed,
    cost,
    identity,
    threads,
    write_json,
)

DOCUMENT = HERE / "factors.yaml"
STANDARD = 8
Period = Annotated[
    str,
    Field(
        pattern=r"^(19|20)\d{2}-(0[1-9]|1[0-2])(\.\.(19|20)\d{2}-(0[1-9]|1[0-2]))?$",
        description="YYYY-MM, or YYYY-MM..YYYY-MM for the mean of several months",
    ),
]
Factor = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.+-]{1,200}$")]


class Body(Asked):
    """The change and the factors; none named means the standard ones."""

    outcome: Annotated[str, Field(max_length=80)] = "us.encounters.southwest"
    start: Annotated[Period, Field(alias="from")]
    end: Annotated[Period, Field(alias="to")]
    factors: Annotated[tuple[Factor, ...], Field(max_length=12)] = ()
    members: Annotated[int, Field(ge=1, le=200), WHOLE] = 32
    seed: Seed = 0


def plan(body: Body, ask: Ask) -> Plan:
    """Check what is asked."""
    from caudal.ask.attribute_asked import period
    from caudal.ask.factors import load, players
    from caudal.corridor.observables import OUTCOMES
    from caudal.errors import CaudalError
    from caudal.policy.marks import nearest

    known = [o["id"] for o in OUTCOMES]
    if body.outcome not in known:
        raise CaudalError("outcome", repr(body.outcome), nearest(body.outcome, known))
    period("from", body.start)
    last = period("to", body.end)
    here: Any = corridor()
    players(load(DOCUMENT, here), body.factors)
    request = body.model_dump(by_alias=True)
    # every set of factors is a run of its own: 2 ** factors of them, or as many as are sampled
    runs = 2 ** min(len(body.factors) or STANDARD, STANDARD)
    until: date = last[1]
    alone = cost(body.members, until, ask.limits)
    return Plan(identity("attribute", request), request, alone * runs)


def do(request: Mapping[str, Any], folder: Path, tell: Tell) -> None:
    """Attribute it; result.json as `caudal attribute --json` prints it."""
    from caudal.ask.attribute_asked import answer
    from caudal.ask.attribute_told import about, recipe, rows
    from caudal.compute.store import code_version, file_hash
    from caudal.corridor.observables import OUTCOMES, observed_long
    from caudal.data.store import data_vintage
    from caudal.report import Outcome

    here: Any = corridor()
    names, members, seed = list(request["factors"]), request["members"], request["seed"]
    found = answer(
        here, [Outcome(**o) for o in OUTCOMES], lambda day: observed_long(here, day), DOCUMENT,
        outcome=request["outcome"], start=request["from"], end=request["to"], names=names,
        members=members, seed=seed, workers=threads(), progress=tell,
    )  # fmt: skip
    said = about(
        found, recipe(found, names, members, seed), code_version=code_version(),
        data_vintage=data_vintage(), posterior=file_hash(here.posterior),
    )  # fmt: skip
    write_json(folder, {"attribution": said, "rows": rows(found)})
