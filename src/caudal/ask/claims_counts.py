"""What published counts say: a quantity over a period, as it can be known on a day.

A leaf's rows are picked by `where` and summed for each point of time (month, day, year), and the
points are reduced over the period. What is open:

    a column with blanks   the blank rows, which are totals (or another breakdown of the same), unless
                           the corridor says that a blank is a remainder: then all rows are parts
    any other column       all rows are parts and are summed

A point is not counted (NaN) where the published number is missing; where a breakdown was not
published for more than `UNBROKEN` of the events; and before the first or after the last point that
has a row of the selection (between them no row means zero). A period is counted when all its points
are. On a past day, points count that were out by then (`data.store.open_series`), with today's
revisions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import pandas as pd

from caudal.ask.claims_figures import Figures
from caudal.ask.claims_names import Shelf
from caudal.ask.claims_quantity import Joined, Leaf, Published, Quantity, Stated
from caudal.ask.claims_time import Period
from caudal.compute.content import Corridor
from caudal.data.store import newest, open_series, open_table, period_end, provenance

Missing = Literal["nothing counted", "not yet counted", "nothing to compare"]
MISSING: tuple[Missing, ...] = ("nothing counted", "not yet counted", "nothing to compare")
UNBROKEN = 0.01
"""Share of the events of a month without the breakdown from which that month's is not told."""


@dataclass(frozen=True)
class Used:
    """A publication that a number rests on: series or figure, who published it, where, when read."""

    id: str
    publisher: str
    title: str
    url: str
    unit: str
    read_on: str = ""


@dataclass(frozen=True)
class Measured:
    """A number and what it rests on, or why there is none."""

    value: float
    missing: Missing | None = None
    used: tuple[Used, ...] = ()


@dataclass(frozen=True)
class Path:
    """A series' points: each from `starts` to before `ends`, its number, NaN where not counted.

    read_until  the day by which a point must have been out to be in the edition that was read
    """

    starts: np.ndarray
    ends: np.ndarray
    values: np.ndarray
    grain: str
    read_until: dt.date
    used: tuple[Used, ...] = field(default=())

    def inside(self, period: Period | None) -> np.ndarray:
        """Which points lie in a period, (point,)."""
        if period is None:
            return np.isfinite(self.values)
        first, last = np.datetime64(period.start), np.datetime64(period.end)
        return (self.starts >= first) & (self.ends <= last)

    def missing(self, period: Period) -> Missing | None:
        """Why a period is not counted whole; None where it is."""
        inside = self.inside(period)
        if self.grain == "date":
            whole = bool(inside.any())
        else:
            days = (self.ends[inside] - self.starts[inside]).astype(int).sum()
            whole = days == (period.end - period.start).days
        if whole and np.isfinite(self.values[inside]).all():
            return None
        return "not yet counted" if period.end > self.read_until else "nothing counted"


class Counts:
    """Reads quantities from the published series and figures of a corridor.

    known  only what was public on that day; None: all
    """

    def __init__(
        self, corridor: Corridor, known: dt.date | None = None, figures: Figures | None = None
    ) -> None:
        self.shelf: Shelf = corridor.claims
        self.known = known
        self.figures = figures or Figures(corridor)

    def value(self, quantity: Quantity, period: Period, monthly: bool = False) -> Measured:
        """The quantity over a period.

        monthly  sums are told by month, so that periods of unequal length compare
        """
        if isinstance(quantity, Joined):
            parts = [self.value(part, period, monthly) for part in quantity.parts]
            found = _joined(quantity.kind, parts)
        elif isinstance(quantity, Leaf):
            found = self._leaf(quantity, period, monthly)
        elif isinstance(quantity, Published):
            found = self.published(quantity)
        else:
            found = self.stated(quantity)
        return replace(found, value=found.value * quantity.times)

    def path(self, quantity: Quantity) -> Path:
        """The quantity at every point of time that all its series share."""
        if isinstance(quantity, Leaf):
            path = self.series(quantity)
            return replace(path, values=path.values * quantity.times)
        assert isinstance(quantity, Joined)  # single figures were refused when the ledger was read
        parts = [self.path(part) for part in quantity.parts]
        frame = pd.concat(
            [pd.Series(p.values, index=pd.MultiIndex.from_arrays([p.starts, p.ends])) for p in parts],
            axis=1, join="inner",
        )  # fmt: skip
        with np.errstate(divide="ignore", invalid="ignore"):
            values = _combined(quantity.kind, [frame[c].to_numpy() for c in frame])
        used = tuple(dict.fromkeys(u for p in parts for u in p.used))
        starts, ends = (frame.index.get_level_values(i).to_numpy("datetime64[D]") for i in (0, 1))
        until = min(p.read_until for p in parts)
        return Path(starts, ends, values * quantity.times, parts[0].grain, until, used)

    def _leaf(self, leaf: Leaf, period: Period, monthly: bool) -> Measured:
        path = self.series(leaf)
        why = path.missing(period)
        if why is None and leaf.reduce == "sum" and path.grain == "date":
            days = int(path.inside(period).sum())
            why = None if days == (period.end - period.start).days else "nothing counted"
        if why is not None:
            return Measured(float("nan"), why, path.used)
        values = path.values[path.inside(period)]
        reduced = {
            "sum": values.sum() / (period.months if monthly else 1.0),
            "mean": values.mean(), "last": values[-1], "max": values.max(), "min": values.min(),
        }[leaf.reduce]  # fmt: skip
        return Measured(float(reduced), None, path.used)

    def series(self, leaf: Leaf) -> Path:
        """Every point of a leaf's series, before any reduction."""
        about = provenance(leaf.of)
        used = Used(leaf.of, about.publisher, about.title, about.address, about.unit, about.read_on)
        where = tuple(sorted(leaf.where.items()))
        remainders = tuple(self.shelf.remainders.get(leaf.of, ()))
        digest = newest(leaf.of).resource["hash"]
        times, ends, values = _points(
            leaf.of, digest, self.known, where, leaf.column or "", remainders
        )
        read = self.known or _read_on(about.read_on)
        until = read - dt.timedelta(days=about.delay_days)
        return Path(times, ends, values.copy(), open_table(leaf.of).keys[0], until, (used,))

    def published(self, quantity: Published) -> Measured:
        """A published single figure, or the low or high end of its range."""
        figure = self.figures.named[quantity.value]
        used = (Used(figure.id, "", figure.title, figure.url, figure.unit),)
        if self.known is not None and (figure.out is None or figure.out > self.known):
            return Measured(float("nan"), "not yet counted", used)
        value = figure.value if quantity.end is None else getattr(figure, quantity.end)
        return Measured(float(value), None, used)

    def stated(self, quantity: Stated) -> Measured:
        """A figure that the ledger brings, with its publication."""
        source = quantity.source
        read = str(source.date or "")
        used = (Used("", "", source.title, source.url, "", read),)
        if self.known is not None and (source.date is None or source.date > self.known):
            return Measured(float("nan"), "not yet counted", used)
        return Measured(quantity.number, None, used)


