"""What several verbs are given as words: a day, a language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from caudal.errors import CaudalError


def day(option: str, text: str | None) -> date | None:
    """A day as typed; None where none was. Raises CaudalError for what is none."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise CaudalError(option, f"'{text}' is no date", "a day as YYYY-MM-DD") from None


def language(text: str, allowed: Sequence[str] = ("en", "es")) -> None:
    """Refuse a language that the texts are not in."""
    if text not in allowed:
        raise CaudalError("--lang", f"unknown language '{text}'", ", ".join(allowed))
