"""The ledger of claims: who said what, and how each is tested."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from caudal.corridor import corridor
from caudal.errors import CaudalError
from caudal.policy.marks import nearest
from caudal.service import judged, shapes
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
    rows = [judged.row(c["claim"], c["document"], c["verdict"]) for c in ledger(request).values()]
    for name, value in (("document", document), ("kind", kind)):
        there = sorted({r[name] for r in rows})
        if value is not None and value not in there:
            raise missing(f"{name} {value}", "unknown", nearest(value, there))
        rows = [r for r in rows if value in (None, r[name])]
    return answer({"claims": rows}, keep=True)


@api.get("/claims/{claim_id}", response_model=shapes.Claim)
def one(request: Request, claim_id: Slug) -> Response:
    """One claim: who said it, how it is tested, its verdict and evidence, what would change it."""
    found = _known(ledger(request), claim_id)
    shown = {k: v for k, v in found.items() if k != "drawn"}
    return answer({**shown, "names": named(found["claim"])}, keep=True)


@api.get("/claims/{claim_id}/drawn", response_model=shapes.Drawn)
def drawn(request: Request, claim_id: Slug) -> Response:
    """The published counts that a claim speaks of, around its period, with what it says of them."""
    from caudal.ask.claims_counts import Counts

    known = _known(ledger(request), claim_id)
    shown = known.get("drawn") or judged.draw(entries()[claim_id], Counts(_corridor()))
    return answer(shown, keep=True)


def _corridor() -> Any:
    return corridor()


def named(claim: Any) -> dict[str, Any]:
    """Series, variables, scenarios, policies, columns and labels of a claim's test → their names."""
    from caudal.corridor.variables import VARIABLES
    from caudal.service.series_chart import called, column_name, label_name

    here, out = corridor(), {}
    for key, name in _mentions(claim["test"]):
        if key == "of":
            about = VARIABLES.get(name)
            out[name] = {"en": about.en, "es": about.es} if about else called().get(name)
        elif key.startswith("where."):
            column = key.removeprefix("where.")
            out |= {column: column_name(column), name: label_name(column, name)}
        elif key == "without":
            out[name] = here.scenario(name).title.model_dump()
        else:
            known = {d.id: d.name.model_dump() for d in here.law.documents}
            out[name] = known.get(name)
    return out


def _mentions(part: Any) -> Iterator[tuple[str, str]]:
    """Names inside a test, with the field that names them."""
    if isinstance(part, list):
        for inner in part:
            yield from _mentions(inner)
    elif isinstance(part, dict):
        for key, inner in part.items():
            if key in ("of", "without", "policy") and isinstance(inner, str):
                yield key, inner
            elif key == "where":
                yield from (
                    (f"where.{c}", label) for c, labels in inner.items() for label in labels
                )
            else:
                yield from _mentions(inner)


def _known(found: dict[str, Any], claim_id: str) -> Any:
    if claim_id not in found:
        raise missing(f"claim {claim_id}", "unknown", nearest(claim_id, found))
    return found[claim_id]


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
    from caudal.ask.claims_counts import Counts
    from caudal.ask.reading.drafts import draft_text
    from caudal.ask.reading.reader import read_source
    from caudal.ask.reading.source import parse
    from caudal.ask.reading.told import told
    from caudal.service.counted import changed, counted

    try:
        day = dt.date.fromisoformat(body.on) if body.on else None
    except ValueError:
        raise CaudalError("on", repr(body.on), "a day that exists, YYYY-MM-DD") from None
    text = body.text.encode("utf-8", "replace").decode("utf-8")
    reading = read_source(parse(text, "text"), _lexicon(), _figures(), body.lang, day)
    drafted = reading.day is not None and (reading.found or reading.causes)
    found, counts = told(reading), Counts(_corridor())
    beside: dict[str, dict[str, Any] | None] = {}
    for figure in found["figures"]:
        key = json.dumps([figure["quantity"], figure["period"]])
        if key not in beside:
            beside[key] = counted(figure, counts) if len(beside) < BESIDE else None
        figure["counted"] = beside[key]
        figure["changed"] = changed(figure, counts) if len(beside) < BESIDE else None
    return answer({**found, "draft": draft_text(reading)[0] if drafted else None})


BESIDE = 60
"""The most different counts that are looked up beside the numbers of one text."""


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
    """Every claim as judged by the counts of a data vintage; causes as they were shipped."""
    from caudal.ask.claims import judge
    from caudal.ask.claims_counts import Counts
    from caudal.ask.claims_tests import CauseTest
    from caudal.service.kinds.claims import told

    found = entries()
    tests = {i: e.claim.test.model_dump(mode="json") for i, e in found.items() if e.claim.test}
    plain = [e for e in found.values() if not isinstance(e.claim.test, CauseTest)]
    verdicts = judged.causes(tests, vintage)
    verdicts |= {v.id: told(v) for v in judge(_corridor(), plain, Counts(_corridor()), {})}
    return {i: judged.told(e, verdicts.get(i)) for i, e in found.items()}


def _shipped(vintage: str) -> dict[str, dict[str, Any]]:
    """Every claim as the shipped file has it; only where it is current."""
    held = judged.shipped() or {}
    made, out = held["about"]["causes"], {}
    for row in held["claims"]:
        verdict = row["verdict"]
        if verdict and judged.is_cause(row["claim"]):
            verdict = judged.dated(verdict, made, vintage)
        document = held["documents"][row["document"]]
        out[row["claim"]["id"]] = {**row, "document": document, "verdict": verdict}
    return out


def ledger(request: Request) -> dict[str, dict[str, Any]]:
    """Claims with verdicts, by id: counts as they are today, causes of the newest job that judged
    all, else as shipped."""
    from caudal.data.store import data_vintage

    vintage = data_vintage()
    found = _shipped(vintage) if judged.current(vintage) else _by_counts(vintage)
    here = service(request)
    job = here.catalogue.newest("claims")
    if job is None or not here.results.whole(job["id"]):
        return found
    try:
        asked = json.loads((here.results.place(job["id"]) / RESULT).read_text("utf-8"))
    except FileNotFoundError:  # a newer one has just taken its place, or it was removed
        return found
    made = asked.get("made") or {"members": job["request"]["members"]}
    out = dict(found)
    for verdict in asked["claims"]:  # counts are judged by what is published now
        told = out.get(verdict["id"])
        if told and judged.is_cause(told["claim"]):
            dated = judged.dated(verdict, made, vintage)
            out[verdict["id"]] = {**told, "verdict": dated}
    return out
