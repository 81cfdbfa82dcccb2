"""What a number counts: the topic whose words stand nearest, if its unit is right.

For each topic the weights of its cues are added up: full in the number's own clause, 0.7 elsewhere
in its sentence, 0.35 in the two sentences before it in the paragraph, 0.2 in the headline. The topic
of the number before goes on speaking (2 in the same paragraph, 1 in the next), since a text
says once what
it counts and then lists. Below `LEAST` nothing is said. The weights were set on the development half.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from caudal.ask.reading.lexicon import Language, Lexicon, Topic
from caudal.ask.reading.numbers import Number
from caudal.ask.reading.phrases import Phrases
from caudal.ask.reading.source import Source

LEAST = 2.0
CLAUSE, SENTENCE, PARAGRAPH, HEADLINE = 1.0, 0.7, 0.35, 0.2
GOES_ON, NEXT = 2.0, 1.0
STRONG = 3.0
"""The weight from which a cue in the number's own clause says that the text has changed its topic."""


@dataclass(frozen=True)
class Match:
    """A topic with its score, and the score of the best other one."""

    topic: Topic
    score: float
    second: float


@dataclass(frozen=True)
class _Hit:
    topic: int
    weight: float
    first: int
    last: int


class Matcher:
    """Matches numbers of one text to topics, groups and places."""

    def __init__(self, source: Source, language: Language, lexicon: Lexicon) -> None:
        self.source, self.lang, self.topics = source, language, lexicon.topics
        self.groups, self.places = Phrases(lexicon.groups), Phrases(lexicon.places)
        self.names = lexicon.names
        cues: dict[str, tuple[str, ...]] = {}
        for i, topic in enumerate(lexicon.topics):
            cues |= {f"{i}|{weight}": words for weight, words in topic.cues.items()}
            cues |= {f"{i}|need{k}": words for k, words in enumerate(topic.needs)}
            cues[f"{i}|never"] = topic.never
        self.phrases = Phrases(cues)
        self.parted = {
            (topic.id, column): Phrases(labels)
            for topic in lexicon.topics
            for column, labels in topic.parts.items()
        }
        self.hits: list[list[_Hit]] = []
        self.needs: list[set[tuple[int, str]]] = []
        for s in source.sentences:
            self._hear(s.first, s.last)
        self.before: tuple[int, int] | None = None  # topic and paragraph of the number before

    def _hear(self, first: int, last: int) -> None:
        hits, needs = [], set()
        for i in range(first, last):
            for name, end in self.phrases.at(self.source.tokens, i, last):
                topic, what = name.split("|")
                if what[0].isdigit():
                    hits.append(_Hit(int(topic), float(what), i, end))
                else:
                    needs.add((int(topic), what))
        self.hits.append(hits)
        self.needs.append(needs)

    def match(self, n: Number, at: int) -> Match | None:
        """The topic of a number in sentence `at`, or None; to be asked in the order of the text."""
        scores = self._scores(n, at)
        if not scores:
            return None
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        best, score = ranked[0]
        if score < LEAST:
            return None
        self.before = best, self.source.sentences[at].paragraph
        return Match(self.topics[best], score, ranked[1][1] if len(ranked) > 1 else 0.0)

    def _scores(self, n: Number, at: int) -> dict[int, float]:
        s = self.source.sentences[at]
        near = self._clause(n, s.first, s.last)
        heard: dict[tuple[int, int], float] = {}

        def hear(where: int, weigh: float, clause: tuple[int, int] | None = None) -> None:
            for hit in self.hits[where]:
                full = clause and clause[0] <= hit.first < clause[1]
                worth = hit.weight * (CLAUSE if full else weigh)
                # One cue counts once, however often it is said: keyed by its weight's class
                key = (
                    hit.topic,
                    hash(tuple(t.text for t in self.source.tokens[hit.first : hit.last])),
                )
                heard[key] = max(heard.get(key, 0.0), worth)

        hear(at, SENTENCE, near)
        for back in (1, 2):
            if at - back >= 0 and self.source.sentences[at - back].paragraph == s.paragraph:
                hear(at - back, PARAGRAPH)
        for k in range(min(3, at)):
            hear(k, HEADLINE)
        scores: dict[int, float] = {}
        for (topic, _), worth in heard.items():
            scores[topic] = scores.get(topic, 0.0) + worth
        if self.before and not self._changed(at, near):
            topic, paragraph = self.before
            gap = s.paragraph - paragraph
            if gap <= 1:
                scores[topic] = scores.get(topic, 0.0) + (GOES_ON if gap == 0 else NEXT)
        return {t: v for t, v in scores.items() if self._fits(t, n, at)}

    def _changed(self, at: int, clause: tuple[int, int]) -> bool:
        """Does the clause name another topic by a strong cue, and none of the topic so far?"""
        own = {h.topic for h in self.hits[at] if clause[0] <= h.first < clause[1]}
        strong = {
            h.topic
            for h in self.hits[at]
            if h.weight >= STRONG and clause[0] <= h.first < clause[1]
        }
        return bool(strong) and self.before is not None and self.before[0] not in own

    def _clause(self, n: Number, first: int, last: int) -> tuple[int, int]:
        """Tokens around a number up to the next comma, semicolon or bracket on either side."""
        tokens, text = self.source.tokens, self.source.text

        def parted(k: int) -> bool:
            return bool(re.search(r"[,;:()«»“”]", text[tokens[k - 1].end : tokens[k].start]))

        lo, hi = n.first, n.last
        while lo > first and not parted(lo):
            lo -= 1
        while hi < last and not parted(hi):
            hi += 1
        return lo, hi

    def _fits(self, t: int, n: Number, at: int) -> bool:
        """Is the unit right, what the topic needs said, and nothing that rules it out?"""
        topic = self.topics[t]
        if n.kind == "duration" or (n.kind == "money" and n.unit not in topic.units):
            return False
        if n.kind in ("count", "rate") and n.unit and n.unit not in topic.units:
            return False
        if (t, "never") in self.needs[at]:
            return False
        if (
            n.kind == "count"
            and not n.unit
            and not {"people", "events", "cases"} & set(topic.units)
        ):
            return False
        s = self.source.sentences[at]
        said = set(self.needs[at])
        for back in (1, 2):
            if at - back >= 0 and self.source.sentences[at - back].paragraph == s.paragraph:
                said |= self.needs[at - back]
        return all((t, f"need{k}") in said for k in range(len(topic.needs)))

    def group(self, n: Number, at: int) -> str:
        """The nationality that a number is of: named right after it, or *of*, *from* with it."""
        tokens, text = self.source.tokens, self.source.text
        s = self.source.sentences[at]
        for k in range(n.last, min(n.last + 7, s.last)):
            if k > n.last and (tokens[k].kind == "num" or text[tokens[k - 1].end] in ";.:"):
                break
            found = self.groups.at(tokens, k, s.last)
            if found:
                country = text[tokens[k].start].isupper() and self.lang.code == "es"
                of = tokens[k - 1].text in ("de", "from", "of", "son")
                return found[0][0] if not country or of else ""
        # "los venezolanos eran apenas 11.600"
        for k in range(n.first - 1, max(s.first, n.first - 4) - 1, -1):
            if tokens[k].kind == "num" or text[tokens[k].end] in ";.:,":
                break
            found = self.groups.at(tokens, k, s.last)
            if found and (self.lang.code == "en" or not text[tokens[k].start].isupper()):
                return found[0][0]
        return ""

    def parts(self, topic: Topic | None, at: int) -> dict[str, str]:
        """The part of a topic's series that a sentence names: column and label.

        A column of which several parts are named is left whole: *Border Patrol and the ports*.
        """
        s, tokens = self.source.sentences[at], self.source.tokens
        out: dict[str, str] = {}
        if topic is None:
            return out
        for column in topic.parts:
            phrases = self.parted[topic.id, column]
            named = {
                name for k in range(s.first, s.last) for name, _ in phrases.at(tokens, k, s.last)
            }
            if len(named) == 1:
                out[column] = named.pop()
        return out

    def place(self, n: Number, at: int) -> str:
        """The place named nearest to a number in its sentence; "" where none is."""
        s = self.source.sentences[at]
        lo, hi = max(s.first, n.first - 40), min(s.last, n.last + 40)
        named = [
            (abs(k - n.first) if k < n.first else k - n.last, name)
            for k in range(lo, hi)
            for name, _ in self.places.at(self.source.tokens, k, s.last)
        ]
        return min(named)[1] if named else ""
