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
from typing import Any, Literal

import numpy as np

from caudal.corridor import Corridor
from caudal.corridor.groups import AXES, N_GROUPS
from caudal.corridor.model import MECHANISMS
from caudal.corridor.stocks import STOCKS, TALLIES
from caudal.corridor.world import (
    AREA_NAMES,
    CITIES,
    CITY_NAMES,
    FIELD_OFFICES,
    NATIONALITIES,
    SECTORS,
    UNITS,
)
from caudal.data.store import open_series
from caudal.engine.declare import Tally
from caudal.engine.graph import Model
from caudal.engine.simulate import Months
from caudal.errors import CaudalError
from caudal.policy.marks import nearest, read_yaml
from caudal.policy.models import Strict, Text, validated

FILE = Path(__file__).with_suffix(".yaml")
ALONG: dict[str, tuple[str, ...]] = {"sector": SECTORS, "office": FIELD_OFFICES, "city_us": CITIES}
"""What the places of a part may be, and their labels."""
WHOLE = "border"
"""The place that stands for all areas: what is counted there is their sum."""
ELSEWHERE = "elsewhere"
"""The one US city that is no place: it stands with the interior."""
AT = "at."
"""Before a place's id: everyone who stands there."""
PREFIX = "map."
"""Before the names of the map's tallies, so that they meet no other result's."""


class Place(Text):
    """Where something stands: a town of `geo.places`, or degrees north and east."""

    at: str = ""
    lat: float | None = None
    lon: float | None = None
    drawn: bool = False


class Area(Strict):
    """What lies opposite a sector."""

    city: str
    office: str = ""


class Part(Strict):
    """Entries of one tally, and along what its places lie."""

    of: tuple[str, ...]
    along: Literal["", "sector", "office", "city_us"] = ""


class FlowItem(Text):
    """People a month from one place to another."""

    from_: str
    to: str
    kind: Literal["north", "in", "back"]
    parts: tuple[Part, ...]


class StockItem(Text):
    """People at a place, mean of the month."""

    at: str
    parts: tuple[Part, ...]


class CountItem(Text):
    """A published series of a place, and what of the model stands beside it."""

    at: str
    series: str
    unit: str
    flows: tuple[str, ...] = ()
    stocks: tuple[str, ...] = ()


class Document(Strict):
    """The YAML."""

    places: Mapping[str, Place]
    areas: Mapping[str, Area]
    flows: Mapping[str, FlowItem]
    stocks: Mapping[str, StockItem]
    counts: Mapping[str, CountItem]


@dataclass(frozen=True)
class Spot:
    """A place of the map: its kind says how it is drawn.

    kind  town, city (Mexican, of the north), sector, office, or drawn (no one place)
    """

    id: str
    kind: str
    lat: float
    lon: float
    name: Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """A flow, stock or count of one place or one pair of places.

    id     of the document, with the area after a point where it is told by area
    where  (from, to) of a flow, (at,) of others; kind: of a flow
    """

    id: str
    name: Mapping[str, str]
    where: tuple[str, ...]
    kind: str = ""
    series: str = ""
    unit: str = "people"
    beside: tuple[str, ...] = ()


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
        by_city = "city" in _ends(told) and "office" not in _ends(told)
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
    document = validated(Document, _renamed(read), marks)
    towns = open_series("geo.places").drop_duplicates("place").set_index("place")

    def spot(name: str, kind: str, town: str, words: Mapping[str, str], *path: str) -> Spot:
        if town not in towns.index:
            known = nearest(town, [str(t) for t in towns.index])
            raise CaudalError(marks.where(path), f"no town '{town}'", known)
        row = towns.loc[town]
        return Spot(name, kind, float(row["lat"]), float(row["lon"]), words)

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
    offices = open_series("geo.sectors").set_index("area")
    for sector, area in document.areas.items():
        town = area.city.partition(" (")[0]
        both = {"en": town, "es": town}
        spots.append(spot(f"mx-{sector}", "city", area.city, both, "areas", sector, "city"))
        lat, lon = (float(v) for v in offices.loc[sector, ["lat", "lon"]])
        spots.append(Spot(sector, "sector", lat, lon, _pair(AREA_NAMES[sector])))
        if area.office:
            spots.append(Spot(area.office, "office", lat, lon, _pair(AREA_NAMES[area.office])))
    known = {s.id for s in spots}
    flows = [i for k, v in document.flows.items() for i in _items(document, k, v)]
    stocks = [i for k, v in document.stocks.items() for i in _items(document, k, v)]
    counts = [i for k, v in document.counts.items() for i in _items(document, k, v)]
    for item in (*flows, *stocks, *counts):
        for end in item.where:
            if end not in known:
                raise CaudalError(str(file), f"{item.id}: no place '{end}'", nearest(end, known))
    return Atlas(document, tuple(spots), tuple(flows), tuple(stocks), tuple(counts))


def _renamed(read: Any) -> Any:
    """`from` is a word of Python."""
    flows = {
        name: {"from_" if k == "from" else k: v for k, v in told.items()}
        for name, told in read["flows"].items()
    }
    return {**read, "flows": flows}


def _ends(told: Any) -> tuple[str, ...]:
    return (told.from_, told.to) if isinstance(told, FlowItem) else (told.at,)


def _items(document: Document, name: str, told: Any) -> Iterator[Item]:
    """The items that an entry of the document stands for: one, or one for each area."""
    ends = _ends(told)
    labels: tuple[str, ...] = ("",)
    if "office" in ends or name == "lists":
        labels = tuple(a.office for a in document.areas.values() if a.office)
    elif "sector" in ends or "city" in ends:
        labels = tuple(document.areas)
    elif "city_us" in ends:
        labels = CITIES
    beside = (*getattr(told, "flows", ()), *getattr(told, "stocks", ()))
    if isinstance(told, CountItem) and told.at == WHOLE:
        beside = tuple(i.id for b in beside for i in _items(document, b, document.flows[b]))
    for label in labels:
        sector = next((s for s, a in document.areas.items() if a.office == label), label)
        place = {"city": f"mx-{sector}", "sector": sector, "office": label}
        place["city_us"] = "interior" if label == ELSEWHERE else label
        where = tuple(place.get(end, end) for end in ends)
        words = _pair(AREA_NAMES.get(label) or CITY_NAMES.get(label) or ("", ""))
        if label in SECTORS and "sector" not in ends:
            words = dict.fromkeys(("en", "es"), document.areas[sector].city.partition(" (")[0])
        key = sector if name == "lists" else label
        yield Item(
            f"{name}.{key}" if key else name,
            {"en": told.en.replace("{place}", words["en"]), "es": told.es.replace("{place}", words["es"])},
            where, getattr(told, "kind", ""), getattr(told, "series", ""),
            getattr(told, "unit", "people"),
            tuple(f"{b}.{label}" if label else b for b in beside),
        )  # fmt: skip


def _pair(names: tuple[str, str]) -> dict[str, str]:
    return {"en": names[0], "es": names[1]}


def everyone() -> dict[str, np.ndarray]:
    """Who the map can be told for: everyone, each unit, each nationality → mask over groups."""
    unit = np.tile(np.arange(len(UNITS)), len(NATIONALITIES))
    nation = np.repeat(np.arange(len(NATIONALITIES)), len(UNITS))
    return {
        "all": np.ones(N_GROUPS, bool),
        **{name: unit == i for i, name in enumerate(UNITS)},
        **{name: nation == i for i, name in enumerate(NATIONALITIES)},
    }
