"""A series as a chart: its points of time, the whole and its parts, added up as its blanks allow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from caudal.corridor import corridor
from caudal.corridor.sources.spanish import spanish
from caudal.data.package import BuiltTable
from caudal.data.store import PERIODS
from caudal.errors import CaudalError
from caudal.policy.marks import nearest

FIRST = ("nationality", "unit", "area", "component", "demog", "region", "outcome")
"""Columns by which a reader most likely wants to see a series, in order; else its first."""
MOST_PARTS = 12

Words = dict[str, str]


@cache
def _read(name: str) -> Mapping[str, Any]:
    return yaml.safe_load(Path(__file__).with_name(name).read_text("utf-8"))


def called() -> Mapping[str, Words]:
    """Series id → what it is called on screens, in both languages."""
    return _read("series_called.yaml")


def column_name(column: str) -> Words | None:
    """What a column is called."""
    return _read("series_labels.yaml")["columns"].get(column)


def label_name(column: str, label: str) -> Words | None:
    """What a label of a column means, in both languages; None where nobody said."""
    words = _read("series_labels.yaml")
    if column == "area" and label in _places():
        return _places()[label]
    return words["labels"].get(label) or words["countries"].get(label)


@cache
def _places() -> dict[str, Words]:
    from caudal.corridor.world import AREA_NAMES

    return {code: {"en": en, "es": es} for code, (en, es) in AREA_NAMES.items()}


def both(text: str) -> Words | str:
    """A text of a series in both languages where its Spanish is known."""
    known = spanish().get(text)
    return {"en": text, "es": known} if known else text


def names_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the list with its name, and its texts in both languages."""
    told = {key: both(str(row[key])) for key in ("publisher", "title", "unit", "grain")}
    return {**row, "name": called().get(row["id"]), "told": told}


def labels(table: BuiltTable) -> dict[str, list[str]]:
    """Label columns of a table → their values but blanks."""
    frame = table.reading.frame
    keys = table.keys[1:] if table.keys[0] in PERIODS else table.keys
    return {
        key: sorted({str(v) for v in frame[key]} - {""}) for key in keys if frame[key].dtype.kind != "M"
    }  # fmt: skip


def numbers(table: BuiltTable) -> list[str]:
    """Columns that hold numbers."""
    frame = table.reading.frame
    return [str(c) for c in frame.columns if c not in table.keys and frame[c].dtype.kind in "iuf"]


def chart(
    name: str, table: BuiltTable, by: str | None, column: str | None, picks: Mapping[str, str]
) -> dict[str, Any]:
    """The whole of a series and its parts by one column.

    by      a label column, "" for none; default: the likeliest. column: of numbers
    picks   label column → value, for columns that are no parts of one sum and others

    Returns columns {column: name}, choices {column: [{label, name}]}, needs (columns of which a value
    must be picked), picked, numbers, column, by, times [{start, end}], total [value] or None, parts
    [{label, values}] largest first, and left_out, how many parts are not told. Raises CaudalError for
    an unknown column or value.
    """
    from caudal.ask.claims_counts import Counts
    from caudal.ask.claims_quantity import Leaf

    choices, every = labels(table), numbers(table)
    empty = {
        "columns": {str(c): column_name(str(c)) for c in table.reading.frame.columns},
        "choices": {
            column: [{"label": label, "name": label_name(column, label)} for label in there]
            for column, there in choices.items()
        },
        "needs": [], "picked": {}, "numbers": every, "column": None, "by": "",
        "times": [], "total": None, "parts": [], "left_out": 0,
    }  # fmt: skip
    if table.keys[0] not in PERIODS or not every:
        return empty
    column = _one("value", column or ("people" if "people" in every else every[0]), every)
    open_ = [key for key, there in choices.items() if len(there) > 1]
    if by is None:
        by = next((key for key in FIRST if key in open_), open_[0] if open_ else "")
    elif by:
        _one("by", by, list(choices))
    shelf: Any = corridor().claims
    needs = [k for k in shelf.overlaps.get(name, ()) if k in choices]
    picked = {k: _one(k, v, choices[_one("query", k, list(choices))]) for k, v in picks.items()}
    for key in needs:
        if key != by and key not in picked:
            picked[key] = _likeliest(table, key)
    picked.pop(by, None)
    counts = Counts(_here())

    def path(more: Mapping[str, str]) -> Any:
        where = {k: (v,) for k, v in {**picked, **more}.items()}
        return counts.series(Leaf(of=name, reduce="sum", where=where, column=column))

    whole = path({}) if by not in needs else None
    parts = [(label, path({by: label})) for label in choices.get(by, [])] if by else []
    parts.sort(key=lambda p: -float(np.nansum(p[1].values)))
    parts = [p for p in parts if np.isfinite(p[1].values).any()]
    axis = whole or (parts[0][1] if parts else None)
    if axis is None:
        return empty
    return empty | {
        "needs": needs, "picked": picked, "column": column, "by": by,
        "times": [{"start": str(s), "end": str(e)}
                  for s, e in zip(axis.starts, axis.ends, strict=True)],
        "total": _values(whole) if whole is not None else None,
        "parts": [{"label": label, "values": _values(p)} for label, p in parts[:MOST_PARTS]],
        "left_out": max(0, len(parts) - MOST_PARTS),
    }  # fmt: skip


def _here() -> Any:
    return corridor()


def _likeliest(table: BuiltTable, key: str) -> str:
    """The value with most rows: of margins of one count, the most finely told."""
    values = table.reading.frame[key].astype(str)
    return str(values[values != ""].value_counts().index[0])


def _one(where: str, found: str, there: list[str]) -> str:
    if found not in there:
        raise CaudalError(f"query '{where[:40]}'", repr(found[:60]), nearest(found, there))
    return found


def _values(path: Any) -> list[float | None]:
    return [float(v) if math.isfinite(v) else None for v in path.values]
