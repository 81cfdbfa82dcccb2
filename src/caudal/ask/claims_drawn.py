"""What a claim's test would look like as a chart: the published counts around its period, and what is
said of them.

A figure over a year is drawn beside the same figure of the years around it, one over a month beside
other months: neighbours of the same length, so that all can be read on one axis. A trend and a timing
are drawn by the points of their series. A cause has no counts to draw, and a test by single published
figures has numbers only.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from caudal.ask.claims_counts import Counts
from caudal.ask.claims_quantity import Joined, Leaf, Quantity, leaves
from caudal.ask.claims_rules import allowed
from caudal.ask.claims_tests import CountedEvent, FigureTest, TimingTest, TrendTest
from caudal.ask.claims_time import Period

AROUND_MONTHS = 24
"""Least room before and after the period, in months."""
MOST_NEIGHBOURS = 30
"""On each side; beyond, a chart says no more."""

Point = dict[str, Any]


def drawn(test: Any, counts: Counts) -> dict[str, Any]:
    """Points of the first reading, the window, and what is said.

    Returns kind (figure, trend, timing, none), unit, points [{start, end, value}], windows
    [{role, start, end, value}] with `value` the mean of the window where there is one, and said
    {low, high, value} for figures, {start, end} for a timing. Days are half-open, [start, end).
    """
    empty: dict[str, Any] = {"kind": "none", "unit": "", "points": [], "windows": [], "said": None}
    if isinstance(test, FigureTest):
        return empty | _figure(test, counts)
    if isinstance(test, TrendTest) and _all_series(test.quantity):
        return empty | _trend(test, counts)
    if isinstance(test, TimingTest):
        return empty | _timing(test, counts)
    return empty


def _all_series(quantity: Quantity) -> bool:
    return all(isinstance(leaf, Leaf) for leaf in leaves(quantity))


def _unit(quantity: Quantity) -> str:
    return "share" if isinstance(quantity, Joined) and quantity.ratio else "count"


def _figure(test: FigureTest, counts: Counts) -> dict[str, Any]:
    low, high = allowed(test.says)
    said = {
        "low": _finite(low), "high": _finite(high), "value": test.says.value,
        "between": test.says.between,
    }  # fmt: skip
    window = {**_days(test.period), "role": "period", "value": None}
    told = {"kind": "figure", "unit": _unit(test.quantity), "said": said, "windows": [window]}
    if not any(isinstance(leaf, Leaf) for leaf in leaves(test.quantity)):
        return told  # one published number, which has no neighbours
    points: list[Point] = []
    for period in _neighbours(test.period):
        found = counts.value(test.quantity, period)
        points.append({**_days(period), "value": _finite(found.value)})
    return told | {"points": _trimmed(points)}


def _neighbours(period: Period) -> list[Period]:
    """The period and those of the same length around it, in order."""
    months = round(period.months)
    whole = period.start.day == 1 and period.end.day == 1 and months >= 1
    each = min(MOST_NEIGHBOURS, max(4, AROUND_MONTHS // months)) if whole else MOST_NEIGHBOURS
    length = (period.end - period.start).days
    out = []
    for k in range(-each, each + 1):
        if whole:
            start, end = _moved(period.start, k * months), _moved(period.end, k * months)
        else:
            start = period.start + dt.timedelta(k * length)
            end = start + dt.timedelta(length)
        out.append(Period(start, end, start.isoformat()))
    return out


def _moved(day: dt.date, months: int) -> dt.date:
    at = day.year * 12 + day.month - 1 + months
    return dt.date(at // 12, at % 12 + 1, 1)


def _trend(test: TrendTest, counts: Counts) -> dict[str, Any]:
    path = counts.path(test.quantity)
    first = _moved(min(test.before.start, test.after.start).replace(day=1), -AROUND_MONTHS // 2)
    last = _moved(max(test.before.end, test.after.end).replace(day=1), AROUND_MONTHS // 2)
    windows = []
    for role, period in (("before", test.before), ("after", test.after)):
        inside = path.values[path.inside(period)]
        mean = float(np.mean(inside)) if inside.size else math.nan
        if isinstance(test.quantity, Joined) and test.quantity.ratio:
            mean = counts.value(test.quantity, period).value
        windows.append({**_days(period), "role": role, "value": _finite(mean)})
    return {
        "kind": "trend", "unit": _unit(test.quantity), "points": _points(path, first, last),
        "windows": windows,
    }  # fmt: skip


def _timing(test: TimingTest, counts: Counts) -> dict[str, Any]:
    says = test.says
    said: dict[str, Any] | None = None
    if says.by:
        said = {"start": None, "end": says.by.end.isoformat()}
    elif says.from_ and says.to:
        said = {"start": says.from_.start.isoformat(), "end": says.to.end.isoformat()}
    told = {"kind": "timing", "said": said}
    event = test.event
    if not isinstance(event, CountedEvent) or not _all_series(event.quantity):
        return told
    path = counts.path(event.quantity)
    within = event.within
    windows = [{**_days(within), "role": "within", "value": None}] if within else []
    first = _moved(within.start.replace(day=1), -AROUND_MONTHS // 2) if within else dt.date.min
    last = _moved(within.end.replace(day=1), AROUND_MONTHS // 2) if within else dt.date.max
    return told | {
        "unit": _unit(event.quantity), "points": _points(path, first, last), "windows": windows,
        "level": event.level,
    }  # fmt: skip


def _points(path: Any, first: dt.date, last: dt.date) -> list[Point]:
    rows = [
        {"start": str(start), "end": str(end), "value": _finite(float(value))}
        for start, end, value in zip(path.starts, path.ends, path.values, strict=True)
        if str(first) <= str(start) and str(end) <= str(last)
    ]
    return _trimmed(rows)


def _trimmed(points: Sequence[Point]) -> list[Point]:
    """Without what is not counted at both ends; gaps in between stay, as None."""
    told = [i for i, point in enumerate(points) if point["value"] is not None]
    return list(points[told[0] : told[-1] + 1]) if told else []


def _days(period: Period) -> dict[str, str]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
