"""The first view, and how good past forecasts were."""

from __future__ import annotations

from typing import Any

from caudal.service.shapes.common import Day, Exact, Month, Numbers, Open, Words
from caudal.service.shapes.policies import Policy


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


class Inside(Exact):
    """How many published figures lie inside an interval, with Wilson's 95 % interval of the share."""

    level: float
    figures: int
    inside: int
    share: float
    lo: float
    hi: float
    by_variable: float


class Headlines(Exact):
    """Published figures beside the model; coverage is of those that the fit never saw."""

    headlines: list[dict[str, Any]]
    figures: int
    unused: int
    coverage50: Inside
    coverage90: Inside
    median_width: float
    code_version: str
    data_vintage: str
