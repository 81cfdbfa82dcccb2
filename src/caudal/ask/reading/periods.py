"""When: the months and years that a text names, and which of them a number is of.

A month without a year is the last such month before the text (or the day it bears). *A year earlier*
steps back from the period named last. Written as a ledger writes periods: 2024-01, 2023, FY2023,
[2022-10, 2024-08].
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from caudal.ask.reading.days import (
    day_of,
    month_of,
    numeric_day,
    part_of_year,
    year_after,
    year_at,
)
from caudal.ask.reading.lexicon import Language
from caudal.ask.reading.numbers import Number
from caudal.ask.reading.source import Sentence, Source
from caudal.ask.reading.written import Written, alike, back_a_year, joined, year_of

SINCE_WITHIN = 6
"""Tokens after a change among which *since* is its own."""


@dataclass(frozen=True)
class When:
    """A period as a ledger writes it, and its tokens; since `compared` it is what is compared with."""

    period: Written
    first: int
    last: int
    compared: int | None = None


@dataclass
class _Past:
    """What was named so far: the day of the text, and the period named last."""

    today: dt.date | None
    named: Written | None = None


class Calendar:
    """The periods named in one text, in order."""

    def __init__(self, source: Source, language: Language, today: dt.date | None = None) -> None:
        self.source, self.lang = source, language
        self.tokens = source.tokens
        self.past = _Past(today or day_of(source, language))
        self.by_sentence = [self._sentence(s) for s in source.sentences]

    def _sentence(self, s: Sentence) -> list[When]:
        out: list[When] = []
        i = s.first
        while i < s.last:
            found = self._at(i, s)
            if found:
                found = replace(found, compared=self._compared(found, out, s))
                out.append(found)
                if found.compared is None:
                    self.past.named = found.period
            i = found.last if found else i + 1
        out = self._ranges(out, s)
        told = [w for w in out if w.compared is None]
        if told:
            self.past.named = told[-1].period
        return out

    def _compared(self, when: When, before: list[When], s: Sentence) -> int | None:
        """The token of *than*, *frente a* up to seven tokens before a period, if there is one."""
        since = max([s.first, when.first - 7, *(w.last for w in before)])
        said = range(since, when.first)
        return next((k for k in said if self.lang.ends("compared", self.tokens, k, s.last)), None)

    def _at(self, i: int, s: Sentence) -> When | None:
        lang, tokens, today = self.lang, self.tokens, self.past.today
        end_of = lambda what: lang.ends(what, tokens, i, s.last)  # noqa: E731
        token = tokens[i]
        if token.kind == "date" and (day := numeric_day(token.text, lang)):
            return When(f"{day:%Y-%m}", i, i + 1)
        base = self.past.named
        if end := end_of("fiscal_before"):
            back = back_a_year(base) if isinstance(base, str) and base.startswith("FY") else None
            return When(back, i, end) if back else None
        if end := end_of("year_before"):
            back = back_a_year(base) if base else None
            return When(back, i, end) if back else None
        if end := end_of("fiscal"):
            for k in range(end, min(end + 2, s.last)):
                if year := year_at(self.source, k):
                    return When(f"FY{year}", i, k + 1)
            return None
        if end := end_of("same_month"):
            year = year_at(self.source, end) if end < s.last else None
            if year and isinstance(base, str) and re.fullmatch(r"\d{4}-\d{2}", base):
                return When(f"{year}{base[4:]}", i, end + 1)
            return None
        if (end := end_of("that_year")) and base and (year := year_of(base)):
            fiscal = isinstance(base, str) and base.startswith("FY")
            return When(base if fiscal else year, i, end)
        if (end := end_of("month_after")) and isinstance(base, str) and len(base) == 7:
            later = dt.date(int(base[:4]), int(base[5:]), 1) + dt.timedelta(31)
            return When(f"{later:%Y-%m}", i, end)
        if today:
            if end := end_of("last_year"):
                return When(str(today.year - 1), i, end)
            if end := end_of("this_year"):
                return When(str(today.year), i, end)
            if end := end_of("last_month"):
                return When(f"{today.replace(day=1) - dt.timedelta(1):%Y-%m}", i, end)
            if (end := end_of("this_month")) or (end := end_of("now")):
                return When(f"{today:%Y-%m}", i, end)
        month = None
        if token.kind == "word":
            month = month_of(token.text, lang, year_after(self.source, i, s, lang))
        if month:
            return self._month(i, month, s)
        if (year := year_at(self.source, i)) and not self._counts(i, s):
            part = part_of_year(self.source, i, s, lang)
            if part:
                return When((f"{year}-{part[0]:02}", f"{year}-{part[1]:02}"), part[2], i + 1)
            return When(str(year), i, i + 1)
        return None

    def _month(self, i: int, number: int, s: Sentence) -> When | None:
        """A month with its year, or the last such month before the text or the year named last."""
        lang, tokens = self.lang, self.tokens
        capital = self.source.raw[tokens[i].start].isupper()
        if lang.code == "en" and not capital:
            return None  # "may", "march"
        if lang.before("names", tokens, i - 2, s.first):
            return None  # the street 16 de Septiembre
        if year := year_after(self.source, i, s, lang):
            last = next(k for k in range(i + 1, s.last) if year_at(self.source, k)) + 1
            return When(f"{year}-{number:02}", i, last)
        today, named = self.past.today, self.past.named
        for k in range(i + 1, min(i + 3, s.last)):
            if (end := lang.ends("that_year", tokens, k, s.last)) and named and year_of(named):
                return When(f"{year_of(named)}-{number:02}", i, end)
        if today is None:
            year = year_of(named) if named else None
            return When(f"{year}-{number:02}", i, i + 1) if year else None
        year = today.year if number <= today.month else today.year - 1
        # A text that tells of an earlier year goes on in it: "in all of 2023 … in August"
        if isinstance(named, str) and re.fullmatch(r"\d{4}", named) and number > today.month:
            year = min(year, int(named))
        return When(f"{year}-{number:02}", i, i + 1)

    def _counts(self, i: int, s: Sentence) -> bool:
        """Is this 2000 people rather than the year?"""
        after = self.tokens[i + 1].text if i + 1 < s.last else ""
        return after in ("people", "personas", "migrants", "migrantes", "dollars", "pesos")

    def _ranges(self, whens: list[When], s: Sentence) -> list[When]:
        """*Between October 2022 and September 2023* is one period; twelve months to September a FY."""
        lang, tokens = self.lang, self.tokens
        out: list[When] = []
        for when in whens:
            before = out[-1] if out else None
            linked = (
                before
                and 0 < when.first - before.last <= 2
                and (lang.ends("and", tokens, before.last, s.last))
            )
            opened = before and lang.before("between", tokens, before.first, s.first)
            if before and linked and opened:
                out[-1] = When(joined(before.period, when.period), before.first, when.last)
            else:
                out.append(when)
        today = self.past.today
        return [
            replace(w, period=joined(w.period, f"{today:%Y-%m}"))
            if today and lang.before("from_on", tokens, w.first, s.first) and _open(w.period, today)
            else w
            for w in out
        ]

    def period(self, number: Number, at: int) -> Written | None:
        """The period that a number of sentence `at` is of; None where nothing near names one.

        In its sentence the nearest that no other number stands between, else the nearest; a period
        after the number is nearer than one before it. Else that of the sentence before, unless the
        number is a change *since* something that is no date: then none is known.
        """
        here = self.by_sentence[at]
        if here:
            starts = [w.first for w in here]
            k = bisect_left(starts, number.first)
            near = here[max(0, k - 2) : k + 2]
            return min(near, key=lambda w: self._distance(w, number)).period
        since, then = self._since(number, self.source.sentences[at])
        if since and not then:
            return None
        told = self._told_before(at)
        today = self.past.today
        if then and told and today and _open(told, today):
            return joined(told, f"{today:%Y-%m}")
        return told

    def change(self, number: Number, at: int) -> tuple[str, str] | None:
        """The two periods that a change of sentence `at` compares, earlier first; None where unsaid.

        *Between December 2023 and December 2024*, *from December 2020*, *than a year earlier*.
        """
        if number.kind != "change":
            return None
        here = self.by_sentence[at]
        for when in here:
            between = self.lang.before("between", self.tokens, when.first, when.first - 1)
            if between and isinstance(when.period, tuple) and not self._open_ended(when, at):
                return when.period if alike(*when.period) else None
        base = next((w for w in here if self._is_base(w, number)), None)
        if base is None:
            return None
        first = base.period[0] if isinstance(base.period, tuple) else base.period
        told = [w.period for w in here if w is not base and w.first < number.first]
        after = told[-1] if told else self._told_before(at)
        if not isinstance(after, str) or not alike(first, after) or first >= after:
            return None
        return first, after

    def _is_base(self, when: When, number: Number) -> bool:
        """Is it the period that a change is measured from, named just after it?"""
        gap = range(number.last, when.first)
        if not 0 <= len(gap) <= 4:
            return False
        return when.compared is not None or any(
            self.lang.ends("from_on", self.tokens, k, when.first) for k in gap
        )

    def _open_ended(self, when: When, at: int) -> bool:
        """Was it made a stretch until the day of the text, by *since* or *from*?"""
        today = self.past.today
        return bool(today) and when.period[1] == f"{today:%Y-%m}" and when.last - when.first <= 2

    def _since(self, number: Number, s: Sentence) -> tuple[bool, bool]:
        """Is a number a change since something; and is that *then*, the period named before?"""
        if number.kind not in ("change", "share"):  # "han bajado 90 por ciento"
            return False, False
        said = range(number.last, min(number.last + SINCE_WITHIN, s.last))
        ends = self.lang.ends
        return (
            any(ends("since", self.tokens, k, s.last) for k in said),
            any(ends("since_then", self.tokens, k, s.last) for k in said),
        )

    def _told_before(self, at: int) -> Written | None:
        """The period told last in up to three sentences before, in this paragraph or the last."""
        for back in (1, 2, 3):
            if at - back < 0:
                break
            if self.source.sentences[at - back].paragraph < self.source.sentences[at].paragraph - 1:
                break
            told = [w.period for w in self.by_sentence[at - back] if w.compared is None]
            if told:
                # "On 27 December … of 2023": the month says more than its year
                months = [p for p in told if isinstance(p, str) and p.startswith(f"{told[-1]}-")]
                return months[-1] if months else told[-1]
        return None

    def _distance(self, when: When, number: Number) -> float:
        after = when.first >= number.last
        lo, hi = (number.last, when.first) if after else (when.last, number.first)
        text = self.source.text[
            self.tokens[lo - 1].end : self.tokens[min(hi, len(self.tokens) - 1)].start
        ]
        signs = sum(c in ",;:()" for c in text)
        others = sum(t.kind == "num" for t in self.tokens[lo:hi])
        # A period after *than* is of the number that stands between them, or else of none here
        other = when.compared is not None and number.first < when.compared
        return (hi - lo) + 4 * signs + 12 * others + (0 if after else 3) + 60 * other


def _open(period: Written, today: dt.date) -> bool:
    """May a period that begins there last until the day of the text?"""
    return isinstance(period, str) and not period.startswith("FY") and period < f"{today:%Y-%m}"
