"""Interdiction: checkpoints and raids stop people on their way north through Mexico.

    felt[n]                    = effort − adaptation × smuggler share[n] × max(0, effort − 1)
    reach[n]                   = exp(weather[n]) × felt[n] × Σ mode share × exposure
                                 × (1 + protects × (usual papers − papers)),  for all but Mexicans
    hazard of a stop (per day) = stop rate × reach
    in the north (per day)     = stop rate there × (1 + guard gain × Guard sent north) × reach
    custody                    = DIF shelters for children and families once the law says so, else
                                 stations
    out of custody (per day)   = 1 / days held + let go,   let go = 1 − places / people, when crowded
    r[n]                       = logistic(base[n] + weather) × (flights or a land border)
                                 × (1 − suspended),        less in shelters
    b                          = (south share + (1 − south share) × bussed) × (1 − suspended) × (1 − r)
    outcome                    = returned r, south b, on the road with a letter 1 − r − b
    Guatemala, Honduras        = turn back × their effort

Effort is a signal (see `diplomacy`). Exposure is measured against the usual mix of modes and cards
against the practice before 2024, so that effort 1 gives the plain stop rate; a shift to other modes
lowers it, fewer cards raise it, and smugglers who have learned the checkpoints (`smuggling`) take
their clients round part of what was added. A stop is an event, and people sent south
may be stopped again: events are not people. Places in stations and shelters are few: beyond them
people are let go at once, with a letter or on a bus to the south, never lost. So the more are
stopped, the smaller the share that is returned; the rest of that share is weather, learned from the
published returns. A suspension of operations ends returns and buses and leaves stops.

It cannot tell a station from another, nor a checkpoint on the road from a raid. What officials take
from people is in `harm`. Sources: priors/interdiction.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import ADULTS, MEXICO, everybody, mask, per_nationality
from caudal.corridor.mechanisms.transit import relative
from caudal.corridor.world import SECTORS
from caudal.engine.declare import Flow, Gate, Weather, mechanism
from caudal.engine.step import Now

BY_ROAD = mask("GTM", "HND", "SLV", "NIC")[:, None]
"""Whom Mexico returns by bus; all others need a flight that their country takes."""
GUATEMALA = per_nationality(mask("GTM")[:, None])


@mechanism(
    flows=(
        Flow("south", "taken"), Flow("mexico_1", "taken"), Flow("mexico_2", "taken"),
        Flow("north_first", "taken"),
        Flow("held", "returned"), Flow("held", "south"), Flow("held", "mexico_1"),
        Flow("dif", "returned"), Flow("dif", "south"), Flow("dif", "mexico_1"),
        Flow("central_2", "returned"),
    ),
    gates=(Gate("taken", "where people stopped in Mexico are held",
                {"station": "held", "shelter": "dif"}),),
    reads=("mx_effort", "gt_effort", "mode_share", "papers", "adaptation", "smuggler_share", "held",
           "dif"),
    weather=(
        Weather("stop", "how often people are stopped in Mexico", ("nationality",)),
        Weather("return_share", "how many of those stopped Mexico returns"),
    ),
    parameters=(
        "stop_rate_per_day", "stop_rate_south_per_day", "stop_rate_north_per_day", "guard_gain",
        "mode_weight", "mode_exposure", "card_share", "papers_protect", "held_days",
        "station_places", "station_closed_share", "dif_places", "return_base", "dif_return_less",
        "return_needs_flight", "south_share", "bussed_south", "suspended_stops",
        "gt_turn_back_per_day",
    ),
    levers=(
        "mx.families_not_detained", "mx.guard_north", "mx.stations_closed", "mx.bussing_south",
        "mx.operations_suspended", "origin.removal_flights",
    ),
    off={"stop_rate_per_day": 0.0, "stop_rate_south_per_day": 0.0, "stop_rate_north_per_day": 0.0,
         "guard_gain": 0.0, "papers_protect": 0.0,
         "station_closed_share": 0.0, "dif_return_less": 0.0, "return_needs_flight": 0.0,
         "bussed_south": 0.0, "suspended_stops": 0.0, "gt_turn_back_per_day": 0.0},
)  # fmt: skip
def interdiction(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (1, group, member), in the north (sector, group, member)."""
    law = now.law
    stop = reach(now, p)[None]
    north = p["stop_rate_north_per_day"] * (1 + p["guard_gain"] * law["mx.guard_north"])
    shelter = (law["mx.families_not_detained"] * (1 - ADULTS))[None]
    abroad = p["gt_turn_back_per_day"] * now.signal["gt_effort"]
    return {
        "south → taken": p["stop_rate_south_per_day"] * stop,
        "mexico_1 → taken": p["stop_rate_per_day"] * stop,
        "mexico_2 → taken": p["stop_rate_per_day"] * stop,
        "north_first → taken": north * jnp.broadcast_to(stop, (len(SECTORS), *stop.shape[1:])),
        "taken.station": 1 - shelter,
        "taken.shelter": shelter,
        # a Guatemalan is at home in Guatemala
        "central_2 → returned": abroad * (1 - MEXICO - GUATEMALA)[None],
        **_out_of_custody(now, p),
    }


def reach(now: Now, p: Mapping[str, Array]) -> Array:
    """What enforcement comes to for those on the road, 1 as usual: (group, member); no Mexicans."""
    effort = now.signal["mx_effort"]
    known = now.signal["adaptation"] * now.signal["smuggler_share"]
    felt = effort - jnp.clip(known, 0.0, 1.0) * jnp.maximum(0.0, effort - 1)
    exposed = relative(now.signal["mode_share"], p["mode_exposure"], p)
    carded = 1 + p["papers_protect"] * (p["card_share"] - now.signal["papers"])
    by_nationality = jnp.exp(now.weather["stop"]) * felt * exposed * jnp.maximum(0.0, carded)
    return per_nationality(by_nationality) * (1 - MEXICO)


def let_go(people: Array, places: Array) -> Array:
    """Hazard per day of being let go for want of a place: the share that is beyond the places."""
    return jnp.maximum(0.0, 1 - places / jnp.maximum(people, 1.0))


def _out_of_custody(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    law = now.law
    goes_on = 1 - p["suspended_stops"] * law["mx.operations_suspended"]
    flown = (1 - BY_ROAD) * (1 - law["origin.removal_flights"])
    odds = p["return_base"] + now.weather["return_share"]
    back = goes_on * (1 - p["return_needs_flight"] * flown) / (1 + jnp.exp(-odds))
    back = per_nationality(back)[None]
    bussed = p["south_share"] + (1 - p["south_share"]) * p["bussed_south"] * law["mx.bussing_south"]
    bussed = bussed * goes_on
    out = 1 / p["held_days"]
    closed = p["station_closed_share"] * law["mx.stations_closed"]
    given = {}
    for stock, places, returned in (
        ("held", p["station_places"] * (1 - closed), back),
        ("dif", p["dif_places"], (1 - p["dif_return_less"]) * back),
    ):
        free = let_go(everybody(now.people[stock]), places) + (1 - returned) * out
        given[f"{stock} → returned"] = returned * out
        given[f"{stock} → south"] = bussed * free
        given[f"{stock} → mexico_1"] = (1 - bussed) * free
    return given
