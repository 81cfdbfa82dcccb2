"""Crossing: where people reach the border, when they try, and whether they are seen.

    hardness[s]         = hardening × hardened[s] + barrier × miles[s] / 100 × (1 − gaps × halted)
    lure[s]             = response × (success[s] − mean success) − heat × deadly[s] × summer
    pull[a, n, u]       = exp(base + weather[a]); between ports × exp(lure) × converging
    shed[s]             = pull × (1 − exp(−hardness)): a part goes to the neighbours, the rest anywhere
    share of area a     = pull after shedding / its sum over areas; ports × exp(weather[n])
    of those for ports  : booking = share × patience × drawn,  walking up = 1 − share × patience
    patience            = 1 / (1 + days of wait for an appointment / patience days)
    drawn               = exp(pull of appointments × appointments offered)
    attempts (per day)  = exp(noise[s] − near × surprise + hurry × rush − hardness[s]) / days of wait
    sideways (per day)  = moving × tanh(hardness here − hardness of the neighbour), where positive
    evading[n, u]       = logistic(its share in 2016 + response × (strictness − usual) of adults)
    unseen share        = evading × (1 − detection)
    detection           = logistic(base + weather − crowding × log(1 + (held + in the field) / places)
                          + wire × hardened + fence × miles / 100 − smugglers' gain)
    smugglers' gain     = gain × share with a smuggler × (1 + tanh(adaptation))
    success[s]'         = toward (unseen + seen − expelled − sent to wait) / tries, within weeks
    seven-day average'  = (encounters a day − average) / 7 days, exponentially weighted

Families and children mostly give themselves up; single adults more often evade, and more so the
more of those seen are turned back: surrender is a choice. Agents busy with processing are not on the
line: detection falls when custody and the field are crowded. A hardened stretch sheds people mostly
to its neighbours; some wait there instead and may give up. Success is remembered by sector: those
let through, released or unseen, against those expelled or sent back to wait.

It cannot say where within a sector people cross, nor tell a fence from the agents behind it. Removal
after custody does not enter the memory of a sector, for it is not counted by sector. Known got-aways
are a published part of the unseen. Sources: priors/crossing.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from caudal.corridor.groups import ADULTS, everybody, per_nationality, per_unit
from caudal.corridor.world import SECTORS
from caudal.engine.declare import Flow, Gate, Noise, Signal, Weather, mechanism
from caudal.engine.step import Now

LAND = len(SECTORS)
EAST = tuple(min(i + 1, LAND - 1) for i in range(LAND))
"""The neighbour to the east of each sector (they are listed from west to east); the last has none."""
WEST = tuple(max(i - 1, 0) for i in range(LAND))
TO_EAST = np.array([1.0] + [0.5] * (LAND - 2) + [0.0], np.float32)[:, None, None]
"""The part of what a sector sheds that goes east: half, or all where there is one neighbour."""
HOTTEST_DAY = 200.0
"""Mid-July, as a day of the year."""
AVERAGE = "us.encounters.between_ports.seven_day_average"
"""What the rule of June 2024 watches; its text takes seven calendar days with equal weights."""


@mechanism(
    flows=(
        Flow("north_first", "line"), Flow("north_repeat", "line"),
        Flow("north_first", "north_first", EAST, label="eastward"),
        Flow("north_first", "north_first", WEST, label="westward"),
    ),
    gates=(
        Gate("approach", "where people reach the border", {
            "land": "north_first", "ports": "ports", "appointment": "app_queue",
        }),
        Gate("line", "seen by the Border Patrol or not", {"seen": "field", "unseen": "us_unseen"}),
    ),
    signals=(
        Signal("success", "share of tries that get through, as remembered of a sector", "share",
               ("sector",), 0.6),
        Signal("detection", "share of those who evade that are stopped", "share", (), 0.7),
        Signal(AVERAGE, "Border Patrol encounters a day, last seven days", "people per day"),
    ),
    reads=(
        "surprise", "rush", "strictness", "success", "smuggler_share", "adaptation", "cbp_custody",
        "field", "app_queue", AVERAGE, "encounters_land", "expulsions", "mpp_returns", "unseen",
    ),
    levers=(
        "us.appointments.daily", "us.sector_hardened", "us.barrier_miles", "us.barrier_building",
        "event.convergence",
    ),
    drivers=("day_of_year",),
    weather=(
        Weather("area", "preference among sectors and ports", ("area",)),
        Weather("port", "preference for ports over land", ("nationality",)),
        Weather("detection", "how many who evade are stopped"),
    ),
    noise=(Noise("crossing_noise", "days when more or fewer try", "crossing_noise_sd",
                 "crossing_noise_days", ("sector",)),),
    parameters=(
        "area_base", "appointment_pull", "appointment_share", "appointment_patience_days",
        "first_wait_days", "repeat_wait_days", "near_response", "rush_response", "response_own",
        "hardening_response", "barrier_response", "barrier_gaps", "neighbour_share", "move_per_day",
        "success_response", "success_days", "convergence", "heat_response", "deadly",
        "evading_share", "evade_response", "evade_reference", "detection_base", "crowding",
        "holding_places", "hardening_detection", "barrier_detection", "smuggler_gain",
        "crossing_noise_sd", "crossing_noise_days",
    ),
    off={
        "near_response": 0.0, "rush_response": 0.0, "crowding": 0.0, "appointment_pull": 0.0,
        "hardening_response": 0.0, "barrier_response": 0.0, "move_per_day": 0.0,
        "success_response": 0.0, "convergence": 0.0, "heat_response": 0.0, "evade_response": 0.0,
        "hardening_detection": 0.0, "barrier_detection": 0.0, "smuggler_gain": 0.0,
    },
)  # fmt: skip
def crossing(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day and shares, shape (sector or office, group, member)."""
    halted = 1 - now.law["us.barrier_building"]
    miles = now.law["us.barrier_miles"] / 100.0 * (1 - p["barrier_gaps"] * halted)
    hardened = now.law["us.sector_hardened"]
    hard = p["hardening_response"] * hardened + p["barrier_response"] * miles
    easy = jnp.exp(-hard)

    own = per_nationality(p["response_own"])
    mood = own * (
        p["rush_response"] * now.signal["rush"] - p["near_response"] * now.signal["surprise"]
    )
    tries = (easy * jnp.exp(now.noise["crossing_noise"]))[:, None] * jnp.exp(mood)[None]
    step = hard[1:] - hard[:-1]
    last = jnp.zeros_like(step[:1])
    away = p["move_per_day"] * jnp.tanh(jnp.maximum(0.0, jnp.concatenate([-step, last])))
    back = p["move_per_day"] * jnp.tanh(jnp.maximum(0.0, jnp.concatenate([last, step])))

    odds = (
        p["detection_base"]
        + now.weather["detection"]
        - p["crowding"] * jnp.log1p(_crowd(now) / p["holding_places"])
        + p["hardening_detection"] * hardened
        + p["barrier_detection"] * miles
    )
    unseen = _evading(now, p)[None] / (1 + jnp.exp(odds)[:, None] * _slowed(now, p)[None])
    return {
        **_approach(now, p, easy),
        "success": now.toward("success", _got_through(now), p["success_days"]),
        "detection": (1 / (1 + jnp.exp(-odds))).mean(0),
        "north_first → line": tries / p["first_wait_days"],
        "north_repeat → line": tries / p["repeat_wait_days"],
        "north_first → north_first eastward": away[:, None],
        "north_first → north_first westward": back[:, None],
        "line.seen": 1 - unseen,
        "line.unseen": unseen,
        AVERAGE: now.toward(AVERAGE, everybody(now.rate["encounters_land"]), 7.0),
    }


