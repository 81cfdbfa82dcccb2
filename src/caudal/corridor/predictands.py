"""What is forecast: encounters as a whole and by nationality, unit, place and component; the Darién,
Mexico, and children in care.

All are monthly counts of which a run gives the like (`informs` compares the same ones), so a forecast
is resolved by the publisher's next table. Encounters are events, both Titles, 8 and 42.
"""

from __future__ import annotations

import numpy as np

from caudal.corridor.informs import FLOOR, TIMING, encounters_by_nationality, encounters_by_unit
from caudal.corridor.observed import SERIES_OF
from caudal.corridor.world import AREAS, NATIONALITIES, SECTORS, UNITS
from caudal.engine.observation import Arrays, Predictand

COMPONENTS = ("border_patrol", "field_operations")


def predictands() -> tuple[Predictand, ...]:
    """Every predictand; the first is the southwest border's total."""
    area, encounters = SERIES_OF["area"], "encounters per month"
    return (
        Predictand("southwest", ("all",), encounters, area,
                   lambda t: encounters_by_unit(t).sum(0, keepdims=True),
                   lambda o: o["unit"].sum(1, keepdims=True), FLOOR),
        Predictand("nationality", tuple(NATIONALITIES), encounters, area,
                   encounters_by_nationality, lambda o: o["nationality_unit"].sum(2), TIMING),
        Predictand("unit", tuple(UNITS), encounters, area,
                   encounters_by_unit, lambda o: o["unit"], FLOOR),
        Predictand("area", tuple(AREAS), encounters, area, _areas, lambda o: o["area"], FLOOR),
        Predictand("component", COMPONENTS, encounters, area,
                   lambda t: _components(_areas(t)), lambda o: _components(o["area"].T).T, FLOOR),
        Predictand("darien", ("all",), "crossings per month", SERIES_OF["darien"],
                   _total("darien_crossings"), lambda o: o["darien"].sum(1, keepdims=True), TIMING),
        Predictand("mexican_events", ("all",), "events per month", SERIES_OF["mexican_events"],
                   _total("mexican_events"), lambda o: o["mexican_events"].sum(1, keepdims=True),
                   TIMING),
        Predictand("children_in_care", ("all",), "children on an average day", SERIES_OF["in_care"],
                   _total("children_in_care"), lambda o: o["in_care"][:, None], FLOOR, counts=False),
    )  # fmt: skip


def _areas(t: Arrays) -> np.ndarray:
    return np.concatenate([t["encounters_land"].sum(1), t["encounters_ports"].sum(1)])


def _components(area: np.ndarray) -> np.ndarray:
    """(area, …) → (component, …): sectors are the Border Patrol's, offices those of the ports."""
    land = len(SECTORS)
    return np.stack([area[:land].sum(0), area[land:].sum(0)])


def _total(tally: str):
    return lambda t: t[tally].sum((0, 1))[None]


def outcome_of(target: str, cell: str) -> str:
    """The outcome (`observables.OUTCOMES`) that a cell of a predictand is.

    >>> outcome_of("nationality", "VEN"), outcome_of("darien", "all")
    ('us.encounters.nationality.VEN', 'pa.darien.crossings')
    """
    whole = {
        "southwest": "us.encounters.southwest",
        "darien": "pa.darien.crossings",
        "mexican_events": "mx.events",
        "children_in_care": "us.children.hhs_care",
    }
    if target in whole:
        return whole[target]
    return f"us.encounters.{cell}" if target == "component" else f"us.encounters.{target}.{cell}"
