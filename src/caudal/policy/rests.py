"""What is left without its ground: policies still in force that rest on one which a scenario ended.

A document names under `needs` what it has no object without (a state takes families back *because*
there is an order to expel them). The levers act each on its own, so nothing ends by itself; whoever
ends the one is told of the others.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from caudal.policy.documents import Document
    from caudal.policy.law import Law

FOR_EVER = dt.date.max


def in_force(document: Document) -> tuple[dt.date, dt.date]:
    """First day in force and first day no more, over all its levers and groups (blocked ones out).

    `FOR_EVER` where something of it stays open; equal days where it never acts.
    """
    firsts, lasts = [], []
    for entries in document.design.values():
        acting = sorted((e for e in entries if not e.blocked), key=lambda e: e.day)
        starts = [e for e in acting if e.from_]
        if not starts:
            continue
        firsts.append(starts[0].day)
        last = starts[-1]
        ends = [e.day for e in acting if e.ended and e.day >= last.day]
        lasts.append(last.until or (max(ends) if ends else FOR_EVER))
    return (min(firsts), max(lasts)) if firsts else (FOR_EVER, FOR_EVER)


def resting(old: Law, new: Law) -> list[dict[str, Any]]:
    """Rows {policy, ended, left} of policies that `new` ends sooner than `old`, or takes out.

    policy  the id of what ends sooner
    ended   the day on which it now ends, ISO; None where it is taken out
    left    ids of those that name it under `needs` and stay in force beyond that day
    """
    rows = []
    for document in old.documents:
        now = new.get(document.id)
        first, before = in_force(document)
        after = in_force(now)[1] if now else first
        if after >= before:
            continue
        left = [
            other.id
            for other in old.documents
            if document.id in other.needs and _goes_on(new.get(other.id), after)
        ]
        if left:
            rows.append(
                {
                    "policy": document.id,
                    "ended": after.isoformat() if now else None,
                    "left": sorted(left),
                }
            )
    return rows


def _goes_on(document: Document | None, day: dt.date) -> bool:
    return document is not None and in_force(document)[1] > day


def warning(row: dict[str, Any], lang: str = "en") -> str:
    """One line about one row of `resting`, in English or Spanish.

    >>> warning({"policy": "a", "ended": "2022-05-23", "left": ["b", "c"]})
    "'a' now ends on 2022-05-23; left resting on it: b, c (end them too, or take them out)"
    """
    left = ", ".join(row["left"])
    if lang == "es":
        end = f"termina el {row['ended']}" if row["ended"] else "queda fuera"
        return f"'{row['policy']}' ahora {end}; quedan apoyadas en ella: {left} (termínelas o quítelas)"
    end = f"ends on {row['ended']}" if row["ended"] else "is taken out"
    return (
        f"'{row['policy']}' now {end}; left resting on it: {left} (end them too, or take them out)"
    )
