"""Published figures of people waiting in northern Mexico beside the shipped draws, by place of the map.

Nobody counts them by month, yet single figures were printed. A reader who plans by a simulated number
of people waiting has to see beside it how those figures came out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

from caudal.corridor import corridor
from caudal.corridor.atlas import atlas
from caudal.corridor.mechanisms.border_waiting import NEAR

OF_WAITING = {"waiting_north", "ports_waiting", "app_waiting", "mpp_waiting"}
"""Variables of a run that hold people who wait opposite the border."""
CITY = "mx-"
"""Before a sector's id: the place of the map that stands for the city across."""


def lists_at(place: str) -> str:
    """The city at which the map keeps the ports' lists and appointments of this city's field office.

    The map has one list for each office, at the first city of its stretch; "" for what is no city.

    >>> lists_at("mx-rio-grande-valley"), lists_at("south")
    ('mx-laredo', '')
    """
    sector = place.removeprefix(CITY)
    office = next((o for o, near in NEAR.items() if place != sector and sector in near), None)
    homes = {area.office: name for name, area in atlas().document.areas.items()}
    return f"{CITY}{homes[office]}" if office else ""


@lru_cache(maxsize=1)
def published() -> tuple[dict[str, Any], ...]:
    """Figures of people waiting with what the model has for them (docs/headlines.md), oldest first.

    places  of the map that the figure is about; none where it is about the whole border
    """
    here: Any = corridor()
    path = here.skill / "headlines.csv"
    if not path.is_file():
        return ()
    judged = pd.read_csv(path).set_index("id")
    found = []
    for figure in here.headlines:
        parts = list(_parts(figure.quantity))
        if figure.id not in judged.index or not parts:
            continue
        if not {part["of"] for part in parts} <= OF_WAITING:
            continue
        row = judged.loc[figure.id]
        found.append({
            "id": figure.id, "name": dict(figure.name),
            "places": sorted({place for part in parts for place in _places(part)}),
            "from": str(figure.period[0]), "value": float(figure.value),
            **{end: float(row[end]) for end in ("median", "lo90", "hi90")},
            "inside90": bool(row["inside90"]),
        })  # fmt: skip
    return tuple(sorted(found, key=lambda row: (row["from"], row["id"])))


def _parts(quantity: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The variables that a quantity takes together, each with its `of` and `where`."""
    if quantity.get("of"):
        yield quantity
    for parts in quantity.values():
        if isinstance(parts, list):
            for part in parts:
                if isinstance(part, Mapping):
                    yield from _parts(part)


def _places(part: Mapping[str, Any]) -> Iterator[str]:
    where = part.get("where") or {}
    for sector in _listed(where.get("sector")):
        yield f"{CITY}{sector}"
    for office in _listed(where.get("field_office")):
        yield next(f"{CITY}{s}" for s, a in atlas().document.areas.items() if a.office == office)


def _listed(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)
