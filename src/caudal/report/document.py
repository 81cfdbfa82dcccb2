"""A document of headings, texts, tables and drawings as one HTML file in both languages, no script.

For what is read and not explored: a comparison, an attribution, a ledger's verdicts, what was known
on a day. It asks for nothing over the network. Both languages stand in the file; two radio buttons and
the style sheet choose which is seen, first the one asked for. Every text is escaped,
so no scenario or claim can become markup; drawings (`Drawing`) are our own and refused if they hold a
script or an outside address.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caudal.errors import CaudalError
from caudal.report.head import head, policy
from caudal.report.strings import LANGUAGES, WEB, strings

Text = str | Mapping[str, str]

SHORT, LONG = 12, 60
"""Characters up to which a date or number is not broken, and beyond which a cell is given width."""


@dataclass(frozen=True)
class Heading:
    """A heading; level 2 begins a section, 3 a part of one. `mark` is the address of its place."""

    text: Text
    level: int = 2
    mark: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `kind` is a class of the page's style sheet ("lead", "note", …)."""

    text: Text
    kind: str = ""


@dataclass(frozen=True)
class Link:
    """A text that leads elsewhere: https addresses, and places in this document (#mark)."""

    text: Text
    address: str


@dataclass(frozen=True)
class Table:
    """A table. Numbers come as text in the reader's form; columns in `right` are aligned right."""

    head: Sequence[Text]
    rows: Sequence[Sequence[Text | Link]]
    caption: Text = ""
    right: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Drawing:
    """An SVG by language, with a text for those who cannot see it."""

    svg: Mapping[str, str]
    caption: Text


Part = Heading | Paragraph | Table | Drawing | Link

_OWN = """
.document { max-width: 72rem; margin: 0 auto; padding: 0 clamp(16px, 3vw, 40px) 3rem; display: none; }
.document h2 { border-top: 1px solid var(--edge); padding-top: 1.8rem; margin-top: 2.4rem; }
.document h3 { margin-top: 1.4rem; }
.document p { max-width: 46rem; }
.document table { border-collapse: collapse; font-size: 0.9rem; }
.document caption { text-align: left; color: var(--soft); padding: 0.4rem 0; }
.document th, .document td { text-align: left; vertical-align: top; padding: 0.3rem 0.9rem 0.3rem 0;
  border-bottom: 1px solid var(--grid); }
.document .short, .document td.right { white-space: nowrap; }
.document .long { min-width: 13rem; }
.document .right { text-align: right; font-variant-numeric: tabular-nums; }
.document .wide { overflow-x: auto; margin: 0.8rem 0; }
.document figure { margin: 0.8rem 0 1.8rem; }
.document figcaption { color: var(--soft); font-size: 0.9rem; }
.document svg { max-width: 100%; min-width: 40rem; height: auto; }
.choose { position: absolute; top: 0.8rem; opacity: 0; }
label.language { display: inline-block; margin: 0.8rem 0 0 1rem; padding: 0.2rem 0.6rem;
  border: 1px solid var(--edge); border-radius: 6px; cursor: pointer; font-size: 0.84rem; }
.choose:focus-visible + label.language { outline: 2px solid var(--line); outline-offset: 2px; }
.choose:checked + label.language { background: var(--line); color: var(--paper); }
@media print { label.language { display: none; } }
"""


def document(title: Text, parts: Sequence[Part], language: str = "en") -> str:
    """The file's text; same parts in, same text out.

    language  the one that is seen first

    Raises CaudalError for an unknown language, a text that lacks one, and a drawing with a script or
    an outside address.
    """
    if language not in LANGUAGES:
        raise CaudalError("--lang", repr(language), " or ".join(LANGUAGES))
    style = (WEB / "app" / "style.css").read_text(encoding="utf-8") + _OWN
    style += "".join(
        f"#language-{x}:checked ~ .document[lang={x}] {{ display: block; }}\n" for x in LANGUAGES
    )
    switches = "\n".join(
        f'<input class="choose" type="radio" name="language" id="language-{x}"'
        f'{" checked" if x == language else ""}><label class="language" for="language-{x}" '
        f'lang="{x}">{html.escape(strings()[x]["language.name"])}</label>'
        for x in LANGUAGES
    )
    own = _plain(title, language)
    bodies = "\n".join(_body(title, parts, x) for x in LANGUAGES)
    return f"{head(own, style, policy(), language)}<body>\n{switches}\n{bodies}\n</body>\n</html>\n"


def _body(title: Text, parts: Sequence[Part], language: str) -> str:
    inside = "\n".join(_part(part, language) for part in parts)
    return (
        f'<main class="document" lang="{language}">\n<h1>{_said(title, language)}</h1>\n{inside}\n'
        "</main>"
    )


def _part(part: Part, language: str) -> str:
    match part:
        case Heading(text, level, mark):
            # the same heading stands in the file once a language: its mark does too
            own = f' id="{html.escape(mark)}-{language}"' if mark else ""
            return f"<h{level}{own}>{_said(text, language)}</h{level}>"
        case Paragraph(text, kind):
            return f'<p class="{html.escape(kind)}">{_said(text, language)}</p>'
        case Link():
            return f"<p>{_link(part, language)}</p>"
        case Table():
            return _table(part, language)
        case Drawing(svg, caption):
            _harmless(svg[language])
            return (
                f'<figure><div class="wide" role="img" tabindex="0" '
                f'aria-label="{_said(caption, language)}">{svg[language]}</div>'
                f"<figcaption>{_said(caption, language)}</figcaption></figure>"
            )


def _table(table: Table, language: str) -> str:
    def row(cells: Sequence[Any], tag: str) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        inside = "".join(
            f"<{tag}{scope}{' class=right' if i in table.right else width(c) if tag == 'td' else ''}>"
            f"{_link(c, language) if isinstance(c, Link) else _said(c, language)}</{tag}>"
            for i, c in enumerate(cells)
        )
        return f"<tr>{inside}</tr>"

    def width(cell: Any) -> str:
        told = _plain(cell.text if isinstance(cell, Link) else cell, language)
        if len(told) > LONG:
            return " class=long"
        return " class=short" if len(told) <= SHORT and told[:1].isdigit() else ""

    caption = f"<caption>{_said(table.caption, language)}</caption>" if table.caption else ""
    body = "\n".join(row(cells, "td") for cells in table.rows)
    return (
        f'<div class="wide" tabindex="0"><table>{caption}<thead>{row(table.head, "th")}</thead>\n'
        f"<tbody>{body}</tbody></table></div>"
    )


def _link(link: Link, language: str) -> str:
    address = link.address
    if address.startswith("#"):
        address = f"{address}-{language}"
    elif not address.startswith(("https://", "http://")):
        # an address that could run as a script, or lead into the reader's disk, is shown as text
        return f"{_said(link.text, language)} ({html.escape(address)})"
    return f'<a href="{html.escape(address)}" rel="noreferrer">{_said(link.text, language)}</a>'


def _said(text: Text, language: str) -> str:
    return html.escape(_plain(text, language))


def _plain(text: Text, language: str) -> str:
    if isinstance(text, str):
        return text
    if not text.get(language):
        raise CaudalError("document text", f"no words in {language}", " and ".join(LANGUAGES))
    return text[language]


def _harmless(svg: str) -> None:
    if re.search(r"<script|\bon\w+\s*=|(?:href|src)\s*=\s*[\"']?(?!#)", svg, re.IGNORECASE):
        raise CaudalError("drawing", "a script or an address", "shapes and words alone")
