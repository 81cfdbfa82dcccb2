"""Policies, their stretches of days, and the levers that they set."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from caudal.service.shapes.common import Day, Exact, Words


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
    unit_es: str | None
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