def _read_on(text: str) -> dt.date:
    """The day an edition was read; of a month its last day."""
    return Period.moment(text[:10]).end - dt.timedelta(1)


@lru_cache(maxsize=256)
def _points(
    series: str,
    digest: str,
    known: dt.date | None,
    where: tuple[tuple[str, tuple[str, ...]], ...],
    column: str,
    remainders: tuple[str, ...],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Starts, ends and numbers of a selection's points; see the module's text."""
    table = open_table(series)
    time, keys = table.keys[0], table.keys[1:]
    frame = open_series(series, known)
    column = column or next(c for c in frame.columns if c == "people" or c not in table.keys)
    every = np.sort(frame[time].unique())
    named = dict(where)
    picked = frame
    for key, labels in where:
        picked = picked[picked[key].isin(labels)]
    for key in keys:
        if key not in named and key not in remainders and (picked[key] == "").any():
            picked = picked[picked[key] == ""]
    sums = picked.groupby(time)[column].agg(_whole)
    values = sums.reindex(every)
    if len(sums):
        between = (every >= sums.index[0]) & (every <= sums.index[-1])
        values[between & ~np.isin(every, sums.index)] = 0.0
    for key in named.keys() & set(remainders):
        others = frame
        for k, labels in where:
            others = others[others[k].isin(labels)] if k != key else others
        if "" in named[key]:
            continue
        blank = others[others[key] == ""].groupby(time)[column].sum().reindex(every).fillna(0.0)
        whole = others.groupby(time)[column].sum().reindex(every).fillna(0.0)
        values[(blank > UNBROKEN * whole).to_numpy()] = np.nan
    begins = pd.Series(every, name=time)
    starts = _starts(begins).to_numpy("datetime64[D]")
    return starts, period_end(begins).to_numpy("datetime64[D]"), values.to_numpy(np.float64)


def _whole(numbers: pd.Series) -> float:
    """The sum; NaN where a number is missing."""
    return float(numbers.sum(skipna=False))


def _starts(points: pd.Series) -> pd.Series:
    """The first day of each point; the Series' name tells what they are."""
    if points.name in ("date", "month"):
        return points
    years, day = (points - 1, "-10-01") if points.name == "fiscal_year" else (points, "-01-01")
    return pd.to_datetime(years.astype(str) + day)


def _joined(kind: str, parts: Sequence[Measured]) -> Measured:
    used = tuple(dict.fromkeys(u for part in parts for u in part.used))
    missing: list[Missing] = [part.missing for part in parts if part.missing is not None]
    if missing:
        # What was never counted is not only late
        return Measured(float("nan"), min(missing, key=MISSING.index), used)
    if kind == "ratio" and parts[1].value == 0:
        return Measured(float("nan"), "nothing to compare", used)
    return Measured(float(_combined(kind, [part.value for part in parts])), None, used)


def _combined(kind: str, values: Sequence[Any]) -> Any:
    if kind == "sum":
        return np.sum(values, axis=0)
    return values[0] / values[1] if kind == "ratio" else values[0] - values[1]
