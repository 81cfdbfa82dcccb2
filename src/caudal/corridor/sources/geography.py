"""Places of the corridor, sector headquarters, and outlines for maps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from caudal.corridor.sources.formats import mark_issue, open_publication, whole
from caudal.corridor.sources.names import area_id
from caudal.data.issues import Issue, Reading
from caudal.data.validate import decimals, no_duplicates, whole_numbers
from caudal.errors import CaudalError


def read_places(path: Path) -> Reading:
    """Places a traveller meets: name, country, coordinates, role, population."""
    table = open_publication(path, "corridor places")
    frame = pd.DataFrame(
        {
            "place": table.frame["place"],
            "country": table.frame["country_iso2"],
            "lat": decimals(table, "lat", path, blank_ok=False),
            "lon": decimals(table, "lon", path, blank_ok=False),
            "role": table.frame["role"],
            "population": whole_numbers(table, "population", path, blank_ok=True),
        }
    )
    _on_earth(frame, path)
    no_duplicates(frame, ["place", "country", "role"], path)
    rough = Issue(
        "rounded", frame["place"].str.startswith("Bajo Chiquito"), "Approximate position."
    )
    return Reading(whole(frame, ["population"]), (rough, *mark_issue(table, frame)))


def read_sectors(path: Path) -> Reading:
    """Where each southwest Border Patrol sector has its headquarters (the city's centre)."""
    table = open_publication(path, "sector headquarters")
    frame = pd.DataFrame(
        {
            "area": table.frame["sector"].map(area_id),
            "city": table.frame["hq_city"],
            "lat": decimals(table, "lat", path, blank_ok=False),
            "lon": decimals(table, "lon", path, blank_ok=False),
        }
    )
    _on_earth(frame, path)
    no_duplicates(frame, ["area"], path)
    centre = Issue("rounded", frame["lat"].notna(), "The city's centre, not the building.")
    return Reading(frame, (centre, *mark_issue(table, frame)))


def _on_earth(frame: pd.DataFrame, path: Path) -> None:
    if not (frame["lat"].between(-60, 75).all() and frame["lon"].between(-170, -30).all()):
        raise CaudalError(str(path), "a position outside the Americas", "degrees north and east")


def read_outlines(path: Path, decimals_kept: int = 2) -> dict[str, Any]:
    """Country outlines as GeoJSON with `id` (ISO3) and `name`, coordinates to 0.01 degree."""
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "id": f["properties"].get("ADM0_A3", f["properties"].get("uident")),
                    "properties": {"name": f["properties"].get("NAME", "")},
                    "geometry": {
                        "type": f["geometry"]["type"],
                        "coordinates": _round(f["geometry"]["coordinates"], decimals_kept),
                    },
                }
                for f in features
            ],
        }
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise CaudalError(
            str(path), "not a GeoJSON of countries", "Natural Earth outlines"
        ) from problem


def _round(value: Any, places: int) -> Any:
    if isinstance(value, list):
        return [_round(v, places) for v in value]
    return round(value, places)
