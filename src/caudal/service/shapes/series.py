"""Published series, their rows and editions."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from caudal.data.vintage import Provenance
from caudal.service.shapes.common import Exact, Text, Words


class SeriesRow(Exact):
    """A published series in short."""

    id: str
    publisher: str
    title: str
    unit: str
    grain: str
    first: str
    last: str
    rows: int
    role: str
    read_on: str
    users_own: bool
    name: Words | None
    told: dict[str, Text]


class SeriesList(Exact):
    """Every series."""

    series: list[SeriesRow]


class Issue(Exact):
    """What is known to be wrong with some rows."""

    name: str
    rows: int
    meaning: str


class SeriesTable(Exact):
    """A series with its rows; `map` instead of rows where it is a map (GeoJSON)."""

    series: Provenance
    vintage: str
    issues: list[Issue] = Field(default_factory=list)
    columns: list[str] = Field(default_factory=list)
    rows: list[dict[str, Any]] = Field(default_factory=list)
    map: dict[str, Any] | None = None


class SeriesChart(Exact):
    """A series by time: its source and issues, the whole, the parts by a column (null: a map)."""

    series: dict[str, Any]
    name: Words | None
    users_own: bool
    issues: list[dict[str, Any]]
    chart: dict[str, Any] | None


class Vintage(Exact):
    """One stored edition of a series."""

    vintage: str
    read_on: str
    users_own: bool
    rows: int
    files: dict[str, str]


class Vintages(Exact):
    """The editions of a series, oldest first; the last one answers."""

    series: str
    vintages: list[Vintage]
