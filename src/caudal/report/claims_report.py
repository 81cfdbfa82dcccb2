"""The ledger with its verdicts as a document in both languages, by source and verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from caudal.report.claims_asked import asked
from caudal.report.claims_words import joined, percent, said_by, unconfirmed, verdict_words, words
from caudal.report.document import Heading, Link, Paragraph, Part, Table, Text, document
from caudal.report.numerals import short


def claims_document(
    verdicts: Sequence[Any], rules: Any, known: str = "", language: str = "en"
) -> str:
    """The HTML file.

    verdicts  `ask.claims.Verdict`, in the order of the ledgers; rules: `ask.claims_rules`
    known     the day by whose counts they were judged, "" for all
    """
    documents = _grouped(verdicts)
    parts: list[Part] = [
        Paragraph(words("lead", claims=len(verdicts), documents=len(documents)), "lead"),
        *([Paragraph(words("lead.known", day=known), "lead")] if known else []),
        *([Paragraph(drafts(verdicts), "lead")] if any(map(unconfirmed, verdicts)) else []),
        Paragraph(words("rules"), "note"),
        Heading(words("counts"), mark="counts"),
        by_outlet(verdicts, rules),
    ]
    for of in documents.values():
        parts += _document(of, rules)
    return document(words("title"), parts, language)


def drafts(verdicts: Sequence[Any]) -> dict[str, str]:
    """How many of the claims are drafts that nobody confirmed, and what their verdicts are worth."""
    return words("lead.drafts", n=sum(map(unconfirmed, verdicts)), claims=len(verdicts))


def _open(text: Mapping[str, str]) -> dict[str, str]:
    """A sentence that goes on: without its full stop."""
    return {language: said.removesuffix(".") for language, said in text.items()}


def by_outlet(verdicts: Sequence[Any], rules: Any) -> Table:
    """Counts of verdicts by outlet, and of all."""
    outlets = list(dict.fromkeys(v.entry.document.outlet for v in verdicts))
    rows: list[list[Text | Link]] = []
    for outlet in (*outlets, None):
        mine = [v for v in verdicts if outlet in (None, v.entry.document.outlet)]
        counts = [sum(v.answer == answer for v in mine) for answer in rules.ANSWERS]
        name = words("all") if outlet is None else outlet
        rows.append([name, *map(str, counts), str(len(mine))])
    head = [words("outlet"), *(words(f"answer.{a}") for a in rules.ANSWERS), words("all")]
    return Table(head, rows, right=frozenset(range(1, len(head))))


def _grouped(verdicts: Sequence[Any]) -> Mapping[str, list[Any]]:
    out: dict[str, list[Any]] = {}
    for verdict in verdicts:
        out.setdefault(verdict.entry.document.id, []).append(verdict)
    return out


def _document(verdicts: Sequence[Any], rules: Any) -> list[Part]:
    about = verdicts[0].entry.document
    key = "document" if about.dated == "printed" else "document.inferred"
    title = words(key, outlet=about.outlet, published=f"{about.published}")
    parts: list[Part] = [
        Heading(title, mark=about.id),
        Paragraph(words(f"stance.{about.told_by}", stance=_open(about.stance.model_dump()))),
    ]
    if about.source is not None:
        told = words("stance.source", title=about.source.title)
        parts.append(Link(told, about.source.url) if about.source.url else Paragraph(told))
    for answer in rules.ANSWERS:
        mine = [v for v in verdicts if v.answer == answer]
        if mine:
            parts += [Heading(words(f"answer.{answer}"), 3), _claims(mine, rules)]
    sources = _sources(verdicts)
    if sources.rows:
        parts += [Heading(words("rests"), 3), sources]
    return parts


def _claims(verdicts: Sequence[Any], rules: Any) -> Table:
    head = [words(k) for k in ("claim", "who", "kind", "test", "verdict", "evidence", "change")]
    rows: list[list[Text | Link]] = []
    for v in verdicts:
        claim = v.entry.claim
        change = claim.would_change.model_dump() if claim.would_change else ""
        note = claim.note.model_dump() if claim.note else ""
        rows.append(
            [
                joined([claim.text.model_dump(), note], " "), said_by(claim),
                words(f"kind.{claim.kind}"), asked(claim, rules), verdict_words(v),
                joined([shown_words(s) for s in v.evidence]) if v.evidence else "", change,
            ]
        )  # fmt: skip
    return Table(head, rows)


def shown_words(shown: Any) -> Text:
    """One number of the evidence, with what it rests on."""
    role = joined([words(f"role.{shown.role}"), shown.name], " ")
    if shown.missing:
        value: Text = words(f"reason.{shown.missing}")
    elif shown.role.startswith("chance"):
        value = percent(shown.value)
    elif shown.role in ("event", "other"):
        value = shown.period or words("detail.never")
    else:
        value = short(shown.value)
        if shown.low is not None and shown.high is not None:
            value = f"{value} ({short(shown.low)} – {short(shown.high)})"
    told = joined([role, value], " = ")
    ids = ", ".join(dict.fromkeys(u.id or u.title for u in shown.used))
    period = shown.period if shown.role not in ("event", "other") else ""
    return joined([told, f"[{joined([period, ids], ': ')['en']}]" if period or ids else ""], " ")


def _sources(verdicts: Sequence[Any]) -> Table:
    used = dict.fromkeys(u for v in verdicts for s in v.evidence for u in s.used)
    rows: list[list[Text | Link]] = []
    for one in used:
        told = one.title if not one.publisher else f"{one.publisher}: {one.title}"
        title = words("read_on", title=told, day=one.read_on) if one.read_on else told
        rows.append([one.id, Link(title, one.url) if one.url else title])
    return Table([words("evidence"), words("rests")], rows)
