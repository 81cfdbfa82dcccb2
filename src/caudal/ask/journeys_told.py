"""How one journey is told: what happened on which day, how long it took, what chances it ran.

A line is a move that has words (moves between the stages of a wait have none), with the days since the
line before it. Chances of harm are no moves of the model: whoever waits at a place meets that place's
expected attacks of the month over all who wait there, each day; whoever passes a dangerous stretch its
expected deaths over all who pass. A journey's chance is 1 − exp(−Σ) of these. They are the average of
everyone at the place: the model's own weights by group (`harm`) are not told apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from caudal.ask.journeys_walk import Walks, Ways

LANGUAGES = ("en", "es")
Chances = Mapping[str, Mapping[str, Any]]
"""Harm → {en, es, chance}."""


@dataclass(frozen=True)
class Line:
    """One line: the date, days since setting out, days since the line before, and the words.

    stay: the stock in which those days were spent, "" where they are no wait
    """

    on: date
    day: int
    after: int
    text: Mapping[str, str]
    stay: str = ""


def told_ways(ways: Ways, words: Any) -> list[tuple[Any, ...]]:
    """What is told of each path, in the order of `Ways.paths`."""
    return [words.told(path) for path in ways.paths]


def lines_of(walks: Walks, i: int, words: Any) -> tuple[Line, ...]:
    """The journey of traveller i in words."""
    record, ways, doc = walks.record, walks.ways, words.document
    told = told_ways(ways, words)
    began = record.start.toordinal()
    moves = slice(walks.first[i], walks.first[i + 1])
    days, edges = walks.day[moves], walks.edge[moves]
    lines, last = [], int(days[0])
    for day, edge in zip(days.tolist(), edges.tolist(), strict=True):
        path = ways.paths[ways.path[edge]]
        events = told[ways.path[edge]]
        if not events:
            continue
        text = {
            lang: _waited(
                doc, lang, day - last, path.source,
                getattr(doc.phrases["join"], lang).join(
                    getattr(event, lang).format(place=_place(record.model, ways, edge, words, lang))
                    for event in events
                ),
            )
            for lang in LANGUAGES
        }  # fmt: skip
        stay = path.source if day > last and path.source in doc.stays else ""
        lines.append(
            Line(date.fromordinal(began + day), day - int(days[0]), day - last, text, stay)
        )
        last = day
    stock, final = _stock(record.model, walks.row[i])
    if not final:
        end = record.days - 1
        text = {
            lang: getattr(doc.phrases["still"], lang).format(
                days=end - last, where=getattr(doc.stays[stock], lang)
            )
            for lang in LANGUAGES
        }
        lines.append(
            Line(date.fromordinal(began + end), end - int(days[0]), end - last, text, stock)
        )
    return tuple(lines)


def _stock(model: Any, row: int) -> tuple[str, bool]:
    stock = next(
        s for s in model.stocks if model.rows[s.name].start <= row < model.rows[s.name].stop
    )
    return stock.name, stock.final


def _waited(doc: Any, lang: str, days: int, stock: str, text: str) -> str:
    """The text with the days of the wait before it; none for less than a day."""
    if days < 1 or stock not in doc.stays:
        return text
    phrase = doc.phrases["after_one" if days == 1 else "after"]
    where = getattr(doc.stays[stock], lang)
    return getattr(phrase, lang).format(text=text, days=days, where=where)


def _place(model: Any, ways: Ways, edge: int, words: Any, lang: str) -> str:
    """The place that an edge leads to; where it starts, if it leads to none; else nothing."""
    for row in (ways.target[edge], ways.source[edge]):
        if row >= 0:
            place = model.row_names[row].partition("/")[2]
            if place in words.places:
                return words.places[place][lang]
    return ""


def chances_of(walks: Walks, i: int, words: Any) -> Chances:
    """The chance of each harm on traveller i's way."""
    record, ways = walks.record, walks.ways
    model = record.model
    moves = slice(walks.first[i], walks.first[i + 1])
    days, edges = walks.day[moves], walks.edge[moves]
    month = np.repeat(np.arange(len(record.lengths)), record.lengths)
    stays: dict[tuple[int, int], int] = {}  # (month, row) → days
    until = [*days[1:].tolist(), record.days]
    for day, end, edge in zip(days.tolist(), until, edges.tolist(), strict=True):
        row = int(ways.target[edge])
        if not _stock(model, row)[1]:
            for at in month[day:end]:
                stays[int(at), row] = stays.get((int(at), row), 0) + 1
    out = {}
    for name, harm in words.document.harms.items():
        total = 0.0
        for risk in harm.per_day:
            for (at, row), many in stays.items():
                stock, _, place = model.row_names[row].partition("/")
                if stock in risk.stocks:
                    total += many * _rate(walks, i, risk, at, place, words)
        for risk in harm.per_event:
            for day, edge in zip(days.tolist(), edges.tolist(), strict=True):
                path = ways.paths[ways.path[edge]]
                if path.passes & set(risk.passing):
                    place = model.row_names[ways.source[edge]].partition("/")[2]
                    total += _rate(walks, i, risk, int(month[day]), risk.at or place, words)
        out[name] = {"en": harm.en, "es": harm.es, "chance": float(-np.expm1(-total))}
    return out


def _rate(walks: Walks, i: int, risk: Any, month: int, place: str, words: Any) -> float:
    """Expected harms for each day or event of exposure, in one month at one place."""
    record, member = walks.record, int(walks.member[i])
    model, months = record.model, record.months
    harmed = sum(
        float(months.measures[name][month, _at(model.measures[name], place, words), member])
        for name in risk.measures
    )
    exposed = 0.0
    for name in risk.exposed:  # means over the month's days
        at = _at(model.measures[name], place, words)
        exposed += float(months.measures[name][month, at, member]) * int(record.lengths[month])
    for name in risk.events:
        counted = months.tallies[name][month, :, :, member].sum(1)
        spread = len(counted) > 1
        exposed += float(counted[_places(words, place).index(place)] if spread else counted.sum())
    return harmed / exposed if exposed > 0 else 0.0


def _at(measure: Any, place: str, words: Any) -> int:
    return list(words.labels[measure.dims[0]]).index(place)


def _places(words: Any, place: str) -> list[str]:
    """The axis of places that holds this one, as tallies lay it out."""
    axes = (words.labels["sector"], words.labels["field_office"])
    return list(next(axis for axis in axes if place in axis))
