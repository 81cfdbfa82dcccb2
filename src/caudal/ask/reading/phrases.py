"""Words and phrases of a list, found among the tokens of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from caudal.ask.reading.source import Token, fold


class Phrases:
    """Words and phrases to be found among tokens, each with a name; a trailing * takes any ending.

    Looking up costs a few dictionary steps a token, however many phrases there are.
    """

    def __init__(self, named: Mapping[str, Iterable[str]]) -> None:
        self.by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self.stems: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name, phrases in named.items():
            for phrase in phrases:
                words = tuple(m[0] for m in re.finditer(r"[^\s.]+", fold(str(phrase))))
                table = self.stems if words[0].endswith("*") else self.by_first
                table.setdefault(words[0].rstrip("*"), []).append((words, name))
        self.sizes = sorted({len(stem) for stem in self.stems})

    def at(self, tokens: Sequence[Token], i: int, last: int) -> list[tuple[str, int]]:
        """The (name, end) of each phrase that begins at token `i` and ends before `last`."""
        if i >= last:
            return []
        word = tokens[i].text
        options = list(self.by_first.get(word, ()))
        for size in self.sizes:
            if size <= len(word):
                options += self.stems.get(word[:size], ())
        found = []
        for words, name in options:
            end = i + len(words)
            if end <= last and all(
                fits(w, t.text) for w, t in zip(words[1:], tokens[i + 1 : end], strict=True)
            ):
                found.append((name, end))
        return found


def fits(pattern: str, word: str) -> bool:
    """Is `word` the pattern, or does it begin with it where the pattern ends in a star?"""
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern
