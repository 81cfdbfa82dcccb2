"""What scenarios would have changed, in paired runs, as `caudal compare` tells it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from caudal.corridor import corridor
from caudal.errors import CaudalError
from caudal.service.kinds import Tell
from caudal.service.kinds.common import (
    WHOLE,
    Ask,
    Asked,
    Given,
    Month,
    Plan,
    again,
    cost,
    identity,
    scenario,
    threads,
    write_json,
)  # fmt: skip

WEATHERS = {"both": 2, "as-inferred": 1, "without-jumps": 1}
Outcome = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,80}$")]


class Body(Asked):
    """The base, and one to four scenarios set against it; defaults are those of `caudal compare`."""

    base: Given = "baseline"
    scenarios: Annotated[tuple[Given, ...], Field(min_length=1, max_length=4)]
    start: Month | None = Field(None, alias="from", description="first month compared")
    end: Month | None = Field(None, alias="to", description="first month no longer compared")
    members: Annotated[int, Field(ge=2, le=1000), WHOLE] = 100
    seed: Annotated[int, Field(ge=0, le=2**31 - 2), WHOLE] = 0
    sampler: Literal["expected", "sampled"] = "expected"
    outcomes: Annotated[tuple[Outcome, ...], Field(max_length=80)] = ()
    weather: Literal["both", "as-inferred", "without-jumps"] = "both"


def plan(body: Body, ask: Ask) -> Plan:
    """Check what is asked; whether a scenario differs from the base is seen when it runs."""
    from caudal.ask.compared import chosen
    from caudal.compute.run import asked

    here: Any = corridor()
    chosen(_measures(), body.outcomes)
    given = [scenario(one, ask) for one in (body.base, *body.scenarios)]
    names = [document.name for document, _ in given]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise CaudalError("scenarios", f"'{twice[0]}' twice", "each scenario once, the base too")
    for document, _ in given:
        made = asked(here, document, seed=body.seed, start=body.start, end=body.end)
        here.drivers(here.begins, 1, None, document.drivers)
    last = asked(here, given[0][0], start=body.start, end=body.end).end
    alone = cost(body.members, max(last, made.end), ask.limits)
    request = {
        **body.model_dump(by_alias=True, exclude={"base", "scenarios"}),
        "arms": [said for _, said in given],
    }
    request["outcomes"] = list(body.outcomes)
    total = alone * len(given) * WEATHERS[body.weather]
    return Plan(identity("compare", request), request, total)


def do(request: Mapping[str, Any], folder: Path, tell: Tell) -> None:
    """Compare; result.json as `caudal compare --json` prints it, and by month."""
    from caudal.ask.compare import compare
    from caudal.ask.compare_jumps import in_words
    from caudal.ask.compare_told import about, months, rows
    from caudal.ask.compared import chosen
    from caudal.corridor.compared import by_published_rates

    here: Any = corridor()
    base, *others = (
        arm["scenario"] if arm["document"] is None else again(arm) for arm in request["arms"]
    )
    made = compare(
        here, chosen(_measures(), request["outcomes"]), base, others, members=request["members"],
        seed=request["seed"], sampler=request["sampler"], start=request["from"],
        end=request["to"], weather=request["weather"], workers=threads(), progress=tell,
    )  # fmt: skip
    told = rows(made.dataset)
    monthly = [
        {"scenario": row["scenario"], "weather": row["weather"], "outcome": row["outcome"],
         "months": months(made.dataset, row["scenario"], row["weather"], row["outcome"])}
        for row in told
        if row["group"] or request["outcomes"]
    ]  # fmt: skip
    jumps = [
        {"scenario": name, **jump}
        for name, found in made.jumps.items()
        for jump in in_words(here, found)
    ]
    documents = {arm["scenario"]: arm["document"] for arm in request["arms"]}
    write_json(
        folder,
        {"comparison": about(made), "rows": told, "jumps": jumps, "monthly": monthly,
         "documents": documents, "by_published_rates": sorted(by_published_rates(here))},
    )  # fmt: skip


def _measures() -> list[Any]:
    from caudal.ask.compared import Measure
    from caudal.corridor.compared import compared

    return [Measure(**fields) for fields in compared()]
