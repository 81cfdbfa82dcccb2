"""What the articles report, row by row, and what in Caudal represents each row.

The rows are data (`articles.yaml`); this file reads them and refuses a reference to anything that
is not there (`references.py`), so that the list cannot promise more than the system holds.

A row's status says how far it is represented: `represented`;
`partly`, with what is missing; `not yet`; or `not represented` with the reason, which only an opinion
or a remark on a source may be. A row also lists its claims in the ledgers (`claim:ID`); they judge what
is said and represent nothing of the corridor, so no status rests on them. Beside the rows stand the
articles: outlet, day, and stance as the outlet or others tell it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from caudal.corridor.references import Registries
from caudal.errors import CaudalError
from caudal.policy.marks import Marks, nearest, read_yaml

HERE = Path(__file__).parent
ROWS_FILE = HERE / "articles.yaml"

TYPES = (
    "policy", "institution", "actor", "flow", "stock", "number", "event", "risk", "cause",
    "forecast", "opinion", "provenance",
)  # fmt: skip
"""What a row can be; one row may be several."""

BESIDE_THE_SYSTEM = frozenset({"opinion", "provenance"})
"""A row of only these describes no part of the corridor, and so may stay out with a reason."""

STATUSES = ("represented", "partly", "not yet", "not represented")
NEEDS_REASON = ("partly", "not represented")
FIELDS = frozenset({"id", "type", "says", "text", "status", "represented_by", "why"})
LANGUAGES = ("en", "es")
TOLD_BY = ("itself", "others", "our reading")


@dataclass(frozen=True)
class Row:
    """One thing that an article reports, in our words.

    id              article number and row, as `2-13`; `x-…` for what all articles share
    type            some of `TYPES`
    says            who the article attributes it to
    text            the row by language: `en`, `es`
    status          one of `STATUSES`
    represented_by  references, `kind:name`
    why             what of a row is not there, or why it stays out, by language; else empty
    """

    id: str
    type: tuple[str, ...]
    says: str
    text: Mapping[str, str]
    status: str
    represented_by: tuple[str, ...]
    why: Mapping[str, str] = field(default_factory=dict)

    @property
    def article(self) -> str:
        """Number of the article, `x` for the list across all of them."""
        return self.id.partition("-")[0]

    def as_dict(self) -> dict[str, Any]:
        """The row as `caudal articles --json` prints it."""
        return {
            "id": self.id,
            "article": self.article,
            "type": list(self.type),
            "says": self.says,
            "en": self.text["en"],
            "es": self.text["es"],
            "status": self.status,
            "represented_by": list(self.represented_by),
            "why": self.why.get("en", ""),
            "why_es": self.why.get("es", ""),
        }


@dataclass(frozen=True)
class Article:
    """One of the articles: where and when it stood, and where its outlet stands.

    id       its number; outlet: name; printed: the day, in words
    stance   by language; told_by: one of `TOLD_BY`; title, url: of the page that says so, or ""
    """

    id: str
    outlet: str
    printed: str
    stance: Mapping[str, str]
    told_by: str
    title: str = ""
    url: str = ""

    def as_dict(self) -> dict[str, str]:
        """The article as `caudal articles --json` prints it."""
        return {
            "id": self.id,
            "outlet": self.outlet,
            "printed": self.printed,
            "stance": self.stance["en"],
            "stance_es": self.stance["es"],
            "told_by": self.told_by,
            "source_title": self.title,
            "source_url": self.url,
        }


def load_articles(path: Path | None = None) -> tuple[Article, ...]:
    """The articles of a file (the corridor's own when None), in its order.

    Raises CaudalError with file, line and field for one without outlet, day or stance in both
    languages, or whose stance nobody is said to have told.
    """
    data, marks = read_yaml(path or ROWS_FILE)
    articles = []
    for number, raw in (data.get("articles") or {}).items():
        here = marks.at(("articles", number))
        for key in ("outlet", "printed"):
            if not isinstance(raw.get(key), str) or not raw[key].strip():
                raise CaudalError(here.where((key,)), "missing or not text", "a line of text")
        if raw.get("told_by") not in TOLD_BY:
            raise CaudalError(
                here.where(("told_by",)), f"'{raw.get('told_by')}'", ", ".join(TOLD_BY)
            )
        page = raw.get("source") or {}
        if raw["told_by"] != "our reading" and not page.get("url"):
            raise CaudalError(here.where(("source",)), "no page that says so", "title and url")
        articles.append(
            Article(
                str(number), raw["outlet"], raw["printed"], _both(raw.get("stance"), "stance", here),
                raw["told_by"], page.get("title", ""), page.get("url", ""),
            )
        )  # fmt: skip
    return tuple(articles)


def _both(text: Any, key: str, marks: Marks) -> dict[str, str]:
    """A text in both languages."""
    if not isinstance(text, dict) or any(not str(text.get(k) or "").strip() for k in LANGUAGES):
        raise CaudalError(marks.where((key,)), "a language is missing", "en and es, not empty")
    return dict(text)


def load_rows(path: Path | None = None, registries: Registries | None = None) -> tuple[Row, ...]:
    """All rows of a file (the corridor's own when None), in its order.

    Raises CaudalError with file, line and field for a row that is malformed, told twice, claims a
    status it may not have, or points at something that does not exist.
    """
    data, marks = read_yaml(path or ROWS_FILE)
    if not isinstance(data, dict) or not isinstance(data.get("rows"), list):
        raise CaudalError(marks.where(), "no list of rows", "rows: [{id, type, says, text, …}]")
    registries = registries or Registries()
    rows: list[Row] = []
    seen: set[str] = set()
    for number, raw in enumerate(data["rows"]):
        row = _row(raw, marks.at(("rows", number)), registries)
        if row.id in seen:
            raise CaudalError(
                marks.where(("rows", number, "id")), f"'{row.id}' twice", "each row once"
            )
        seen.add(row.id)
        rows.append(row)
    return tuple(rows)


def _row(raw: Any, marks: Marks, registries: Registries) -> Row:
    if not isinstance(raw, dict):
        raise CaudalError(marks.where(), "not a mapping", ", ".join(sorted(FIELDS)))
    for key in raw:
        if key not in FIELDS:
            raise CaudalError(marks.where((key,)), "unknown field", nearest(key, FIELDS))
    for key in ("id", "says", "status"):
        if not isinstance(raw.get(key), str) or not raw[key].strip():
            raise CaudalError(marks.where((key,)), "missing or not text", "a line of text")
    if not re.fullmatch(r"(\d|x)-\d+", raw["id"]):
        raise CaudalError(marks.where(("id",)), f"'{raw['id']}'", "article-row, as 2-13 or x-1")
    text = _both(raw.get("text"), "text", marks)
    why = _both(raw["why"], "why", marks) if "why" in raw else {}
    types, references = _words(raw, "type", marks), _words(raw, "represented_by", marks)
    if not types:
        raise CaudalError(marks.where(("type",)), "empty", ", ".join(TYPES))
    for i, word in enumerate(types):
        if word not in TYPES:
            raise CaudalError(marks.where(("type", i)), f"unknown type '{word}'", ", ".join(TYPES))
    for i, reference in enumerate(references):
        fault = registries.fault(reference)
        if fault is not None:
            raise CaudalError(marks.where(("represented_by", i)), *fault)
    row = Row(raw["id"], types, raw["says"], text, raw["status"], references, why)
    _check_status(row, marks)
    return row


def _check_status(row: Row, marks: Marks) -> None:
    where = marks.where(("status",))
    if row.status not in STATUSES:
        raise CaudalError(where, f"'{row.status}'", ", ".join(STATUSES))
    there = [r for r in row.represented_by if not r.startswith("claim:")]
    if row.status in ("represented", "partly") and not there:
        raise CaudalError(
            where, f"'{row.status}' without a reference", "at least one in represented_by"
        )
    if row.status in NEEDS_REASON and not row.why:
        raise CaudalError(where, f"'{row.status}' without a reason", "why, in en and es")
    if row.status == "not represented" and not set(row.type) <= BESIDE_THE_SYSTEM:
        raise CaudalError(
            where, "a row about the corridor cannot be left out", "represented, partly, not yet"
        )


def _words(raw: Mapping[str, Any], key: str, marks: Marks) -> tuple[str, ...]:
    value = raw.get(key, [])
    if not isinstance(value, list) or any(not isinstance(word, str) for word in value):
        raise CaudalError(marks.where((key,)), "not a list of words", "[word, word]")
    return tuple(value)


def counts(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """How many rows have each status, by type and in all; a row of two types counts in both.

    Each: {type, total, represented, partly, not_yet, not_represented}.
    """
    table = []
    for kind in (*TYPES, "all"):
        of_kind = [row for row in rows if kind == "all" or kind in row.type]
        by_status = {
            status.replace(" ", "_"): sum(row.status == status for row in of_kind)
            for status in STATUSES
        }
        table.append({"type": kind, "total": len(of_kind), **by_status})
    return table
