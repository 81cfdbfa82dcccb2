"""Departure: how many people set out, in which unit, by which route.

    people per day[n, u] = base[n] × exp(weather[n] + noise[n] + labour × openings
                           + hurricane × impact[n] + season + lure[n, u]) × unit share[n, u]
    season               = amplitude × cos(2π (day of year − peak) / 365)
    lure[n, u]           = − far × surprise[n, u] − settled × strictness[n, u]
                           − substitution × parole open[n]
    unit share[n, ·]     = softmax(unit base[n, ·] + weather[n, ·])
    weather              = that of the month of arrival: this month's, and from `lead` days before
                           its end the next month's
    route share[n, ·]    = softmax(route base[n, ·], less a visa bar on flying to Mexico, less
                           the closing of the Darién, plus weather on the Darién)

Departures are a source, not a stock. `openings` is the log of US job openings against January 2018
(the reading of Bahar 2025; its critique puts the elasticity at 0, hence the prior 0–0.7). `impact`
is the shape in time of hurricanes Eta and Iota. Networks, affordability and root-cause aid are not
in this first version: the weather carries them. Sources: priors.yaml, `departure`.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import flat, per_nationality
from caudal.engine.declare import Flow, Noise, Signal, Weather, mechanism
from caudal.engine.step import Now

ROUTES = ("darien", "central_1", "mexico_1", "central_2", "mexico_2")
"""By foot through the Darién; by air to Nicaragua; by air to Mexico; overland; within Mexico."""


@mechanism(
    flows=tuple(Flow("outside", stock) for stock in ROUTES),
    signals=(
        Signal("disaster", "push of disasters at home", "share", ("nationality",)),
        Signal("aid", "root-cause aid at work", "usd million a year"),
        Signal("network", "people from there who came of late", "log", ("nationality",)),
    ),
    reads=("surprise", "strictness"),
    levers=("mx.visa_required", "pa.darien.closed", "us.parole.eligible", "us.parole.monthly_places"),
    drivers=("us_job_openings", "hurricane", "day_of_year", "days_left"),
    weather=(
        Weather("departure", "how many set out", ("nationality",)),
        Weather("unit", "how they travel", ("nationality", "unit")),
        Weather("route", "preference for the Darién over other routes", ("nationality",)),
    ),
    noise=(Noise("departure_noise", "days when more or fewer set out", "departure_noise_sd",
                 "departure_noise_days", ("nationality",)),),
    parameters=(
        "departure_base", "departure_unit_base", "departure_route_base", "labour_elasticity",
        "hurricane_push", "season_amplitude", "season_peak_day", "far_response", "settled_response",
        "parole_substitution", "visa_bar", "darien_closing", "departure_noise_sd",
        "departure_noise_days", "departure_lead_days",
    ),
    off={
        "labour_elasticity": 0.0, "hurricane_push": 0.0, "season_amplitude": 0.0,
        "far_response": 0.0, "settled_response": 0.0, "parole_substitution": 0.0,
        "visa_bar": 0.0, "darien_closing": 0.0,
    },
)  # fmt: skip
def departure(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """People per day from outside into the first stock of each route, shape (1, group, member)."""
    parole = now.law["us.parole.eligible"] * (now.law["us.parole.monthly_places"] > 0)
    turn = 2 * jnp.pi * (now.driver["day_of_year"] - p["season_peak_day"]) / 365.0
    near_end = now.driver["days_left"] < p["departure_lead_days"]
    push = (
        jnp.where(near_end, now.coming["departure"], now.weather["departure"])
        + now.noise["departure_noise"]
        + p["labour_elasticity"] * now.driver["us_job_openings"]
        + p["hurricane_push"] * now.driver["hurricane"]
        + p["season_amplitude"] * jnp.cos(turn)
        - p["parole_substitution"] * parole
    )
    lure = (
        -p["far_response"] * now.signal["surprise"]
        - p["settled_response"] * now.signal["strictness"]
    )
    unit = _softmax(p["departure_unit_base"] + now.weather["unit"])
    each = flat(unit) * per_nationality(p["departure_base"] * jnp.exp(push)) * jnp.exp(lure)
    bars = jnp.stack(
        [
            now.weather["route"] - p["darien_closing"] * now.law["pa.darien.closed"],
            jnp.zeros_like(push),
            -p["visa_bar"] * now.law["mx.visa_required"],
            jnp.zeros_like(push),
            jnp.zeros_like(push),
        ],
        axis=-2,
    )
    route = _softmax(p["departure_route_base"] + bars)
    return {
        "disaster": now.signal["disaster"],
        "aid": now.signal["aid"],
        "network": now.signal["network"],
    } | {
        f"outside → {stock}": (each * per_nationality(route[:, i]))[None]
        for i, stock in enumerate(ROUTES)
    }


def _softmax(x: Array) -> Array:
    e = jnp.exp(x - x.max(-2, keepdims=True))
    return e / e.sum(-2, keepdims=True)
