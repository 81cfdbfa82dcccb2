"""What one law says differently from another, as rows and in words.

A row is one stretch of days on which one document sets one lever otherwise for some cells:

    document, name {en, es}, lever, who {axis: [values]}, from, until, old, new,
    old_while, new_while, words {en, es}

`old` and `new` are None where that law's document sets nothing; `until` is None where the stretch
runs to the end of the span compared. A trigger's condition stands in `old_while` or `new_while`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from caudal.policy.documents import Document
from caudal.policy.levers import Lever
from caudal.policy.vocabulary import Vocabulary, in_words

if TYPE_CHECKING:
    from caudal.policy.law import Law

Labels = Mapping[str, Mapping[str, tuple[str, str]]]
"""Names of the vocabulary's values in English and Spanish, by axis and value."""

_PHRASES = {
    "en": {
        "unset": "not set", "from": "from", "to": "until", "all": "everyone", "while": "while",
        "days": "days", "below": "off after", "under": "below", "but": "all but",
    },
    "es": {
        "unset": "sin fijar", "from": "desde", "to": "hasta", "all": "todas las personas",
        "while": "mientras", "days": "días", "below": "cesa tras", "under": "por debajo de",
        "but": "todos salvo",
    },
}  # fmt: skip


class _Setting(NamedTuple):
    value: float
    condition: tuple[str, float, float, int] | None


def diff(
    old: Law, new: Law, start: dt.date, end: dt.date, labels: Labels | None = None
) -> list[dict[str, Any]]:
    """Rows of every difference between two laws on the days of [start, end), by date."""
    rows = []
    for policy_id in sorted({*old, *new}):
        before = old.get(policy_id)
        after = new.get(policy_id)
        if before == after:
            continue
        document = after or before
        assert document is not None
        for lever in old.levers.values():
            stretches = _stretches(old, new, policy_id, lever.id, (start, end))
            for first, last, cells, pair in stretches:
                who = in_words(cells, lever.dims, old.vocabulary)
                row = _row(document, lever, who, (first, None if last >= end else last), pair)
                row["words"] = {
                    "en": _words(
                        row, lever, pair, "en", who_in_words(who, old.vocabulary, "en", labels)
                    ),
                    "es": _words(
                        row, lever, pair, "es", who_in_words(who, old.vocabulary, "es", labels)
                    ),
                }
                rows.append(row)
    return sorted(rows, key=lambda r: (r["from"], r["document"], r["lever"]))


def _stretches(
    old: Law, new: Law, policy_id: str, lever_id: str, span: tuple[dt.date, dt.date]
) -> Iterator[tuple[dt.date, dt.date, np.ndarray, tuple[_Setting | None, _Setting | None]]]:
    start, end = span
    days = {start} | {d for law in (old, new) for d in law.book(lever_id).days() if start < d < end}
    breaks = [*sorted(days), end]
    open_: dict[tuple, tuple[dt.date, dt.date, np.ndarray]] = {}
    for first, last in pairwise(breaks):
        for pair, cells in _differences(old, new, policy_id, lever_id, first):
            key = (pair, cells.tobytes())
            held = open_.get(key)
            if held and held[1] == first:
                open_[key] = (held[0], last, cells)
            else:
                if held:
                    yield *held, pair
                open_[key] = (first, last, cells)
    for (pair, _), held in open_.items():
        yield *held, pair


def _differences(
    old: Law, new: Law, policy_id: str, lever_id: str, day: dt.date
) -> list[tuple[tuple[_Setting | None, _Setting | None], np.ndarray]]:
    one, two = (_settings(law, policy_id, lever_id, day) for law in (old, new))
    found = []
    for a, cells_a in one.items():
        for b, cells_b in two.items():
            cells = cells_a & cells_b
            if a != b and cells.any():
                found.append(((a, b), cells))
    return found


def _settings(
    law: Law, policy_id: str, lever_id: str, day: dt.date
) -> dict[_Setting | None, np.ndarray]:
    """Per setting of the document on that day (None: it sets nothing), the cells that have it."""
    book = law.book(lever_id)
    index = book.governing(policy_id, day)
    cells: dict[_Setting | None, np.ndarray] = {None: index == -1}
    for step in book.steps.get(policy_id, ()):
        here = index == step.index
        value = step.entry.setting
        if value is None or not here.any():
            continue
        t = step.entry.trigger
        rule = (t.signal, t.on_at_or_above, t.off_below, t.off_after_days) if t else None
        setting = _Setting(value, rule)
        cells[setting] = cells.get(setting, np.zeros_like(here)) | here
    return cells


def _row(
    document: Document,
    lever: Lever,
    who: Mapping[str, list],
    dates: tuple[dt.date, dt.date | None],
    pair: tuple[_Setting | None, _Setting | None],
) -> dict[str, Any]:
    before, after = pair
    return {
        "document": document.id,
        "name": document.name.model_dump(),
        "lever": lever.id,
        "who": dict(who),
        "from": dates[0],
        "until": dates[1],
        "old": before.value if before else None,
        "new": after.value if after else None,
        "old_while": _condition(before, "en"),
        "new_while": _condition(after, "en"),
    }


def _condition(setting: _Setting | None, language: str) -> str | None:
    if setting is None or setting.condition is None:
        return None
    signal, on, off, days = setting.condition
    say = _PHRASES[language]
    return f"{signal} ≥ {on:g}; {say['below']} {days} {say['days']} {say['under']} {off:g}"


def _words(row: Mapping[str, Any], lever: Lever, pair: tuple, language: str, who: str) -> str:
    say = _PHRASES[language]
    shown = []
    for setting in pair:
        text = say["unset"] if setting is None else f"{setting.value:g}"
        condition = _condition(setting, language)
        shown.append(f"{text} ({say['while']} {condition})" if condition else text)
    dates = f"{say['from']} {row['from']}"
    if row["until"]:
        dates += f" {say['to']} {row['until']}"
    meaning = lever.meaning.model_dump()[language]
    return f"{row['name'][language]} — {meaning} — {who}, {dates}: {shown[0]} → {shown[1]}"


def who_in_words(
    who: Mapping[str, list], vocabulary: Vocabulary, language: str, labels: Labels | None = None
) -> str:
    """The groups and places of a row in one phrase; codes where there is no label."""
    at = 0 if language == "en" else 1
    parts = []
    for axis, values in who.items():
        names = (labels or {}).get(axis, {})
        others = [v for v in vocabulary[axis] if v not in values]
        few, lead = (values, "") if len(values) <= len(others) + 3 else (others, "but")
        listed = ", ".join(names[v][at] if v in names else v for v in few)
        parts.append(f"{_PHRASES[language][lead]} {listed}" if lead else listed)
    return "; ".join(parts) or _PHRASES[language]["all"]
