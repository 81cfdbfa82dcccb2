"""What `caudal claims` prints: claims and verdicts, in words and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from caudal.cli.console import console, print_json

if TYPE_CHECKING:
    from caudal.ask.claims import Verdict
    from caudal.ask.claims_schema import Entry


def row(entry: Entry) -> dict[str, Any]:
    """A claim without its verdict, as JSON."""
    claim, document = entry.claim, entry.document
    return {
        "id": claim.id, "document": document.id, "outlet": document.outlet,
        "published": document.published, "rows": claim.rows, "said_by": claim.said_by.who,
        "on": claim.on.written, "kind": claim.kind, "text": claim.text.model_dump(),
        "tested": claim.test is not None,
    }  # fmt: skip


def told(verdict: Verdict) -> dict[str, Any]:
    """A verdict with its words, as JSON."""
    from caudal.report.claims_words import verdict_words

    return {**verdict.as_dict(), "words": verdict_words(verdict)}


def whole(verdict: Verdict) -> dict[str, Any]:
    """What else is told of one claim, as JSON."""
    from caudal.ask import claims_rules
    from caudal.report.claims_asked import asked

    claim = verdict.entry.claim
    change = claim.would_change.model_dump() if claim.would_change else None
    return {
        "said_by": claim.said_by.model_dump(), "on": claim.on.written, "rows": claim.rows,
        "text": claim.text.model_dump(), "test": asked(claim, claims_rules),
        "would_change": change,
    }  # fmt: skip


def tell(verdict: Verdict, lang: str) -> None:
    """Print one claim, its verdict and its evidence."""
    from caudal.ask import claims_rules
    from caudal.report.claims_asked import asked
    from caudal.report.claims_report import shown_words
    from caudal.report.claims_words import said_by, verdict_words, words

    def line(key: str, value: str) -> None:
        console().print(f"{words(key)[lang]}: {value}", markup=False, soft_wrap=True)

    claim, document = verdict.entry.claim, verdict.entry.document
    line("claim", f"{getattr(claim.text, lang)}  ({claim.id})")
    line("outlet", f"{document.outlet}, {document.published}")
    line("who", said_by(claim)[lang])
    line("kind", words(f"kind.{claim.kind}")[lang])
    line("test", asked(claim, claims_rules)[lang])
    line("verdict", verdict_words(verdict)[lang])
    for shown in verdict.evidence:
        told = shown_words(shown)
        line("evidence", told if isinstance(told, str) else told[lang])
    for used in dict.fromkeys(u for s in verdict.evidence for u in s.used):
        line("rests", " · ".join(x for x in (used.id, used.publisher, used.title, used.url) if x))
    for key, text in (("change", claim.would_change), ("note", claim.note)):
        if text is not None:
            line(key, getattr(text, lang))


def well_written(entries: Sequence[Entry], as_json: bool) -> None:
    """Say that ledgers are as the schema asks, and how many claims they hold."""
    if as_json:
        print_json({"claims": [row(e) for e in entries]})
        return
    documents = {e.document.id for e in entries}
    tested = sum(e.claim.test is not None for e in entries)
    typer.echo(
        f"{len(entries)} claims of {len(documents)} documents, {tested} with a test: well written"
    )


def by_outlet(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Verdicts counted by outlet, and of all."""
    from caudal.ask.claims_rules import ANSWERS

    outlets = list(dict.fromkeys(v.entry.document.outlet for v in verdicts))
    rows = []
    for outlet in (*outlets, None):
        mine = [v for v in verdicts if outlet in (None, v.entry.document.outlet)]
        counts = {answer: sum(v.answer == answer for v in mine) for answer in ANSWERS}
        rows.append({"outlet": outlet or "all", **counts, "claims": len(mine)})
    return rows
