"""Overlays: what a scenario changes in the law.

Policy id → one of

    off                              the document is taken out
    {ended: D, known_on?: K}         it runs until D: entries from D on and its old last end go
    {started: D, known_on?: K}       it begins on D instead of on its first day
    {shift_days: N}                  all its dates, and what was known of them, move by N days
    {scale: X}                       its values are multiplied by X (and must stay in range)
    {design: {lever: [entries]}}     these levers' entries are replaced
    a whole document                 (with `design`, `actor`, `kind` …) added, or put in its place

The middle ones may be combined, act in the order above (design first), and may be limited by
`levers: [ids]`. Without `known_on`, a new end counts as known when the end that it replaces was, or
on its own day if that is sooner or there was none; a new start when the old one was, or on its day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from caudal.errors import CaudalError
from caudal.policy.checks import check_document, check_references
from caudal.policy.documents import Document, Entry, Source, parse_document
from caudal.policy.known import without_references
from caudal.policy.marks import Marks, nearest
from caudal.policy.models import Day, Number, Strict, Who, validated
from caudal.policy.vocabulary import mask

if TYPE_CHECKING:
    from caudal.policy.law import Law

BY_SCENARIO = "set by the scenario"
MOST_DAYS = 36_525
"""A document moves by a century at most: further, and its dates could not be held."""


class Change(Strict):
    """The changes that a scenario makes to one document."""

    design: dict[str, tuple[Entry, ...]] = Field(default_factory=dict)
    sources: dict[str, Source] = Field(default_factory=dict)
    started: Day | None = None
    ended: Day | None = None
    known_on: Day | None = None
    shift_days: Annotated[int, Field(ge=-MOST_DAYS, le=MOST_DAYS)] | None = None
    scale: Annotated[Number, Field(ge=0)] | None = None
    levers: tuple[str, ...] | None = None


def overlaid(
    law: Law, overlay: Mapping[str, Any], marks: Marks | None = None
) -> tuple[list[Document], dict[str, Marks]]:
    """The documents after the overlay, and the marks of those that it wrote anew."""
    documents = {d.id: d for d in law.documents}
    lines: dict[str, Marks] = {}
    marks = marks or Marks("overlay")
    for policy_id, change in overlay.items():
        here = marks.at((policy_id,))
        if isinstance(change, Mapping) and "actor" in change:
            document = parse_document({"id": policy_id, **_own_words(change)}, here)
            documents[policy_id], lines[policy_id] = document, here
        elif policy_id not in documents:
            found = f"unknown policy '{policy_id}'"
            raise CaudalError(marks.where((policy_id,)), found, nearest(policy_id, documents))
        elif change is False or change == "off":  # YAML reads a bare off as false
            del documents[policy_id]
            continue
        elif isinstance(change, Mapping):
            changed = validated(Change, _own_words(change), here)
            documents[policy_id] = _changed(documents[policy_id], changed, law, here)
            lines[policy_id] = _lines(law.marks(policy_id), here, changed)
        else:
            allowed = "off, or a mapping with ended, started, shift_days, scale or design"
            raise CaudalError(marks.where((policy_id,)), f"'{change}' is no change", allowed)
        check_document(documents[policy_id], law.levers, law.vocabulary, lines[policy_id])
    gone = [d for d in law.documents if d.id not in documents]
    kept = {d.id: d for d in without_references(documents.values(), gone)}
    check_references(kept, {**{i: law.marks(i) for i in kept}, **lines})
    return list(kept.values()), lines


def _own_words(change: Mapping[str, Any]) -> dict[str, Any]:
    """The change, each entry without a source marked as the scenario's own."""
    design = change.get("design")
    if not isinstance(design, Mapping):
        return dict(change)
    written: dict[str, Any] = {}
    for lever, entries in design.items():
        written[lever] = [
            {"unverified": True, "note": BY_SCENARIO, **e}
            if isinstance(e, Mapping) and "source" not in e
            else e
            for e in (entries if isinstance(entries, list | tuple) else [entries])
        ]
    return {**change, "design": written}


def _lines(old: Marks, new: Marks, change: Change) -> Marks:
    """Marks for the changed document: the scenario's file where it wrote, else the document's."""
    return new if change.design or not old.lines else Marks(new.file, {(): new.line(()) or 1})


