"""What `atlas.yaml` says: places, ways, stocks and counts of the map, and the items they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from caudal.corridor.world import AREA_NAMES, CITIES, CITY_NAMES, FIELD_OFFICES, SECTORS
from caudal.policy.models import Strict, Text

ALONG: dict[str, tuple[str, ...]] = {"sector": SECTORS, "office": FIELD_OFFICES, "city_us": CITIES}
"""What the places of a part may be, and their labels."""
WHOLE = "border"
"""The place that stands for all areas: what is counted there is their sum."""
ELSEWHERE = "elsewhere"
"""The one US city that is no place: it stands with the interior."""


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


def renamed(read: Any) -> Any:
    """The document with fields that Python can name: `from` is a word of Python."""
    flows = {
        name: {"from_" if k == "from" else k: v for k, v in told.items()}
        for name, told in read["flows"].items()
    }
    return {**read, "flows": flows}


def ends_of(told: Any) -> tuple[str, ...]:
    """Where an entry begins and ends, or stands."""
    return (told.from_, told.to) if isinstance(told, FlowItem) else (told.at,)


def items_of(document: Document, name: str, told: Any) -> Iterator[Item]:
    """The items that an entry of the document stands for: one, or one for each area."""
    ends = ends_of(told)
    labels: tuple[str, ...] = ("",)
    if "office" in ends or name == "lists":
        labels = tuple(a.office for a in document.areas.values() if a.office)
    elif "sector" in ends or "city" in ends:
        labels = tuple(document.areas)
    elif "city_us" in ends:
        labels = CITIES
    beside = (*getattr(told, "flows", ()), *getattr(told, "stocks", ()))
    if isinstance(told, CountItem) and told.at == WHOLE:
        beside = tuple(i.id for b in beside for i in items_of(document, b, document.flows[b]))
    for label in labels:
        sector = next((s for s, a in document.areas.items() if a.office == label), label)
        place = {"city": f"mx-{sector}", "sector": sector, "office": label}
        place["city_us"] = "interior" if label == ELSEWHERE else label
        where = tuple(place.get(end, end) for end in ends)
        words: dict[str, str] = pair(AREA_NAMES.get(label) or CITY_NAMES.get(label) or ("", ""))
        if label in SECTORS and "sector" not in ends:
            town = document.areas[sector].city.partition(" (")[0]
            words = pair((town, town))
        key = sector if name == "lists" else label
        said = {lang: getattr(told, lang).replace("{place}", words[lang]) for lang in words}
        yield Item(
            f"{name}.{key}" if key else name, said,
            where, getattr(told, "kind", ""), getattr(told, "series", ""),
            getattr(told, "unit", "people"),
            tuple(f"{b}.{label}" if label else b for b in beside),
        )  # fmt: skip


def pair(names: tuple[str, str]) -> dict[str, str]:
    """Names in both languages by language."""
    return {"en": names[0], "es": names[1]}
