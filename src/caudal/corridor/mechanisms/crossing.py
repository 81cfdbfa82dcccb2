"""Crossing: where people reach the border, when they try, and whether they are seen.

    share of area a     = softmax(base[a, n, u] + weather[a] + to ports × (weather[n] + appointments))
    attempts (per day)  = exp(noise[s] − near × surprise + hurry × rush) / days of wait
    unseen share        = evading[u] × (1 − detection)
    seven-day average'  = (encounters a day − average) / 7 days, exponentially weighted
    detection           = logistic(base + weather − crowding × log(1 + people held / holding places))

Families and children mostly give themselves up; single adults more often evade. Agents busy with
processing are not on the line: detection falls when custody is crowded. Known got-aways are a
published part of the unseen. Barriers, danger, deaths and shifts between sectors after a hardening
come with the full mechanism. Sources: priors.yaml, `crossing`.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import per_nationality, per_unit
from caudal.corridor.world import SECTORS
from caudal.engine.declare import Flow, Gate, Noise, Signal, Weather, mechanism
from caudal.engine.step import Now

LAND = len(SECTORS)
AVERAGE = "us.encounters.between_ports.seven_day_average"
"""What the rule of June 2024 watches; its text takes seven calendar days with equal weights."""


@mechanism(
    flows=(Flow("north_first", "line"), Flow("north_repeat", "line")),
    gates=(
        Gate("approach", "where people reach the border", {
            "land": "north_first", "ports": "ports", "appointment": "app_queue",
        }),
        Gate("line", "seen by the Border Patrol or not", {"seen": "field", "unseen": "us_unseen"}),
    ),
    signals=(
        Signal("success", "share of tries that get through, by sector", "share", ("sector",)),
        Signal("detection", "share of those who evade that are stopped", "share"),
        Signal(AVERAGE, "Border Patrol encounters a day, last seven days", "people per day"),
    ),
    reads=("surprise", "rush", "cbp_custody", AVERAGE, "encounters_land"),
    levers=("us.appointments.daily",),
    weather=(
        Weather("area", "preference among sectors and ports", ("area",)),
        Weather("port", "preference for ports over land", ("nationality",)),
        Weather("detection", "how many who evade are stopped"),
    ),
    noise=(Noise("crossing_noise", "days when more or fewer try", "crossing_noise_sd",
                 "crossing_noise_days", ("sector",)),),
    parameters=(
        "area_base", "appointment_pull", "appointment_share", "first_wait_days", "repeat_wait_days",
        "near_response", "rush_response", "evading_share", "detection_base", "crowding", "holding_places",
        "crossing_noise_sd", "crossing_noise_days",
    ),
    off={"near_response": 0.0, "rush_response": 0.0, "crowding": 0.0, "appointment_pull": 0.0},
)  # fmt: skip
def crossing(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day and shares, shape (sector or office, group, member)."""
    lean = per_nationality(
        now.weather["port"] + p["appointment_pull"] * now.law["us.appointments.daily"] / 1000.0
    )
    pull = jnp.exp(p["area_base"] + now.weather["area"][:, None])
    ports = pull[LAND:] * jnp.exp(lean)
    total = pull[:LAND].sum(0) + ports.sum(0)

    by_app = jnp.where(now.law["us.appointments.daily"] > 0, p["appointment_share"], 0.0)
    mood = p["rush_response"] * now.signal["rush"] - p["near_response"] * now.signal["surprise"]
    tries = jnp.exp(now.noise["crossing_noise"])[:, None] * jnp.exp(mood)[None]

    held = now.people["cbp_custody"].sum((0, 1))
    odds = (
        p["detection_base"]
        + now.weather["detection"]
        - p["crowding"] * jnp.log1p(held / p["holding_places"])
    )
    unseen = per_unit(p["evading_share"])[None] / (1 + jnp.exp(odds))
    return {
        "success": jnp.zeros((len(SECTORS), 1)),
        "detection": 1 / (1 + jnp.exp(-odds)),
        "north_first → line": tries / p["first_wait_days"],
        "north_repeat → line": tries / p["repeat_wait_days"],
        "approach.land": pull[:LAND] / total,
        "approach.ports": ports / total * (1 - by_app),
        "approach.appointment": ports / total * by_app,
        "line.seen": 1 - unseen,
        "line.unseen": unseen,
        AVERAGE: now.toward(AVERAGE, now.rate["encounters_land"].sum((0, 1)), 7.0),
    }
