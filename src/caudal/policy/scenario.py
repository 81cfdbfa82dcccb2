"""Scenarios: policies, drivers, parameters, dates and horizon, as a document over another.

    name: title-42-stays-a-year
    title: {en: …, es: …}
    extends: baseline
    policies:
      us-title-42: {ended: 2024-05-12, known_on: 2023-04-01}
      us-circumvention-of-lawful-pathways: off

What may stand under `policies` is told in `caudal.policy.overlay`. A child's entry for a policy
replaces its parent's; so do its drivers, parameters, dates and horizon, each by name.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field

from caudal.errors import CaudalError
from caudal.policy.documents import SLUG
from caudal.policy.law import Law
from caudal.policy.marks import Marks, nearest, parse_yaml, read_yaml, shown
from caudal.policy.models import Day, Strict, Text, validated


class Dates(Strict):
    """First simulated day, and the first day no longer simulated as history (None: last count)."""

    start: Day | None = None
    end: Day | None = None


class ScenarioDocument(Strict):
    """One scenario file, before what it extends is put under it."""

    name: Annotated[str, Field(pattern=SLUG)]
    title: Text
    note: Text | None = None
    extends: str | None = None
    policies: dict[str, Any] = Field(default_factory=dict)
    drivers: dict[str, Any] = Field(default_factory=dict)
    parameters: dict[str, Any] = Field(default_factory=dict)
    dates: Dates = Dates()
    horizon: Annotated[int | None, Field(ge=0, le=120, description="months forecast")] = None


@dataclass(frozen=True)
class Scenario:
    """A scenario with all that it extends put under it.

    name, title, note   as in its own file
    chain               names from the oldest ancestor to itself
    policies            the overlay on the law, policy id → change
    drivers, parameters what it sets, by name; checked by whoever uses them
    start, end          first day simulated; first day after the history (None: the last count)
    horizon             months of forecast after `end`
    """

    name: str
    title: Text
    note: Text | None
    chain: tuple[str, ...]
    policies: Mapping[str, Any]
    drivers: Mapping[str, Any]
    parameters: Mapping[str, Any]
    start: dt.date | None
    end: dt.date | None
    horizon: int
    marks: Mapping[str, Marks] = field(default_factory=dict, compare=False, repr=False)

    def law(self, base: Law) -> Law:
        """The law of this scenario over `base`; CaudalError names the scenario's file and line."""
        for name in self.chain:
            part = {p: c for p, c in self.policies.items() if self._writer(p) == name}
            if part:
                base = base.overlaid(part, self.marks[name].at(("policies",)))
        return base

    def _writer(self, policy_id: str) -> str:
        wrote = [n for n in self.chain if ("policies", policy_id) in self.marks[n].lines]
        return wrote[-1] if wrote else self.chain[-1]

    def where(self, *loc: str) -> str:
        """File, line and field of a value, for errors about drivers and parameters."""
        for name in reversed(self.chain):
            if loc in self.marks[name].lines:
                return self.marks[name].where(loc)
        return self.marks[self.chain[-1]].where(loc)

    def as_document(self) -> dict[str, Any]:
        """The whole scenario as one document without `extends`, the same when loaded again."""
        document: dict[str, Any] = {"name": self.name, "title": self.title.model_dump()}
        if self.note:
            document["note"] = self.note.model_dump()
        for name in ("policies", "drivers", "parameters"):
            if getattr(self, name):
                document[name] = dict(getattr(self, name))
        if self.policies:  # YAML has read a bare off as false
            changes = self.policies.items()
            document["policies"] = {i: "off" if c is False else c for i, c in changes}
        dates = {k: v for k, v in (("start", self.start), ("end", self.end)) if v}
        if dates:
            document["dates"] = dates
        document["horizon"] = self.horizon
        return document

    def as_yaml(self) -> str:
        """`as_document` as YAML text."""
        return yaml.safe_dump(self.as_document(), sort_keys=False, allow_unicode=True, width=100)


def scenario_names(folders: Iterable[Path | str]) -> list[str]:
    """Names of the scenarios that the folders hold, sorted."""
    return sorted({path.stem for folder in folders for path in Path(folder).glob("*.yaml")})


