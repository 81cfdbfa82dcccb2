"""`caudal claims`: who said what, and what the counts and the model say to it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from caudal.cli import complete, typed
from caudal.cli.claims_read import read
from caudal.cli.claims_told import by_outlet, row, tell, told, well_written, whole
from caudal.cli.console import Json, print_json, progress, table
from caudal.cli.engines import Address, Where, Workers, engine_for
from caudal.errors import CaudalError

if TYPE_CHECKING:
    from caudal.ask.claims import Verdict
    from caudal.ask.claims_schema import Entry
    from caudal.compute.engines import Engine

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Who said what, and whether it holds: list, show, check, new, report, export.",
)

Own = Annotated[
    list[Path] | None,
    typer.Option(
        "--ledger",
        help="A folder (or file) of your own, read instead of the shipped ledgers; may be repeated.",
    ),
]
Language = Annotated[str, typer.Option("--lang", help="Language of texts: en or es.")]
Known = Annotated[
    str | None, typer.Option("--known", help="Only what was public on this day, YYYY-MM-DD.")
]
Draws = Annotated[int, typer.Option("--members", help="Draws by which causes are judged.")]
Out = Annotated[Path, typer.Option("--out", help="The file to write.")]
OfDocument = Annotated[
    str | None, typer.Option("--document", help="Only claims of this document, by its id.")
]
OfKind = Annotated[str | None, typer.Option("--kind", help="Only claims of this kind.")]
MEMBERS = 96
SHOWN = 400
"""Characters of a verdict that a table shows; `show` tells all."""

app.command("read")(read)


@app.command("list")
def list_(
    ledger: Own = None,
    document: OfDocument = None,
    kind: OfKind = None,
    verdict: Annotated[
        str | None, typer.Option("--verdict", help="Only claims with this verdict (judges them).")
    ] = None,
    lang: Language = "en",
    as_json: Json = False,
) -> None:
    """List the claims: who said it, where, of what kind."""
    typed.language(lang)
    entries = _chosen(_entries(ledger), document, kind)
    if verdict is not None:
        from caudal.ask.claims_rules import ANSWERS

        if verdict not in ANSWERS:
            raise CaudalError("--verdict", f"unknown '{verdict}'", ", ".join(ANSWERS))
        judged = _judged(entries, None, MEMBERS, as_json)
        entries = [v.entry for v in judged if v.answer == verdict]
    if as_json:
        print_json({"claims": [row(e) for e in entries]})
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
def show(
    claim: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="Id of a claim (see list).", autocompletion=complete.claims
        ),
    ],
    ledger: Own = None,
    known: Known = None,
    members: Draws = MEMBERS,
    lang: Language = "en",
    as_json: Json = False,
) -> None:
    """Show one claim: its test in words, verdict and evidence.

    With who said it, and what would change the verdict.
    """
    from caudal.policy.marks import nearest

    typed.language(lang)
    entries = _entries(ledger)
    found = [e for e in entries if e.id == claim]
    if not found:
        raise CaudalError("ID", f"unknown claim '{claim}'", nearest(claim, [e.id for e in entries]))
    verdict = _judged(found, known, members, as_json)[0]
    if as_json:
        print_json({"claim": {**told(verdict), **whole(verdict)}})
        return
    tell(verdict, lang)


@app.command()
def check(
    ledger: Own = None,
    document: OfDocument = None,
    known: Known = None,
    members: Draws = MEMBERS,
    schema_only: Annotated[
        bool, typer.Option("--schema-only", help="Only whether the ledgers are well written.")
    ] = False,
    lang: Language = "en",
    where: Where = "local",
    address: Address = "",
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Judge every claim by the written rules (docs/claims.md).

    Prints the verdicts, and how many of each by outlet.
    """
    typed.language(lang)
    entries = _chosen(_entries(ledger), document, None)
    if schema_only:
        well_written(entries, as_json)
        return
    engine = engine_for(where, address, workers)
    verdicts = _judged(entries, known, members, as_json, engine)
    if as_json:
        print_json({"claims": [told(v) for v in verdicts], "outlets": by_outlet(verdicts)})
        return
    from caudal.report.claims_report import drafts
    from caudal.report.claims_words import unconfirmed, verdict_words

    rows = []
    for v in verdicts:
        said = verdict_words(v)[lang]
        rows.append([v.id, v.entry.claim.kind, said[:SHOWN] + ("…" if len(said) > SHOWN else "")])
    table(["id", "kind", "verdict"], rows)
    counts = by_outlet(verdicts)
    heads = [head for head in counts[0] if head != "outlet"]
    table(["outlet", *heads], [[c["outlet"], *(c[h] for h in heads)] for c in counts], right=heads)
    if any(map(unconfirmed, verdicts)):
        typer.echo(drafts(verdicts)[lang])


@app.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A ledger of your own, ….yaml.")],
) -> None:
    """Write a ledger to fill in; never over a file that is there."""
    from caudal.ask.claims_new import new_ledger

    typer.echo(str(new_ledger(file, dt.date.today())))


@app.command()
def report(
    ledger: Own = None,
    known: Known = None,
    members: Draws = MEMBERS,
    out: Out = Path("claims.html"),
    lang: Language = "en",
) -> None:
    """Write claims and verdicts as one HTML file (en, es)."""
    from caudal.ask import claims_rules
    from caudal.report.claims_report import claims_document

    typed.language(lang)
    _writable(out)
    verdicts = _judged(_entries(ledger), known, members, quiet=False)
    _write(out, claims_document(verdicts, claims_rules, known or "", lang))


@app.command()
def export(
    ledger: Own = None,
    known: Known = None,
    members: Draws = MEMBERS,
    out: Out = Path("claims.jsonld"),
    lang: Language = "en",
) -> None:
    """Write the verdicts as schema.org ClaimReview (JSON-LD)."""
    from caudal.report.claims_export import claim_reviews

    typed.language(lang)
    _writable(out)
    verdicts = _judged(_entries(ledger), known, members, quiet=False)
    _write(out, json.dumps(claim_reviews(verdicts, lang), ensure_ascii=False, indent=2) + "\n")


def _entries(ledger: list[Path] | None) -> Sequence[Entry]:
    from caudal.ask.claims import ledger as load
    from caudal.corridor import corridor

    return load(corridor(), ledger or [])


def _judged(
    entries: Sequence[Entry], known: str | None, members: int, quiet: bool, engine: Engine | int = 2
) -> list[Verdict]:
    from caudal.ask.claims import check as judge
    from caudal.corridor import corridor

    day = typed.day("--known", known)
    with progress("running what the causes ask", quiet) as tell:
        return judge(corridor(), entries, known=day, members=members, workers=engine, progress=tell)


def _chosen(entries: Sequence[Entry], document: str | None, kind: str | None) -> list[Entry]:
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


def _writable(out: Path) -> None:
    from caudal.compute.files import refuse_unwritable

    if out.is_dir():
        raise CaudalError(f"--out {out}", "a folder", "a file to write")
    refuse_unwritable(out.parent, "--out")


def _write(out: Path, text: str) -> None:
    from caudal.compute.files import write_together

    write_together(out.parent, {out.name: text}, "--out")
    typer.echo(str(out))
