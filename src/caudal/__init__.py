"""Caudal: an open simulator of the US–Mexico migration corridor.

    import caudal
    ds = caudal.simulate("baseline", members=32)

`simulate` runs a scenario and returns its results as an xarray Dataset; `caudal.questions` has what
else one can ask. Importing this module loads no array library; the first call does. The corridor is
`caudal.corridor.corridor()`.
"""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import xarray as xr

    from caudal.again import reproduce
    from caudal.compute.content import Corridor
    from caudal.questions import (
        as_of,
        attribute,
        claims,
        compare,
        journeys,
        read_claims,
        search,
        sensitivity,
        trace,
    )

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "as_of",
    "attribute",
    "claims",
    "compare",
    "journeys",
    "read_claims",
    "reproduce",
    "search",
    "sensitivity",
    "simulate",
    "trace",
]


def simulate(
    scenario: str = "baseline",
    *,
    corridor: Corridor | str | None = None,
    members: int = 96,
    seed: int = 0,
    sampler: Literal["expected", "sampled"] = "expected",
    start: date | str | None = None,
    end: date | str | None = None,
    workers: int = 2,
) -> xr.Dataset:
    """Run a scenario of the corridor and return its results.

    scenario    a shipped scenario by name, or a file of your own (`….yaml`)
    corridor    another than the package's own: by name (`caudal.which`), or at hand
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
    from caudal import which
    from caudal.compute.run import simulate as run

    the_one = which.corridor(corridor)
    return run(
        the_one, scenario, members=members, seed=seed, sampler=sampler, start=start, end=end,
        workers=workers, reported=True,
    ).dataset()  # fmt: skip


_ELSEWHERE = {"reproduce": "caudal.again"}  # runs commands, and so stands above the questions


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(_ELSEWHERE.get(name, "caudal.questions")), name)
    raise AttributeError(f"module 'caudal' has no attribute {name!r}")