def load_scenario(
    name_or_path: str | Path, folders: Iterable[Path | str], horizon: int = 12
) -> Scenario:
    """The scenario of that name in one of the folders, or in a file, with what it extends.

    A file's `extends` is looked for beside it first. `horizon` holds where no document sets one.
    Raises CaudalError for an unknown name, a circle, or a fault in a file.
    """
    places = [Path(f) for f in folders]
    path = _find(str(name_or_path), places, "scenario")
    return _joined(_chain(*_read(path), places, path), horizon)


def read_scenario(
    text: str, folders: Iterable[Path | str], name: str = "scenario", horizon: int = 12
) -> Scenario:
    """As `load_scenario`, for the text of a document at hand; `name` stands for its file in errors.

    It may extend a scenario of the folders by name, never a file.
    """
    data, marks = parse_yaml(text, name)
    document = _document(data, marks, name)
    places = [Path(f) for f in folders]
    if document.extends is not None and not re.fullmatch(SLUG, document.extends):
        allowed = nearest(document.extends, scenario_names(places))
        raise CaudalError(marks.where(("extends",)), f"'{document.extends}' is no name", allowed)
    return _joined(_chain(document, marks, places), horizon)


def _chain(
    document: ScenarioDocument, marks: Marks, places: list[Path], path: Path | None = None
) -> list[tuple[ScenarioDocument, Marks]]:
    """A document after all that it extends, oldest first; `path` is its own file, if it has one."""
    parts = [(document, marks)]
    seen = [path.resolve()] if path else []
    while document.extends is not None:
        beside = [path.parent] if path else []
        path = _find(document.extends, [*beside, *places], marks.where(("extends",)))
        if path.resolve() in seen:
            names = " → ".join([*(d.name for d, _ in parts), parts[0][0].name])
            where = parts[-1][1].where(("extends",))
            raise CaudalError(where, f"scenarios extend in a circle ({names})", "a chain that ends")
        seen.append(path.resolve())
        document, marks = _read(path)
        if document.name in {d.name for d, _ in parts}:
            where = parts[-1][1].where(("name",))
            found = f"'{document.name}' is also the name of a scenario that it extends"
            raise CaudalError(where, found, "a name of its own")
        parts.append((document, marks))
    return parts[::-1]


def _find(name: str, places: list[Path], where: str) -> Path:
    if name.endswith((".yaml", ".yml")):
        return Path(name)
    for place in places:
        if name in scenario_names([place]):  # what was written may be no file's name at all
            return place / f"{name}.yaml"
    raise CaudalError(where, f"unknown scenario '{name}'", nearest(name, scenario_names(places)))


def _read(path: Path) -> tuple[ScenarioDocument, Marks]:
    data, marks = read_yaml(path)
    return _document(data, marks, shown(path)), marks


def _document(data: Any, marks: Marks, name: str) -> ScenarioDocument:
    if not isinstance(data, dict):
        raise CaudalError(name, "not a mapping", "a scenario document")
    document = validated(ScenarioDocument, data, marks)
    start, end = document.dates.start, document.dates.end
    if start and end and end <= start:
        where = marks.where(("dates", "end"))
        raise CaudalError(where, f"end {end} before start", f"a day after {start}")
    return document


def _joined(parts: list[tuple[ScenarioDocument, Marks]], horizon: int) -> Scenario:
    last = parts[-1][0]
    merged: dict[str, dict[str, Any]] = {"policies": {}, "drivers": {}, "parameters": {}}
    start = end = None
    for document, _ in parts:
        for name, values in merged.items():
            values.update(getattr(document, name))
        start, end = document.dates.start or start, document.dates.end or end
        horizon = horizon if document.horizon is None else document.horizon
    if start and end and end <= start:
        where = parts[-1][1].where(("dates",))
        raise CaudalError(where, f"end {end} before start", f"a day after {start}")
    return Scenario(
        name=last.name,
        title=last.title,
        note=last.note,
        chain=tuple(d.name for d, _ in parts),
        **merged,
        start=start,
        end=end,
        horizon=horizon,
        marks={d.name: m for d, m in parts},
    )
