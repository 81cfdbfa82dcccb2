"""When something happened: the point at which a series peaked or passed a level, a policy's day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from caudal.ask.claims_counts import Counts, Missing, Path, Used
from caudal.ask.claims_rules import Happened
from caudal.ask.claims_tests import CountedEvent, PolicyEvent
from caudal.ask.claims_time import Period
from caudal.errors import CaudalError


@dataclass(frozen=True)
class Found:
    """An event: when, the number at that point (NaN for a policy), or why nobody can tell."""

    when: Happened
    value: float = float("nan")
    name: str = ""
    used: tuple[Used, ...] = ()
    missing: Missing | None = None


NEVER = Happened(None, None)


def found_event(event: CountedEvent | PolicyEvent, counts: Counts, law: Any) -> Found:
    """When an event fell, by what was known on the counts' day."""
    if isinstance(event, PolicyEvent):
        return _of_policy(event, counts, law)
    path = counts.path(event.quantity)
    why = _missing(path, event)
    if why is not None:
        return Found(NEVER, used=path.used, missing=why)
    inside = path.inside(event.within)
    values = path.values[inside]
    at = _place(values, event)
    if at is None:
        return Found(NEVER, used=path.used)
    start, end = (dt.date.fromisoformat(str(x[inside][at])) for x in (path.starts, path.ends))
    return Found(Happened(start, end), float(values[at]), "", path.used)


def _place(values: np.ndarray, event: CountedEvent) -> int | None:
    if event.what in ("peak", "trough"):
        return int(np.argmax(values) if event.what == "peak" else np.argmin(values))
    above = np.flatnonzero(values >= event.level)
    if not len(above):
        return None
    return int(above[0] if event.what == "first_above" else above[-1])


def _missing(path: Path, event: CountedEvent) -> Missing | None:
    """Why the points that decide are not all counted; None where they are.

    For the first point above a level later points do not matter.
    """
    if event.within is None:
        return None if path.inside(None).any() else "nothing counted"
    inside = path.inside(event.within)
    if event.what == "first_above" and inside.any():
        above = np.flatnonzero(path.values[inside] >= (event.level or 0.0))
        if len(above):
            until = dt.date.fromisoformat(str(path.ends[inside][above[0]]))
            return path.missing(Period(event.within.start, until, ""))
    return path.missing(event.within)


def _of_policy(event: PolicyEvent, counts: Counts, law: Any) -> Found:
    known = law if counts.known is None else law.as_known(counts.known)
    try:
        document = known[event.policy]
    except CaudalError:
        return Found(NEVER, name=event.policy, missing="not yet counted")
    entries = [entry for _, _, entry in document.entries() if not entry.blocked]
    days = {
        "starts": [e.from_ for e in entries if e.from_],
        "ends": [d for e in entries for d in (e.ended, e.until) if d],
        "announced": [entry.known_on for _, _, entry in document.entries()],
    }[event.what]
    used = tuple(
        Used(document.id, s.publisher, s.title, s.url or "", "day", str(s.date or ""))
        for s in list(document.sources.values())[:3]
    )
    if not days:
        return Found(NEVER, name=event.policy, used=used)
    day = max(days) if event.what == "ends" else min(days)
    return Found(Happened(day, day + dt.timedelta(1)), name=event.policy, used=used)


def happened(found: Found) -> str:
    """The day, or the month, year or span of days, in which it fell; "" where it did not.

    >>> happened(Found(Happened(dt.date(2021, 3, 1), dt.date(2021, 4, 1))))
    '2021-03'
    """
    start, end = found.when.start, found.when.end
    if start is None or end is None:
        return ""
    if (end - start).days == 1:
        return start.isoformat()
    if start.day == 1 and (start + dt.timedelta(31)).replace(day=1) == end:
        return f"{start:%Y-%m}"
    return f"{start} – {end - dt.timedelta(1)}"
