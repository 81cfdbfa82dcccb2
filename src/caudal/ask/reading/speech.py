"""Who says it, and which sentences claim a cause.

A speaker is a name or a described person beside a verb of speech (*said*, *sostiene*) or after a
word of source (*according to*, *según*). Where a sentence has none, a quotation's speaker is
looked for in the
next sentence of its paragraph. Nobody found means that the text itself says it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from caudal.ask.reading.lexicon import Language, languages
from caudal.ask.reading.source import Source

_CAPITAL = r"[A-ZÁÉÍÓÚÑ][\w’'.\-]{0,30}"
_NAME = re.compile(
    rf"\b(?:(?:[Tt]he|[Ll]a|[Ee]l|[Ll]os|[Ll]as|[Uu]na|[Uu]n|[Aa]n?)\s)?"
    rf"(?:[a-záéíóúñ]{{3,20}}\s){{0,2}}{_CAPITAL}(?:\s(?:(?:de|del|la|y|of|for|the|and|in)\s){{0,2}}{_CAPITAL}){{0,6}}"
)
_ROLE = re.compile(r"^,\s([^,.;:“”«»\"]{3,90})[,.]")
_PLAIN = re.compile(
    r"\b(?:(?:[Oo]ne|[Aa]n?|[Tt]he|[Uu]na?|[Ll]os|[Ll]as|[Ee]l|[Ll]a)\s)?(?:[a-záéíóúñ]{2,20}\s){0,3}"
    r"(?:officials?|sources?|experts?|spokes\w{1,10}|authorities|reports?|funcionari\w{1,3}|fuentes?|"
    r"portavoz|voceros?|vocera|autoridades|emplead\w|experts|researchers|officers|advocates|activists|critics|"
    r"senators?|congress(?:man|woman)|lawmakers?|governors?|presidents?|secretary|candidates?|opponents?|"
    r"diputad[oa]s?|senador(?:a|es)?|gobernador(?:a|es)?|president[ea]|secretari[oa]|candidat[oa]s?|activistas)\b"
)
PRONOUNS = ("he", "she", "they", "el", "ella", "ellos", "ellas")
STATED = ("que", "that")
QUOTES = '“”«»"'


@dataclass(frozen=True)
class Speaker:
    """Who says it, in the text's own words, and the role that stands beside the name."""

    who: str
    role: str = ""


def speaker(source: Source, language: Language, at: int) -> Speaker | None:
    """Who says sentence `at`; None where the text itself does."""
    s = source.sentences[at]
    if language.anywhere("echo", source.tokens, s.first, s.last):
        near = at - 1
        return (
            speaker(source, language, near) if near >= 0 and _together(source, at, near) else None
        )
    found = _in(source, language, at)
    quoted = any(q in source.text[s.start : s.end] for q in QUOTES)
    if found is None and quoted:
        # Whom *she said* means was named before, never in the sentence after
        for near in (at - 1,) if _pronoun(source, language, at) else (at + 1, at - 1):
            if 0 <= near < len(source.sentences) and _together(source, at, near):
                found = found or _in(source, language, near)
    return found


def _pronoun(source: Source, language: Language, at: int) -> bool:
    """Does *he*, *she* or *they* say it?"""
    s, tokens = source.sentences[at], source.tokens
    return any(
        tokens[i - 1].text in PRONOUNS and language.ends("said", tokens, i, s.last)
        for i in range(s.first + 1, s.last)
    )


def _together(source: Source, a: int, b: int) -> bool:
    return source.sentences[a].paragraph == source.sentences[b].paragraph


