"""Published figures that a number of a text may repeat: of the same topic, near in period and value."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from caudal.ask.reading.lexicon import Topic
from caudal.ask.reading.numbers import Number
from caudal.ask.reading.written import Written

FAR = math.log(1.5)
"""A published figure that is farther off than by half is another one."""


@dataclass(frozen=True)
class KnownFigure:
    """One published figure.

    id      of a row of `figures`; series: what it is of
    months  first and last month, as year × 12 + month; None where its period is no date
    """

    id: str
    series: str
    period: str
    value: float
    unit: str
    title: str
    months: tuple[int, int] | None


def known_figures(rows: Iterable[Mapping[Any, Any]]) -> list[KnownFigure]:
    """The rows of the table of figures (id, series, period, value, unit, source_title)."""
    return [
        KnownFigure(
            str(r["id"]), str(r["series"]), str(r["period"]), float(r["value"]), str(r["unit"]),
            str(r["source_title"]), months_of(str(r["period"])),
        )
        for r in rows
        if math.isfinite(float(r["value"]))
    ]  # fmt: skip


def months_of(period: Written) -> tuple[int, int] | None:
    """First and last month of a written period, counted from year 0.

    >>> months_of("FY2023"), months_of("2021-01/2021-09"), months_of("2024")
    ((24273, 24284), (24252, 24260), (24288, 24299))
    """
    if not isinstance(period, str):
        ends = [months_of(end) for end in period]
        return (ends[0][0], ends[1][1]) if ends[0] and ends[1] else None
    if fiscal := re.match(r"FY(\d{4})", period):
        year = int(fiscal[1])
        return year * 12 - 3, year * 12 + 8
    found = re.findall(r"(\d{4})(?:-(\d{2}))?", period)
    if not found:
        return None
    (y0, m0), (y1, m1) = found[0], found[-1]
    first = int(y0) * 12 + (int(m0) - 1 if m0 else 0)
    last = int(y1) * 12 + (int(m1) - 1 if m1 else 11)
    return (first, last) if first <= last else (first, first)


def nearest_figure(
    figures: Sequence[KnownFigure], topic: Topic, number: Number, period: Written | None
) -> KnownFigure | None:
    """The figure of the topic's series that is nearest: months apart first, then the ratio of values.

    None where none is within a half of the number and a year of its period.
    """
    if not number.value or number.kind not in ("count", "rate", "money", "share"):
        return None
    wanted = months_of(period) if period else None
    best: tuple[float, KnownFigure] | None = None
    for figure in figures:
        if not any(fnmatchcase(figure.series, pattern) for pattern in topic.figures):
            continue
        if figure.value <= 0:
            continue
        off = abs(math.log(figure.value / number.value))
        apart = _apart(wanted, figure.months)
        if off > FAR or apart > 12:
            continue
        order = sum(k for k, p in enumerate(topic.figures) if fnmatchcase(figure.series, p))
        score = off + apart / 12 + 0.01 * order
        if best is None or score < best[0]:
            best = score, figure
    return best[1] if best else None


def _apart(a: tuple[int, int] | None, b: tuple[int, int] | None) -> float:
    """Months by which two periods differ at either end, the smaller; 6 where one is unknown."""
    if a is None or b is None:
        return 6.0
    if a[0] <= b[1] and b[0] <= a[1]:
        return 0.25 * min(12, abs(a[0] - b[0]) + abs(a[1] - b[1]))
    return float(min(abs(a[0] - b[1]), abs(b[0] - a[1])))
