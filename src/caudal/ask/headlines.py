"""Published figures against a run: does the model's interval hold what somebody published?

For figure *f* with published value *v*, and member *m* of the ensemble with quantity *q_m*, the
predictive draws are

    q_m × exp(√(s_f² + d²) z),   z ~ Normal(0, 1),

where *s_f* is the error of the figure (from the range that the source gives, or an assumption by
kind; docs/headlines.md), and *d* how far the model is off for faults of its own that no draw of its
constants knows: the smallest multiple of 0.05 at which 90 % of the figures that it was *given* lie in
their 90 % intervals. The figures not used have no say in *d*; what they show without it stands
beside (`bare`). Their quantiles at 5, 25, 50, 75 and 95 % give the intervals; *v* is inside
when it lies between, ends included. z is drawn with a seed fixed by the figure's id, so that one
figure's answer does not depend on the others.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Protocol

import numpy as np
import xarray as xr

from caudal.ask.coverage import Coverage, coverage
from caudal.ask.quantities import quantity, variables_of
from caudal.errors import CaudalError

DRAWS = 64
"""Draws of a figure's error for each member."""
FAULT_STEP, FAULT_MOST = 0.05, 1.0
"""Steps in which the model's own fault (sd of the log) is sought, and the largest."""
SEED = 20180101
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


class Figure(Protocol):
    """A published figure as a corridor hands it over (`corridor.headlines`), read only."""

    @property
    def id(self) -> str:
        """Its name in the list."""
        ...

    @property
    def value(self) -> float:
        """As published."""
        ...

    @property
    def error(self) -> float:
        """Standard deviation of its log."""
        ...

    @property
    def period(self) -> tuple[date, date]:
        """Half-open days."""
        ...

    @property
    def quantity(self) -> Mapping[str, Any]:
        """The expression (`caudal.ask.quantities`)."""
        ...

    @property
    def used(self) -> bool:
        """Whether the fit, a lever or a prior knew it."""
        ...


class HasFigures(Protocol):
    """The part of a Corridor that is asked here."""

    @property
    def headlines(self) -> Sequence[Any]:
        """The figures (`Figure`)."""
        ...


@dataclass(frozen=True)
class Headline:
    """One figure beside the model.

    median, lo50 … hi90  of the model's predictive draws, in the figure's unit; NaN where the run has
                         no such number (a share of nobody)
    width                hi90 / lo90; infinite where lo90 is zero
    values               what each member says, (member,), without any error
    """

    figure: Figure
    median: float
    lo50: float
    hi50: float
    lo90: float
    hi90: float
    values: np.ndarray = field(repr=False, compare=False, default_factory=lambda: np.zeros(0))

    @property
    def inside50(self) -> bool:
        """Whether the published value lies in the 50 % interval."""
        return self.lo50 <= self.figure.value <= self.hi50

    @property
    def inside90(self) -> bool:
        """Whether the published value lies in the 90 % interval."""
        return self.lo90 <= self.figure.value <= self.hi90

    @property
    def width(self) -> float:
        """Upper over lower end of the 90 % interval."""
        if math.isnan(self.lo90):
            return math.nan
        return self.hi90 / self.lo90 if self.lo90 > 0 else math.inf

    def as_dict(self) -> dict[str, Any]:
        """As `caudal headlines --json` prints it."""
        return {**told(self.figure), **{name: getattr(self, name) for name in JUDGED}}


JUDGED = ("median", "lo50", "hi50", "lo90", "hi90", "inside50", "inside90", "width")
"""What a run adds to a figure."""
TOLD = (
    "id", "name", "value", "low", "high", "unit", "kind", "error", "period", "quantity", "source",
    "title", "url", "used", "why", "caveat", "derived", "reason",
)  # fmt: skip
"""What a figure says of itself."""


def told(figure: Figure) -> dict[str, Any]:
    """A figure as plain data, with the variables that it reads."""
    return {
        **{name: getattr(figure, name) for name in TOLD},
        "variables": variables_of(figure.quantity),
    }


