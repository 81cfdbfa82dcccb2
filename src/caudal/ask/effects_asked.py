"""The questions about effects as a document: what is taken out, over which days, what it rests on.

    quantities: {name: {of, reduce, where?, unit, en, es}}
    questions:  - {id, en, es, identified_by, scenario, period, expected, also, constants}
                - {id, en, es, identified_by, bundle, part}
    bundles:    - {id, en, es, period, expected, also, parts: [{id, en, es, expected, constants,
                   scenario | policies}]}

A question that is part of a bundle is asked as that part. A bundle's joint effect takes out what all
its parts take out, so no two parts may change the same policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from caudal.compute.run import Runnable
from caudal.errors import CaudalError
from caudal.policy.documents import SLUG
from caudal.policy.marks import Marks, nearest, read_yaml, shown
from caudal.policy.models import Day, Strict, Text, validated

Expected = Literal["more", "fewer", "either"]
Name = Annotated[str, Field(pattern=SLUG)]
MAIN = "encounters"
"""The quantity that every effect is told in, before those in `also`."""


class Quantity(Strict):
    """What is told of a run: an expression of `ask.quantities`, its unit and its names."""

    of: str
    reduce: Literal["sum", "mean"]
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    unit: str
    en: str
    es: str

    @property
    def expression(self) -> dict[str, Any]:
        """As `ask.quantities.quantity` reads it."""
        return {"of": self.of, "reduce": self.reduce, "where": self.where}


class Part(Strict):
    """One policy of a bundle: what takes it out, and the constants that its effect rests on."""

    id: Name
    en: str
    es: str
    expected: Expected
    constants: tuple[str, ...]
    scenario: str = ""
    policies: dict[str, Any] = Field(default_factory=dict)


class Bundle(Strict):
    """Policies that began together."""

    id: Name
    en: str
    es: str
    period: tuple[Day, Day]
    expected: Expected
    also: tuple[str, ...] = ()
    parts: Annotated[tuple[Part, ...], Field(min_length=2)]


class Question(Strict):
    """One question that users ask."""

    id: Name
    en: str
    es: str
    identified_by: Text
    scenario: str = ""
    period: tuple[Day, Day] | None = None
    expected: Expected = "either"
    also: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()
    bundle: str = ""
    part: str = ""


class Asked(Strict):
    """The whole document."""

    quantities: dict[str, Quantity]
    questions: tuple[Question, ...]
    bundles: tuple[Bundle, ...] = ()


@dataclass(frozen=True)
class Effect:
    """One effect to be run, whatever asked for it.

    id          a question's, a bundle's, or "bundle/part"
    period      [first day, first day after)
    policies    overlay on the law, and drivers changed: the history without what is asked about
    quantities  names, the main one first
    """

    id: str
    kind: Literal["question", "bundle", "part"]
    en: str
    es: str
    period: tuple[date, date]
    expected: Expected
    quantities: tuple[str, ...]
    constants: tuple[str, ...]
    policies: Mapping[str, Any]
    drivers: Mapping[str, Any]


def load(path: Path) -> tuple[Asked, Marks]:
    """The document and its lines; CaudalError names file, line and field of its first fault."""
    data, marks = read_yaml(path)
    if not isinstance(data, dict):
        raise CaudalError(shown(path), "not a mapping", "quantities, questions, bundles")
    return validated(Asked, data, marks), marks


def effects(asked: Asked, marks: Marks, corridor: Runnable) -> list[Effect]:
    """Every effect to be run: questions of their own, then each bundle and its parts.

    Raises CaudalError for a period without days, an unknown quantity, constant or part, parts that
    change the same policy, and whatever a scenario's own document gets wrong.
    """
    out = []
    for i, question in enumerate(asked.questions):
        at = ("questions", i)
        if question.bundle:
            _part(asked, question, marks, at)
        elif question.period is None or not question.scenario:
            where, allowed = marks.where(at), "scenario and period, or bundle and part"
            raise CaudalError(where, f"'{question.id}' asks nothing", allowed)
        else:
            out.append(_effect(asked, corridor, marks, at, question, "question", question.id,
                               question.period, question.also, question.scenario, {}))  # fmt: skip
    for i, bundle in enumerate(asked.bundles):
        parts = [
            _effect(asked, corridor, marks, ("bundles", i, "parts", j), part, "part",
                    f"{bundle.id}/{part.id}", bundle.period, bundle.also, part.scenario,
                    part.policies)
            for j, part in enumerate(bundle.parts)
        ]  # fmt: skip
        policies: dict[str, Any] = {}
        for part in parts:
            twice = sorted(set(policies) & set(part.policies))
            if twice:
                where, found = marks.where(("bundles", i)), f"two parts change '{twice[0]}'"
                raise CaudalError(where, found, "each policy in one part")
            policies |= part.policies
        constants = tuple(dict.fromkeys(c for part in parts for c in part.constants))
        out.append(Effect(bundle.id, "bundle", bundle.en, bundle.es, bundle.period, bundle.expected,
                          (MAIN, *bundle.also), constants, policies, {}))  # fmt: skip
        out += parts
    return out


def _part(asked: Asked, question: Question, marks: Marks, at: tuple[str | int, ...]) -> None:
    parts = {b.id: {p.id for p in b.parts} for b in asked.bundles}
    if question.bundle not in parts:
        allowed = nearest(question.bundle, parts)
        raise CaudalError(marks.where((*at, "bundle")), f"'{question.bundle}'", allowed)
    if question.part not in parts[question.bundle]:
        allowed = nearest(question.part, parts[question.bundle])
        raise CaudalError(marks.where((*at, "part")), f"'{question.part}'", allowed)


def _effect(
    asked: Asked, corridor: Runnable, marks: Marks, at: tuple[str | int, ...],
    one: Question | Part, kind: Literal["question", "part"], name: str,
    period: tuple[date, date], also: tuple[str, ...], scenario: str, policies: Mapping[str, Any],
) -> Effect:  # fmt: skip
    if period[0] >= period[1]:
        raise CaudalError(marks.where(at), f"{period[0]} to {period[1]}", "a later last day")
    for field, names, known in (
        ("also", (MAIN, *also), asked.quantities),
        ("constants", one.constants, corridor.priors),
    ):
        for unknown in set(names) - set(known):
            where = marks.where((*at, field))
            raise CaudalError(where, f"unknown name '{unknown}'", nearest(unknown, known))
    if bool(scenario) == bool(policies):
        raise CaudalError(marks.where(at), f"'{name}'", "either a scenario or policies")
    drivers: Mapping[str, Any] = {}
    if scenario:
        document = corridor.scenario(scenario)
        if document.parameters:
            found = f"scenario '{scenario}' sets parameters"
            raise CaudalError(marks.where((*at, "scenario")), found, "policies and drivers only")
        policies, drivers = document.policies, document.drivers
    return Effect(name, kind, one.en, one.es, period, one.expected, (MAIN, *also), one.constants,
                  policies, drivers)  # fmt: skip
