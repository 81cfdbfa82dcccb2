"""The ledger of claims: who said what, and how each is tested."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress
from functools import cache
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from caudal.corridor import corridor
from caudal.errors import CaudalError
from caudal.policy.marks import nearest
from caudal.service import shapes
from caudal.service.answers import answer
from caudal.service.kinds.common import RESULT
from caudal.service.routes.common import Slug, missing, router, service

api = router("claims")


@api.get("/claims", response_model=shapes.Claims)
def every(
    request: Request,
    document: Annotated[str | None, Query(pattern=r"^[a-z0-9-]{1,80}$")] = None,
    kind: Annotated[str | None, Query(pattern=r"^[a-z]{1,20}$")] = None,
) -> Response:
    """Every claim of the shipped ledgers, or those of a document or of a kind."""
    judged = verdicts(request)
    rows = [row(e, judged.get(e.id)) for e in entries().values()]
    for name, value in (("document", document), ("kind", kind)):
        there = sorted({r[name] for r in rows})
        if value is not None and value not in there:
            raise missing(f"{name} {value}", "unknown", nearest(value, there))
        rows = [r for r in rows if value in (None, r[name])]
    return answer({"claims": rows}, keep=True)


@api.get("/claims/{claim_id}", response_model=shapes.Claim)
def one(request: Request, claim_id: Slug) -> Response:
    """One claim: who said it, how it is tested, its verdict and evidence, what would change it."""
    from caudal.ask import claims_rules
    from caudal.report.claims_asked import asked

    found = entries()
    if claim_id not in found:
        raise missing(f"claim {claim_id}", "unknown", nearest(claim_id, found))
    entry = found[claim_id]
    return answer(
        {
            "claim": entry.claim.model_dump(mode="json"),
            "document": entry.document.model_dump(mode="json"),
            "asked": asked(entry.claim, claims_rules),
            "verdict": verdicts(request).get(claim_id),
        },
        keep=True,
    )


class Text(BaseModel):
    """A text whose claims are to be proposed."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=60_000)]
    lang: Literal["en", "es"] | None = None
    on: Annotated[
        str | None, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="the day it appeared")
    ] = None


@api.post("/claims/read", response_model=shapes.Proposals)
def proposals(body: Text) -> Response:
    """Draft claims proposed from a text, as `caudal claims read` does; nothing of it is stored."""
    from caudal.ask.reading.drafts import draft_text
    from caudal.ask.reading.reader import read_source
    from caudal.ask.reading.source import parse
    from caudal.ask.reading.told import told

    try:
        day = dt.date.fromisoformat(body.on) if body.on else None
    except ValueError:
        raise CaudalError("on", repr(body.on), "a day that exists, YYYY-MM-DD") from None
    text = body.text.encode("utf-8", "replace").decode("utf-8")
    reading = read_source(parse(text, "text"), _lexicon(), _figures(), body.lang, day)
    drafted = reading.day is not None and (reading.found or reading.causes)
    return answer({**told(reading), "draft": draft_text(reading)[0] if drafted else None})


@cache
def _lexicon() -> Any:
    from caudal.ask.reading.lexicon import read_lexicon
    from caudal.corridor.reading import LEXICON

    return read_lexicon(LEXICON)


@cache
def _figures() -> Any:
    from caudal.ask.reading.known import known_figures
    from caudal.data.store import open_series

    return known_figures(open_series("figures").to_dict("records"))


@cache
def entries() -> dict[str, Any]:
    """The claims of the shipped ledgers, by id, names checked."""
    from caudal.ask.claims import ledger

    return {entry.id: entry for entry in ledger(corridor())}


@cache
def _by_counts(vintage: str) -> dict[str, dict[str, Any]]:
    """Verdicts that need no run, as the counts of a data vintage give them."""
    from caudal.ask.claims import judge
    from caudal.ask.claims_counts import Counts
    from caudal.ask.claims_tests import CauseTest
    from caudal.service.kinds.claims import told

    here: Any = corridor()
    plain = [e for e in entries().values() if not isinstance(e.claim.test, CauseTest)]
    return {v.id: told(v) for v in judge(here, plain, Counts(here), {})}


def verdicts(request: Request) -> dict[str, dict[str, Any]]:
    """Verdicts by claim: of the newest job that judged all, else by counts; causes then lack one."""
    from caudal.data.store import data_vintage

    here = service(request)
    job = here.catalogue.newest("claims")
    judged: list[dict[str, Any]] = []
    if job is not None:
        with suppress(FileNotFoundError):
            text = (here.results.place(job["id"]) / RESULT).read_text("utf-8")
            judged = json.loads(text)["claims"]
    # counts are judged by what is published now; what was run stands as it was run
    return {row["id"]: row for row in judged} | _by_counts(data_vintage())


def row(entry: Any, verdict: dict[str, Any] | None) -> dict[str, Any]:
    """A claim in short, with the fields of `caudal claims list --json` and its verdict.

    verdict  None for a cause whose runs were not made here (`POST /claims/check` makes them)
    """
    claim, document = entry.claim, entry.document
    return {
        "id": claim.id, "document": document.id, "outlet": document.outlet,
        "published": document.published, "rows": list(claim.rows), "said_by": claim.said_by.who,
        "on": claim.on.written, "kind": claim.kind, "text": claim.text.model_dump(),
        "tested": claim.test is not None,
        "verdict": verdict["verdict"] if verdict else None,
        "words": verdict["words"] if verdict else None,
    }  # fmt: skip
