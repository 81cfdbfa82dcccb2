"""A reading as plain values, for JSON."""

from __future__ import annotations

from typing import Any

from caudal.ask.reading.drafts import counted_by, elsewhere, quantity, span
from caudal.ask.reading.reader import Cause, Found, Reading
from caudal.ask.reading.words import paraphrase


def told(reading: Reading) -> dict[str, Any]:
    """The reading as JSON."""
    return {
        "file": reading.source.name,
        "language": reading.language.code,
        "day": reading.day,
        "figures": [_figure(reading, f) for f in reading.found],
        "causes": [_cause(reading, c) for c in reading.causes],
        "vague": [{"start": n.start, "end": n.end, "unit": n.unit} for n in reading.vague],
        "cut": reading.cut,
    }


def _figure(reading: Reading, found: Found) -> dict[str, Any]:
    start, end = span(reading, found)
    known = found.known
    return {
        "start": start,
        "end": end,
        "values": [n.value for n in found.numbers],
        "unit": found.numbers[0].unit,
        "kind": found.numbers[0].kind,
        "says": "between" if len(found.numbers) == 2 else found.bound,
        "series": found.series,
        "topic": found.topic.id if found.topic else None,
        "quantity": quantity(found),
        "group": found.group,
        "place": found.place,
        "elsewhere": elsewhere(found),
        "period": found.period,
        "change": (
            {"quantity": counted_by(found), "before": found.change[0], "after": found.change[1]}
            if found.change
            else None
        ),
        "known": {"id": known.id, "value": known.value, "period": known.period} if known else None,
        "speaker": vars(found.speaker) if found.speaker else None,
        "text": paraphrase(found),
        "confidence": found.confidence,
    }


def _cause(reading: Reading, cause: Cause) -> dict[str, Any]:
    start, end = span(reading, cause)
    return {
        "start": start,
        "end": end,
        "cue": cause.cue,
        "speaker": vars(cause.speaker) if cause.speaker else None,
        "confidence": cause.confidence,
    }
