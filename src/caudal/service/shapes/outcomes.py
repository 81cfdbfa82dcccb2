"""Where journeys end, and outcomes side by side by year."""

from __future__ import annotations

from typing import Literal

from caudal.service.shapes.common import Exact, Month, Words
from caudal.service.shapes.jobs import Recipe
from caudal.service.shapes.why import Named


class Points(Exact):
    """Mean, median, 50 % and 90 % of members."""

    mean: float
    median: float
    lo50: float
    hi50: float
    lo90: float
    hi90: float


class FiscalYear(Exact):
    """A US fiscal year: months held, whether all twelve, whether some lie beyond the counts."""

    year: int
    first: Month
    through: Month
    whole: bool
    forecast: bool


class Flow(Points):
    """People of a group (or `all`) in one flow."""

    group: str
    flow: str


class Ended(Exact):
    """Where journeys ended: for each nationality before + set out = ends + after, in the mean."""

    run: Recipe
    years: list[FiscalYear]
    year: int
    by: Literal["nationality", "unit"]
    group: str | None
    flows: list[Named]
    groups: list[Named]
    within: list[Named]
    rows: list[Flow]


class Year(Points):
    """An outcome in a fiscal year."""

    fiscal_year: int


class SideOutcome(Exact):
    """An outcome by fiscal year."""

    id: str
    title: Words
    unit: str
    group: str
    years: list[Year]


class Side(Exact):
    """Outcomes side by side."""

    run: Recipe
    outcomes: list[SideOutcome]
