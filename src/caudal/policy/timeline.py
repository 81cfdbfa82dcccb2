"""The policies on a time axis: rows for a table or for the chart under a report's figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from caudal.policy.vocabulary import in_words

if TYPE_CHECKING:
    from caudal.policy.documents import Document
    from caudal.policy.law import Law


def timeline(law: Law) -> list[dict[str, Any]]:
    """One row per document, by first day: plain values, ready for JSON.

    id, name {en, es}, actor, kind, instrument, supersedes, needs, uncertainty {en, es} or None,
    disputed [{en, es}], sources [{key, title, publisher, date, url}],
    spans    [{from, until or None, value, lever, meaning {en, es}, who, trigger or None, known_on,
             until_known_on or None, source, unverified}] as finally in force; until None where
             still open
    blocked  [{date, what ("start" or "end"), known_on, blocked_on}] announced and then stopped

    Dates are ISO texts.
    """
    rows = [_row(law, document) for document in law.documents]
    return sorted(rows, key=lambda r: (r["spans"][0]["from"] if r["spans"] else "9999", r["id"]))


def _row(law: Law, document: Document) -> dict[str, Any]:
    spans = sorted(
        (span for lever in document.design for span in _spans(law, document, lever)),
        key=lambda s: (s["from"], s["lever"]),
    )
    blocked = [
        {
            "date": entry.day.isoformat(),
            "what": "end" if entry.ended else "start",
            "known_on": entry.known_on.isoformat(),
            "blocked_on": entry.blocked.known_on.isoformat(),
        }
        for _, _, entry in document.entries()
        if entry.blocked
    ]
    return {
        "id": document.id,
        "name": document.name.model_dump(),
        "actor": document.actor,
        "kind": document.kind,
        "instrument": document.instrument,
        "supersedes": list(document.supersedes),
        "needs": list(document.needs),
        "spans": spans,
        "blocked": [b for i, b in enumerate(blocked) if b not in blocked[:i]],
        "sources": [
            {"key": key, **source.model_dump(mode="json")}
            for key, source in document.sources.items()
        ],
        "uncertainty": document.uncertainty.model_dump() if document.uncertainty else None,
        "disputed": [text.model_dump() for text in document.disputed],
    }


def listed(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the timeline in short: first and last day in force, and the levers it sets."""
    ends = [s["until"] for s in row["spans"]]
    return {
        **{name: row[name] for name in ("id", "name", "actor", "kind")},
        "from": row["spans"][0]["from"] if ends else None,
        "until": None if not ends or None in ends else max(ends),
        "levers": sorted({s["lever"] for s in row["spans"]}),
        "unverified": any(s["unverified"] for s in row["spans"]),
    }


def _spans(law: Law, document: Document, lever_id: str) -> list[dict[str, Any]]:
    book = law.book(lever_id)
    steps = [s for s in book.steps.get(document.id, ()) if not s.entry.blocked]
    spans = []
    for position, step in enumerate(steps):
        entry = step.entry
        if entry.from_ is None:
            continue
        left, until = step.cells, entry.until
        told = entry.known_on if until else None
        for later in steps[position + 1 :]:
            left = left & ~later.cells
            if not left.any():  # from that day nothing of this entry holds any more
                if until is None or later.entry.day < until:
                    until, told = later.entry.day, later.entry.known_on
                break
        if until is not None and until <= entry.from_:
            continue
        spans.append(
            {
                "from": entry.from_.isoformat(),
                "until": until.isoformat() if until else None,
                "value": entry.setting,
                "lever": lever_id,
                "meaning": book.lever.meaning.model_dump(),
                "who": in_words(step.cells, book.lever.dims, law.vocabulary),
                "trigger": entry.trigger.model_dump() if entry.trigger else None,
                "known_on": entry.known_on.isoformat(),
                "until_known_on": told.isoformat() if told else None,
                "source": entry.source,
                "unverified": entry.unverified,
            }
        )
    return spans
