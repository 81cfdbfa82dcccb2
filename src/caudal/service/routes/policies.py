"""Policies, the timeline, and the levers that they set."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from caudal.corridor.policies import ACTORS, VOCABULARY, labels, law, levers
from caudal.errors import CaudalError
from caudal.policy.timeline import listed, timeline
from caudal.service import shapes
from caudal.service.answers import answer
from caudal.service.routes.common import Slug, missing, router

api = router("policies")
Known = Annotated[
    str | None,
    Query(pattern=r"^\d{4}-\d{2}-\d{2}$", description="only what was public on this day"),
]


@api.get("/policies", response_model=shapes.PolicyList)
def every(as_known: Known = None) -> Response:
    """Every policy in short."""
    return answer({"policies": [listed(row) for row in _rows(as_known)]}, keep=True)


@api.get("/policies/{policy_id}", response_model=shapes.OnePolicy)
def one(policy_id: Slug, as_known: Known = None) -> Response:
    """One policy: what it sets for whom and when, what is disputed, and its sources."""
    rows = {row["id"]: row for row in _rows(as_known)}
    if policy_id not in rows:
        from caudal.policy.marks import nearest

        raise missing(f"policy {policy_id}", "unknown", nearest(policy_id, rows))
    return answer({"policy": rows[policy_id]}, keep=True)


@api.get("/timeline", response_model=shapes.Timeline)
def spans(
    actor: Annotated[
        str | None, Query(max_length=80, description="only actors that begin with this")
    ] = None,
    start: Annotated[str | None, Query(alias="from", pattern=r"^\d{4}-\d{2}-\d{2}$")] = None,
    end: Annotated[str | None, Query(alias="to", pattern=r"^\d{4}-\d{2}-\d{2}$")] = None,
    as_known: Known = None,
) -> Response:
    """Every policy with its stretches that touch [from, to), by first day."""
    first, last = _day("from", start), _day("to", end)
    every_row = _rows(as_known)
    rows = [r for r in every_row if r["actor"].startswith(actor or "")]
    if not rows:
        actors = ", ".join(sorted({r["actor"] for r in every_row}))
        raise CaudalError("query 'actor'", repr(actor), actors)
    if first or last:
        rows = [cut for row in rows if (cut := _within(row, first, last))["spans"]]
    named = {axis: _both(names) for axis, names in labels().items()}
    return answer({"timeline": rows, "actors": _both(ACTORS), "names": named}, keep=True)


@api.get("/levers", response_model=shapes.Levers)
def quantities() -> Response:
    """The quantities that governments set, and the groups and places for which they may."""
    rows = [
        {
            "id": lever.id, "unit": lever.unit, "unit_es": lever.unit_es,
            "low": lever.range[0], "high": lever.range[1], "default": lever.default,
            "dims": list(lever.dims), "rule": lever.rule, "meaning": lever.meaning.model_dump(),
        }
        for lever in levers().values()
    ]  # fmt: skip
    return answer({"levers": rows, "vocabulary": {k: list(v) for k, v in VOCABULARY.items()}},
                  keep=True)  # fmt: skip


def _both(names: Any) -> dict[str, dict[str, str]]:
    return {key: {"en": en, "es": es} for key, (en, es) in names.items()}


def _rows(as_known: str | None) -> list[dict[str, Any]]:
    day = _day("as_known", as_known)
    return timeline(law().as_known(day) if day else law())


def _day(name: str, text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise CaudalError(f"query '{name}'", repr(text), "a day that exists, YYYY-MM-DD") from None


def _within(row: dict[str, Any], first: dt.date | None, last: dt.date | None) -> dict[str, Any]:
    low, high = f"{first or ''}", f"{last or '9999'}"
    spans = [s for s in row["spans"] if s["from"] < high and (s["until"] or "9999") > low]
    return {**row, "spans": spans}
