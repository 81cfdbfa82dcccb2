"""Published figures and what of a run speaks to them, read from `headlines.yaml` and checked.

How the figures were chosen, and what *used* means, stands in docs/headlines.md; evaluating them is
`caudal.ask.headlines`. A figure's source is a row: `published_figures:SERIES@PERIOD`,
`parameters:SYMBOL@PERIOD` (the series `figures` and `figures.parameters`) or `article:ROW`; title,
address and value are held against that row, so that the list cannot drift from what was published.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caudal.errors import CaudalError
from caudal.policy.marks import Marks, nearest, read_yaml

if TYPE_CHECKING:
    from caudal.engine.priors import Prior

HEADLINES_FILE = Path(__file__).parent / "headlines.yaml"
KINDS = ("count", "estimate", "day")
REDUCES = (
    "sum", "per_day", "per_month", "mean", "last", "max", "days", "growth_per_day",
)  # fmt: skip
COMPOUNDS = ("ratio", "difference", "sum")
NEEDED = (
    "id",
    "source",
    "en",
    "es",
    "value",
    "unit",
    "kind",
    "error",
    "period",
    "quantity",
    "used",
)
OPTIONAL = ("low", "high", "why", "caveat", "derived", "reason")
TABLES = {"published_figures": "figures", "parameters": "figures.parameters"}
KEY = {"published_figures": "series", "parameters": "symbol"}


@dataclass(frozen=True)
class Figure:
    """One published figure and how to read the same of a run.

    name          what a reader sees, by language; value as published, in `unit`
    low, high     the published range, where there is one; error: sd of the figure's log
    period        half-open days
    quantity      the expression (see the head of the YAML), labels written out as lists
    source        the row; title and url: of its publication ("" where unknown)
    used          whether the fit, a lever or a prior knows it; why, by language ("" if not used)
    caveat        how the published definition differs, by language; derived: from the row, how
    reason        why a miss is one, by language, once somebody has looked
    """

    id: str
    name: Mapping[str, str]
    value: float
    unit: str
    kind: str
    error: float
    period: tuple[date, date]
    quantity: Mapping[str, Any]
    source: str
    title: str
    url: str
    used: bool
    why: Mapping[str, str]
    caveat: Mapping[str, str]
    reason: Mapping[str, str]
    low: float | None = None
    high: float | None = None
    derived: str = ""


EMPTY: Mapping[str, str] = {"en": "", "es": ""}


class Rows:
    """The rows that a source may name."""

    def __init__(self, documents: Mapping[str, str]) -> None:
        self.documents = documents

    @cached_property
    def tables(self) -> dict[str, dict[tuple[str, str], list[tuple[float, str, str]]]]:
        """By table and (key, period): value, title and address of each row."""
        from caudal.data.store import open_series

        out: dict[str, dict[tuple[str, str], list[tuple[float, str, str]]]] = {}
        for name, series in TABLES.items():
            rows = out.setdefault(name, {})
            for row in open_series(series).astype(object).to_dict("records"):
                key = (str(row[KEY[name]]), str(row["period"]))
                rest = (str(row["source_title"]), str(row["source_url"]))
                rows.setdefault(key, []).append((float(row["value"]), *rest))
        return out

    @cached_property
    def articles(self) -> frozenset[str]:
        """Ids of the articles' rows."""
        from caudal.corridor.articles import ROWS_FILE

        return frozenset(row["id"] for row in read_yaml(ROWS_FILE)[0]["rows"])

    def find(self, source: str, value: float, derived: bool) -> tuple[str, str] | str:
        """Title and address of the row that a source names, or what is wrong with it."""
        table, _, ref = source.partition(":")
        if table == "article":
            document = self.documents.get(ref.partition("-")[0], "")
            return (document, "") if ref in self.articles and document else f"no row '{ref}'"
        if table not in TABLES:
            return f"no table '{table}'"
        key, _, period = ref.rpartition("@")
        rows = self.tables[table].get((key, period), [])
        if not rows:
            return f"no row '{ref}' in the series '{TABLES[table]}'"
        same = [row for row in rows if math.isclose(row[0], value, rel_tol=1e-6)]
        if not same and not derived:
            return f"{value:g} is not the row's value {rows[0][0]:g}"
        _, title, url = (same or rows)[0]
        return title, url if url.startswith("http") else ""


