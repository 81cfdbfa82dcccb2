"""Published single figures that a claim may be set against, and the day on which each was out.

Named by the id of a headline or of a row of `figures`, or by the symbol of a parameter
(`SYMBOL@PERIOD` where a symbol has several). A headline that only repeats an article is refused: an
article's figure is what is judged, and cannot be the judge.

The day a figure was out is read from the title and address of its publication, the latest it can
mean (a month: its last day; a year: 31 December). One that bears no date counts as out today only.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from caudal.ask.claims_quantity import Published
from caudal.compute.content import Corridor
from caudal.data.store import open_series
from caudal.policy.marks import nearest

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Figure:
    """One published figure.

    out  the first day on which it was surely public; None where its publication bears no date
    """

    id: str
    value: float
    low: float | None
    high: float | None
    unit: str
    period: str
    title: str
    url: str
    out: dt.date | None


class Figures:
    """All single figures of a corridor, by name."""

    def __init__(self, corridor: Corridor) -> None:
        self.corridor = corridor

    @cached_property
    def named(self) -> Mapping[str, Figure]:
        """By id, symbol, or symbol@period."""
        found: dict[str, Figure] = {}
        parameters = open_series("figures.parameters").astype(object)
        for row in parameters.to_dict("records"):
            # A symbol that stands for several figures needs its period
            alone = int((parameters["symbol"] == row["symbol"]).sum()) == 1
            name = row["symbol"] if alone else f"{row['symbol']}@{row['period']}"
            found[name] = _row(row, name)
        for row in open_series("figures").astype(object).to_dict("records"):
            found[row["id"]] = _row(row, row["id"])
        for h in self.corridor.headlines:
            if not h.source.startswith("article:"):
                period = f"{h.period[0]} – {h.period[1] - dt.timedelta(1)}"
                out = published_on(f"{h.title} {h.url}")
                found[h.id] = Figure(
                    h.id, h.value, h.low, h.high, h.unit, period, h.title, h.url, out
                )
        return found

    @cached_property
    def of_articles(self) -> frozenset[str]:
        """Headlines that only repeat an article."""
        return frozenset(h.id for h in self.corridor.headlines if h.source.startswith("article:"))

    def fault(self, quantity: Published) -> tuple[str, str] | None:
        """What is wrong with a reference and what is allowed; None where it names a figure."""
        if quantity.value in self.of_articles:
            return (
                f"'{quantity.value}' is what an article says",
                "a figure that somebody else published",
            )
        if quantity.value not in self.named:
            return f"unknown figure '{quantity.value}'", nearest(quantity.value, self.named)
        figure = self.named[quantity.value]
        if quantity.end and getattr(figure, quantity.end) is None:
            return f"'{quantity.value}' has no published {quantity.end}", "a figure with a range"
        return None


def _row(row: Mapping[Any, Any], name: str) -> Figure:
    low, high = (_number(row.get(k)) for k in ("low", "high"))
    title, url = str(row["source_title"]), str(row["source_url"])
    return Figure(
        name, float(row["value"]), low, high, str(row["unit"]), str(row["period"]), title,
        url if url.startswith("http") else "", published_on(f"{title} {url}"),
    )  # fmt: skip


def _number(value: Any) -> float | None:
    return None if value is None or math.isnan(value) else float(value)


def published_on(text: str) -> dt.date | None:
    """The latest day that the dates in a title and an address can mean; None where there is none.

    >>> published_on("CBP July 2021 (KGNS) https://example.org/2021/08/13/x").isoformat()
    '2021-08-13'
    >>> published_on("TRAC (10 Mar 2021)").isoformat(), published_on("report 503038617")
    ('2021-03-10', None)
    """
    found: list[dt.date] = []
    for year, month, day in re.findall(
        r"(?<!\d)(20\d\d)[-/](\d{1,2})(?:[-/](\d{1,2}))?(?!\d)", text
    ):
        found += _day(int(year), int(month), int(day) if day else 0)
    names = "|".join(MONTHS)
    for day, name, year in re.findall(
        rf"(?:(?<!\d)(\d{{1,2}}) )?\b({names})[a-z]*\.? (20\d\d)(?!\d)", text.lower()
    ):
        found += _day(int(year), MONTHS.index(name) + 1, int(day) if day else 0)
    if not found:
        found = [dt.date(int(y), 12, 31) for y in re.findall(r"(?<!\d)(20[012]\d)(?!\d)", text)]
    return max(found, default=None)


def _day(year: int, month: int, day: int) -> list[dt.date]:
    try:
        if day:
            return [dt.date(year, month, day)]
        return [(dt.date(year, month, 1) + dt.timedelta(31)).replace(day=1) - dt.timedelta(1)]
    except ValueError:
        return []
