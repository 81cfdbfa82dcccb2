"""The map: places, flows between them, people at them, counts."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from caudal.service.shapes.common import Exact, Month, Numbers, Words


class Spot(Exact):
    """A place of the map; `drawn`: its spot stands for something that has no one place."""

    id: str
    kind: Literal["town", "city", "sector", "office", "drawn"]
    lat: float
    lon: float
    name: Words


class Told(Exact):
    """What a run tells by month: median, 50 % and 90 % of members."""

    id: str
    name: Words
    median: Numbers
    lo50: Numbers
    hi50: Numbers
    lo90: Numbers
    hi90: Numbers


class MapFlow(Told):
    """People a month from one place to another; `levers` enter its chances directly."""

    source: str
    target: str
    levers: list[str]
    kind: Literal["north", "in", "back"]


class MapStock(Told):
    """People at a place, mean of the month."""

    at: str


class MapStanding(MapStock):
    """Everyone at a place. `lists_at`: the city at which the lists of its ports stand ("": no city)."""

    lists_at: str


class PublishedWaiting(Exact):
    """A published figure of people who wait, and the shipped draws' for the same (docs/headlines.md).

    places: of the map, that it is about; none: the whole border
    """

    id: str
    name: Words
    places: list[str]
    # `from` is a word of Python
    start: str = Field(alias="from")
    value: float
    median: float
    lo90: float
    hi90: float
    inside90: bool


class MapCount(Exact):
    """What is published of a place, and what the run has for the same (null where it has nothing)."""

    id: str
    name: Words
    at: str
    series: str
    unit: str
    observed: Numbers
    beside: Told


class CorridorMap(Exact):
    """The corridor by month for one group; numbers under `floor` are kept as zero.

    standing: everyone at a place, its stocks together (medians of parts do not add up)
    """

    who: str
    groups: dict[str, list[dict[str, Any]]]
    months: list[Month]
    forecast: Month
    floor: float
    places: list[Spot]
    flows: list[MapFlow]
    stocks: list[MapStock]
    standing: list[MapStanding]
    counts: list[MapCount]
    sources: list[dict[str, Any]]
    recipe: dict[str, Any]


class WaitingFigures(Exact):
    """Published figures of people who wait in northern Mexico, oldest first."""

    figures: list[PublishedWaiting]
