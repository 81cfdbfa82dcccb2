"""What the public could know: documents without anything that became known later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from caudal.policy.documents import Document, Entry, Source


def documents_as_known(documents: Iterable[Document], day: dt.date) -> list[Document]:
    """The documents of which something was known on `day`, and only that of them.

    References to documents that were not known fall away with them.
    """
    kept = [_document_as_known(document, day) for document in documents]
    present = {d.id: d for d in kept if d is not None}
    return [
        d.model_copy(
            update={
                "supersedes": tuple(i for i in d.supersedes if i in present),
                "needs": tuple(i for i in d.needs if i in present),
            }
        )
        for d in present.values()
    ]


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
