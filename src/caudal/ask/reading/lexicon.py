"""The words of a corridor and of a language, read from YAML and checked.

`Lexicon` is content (series, groups, places), handed in by whoever knows the corridor; `Language` is
how English and Spanish write numbers, dates, speech and causes, and belongs to the reader.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from caudal.ask.reading.phrases import Phrases
from caudal.ask.reading.source import Token
from caudal.policy.marks import read_yaml
from caudal.policy.models import Strict, Text, validated

Code = Literal["en", "es"]
HERE = Path(__file__).parent


class Topic(Strict):
    """What a number may count: the fields stand in the head of the corridor's reading.yaml."""

    id: str
    label: Text
    of: str | None
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    column: str | None = None
    by: str | None = None
    parts: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    home: tuple[str, ...] = ()
    reduce: Literal["sum", "last"]
    units: tuple[str, ...]
    cues: dict[float, tuple[str, ...]]
    needs: tuple[tuple[str, ...], ...] = ()
    never: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()


class Lexicon(Strict):
    """The words of one corridor; `names` are what a reader sees for a group or place that is a code."""

    nouns: dict[str, tuple[str, ...]]
    topics: tuple[Topic, ...]
    groups: dict[str, tuple[str, ...]]
    places: dict[str, tuple[str, ...]]
    names: dict[str, Text] = Field(default_factory=dict)


def read_lexicon(path: Path) -> Lexicon:
    """The lexicon in a YAML file; CaudalError names file, line and field."""
    data, marks = read_yaml(path)
    if isinstance(data, dict):
        for topic in data.get("topics") or ():
            if isinstance(topic, dict) and isinstance(topic.get("cues"), dict):
                topic["cues"] = {_weight(w): words for w, words in topic["cues"].items()}
    return validated(Lexicon, data, marks)


def _weight(text: Any) -> Any:
    """A number; what is none stays, and the check of the fields says where."""
    try:
        return float(text)
    except (TypeError, ValueError):
        return text


class Language:
    """Words of one language, by what they do; `phrases` finds all but the numbers' own."""

    def __init__(self, code: Code, words: dict[str, Any]) -> None:
        self.code: Code = code
        self.small: dict[str, int] = words["small"]
        self.one = frozenset(words["one"])
        self.hundred = frozenset(words["hundred"])
        self.scales: dict[str, float] = words["scales"]
        self.packs: dict[str, float] = words["packs"]
        self.join: str = words["join"]
        self.half = frozenset(words["half"])
        self.vague = frozenset(words["vague"])
        self.durations: dict[str, str] = words["durations"]
        self.months: dict[str, int] = words["months"]
        self.parts: dict[str, int] = words["parts"]
        self.ordinals: dict[str, int] = words["ordinals"]
        self.fractions: dict[str, float] = words["fractions"]
        self.twice: dict[str, int] = words["twice"]
        self.twice_after = frozenset(words["twice_after"])
        self.times = frozenset(words["times"])
        self.range = frozenset(words["range"])
        self.tell = frozenset(words["tell"])
        self._phrases = {k: Phrases({k: v}) for k, v in words.items() if isinstance(v, list)}
        self.fraction_phrases = Phrases({k: [k] for k in self.fractions})

    def ends(self, what: str, tokens: list[Token], i: int, last: int) -> int:
        """The end of the longest phrase of kind `what` that begins at `i`; 0 where none does."""
        return max((end for _, end in self._phrases[what].at(tokens, i, last)), default=0)

    def before(self, what: str, tokens: list[Token], i: int, first: int) -> bool:
        """Does a phrase of kind `what` (of up to four words) end just before token `i`?"""
        return any(
            self.ends(what, tokens, k, i) == i or (i, "") in self._phrases[what].at(tokens, k, i)
            for k in range(max(first, i - 4), i)
        )

    def anywhere(self, what: str, tokens: list[Token], first: int, last: int) -> bool:
        """Does a phrase of kind `what` stand among tokens [first, last)?"""
        return any(self.ends(what, tokens, k, last) for k in range(max(first, 0), last))


@cache
def languages() -> dict[str, Language]:
    """English and Spanish."""
    data, _ = read_yaml(HERE / "language.yaml")
    return {"en": Language("en", data["en"]), "es": Language("es", data["es"])}


def told_language(tokens: list[Token]) -> Language:
    """The language of a text, by its commonest small words; English where neither shows."""
    seen = [t.text for t in tokens[:5000]]
    hits = {code: sum(w in lang.tell for w in seen) for code, lang in languages().items()}
    return languages()["es" if hits["es"] > hits["en"] else "en"]
