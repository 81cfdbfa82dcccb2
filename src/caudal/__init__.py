"""Caudal: an open simulator of the US–Mexico migration corridor.

    import caudal
    ds = caudal.simulate("baseline", members=32)

`simulate` runs a scenario and returns its results as an xarray Dataset; `attribute` lays a change of an
outcome out by what explains it. Importing this module loads
no array library; the first run does. The corridor itself is `caudal.corridor.corridor()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

    from caudal.ask.claims import Verdict
    from caudal.ask.journeys import Journeys

__version__ = "0.1.0"
__all__ = ["__version__", "attribute", "claims", "journeys", "simulate"]


def simulate(
    scenario: str = "baseline",
    *,
    members: int = 96,
    seed: int = 0,
    sampler: Literal["expected", "sampled"] = "expected",
    start: date | str | None = None,
    end: date | str | None = None,
    workers: int = 2,
) -> xr.Dataset:
    """Run a scenario of the corridor and return its results.

    scenario    a shipped scenario by name, or a file of your own (`….yaml`)
    members     how many draws of parameters, weather and chance
    seed        of what lies beyond the last count (the past keeps the chance it was learned with)
    sampler     "expected" moves real numbers of people, "sampled" whole people
    start, end  first month of the results, and the first month no longer run: a date or "YYYY-MM"
    workers     threads; the results do not depend on it

    Returns a Dataset with dimensions member, month, area, nationality, unit, sector and stock.
    Every variable carries `units`, `long_name`, `long_name_es`, `definition` and `series`; the
    attributes of the Dataset say how to get it again.
    Raises CaudalError for an unknown scenario, name or date.
    """
    from caudal.compute.run import simulate as run
    from caudal.corridor import corridor

    the_one: Any = corridor()
    return run(
        the_one, scenario, members=members, seed=seed, sampler=sampler, start=start, end=end,
        workers=workers,
    ).dataset()  # fmt: skip


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
    from pathlib import Path

    from caudal.ask.claims import check, ledger
    from caudal.corridor import corridor

    the_one: Any = corridor()
    entries = ledger(the_one, [Path(folder) for folder in ledgers])
    return check(the_one, entries, known=known, members=members, workers=workers)
