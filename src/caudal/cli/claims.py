"""`caudal claims`: who said what, and what the counts and the model say to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caudal.cli.claims_read import read
from caudal.cli.console import Json, print_json, table
from caudal.errors import CaudalError

if TYPE_CHECKING:
    from caudal.ask.claims_schema import Entry

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Who said what, tested against the counts and the model: list, show, check, …",
)

Own = Annotated[
    list[Path] | None,
    typer.Option(
        "--ledger", help="A folder (or file) of your own, read instead of the shipped ledgers."
    ),
]
Language = Annotated[str, typer.Option("--lang", help="Language of what was said: en or es.")]
app.command("read")(read)


@app.command("list")
def list_(
    ledger: Own = None,
    document: Annotated[
        str | None, typer.Option("--document", help="Only claims of this document, by its id.")
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only claims of this kind.")] = None,
    lang: Language = "en",
    as_json: Json = False,
) -> None:
    """List the claims: who said it, where, of what kind."""
    _language(lang)
    entries = chosen(_entries(ledger), document, kind)
    if as_json:
        print_json({"claims": [_row(e) for e in entries]})
        return
    table(
        ["id", "outlet", "on", "said by", "kind", "claim"],
        [
            [e.id, e.document.outlet, e.claim.on.written, e.claim.said_by.who, e.claim.kind,
             getattr(e.claim.text, lang)]
            for e in entries
        ],
    )  # fmt: skip


@app.command()
def check(
    ledger: Own = None,
    schema_only: Annotated[
        bool, typer.Option("--schema-only", help="Only whether the ledgers are well written.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Judge every claim by the written rules (docs/claims.md)."""
    entries = _entries(ledger)
    if not schema_only:
        raise CaudalError("claims check", "verdicts are not there yet", "--schema-only")
    if as_json:
        print_json({"claims": [_unjudged(e) for e in entries]})
        return
    documents = {e.document.id for e in entries}
    tested = sum(e.claim.test is not None for e in entries)
    typer.echo(
        f"{len(entries)} claims of {len(documents)} documents, {tested} with a test: well written"
    )


def _entries(ledger: list[Path] | None) -> tuple[Entry, ...]:
    from caudal.ask.claims_names import Names
    from caudal.ask.claims_schema import read_ledgers
    from caudal.corridor import corridor

    here: Any = corridor()
    entries = read_ledgers(ledger or [here.claims.folder])
    Names(here).check(entries)
    return entries


def chosen(entries: tuple[Entry, ...], document: str | None, kind: str | None) -> list[Entry]:
    """The claims of a document and a kind; CaudalError for names that no claim has."""
    from caudal.ask.claims_schema import KINDS
    from caudal.policy.marks import nearest

    documents = sorted({e.document.id for e in entries})
    if document is not None and document not in documents:
        raise CaudalError("--document", f"unknown '{document}'", nearest(document, documents))
    if kind is not None and kind not in KINDS:
        raise CaudalError("--kind", f"unknown '{kind}'", ", ".join(KINDS))
    return [
        e for e in entries if document in (None, e.document.id) and kind in (None, e.claim.kind)
    ]


def _row(entry: Entry) -> dict[str, Any]:
    claim, document = entry.claim, entry.document
    return {
        "id": claim.id, "document": document.id, "outlet": document.outlet,
        "published": document.published, "rows": claim.rows, "said_by": claim.said_by.who,
        "on": claim.on.written, "kind": claim.kind, "text": claim.text.model_dump(),
        "tested": claim.test is not None,
    }  # fmt: skip


def _unjudged(entry: Entry) -> dict[str, Any]:
    claim = entry.claim
    source = f"{entry.document.outlet}, {entry.document.published}"
    return {"id": claim.id, "source": source, "kind": claim.kind, "verdict": None, "evidence": []}


def _language(lang: str) -> None:
    if lang not in ("en", "es"):
        raise CaudalError("--lang", f"'{lang}'", "en, es")
