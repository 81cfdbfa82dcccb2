"""The text to be read: decoded, without markup, cut into tokens, sentences and paragraphs.

Offsets are characters of the file's own text: what is blanked out (markup, addresses) leaves blanks of
the same length. Every pattern here is bounded, so that time grows with the length of the text alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from caudal.errors import CaudalError
from caudal.policy.marks import shown

LARGEST = 8_000_000
"""Bytes of the largest file that is read: some 1,300,000 words."""

LONGEST = 250
"""Tokens of the longest sentence; a longer one is cut, so that time grows with the text alone."""

_TOKEN = re.compile(
    r"(?P<net>https?://\S{1,500}|www\.\S{1,200}|[\w.+-]{1,64}@[\w-]{1,80}\.[\w.]{1,80})"
    r"|(?P<time>\d{1,2}:\d{2}(?::\d{2})?)"
    r"|(?P<date>\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{2,4})"
    r"|(?P<code>\d+(?:/\d+)+|\d{3,}-\d{4,}|\d{4}-\d{2,4}|0\d[\d-]*|[^\W\d_]{1,20}-?\d[\w-]{0,20})"
    r"|(?P<num>\d+(?:[.,']\d+)*)"
    r"|(?P<word>[^\W\d_]+(?:['’\-][^\W\d_]+)*)"
    r"|(?P<sym>[%$€£+–—-])"
)
_SPACED = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3}){1,4}(?![\d.,]?\d)")
_PHONE = re.compile(r"(?<![\d.,])\+?\d[\d\u00a0 ()-]{5,22}\d(?![\d.,]?\d)")
_TAG = re.compile(r"<(?:!--|/?[a-zA-Z])[^<>]{0,2000}>")
_OPEN = re.compile(r"<(script|style|head)\b", re.I)
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,6}|\w{2,8});")
_STOP = re.compile(
    r"[.!?…]{1,4}[\"”’»)\]]{0,3}(?=\s{1,4}[\"“‘«(¿¡\[]{0,3}[A-ZÁÉÍÓÚÑ0-9])"
    r"|\n[ \t\r]{0,80}\n|[.!?…:]?\n"
)
_SHORT = frozenset({
    "mr", "mrs", "ms", "dr", "st", "sr", "sra", "gen", "sen", "rep", "gov", "lt", "prof", "no",
    "num", "art", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov",
    "dec", "ene", "abr", "ago", "dic", "u.s", "ee", "uu", "d.c", "h.r", "tel", "av", "col",
    "approx", "inc", "vs", "etc",
})  # fmt: skip
"""Words that end in a point within a sentence."""


@dataclass(frozen=True)
class Token:
    """A word, number or sign: its folded text, place and kind (word, num, code, time, date, …)."""

    text: str
    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Sentence:
    """Tokens [first, last) of one sentence, its characters, and the number of its paragraph."""

    first: int
    last: int
    start: int
    end: int
    paragraph: int


@dataclass
class Source:
    """A text with its tokens and sentences; `raw` is as in the file, `text` without markup."""

    name: str
    raw: str
    text: str
    tokens: list[Token] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)


def fold(text: str) -> str:
    """Lower case without accents, of the same length.

    >>> fold("Darién, MÉXICO")
    'darien, mexico'
    """
    return text.translate(_FOLDED)


def _folding() -> dict[int, str]:
    table = {ord("’"): "'", ord("‘"): "'"}
    for code in [*range(0x41, 0x5B), *range(0xC0, 0x250)]:
        plain = unicodedata.normalize("NFD", chr(code))[0].lower()
        if len(plain) == 1:
            table[code] = plain
    return table


_FOLDED = _folding()


def load(path: Path) -> Source:
    """Read a text file. CaudalError: not readable, empty, too long, or no text."""
    name = shown(path)
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as problem:
        raise CaudalError(
            name, f"cannot be read ({problem.strerror})", "a file of plain text or HTML"
        ) from None
    if data is None:
        size = path.stat().st_size
        raise CaudalError(name, f"{size:,} bytes", f"a text of at most {LARGEST:,} bytes")
    return parse(_decoded(data, name), name)


def _decoded(data: bytes, name: str) -> str:
    if b"\0" in data[:4096] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise CaudalError(name, "binary, not text", "plain text or HTML in UTF-8")
    for coding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"):
        try:
            text = data.decode(coding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise CaudalError(name, "neither UTF-8 nor Windows-1252", "plain text or HTML in UTF-8")
    odd = sum(1 for c in text[:20000] if ord(c) < 32 and c not in "\n\r\t\f\v")
    if odd > 0.01 * min(len(text), 20000):
        raise CaudalError(name, "binary, not text", "plain text or HTML in UTF-8")
    return text


def parse(raw: str, name: str = "text") -> Source:
    """Tokens and sentences of `raw`. CaudalError for a text without a word."""
    text = _without_markup(raw)
    if not text.strip():
        raise CaudalError(name, "empty", "a text with at least one sentence")
    source = Source(name, raw, text)
    source.tokens = _tokens(text)
    source.sentences = _sentences(text, source.tokens)
    return source


def _without_markup(raw: str) -> str:
    if not re.search(r"<(?:html|body|p|div|br|span|article|h[1-6])\b", raw[:200000], re.I):
        return raw

    def blank(match: re.Match[str]) -> str:
        # A tag of a block ends a sentence, as a new paragraph does
        block = re.match(r"</?(?:p|div|br|h\d|li|tr|article|section|td)\b", match[0], re.I)
        return ("\n\n" if block and len(match[0]) > 1 else "").ljust(len(match[0]))

    text = _without_hidden(raw)
    return _ENTITY.sub(lambda m: " " * len(m[0]), _TAG.sub(blank, text))


def _without_hidden(raw: str) -> str:
    """Scripts, styles and the head blanked out; one pass, for a tag that never closes too."""
    low = raw.lower()
    parts: list[str] = []
    closes: dict[str, bool] = {}
    at = 0
    while opened := _OPEN.search(raw, at):
        tag = opened[1].lower()
        end = low.find(f"</{tag}", opened.end()) if closes.get(tag, True) else -1
        closes[tag] = end >= 0
        end = opened.end() if end < 0 else end
        parts += [raw[at : opened.start()], " " * (end - opened.start())]
        at = end
    return "".join([*parts, raw[at:]])


def _tokens(text: str) -> list[Token]:
    """Words, numbers and signs in order; a telephone number or a spaced number is one token."""
    whole: dict[int, tuple[int, str]] = {}
    for m in _PHONE.finditer(text):
        if sum(c.isdigit() for c in m[0]) >= 7 and not _grouped(m[0]):
            whole[m.start()] = m.end(), "code"
    for m in _SPACED.finditer(text):
        whole.setdefault(m.start(), (m.end(), "num"))
    folded = fold(text)
    out: list[Token] = []
    at = 0
    for start, (end, kind) in [*sorted(whole.items()), (len(text), (len(text), ""))]:
        if start < at:
            continue
        for m in _TOKEN.finditer(folded, at, start):
            if m.lastgroup != "net":
                out.append(Token(m[0], m.start(), m.end(), str(m.lastgroup)))
        if kind:
            out.append(Token(text[start:end], start, end, kind))
        at = end
    return out


def _grouped(text: str) -> bool:
    """Is this a number in groups of three (or two numbers), rather than a telephone's?"""
    groups = re.findall(r"\d+", text)
    if "+" in text or "(" in text or groups[0].startswith("0"):
        return False
    if re.fullmatch(r"(?:19|20)\d\d", groups[0]) or "-" in text:
        return len(groups) <= 2 and not any(g.startswith("0") for g in groups)
    return len(groups[0]) <= 3 and all(len(g) == 3 for g in groups[1:])


def _sentences(text: str, tokens: Sequence[Token]) -> list[Sentence]:
    out: list[Sentence] = []
    first = last = paragraph = 0
    at = 0
    stops = [
        *((m.start(), m.end(), m[0]) for m in _STOP.finditer(text)),
        (len(text), len(text), ""),
    ]
    for _start, end, mark in stops:
        while last < len(tokens) and tokens[last].start < end:
            last += 1
        before = tokens[last - 1].text if last > first else ""
        short = before in _SHORT or (len(before) == 1 and before.isalpha())
        if mark.startswith(".") and "\n" not in mark and short:
            continue
        for cut in range(first, last, LONGEST):
            until = min(cut + LONGEST, last)
            begin = at if cut == first else tokens[cut].start
            stop = end if until == last else tokens[until].start
            out.append(Sentence(cut, until, begin, stop, paragraph))
        first, at = last, end
        if "\n" in mark:
            paragraph += 1
    return out
