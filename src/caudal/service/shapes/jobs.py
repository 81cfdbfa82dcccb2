"""Jobs, and what a run found."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from caudal.service.shapes.common import Exact, Month, Numbers, Words


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
