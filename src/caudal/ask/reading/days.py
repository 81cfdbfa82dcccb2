"""Days and years as a text writes them, and the day that it bears."""

from __future__ import annotations

import contextlib
import datetime as dt
import difflib
import re

from caudal.ask.reading.lexicon import Language
from caudal.ask.reading.source import Sentence, Source

HEAD = 200
"""How many words and numbers of a text may bear its day."""


def day_of(source: Source, language: Language) -> dt.date | None:
    """The day that a text bears: the latest whole date among its first `HEAD` words and numbers.

    The latest, since the captions above a text may tell of older pictures.
    """
    days = []
    for s in source.sentences:
        if s.first >= HEAD:
            break
        for i in range(s.first, min(s.last, HEAD)):
            token = source.tokens[i]
            month = language.months.get(token.text)
            if token.kind == "date":
                days.append(numeric_day(token.text, language))
            elif month and (year := year_after(source, i, s, language)):
                day = day_beside(source, i, s)
                with contextlib.suppress(ValueError):
                    days.append(dt.date(year, month, day) if day else None)
    return max((d for d in days if d), default=None)


def numeric_day(text: str, language: Language) -> dt.date | None:
    """A day in figures: 2024-02-03, 3/2/2024 (in Spanish the day first, in English the month)."""
    parts = [int(p) for p in re.findall(r"\d+", text)]
    if "-" in text:
        year, month, day = parts
    elif language.code == "es" or parts[0] > 12:
        day, month, year = parts
    else:
        month, day, year = parts
    try:
        return dt.date(year, month, day) if 1900 < year < 2100 else None
    except ValueError:
        return None


def year_at(source: Source, i: int) -> int | None:
    """The year that token `i` may be."""
    token = source.tokens[i]
    plain = token.kind == "num" and re.fullmatch(r"(?:19|20)\d\d", token.text)
    return int(token.text) if plain else None


def year_after(source: Source, i: int, s: Sentence, language: Language) -> int | None:
    """The year after a month: *diciembre de 2023*, *March 8, 2019*."""
    for k in range(i + 1, min(i + 4, s.last)):
        if year := year_at(source, k):
            return year
        token = source.tokens[k]
        between = token.text in ("de", "del", "of") or (token.kind == "num" and k == i + 1)
        if not between and token.kind != "word":
            return None
        if token.kind == "word" and not between and token.text not in ("th", "st", "nd", "rd"):
            return None
    return None


def day_beside(source: Source, i: int, s: Sentence) -> int | None:
    """The day of the month beside the month at token `i`: *3 de febrero*, *February 3rd*."""
    for k in (i - 1, i - 2, i + 1):
        if s.first <= k < s.last and source.tokens[k].kind == "num":
            if k == i - 2 and source.tokens[i - 1].text not in ("de", "of", "th", "st", "nd", "rd"):
                continue
            digits = source.tokens[k].text
            if digits.isdigit() and 1 <= int(digits) <= 31:
                return int(digits)
    return None


SPELT = 0.8
"""How like a month a word must be, where a year follows it, to be taken for that month misspelt."""


def month_of(word: str, language: Language, year: int | None) -> int | None:
    """The month that a word names; one misspelt only where a year follows: *Decmber 2024*."""
    if word in language.months or year is None or len(word) < 5:
        return language.months.get(word)
    like = difflib.get_close_matches(word, [m for m in language.months if len(m) > 4], 1, SPELT)
    return language.months[like[0]] if like else None


def part_of_year(
    source: Source, i: int, s: Sentence, language: Language
) -> tuple[int, int, int] | None:
    """First and last month of the part of the year at token `i` that stands before it, and its token.

    *The first six months of 2024* is (1, 6, …), *el segundo semestre de 2023* (7, 12, …).
    """
    tokens = source.tokens
    k = i - 1
    while k >= s.first and tokens[k].text in ("of", "de", "del", "in", "the"):
        k -= 1
    if k - 1 < s.first or k == i - 1:
        return None
    unit, many, which = tokens[k].text, tokens[k - 1].text, k - 1
    length = language.parts.get(unit)
    if length == 1:  # months: how many of them
        count = language.small.get(many) or (int(many) if many.isdigit() else 0)
        length, which = count, k - 2
    if not length or length > 12 or which < s.first:
        return None
    ordinal = language.ordinals.get(tokens[which].text)
    if ordinal is None or (ordinal > 0 and ordinal * length > 12):
        return None
    first = 13 - length if ordinal < 0 else (ordinal - 1) * length + 1
    return first, first + length - 1, which
