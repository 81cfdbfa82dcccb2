"""The corridor as a map: places, the ways between them, who stands there, and what is counted there.

`atlas.yaml` says what is drawn; here it is held against the model, its ways become tallies, and a
run's tallies become people by item and month. Positions are towns of the `geo.places` series
(GeoNames); where a stock has no one place, the document says that its spot is only drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from caudal.corridor import Corridor
from caudal.corridor.atlas_document import (
    ALONG,
    Document,
    Item,
    Part,
    Spot,
    ends_of,
    items_of,
    pair,
    renamed,
)
from caudal.corridor.groups import AXES, N_GROUPS
from caudal.corridor.model import MECHANISMS
from caudal.corridor.stocks import STOCKS, TALLIES
from caudal.corridor.world import (
    AREA_NAMES,
    FIELD_OFFICES,
    NATIONALITIES,
    UNITS,
)
from caudal.data.store import open_series
from caudal.engine.declare import Tally
from caudal.engine.graph import Model
from caudal.engine.simulate import Months
from caudal.errors import CaudalError
from caudal.policy.marks import nearest, read_yaml
from caudal.policy.models import validated

FILE = Path(__file__).with_suffix(".yaml")
AT = "at."
"""Before a place's id: everyone who stands there."""
PREFIX = "map."
"""Before the names of the map's tallies, so that they meet no other result's."""


@dataclass(frozen=True)
class Atlas:
    """The map: spots, and items by what they are."""

    document: Document
    spots: tuple[Spot, ...]
    flows: tuple[Item, ...]
    stocks: tuple[Item, ...]
    counts: tuple[Item, ...]

    @property
    def sums(self) -> Mapping[str, tuple[str, ...]]:
        """Items whose sum is told too: several beside one count, or standing at one place."""
        made = {c.id: c.beside for c in self.counts if len(c.beside) > 1}
        for spot in self.spots:
            there = tuple(s.id for s in self.stocks if s.where == (spot.id,))
            if len(there) > 1:
                made[f"{AT}{spot.id}"] = there
        return made

    @property
    def items(self) -> tuple[str, ...]:
        """Ids of what a run tells: flows, stocks, sums."""
        return (*(i.id for i in (*self.flows, *self.stocks)), *self.sums)

    def tallies(self) -> tuple[Tally, ...]:
        """The tallies that a run needs for the map, beside the model's own."""
        made = []
        for name, part, i in self._parts():
            keep = ("place", "group") if part.along else ("group",)
            made.append(Tally(f"{PREFIX}{name}.{i}", f"{name} of the map", part.of, keep))
        return tuple(made)

    def read(self, months: Months) -> np.ndarray:
        """People by item of a run, (item, month, group, member); items as in `items`."""
        row = {name: i for i, name in enumerate(self.items)}
        shape = next(iter(months.tallies.values())).shape
        out = np.zeros((len(row), shape[0], N_GROUPS, shape[-1]), np.float32)
        for name, part, i in self._parts():
            value = np.moveaxis(months.tallies[f"{PREFIX}{name}.{i}"], 1, 0)
            for label, people in zip(ALONG.get(part.along, ("",)), value, strict=True):
                out[row[self._at(name, label)]] += people
        for name, parts in self.sums.items():
            out[row[name]] = sum(out[row[part]] for part in parts)
        return out

    def _at(self, name: str, label: str) -> str:
        """The id of the item to which a part's place belongs."""
        if not label:
            return name
        told = (self.document.flows | self.document.stocks)[name]  # type: ignore[operator]
        by_city = "city" in ends_of(told) and "office" not in ends_of(told)
        if label in FIELD_OFFICES and by_city:
            label = next(s for s, area in self.document.areas.items() if area.office == label)
        return f"{name}.{label}"

    def levers(self, flow: Item) -> list[str]:
        """Levers that enter a flow's chances directly: those that its mechanisms read."""
        graph, owner = _model(), _model().owners()
        entries = [n for p in self.document.flows[flow.id.partition(".")[0]].parts for n in p.of]
        gates = {n.partition(".")[0] for n in entries}
        into = [p.flow for p in (*graph.paths, *graph.departures) if p.counts(entries)]
        names = {owner[n] for n in (*into, *gates) if n in owner}
        return sorted({lever for name in names for lever in graph.mechanism(name).levers})

    def _parts(self) -> Iterator[tuple[str, Part, int]]:
        for name, told in (*self.document.flows.items(), *self.document.stocks.items()):
            for i, part in enumerate(told.parts):
                yield name, part, i


