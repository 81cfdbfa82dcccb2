"""As of: the corridor as it could be known on a day, beside what followed.

Known then: counts whose publication delay had passed, the law without anything decided or written
later, and the forecast that the backtest made from the newest month then out (`forecast.past`; its
constants and corrections know nothing later either). What followed stands apart: the counts of the
months not yet out, what was decided within a year, and what came of the forecast. Claims are judged
twice by the same rules, on what was out that day and on what is out now.

Nothing on the known side is read from anything that is dated later: `Known` is made before, and apart
from, `Followed`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from caudal.compute.content import Corridor
from caudal.errors import CaudalError
from caudal.policy.timeline import timeline

AHEAD = 12
"""Months (and a year of decisions) that "what followed" looks at."""
OUT_AFTER = 31
"""Days after a month's end by which a forecast from it could be made: as the backtest takes it."""

Counted = Callable[[date | None], pd.DataFrame]
"""Counts as known on a day (None: today), long: outcome, month, observed."""


@dataclass(frozen=True)
class Line:
    """One outcome that is counted: its newest month out by the day, that count and earlier ones.

    before, year_ago  counts of the month before and of the same month a year before; None if none
    followed          (month, count) of the months that were not out, up to a year on
    now               the newest month's count as published today, where it was revised
    """

    outcome: str
    month: date
    count: float
    before: float | None
    year_ago: float | None
    now: float
    followed: tuple[tuple[date, float], ...]


@dataclass(frozen=True)
class Ahead:
    """What was forecast of one month, from `origin`, and what came (None: not counted)."""

    target: str
    cell: str
    month: date
    median: float
    lo50: float
    hi50: float
    lo90: float
    hi90: float
    came: float | None


@dataclass(frozen=True)
class AsOf:
    """The answer; spans are rows of `policy.timeline` with one span each.

    in_force, announced  known then: rules that held on the day, and those announced for later
    decided              what followed: rules that became known within a year
    origin, learned_to   of the forecast; None and "" where none could be made from what was counted
    """

    day: date
    lines: tuple[Line, ...]
    in_force: tuple[Mapping[str, Any], ...]
    announced: tuple[Mapping[str, Any], ...]
    decided: tuple[Mapping[str, Any], ...]
    origin: date | None
    learned_to: str
    forecast: tuple[Ahead, ...]


def as_of(
    corridor: Corridor, day: date, counted: Counted, past: pd.DataFrame, today: date | None = None
) -> AsOf:
    """What could be known on a day, and what followed.

    past  the table of `forecast.past`

    Raises CaudalError for a day before the first counts, or one that has not come.
    """
    today = today or date.today()
    first = corridor.reports_from + timedelta(days=61)
    if not first <= day <= today:
        raise CaudalError("as-of date", f"{day}", f"{first} to {today}")
    known = counted(day)
    law = timeline(corridor.law.as_known(day))
    now = counted(None)
    origin, ahead = _forecast(past, day)
    return AsOf(
        day=day,
        lines=tuple(_lines(known, now)),
        in_force=tuple(_spans(law, lambda s: s["from"] <= f"{day}" < (s["until"] or "9999"))),
        announced=tuple(_spans(law, lambda s: s["from"] > f"{day}")),
        decided=tuple(_later(corridor, day)),
        origin=origin,
        learned_to="" if ahead.empty else str(ahead["learned_to"].iloc[0]),
        forecast=tuple(_ahead(corridor, ahead, today)),
    )


def _lines(known: pd.DataFrame, now: pd.DataFrame) -> Iterable[Line]:
    later = {name: part.set_index("month")["observed"] for name, part in now.groupby("outcome")}
    for name, part in known.groupby("outcome", sort=False):
        counts = part.set_index("month")["observed"].sort_index()
        newest = counts.index[-1]
        to_come = later[name][later[name].index > newest].sort_index().iloc[:AHEAD]
        yield Line(
            outcome=str(name),
            month=newest.date(),
            count=float(counts.iloc[-1]),
            before=_at(counts, newest - pd.DateOffset(months=1)),
            year_ago=_at(counts, newest - pd.DateOffset(years=1)),
            now=float(later[name][newest]),
            followed=tuple((m.date(), float(v)) for m, v in to_come.items()),
        )


def _at(counts: pd.Series, month: pd.Timestamp) -> float | None:
    return float(counts[month]) if month in counts.index else None


def _spans(
    rows: Iterable[Mapping[str, Any]], wanted: Callable[[Mapping[str, Any]], bool]
) -> Iterable[Mapping[str, Any]]:
    """Rows of a timeline cut down to their spans that are wanted, one row a document."""
    for row in rows:
        spans = [span for span in row["spans"] if wanted(span)]
        if spans:
            yield {**row, "spans": spans}


def _later(corridor: Corridor, day: date) -> Iterable[Mapping[str, Any]]:
    """What became known after the day and within a year: starts, and ends of what was open."""
    last = f"{day + timedelta(days=365)}"

    def is_new(span: Mapping[str, Any]) -> bool:
        told = (span["known_on"], span["until_known_on"])
        return any(when and f"{day}" < when <= last for when in told)

    rows = _spans(timeline(corridor.law), is_new)
    return sorted(rows, key=lambda row: min(s["known_on"] for s in row["spans"]))


def _forecast(past: pd.DataFrame, day: date) -> tuple[date | None, pd.DataFrame]:
    """Rows of the newest origin from which a forecast could be made by a day."""
    months = pd.PeriodIndex(past["origin"].unique(), freq="M")
    out = [m for m in months if (m.end_time.date() + timedelta(days=OUT_AFTER + 1)) <= day]
    if not out:
        return None, past.iloc[:0]
    newest = max(out)
    return newest.start_time.date(), past[past["origin"] == str(newest)]


def _ahead(corridor: Corridor, rows: pd.DataFrame, today: date) -> Iterable[Ahead]:
    observed = corridor.observed(corridor.begins, today)
    begins = pd.Period(corridor.begins, "M")
    came = {p.name: (p.labels, p.observe(observed.arrays)) for p in corridor.predictands()}
    for row in rows.to_dict("records"):
        month = pd.Period(row["origin"], "M") + int(row["horizon"])
        labels, counts = came[row["target"]]
        number = (month - begins).n
        count = counts[number, labels.index(row["cell"])] if number < len(counts) else math.nan
        yield Ahead(
            target=str(row["target"]),
            cell=str(row["cell"]),
            month=month.start_time.date(),
            **{k: float(row[k]) for k in ("median", "lo50", "hi50", "lo90", "hi90")},
            came=None if math.isnan(count) else float(count),
        )


def totals(forecast: Sequence[Ahead]) -> list[Ahead]:
    """Forecasts of targets that are one series, not many."""
    cells: dict[str, set[str]] = {}
    for row in forecast:
        cells.setdefault(row.target, set()).add(row.cell)
    return [row for row in forecast if len(cells[row.target]) == 1]