def _approach(now: Now, p: Mapping[str, Array], easy: Array) -> dict[str, Array]:
    """Shares of the gate `approach`; easy: exp(−hardness), (sector, member)."""
    summer = jnp.maximum(0.0, jnp.cos(2 * jnp.pi * (now.driver["day_of_year"] - HOTTEST_DAY) / 365))
    success = now.signal["success"]
    lure = p["success_response"] * (success - success.mean(0))
    lure = lure - p["heat_response"] * p["deadly"] * summer
    pull = jnp.exp(p["area_base"] + now.weather["area"][:, None])
    # a convergence multiplies, so that only its own nationality and sector are touched
    drawn = per_nationality(jnp.moveaxis(now.law["event.convergence"], 1, 0))
    land = pull[:LAND] * jnp.exp(lure)[:, None] * (1 + jnp.expm1(p["convergence"]) * drawn)
    shed = ((1 - easy) * p["neighbour_share"])[:, None]
    east, west = shed * TO_EAST, shed * (1 - TO_EAST)
    stays = land * easy[:, None]
    # slices written into one array: put together from pieces, each number would ask where it lies
    moved = lax.dynamic_update_slice(stays, stays[1:] + (east * land)[:-1], (1, 0, 0))
    land = lax.dynamic_update_slice(moved, moved[:-1] + (west * land)[1:], (0, 0, 0))

    offered = now.law["us.appointments.daily"]
    wait = everybody(now.people["app_queue"]) / jnp.maximum(offered, 1.0)
    booking = jnp.where(offered > 0, p["appointment_share"], 0.0) / (
        1 + wait / p["appointment_patience_days"]
    )
    booked = booking * jnp.exp(p["appointment_pull"] * offered / 1000.0)
    ports = pull[LAND:] * jnp.exp(per_nationality(now.weather["port"]))
    total = land.sum(0) + ports.sum(0) * (1 - booking + booked)
    return {
        "approach.land": land / total,
        "approach.ports": ports * (1 - booking) / total,
        "approach.appointment": ports * booked / total,
    }


def _evading(now: Now, p: Mapping[str, Array]) -> Array:
    """Share of each group that tries not to be seen, (group, member)."""
    base = per_unit(jnp.log(p["evading_share"]) - jnp.log1p(-p["evading_share"]))
    harder = now.signal["strictness"] - p["evade_reference"]
    return 1 / (1 + jnp.exp(-base - p["evade_response"] * harder * ADULTS))


def _slowed(now: Now, p: Mapping[str, Array]) -> Array:
    """By what smugglers multiply the odds of being stopped, (group, member): at most 1."""
    use = jnp.clip(now.signal["smuggler_share"], 0.0, 1.0)
    adapted = 1 + jnp.tanh(jnp.maximum(0.0, now.signal["adaptation"]))
    return per_nationality(jnp.exp(-p["smuggler_gain"] * use * adapted))


def _crowd(now: Now) -> Array:
    """People held by CBP or waiting in the field, who need agents, (member,)."""
    return everybody(now.people["cbp_custody"]) + everybody(now.people["field"])


def _got_through(now: Now) -> Array:
    """Share of the last day's tries in each sector that were not turned back, (sector, member)."""
    seen, unseen = now.rate["encounters_land"].sum(1), now.rate["unseen"].sum(1)
    back = now.rate["expulsions"].sum(1) + now.rate["mpp_returns"].sum(1)
    through = jnp.maximum(0.0, seen + unseen - back)
    # one try a day counts as memory: without tries nothing new is learned
    return (through + now.signal["success"]) / (seen + unseen + 1.0)