@dataclass(frozen=True)
class Mapped(Corridor):
    """The corridor with the map's tallies: the same people, more of them written down."""

    @property
    def model(self) -> Model:
        """The graph with the map's tallies."""
        return _model()


@cache
def _model() -> Model:
    return Model(STOCKS, MECHANISMS, (*TALLIES, *atlas().tallies()), N_GROUPS, AXES)


@cache
def atlas() -> Atlas:
    """The map of this corridor. Raises CaudalError for what is missing or unknown."""
    return load(FILE)


def load(file: Path) -> Atlas:
    """Read a map and check that its places and series exist; the model checks its ways."""
    read, marks = read_yaml(file)
    document = validated(Document, renamed(read), marks)
    rows = open_series("geo.places")
    at = zip(rows["lat"].tolist(), rows["lon"].tolist(), strict=True)
    towns = dict(zip(rows["place"].tolist(), at, strict=True))

    def spot(name: str, kind: str, town: str, words: Mapping[str, str], *path: str) -> Spot:
        if town not in towns:
            raise CaudalError(marks.where(path), f"no town '{town}'", nearest(town, towns))
        return Spot(name, kind, *towns[town], words)

    spots = []
    for name, place in document.places.items():
        words, kind = {"en": place.en, "es": place.es}, "drawn" if place.drawn else "town"
        if place.at:
            spots.append(spot(name, kind, place.at, words, "places", name, "at"))
        elif place.lat is None or place.lon is None:
            where = marks.where(("places", name))
            raise CaudalError(where, "no position", "at: a town, or lat and lon")
        else:
            spots.append(Spot(name, kind, place.lat, place.lon, words))
    rows = open_series("geo.sectors")
    at = zip(rows["lat"].tolist(), rows["lon"].tolist(), strict=True)
    seats = dict(zip(rows["area"].tolist(), at, strict=True))
    for sector, area in document.areas.items():
        town = area.city.partition(" (")[0]
        both = {"en": town, "es": town}
        spots.append(spot(f"mx-{sector}", "city", area.city, both, "areas", sector, "city"))
        lat, lon = seats[sector]
        spots.append(Spot(sector, "sector", lat, lon, pair(AREA_NAMES[sector])))
        if area.office:
            spots.append(Spot(area.office, "office", lat, lon, pair(AREA_NAMES[area.office])))
    known = {s.id for s in spots}
    flows = [i for k, v in document.flows.items() for i in items_of(document, k, v)]
    stocks = [i for k, v in document.stocks.items() for i in items_of(document, k, v)]
    counts = [i for k, v in document.counts.items() for i in items_of(document, k, v)]
    for item in (*flows, *stocks, *counts):
        for end in item.where:
            if end not in known:
                raise CaudalError(str(file), f"{item.id}: no place '{end}'", nearest(end, known))
    return Atlas(document, tuple(spots), tuple(flows), tuple(stocks), tuple(counts))


def everyone() -> dict[str, np.ndarray]:
    """Who the map can be told for: everyone, each unit, each nationality → mask over groups."""
    unit = np.tile(np.arange(len(UNITS)), len(NATIONALITIES))
    nation = np.repeat(np.arange(len(NATIONALITIES)), len(UNITS))
    return {
        "all": np.ones(N_GROUPS, bool),
        **{name: unit == i for i, name in enumerate(UNITS)},
        **{name: nation == i for i, name in enumerate(NATIONALITIES)},
    }
