"""The ledger of claims, and what was read in a text."""

from __future__ import annotations

from typing import Any

from caudal.service.shapes.common import Day, Exact, Open, Words


class Claims(Exact):
    """The ledger."""

    claims: list[dict[str, Any]]


class Claim(Exact):
    """One claim with its document, its test in words, and its verdict (null: a cause not run here)."""

    claim: dict[str, Any]
    document: dict[str, Any]
    asked: Words
    verdict: dict[str, Any] | None
    names: dict[str, Words | None]


class Drawn(Exact):
    """What a claim's test looks like: counts around its period, the window, what is said."""

    kind: str
    unit: str
    points: list[dict[str, Any]]
    windows: list[dict[str, Any]]
    said: dict[str, Any] | None
    level: float | None = None


class Proposals(Open):
    """What was read in a text: figures and causes with where they stand, and a draft ledger."""

    language: str
    day: Day | None
    figures: list[dict[str, Any]]
    causes: list[dict[str, Any]]
    draft: str | None
