"""Numbers in digits and words: what they are worth and where they stand.

    302,203 · 301.980 · 55 302 · 2,77 millones · un millón 231 mil 320 · three and a half years ·
    42 % · siete de cada diez · two thirds · casi el doble · between 80 and 120

The decimal sign of a Spanish text is told by the text itself: some papers write 301.980, some 301,980.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from caudal.ask.reading.lexicon import Language
from caudal.ask.reading.source import Source, Token


@dataclass(frozen=True)
class Number:
    """A number in the text.

    value     in whole units; percent for shares and changes
    kind      count · rate (a day, a week) · share · change · ratio · duration · money · vague
    unit      people, events, percent, times, months, usd, …; "" where no noun says
    start, end      its characters; first, last: its tokens, without a noun
    words     written in words, at least in part
    """

    value: float | None
    kind: str
    unit: str
    start: int
    end: int
    first: int
    last: int
    words: bool


def convention(tokens: Sequence[Token], language: Language) -> str:
    """The sign that parts thousands in this text: a comma in English; in Spanish what it uses most."""
    if language.code == "en":
        return ","
    votes = {".": 0, ",": 0}
    for token in tokens:
        if token.kind != "num":
            continue
        signs = set(token.text) & {".", ","}
        if len(signs) != 1:
            continue
        sign = signs.pop()
        other = "," if sign == "." else "."
        groups = token.text.split(sign)
        if len(groups[0]) <= 3 and groups[0] != "0" and all(len(g) == 3 for g in groups[1:]):
            votes[sign] += 1
        elif len(groups) == 2 and len(groups[1]) <= 2:
            votes[other] += 1
    return "," if votes[","] > votes["."] else "."


def worth(text: str, thousands: str) -> float | None:
    """The value of digits with signs; None for what is no number (1.2.3, 12,34,56).

    >>> worth("301.980", "."), worth("2,77", "."), worth("1.450", ","), worth("1,231,320", ",")
    (301980.0, 2.77, 1.45, 1231320.0)
    """
    plain = re.sub(r"[ \u00a0\u202f\u2009']", "", text)
    decimal = "," if thousands == "." else "."
    if re.fullmatch(r"\d{1,3}(?:[.]\d{3}){2,}|\d{1,3}(?:,\d{3}){2,}", plain):
        return float(re.sub(r"[.,]", "", plain))
    if thousands in plain:
        whole, _, rest = plain.partition(decimal)
        groups = whole.split(thousands)
        if len(groups[0]) > 3 or any(len(g) != 3 for g in groups[1:]):
            # 2.5 where dots part thousands elsewhere: one sign and no three digits is a decimal
            if plain.count(thousands) == 1 and not rest and decimal not in plain:
                plain = plain.replace(thousands, ".")
                return float(plain) if re.fullmatch(r"\d{1,30}\.\d{1,30}", plain) else None
            return None
        plain = "".join(groups) + (f".{rest}" if rest else "")
        return float(plain) if re.fullmatch(r"\d{1,30}(?:\.\d{1,30})?", plain) else None
    plain = plain.replace(decimal, ".")
    return float(plain) if re.fullmatch(r"\d{1,30}(?:\.\d{1,30})?", plain) else None


class NumberReader:
    """Reads the numbers of one text, sentence by sentence."""

    def __init__(self, source: Source, language: Language) -> None:
        self.tokens = source.tokens
        self.text = source.text
        self.lang = language
        self.thousands = convention(source.tokens, language)

    def run(self, i: int, last: int) -> tuple[float, int, bool] | None:
        """The number that begins at token `i`: its value, its end, whether it is in words.

        A run of digits and number words is added up as it is said: below each scale word (mil,
        million) what stands before multiplies, what comes after adds, as long as it is smaller.
        """
        lang = self.lang
        total = current = 0.0
        room = float("inf")  # what comes next must be below it
        words = False
        k = i
        while k < last:
            token = self.tokens[k]
            word = token.text
            if k > i and self._gap(k):
                break
            if token.kind == "num":
                value = worth(word, self.thousands)
                if value is None or value >= room or (value != int(value) and k > i):
                    break
                current, room = current + value, 0.0
            elif token.kind != "word":
                break
            elif self._parts(word):
                value = sum(self._parts(word))
                if value >= room:
                    break
                current, words = current + value, True
                room = 0.0 if value < 10 else 10.0 if value < 100 else 100.0
                if lang.code == "en" and value < 20:
                    room = 0.0
            elif word in lang.one and k == i and self._scale_next(k + 1, last):
                current, words = 1.0, True
            elif word in lang.half and k == i and self._half_scale(k, last):
                current, words = 0.5, True
                if self.tokens[k + 1].text in lang.one:
                    k += 1
            elif word in lang.hundred and (current > 0 or k == i):
                current, room, words = (current or 1.0) * 100, 100.0, True
            elif word in lang.scales:
                scale = lang.scales[word]
                if k == i and not (lang.code == "es" and word in ("mil", "millon")):
                    break
                words = words or k == i
                if scale >= 1e6:
                    total, current = total + (current or 1.0) * scale, 0.0
                else:
                    current = (current or 1.0) * scale
                room = scale
            elif word in lang.packs:
                if k == i:
                    break
                current, words, k = current * lang.packs[word], True, k + 1
                break
            elif word == lang.join and k > i and self._joins(k, last, room):
                pass
            else:
                break
            k += 1
        while k > i and self.tokens[k - 1].text == lang.join:
            k -= 1
        return (total + current, k, words) if k > i and total + current > 0 else None

    def _gap(self, k: int) -> bool:
        """Does something other than a blank or a hyphen stand before token `k`?"""
        return (
            self.text[self.tokens[k - 1].end : self.tokens[k].start].strip(" \u00a0\n\u202f") != ""
        )

    def _parts(self, word: str) -> list[int]:
        """The values of a number word, of both parts of *twenty-five*; none for other words."""
        parts = [self.lang.small.get(p) for p in word.split("-")]
        return [p for p in parts if p is not None] if None not in parts else []

    def _scale_next(self, k: int, last: int) -> bool:
        """Is token `k` a scale or a pack that *un* or *a* multiplies?"""
        if k >= last:
            return False
        word = self.tokens[k].text
        return word in self.lang.scales or word in self.lang.packs or word in self.lang.hundred

    def _half_scale(self, k: int, last: int) -> bool:
        """Half a million, medio millón."""
        return self._scale_next(k + 1, last) or (
            k + 1 < last
            and self.tokens[k + 1].text in self.lang.one
            and self._scale_next(k + 2, last)
        )

    def _joins(self, k: int, last: int, room: float) -> bool:
        """*cuarenta y dos*, *a hundred and five*: a smaller number word must follow."""
        if k + 1 >= last or room <= 0:
            return False
        parts = self._parts(self.tokens[k + 1].text)
        limit = 10 if self.lang.code == "es" else 100
        return bool(parts) and sum(parts) < min(room, limit)
