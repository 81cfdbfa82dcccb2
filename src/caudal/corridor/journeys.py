"""Words for journeys, read from `journeys.yaml` and held against the model.

Every way that a traveller can take has its words in both languages, or is named silent: a mechanism
that adds a flow without them is refused with the name of what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from caudal.corridor.model import model
from caudal.corridor.observables import coordinates
from caudal.corridor.world import AREA_NAMES, CITY_NAMES, NATIONALITY_NAMES, UNIT_NAMES
from caudal.engine.graph import Model
from caudal.engine.graph import Path as Way
from caudal.errors import CaudalError
from caudal.policy.marks import Marks, nearest, read_yaml
from caudal.policy.models import Strict, Text, validated

FILE = Path(__file__).with_suffix(".yaml")
ELSEWHERE = "elsewhere"
"""The one place that is no name: its words are those of the sentence."""


class Event(Text):
    """What is told of a flow or a branch, and the stage that it adds to the kind of journey."""

    stage: str = ""


class Risk(Strict):
    """Measures over what they fall upon; see the head of the YAML."""

    measures: tuple[str, ...]
    exposed: tuple[str, ...] = ()
    stocks: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    passing: tuple[str, ...] = ()
    at: str = ""


class Harm(Text):
    """A chance that a journey is given."""

    per_day: tuple[Risk, ...] = ()
    per_event: tuple[Risk, ...] = ()


class Document(Strict):
    """The YAML."""

    about: Text
    who: Mapping[str, Text]
    stages: Mapping[str, Text]
    stays: Mapping[str, Text]
    phrases: Mapping[str, Text]
    silent: tuple[str, ...]
    events: Mapping[str, Event]
    harms: Mapping[str, Harm]


@dataclass(frozen=True)
class Words:
    """The document, and names of places, nationalities and units by code and language.

    labels  of every axis of a run
    """

    document: Document
    places: Mapping[str, Mapping[str, str]]
    nationalities: Mapping[str, Mapping[str, str]]
    units: Mapping[str, Mapping[str, str]]
    labels: Mapping[str, Sequence[str]]

    def told(self, way: Way) -> tuple[Event, ...]:
        """What is told of a way through the graph, in order; nothing where it is silent."""
        names = [way.flow, *(f"{gate}.{branch}" for gate, branch in way.branches)]
        return tuple(self.document.events[n] for n in names if n in self.document.events)


@cache
def words() -> Words:
    """The words of this corridor. Raises CaudalError for what is missing or unknown."""
    return load(FILE, model())


def load(file: Path, model: Model) -> Words:
    """Read the words and check that they fit the model."""
    read, marks = read_yaml(file)
    document = validated(Document, read, marks)
    made = Words(
        document,
        {k: _named(v) for k, v in (AREA_NAMES | CITY_NAMES).items()}
        | {ELSEWHERE: {"en": "another city", "es": "otra ciudad"}},
        {k: _pair(v) for k, v in NATIONALITY_NAMES.items()},
        {k: _pair(v) for k, v in UNIT_NAMES.items()},
        coordinates(),
    )
    _check(made, marks, model)
    return made


def _pair(names: tuple[str, str]) -> dict[str, str]:
    return {"en": names[0], "es": names[1]}


def _named(names: tuple[str, str]) -> dict[str, str]:
    """Within a sentence Spanish writes the common noun small, and the bracket says nothing new."""
    en, es = (name.partition(" (")[0] for name in names)
    return {"en": en, "es": es.replace("Sector ", "sector ").replace("Oficina ", "oficina de ")}


def _check(made: Words, marks: Marks, model: Model) -> None:
    doc = made.document
    ways = (*model.paths, *model.departures)
    known = {name for way in ways for name in way.passes}
    for name in (*doc.events, *doc.silent):
        if name not in known:
            raise CaudalError(marks.where(("events", name)), "no such flow", nearest(name, known))
    for way in ways:
        if not made.told(way) and way.flow not in doc.silent:
            raise CaudalError(marks.where(("events",)), f"no words for '{way.flow}'", "an entry")
    for name, event in doc.events.items():
        if event.stage and event.stage not in doc.stages:
            where = marks.where(("events", name, "stage"))
            raise CaudalError(where, f"'{event.stage}'", nearest(event.stage, doc.stages))
    for stock in model.stocks:
        if not stock.final and stock.name not in doc.stays:
            raise CaudalError(marks.where(("stays",)), f"no words for '{stock.name}'", "an entry")
    lists: dict[str, tuple[str, Any]] = {
        "measures": ("measure", model.measures), "exposed": ("measure", model.measures),
        "stocks": ("stock", model.rows), "events": ("tally", model.tally_names),
        "passing": ("flow", known),
    }  # fmt: skip
    for name, harm in doc.harms.items():
        for risk in (*harm.per_day, *harm.per_event):
            for field, (what, allowed) in lists.items():
                for entry in getattr(risk, field):
                    if entry not in allowed:
                        where = marks.where(("harms", name))
                        raise CaudalError(where, f"no {what} '{entry}'", nearest(entry, allowed))