def _in(source: Source, language: Language, at: int) -> Speaker | None:
    s = source.sentences[at]
    tokens = source.tokens
    for i in range(s.first, s.last):
        end = language.ends("according", tokens, i, s.last)
        if end and tokens[i].text != "para" and end < s.last:
            after = _named(source, tokens[end].start, s.end)
            if after:
                return Speaker(after.who)  # what follows the comma is what was said, not a role
    for i in range(s.first, s.last):
        end = language.ends("said", tokens, i, s.last)
        if not end or language.ends("according", tokens, i, s.last):
            continue
        # From a whole word on: some fourteen words before the verb, as many after
        lo = tokens[max(s.first, i - 20)].start
        lo = s.start if i - 20 <= s.first else lo
        hi = min(s.end, tokens[end - 1].end + 120)
        before = _last_named(source, lo, tokens[i].start)
        # "afirmó que México detuvo": what was said follows, not who said it
        stated = end < s.last and tokens[end].text in STATED
        after = None if stated else _named(source, tokens[end].start if end < s.last else hi, hi)
        # After a closing quotation the speaker follows the verb in Spanish, stands before it in English
        options = (after, before) if language.code == "es" else (before, after)
        for option in options:
            if option:
                return option
    return None


def _named(source: Source, start: int, end: int) -> Speaker | None:
    """The name that begins at `start`, with its role."""
    window = source.text[start:end]
    for pattern in (_PLAIN, _NAME):
        found = pattern.match(window)
        if found and _good(found[0]):
            role = _ROLE.match(window[found.end() :])
            return Speaker(_neat(found[0]), _neat(role[1]) if role and _is_role(role[1]) else "")
    return None


def _last_named(source: Source, start: int, end: int) -> Speaker | None:
    """The last name before `end`, where no quotation stands between."""
    window = source.text[start:end]
    cut = max((window.rfind(q) for q in QUOTES), default=-1)
    window = window[cut + 1 :]
    found = [m for p in (_PLAIN, _NAME) for m in p.finditer(window) if _good(m[0])]
    # "…,” Ana Ruiz, head of the office in Leon, told": the first; else the last before the verb
    apposed = cut >= 0 or window.rstrip().endswith(",")
    rank = (lambda m: (-m.start(), m.end())) if apposed else (lambda m: (m.end(), len(m[0])))
    best = max(found, key=rank, default=None)
    if best is None or len(window) - best.end() > (110 if apposed else 60):
        return None
    role = _ROLE.match(window[best.end() :])
    return Speaker(_neat(best[0]), _neat(role[1]) if role and _is_role(role[1]) else "")


_NOBODY = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "he",
        "she",
        "it",
        "they",
        "but",
        "and",
        "in",
        "on",
        "at",
        "as",
        "for",
        "while",
        "they’re",
        "the",
        "a",
        "an",
        "this",
        "that",
        "these",
        "those",
        "her",
        "his",
        "their",
        "el",
        "la",
        "los",
        "las",
        "en",
        "un",
        "una",
        "pero",
        "por",
        "de",
        "y",
        "del",
        "lo",
        "se",
        "su",
    ]
)


_MONTHS = frozenset(m for language in languages().values() for m in language.months)


_CONNECT = frozenset(
    ["but", "and", "while", "as", "pero", "y", "aunque", "mientras", "que", "meanwhile"]
)


def _good(name: str) -> bool:
    """Is it somebody: of the words with a capital, where there are any, not all months and articles."""
    words = [w.strip(".") for w in name.split()]
    told = [w for w in words if w[:1].isupper()]
    if all(w.lower() in _NOBODY for w in told) and any(w.lower() in _MONTHS for w in told):
        return False  # "times between March"
    return any(w.lower() not in _NOBODY for w in words) and len(name) > 2


def _is_role(text: str) -> bool:
    return not re.match(r"(?:who|que|and|but|y|pero|quien|which)\b", text)


def _neat(text: str) -> str:
    words = " ".join(text.split()).strip(" .,:;").split(" ")
    while len(words) > 1 and words[0].lower() in _CONNECT:
        words = words[1:]
    return " ".join(words)


def cause_cue(source: Source, language: Language, at: int) -> str:
    """The words by which sentence `at` claims a cause; "" where it claims none."""
    s = source.sentences[at]
    for i in range(s.first, s.last):
        if end := language.ends("cause", source.tokens, i, s.last):
            return source.text[source.tokens[i].start : source.tokens[end - 1].end]
    return ""
