"""The ledger of claims: who said what, and how each is tested."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from caudal.corridor import corridor
from caudal.policy.marks import nearest
from caudal.service import shapes
from caudal.service.answers import answer
from caudal.service.routes.common import Slug, missing, router

api = router("claims")


@api.get("/claims", response_model=shapes.Claims)
def every(
    document: Annotated[str | None, Query(pattern=r"^[a-z0-9-]{1,80}$")] = None,
    kind: Annotated[str | None, Query(pattern=r"^[a-z]{1,20}$")] = None,
) -> Response:
    """Every claim of the shipped ledgers, or those of a document or of a kind."""
    rows = [row(e) for e in entries().values()]
    for name, value in (("document", document), ("kind", kind)):
        there = sorted({r[name] for r in rows})
        if value is not None and value not in there:
            raise missing(f"{name} {value}", "unknown", nearest(value, there))
        rows = [r for r in rows if value in (None, r[name])]
    return answer({"claims": rows}, keep=True)


@api.get("/claims/{claim_id}", response_model=shapes.Claim)
def one(claim_id: Slug) -> Response:
    """One claim: who said it, how it is tested, what would change the verdict."""
    found = entries()
    if claim_id not in found:
        raise missing(f"claim {claim_id}", "unknown", nearest(claim_id, found))
    entry = found[claim_id]
    return answer(
        {
            "claim": entry.claim.model_dump(mode="json"),
            "document": entry.document.model_dump(mode="json"),
        },
        keep=True,
    )


@cache
def entries() -> dict[str, Any]:
    """The claims of the shipped ledgers, by id, names checked."""
    from caudal.ask.claims_names import Names
    from caudal.ask.claims_schema import read_ledgers

    here: Any = corridor()
    found = read_ledgers([here.claims.folder])
    Names(here).check(found)
    return {entry.id: entry for entry in found}


def row(entry: Any) -> dict[str, Any]:
    """A claim in short, with the fields of `caudal claims list --json`."""
    claim, document = entry.claim, entry.document
    return {
        "id": claim.id, "document": document.id, "outlet": document.outlet,
        "published": document.published, "rows": list(claim.rows), "said_by": claim.said_by.who,
        "on": claim.on.written, "kind": claim.kind, "text": claim.text.model_dump(),
        "tested": claim.test is not None,
    }  # fmt: skip
