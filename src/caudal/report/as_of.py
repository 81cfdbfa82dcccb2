"""What was known on a day, as a document in both languages (`ask.as_of` has the answer)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from caudal.report.document import Heading, Paragraph, Part, Table, Text, document
from caudal.report.numerals import whole
from caudal.report.strings import LANGUAGES, translator

RIGHT = {"counts": frozenset({2, 3, 4}), "forecast": frozenset({2, 3, 4, 5})}


def words(key: str, **values: Any) -> dict[str, str]:
    """A text of the page in both languages; values may be texts themselves."""
    out = {}
    for language in LANGUAGES:
        own = {k: v[language] if isinstance(v, Mapping) else v for k, v in values.items()}
        out[language] = translator(language)(f"asof.{key}", **own)
    return out


def as_of_document(
    answer: Any,
    titles: Mapping[str, Text],
    targets: Sequence[Any],
    claims: Sequence[Mapping[str, Any]] = (),
    article: Mapping[str, Any] | None = None,
    language: str = "en",
) -> str:
    """The HTML file.

    answer   `ask.as_of.AsOf`; titles: outcome → its name; targets: the rows of the forecast to show
    claims   of the article: {text, who, then, today}, each a text
    article  {outlet, published}
    """
    day = f"{answer.day}"
    parts: list[Part] = [
        Paragraph(words("lead"), "lead"),
        Paragraph(words("caveat"), "note"),
        Heading(words("counts"), mark="counts"),
        counts(answer, titles),
        Heading(words("law"), mark="law"),
        *_rules(answer, "in_force"),
        *_rules(answer, "announced"),
        Heading(words("forecast"), mark="forecast"),
        forecast(answer, targets, with_came=False),
    ]
    if article is not None:
        said = words("claims.lead", **article)
        parts += [Heading(words("claims"), mark="claims"), Paragraph(said, "lead"), judged(claims)]
    parts += [
        Heading(words("unknown"), mark="followed"),
        Paragraph(words("unknown.lead"), "lead"),
        followed(answer, titles),
        forecast(answer, targets, with_came=True),
        *_rules(answer, "decided"),
    ]
    return document(words("title", day=day), parts, language)


def counts(answer: Any, titles: Mapping[str, Text]) -> Table:
    """Newest counts that were out."""
    rows = [
        [titles[x.outcome], f"{x.month:%Y-%m}", *map(number, (x.count, x.before, x.year_ago))]
        for x in answer.lines
        if x.outcome in titles
    ]
    head = [words(k) for k in ("outcome", "month", "count", "before", "year_ago")]
    return Table(head, rows, words("counts.caption", day=f"{answer.day}"), RIGHT["counts"])


def followed(answer: Any, titles: Mapping[str, Text]) -> Table:
    """The next three months that were counted later."""
    rows = [
        [titles[x.outcome], f"{month:%Y-%m}", number(count)]
        for x in answer.lines
        if x.outcome in titles
        for month, count in x.followed[:3]
    ]
    head = [words(k) for k in ("outcome", "month", "count")]
    return Table(head, rows, words("followed.caption", day=f"{answer.day}"), RIGHT["counts"])


def forecast(answer: Any, targets: Sequence[Any], with_came: bool) -> Table:
    """The forecast alone, or beside what came."""
    head = [
        "outcome",
        "month",
        "median",
        "lo90",
        "hi90",
        *(("came", "inside") if with_came else ()),
    ]
    rows = []
    for x in targets:
        row: list[Text] = [
            words(f"target.{x.target}"), f"{x.month:%Y-%m}", number(x.median), number(x.lo90),
            number(x.hi90),
        ]  # fmt: skip
        if with_came:
            inside = x.came is not None and x.lo90 <= x.came <= x.hi90
            came = words("open") if x.came is None else number(x.came)
            row += [came, "" if x.came is None else words("yes" if inside else "no")]
        rows.append(row)
    if answer.origin is None:
        said = words("forecast.none")
    else:
        rests = words("learned", month=answer.learned_to) if answer.learned_to else words("priors")
        said = words("forecast.lead", origin=f"{answer.origin:%Y-%m}", constants=rests)
    return Table([words(k) for k in head], rows, said, RIGHT["forecast"])


def judged(claims: Sequence[Mapping[str, Any]]) -> Table:
    """The article's claims with two verdicts."""
    head = [words(k) for k in ("claim", "who", "then", "today")]
    return Table(head, [[c["text"], c["who"], c["then"], c["today"]] for c in claims])


def rules(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Policies, each with the first day of its spans, the last, and the day it was known."""
    told = []
    for row in rows:
        spans = row["spans"]
        ends = [s["until"] or "" for s in spans]
        told.append(
            [
                row["name"],
                min(s["from"] for s in spans),
                "" if "" in ends else max(ends),
                min(s["known_on"] for s in spans),
            ]
        )
    head = [words(k) for k in ("policy", "from", "until", "known_on")]
    return Table(head, told, "" if told else words("none"))


def number(value: float | None) -> str:
    """A count as people read it; nothing where there is none."""
    return "" if value is None else whole(value)


def _rules(answer: Any, name: str) -> list[Part]:
    return [Heading(words(name), 3), rules(getattr(answer, name))]
