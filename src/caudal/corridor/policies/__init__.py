"""What governments decided, one YAML document each; see README.md here for how to add one.

The functions give the corridor's vocabulary, levers and law; they read the files once a process.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from caudal.corridor import world
from caudal.policy import Law, LeverRegistry
from caudal.policy.vocabulary import Vocabulary

FOLDER = Path(__file__).parent
LEVERS = FOLDER.parent / "levers"

VOCABULARY: Vocabulary = {
    "nationality": world.NATIONALITIES,
    "unit": world.UNITS,
    "sector": world.SECTORS,
    "field_office": world.FIELD_OFFICES,
    "city": world.CITIES,
}
"""Axes that policies speak of, in array order."""


@cache
def levers() -> LeverRegistry:
    """The levers of the corridor."""
    return LeverRegistry.load(LEVERS, VOCABULARY)


@cache
def law() -> Law:
    """The corridor's real law: every shipped document, as finally known."""
    return Law.load(FOLDER, levers(), VOCABULARY)
