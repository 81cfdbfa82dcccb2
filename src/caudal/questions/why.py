"""Why: what a change, an outcome and a number are made of; what a statistic means to a traveller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from caudal.questions.names import listed

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from caudal.ask.journeys import Journeys
    from caudal.ask.trace import Trace


def attribute(
    outcome: str = "us.encounters.southwest",
    *,
    start: str,
    end: str,
    factors: Sequence[str] = (),
    members: int = 32,
    seed: int = 0,
    workers: int = 2,
) -> xr.Dataset:
    """Lay the change of an outcome between two dates out in people by factor.

    outcome     id of an outcome (`caudal.corridor.observables.OUTCOMES`)
    start, end  "YYYY-MM", or "YYYY-MM..YYYY-MM" for the mean of several months
    factors     names in `corridor/factors.yaml`, "a+b" for several told as one; none: the standard
                eight
    members     learned draws to run; seed: of sampled orders, beyond eight factors

    Returns a Dataset (part, member) with people, first_in and last_in; the parts before the last sum
    to it, draw by draw. See docs/attribute.md.
    Raises CaudalError for an unknown outcome, factor or date.
    """
    from caudal.ask.attribute_asked import answer
    from caudal.ask.attribute_told import about, dataset, recipe
    from caudal.compute.store import code_version, file_hash
    from caudal.corridor import HERE, corridor
    from caudal.corridor.observables import OUTCOMES, observed_long
    from caudal.data.store import data_vintage
    from caudal.report import Outcome

    the_one: Any = corridor()
    found = answer(
        the_one, [Outcome(**o) for o in OUTCOMES], lambda day: observed_long(the_one, day),
        HERE / "factors.yaml", outcome=outcome, start=start, end=end, names=tuple(factors),
        members=members, seed=seed, workers=workers,
    )  # fmt: skip
    said = about(
        found, recipe(found, list(factors), members, seed), code_version=code_version(),
        data_vintage=data_vintage(), posterior=file_hash(the_one.posterior),
    )  # fmt: skip
    return dataset(found, said)


def sensitivity(
    outcomes: str | Sequence[str] = "encounters",
    *,
    start: date | str | None = None,
    end: date | str | None = None,
    method: Literal["morris", "sobol"] = "morris",
    constants: str | Sequence[str] = "all",
    by: Literal["constant", "mechanism"] = "constant",
    over: Literal["prior", "posterior"] = "prior",
    samples: int | None = None,
    draws: int = 1,
    scenario: str = "baseline",
    seed: int = 0,
    workers: int = 2,
) -> pd.DataFrame:
    """Which unknown constants an outcome hangs on; see docs/sensitivity.md.

    outcomes   names, as "encounters" or ["encounters", "harm.deaths"], read over [start, end)
    constants  names, or "all" that counts may speak of; by: each its own, or a mechanism's together
    over       where they may lie: their prior, or the draws that were learned
    samples    Morris' trajectories (10) or Sobol' base rows (64); draws: how many draws' weather

    Returns a row for each outcome and factor, the one that matters most first; `attrs` of the table say
    how it was asked, what was held, and the outcomes with the constants as they were learned.
    Raises CaudalError for an unknown outcome, constant, scenario, month or word, and for too many runs.
    """
    from caudal.ask.outcomes import pick
    from caudal.ask.sensitivity import run
    from caudal.ask.sensitivity_asked import plan
    from caudal.corridor import corridor
    from caudal.corridor.compared import compared

    here: Any = corridor()
    asked = plan(
        here, pick("outcomes", listed(outcomes), compared()), start=start, end=end, method=method,
        constants=listed(constants), by=by, over=over, samples=samples, draws=draws,
        scenario=scenario, seed=seed,
    )  # fmt: skip
    made = run(here, asked, workers=workers)
    made.table.attrs = {
        **made.about,
        "as_learned": {k: list(v) for k, v in made.as_learned.items()},
    }
    return made.table


def trace(
    variable: str,
    *,
    month: date | str,
    group: Mapping[str, str] | None = None,
    scenario: str = "baseline",
    members: int = 16,
    seed: int = 0,
) -> Trace:
    """Why a number of a run is so: flows, mechanisms, levers, parameters, series; see docs/trace.md.

    variable  of the Dataset that `simulate` returns
    month     a date or "YYYY-MM", of those that were counted
    group     axis → label, say {"nationality": "Honduras", "unit": "family"}

    Raises CaudalError for an unknown variable, month, axis, label or scenario, with the nearest name.
    """
    from caudal.ask.trace import check, see
    from caudal.ask.trace import trace as follow
    from caudal.corridor import corridor
    from caudal.corridor.trace import Content

    the_one: Any = corridor()
    where = check(the_one, Content(), variable, month, group or {})
    seen = see(the_one, Content(), month=month, scenario=scenario, members=members, seed=seed)
    return follow(seen, variable, where)


def journeys(
    scenario: str = "baseline",
    *,
    start: date | str,
    nationality: str,
    unit: str,
    count: int = 10,
    months: int = 12,
    members: int = 16,
    travellers: int = 20_000,
    seed: int = 0,
    check: bool = False,
) -> Journeys:
    """Synthetic journeys of people who set out in one month; see docs/journeys.md.

    start        the month in which they set out: a date or "YYYY-MM"
    nationality  code or name in English or Spanish; unit: single_adult, family, unaccompanied_child
    count        how many kinds are listed and journeys told; months: for how long they are followed
    members      draws whose chances are used; travellers: how many are drawn among them
    check        also test that such travellers reproduce the run's monthly flows

    Returns kinds with the share of travellers that each stands for, what travellers meet, and journeys
    in words (English and Spanish). They hold no data on any person. Raises CaudalError for an unknown
    scenario, nationality, unit or month.
    """
    from caudal.ask.journeys import journeys as draw
    from caudal.corridor import corridor
    from caudal.corridor.journeys import words

    the_one: Any = corridor()
    return draw(
        the_one, words(), scenario, start=start, nationality=nationality, unit=unit, count=count,
        months=months, members=members, travellers=travellers, seed=seed, check=check,
    )  # fmt: skip
