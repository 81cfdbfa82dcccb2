"""Scenarios, and what they change in words."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from caudal.service.shapes.common import Day, Exact, Words


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