def load(priors: Mapping[str, Prior] | None = None, path: Path | None = None) -> tuple[Figure, ...]:
    """All figures of the file (the corridor's own when None), in its order.

    priors  whose sources make a figure used where they name its row

    Raises CaudalError with file, line and field for an entry that is malformed, told twice, or
    whose source does not exist or says another value.
    """
    data, marks = read_yaml(path or HEADLINES_FILE)
    if not isinstance(data, dict) or not isinstance(data.get("headlines"), list):
        raise CaudalError(marks.where(), "no list of headlines", "headlines: [{id, source, …}]")
    rows, seen, out = Rows(data.get("documents", {})), set(), []
    for number, raw in enumerate(data["headlines"]):
        here = marks.at(("headlines", number))
        figure = _figure(raw, here, data, rows)
        if figure.id in seen:
            raise CaudalError(here.where(("id",)), f"'{figure.id}' twice", "each figure once")
        seen.add(figure.id)
        out.append(_cited(figure, priors or {}, data["whys"]["prior"]))
    return tuple(out)


def _figure(raw: Any, marks: Marks, data: Mapping[str, Any], rows: Rows) -> Figure:
    if not isinstance(raw, dict):
        raise CaudalError(marks.where(), "not a mapping", ", ".join(NEEDED))
    for field in raw:
        if field not in (*NEEDED, *OPTIONAL):
            allowed = nearest(field, (*NEEDED, *OPTIONAL))
            raise CaudalError(marks.where((field,)), "unknown field", allowed)
    for field in NEEDED:
        if field not in raw:
            raise CaudalError(marks.where(), f"no field '{field}'", ", ".join(NEEDED))
    for field in ("id", "source", "en", "es", "unit"):
        if not isinstance(raw[field], str) or not raw[field].strip():
            raise CaudalError(marks.where((field,)), "missing or not text", "a line of text")
    for field in ("value", "error", "low", "high"):
        number = raw.get(field, 1.0)
        if isinstance(number, bool) or not isinstance(number, int | float) or not number > 0:
            raise CaudalError(marks.where((field,)), f"{number!r}", "a number above 0")
    if raw["kind"] not in KINDS:
        raise CaudalError(marks.where(("kind",)), f"'{raw['kind']}'", ", ".join(KINDS))
    if ("low" in raw) != ("high" in raw) or raw.get("low", 0) >= raw.get("high", 1):
        raise CaudalError(marks.where(("low",)), "no range", "low and high, low first")
    if not isinstance(raw["used"], bool) or raw["used"] != ("why" in raw):
        raise CaudalError(marks.where(("used",)), "without a why, or a why without it", "both")
    found = rows.find(raw["source"], raw["value"], "derived" in raw)
    if isinstance(found, str):
        raise CaudalError(marks.where(("source",)), found, "a row that was published")
    reason = raw.get("reason", EMPTY)
    if not isinstance(reason, dict) or set(reason) != set(EMPTY):
        raise CaudalError(marks.where(("reason",)), "a language is missing", "{en: …, es: …}")
    return Figure(
        id=raw["id"], name={"en": raw["en"], "es": raw["es"]}, value=float(raw["value"]),
        unit=raw["unit"], kind=raw["kind"], error=float(raw["error"]),
        period=_period(raw["period"], marks, ("period",)),
        quantity=_quantity(raw["quantity"], marks, ("quantity",), data.get("groups", {})),
        source=raw["source"], title=found[0], url=found[1], used=raw["used"],
        why=_words(raw, "why", data.get("whys", {}), marks),
        caveat=_words(raw, "caveat", data.get("caveats", {}), marks), reason=reason,
        low=raw.get("low"), high=raw.get("high"), derived=raw.get("derived", ""),
    )  # fmt: skip


def _words(
    raw: Mapping[str, Any], field: str, known: Mapping[str, Any], marks: Marks
) -> Mapping[str, str]:
    if field not in raw:
        return EMPTY
    if raw[field] not in known:
        raise CaudalError(marks.where((field,)), f"'{raw[field]}'", nearest(str(raw[field]), known))
    return known[raw[field]]


