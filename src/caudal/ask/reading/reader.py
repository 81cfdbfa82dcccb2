"""From a text to draft claims: its numbers with what they count, and its causal sentences.

`read` finds; nothing is judged here. Each draft carries the characters at which it stands and a
confidence, so that a person can go through them, mend and confirm.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from caudal.ask.reading.found import Finder
from caudal.ask.reading.known import KnownFigure, nearest_figure
from caudal.ask.reading.lexicon import Language, Lexicon, Topic, languages, told_language
from caudal.ask.reading.numbers import Number
from caudal.ask.reading.periods import Calendar
from caudal.ask.reading.source import Source, load
from caudal.ask.reading.speech import Speaker, cause_cue, speaker
from caudal.ask.reading.topics import Match, Matcher
from caudal.ask.reading.written import Written
from caudal.errors import CaudalError
from caudal.policy.models import Text

MANY = 2000
"""The most drafts that are proposed of one text; a longer one is cut, and says so."""


@dataclass(frozen=True)
class Found:
    """A number of the text with all that was read about it.

    numbers  one, or the two ends of a range
    known    the published figure that speaks of the same, nearest in period and value
    names    what a reader sees for a group, place or part that is a code
    change   the two periods that a change compares, earlier first
    parts    column and label of the part of the series that the sentence names
    """

    numbers: tuple[Number, ...]
    sentence: int
    topic: Topic | None
    group: str
    place: str
    period: Written | None
    bound: str
    known: KnownFigure | None
    speaker: Speaker | None
    confidence: float
    names: Mapping[str, Text] = field(default_factory=dict)
    change: tuple[str, str] | None = None
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def series(self) -> str | None:
        """The published series that counts it."""
        return self.topic.of if self.topic else None


@dataclass(frozen=True)
class Cause:
    """A sentence that claims a cause, by the words `cue`."""

    sentence: int
    cue: str
    speaker: Speaker | None
    confidence: float


@dataclass
class Reading:
    """What was read: numbers in order (vague ones apart), causes, and the text they stand in.

    day      of the text; printed: the text bears it, nobody gave it
    cut      more was found than is proposed
    """

    source: Source
    language: Language
    day: dt.date | None
    printed: bool = True
    found: list[Found] = field(default_factory=list)
    vague: list[Number] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    cut: bool = False


def read(path: Path, lexicon: Lexicon, figures: Sequence[KnownFigure] = (), **how: Any) -> Reading:
    """Read a text file; `how` as `read_source` takes it. CaudalError for what is no text."""
    return read_source(load(path), lexicon, figures, **how)


def read_source(
    source: Source,
    lexicon: Lexicon,
    figures: Sequence[KnownFigure] = (),
    language: str | None = None,
    day: dt.date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Reading:
    """Read a text at hand.

    lexicon   words of the corridor
    figures   published figures that its numbers may repeat
    language  en or es; told by the text when None
    day       the day it appeared; the one it bears when None

    Raises CaudalError for another language.
    """
    if language is not None and language not in languages():
        raise CaudalError("--lang", f"'{language}'", ", ".join(languages()))
    lang = languages()[language] if language else told_language(source.tokens)
    finder = Finder(source, lang, lexicon)
    matcher = Matcher(source, lang, lexicon)
    calendar = Calendar(source, lang, day)
    out = Reading(source, lang, calendar.past.today, printed=day is None)
    for at, sentence in enumerate(source.sentences):
        if progress and at % 500 == 0:
            progress(at, len(source.sentences))
        if len(out.found) + len(out.causes) >= MANY:
            out.cut = True
            break
        numbers = finder.numbers(sentence)
        out.vague += [n for n in numbers if n.kind == "vague"]
        for numbers_of in _ranged([n for n in numbers if n.kind != "vague"], source, lang):
            out.found.append(_found(numbers_of, at, source, lang, matcher, calendar, figures))
        if cue := cause_cue(source, lang, at):
            who = speaker(source, lang, at)
            out.causes.append(Cause(at, cue, who, 0.6 if who else 0.5))
    return out


def _found(
    numbers: tuple[Number, ...],
    at: int,
    source: Source,
    lang: Language,
    matcher: Matcher,
    calendar: Calendar,
    figures: Sequence[KnownFigure],
) -> Found:
    n = numbers[0]
    match = matcher.match(n, at)
    topic = match.topic if match else None
    change = calendar.change(n, at)
    # The later of the two that a change compares is the one that it is of
    period = change[1] if change else calendar.period(n, at)
    known = nearest_figure(figures, topic, n, period) if topic and len(numbers) == 1 else None
    return Found(
        numbers, at, topic, matcher.group(n, at), matcher.place(n, at), period,
        _bound(n, source, lang, at), known, speaker(source, lang, at),
        _confidence(n, match, period, known), matcher.names, change, matcher.parts(topic, at),
    )  # fmt: skip


def _ranged(numbers: list[Number], source: Source, lang: Language) -> list[tuple[Number, ...]]:
    """Numbers one by one, the two ends of a range together."""
    out: list[tuple[Number, ...]] = []
    i = 0
    while i < len(numbers):
        here = numbers[i]
        nxt = numbers[i + 1] if i + 1 < len(numbers) else None
        if nxt and _range(here, nxt, source, lang):
            out.append((here, nxt))
            i += 2
        else:
            out.append((here,))
            i += 1
    return out


def _range(a: Number, b: Number, source: Source, lang: Language) -> bool:
    """*Between 80 and 120*, *6 o 7*, *80-120*: low to high, joined by one word or a dash."""
    if a.value is None or b.value is None or a.value >= b.value or b.kind != a.kind:
        return False
    between = [t.text for t in source.tokens[a.last : b.first]]
    if len(between) != 1:
        return False
    word = between[0]
    opened = lang.before("range_before", source.tokens, a.first, max(0, a.first - 3))
    either = word in ("or", "o", "-", "–", "—")
    return either or (word in lang.range and opened)


def _bound(n: Number, source: Source, lang: Language, at: int) -> str:
    """How the text says it: at_least, at_most, about or equals."""
    first = max(source.sentences[at].first, n.first - 3)
    for kind in ("at_least", "at_most", "about"):
        if lang.before(kind, source.tokens, n.first, first):
            return kind
    return "about" if n.value and _round(n.value) else "equals"


def _round(value: float) -> bool:
    """Two figures and noughts: 71,000 is rounded, 71,036 is not."""
    text = f"{value:.0f}"
    return value >= 100 and len(text.rstrip("0")) <= 2


def _confidence(
    n: Number, match: Match | None, period: Written | None, known: KnownFigure | None
) -> float:
    """How sure the proposal is, 0 to 1, by rule and not by count of hits.

    0.35 for a number; to 0.3 for a topic that stands out, 0.1 for a unit, 0.1 for a period, 0.15 for a
    published figure within a tenth.
    """
    sure = 0.35 + 0.1 * bool(n.unit) + 0.1 * bool(period)
    if match:
        lead = match.score - match.second
        sure += 0.3 * min(1.0, max(0.0, lead) / 4.0)
    if known and n.value and abs(known.value - n.value) <= 0.1 * abs(n.value):
        sure += 0.15
    return round(min(sure, 1.0), 2)
