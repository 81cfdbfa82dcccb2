"""Why a number changed, and journeys."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from caudal.service.shapes.common import Day, Exact, Month, Words
from caudal.service.shapes.found import Attributed, Journeys


class Factor(Exact):
    """What may explain a change."""

    id: str
    name: Words
    about: Words


class Group(Exact):
    """Factors told as one."""

    id: str
    name: Words
    of: list[str]


class Asked(Exact):
    """An outcome that a change may be asked of."""

    id: str
    title: Words
    unit: str
    panel: str
    series: str


class Factors(Exact):
    """Factors, groups, those taken where none is named, outcomes, first and last month of a change."""

    first: Month
    last: Month
    factors: list[Factor]
    groups: list[Group]
    standard: list[str]
    outcomes: list[Asked]


class Attributions(Exact):
    """The shipped ones."""

    attributions: list[Attributed]


class Quantity(Exact):
    """What an effect is told of."""

    id: str
    name: Words
    unit: str


class Effect(Exact):
    """With less without: median and 90 % of draws; percent of the history without."""

    was: float
    effect: float
    lo90: float
    hi90: float
    percent: float | None


class Answer(Exact):
    """One quantity by draws (prior, posterior, half and double the weather's variance)."""

    quantity: str
    variants: dict[str, Effect]
    contraction: float | None
    contraction_percent: float | None
    rests_on: Literal["prior", "both", "counts"]
    holds: bool | None


class Question(Exact):
    """A question; `told` says whether it is answered alone or by its bundle."""

    id: str
    name: Words
    identified_by: Words
    from_: Day = Field(alias="from")
    until: Day
    expected: Literal["more", "fewer", "either"]
    told: Literal["alone", "jointly"]
    bundle: Words | None
    answers: list[Answer]


class Effects(Exact):
    """All questions, and what they were made with."""

    quantities: list[Quantity]
    questions: list[Question]
    members: int
    draws: str
    code_version: str
    data_vintage: str


class Named(Exact):
    """A code and its name."""

    id: str
    name: Words


class Examples(Exact):
    """The shipped journeys, and the groups and months that may be asked for."""

    examples: list[Journeys]
    nationalities: list[Named]
    units: list[Named]
    first: Month
    last: Month
    code_version: str
    data_vintage: str
