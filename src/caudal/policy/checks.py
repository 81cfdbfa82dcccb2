"""What a document must satisfy beyond its form: real levers, real groups, sound dates, sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from caudal.errors import CaudalError
from caudal.policy.documents import Blocked, Document, Entry
from caudal.policy.levers import Lever, LeverRegistry
from caudal.policy.marks import Loc, Marks, nearest
from caudal.policy.vocabulary import Vocabulary, check_who


def check_document(
    document: Document, levers: LeverRegistry, vocabulary: Vocabulary, marks: Marks
) -> None:
    """Raise CaudalError, with file, line and field, for the first fault in the document."""
    check_who(document.who, tuple(vocabulary), vocabulary, marks, ("who",))
    for lever_id, entries in document.design.items():
        here: Loc = ("design", lever_id)
        if lever_id not in levers:
            found = f"unknown lever '{lever_id}'"
            raise CaudalError(marks.where(here), found, nearest(lever_id, levers))
        for i, entry in enumerate(entries):
            place = _Place(marks, (*here, i))
            _check_entry(document, levers[lever_id], entry, vocabulary, place)
        _check_order(entries, marks, here)
    _check_triggers(document, marks)


def check_references(documents: Mapping[str, Document], marks: Mapping[str, Marks]) -> None:
    """Refuse `needs` and `supersedes` that name no document, or a circle of them."""
    for document in documents.values():
        for name in ("needs", "supersedes"):
            for i, other in enumerate(getattr(document, name)):
                where = marks.get(document.id, Marks(document.id)).where((name, i))
                if other not in documents:
                    found = f"unknown policy '{other}'"
                    raise CaudalError(where, found, nearest(other, documents))
                if other == document.id:
                    raise CaudalError(where, "names itself", "another policy")
    for start in documents:
        seen, todo = {start}, [start]
        while todo:
            current = todo.pop()
            for other in documents[current].supersedes:
                if other == start:
                    where = marks.get(start, Marks(start)).where(("supersedes",))
                    found = f"'{start}' supersedes itself through '{current}'"
                    raise CaudalError(where, found, "no circle of supersession")
                if other not in seen:
                    seen.add(other)
                    todo.append(other)


class _Place(NamedTuple):
    """An entry's place in its file."""

    marks: Marks
    loc: Loc

    def refused(self, name: str, found: str, allowed: str) -> CaudalError:
        """The error for one field of the entry, or the entry itself if `name` is empty."""
        loc = (*self.loc, *name.split(".")) if name else self.loc
        return CaudalError(self.marks.where(loc), found, allowed)


def _check_entry(
    document: Document, lever: Lever, entry: Entry, vocabulary: Vocabulary, place: _Place
) -> None:
    if (entry.from_ is None) == (entry.ended is None):
        found = "neither 'from' nor 'ended'" if entry.from_ is None else "both 'from' and 'ended'"
        raise place.refused("", found, "one of them")
    if entry.ended is not None:
        for name in ("value", "trigger", "until"):
            if getattr(entry, name) is not None:
                raise place.refused(name, f"an end with '{name}'", "ended, known_on, source")
    elif (entry.value is None) == (entry.trigger is None):
        found = "neither 'value' nor 'trigger'" if entry.value is None else "both of them"
        raise place.refused("", found, "one of 'value' and 'trigger'")
    if entry.from_ and entry.until and entry.until <= entry.from_:
        allowed = f"a day after {entry.from_}"
        raise place.refused("until", f"end {entry.until} before start", allowed)
    if entry.setting is not None and not lever.allows(entry.setting):
        name = "trigger.value" if entry.trigger else "value"
        found = f"{entry.setting:g} outside the range of {lever.id}"
        low, high = lever.range
        raise place.refused(name, found, f"{low:g} to {high:g} ({lever.unit})")
    if entry.trigger and entry.trigger.off_below > entry.trigger.on_at_or_above:
        found = "turns off above where it turns on"
        raise place.refused("trigger", found, "off_below ≤ on_at_or_above")
    if entry.blocked and not entry.known_on <= entry.blocked.known_on:
        raise place.refused("blocked", "blocked before it was known", f"{entry.known_on} or later")
    check_who(entry.who, lever.dims, vocabulary, place.marks, (*place.loc, "who"))
    _check_source(document, entry, place)
    if entry.blocked:
        _check_source(document, entry.blocked, _Place(place.marks, (*place.loc, "blocked")))


def _check_source(document: Document, said: Entry | Blocked, place: _Place) -> None:
    if said.source is None:
        if not (said.unverified and said.note):
            allowed = "a key of 'sources', or unverified: true with a note that says why"
            raise place.refused("source", "no source", allowed)
    elif said.source not in document.sources:
        found = f"unknown source '{said.source}'"
        raise place.refused("source", found, nearest(said.source, document.sources))


def _check_order(entries: tuple[Entry, ...], marks: Marks, loc: Loc) -> None:
    """Of two entries for one day the later line holds, so it must be the later known."""
    for i, entry in enumerate(entries):
        for earlier in entries[:i]:
            if earlier.day == entry.day and earlier.known_on > entry.known_on:
                raise CaudalError(
                    marks.where((*loc, i, "known_on")),
                    f"known before the entry above it for the same day {entry.day}",
                    "entries of one day in the order they became known",
                )


def _check_triggers(document: Document, marks: Marks) -> None:
    """All entries of a document that watch one signal on one day are one trigger."""
    terms: dict[tuple, tuple] = {}
    for lever, i, entry in document.entries():
        if entry.trigger:
            t = entry.trigger
            key = (t.signal, entry.day)
            rule = (t.on_at_or_above, t.off_below, t.off_after_days)
            if terms.setdefault(key, rule) != rule:
                raise CaudalError(
                    marks.where(("design", lever, i, "trigger")),
                    f"two thresholds on '{t.signal}' from {entry.day} in one document",
                    "one rule per signal and day, or two documents",
                )
