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

ACTORS: dict[str, tuple[str, str]] = {
    "united-states": ("United States", "Estados Unidos"),
    "texas": ("Texas", "Texas"),
    "mexico": ("Mexico", "México"),
    "guatemala": ("Guatemala", "Guatemala"),
    "honduras": ("Honduras", "Honduras"),
    "el-salvador": ("El Salvador", "El Salvador"),
    "nicaragua": ("Nicaragua", "Nicaragua"),
    "costa-rica": ("Costa Rica", "Costa Rica"),
    "panama": ("Panama", "Panamá"),
    "venezuela": ("Venezuela", "Venezuela"),
    "cuba": ("Cuba", "Cuba"),
    "haiti": ("Haiti", "Haití"),
    "ecuador": ("Ecuador", "Ecuador"),
    "china": ("China", "China"),
    "central-america": ("Central America", "Centroamérica"),
    "region": ("Several countries", "Varios países"),
    "all": ("All governments", "Todos los gobiernos"),
}
"""Names in English and Spanish of the first part of a document's `actor`, in the order drawn."""


def labels() -> dict[str, dict[str, tuple[str, str]]]:
    """Names in English and Spanish of the vocabulary's values, by axis."""
    return {
        "nationality": world.NATIONALITY_NAMES,
        "unit": world.UNIT_NAMES,
        "sector": world.AREA_NAMES,
        "field_office": world.AREA_NAMES,
        "city": world.CITY_NAMES,
    }


@cache
def levers() -> LeverRegistry:
    """The levers of the corridor."""
    return LeverRegistry.load(LEVERS, VOCABULARY)


@cache
def law() -> Law:
    """The corridor's real law: every shipped document, as finally known."""
    return Law.load(FOLDER, levers(), VOCABULARY)
