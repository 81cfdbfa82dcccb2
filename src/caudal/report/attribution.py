"""The page of an attribution: waterfall and table, English and Spanish, one file without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from caudal.report.strings import LANGUAGES, WEB, translator

_TEMPLATE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{style}
.fall {{ width: 100%; height: auto; }}
.fall text {{ font: 13px var(--sans); fill: var(--ink); }}
.fall .up {{ fill: var(--c0); }}
.fall .down {{ fill: var(--c2); }}
.fall .whole {{ fill: var(--soft); }}
.fall line {{ stroke: var(--ink); stroke-width: 1.5; }}
.fall .zero {{ stroke: var(--axis); stroke-width: 1; }}
table {{ border-collapse: collapse; }}
tr {{ border-bottom: 1px solid var(--edge); }}
td, th {{ padding: 0.2rem 0.6rem; }}
.n {{ text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }}
.wide {{ overflow-x: auto; }}
pre {{ white-space: pre-wrap; }}
</style>
</head>
<body><div id="caudal">
<nav aria-label="Language / Idioma"><p><a href="#en">English</a> · <a href="#es">Español</a></p></nav>
{articles}
</div></body>
</html>
"""
LEFT, WIDE, RIGHT, HIGH, BAR = 300, 440, 110, 30, 16
"""Pixels: names, bars, figures; height of a row and of a bar."""


def page(about: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], outcome: Any) -> str:
    """One self-contained HTML document; about and rows as `caudal attribute --json` prints them.

    outcome  with `title_en`, `title_es` and `unit`, a key of the page's unit names

    It asks for nothing over the network and holds no script; texts are escaped. Same in, same out.
    """
    style = (WEB / "app" / "style.css").read_text(encoding="utf-8")
    articles = "\n".join(_article(lang, about, rows, outcome) for lang in LANGUAGES)
    title = f"{outcome.title_en}, {about['from']} – {about['to']}"
    return _TEMPLATE.format(title=escape(title), style=style, articles=articles)


def _article(
    lang: str, about: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], outcome: Any
) -> str:
    say = translator(lang)
    counted = "counted" if about["counted_from"] is not None else "modelled"
    before, after = (number(about[f"{counted}_{end}"], lang) for end in ("from", "to"))
    title = outcome.title_en if lang == "en" else outcome.title_es
    words = say(
        f"attribute.lead.{counted}",
        start=about["from"],
        end=about["to"],
        before=before,
        after=after,
    )
    error = number(max(row["error"] for row in rows), lang)
    method = say(
        f"attribute.method.{about['method']}",
        members=about["members"],
        runs=about["runs"],
        error=error,
    )
    return "\n".join(
        [
            f'<article id="{lang}" lang="{lang}">',
            f"<h1>{escape(title)}</h1>",
            f'<p class="sentence">{escape(words)}</p>',
            f'<p class="lead">{escape(say("attribute.how"))}</p>',
            f"<h2>{escape(say('attribute.chart'))}</h2>",
            waterfall(rows, lang),
            f'<p class="note">{escape(say("attribute.chart.read"))}</p>',
            f"<h2>{escape(say('attribute.table'))}</h2>",
            _table(rows, lang),
            f'<p class="note">{escape(method)}</p>',
            f'<p class="note">{escape(say("attribute.limits"))}</p>',
            f"<h2>{escape(say('attribute.recipe'))}</h2>",
            f"<pre>{escape(about['recipe_command'])}\n\n{escape(about['recipe_python'])}</pre>",
            f'<p class="note">{escape(_made(about))}</p>',
            "</article>",
        ]
    )


def _made(about: Mapping[str, Any]) -> str:
    return " · ".join(
        str(about[k]) for k in ("code_version", "data_vintage", "posterior") if k in about
    )


def _table(rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    say = translator(lang)
    columns = ("people", "median", "interval", "share", "first", "last")
    head = "".join(f'<th class="n">{escape(say(f"attribute.{c}"))}</th>' for c in columns)
    body = []
    for row in rows:
        inside = f"{signed(row['lo90'], lang)} … {signed(row['hi90'], lang)}"
        cells = [
            signed(row["mean"], lang), signed(row["median"], lang),
            "" if row["kind"] == "change" and row["lo90"] == row["hi90"] else inside,
            "" if row["share"] is None else f"{row['share']:.0f} %",
            signed(row["first_in"], lang), signed(row["last_in"], lang),
        ]  # fmt: skip
        numbers = "".join(f'<td class="n">{cell}</td>' for cell in cells)
        body.append(f"<tr><td>{escape(_name(row, lang))}</td>{numbers}</tr>")
    return (
        f'<div class="wide"><table><thead><tr><th>{escape(say("attribute.part"))}</th>{head}</tr>'
        f"</thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def waterfall(rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    """Bars that begin where the one above ended, with the 90 % of draws of each; SVG."""
    spans, at = [], 0.0
    for row in rows[:-1]:
        spans.append((at, at + row["mean"], at + row["lo90"], at + row["hi90"]))
        at += row["mean"]
    whole = rows[-1]
    spans.append((0.0, whole["mean"], whole["lo90"], whole["hi90"]))
    low = min(0.0, *(min(span) for span in spans))
    high = max(0.0, *(max(span) for span in spans))
    unit = WIDE / ((high - low) or 1.0)

    def x(value: float) -> str:
        return f"{LEFT + (value - low) * unit:.1f}"

    height = HIGH * len(rows) + 8
    parts = [f'<line class="zero" x1="{x(0)}" x2="{x(0)}" y1="0" y2="{height}"/>']
    for i, (row, (begins, ends, lo, hi)) in enumerate(zip(rows, spans, strict=True)):
        y = HIGH * i + (HIGH - BAR) / 2 + 4
        middle = y + BAR / 2
        kind = "whole" if row["kind"] == "change" else "up" if ends >= begins else "down"
        parts += [
            f'<text x="{LEFT - 10}" y="{middle + 4.5:.1f}" text-anchor="end">'
            f"{escape(_name(row, lang))}</text>",
            f'<rect class="{kind}" x="{x(min(begins, ends))}" y="{y:.1f}" height="{BAR}" '
            f'width="{max(abs(ends - begins) * unit, 1):.1f}"/>',
            f'<line x1="{x(lo)}" x2="{x(hi)}" y1="{middle:.1f}" y2="{middle:.1f}"/>',
            f'<text x="{LEFT + WIDE + RIGHT}" y="{middle + 4.5:.1f}" text-anchor="end">'
            f"{signed(row['mean'], lang)}</text>",
        ]
    label = escape(translator(lang)("attribute.chart"), quote=True)
    wide = LEFT + WIDE + RIGHT + 4
    return (
        f'<svg class="fall" viewBox="0 0 {wide} {height}" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
    )


def _name(row: Mapping[str, Any], lang: str) -> str:
    return str(row["name"] if lang == "en" else row["name_es"])


def number(value: float, lang: str) -> str:
    """A whole number: 1,234 in English; 1 234 in Spanish, as its academies write it.

    >>> number(1234.4, "en"), number(-12345.0, "es")
    ('1,234', '−12\\xa0345')
    """
    text = f"{abs(value):,.0f}"
    text = text if lang == "en" else text.replace(",", "\u00a0")
    return f"−{text}" if value < 0 and text != "0" else text


def signed(value: float | None, lang: str) -> str:
    """The same with a plus where it is more; nothing for nothing."""
    if value is None:
        return ""
    text = number(value, lang)
    return f"+{text}" if value > 0 and text != "0" else text
