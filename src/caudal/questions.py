"""What one can ask in Python, one function a question, each the same as its command.

They stand in `caudal` itself (`caudal.claims`, `caudal.attribute`, …) and are read from here when first
used, so that importing `caudal` loads none of their libraries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from caudal.ask.as_of import AsOf
    from caudal.ask.claims import Verdict
    from caudal.ask.journeys import Journeys
    from caudal.ask.search import Found
    from caudal.ask.trace import Trace


def compare(
    base: str,
    *scenarios: str,
    members: int = 100,
    seed: int = 0,
    sampler: Literal["expected", "sampled"] = "expected",
    start: date | str | None = None,
    end: date | str | None = None,
    outcomes: Sequence[str] = (),
    weather: Literal["as-inferred", "without-jumps", "both"] = "both",
    independent: bool = False,
    workers: int = 2,
) -> xr.Dataset:
    """Set scenarios against a base, with the same draws, weather and chance in each.

    base, scenarios  shipped scenarios by name, or files of your own (`….yaml`)
    members     how many pairs; before the last count no more than were learned
    seed        of what lies beyond the last count
    start, end  months compared, [start, end): dates or "YYYY-MM"; default from where the first
                scenario parts to the last count, or to the horizon where it parts after that
    outcomes    names as `caudal compare --json` lists them; none: all
    weather     as inferred, without its jumps at the policies' onsets, or both (docs/compare.md)
    independent also run each scenario with draws and noise that the base does not share
    workers     threads; the results do not depend on it

    Returns a Dataset with dimensions scenario, weather, outcome, member and month: `base`, `level`,
    `difference` and `relative` over the period, `base_monthly` and `difference_monthly`.
    Raises CaudalError for an unknown scenario, outcome or date, for a scenario named twice or one
    that does not differ, and for overlays that contradict one another.
    """
    from caudal.ask.compare import compare as run
    from caudal.ask.compared import Measure, chosen
    from caudal.corridor import corridor
    from caudal.corridor.compared import compared

    the_one: Any = corridor()
    measures = chosen([Measure(**fields) for fields in compared()], outcomes)
    return run(
        the_one, measures, base, scenarios, members=members, seed=seed, sampler=sampler,
        start=start, end=end, weather=weather, independent=independent, workers=workers,
    ).dataset  # fmt: skip


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


def claims(
    *ledgers: str | Path,
    known: date | None = None,
    members: int = 96,
    workers: int = 2,
) -> list[Verdict]:
    """Judge claims by the written rules (docs/claims.md): the shipped ledgers, or your own.

    ledgers   folders or files of ledgers, read instead of the shipped ones
    known     only what was public on that day; causes are then not judged
    members   draws for causes; workers: threads

    Returns a `caudal.ask.claims.Verdict` for each claim, in the order of the ledgers.
    Raises CaudalError, with file, line and field, for a ledger that is not well written.
    """
    from caudal.ask.claims import check, ledger
    from caudal.corridor import corridor

    the_one: Any = corridor()
    entries = ledger(the_one, [Path(folder) for folder in ledgers])
    return check(the_one, entries, known=known, members=members, workers=workers)


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
    from caudal.ask.sensitivity import plan, run
    from caudal.corridor import corridor
    from caudal.corridor.compared import compared

    here: Any = corridor()
    asked = plan(
        here, pick("outcomes", _listed(outcomes), compared()), start=start, end=end, method=method,
        constants=_listed(constants), by=by, over=over, samples=samples, draws=draws,
        scenario=scenario, seed=seed,
    )  # fmt: skip
    made = run(here, asked, workers=workers)
    made.table.attrs = {
        **made.about,
        "as_learned": {k: list(v) for k, v in made.as_learned.items()},
    }
    return made.table


def search(
    levers: str | Sequence[str],
    *,
    minimise: str | Sequence[str] = (),
    maximise: str | Sequence[str] = (),
    subject_to: str | Sequence[str] = (),
    start: date | str | None = None,
    end: date | str | None = None,
    scenario: str = "baseline",
    members: int = 16,
    population: int = 16,
    generations: int = 8,
    seed: int = 0,
    workers: int = 2,
) -> Found:
    """Settings of a few levers that no other setting beats in all that is aimed at; see docs/search.md.

    levers      names, "NAME=LOW:HIGH:STEP", or ids of the law's levers with a range
    minimise, maximise  two or more outcomes in all, read over [start, end)
    subject_to  limits: "harm.deaths<=100%" (of the baseline's median), "mx.claims>=50000"
    start       the month from whose first day levers are turned

    Returns the frontier; `caudal.ask.search_told` makes tables (`frame`), notes and scenario documents
    of it. Raises CaudalError for what is unknown, out of range, or leaves no frontier to look for.
    """
    from caudal.ask.search import question
    from caudal.ask.search import search as run
    from caudal.ask.search_levers import turns
    from caudal.corridor import HERE, corridor
    from caudal.corridor.compared import compared

    here: Any = corridor()
    asked = question(
        turns(_listed(levers), HERE / "search.yaml", here.law), compared(), _listed(minimise),
        _listed(maximise), [subject_to] if isinstance(subject_to, str) else list(subject_to),
    )  # fmt: skip
    return run(
        here, asked, start=start, end=end, scenario=scenario, members=members,
        population=population, generations=generations, seed=seed, workers=workers,
    )  # fmt: skip


def _listed(names: str | Sequence[str]) -> list[str]:
    return [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)


def as_of(day: date | str) -> AsOf:
    """The corridor as it could be known on a day, and apart from it what followed (docs/as-of.md).

    day  a date or "YYYY-MM-DD"

    Raises CaudalError for a day before the first counts, or one that has not come.
    """
    from caudal.ask.as_of import as_of as answer
    from caudal.corridor import corridor
    from caudal.corridor.observables import observed_long
    from caudal.errors import CaudalError
    from caudal.forecast.past import read

    the_one: Any = corridor()
    today = date.today()
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day)
        except ValueError as problem:
            raise CaudalError("day", repr(day), "YYYY-MM-DD") from problem
    return answer(
        the_one, day, lambda by: observed_long(the_one, by or today, by), read(the_one.skill), today
    )


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
