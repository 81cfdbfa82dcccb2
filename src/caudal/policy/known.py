"""What the public could know: documents without anything that became known later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from caudal.policy.documents import Document, Entry, Source


def documents_as_known(documents: Sequence[Document], day: dt.date) -> list[Document]:
    """The documents of which something was known on `day`, and only that of them.

    References to documents that were not known fall away with them.
    """
    known = [_document_as_known(document, day) for document in documents]
    kept = [document for document in known if document is not None]
    gone = [a for a, b in zip(documents, known, strict=True) if b is None]
    return without_references(kept, gone)


def documents_as_designed(documents: Sequence[Document], day: dt.date) -> list[Document]:
    """Every policy as it was decided, later ones too, but of events only what was known on `day`."""
    policies = [d for d in documents if d.kind != "event"]
    events = documents_as_known([d for d in documents if d.kind == "event"], day)
    gone = {d.id for d in documents} - {d.id for d in (*policies, *events)}
    return without_references([*policies, *events], [d for d in documents if d.id in gone])


def without_references(kept: Iterable[Document], gone: Iterable[Document]) -> list[Document]:
    """The kept documents, no longer naming those that are gone.

    Who superseded one that is gone supersedes in its place what that one superseded.
    """
    above = {document.id: document.supersedes for document in gone}

    def trimmed(document: Document) -> Document:
        if not above.keys() & {*document.needs, *document.supersedes}:
            return document
        todo, heirs, seen = list(document.supersedes), [], set()
        while todo:
            name = todo.pop(0)
            if name in above and name not in seen:
                todo.extend(above[name])
            elif name not in above and name not in heirs:
                heirs.append(name)
            seen.add(name)
        needs = tuple(i for i in document.needs if i not in above)
        return document.model_copy(update={"supersedes": tuple(heirs), "needs": needs})

    return [trimmed(document) for document in kept]


def _document_as_known(document: Document, day: dt.date) -> Document | None:
    sources = {k: s for k, s in document.sources.items() if s.date and s.date <= day}
    design = {}
    for lever, entries in document.design.items():
        known = tuple(_entry_as_known(e, day, sources) for e in entries if e.known_on <= day)
        if known:
            design[lever] = known
    if not design:
        return None
    return document.model_copy(
        update={"design": design, "sources": sources, "uncertainty": None, "disputed": ()}
    )


def _entry_as_known(entry: Entry, day: dt.date, sources: Mapping[str, Source]) -> Entry:
    source = entry.source if entry.source in sources else None
    blocked = entry.blocked
    if blocked:
        if blocked.known_on > day:
            blocked = None
        else:
            kept = blocked.source if blocked.source in sources else None
            blocked = blocked.model_copy(update={"source": kept, "note": None})
    return entry.model_copy(update={"source": source, "blocked": blocked, "note": None})