def _changed(document: Document, change: Change, law: Law, marks: Marks) -> Document:
    for lever in (*change.design, *(change.levers or ())):
        if lever not in law.levers:
            found = f"unknown lever '{lever}'"
            raise CaudalError(marks.where(("design", lever)), found, nearest(lever, law.levers))
    design = {**document.design, **change.design}
    touched = set(design) if change.levers is None else set(change.levers)
    for lever in touched & set(design):
        entries = design[lever]

        def cells(entry: Entry, lever: str = lever) -> Any:
            return mask(law.levers[lever].dims, document.who_of(entry), law.vocabulary)

        # first the shift: a new start or end is meant on the day that is written
        if change.shift_days:
            entries = tuple(_shifted(e, change.shift_days) for e in entries)
        if change.started:
            entries = _started(entries, change.started, change.known_on, document, marks)
        if change.ended:
            # for everyone, since an entry may reach beyond the document's own who
            who: Who = {
                a: tuple(law.vocabulary[a]) for a in law.levers[lever].dims if a in document.who
            }
            entries = _ended(entries, change, cells, who, marks)
        if change.scale is not None:
            entries = tuple(_scaled(e, change.scale) for e in entries)
        design[lever] = entries
    sources = {**document.sources, **change.sources}
    return document.model_copy(update={"design": design, "sources": sources})


def _ended(
    entries: tuple[Entry, ...],
    change: Change,
    cells: Callable[[Entry], Any],
    who: Who,
    marks: Marks,
) -> tuple[Entry, ...]:
    assert change.ended
    day, known_on = change.ended, change.known_on
    ordered = sorted(entries, key=lambda e: e.day)
    starts = [e for e in ordered if e.from_ and not e.blocked]
    if not any(e.day < day for e in starts):
        first = starts[0].day if starts else None
        raise CaudalError(marks.where(("ended",)), f"end {day} before start", f"after {first}")

    def is_last(entry: Entry) -> bool:
        return not any(s.day >= entry.day and (cells(s) & cells(entry)).any() for s in starts)

    last_ends = [e for e in ordered if e.ended and not e.blocked and is_last(e)]
    kept: list[Entry] = []
    replaced = [e.known_on for e in last_ends]
    for entry in entries:
        if entry.day >= day or entry in last_ends:
            continue
        later = any(s.day > entry.day and (cells(s) & cells(entry)).any() for s in starts)
        if entry.until and (entry.until > day or not later):
            replaced.append(entry.known_on)
            entry = entry.model_copy(update={"until": None})  # noqa: PLW2901
        kept.append(entry)
    when = known_on or min([day, *replaced])
    return (*kept, Entry(ended=day, known_on=when, who=who, unverified=True, note=BY_SCENARIO))


def _started(
    entries: tuple[Entry, ...],
    day: dt.date,
    known_on: dt.date | None,
    document: Document,
    marks: Marks,
) -> tuple[Entry, ...]:
    first = min((e.day for e in entries if e.from_ and not e.blocked), default=day)
    moved: list[Entry] = []
    latest = dt.date.min  # of entries that now share one day, the later line must be later known
    for entry in sorted(entries, key=lambda e: e.day):
        if entry.until and entry.until <= day:
            continue  # that stretch would have been over
        if not entry.blocked and (entry.day < day or (entry.from_ and entry.day == first)):
            latest = max(latest, known_on or min(entry.known_on, day))
            side = "ended" if entry.ended else "from_"
            entry = entry.model_copy(update={side: day, "known_on": latest})  # noqa: PLW2901
        moved.append(entry)
    acting = [e for e in moved if not e.blocked]
    if all(e.ended for e in acting[-1:]) and not any(e.from_ and e.day > day for e in acting):
        last = [e for e in acting if e.ended]
        if not last or last[-1].day == day:
            found = f"start {day} after the end of '{document.id}'"
            raise CaudalError(marks.where(("started",)), found, "a day before its end")
    return tuple(sorted(moved, key=lambda e: e.day))


def _shifted(entry: Entry, days: int) -> Entry:
    by = dt.timedelta(days=days)
    moved: dict[str, Any] = {"known_on": entry.known_on + by}
    for name in ("from_", "until", "ended"):
        if getattr(entry, name):
            moved[name] = getattr(entry, name) + by
    if entry.blocked:
        blocked = entry.blocked.model_copy(update={"known_on": entry.blocked.known_on + by})
        moved["blocked"] = blocked
    return entry.model_copy(update=moved)


def _scaled(entry: Entry, factor: float) -> Entry:
    if entry.trigger:
        value = entry.trigger.value * factor
        return entry.model_copy(
            update={"trigger": entry.trigger.model_copy(update={"value": value})}
        )
    return (
        entry if entry.value is None else entry.model_copy(update={"value": entry.value * factor})
    )


def levers_of(law: Law, overlay: Mapping[str, Any]) -> Iterable[str]:
    """The levers that an overlay can touch; two overlays without a common one commute."""
    for policy_id, change in overlay.items():
        if policy_id in law:
            yield from law[policy_id].design
        if isinstance(change, Mapping):
            yield from change.get("design", {})
