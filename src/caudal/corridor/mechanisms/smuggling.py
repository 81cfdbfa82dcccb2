"""Smuggling: what it costs, who pays for it, how it adapts, and what it tells its clients.

    pressure[n]    = m × log(Mexican effort) + (1 − m) × log(US detection / usual), within ±1.5;
                     m = 0 for Mexicans, whom no Mexican checkpoint stops
    fee[n]'        = (base[n] × exp(price × pressure + capacity × surge[n]) − fee) / fee days
    surge[n]       = tanh(log(people setting out a day / usual))
    share[n]'      = (logistic(logit(base[n]) + need × pressure − demand × log(fee / base fee))
                     − share) / fee days
    adaptation'    = (bound × tanh(max(0, pressure of those in transit)) − adaptation) / learning days
    message[n, u]' = (share[n] × tanh(boast × softening + playing down × hardening) − message)
                     / briefing days
    softening      = max(0, memory − strictness);  hardening = max(0, strictness − memory)

Enforcement makes passage dearer, not impossible: tripled US enforcement raised the price by 17 to 30
per cent (Gathmann), which is an elasticity of 0.14 to 0.24. More people turn to smugglers when the way
is harder, fewer when they cost more. `adaptation` is the share of added enforcement that smugglers
have learned to get round (knowledge of checkpoints, scouts, other roads); `interdiction` and
`crossing` take it off. `message` is how much more open than the law smugglers make entry sound: they
oversell a softer rule and play down a harder one; `expectation` says how far they are heeded.
`departure` reads the fee: what fewer can pay, fewer buy. Revenue is counted in `costs`.

What it cannot say: who the smugglers are, what cartels take of the fee, quality and safety of a
passage; fees before 2018 are few, so the base is wide. The claim that smuggling changed its methods in
January 2021 rests on one unnamed official; nothing here is dated to it. Sources: priors/smuggling.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import by_nationality, mask, per_nationality
from caudal.engine.declare import Signal, mechanism
from caudal.engine.step import Now

STRONGEST = 1.5
"""Bound on pressure, log: enforcement 4.5 times or a fifth of the usual. Beyond, nothing is known."""
FEW = 5.0
"""People a day added on both sides of the surge's ratio, so that a small nationality is no surge."""


@mechanism(
    signals=(
        Signal("fee", "what a smuggler asks", "usd_2023", ("nationality",), start_from="fee_base"),
        Signal("smuggler_share", "share who travel with a smuggler", "share", ("nationality",),
               start_from="smuggler_share_base"),
        Signal("adaptation", "share of added enforcement that smugglers get round", "share"),
        Signal("message", "openness beyond the law that smugglers tell of", "share", ("group",)),
    ),
    reads=("fee", "smuggler_share", "mx_effort", "detection", "strictness", "memory", "departures"),
    parameters=(
        "fee_base", "smuggler_share_base", "price_elasticity", "mexico_in_price", "surge_price",
        "smuggler_need", "smuggler_demand", "fee_days", "adaptation_bound", "adaptation_days",
        "boast", "playing_down", "briefing_days", "detection_base", "departure_base",
    ),
    off={
        "price_elasticity": 0.0, "surge_price": 0.0, "smuggler_need": 0.0, "smuggler_demand": 0.0,
        "adaptation_bound": 0.0, "boast": 0.0, "playing_down": 0.0,
    },
)  # fmt: skip
def smuggling(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Next values of the signals: by nationality (22, member), message by group (66, member)."""
    south, line = pressures(now, p)
    transit = 1 - mask("MEX")[:, None]
    weight = p["mexico_in_price"] * transit
    pressure = _bounded(weight * south + (1 - weight) * line)
    everyone = _bounded(p["mexico_in_price"] * south + (1 - p["mexico_in_price"]) * line)

    leaving = by_nationality(now.rate["departures"][0])
    surge = jnp.tanh(jnp.log((leaving + FEW) / (p["departure_base"] + FEW)))
    fee = p["fee_base"] * jnp.exp(p["price_elasticity"] * pressure + p["surge_price"] * surge)
    dear = jnp.log(now.signal["fee"] / p["fee_base"])
    base = p["smuggler_share_base"]
    odds = jnp.log(base / (1 - base)) + p["smuggler_need"] * pressure - p["smuggler_demand"] * dear

    change = now.signal["memory"] - now.signal["strictness"]
    spin = p["boast"] * jnp.maximum(0.0, change) + p["playing_down"] * jnp.maximum(0.0, -change)
    told = per_nationality(now.signal["smuggler_share"]) * jnp.tanh(spin)
    learned = p["adaptation_bound"] * jnp.tanh(jnp.maximum(0.0, everyone))
    return {
        "fee": now.toward("fee", fee, p["fee_days"]),
        "smuggler_share": now.toward("smuggler_share", 1 / (1 + jnp.exp(-odds)), p["fee_days"]),
        "adaptation": now.toward("adaptation", learned, p["adaptation_days"]),
        "message": now.toward("message", told, p["briefing_days"]),
    }


def pressures(now: Now, p: Mapping[str, Array]) -> tuple[Array, Array]:
    """Log of Mexican effort against its base, and of US detection against its usual, (member,)."""
    south = jnp.log(jnp.maximum(now.signal["mx_effort"], 0.05))
    usual = 1 / (1 + jnp.exp(-p["detection_base"]))
    return south, jnp.log(jnp.maximum(now.signal["detection"], 0.02) / usual)


def _bounded(pressure: Array) -> Array:
    return STRONGEST * jnp.tanh(pressure / STRONGEST)
