"""`caudal as-of`: the corridor as it could be known on a day, beside what followed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caudal.cli.console import Json, console, print_json, progress, table
from caudal.errors import CaudalError

if TYPE_CHECKING:
    from caudal.ask.as_of import AsOf
    from caudal.report.document import Table


def as_of(
    day: Annotated[str | None, typer.Argument(metavar="DATE", help="YYYY-MM-DD.")] = None,
    article: Annotated[
        Path | None,
        typer.Option("--article", help="A text whose claims a ledger has; DATE is then its own."),
    ] = None,
    ledger: Annotated[
        list[Path] | None, typer.Option("--ledger", help="Ledgers of your own to look in.")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="en or es.")] = "en",
    page: Annotated[
        Path | None, typer.Option("--html", help="Write a page in both languages.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show counts, law and forecast as they could be known on a day, then what followed.

    With an article: each of its claims with the verdict of that day and of today. What was revised
    since stands as last revised (docs/as-of.md).
    """
    from caudal import questions
    from caudal.ask.as_of import totals
    from caudal.compute.files import refuse_unwritable, write_together
    from caudal.corridor import corridor
    from caudal.report.as_of import as_of_document, words
    from caudal.report.strings import LANGUAGES

    if lang not in LANGUAGES:
        raise CaudalError("--lang", repr(lang), " or ".join(LANGUAGES))
    if page is not None:
        refuse_unwritable(page.parent, "--html")
    here: Any = corridor()
    document = None if article is None else _document(here, article, ledger or [])
    answer = questions.as_of(_day(day, document))
    judged = [] if document is None else _judged(here, document, answer.day, ledger, as_json)
    titles = _titles()
    about = None
    if document is not None:
        about = {"outlet": document.outlet, "published": f"{document.published}"}
    if page is not None:
        made = as_of_document(answer, titles, totals(answer.forecast), judged, about, lang)
        write_together(page.parent, {page.name: made}, "--html")
    if as_json:
        print_json(_plain(answer, judged))
        return
    console().print(words("title", day=f"{answer.day}")[lang], style="bold")
    _print(answer, titles, judged, lang)
    if page is not None:
        typer.echo(str(page))


def _day(given: str | None, document: Any) -> date:
    if given is None:
        if document is None:
            raise CaudalError(
                "DATE", "none", "YYYY-MM-DD, or --article FILE with a date of its own"
            )
        return document.published
    try:
        return date.fromisoformat(given)
    except ValueError as problem:
        raise CaudalError("DATE", repr(given), "YYYY-MM-DD") from problem


def _document(here: Any, article: Path, ledgers: list[Path]) -> Any:
    from caudal.ask.claims import ledger

    documents = {e.document.file: e.document for e in ledger(here, ledgers) if e.document.file}
    if article.name not in documents:
        raise CaudalError(
            f"--article {article}", "no ledger has its claims",
            f"{', '.join(sorted(documents))}; or `caudal claims read {article.name}` to begin one",
        )  # fmt: skip
    return documents[article.name]


def _judged(
    here: Any, document: Any, day: date, ledgers: list[Path] | None, quiet: bool
) -> list[dict[str, Any]]:
    from caudal.ask.claims import check, ledger
    from caudal.report.claims_words import verdict_words

    entries = [e for e in ledger(here, ledgers or []) if e.document.id == document.id]
    then = check(here, entries, known=day)
    with progress("judging", quiet) as tell:
        now = check(here, entries, progress=tell)
    return [
        {
            "id": entry.id,
            "text": entry.claim.text.model_dump(),
            "who": entry.claim.said_by.who,
            "then": verdict_words(before),
            "today": verdict_words(after),
        }
        for entry, before, after in zip(entries, then, now, strict=True)
    ]


def _titles() -> dict[str, dict[str, str]]:
    from caudal.corridor.observables import OUTCOMES

    return {o["id"]: {"en": o["title_en"], "es": o["title_es"]} for o in OUTCOMES}


def _print(answer: AsOf, titles: dict[str, Any], judged: list[dict[str, Any]], lang: str) -> None:
    from caudal.ask.as_of import totals
    from caudal.report import as_of as told

    def show(made: Table) -> None:
        def said(text: Any) -> str:
            return text if isinstance(text, str) else text[lang]

        head = [said(h) for h in made.head]
        rows = [[said(cell) for cell in row] for row in made.rows]
        caption = said(made.caption) if made.caption else None
        table(head, rows, title=caption, right=[head[i] for i in made.right if i < len(head)])

    def heading(key: str) -> None:
        console().print(f"\n{told.words(key)[lang]}", style="bold")

    console().print(told.words("caveat")[lang])
    heading("counts")
    show(told.counts(answer, titles))
    for key in ("in_force", "announced"):
        heading(key)
        show(told.rules(getattr(answer, key)))
    heading("forecast")
    targets = totals(answer.forecast)
    show(told.forecast(answer, targets, with_came=False))
    if judged:
        heading("claims")
        show(told.judged(judged))
    heading("unknown")
    show(told.followed(answer, titles))
    show(told.forecast(answer, targets, with_came=True))
    heading("decided")
    show(told.rules(answer.decided))


def _plain(answer: AsOf, judged: list[dict[str, Any]]) -> dict[str, Any]:
    """Known that day and what followed, apart."""
    from dataclasses import asdict

    came = [{"target": x.target, "cell": x.cell, "month": x.month, "count": x.came}
            for x in answer.forecast]  # fmt: skip
    return {
        "day": answer.day,
        "known": {
            "counts": [
                {"outcome": x.outcome, "month": x.month, "count": x.count, "before": x.before,
                 "year_ago": x.year_ago}
                for x in answer.lines
            ],
            "in_force": answer.in_force,
            "announced": answer.announced,
            "origin": answer.origin,
            "learned_to": answer.learned_to,
            "forecast": [{k: v for k, v in asdict(x).items() if k != "came"} for x in answer.forecast],
        },
        "followed": {
            "counts": [
                {"outcome": x.outcome, "month": month, "count": count}
                for x in answer.lines
                for month, count in x.followed
            ],
            "decided": answer.decided,
            "came": came,
        },
        "claims": judged,
    }  # fmt: skip
