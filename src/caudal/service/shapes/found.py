"""What jobs find, by kind: the fields that the command of the same name prints with --json."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from caudal.service.shapes.common import Day, Exact, Month, Open, Words
from caudal.service.shapes.jobs import Recipe

Verdict = Literal[
    "matches", "differs", "supported", "not supported", "not identifiable", "not testable"
]


class Spread(Exact):
    """Median and intervals over members."""

    median: float | None
    lo50: float | None
    hi50: float | None
    lo90: float | None
    hi90: float | None


class Comparison(Exact):
    """What was compared, and how to get it again."""

    base: str
    scenarios: list[str]
    parts: dict[str, Day | None]
    from_: Day = Field(alias="from")
    to: Day
    members: int
    first_forecast_month: Month
    run_id: str
    command: str
    python: str
    data_vintage: str
    code_version: str


class ComparedRow(Spread):
    """The difference of one outcome over the period, scenario less base."""

    scenario: str
    weather: Literal["as-inferred", "without-jumps"]
    outcome: str
    title: str
    title_es: str
    unit: str
    unit_es: str
    group: str
    base: float | None
    relative_median: float | None
    relative_lo50: float | None
    relative_hi50: float | None
    relative_lo90: float | None
    relative_hi90: float | None
    direction: str
    probability: float | None
    se_paired: float | None
    se_independent: float | None
    se_independent_run: float | None


class ComparedMonths(Exact):
    """One outcome by month: base, scenario and their difference."""

    scenario: str
    weather: str
    outcome: str
    months: list[dict[str, str | float | None]]


class Compared(Exact):
    """A comparison (docs/compare.md).

    documents           of scenarios that were not shipped ones
    by_published_rates  outcomes that are published rates times people, not counted
    """

    comparison: Comparison
    rows: list[ComparedRow]
    jumps: list[dict[str, Any]]
    monthly: list[ComparedMonths]
    documents: dict[str, str | None]
    by_published_rates: list[str]


class Attribution(Exact):
    """What change was asked about, and both ends of it."""

    outcome: str
    from_: str = Field(alias="from")
    to: str
    counted_from: float | None
    counted_to: float | None
    modelled_from: float
    modelled_to: float
    members: int
    runs: int
    method: Literal["exact", "sampled"]
    recipe_command: str
    recipe_python: str
    code_version: str
    data_vintage: str
    posterior: str


class Part(Spread):
    """One part of the change."""

    id: str
    kind: Literal["underway", "rest", "factor", "misfit", "change"]
    name: str
    name_es: str
    mean: float
    share: float | None
    first_in: float | None
    last_in: float | None
    error: float | None
    sampling_error: float


class Attributed(Exact):
    """An attribution (docs/attribute.md): parts that sum to the change."""

    attribution: Attribution
    rows: list[Part]


class Forecast(Exact):
    """A forecast as it was issued (docs/forecast.md)."""

    forecast: dict[str, Any]
    targets: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    sums: list[dict[str, Any]]


class Known(Exact):
    """What could be known on the day."""

    counts: list[dict[str, Any]]
    in_force: list[dict[str, Any]]
    announced: list[dict[str, Any]]
    origin: Day | None
    learned_to: Day | None
    forecast: list[dict[str, Any]]


class Followed(Exact):
    """What followed."""

    counts: list[dict[str, Any]]
    decided: list[dict[str, Any]]
    came: list[dict[str, Any]]


class AsOf(Exact):
    """A day as it could be known (docs/as-of.md)."""

    day: Day
    known: Known
    followed: Followed
    claims: list[dict[str, Any]]
    titles: dict[str, Words]


class Journeys(Exact):
    """Synthetic journeys (docs/journeys.md)."""

    about: dict[str, Any]
    kinds: list[dict[str, Any]]
    meets: list[dict[str, Any]]
    journeys: list[dict[str, Any]]


class Judged(Open):
    """A claim's verdict with its evidence, and in words."""

    id: str
    document: str
    kind: str
    verdict: Verdict
    evidence: list[dict[str, Any]]
    words: Words


class ClaimsJudged(Exact):
    """Every claim of the shipped ledgers, judged."""

    claims: list[Judged]
    made: dict[str, Any]


FOUND: dict[str, type[Exact]] = {
    "run": Recipe, "compare": Compared, "attribute": Attributed, "forecast": Forecast,
    "as-of": AsOf, "journeys": Journeys, "claims": ClaimsJudged,
}  # fmt: skip
"""Kind of job → the shape of its result."""

Found = Recipe | Compared | Attributed | Forecast | AsOf | Journeys | ClaimsJudged
