"""Caudal: an open simulator of the US–Mexico migration corridor.

    import caudal
    ds = caudal.simulate("baseline", members=32)

`simulate` runs a scenario, `compare` sets scenarios against a base; both return an xarray Dataset.
Importing this module loads no array library; the first run does. The corridor itself is
`caudal.corridor.corridor()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import xarray as xr

    from caudal.ask.journeys import Journeys

__version__ = "0.1.0"
__all__ = ["__version__", "compare", "journeys", "simulate"]


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
