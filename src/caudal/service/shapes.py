"""What is answered, as Pydantic models: the OpenAPI description comes from them.

Routes write their answers straight to bytes, for large tables would take seconds to check on every
read; tests hold the bytes against these models.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Month = str
Day = str
Numbers = list[float | None]


class Open(BaseModel):
    """Fields told here, and others that a face may leave alone."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)


class Exact(BaseModel):
    """The fields told here and no others."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Words(Exact):
    """The same in English and Spanish."""

    en: str
    es: str


Text = Words | str


class SeriesRow(Exact):
    """A published series in short."""

    id: str
    publisher: str
    title: str
    unit: str
    grain: str
    first: str
    last: str
    rows: int
    role: str
    read_on: str
    users_own: bool
    name: Words | None
    told: dict[str, Text]


class SeriesList(Exact):
    """Every series."""

    series: list[SeriesRow]


class Source(Exact):
    """Where a series comes from."""

    series: str
    publisher: str
    title: str
    definition: str
    unit: str
    grain: str
    address: str
    licence: str
    read_on: str
    delay_days: int
    delay_note: str
    role: str
    through: str
    files: dict[str, str]


class Issue(Exact):
    """What is known to be wrong with some rows."""

    name: str
    rows: int
    meaning: str


class SeriesTable(Exact):
    """A series with its rows; `map` instead of rows where it is a map (GeoJSON)."""

    series: Source
    vintage: str
    issues: list[Issue] = []
    columns: list[str] = []
    rows: list[dict[str, Any]] = []
    map: dict[str, Any] | None = None


class SeriesChart(Exact):
    """A series by time: its source and issues, the whole, the parts by a column (null: a map)."""

    series: dict[str, Any]
    name: Words | None
    users_own: bool
    issues: list[dict[str, Any]]
    chart: dict[str, Any] | None


class Vintage(Exact):
    """One stored edition of a series."""

    vintage: str
    read_on: str
    users_own: bool
    rows: int
    files: dict[str, str]


class Vintages(Exact):
    """The editions of a series, oldest first; the last one answers."""

    series: str
    vintages: list[Vintage]


class PolicyRow(Exact):
    """A policy in short."""

    id: str
    name: Words
    actor: str
    kind: str
    from_: Day | None = Field(alias="from")
    until: Day | None
    levers: list[str]
    unverified: bool


class PolicyList(Exact):
    """Every policy."""

    policies: list[PolicyRow]


class Span(Exact):
    """A stretch of days on which a policy sets a lever."""

    from_: Day = Field(alias="from")
    until: Day | None
    value: float | None
    lever: str
    meaning: Words
    who: dict[str, list[str]]
    trigger: dict[str, Any] | None
    known_on: Day
    until_known_on: Day | None
    source: str | None
    unverified: bool


class Policy(Exact):
    """A policy with all that it sets and the sources of it."""

    id: str
    name: Words
    actor: str
    kind: str
    instrument: str
    supersedes: list[str]
    needs: list[str]
    spans: list[Span]
    blocked: list[dict[str, str]]
    sources: list[dict[str, Any]]
    uncertainty: Words | None
    disputed: list[Words]


class OnePolicy(Exact):
    """One policy."""

    policy: Policy


class Timeline(Exact):
    """Policies by first day, with the names of actors, levers and groups that they speak of."""

    timeline: list[Policy]
    actors: dict[str, Words]
    names: dict[str, dict[str, Words]]


class Lever(Exact):
    """A quantity that a government sets."""

    id: str
    unit: str
    low: float | None
    high: float | None
    default: Any
    dims: list[str]
    rule: str
    meaning: Words


class Levers(Exact):
    """Every lever, and the values of the axes that they lie on."""

    levers: list[Lever]
    vocabulary: dict[str, list[str]]


class ScenarioRow(Exact):
    """A scenario in short."""

    name: str
    title: Words
    note: Words | None
    extends: list[str]
    shipped: bool
    id: str | None = None


class ScenarioList(Exact):
    """The shipped scenarios and those that were stored."""

    scenarios: list[ScenarioRow]


class Difference(Exact):
    """One stretch on which a scenario's law is another than the baseline's."""

    document: str
    name: Words
    lever: str
    who: dict[str, list[str]]
    from_: Day = Field(alias="from")
    until: Day | None
    old: float | None
    new: float | None
    old_while: str | None
    new_while: str | None
    words: Words


class Scenario(Exact):
    """A scenario with what it changes, in words."""

    scenario: ScenarioRow
    document: dict[str, Any]
    yaml: str
    differences: list[Difference]
    resting: list[dict[str, Any]]


class Line(Exact):
    """One outcome by month: counted, and forecast where it is not yet counted."""

    id: str
    title: Words
    unit: str
    series: str
    panel: str
    group: str
    months: list[Month]
    observed: Numbers
    median: Numbers
    lo50: Numbers
    hi50: Numbers
    lo90: Numbers
    hi90: Numbers


class Change(Exact):
    """The newest count of an outcome beside the month before and the year before."""

    outcome: str
    month: Month
    count: float
    before: float | None
    year_ago: float | None


class Issued(Open):
    """The forecast that is shown, and whether data, draws and code are those it was made with."""

    id: str
    issued_on: Day
    origin: Month
    members: int
    command: str
    current: bool


class Now(Exact):
    """The latest counts, nowcast and forecast in one."""

    through: Month
    outcomes: list[Line]
    forecast: Issued | None
    changed: list[Change]
    decided: list[Policy]
    skill: dict[str, Any] | None
    sources: list[dict[str, Any]]
    data_vintage: str
    code_version: str


class Skill(Exact):
    """How good past forecasts were: tables as `caudal skill --json` prints them."""

    skill: list[dict[str, Any]]
    contained: list[dict[str, Any]]
    coverage: list[dict[str, Any]]
    pit: list[dict[str, Any]]
    turning: list[dict[str, Any]]
    scores: list[dict[str, Any]]


class Parameter(Exact):
    """A constant of a mechanism, before and after learning (5, 50, 95 %; by cell where it has axes)."""

    name: str
    mechanism: str
    unit: str
    source: str
    assumed: bool
    dims: list[str]
    form: str
    prior: Any
    posterior: Any
    contraction: float | None


class Model(Exact):
    """The graph, the mechanisms, and the parameters with what was learned of them."""

    name: str
    stocks: list[dict[str, Any]]
    paths: list[dict[str, Any]]
    gates: list[dict[str, Any]]
    signals: list[dict[str, Any]]
    mechanisms: list[dict[str, Any]]
    parameters: list[Parameter]


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


class Alive(Exact):
    """Whether the service is there."""

    ok: bool
    problems: list[str] = []


class Links(Exact):
    """Where a job is found."""

    self_: str = Field(alias="self")
    events: str
    result: str


class Job(Exact):
    """A job; times in seconds since 1970, progress 0 to 1."""

    id: str
    kind: str
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    progress: float
    created: float
    started: float | None
    ended: float | None
    tries: int
    error: dict[str, str] | None
    request: dict[str, Any]
    links: Links


class Jobs(Exact):
    """The newest jobs."""

    jobs: list[Job]


class Recipe(Exact):
    """How to get a run's numbers again; `document` is the scenario.yaml that the command names."""

    command: str
    python: str
    scenario: str
    document: str | None
    run_id: str
    members: int
    data_vintage: str
    code_version: str
    first_forecast_month: Month
    parameters_from_priors: list[str]


class RunLine(Exact):
    """One outcome of a run, one value a month of `months`."""

    id: str
    title: Words
    unit: str
    series: str
    panel: str
    group: str
    observed: Numbers | None
    median: Numbers
    lo50: Numbers
    hi50: Numbers
    lo90: Numbers
    hi90: Numbers


class Results(Exact):
    """A run's numbers: the lines of the frozen page (docs/report.md), and its recipe."""

    run: Recipe
    months: list[Month]
    forecast: Month | None
    outcomes: list[RunLine]


class Proposals(Open):
    """What was read in a text: figures and causes with where they stand, and a draft ledger."""

    language: str
    day: Day | None
    figures: list[dict[str, Any]]
    causes: list[dict[str, Any]]
    draft: str | None
