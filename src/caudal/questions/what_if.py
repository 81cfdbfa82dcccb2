"""What if: what another decision would have changed, and what settings of levers can reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from caudal.questions.names import listed

if TYPE_CHECKING:
    import xarray as xr

    from caudal.ask.search import Found
    from caudal.compute.content import Corridor


def compare(
    base: str,
    *scenarios: str,
    corridor: Corridor | str | None = None,
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
    corridor    another than the package's own: by name (`caudal.which`), or at hand
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
    from caudal import which
    from caudal.ask.compare import compare as run
    from caudal.ask.compared import Measure, chosen

    the_one = which.corridor(corridor)
    measures = chosen([Measure(**fields) for fields in the_one.measures()], outcomes)
    return run(
        the_one, measures, base, scenarios, members=members, seed=seed, sampler=sampler,
        start=start, end=end, weather=weather, independent=independent, workers=workers,
    ).dataset  # fmt: skip


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
        turns(listed(levers), HERE / "search.yaml", here.law), compared(), listed(minimise),
        listed(maximise), [subject_to] if isinstance(subject_to, str) else list(subject_to),
    )  # fmt: skip
    return run(
        here, asked, start=start, end=end, scenario=scenario, members=members,
        population=population, generations=generations, seed=seed, workers=workers,
    )  # fmt: skip
