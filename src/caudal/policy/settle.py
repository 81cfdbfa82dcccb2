"""How documents settle on the value of one lever: who sets which cell on a day, as known by a day.

For one document and cell, the entry with the latest day that has come governs (a later line wins a
tie); an `ended` or a passed `until` leaves the cell unset. Between documents the lever's rule
decides. A trigger's value is kept apart, to be used while the trigger is on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from caudal.errors import CaudalError
from caudal.policy.documents import Document, Entry
from caudal.policy.levers import Lever
from caudal.policy.marks import Marks
from caudal.policy.vocabulary import Vocabulary, in_words, mask

ALL_KNOWN = dt.date.max


@dataclass(frozen=True)
class Step:
    """One entry prepared for arithmetic: the cells it is for, and its place in the document."""

    entry: Entry
    index: int
    cells: np.ndarray

    def acts(self, known: dt.date) -> bool:
        """Whether the public of that day holds this entry to be valid."""
        blocked = self.entry.blocked
        return self.entry.known_on <= known and not (blocked and blocked.known_on <= known)


@dataclass(frozen=True)
class Settled:
    """Value of a lever by cell, and, per trigger that may act, its value while that one is on."""

    base: np.ndarray
    triggered: Mapping[str, np.ndarray]


def trigger_id(document_id: str, signal: str) -> str:
    """The name of a document's trigger on a signal."""
    return f"{document_id}:{signal}"


class LeverBook:
    """All that the documents say about one lever."""

    def __init__(
        self,
        lever: Lever,
        documents: Sequence[Document],
        vocabulary: Vocabulary,
        precedence: Mapping[str, frozenset[str]],
        marks: Mapping[str, Marks] | None = None,
    ) -> None:
        """`documents` in an order where whoever supersedes comes later; `precedence` by id."""
        self.lever = lever
        self.vocabulary = vocabulary
        self.default = lever.default_array(vocabulary)
        self._precedence = precedence
        self._marks = marks or {}
        self.steps: dict[str, tuple[Step, ...]] = {}
        for document in documents:
            steps = [
                Step(entry, i, mask(lever.dims, document.who_of(entry), vocabulary))
                for i, entry in enumerate(document.design.get(lever.id, ()))
            ]
            if steps:
                self.steps[document.id] = tuple(sorted(steps, key=lambda s: (s.entry.day, s.index)))

    @property
    def has_triggers(self) -> bool:
        """Whether any entry watches a signal."""
        return any(s.entry.trigger for steps in self.steps.values() for s in steps)

    def days(self) -> set[dt.date]:
        """Every day on which the value may change, as finally known or as ever expected."""
        entries = [s.entry for steps in self.steps.values() for s in steps]
        return {e.day for e in entries} | {e.until for e in entries if e.until}

    def known_days(self) -> set[dt.date]:
        """Every day on which what is known of this lever changes."""
        entries = [s.entry for steps in self.steps.values() for s in steps]
        return {e.known_on for e in entries} | {e.blocked.known_on for e in entries if e.blocked}

    def governing(self, document_id: str, day: dt.date, known: dt.date = ALL_KNOWN) -> np.ndarray:
        """Per cell, the index of the entry in force of one document; -1 where it sets nothing."""
        index = np.full(self.default.shape, -1, np.int32)
        for step in self.steps.get(document_id, ()):
            if step.entry.day > day:
                break
            if step.acts(known):
                over = step.entry.ended or (step.entry.until and step.entry.until <= day)
                index[step.cells] = -1 if over else step.index
        return index

    def settle(self, day: dt.date, known: dt.date = ALL_KNOWN) -> Settled:
        """The lever on `day` by what is known on `known`; float32 arrays over the lever's dims."""
        plain: dict[str, np.ndarray] = {}
        while_on: dict[str, dict[str, np.ndarray]] = {}
        for document_id, steps in self.steps.items():
            index = self.governing(document_id, day, known)
            for step in steps:
                cells = index == step.index
                if not cells.any():
                    continue
                trigger = step.entry.trigger
                if trigger:
                    by_document = while_on.setdefault(trigger_id(document_id, trigger.signal), {})
                else:
                    by_document = plain
                values = by_document.setdefault(document_id, np.full(cells.shape, np.nan))
                values[cells] = step.entry.setting
        self._refuse_conflicts(plain, while_on, day)
        triggered = {name: self._combined(plain, values) for name, values in while_on.items()}
        return Settled(self._combined(plain, {}), triggered)

    def _combined(
        self, plain: Mapping[str, np.ndarray], on: Mapping[str, np.ndarray]
    ) -> np.ndarray:
        result, touched = self.default.astype(float), np.zeros(self.default.shape, bool)
        rule = self.lever.rule
        for document_id in self.steps:
            for values in (plain.get(document_id), on.get(document_id)):
                if values is None:
                    continue
                given = ~np.isnan(values)
                if rule == "sum":
                    result[given] += values[given]
                elif rule == "replace":
                    result[given] = values[given]
                else:
                    pick = np.minimum if rule == "min" else np.maximum
                    first, again = given & ~touched, given & touched
                    result[first] = values[first]
                    result[again] = pick(result[again], values[again])
                touched |= given
        return result.astype(np.float32)

    def _refuse_conflicts(
        self,
        plain: Mapping[str, np.ndarray],
        while_on: Mapping[str, Mapping[str, np.ndarray]],
        day: dt.date,
    ) -> None:
        triggers = [(d, v, name) for name, by_doc in while_on.items() for d, v in by_doc.items()]
        for i, (a, one, first) in enumerate(triggers):
            for b, two, second in triggers[i + 1 :]:
                both = ~np.isnan(one) & ~np.isnan(two)
                if both.any():
                    allowed = f"one trigger at a time (here {first} and {second})"
                    raise self._conflict((a, b), both, f"is under two triggers on {day}", allowed)
        if self.lever.rule != "replace":
            return
        setters = [*plain.items(), *((d, v) for d, v, _ in triggers)]
        for i, (a, one) in enumerate(setters):
            for b, two in setters[i + 1 :]:
                if a == b or a in self._precedence.get(b, ()) or b in self._precedence.get(a, ()):
                    continue
                both = ~np.isnan(one) & ~np.isnan(two)
                if both.any():
                    allowed = f"'{b}' or '{a}' names the other under 'supersedes', or ends before"
                    raise self._conflict((a, b), both, f"is set by two documents on {day}", allowed)

    def _conflict(
        self, documents: tuple[str, str], cells: np.ndarray, what: str, allowed: str
    ) -> CaudalError:
        first, second = documents
        box = in_words(cells, self.lever.dims, self.vocabulary)
        who = "; ".join(f"{axis} {', '.join(v)}" for axis, v in box.items()) or "everyone"
        where = self._marks.get(second, Marks(second)).where(("design", self.lever.id))
        found = f"'{self.lever.id}' {what} for {who}: '{first}' and '{second}'"
        return CaudalError(where, found, allowed)
