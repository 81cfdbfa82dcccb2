"""The law: all policy documents together, immutable, asked for a day or compiled for a span.

    law = Law.load([folder], levers, vocabulary)
    law.on(date(2022, 6, 1))["us.title42.expulsion"]      # read-only float32 array
    law.as_known(date(2022, 4, 15))                       # what a forecast of that day may use
    law.overlaid({"us-title-42": {"ended": date(2024, 5, 12)}})
    law.compile(date(2018, 1, 1), date(2026, 6, 1))       # tables for the simulator

Outside its dates a document leaves the law unchanged, and an empty overlay gives an equal law.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from caudal.errors import CaudalError
from caudal.policy.checks import check_document, check_references
from caudal.policy.documents import Document, Entry, read_document
from caudal.policy.known import documents_as_designed, documents_as_known
from caudal.policy.levers import LeverRegistry
from caudal.policy.marks import Marks, nearest
from caudal.policy.settle import ALL_KNOWN, LeverBook
from caudal.policy.vocabulary import Vocabulary

if TYPE_CHECKING:
    from caudal.policy.compile import CompiledLaw


class Law:
    """Documents, levers and the vocabulary of their axes. Never changed once made."""

    def __init__(
        self,
        documents: Iterable[Document],
        levers: LeverRegistry,
        vocabulary: Vocabulary,
        marks: Mapping[str, Marks] | None = None,
    ) -> None:
        """Documents are taken as checked one by one (`load` does it); their joint sense is checked.

        Raises CaudalError where two documents set one `replace` lever for the same cells on the
        same day, by anything that was ever known, and neither supersedes the other.
        """
        by_id = {d.id: d for d in sorted(documents, key=lambda d: d.id)}
        self._documents: Mapping[str, Document] = by_id
        self.levers = levers
        self.vocabulary = {axis: tuple(values) for axis, values in vocabulary.items()}
        self._marks = dict(marks or {})
        above = {name: _superseded(name, by_id) for name in by_id}
        # Whoever supersedes comes after all it supersedes; otherwise by id, so files' order is mute
        ordered = sorted(by_id.values(), key=lambda d: (len(above[d.id]), d.id))
        self._books = {
            name: LeverBook(lever, ordered, self.vocabulary, above, self._marks)
            for name, lever in levers.items()
        }
        for book in self._books.values():
            if len(book.steps) > 1 and (book.lever.rule == "replace" or book.has_triggers):
                for known in sorted({*book.known_days(), ALL_KNOWN}):
                    for day in sorted(book.days()):
                        book.settle(day, known)

    @classmethod
    def load(
        cls,
        folders: Path | str | Iterable[Path | str],
        levers: LeverRegistry,
        vocabulary: Vocabulary,
    ) -> Law:
        """Read every `*.yaml` of the folder(s) as one policy document each.

        Raises CaudalError (one line: file, line, field, found, allowed) for the first fault.
        """
        paths = [folders] if isinstance(folders, Path | str) else list(folders)
        documents: dict[str, Document] = {}
        marks: dict[str, Marks] = {}
        for folder in map(Path, paths):
            if not folder.is_dir():
                raise CaudalError(str(folder), "no such folder", "a folder of policy documents")
            for path in sorted(folder.glob("*.yaml")):
                document, lines = read_document(path)
                check_document(document, levers, vocabulary, lines)
                if document.id in documents:
                    other = marks[document.id].file
                    found = f"'{document.id}' is also the id of {other}"
                    raise CaudalError(lines.where(("id",)), found, "an id of its own")
                documents[document.id], marks[document.id] = document, lines
        check_references(documents, marks)
        return cls(documents.values(), levers, vocabulary, marks)

    # -- what it holds ---------------------------------------------------------------------------

    @property
    def documents(self) -> tuple[Document, ...]:
        """All documents, in the order of their ids."""
        return tuple(self._documents.values())

    def __getitem__(self, policy_id: str) -> Document:
        """The document of that id; CaudalError with the nearest id if there is none."""
        try:
            return self._documents[policy_id]
        except KeyError:
            found = f"unknown policy '{policy_id}'"
            raise CaudalError("policy", found, nearest(policy_id, self._documents)) from None

    def get(self, policy_id: str) -> Document | None:
        """The document of that id, or None."""
        return self._documents.get(policy_id)

    def __contains__(self, policy_id: object) -> bool:
        return policy_id in self._documents

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Law):
            return NotImplemented
        same = self._documents == other._documents and dict(self.levers) == dict(other.levers)
        return same and self.vocabulary == other.vocabulary

    __hash__ = None  # type: ignore[assignment]  # use fingerprint()

    def fingerprint(self) -> str:
        """sha256 (hex) of all that acts: dates, values, groups, levers; not of names and notes."""
        acting = {
            "documents": [_acting(d) for d in self.documents],
            "levers": {
                n: lever.model_dump(exclude={"meaning"}) for n, lever in self.levers.items()
            },
            "vocabulary": self.vocabulary,
        }
        text = json.dumps(acting, sort_keys=True, default=str, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    # -- other laws from it ----------------------------------------------------------------------

    def as_known(self, day: dt.date) -> Law:
        """The law as the public could know it on `day`: nothing dated or written later is in it.

        Entries, ends and blockings known after `day` are gone, and so are publications that had
        not appeared, and the hindsight in notes, uncertainty and disputes.
        """
        return Law(
            documents_as_known(self.documents, day), self.levers, self.vocabulary, self._marks
        )

    def as_designed(self, day: dt.date) -> Law:
        """What governments decided, then and later, with no event that `day` did not know of.

        For forecasts that are given the calendar of policies: never for blind ones.
        """
        documents = documents_as_designed(self.documents, day)
        return Law(documents, self.levers, self.vocabulary, self._marks)

    def overlaid(self, overlay: Mapping[str, Any], marks: Marks | None = None) -> Law:
        """The law with a scenario's changes; see `caudal.policy.overlay` for what may be written.

        `marks` locate the overlay's lines for errors. An empty overlay returns an equal law, and
        overlays on different policies, or on different levers of one, commute.
        """
        from caudal.policy.overlay import overlaid

        documents, lines = overlaid(self, overlay, marks)
        return Law(documents, self.levers, self.vocabulary, {**self._marks, **lines})

    # -- its values ------------------------------------------------------------------------------

    def on(self, day: dt.date) -> LawView:
        """The levers in force on one day, triggers off. Read-only."""
        return LawView(self, day)

    def compile(self, start: dt.date, end: dt.date) -> CompiledLaw:
        """Tables of every lever for the days of [start, end); see `caudal.policy.compile`."""
        from caudal.policy.compile import compile_law

        return compile_law(self, start, end)

    def compile_announced(self, start: dt.date, end: dt.date, lead_days: int) -> CompiledLaw:
        """For each day t of [start, end), the law of t + lead_days by what was known on t."""
        from caudal.policy.compile import compile_law

        return compile_law(self, start, end, lead_days=lead_days)

    def book(self, lever_id: str) -> LeverBook:
        """All that the documents say about one lever."""
        try:
            return self._books[lever_id]
        except KeyError:
            found = f"unknown lever '{lever_id}'"
            raise CaudalError("lever", found, nearest(lever_id, self._books)) from None

    def signals(self) -> dict[str, str]:
        """Every signal that a trigger watches, with the file, line and field that names it."""
        return {
            entry.trigger.signal: self.marks(d.id).where(("design", lever, i, "trigger", "signal"))
            for d in self.documents
            for lever, i, entry in d.entries()
            if entry.trigger
        }

    def marks(self, policy_id: str) -> Marks:
        """Where the document stands in its file."""
        return self._marks.get(policy_id, Marks(policy_id))


class LawView:
    """The law on one day: `view[lever]` is a read-only float32 array over the lever's dims."""

    def __init__(self, law: Law, day: dt.date) -> None:
        self.law = law
        self.day = day
        self._values: dict[str, np.ndarray] = {}

    def __getitem__(self, lever_id: str) -> np.ndarray:
        if lever_id not in self._values:
            values = self.law.book(lever_id).settle(self.day).base
            values.setflags(write=False)
            self._values[lever_id] = values
        return self._values[lever_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.law.levers)

    def value(self, lever_id: str, **cell: str) -> float:
        """The lever for one group and place: `view.value("mx.visa_required", nationality="VEN")`.

        Every axis of the lever must be named; CaudalError otherwise.
        """
        return float(self[lever_id][self._index(lever_id, cell)])

    def explain(self, lever_id: str, **cell: str) -> list[dict[str, Any]]:
        """Which documents set the lever for a group and place, with value, dates and source.

        An axis left out means anywhere on it. Fields: document, name, value, from, until,
        known_on, trigger, source, unverified.
        """
        book = self.law.book(lever_id)
        index = self._index(lever_id, cell, partial=True)
        rows = []
        for document_id, steps in book.steps.items():
            governing = set(np.unique(book.governing(document_id, self.day)[index]).tolist())
            for step in steps:
                if step.index in governing:
                    rows.append(_explained(self.law[document_id], step.entry))
        return rows

    def _index(self, lever_id: str, cell: Mapping[str, str], partial: bool = False) -> tuple:
        dims = self.law.book(lever_id).lever.dims
        for axis in cell:
            if axis not in dims:
                raise CaudalError(lever_id, f"no axis '{axis}' here", nearest(axis, dims))
        index: list[Any] = []
        for axis in dims:
            values = self.law.vocabulary[axis]
            if axis not in cell and partial:
                index.append(slice(None))
            elif cell.get(axis) not in values:
                found = f"unknown {axis} '{cell[axis]}'" if axis in cell else f"{axis} missing"
                raise CaudalError(lever_id, found, nearest(str(cell.get(axis)), values))
            else:
                index.append(values.index(cell[axis]))
        return tuple(index)


def _superseded(name: str, documents: Mapping[str, Document]) -> frozenset[str]:
    """All that a document supersedes, directly or through others."""
    found: set[str] = set()
    todo = [name]
    while todo:
        for other in documents[todo.pop()].supersedes:
            if other in documents and other not in found:
                found.add(other)
                todo.append(other)
    return frozenset(found)


def _acting(document: Document) -> dict[str, Any]:
    words = {"source": True, "unverified": True, "note": True}
    entries = {
        lever: [e.model_dump(mode="json", exclude={**words, "blocked": words}) for e in entries]
        for lever, entries in document.design.items()
    }
    return {
        "id": document.id,
        "who": document.model_dump(mode="json", include={"who"})["who"],
        "supersedes": sorted(document.supersedes),
        "design": entries,
    }


def _explained(document: Document, entry: Entry) -> dict[str, Any]:
    return {
        "document": document.id,
        "name": document.name.model_dump(),
        "value": entry.setting,
        "from": entry.from_,
        "until": entry.until,
        "known_on": entry.known_on,
        "trigger": entry.trigger.model_dump() if entry.trigger else None,
        "source": entry.source,
        "unverified": entry.unverified,
    }
