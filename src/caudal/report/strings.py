"""The words a reader sees, in English and Spanish: one dictionary, shared with the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "web"
LANGUAGES: tuple[str, ...] = ("en", "es")


@cache
def strings() -> dict[str, dict[str, str]]:
    """All strings: {"en": {key: text}, "es": {key: text}}. `{name}` marks a place to fill."""
    return json.loads((WEB / "strings.json").read_text(encoding="utf-8"))


def translator(language: str) -> Callable[..., str]:
    """A function from a key (and values to fill) to the text in `language`.

    >>> translator("es")("cli.month")
    'Mes'
    """
    table = strings()[language]

    def say(key: str, **values: object) -> str:
        return table[key].format(**values)

    return say
