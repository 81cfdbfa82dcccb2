"""Caudal: an open simulator of the US–Mexico migration corridor.

    import caudal
    ds = caudal.simulate("baseline", members=32)

`simulate` runs a scenario and returns its results as an xarray Dataset. Importing this module loads
no array library; the first run does. The corridor itself is `caudal.corridor.corridor()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import xarray as xr

    from caudal.ask.journeys import Journeys
    from caudal.ask.trace import Trace

__version__ = "0.1.0"
__all__ = ["__version__", "journeys", "simulate", "trace"]


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
    return follow(
        see(the_one, Content(), month=month, scenario=scenario, members=members, seed=seed),
        variable, where,
    )  # fmt: skip
