"""The numbers of a sentence that say something: with kind and unit, without dates, names, addresses.

What is no claim: a day, an hour, a year; when something was (*two years later*); the number of a law,
a file, a street, a telephone; ordinals; *one*, *both*, and the count of those who act or speak.
"""

from __future__ import annotations

import dataclasses
import itertools

from caudal.ask.reading.lexicon import Language, Lexicon
from caudal.ask.reading.numbers import Number, NumberReader
from caudal.ask.reading.phrases import Phrases
from caudal.ask.reading.source import Sentence, Source

MONEY = {"$": "usd", "€": "eur", "£": "gbp"}
PERSONS = ("people", "children")
FACTOR_BELOW = 1000
"""*Four times more* is a ratio; *expelled 2.8 million times* counts."""


class Finder:
    """Finds the numbers of one text."""

    def __init__(self, source: Source, language: Language, lexicon: Lexicon) -> None:
        self.source, self.lang = source, language
        self.tokens = source.tokens
        self.reader = NumberReader(source, language)
        self.nouns = Phrases(lexicon.nouns)
        self.groups = Phrases(lexicon.groups)

    def numbers(self, sentence: Sentence) -> list[Number]:
        """All numbers of a sentence that are claims, and the vague ones, in order."""
        out: list[Number] = []
        i = sentence.first
        while i < sentence.last:
            found = self._at(i, sentence)
            if isinstance(found, Number):
                out.append(found)
                i = max(found.last, i + 1)
            else:
                i = max(found, i + 1)
        return out

    def _at(self, i: int, s: Sentence) -> Number | int:
        """The number at token `i`, or the token at which to go on."""
        lang, tokens = self.lang, self.tokens
        word = tokens[i].text
        if fraction := self._fraction(i, s):
            return fraction
        if word in lang.twice:
            return self._twice(i, s)
        if word in lang.vague or lang.ends("few", tokens, i, s.last):
            return self._vague(i, s)
        run = self.reader.run(i, s.last)
        if run is None:
            return i + 1
        value, end, words = run
        number = Number(value, "count", "", tokens[i].start, tokens[end - 1].end, i, end, words)
        return self._kind(number, s)

    def _kind(self, n: Number, s: Sentence) -> Number | int:
        """Kind and unit of a number, or the token after it where it is no claim."""
        lang, tokens, last = self.lang, self.tokens, s.last
        if self._is_name(n, s) or self._is_date(n, s):
            return n.last
        after = n.last
        if after < last and (
            tokens[after].text == "%" or lang.ends("percent", tokens, after, last)
        ):
            end = (
                after + 1
                if tokens[after].text == "%"
                else lang.ends("percent", tokens, after, last)
            )
            near = lang.anywhere("change", tokens, max(s.first, n.first - 4), n.first)
            near = near or lang.anywhere("change", tokens, end, min(end + 2, last))
            return self._made(n, "change" if near else "share", "percent", end)
        out_of = lang.ends("out_of", tokens, after, last)
        if out_of and (base := self.reader.run(out_of, last)):
            whole = base[0]
            phrase = " ".join(t.text for t in tokens[after:out_of])
            if n.value and whole <= 1000 and n.value < whole and (phrase != "in" or n.words):
                share = dataclasses.replace(n, value=round(100 * n.value / whole, 2))
                return self._made(share, "share", "percent", base[1])
        if after < last and tokens[after].text in lang.times and (n.value or 0) < FACTOR_BELOW:
            return self._made(n, "ratio", "times", after)
        if self._is_ratio_before(n, s):
            return self._made(n, "ratio", "times", n.last)
        return self._counted(n, s)

    def _counted(self, n: Number, s: Sentence) -> Number | int:
        """A count, a sum of money or a duration; small words need a noun that can be counted."""
        lang, tokens, last = self.lang, self.tokens, s.last
        plus, at = self._and_half(n.last, last)
        value = (n.value or 0) + plus
        n = dataclasses.replace(n, value=value)
        if n.first > s.first and tokens[n.first - 1].text in MONEY:
            return self._made(n, "money", MONEY[tokens[n.first - 1].text], n.last)
        unit, noun_at = self._noun(at, last)
        if unit in ("usd", "mxn", "eur"):
            return self._made(
                n, "money", unit, n.last if n.value and n.value >= 1e3 else noun_at + 1
            )
        if at < last and tokens[at].text in lang.durations:
            if self._is_when(n, at, s):
                return at + 1
            half, end = self._and_half(at + 1, last)
            n = dataclasses.replace(n, value=value + half)
            return self._made(n, "duration", lang.durations[tokens[at].text], max(end, at + 1))
        if at < last and lang.ends("papers", tokens, at, last):
            return at + 1
        small = n.words and value < 10
        if small and (not unit or (at < last and lang.ends("actors", tokens, at, last))):
            more = " ".join(t.text for t in tokens[at : at + 2])
            if not (unit in PERSONS and more.startswith(("more ", "mas "))):
                return n.last
        daily = lang.anywhere("rate", tokens, at, min(noun_at + 3, last))
        return self._made(n, "rate" if daily else "count", unit, n.last)

    def _made(self, n: Number, kind: str, unit: str, last: int) -> Number:
        end = self.tokens[last - 1].end if last > n.last else n.end
        return dataclasses.replace(n, kind=kind, unit=unit, end=end, last=max(last, n.last))

    def _and_half(self, at: int, last: int) -> tuple[float, int]:
        """*and a half*, *y medio*: a half more, and the token after it."""
        words = [t.text for t in self.tokens[at : min(at + 3, last)]]
        if words[:1] == [self.lang.join]:
            if words[1:2] and words[1] in self.lang.half:
                return 0.5, at + 2
            if words[2:3] and words[1] in self.lang.one and words[2] in self.lang.half:
                return 0.5, at + 3
        return 0.0, at

    def _noun(self, at: int, last: int) -> tuple[str, int]:
        """The unit of the first known noun within four words, before any sign or new number."""
        for k in range(at, min(at + 4, last)):
            gap = self.source.text[self.tokens[k - 1].end : self.tokens[k].start]
            if self.tokens[k].kind != "word" or any(c in gap for c in ',;:.()"“”«»'):
                break
            found = self.nouns.at(self.tokens, k, last)
            if found:
                return found[0][0], k
            if self.groups.at(self.tokens, k, last) and not self.tokens[k].text[-1:].isupper():
                return "people", k
            if self.lang.anywhere("said", self.tokens, k, k + 1):
                break
        return "", at

    def _fraction(self, i: int, s: Sentence) -> Number | None:
        """Half of, two thirds, la mitad, la tercera parte."""
        lang, tokens = self.lang, self.tokens
        many, at = 1.0, i
        parts = lang.small.get(tokens[i].text)
        if parts and i + 1 < s.last:
            many, at = float(parts), i + 1
        options = lang.fraction_phrases.at(tokens, at, s.last)
        if not options:
            return None
        name, end = max(options, key=lambda o: o[1])
        word = tokens[at].text
        if lang.code == "en":
            following = tokens[end].text if end < s.last else ""
            article = at > s.first and tokens[at - 1].text in ("a", "one", "the", "by")
            plural = word.endswith("s") and parts
            bare = word == "half" and following in ("of", "the", "all", "as")
            if not (plural or bare or (word != "half" and article and following == "of")):
                return None
        elif word in ("cuartos", "quintos") and not parts:
            return None
        share = lang.fractions[name] * many
        if share > 100:
            return None
        value = round(share, 2)
        return Number(value, "share", "percent", tokens[i].start, tokens[end - 1].end, i, end, True)

    def _twice(self, i: int, s: Sentence) -> Number | int:
        lang, tokens = self.lang, self.tokens
        following = tokens[i + 1].text if i + 1 < s.last else ""
        if lang.twice_after and following not in lang.twice_after:
            return i + 1
        value = float(lang.twice[tokens[i].text])
        return Number(value, "ratio", "times", tokens[i].start, tokens[i].end, i, i + 1, True)

    def _vague(self, i: int, s: Sentence) -> Number | int:
        """*Tens of thousands*, *several hundred*: an order of magnitude without a number."""
        lang, tokens = self.lang, self.tokens
        few = lang.ends("few", tokens, i, s.last)
        end = few or i + 1
        if few:
            if end >= s.last or not (
                tokens[end].text in lang.scales or tokens[end].text in lang.hundred
            ):
                return end
            end += 1
        while (
            end + 1 < s.last
            and tokens[end].text in ("of", "de")
            and (tokens[end + 1].text in lang.vague)
        ):
            end += 2
        unit, _ = self._noun(end, s.last)
        return Number(None, "vague", unit, tokens[i].start, tokens[end - 1].end, i, end, True)

    def _is_ratio_before(self, n: Number, s: Sentence) -> bool:
        """*For every arrest, at least three more*: so many for each."""
        words = [t.text for t in self.tokens[s.first : n.first]]
        pairs = set(itertools.pairwise(words))
        each = {("for", "every"), ("for", "each"), ("por", "cada")} & pairs
        return bool(each) and (n.value or 0) < 100 and n.first - s.first < 25

    def _is_when(self, n: Number, at: int, s: Sentence) -> bool:
        """Does the span of time tell when, rather than how long?"""
        lang, tokens = self.lang, self.tokens
        if at + 1 < s.last and lang.ends("when_after", tokens, at + 1, s.last):
            # *three years too late* says how much; *three years later* says when
            return True
        # an age: "José, de 25 años," or "a 25-year-old"
        if (
            lang.code == "es"
            and tokens[n.first - 1].text == "de"
            and lang.durations.get(tokens[at].text) == "years"
        ):
            comma = self.source.text[
                max(0, tokens[n.first - 1].start - 2) : tokens[n.first - 1].start
            ]
            if "," in comma:
                return True
        return lang.before("when_before", tokens, n.first, s.first)

    def _is_name(self, n: Number, s: Sentence) -> bool:
        """Title 42, calle 16, 4a Avenida, 27th, H.R. 1, number 1180."""
        lang, tokens, text = self.lang, self.tokens, self.source.text
        first, after = n.first, n.last
        if tokens[first].kind == "num":
            joined = after < s.last and tokens[after].start == tokens[after - 1].end
            if joined and tokens[after].kind in ("word", "code"):
                return True
            if text[n.end : n.end + 1] in "ºª°":
                return True
            raw = tokens[first].text
            if len(raw) > 1 and raw.startswith("0") and not raw.startswith(("0.", "0,")):
                return True
            lone = self.source.text[s.start : n.start].strip(" \t\n\r#*([")
            if not lone and text[n.end : n.end + 1] in ".)]" and after < s.last:
                return True
        if first > s.first and text[n.start - 1 : n.start] in "#/":
            return True
        if first > s.first and text[n.start - 1] == "[" and text[n.end : n.end + 1] == "]":
            return True
        if lang.before("names", tokens, first, s.first):
            return True
        near = range(after, min(after + 3, s.last))
        return any(
            lang.ends("address", tokens, k, s.last) and text[tokens[k].start].isupper()
            for k in near
        )

    def _is_date(self, n: Number, s: Sentence) -> bool:
        """A year, a day of a month, an hour."""
        lang, tokens = self.lang, self.tokens
        if n.last - n.first > 1:
            return False
        raw, value = tokens[n.first].text, n.value or 0
        after = tokens[n.last].text if n.last < s.last else ""
        before = tokens[n.first - 1].text if n.first > s.first else ""
        if n.words and value > 31:
            return False
        digits = raw.isdigit()
        if digits and len(raw) == 4 and 1900 <= value <= 2099:
            unit, at = self._noun(n.last, s.last)
            return not (unit and at == n.last) or lang.before("fiscal", tokens, n.first, s.first)
        month = after in lang.months or before in lang.months
        of_month = after == "de" and n.last + 1 < s.last and tokens[n.last + 1].text in lang.months
        if value <= 31 and value == int(value) and (month or of_month):
            capital = (
                lang.code == "es"
                or after not in lang.months
                or (self.source.raw[tokens[n.last].start].isupper())
            )
            return capital
        if after in ("am", "pm", "hrs", "a.m", "p.m", "h"):
            return True
        hour = raw.replace(",", ".").split(".")
        if len(hour) == 2 and len(hour[1]) == 2 and hour[0].isdigit() and int(hour[0]) < 24:
            near = [t.text for t in tokens[n.first : min(n.last + 3, s.last)]]
            said = [t.text for t in tokens[max(s.first, n.first - 2) : n.first]]
            clock = {"horas", "hrs", "h", "a"} & set(near) and {"las", "de", "a"} & set(said)
            return bool(clock)
        return False
