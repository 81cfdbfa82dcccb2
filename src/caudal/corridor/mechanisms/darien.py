"""Darién: the crossing, Panama's reception stations and buses, closing, and removal flights.

    room                       = places / max(places, people in the Darién and its stations)
    on to Costa Rica (per day) = (1 + bus gain × bussing × room) × (1 − detour × closed) / days
    home (per day)             = (turn back × closed + flown × removal flights) × Panamanian effort

Panama counts people when they come out of the jungle, so the count is the flow onward. Buses (the
"controlled flow") shorten the stay for as many as the stations can take in; beyond that people wait
or walk, and the leg slows. Ending the buses slows it for all. A closing turns some back and sends
the others over the longer way along the coast; how many then choose another way, or stay, is in
`departure`. Those flown are few (about one in fifty), yet all who hear of it can weigh it:
`departure` again. What happens to people on the way is read off this stock by `harm`.

It cannot tell those in the jungle from those at a station, nor one trail from another.
Sources: priors/darien.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import EVERY, everybody
from caudal.engine.declare import Flow, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(Flow("darien", "central_1"), Flow("darien", "home")),
    reads=("darien", "pa_effort"),
    levers=("pa.bussing", "pa.darien.closed", "pa.removal_flights"),
    parameters=(
        "darien_days", "darien_bus_gain", "darien_places", "darien_detour", "darien_turn_back",
        "darien_flown",
    ),
    off={"darien_bus_gain": 0.0, "darien_detour": 0.0, "darien_turn_back": 0.0,
         "darien_flown": 0.0},
)  # fmt: skip
def darien(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (1, group, member)."""
    closed = now.law["pa.darien.closed"]
    room = p["darien_places"] / jnp.maximum(p["darien_places"], everybody(now.people["darien"]))
    bus = 1 + p["darien_bus_gain"] * now.law["pa.bussing"] * room
    on = bus * (1 - p["darien_detour"] * closed) / p["darien_days"]
    back = now.signal["pa_effort"] * (
        p["darien_turn_back"] * closed + p["darien_flown"] * now.law["pa.removal_flights"]
    )
    return {"darien → central_1": on * EVERY, "darien → home": back * EVERY}
