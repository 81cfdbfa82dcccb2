"""Darién: the crossing, Panama's bussing, closing and removal flights.

    on to Costa Rica (per day) = (1 + bus gain × bussing) / days on foot
    turned back (per day)      = turn back × closed + flown × removal flights

Panama counts people when they come out of the jungle, so the count is the flow onward. What a
closing does to the choice of this route is in `departure`. Deaths come with `harm`.
Sources: priors.yaml, `darien`.
"""

from __future__ import annotations

from collections.abc import Mapping

from jax import Array

from caudal.corridor.groups import EVERY
from caudal.engine.declare import Flow, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(Flow("darien", "central_1"), Flow("darien", "home")),
    levers=("pa.bussing", "pa.darien.closed", "pa.removal_flights"),
    parameters=("darien_days", "darien_bus_gain", "darien_turn_back", "darien_flown"),
    off={"darien_bus_gain": 0.0, "darien_turn_back": 0.0, "darien_flown": 0.0},
)
def darien(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (1, group, member)."""
    on = (1 + p["darien_bus_gain"] * now.law["pa.bussing"]) / p["darien_days"]
    back = (
        p["darien_turn_back"] * now.law["pa.darien.closed"]
        + p["darien_flown"] * now.law["pa.removal_flights"]
    )
    return {"darien → central_1": on * EVERY, "darien → home": back * EVERY}