@dataclass(frozen=True)
class Summary:
    """What the figures not used say of the model.

    fault         the model's own fault, sd of the log, that the figures used ask for
    bare90        coverage of those not used, had the model no fault; bare_width: their median width
    median_width  of the 90 % intervals; misses: ids of the figures outside the 90 % interval
    """

    figures: int
    used: int
    unused: int
    fault: float
    bare90: Coverage
    bare_width: float
    coverage50: Coverage
    coverage90: Coverage
    median_width: float
    misses: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """As `caudal headlines --json` prints it."""
        return asdict(self)


def headlines(corridor: HasFigures, dataset: xr.Dataset) -> tuple[list[Headline], Summary]:
    """Every figure of a corridor beside a run's Dataset, in the list's order, and what they say.

    dataset  dims member, month, …; its months must hold every figure's period

    Raises CaudalError, naming the figure, for a variable, dimension, label or month that the run
    lacks, and where all figures are used: then nothing can be said.
    """
    bare = [judged(figure, dataset) for figure in corridor.headlines]
    fault = own_fault(bare)
    found = [widened(headline, fault) for headline in bare]
    return found, summary(found, bare, fault)


def judged(figure: Figure, dataset: xr.Dataset) -> Headline:
    """One figure beside a run's Dataset, the model without fault; see `headlines`."""
    values = quantity(figure.quantity, figure.period, dataset, f"headline {figure.id}")
    return _headline(figure, values, 0.0)


def widened(headline: Headline, fault: float) -> Headline:
    """The same with the model's own fault, sd of the log."""
    return _headline(headline.figure, headline.values, fault)


def _headline(figure: Figure, values: np.ndarray, fault: float) -> Headline:
    rng = np.random.default_rng([SEED, zlib.crc32(figure.id.encode())])
    size = math.hypot(figure.error, fault)
    errors = np.exp(size * rng.standard_normal((len(values), DRAWS)))
    lo90, lo50, median, hi50, hi90 = (
        float(q) for q in np.quantile(values[:, None] * errors, LEVELS)
    )
    return Headline(figure, median, lo50, hi50, lo90, hi90, values)


def own_fault(bare: Sequence[Headline]) -> float:
    """The smallest fault at which 90 % of the figures used lie in their 90 % intervals.

    0 where none is used; `FAULT_MOST` where no fault up to it is enough.
    """
    given = [h for h in bare if h.figure.used]
    for step in range(round(FAULT_MOST / FAULT_STEP)):
        fault = step * FAULT_STEP
        if sum(widened(h, fault).inside90 for h in given) >= 0.9 * len(given):
            return fault
    return FAULT_MOST


def summary(found: Sequence[Headline], bare: Sequence[Headline], fault: float) -> Summary:
    """Coverage, width and misses of the figures not used, with the model's fault and without.

    Raises CaudalError where all are used: then nothing can be said.
    """
    unused = [h for h in found if not h.figure.used]
    plain = [h for h in bare if not h.figure.used]
    if not unused:
        raise CaudalError("headlines", "every figure is used", "at least one that is not")
    return Summary(
        figures=len(found),
        used=len(found) - len(unused),
        unused=len(unused),
        fault=round(fault, 2),
        bare90=coverage(0.9, _votes(plain, "inside90")),
        bare_width=_median_width(plain),
        coverage50=coverage(0.5, _votes(unused, "inside50")),
        coverage90=coverage(0.9, _votes(unused, "inside90")),
        median_width=_median_width(unused),
        misses=tuple(h.figure.id for h in unused if not h.inside90),
    )


def _median_width(judgements: Sequence[Headline]) -> float:
    return float(np.median([math.inf if math.isnan(h.width) else h.width for h in judgements]))


def _votes(judgements: Sequence[Headline], which: str) -> list[tuple[tuple[str, ...], bool]]:
    return [(variables_of(h.figure.quantity), getattr(h, which)) for h in judgements]


def months_needed(figures: Iterable[Figure]) -> tuple[date, date]:
    """First and last day (half-open) that the figures' periods span."""
    periods = [period for f in figures for period in _periods(f.quantity, f.period)]
    return min(first for first, _ in periods), max(last for _, last in periods)


def _periods(expression: Mapping[str, Any], period: tuple[date, date]) -> list[tuple[date, date]]:
    parts = [p for kind in ("ratio", "difference", "sum") for p in expression.get(kind, ())]
    own = expression.get("period") or period
    return [found for part in parts for found in _periods(part, period)] or [own]