def _period(raw: Any, marks: Marks, at: tuple[str | int, ...]) -> tuple[date, date]:
    if (
        not isinstance(raw, list)
        or len(raw) != 2
        or any(type(day) is not date for day in raw)
        or raw[0] >= raw[1]
    ):
        raise CaudalError(
            marks.where(at), f"{raw!r}", "[first day, first day after], as YYYY-MM-DD"
        )
    return raw[0], raw[1]


def _quantity(
    raw: Any, marks: Marks, at: tuple[str | int, ...], groups: Mapping[str, list[str]]
) -> dict[str, Any]:
    """The expression, checked, with groups of labels written out."""
    heads = ("of", *COMPOUNDS)
    kinds = [k for k in heads if isinstance(raw, dict) and k in raw]
    if len(kinds) != 1:
        raise CaudalError(marks.where(at), "no single quantity", "one of " + ", ".join(heads))
    kind = kinds[0]
    fields = ("of", "where", "reduce", "across", "period") if kind == "of" else (kind,)
    for field in raw:
        if field not in (*fields, "times"):
            raise CaudalError(marks.where((*at, field)), "unknown field", ", ".join(fields))
    times = raw.get("times", 1.0)
    if isinstance(times, bool) or not isinstance(times, int | float):
        raise CaudalError(marks.where((*at, "times")), f"{times!r}", "a number")
    if kind != "of":
        parts = raw[kind]
        if not isinstance(parts, list) or len(parts) < 2 or (kind != "sum" and len(parts) != 2):
            raise CaudalError(
                marks.where((*at, kind)), "not two quantities", "[quantity, quantity]"
            )
        return {
            kind: [_quantity(p, marks, (*at, kind, i), groups) for i, p in enumerate(parts)],
            "times": float(times),
        }
    for field, allowed in (("reduce", REDUCES), ("across", ("sum", "mean"))):
        if raw.get(field, "sum") not in allowed:
            found = f"'{raw.get(field)}'"
            raise CaudalError(marks.where((*at, field)), found, ", ".join(allowed))
    if "reduce" not in raw or not isinstance(raw["of"], str):
        raise CaudalError(marks.where(at), "no reduce, or no name", "of and reduce")
    where = {}
    for dim, label in raw.get("where", {}).items():
        labels = groups.get(label, [label]) if isinstance(label, str) else label
        where[dim] = [str(one) for one in labels]
    period = _period(raw["period"], marks, (*at, "period")) if "period" in raw else None
    return {
        "of": raw["of"], "where": where, "reduce": raw["reduce"],
        "across": raw.get("across", "sum"), "times": float(times), "period": period,
    }  # fmt: skip


def _cited(figure: Figure, priors: Mapping[str, Prior], why: Mapping[str, str]) -> Figure:
    """The figure, used where a prior names its row as a source."""
    if figure.used:
        return figure
    for name, prior in priors.items():
        if cites(prior.source, figure.source) or quotes(prior.source, figure.value):
            return replace(figure, used=True, why={k: f"{v}: {name}" for k, v in why.items()})
    return figure


def quotes(text: str, value: float) -> bool:
    """Whether a text holds the very number, where it is one that no other figure is likely to be.

    >>> quotes("timeline: 71,036 enrolled", 71036), quotes("a cap of 30,000 a month", 30000)
    (True, False)
    """
    digits = f"{value:,.0f}"
    significant = len(digits.replace(",", "").rstrip("0"))
    return (
        value >= 1000
        and significant >= 4
        and re.search(rf"(?<![\d,]){digits}(?![\d,])", text) is not None
    )


def cites(text: str, source: str) -> bool:
    """Whether a prior's source names a row: the symbol of a parameter, or a series of figures.

    A text that names a series without a year is taken to mean all of its rows.

    >>> cites("parameters.csv p_app: 0.70 of evaders", "parameters:p_app@2016")
    True
    >>> cites("published_figures comar_total 2018", "published_figures:comar_total@2019")
    False
    """
    table, _, ref = source.partition(":")
    key, _, period = ref.rpartition("@")
    if table not in TABLES or table.split("_")[0] not in text:
        return False
    if not re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", text):
        return False
    if table == "parameters":
        return True
    return period in text or not re.search(r"\b20\d\d\b", text)
