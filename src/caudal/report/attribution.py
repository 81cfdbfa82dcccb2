"""An attribution as a document in both languages: a waterfall, its table, and how to do it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from caudal.report.document import Drawing, Heading, Paragraph, Part, Table, document
from caudal.report.numerals import whole
from caudal.report.strings import LANGUAGES, translator

LEFT, WIDE, RIGHT, HIGH, BAR = 300, 440, 110, 30, 16
"""Pixels: names, bars, figures; height of a row and of a bar."""
COLOURS = {"up": "var(--c0)", "down": "var(--c2)", "whole": "var(--soft)"}
COLUMNS = ("part", "people", "median", "interval", "share", "first", "last")


def page(
    about: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], outcome: Any, language: str = "en"
) -> str:
    """The HTML file's text; about and rows as `caudal attribute --json` prints them.

    outcome  with `title_en` and `title_es`; language: the one that is seen first
    """
    ends = "counted" if about["counted_from"] is not None else "modelled"
    before, after = (whole(about[f"{ends}_{end}"]) for end in ("from", "to"))
    lead = words(f"lead.{ends}", start=about["from"], end=about["to"], before=before, after=after)
    error = whole(max(row["error"] for row in rows))
    method = words(
        f"method.{about['method']}", members=about["members"], runs=about["runs"], error=error
    )
    chart = Drawing({x: waterfall(rows, x) for x in LANGUAGES}, words("chart.read"))
    made = " · ".join(
        str(about[k]) for k in ("code_version", "data_vintage", "posterior") if k in about
    )
    parts: list[Part] = [
        Paragraph(lead, "sentence"),
        Paragraph(words("how"), "lead"),
        Heading(words("chart")),
        chart,
        Heading(words("table")),
        _table(rows),
        Paragraph(method, "note"),
        Paragraph(words("limits"), "note"),
        Heading(words("recipe")),
        *(Paragraph(line, "note") for line in about["recipe_command"].splitlines()),
        *(Paragraph(line, "note") for line in about["recipe_python"].splitlines()),
        Paragraph(made, "note"),
    ]
    return document({"en": outcome.title_en, "es": outcome.title_es}, parts, language)


def words(key: str, **values: Any) -> dict[str, str]:
    """A text of the page in both languages; values may be texts themselves."""
    out = {}
    for language in LANGUAGES:
        own = {k: v[language] if isinstance(v, Mapping) else v for k, v in values.items()}
        out[language] = translator(language)(f"attribute.{key}", **own)
    return out


def _table(rows: Sequence[Mapping[str, Any]]) -> Table:
    def cells(row: Mapping[str, Any]) -> list[Any]:
        certain = row["lo90"] == row["hi90"]
        return [
            {"en": row["name"], "es": row["name_es"]},
            signed(row["mean"]),
            signed(row["median"]),
            "" if certain else f"{signed(row['lo90'])} … {signed(row['hi90'])}",
            "" if row["share"] is None else f"{row['share']:.0f} %".replace("-", "−"),
            signed(row["first_in"]),
            signed(row["last_in"]),
        ]

    head = [words(column) for column in COLUMNS]
    return Table(head, [cells(row) for row in rows], right=frozenset(range(1, len(COLUMNS))))


def waterfall(rows: Sequence[Mapping[str, Any]], language: str) -> str:
    """Bars that begin where the one above ended, with the 90 % of draws of each; SVG."""
    spans, at = [], 0.0
    for row in rows[:-1]:
        spans.append((at, at + row["mean"], at + row["lo90"], at + row["hi90"]))
        at += row["mean"]
    change = rows[-1]
    spans.append((0.0, change["mean"], change["lo90"], change["hi90"]))
    low = min(0.0, *(min(span) for span in spans))
    high = max(0.0, *(max(span) for span in spans))
    unit = WIDE / ((high - low) or 1.0)

    def x(value: float) -> str:
        return f"{LEFT + (value - low) * unit:.1f}"

    height = HIGH * len(rows) + 8
    parts = [f'<line x1="{x(0)}" x2="{x(0)}" y1="0" y2="{height}" stroke="var(--axis)"/>']
    for i, (row, (begins, ends, lo, hi)) in enumerate(zip(rows, spans, strict=True)):
        y = HIGH * i + (HIGH - BAR) / 2 + 4
        middle = f"{y + BAR / 2:.1f}"
        text = f'y="{y + BAR / 2 + 4.5:.1f}" text-anchor="end"'
        kind = "whole" if row["kind"] == "change" else "up" if ends >= begins else "down"
        name = row["name"] if language == "en" else row["name_es"]
        parts += [
            f'<text x="{LEFT - 10}" {text}>{escape(name)}</text>',
            f'<rect x="{x(min(begins, ends))}" y="{y:.1f}" height="{BAR}" fill="{COLOURS[kind]}" '
            f'width="{max(abs(ends - begins) * unit, 1):.1f}"/>',
            f'<line x1="{x(lo)}" x2="{x(hi)}" y1="{middle}" y2="{middle}" stroke="var(--ink)"/>',
            f'<text x="{LEFT + WIDE + RIGHT}" {text}>{signed(row["mean"])}</text>',
        ]
    wide = LEFT + WIDE + RIGHT + 4
    return (
        f'<svg viewBox="0 0 {wide} {height}" width="{wide}" font-size="13" fill="var(--ink)">'
        f"{''.join(parts)}</svg>"
    )


def signed(value: float | None) -> str:
    """The same with a plus where it is more; nothing for nothing."""
    if value is None:
        return ""
    text = whole(value)
    return f"+{text}" if value > 0 and text != "0" else text
