"""Turns of policy on which forecasts are tested, read from `stress.yaml` and checked.

For each it is written beforehand when it began, by which documents, whom it hit and whom not, and
which months are compared. `caudal.forecast.stress` makes the forecasts and holds them against counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from caudal.corridor.predictands import predictands
from caudal.errors import CaudalError
from caudal.policy.law import Law
from caudal.policy.marks import Marks, nearest, read_yaml
from caudal.policy.models import AllBut, Day, Strict, Text, Who, validated

STRESS_FILE = Path(__file__).parent / "stress.yaml"


def _first_day(value: Any) -> date:
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError:
        raise ValueError(f"'{value}' is no month; allowed: YYYY-MM") from None


Month = Annotated[date, BeforeValidator(_first_day)]
"""The first day of a month, written YYYY-MM."""


class Published(Text):
    """What was reported of a size, in words, and where."""

    source: Annotated[str, Field(min_length=1)]
    url: Annotated[str, Field(pattern="^https?://")]


class _Written(Strict):
    """An event as it stands in the file."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    name: Text
    date: Day
    documents: Annotated[tuple[str, ...], Field(min_length=1)]
    before: Annotated[tuple[Month, ...], Field(min_length=1)]
    after: Annotated[tuple[Month, ...], Field(min_length=1)]
    hit: Annotated[Who, Field(min_length=1, max_length=1)]
    spared: Who = Field(default_factory=dict)
    scored: bool
    rebound: Month | None = None
    published: Published


@dataclass(frozen=True)
class Group:
    """Cells of a predictand."""

    predictand: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Event:
    """A turn of policy; the head of the YAML says what each field means. Months are first days."""

    id: str
    name: Text
    date: date
    documents: tuple[str, ...]
    before: tuple[date, ...]
    after: tuple[date, ...]
    hit: Group
    spared: tuple[Group, ...]
    scored: bool
    rebound: date | None
    published: Published


def load(law: Law, path: Path | None = None) -> tuple[Event, ...]:
    """All events of the file (the corridor's own when None), in its order.

    Raises CaudalError with file, line and field for one that is malformed, told twice, out of order
    in its months, or that names a document, predictand or cell which is not there.
    """
    data, marks = read_yaml(path or STRESS_FILE)
    if not isinstance(data, dict) or not isinstance(data.get("events"), list):
        raise CaudalError(marks.where(), "no list of events", "events: [{id, name, date, …}]")
    out: list[Event] = []
    for number, raw in enumerate(data["events"]):
        here = marks.at(("events", number))
        if not isinstance(raw, dict):
            raise CaudalError(here.where(), "not a mapping", ", ".join(_Written.model_fields))
        event = _event(validated(_Written, raw, here), law, here)
        if event.id in [other.id for other in out]:
            raise CaudalError(here.where(("id",)), f"'{event.id}' twice", "each event once")
        out.append(event)
    return tuple(out)


def _event(told: _Written, law: Law, marks: Marks) -> Event:
    for i, name in enumerate(told.documents):
        where = marks.where(("documents", i))
        if name not in law:
            raise CaudalError(where, f"unknown policy '{name}'", nearest(name, law))
        if not any(entry.day >= told.date for _, _, entry in law[name].entries()):
            found = f"'{name}' says nothing from {told.date} on"
            raise CaudalError(where, found, "a document with an entry from that day on")
    month = told.date.replace(day=1)
    _in_order(told.before, marks, "before")
    _in_order(told.after, marks, "after")
    if told.before[-1] != _back(month):
        found = f"ends with {told.before[-1]:%Y-%m}"
        raise CaudalError(marks.where(("before",)), found, f"{_back(month):%Y-%m} as the last")
    if told.after[0] < month:
        found = f"begins with {told.after[0]:%Y-%m}"
        raise CaudalError(marks.where(("after",)), found, f"{month:%Y-%m} or later")
    if told.rebound is not None and told.rebound <= month:
        raise CaudalError(
            marks.where(("rebound",)), f"{told.rebound:%Y-%m}", f"after {month:%Y-%m}"
        )
    return Event(
        id=told.id, name=told.name, date=told.date, documents=told.documents,
        before=told.before, after=told.after, hit=_groups(told.hit, marks, "hit")[0],
        spared=tuple(_groups(told.spared, marks, "spared")), scored=told.scored,
        rebound=told.rebound, published=told.published,
    )  # fmt: skip


def _in_order(months: Sequence[date], marks: Marks, field: str) -> None:
    if any(_back(later) != earlier for earlier, later in pairwise(months)):
        found = ", ".join(f"{m:%Y-%m}" for m in months)
        raise CaudalError(marks.where((field,)), found, "months that follow one another")


def _back(month: date) -> date:
    """The month before."""
    return month.replace(year=month.year - (month.month == 1), month=(month.month - 2) % 12 + 1)


def _groups(told: Who, marks: Marks, field: str) -> list[Group]:
    labels = {p.name: p.labels for p in predictands()}
    out = []
    for name, cells in told.items():
        if name not in labels:
            where = marks.where((field, name))
            raise CaudalError(where, f"unknown predictand '{name}'", nearest(name, labels))
        named = cells.all_but if isinstance(cells, AllBut) else cells
        for cell in named:
            if cell not in labels[name]:
                where = marks.where((field, name))
                raise CaudalError(where, f"unknown cell '{cell}'", nearest(cell, labels[name]))
        kept = set(labels[name]) - set(named) if isinstance(cells, AllBut) else set(named)
        out.append(Group(name, tuple(cell for cell in labels[name] if cell in kept)))
    return out
