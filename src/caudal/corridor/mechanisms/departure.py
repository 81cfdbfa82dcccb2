"""Departure: how many people set out, in which unit, by which route.

    people per day[n, u] = base[n] × exp(push[n] + lure[n, u]) × unit share[n, u]
    push[n]     = weather + noise + labour × openings + violence × homicide[n] + season
                  + hurricane × disaster[n]
                  + crisis × crisis at home + pressure × sanctioned + waves × network[n]
                  − closing × borders closed − parole × parole open − protection × protected status
                  − aid effect × aid, for the north of Central America
                  + stay × log-sum of routes − affordability × log(cost of the way / usual cost)
    season      = amplitude × cos(2π (day of year − peak) / 365)
    lure[n, u]  = − own[n] × (far × surprise[n, u] + settled × (1 − belief[n, u]))
    unit share  = softmax(unit base + weather + unit_pull)          pure substitution
    route share = softmax(route base + weather on the Darién − bars)
    bars        = Darién closed; no charter to Nicaragua for a nationality, or its operators
                  sanctioned; a visa for flying to Mexico
    log-sum     = log Σ exp(base + weather − bars) − log Σ exp(base + weather)             ≤ 0
    cost        = smuggler's fee + Σ route share × route cost
    damage'     = (event − damage) / 5 days, or damage fades in `fade` days once the event is over
    disaster'   = (damage − disaster) / rise days
    aid'        = (aid committed − aid at work) / aid days
    network     = tanh(log(entries of late / usual entries)), two memories of those who got in, each
                  against what would have got in of base[n] in the years before
    weather     = that of the month of arrival: this month's, and from `lead` days before its end the
                  next month's

Sanctions (none where relief is given), protected status and aid count by what has changed since 2017,
when the base was counted. Departures are a source, not a stock. `openings` is the log of US job
openings against January 2018 (the reading of Bahar 2025; its critique puts the elasticity at 0, hence
the prior 0–0.7). `homicide` is the log of the homicide rate at home against 2017, by year: what is
published of violence, and no measure of extortion or threats. A disaster
pushes weeks after it strikes and for months (loans, harvests, houses),
only where it struck. Waves go on after a shock has passed because those who came help others (Clemens
2017). Where a route is closed people take the next, dearer one; some stay. Caravans are a way of
travelling and add nobody.

Contested, with priors around zero or wide: whether US sanctions push people out (governments under them
say so) or what they answer to (repression) does; aid against root causes, small and about two years
late; protected status for those already there, of which only the sign is known (fewer come later).
What it cannot say: violence by month, harvests and wages at home; weather carries them.
Sources: priors/departure.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import apart, flat, mask, per_nationality
from caudal.corridor.mechanisms.expectation import fared, usual
from caudal.engine.declare import Flow, Noise, Signal, Weather, mechanism
from caudal.engine.step import Now

ROUTES = ("darien", "central_1", "mexico_1", "central_2", "mexico_2")
"""By foot through the Darién; by air to Nicaragua; by air to Mexico; overland; within Mexico."""
STRIKE_DAYS = 5.0
"""Within which a disaster has done its damage: two storms came within two weeks."""
FEW = 5.0
"""People a day added on both sides of the network's ratio, so that a small nationality is no wave."""
NORTH = mask("GTM", "HND", "SLV")[:, None]
"""Whom aid for root causes is meant for."""
VENEZUELA = mask("VEN")[:, None]
PROTECTED_2017 = mask("SLV", "HND", "NIC", "HTI")[:, None]
SANCTIONED_2017 = mask("CUB", "VEN")[:, None]
AID_2017 = 600.0
"""In force when `departure_base` was counted, by the documents: only what has changed since acts."""


@mechanism(
    flows=tuple(Flow("outside", stock) for stock in ROUTES),
    signals=(
        Signal("damage", "what a disaster has left undone at home", "share", ("nationality",)),
        Signal("disaster", "push of disasters at home", "share", ("nationality",)),
        Signal("aid", "root-cause aid at work", "usd million a year", start=AID_2017),
        Signal("entries", "people who got in, of late", "those of 2017 = 1", ("nationality",), 1.0),
        Signal("entries_usual", "people who got in, as is usual", "those of 2017 = 1",
               ("nationality",), 1.0),
        Signal("network", "people from there who came of late", "log", ("nationality",)),
    ),
    reads=(
        "surprise", "belief", "unit_pull", "fee", "damage", "disaster", "aid", "network", "entries",
        "entries_usual", "encounters_land", "expulsions", "mpp_returns", "removals", "unseen",
        "appointments_kept",
    ),
    levers=(
        "mx.visa_required", "pa.darien.closed", "ni.charter_limits", "us.charters_sanctioned",
        "us.parole.eligible", "us.parole.monthly_places", "us.protected_status", "us.sanctions",
        "us.offers_to_venezuela", "us.aid_central_america", "event.disaster",
        "event.borders_closed", "event.origin_crisis",
    ),
    drivers=("us_job_openings", "homicide", "day_of_year", "days_left"),
    weather=(
        Weather("departure", "how many set out", ("nationality",)),
        Weather("unit", "how they travel", ("nationality", "unit")),
        Weather("route", "preference for the Darién over other routes", ("nationality",)),
    ),
    noise=(Noise("departure_noise", "days when more or fewer set out", "departure_noise_sd",
                 "departure_noise_days", ("nationality",)),),
    parameters=(
        "departure_base", "departure_unit_base", "departure_route_base", "labour_elasticity",
        "violence_push",
        "hurricane_push", "disaster_rise_days", "disaster_fade_days", "season_amplitude",
        "season_peak_day", "far_response", "settled_response", "response_own",
        "parole_substitution", "visa_bar",
        "darien_closing", "charter_bar", "charter_sanction", "route_stay", "route_cost",
        "affordability", "fee_base", "crisis_push", "sanctions_push", "border_closing",
        "protection_effect", "aid_effect", "aid_days", "network_push", "network_days",
        "network_usual_days", "mexican_returned", "detained_share", "detained_removed",
        "departure_noise_sd", "departure_noise_days", "departure_lead_days",
    ),
    off={
        "labour_elasticity": 0.0, "violence_push": 0.0, "hurricane_push": 0.0, "season_amplitude": 0.0,
        "far_response": 0.0, "settled_response": 0.0, "parole_substitution": 0.0,
        "visa_bar": 0.0, "darien_closing": 0.0, "charter_bar": 0.0, "charter_sanction": 0.0,
        "route_stay": 0.0, "affordability": 0.0, "crisis_push": 0.0, "sanctions_push": 0.0,
        "border_closing": 0.0, "protection_effect": 0.0, "aid_effect": 0.0, "network_push": 0.0,
    },
)  # fmt: skip
def departure(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """People per day from outside into the first stock of each route, shape (1, group, member)."""
    share, stay = routes(now, p)
    push = _push(now, p) + stay
    lure = -per_nationality(p["response_own"]) * (
        p["far_response"] * now.signal["surprise"]
        + p["settled_response"] * (1 - now.signal["belief"])
    )
    unit = _softmax(p["departure_unit_base"] + now.weather["unit"] + apart(now.signal["unit_pull"]))
    each = flat(unit) * per_nationality(p["departure_base"] * jnp.exp(push)) * jnp.exp(lure)
    return _memories(now, p) | {
        f"outside → {stock}": (each * per_nationality(share[:, i]))[None]
        for i, stock in enumerate(ROUTES)
    }


def _push(now: Now, p: Mapping[str, Array]) -> Array:
    """Log of departures against base, but for routes and lure, by nationality (22, member)."""
    law = now.law
    parole = law["us.parole.eligible"] * (law["us.parole.monthly_places"] > 0)
    turn = 2 * jnp.pi * (now.driver["day_of_year"] - p["season_peak_day"]) / 365.0
    sanctioned = law["us.sanctions"] * (1 - VENEZUELA * law["us.offers_to_venezuela"])
    near_end = now.driver["days_left"] < p["departure_lead_days"]
    return (
        jnp.where(near_end, now.coming["departure"], now.weather["departure"])
        + now.noise["departure_noise"]
        + p["labour_elasticity"] * now.driver["us_job_openings"]
        + p["violence_push"] * now.driver["homicide"]
        + p["season_amplitude"] * jnp.cos(turn)
        + p["hurricane_push"] * now.signal["disaster"]
        + p["network_push"] * now.signal["network"]
        + p["crisis_push"] * law["event.origin_crisis"]
        + p["sanctions_push"] * (sanctioned - SANCTIONED_2017)
        - p["border_closing"] * law["event.borders_closed"]
        - p["parole_substitution"] * parole
        - p["protection_effect"] * (law["us.protected_status"] - PROTECTED_2017)
        - p["aid_effect"] * (now.signal["aid"] - AID_2017) / 1000.0 * NORTH
    )


def routes(now: Now, p: Mapping[str, Array]) -> tuple[Array, Array]:
    """Share of each route (22, 5, member), and the log of those who set out at all (22, member)."""
    zero = jnp.zeros_like(now.weather["route"])
    law = now.law
    free = p["departure_route_base"] + jnp.stack(
        [now.weather["route"], zero, zero, zero, zero], axis=-2
    )
    shut = jnp.stack(
        [
            p["darien_closing"] * law["pa.darien.closed"] + zero,
            p["charter_bar"] * law["ni.charter_limits"]
            + p["charter_sanction"] * law["us.charters_sanctioned"]
            + zero,
            p["visa_bar"] * law["mx.visa_required"] + zero,
            zero,
            zero,
        ],
        axis=-2,
    )
    wished = jnp.exp(free - free.max(-2, keepdims=True))
    open_ = wished * jnp.exp(-shut)
    before, after = wished.sum(-2, keepdims=True), open_.sum(-2, keepdims=True)
    share = open_ / after
    usual_cost = p["fee_base"] + (wished / before * p["route_cost"]).sum(-2)
    cost = now.signal["fee"] + (share * p["route_cost"]).sum(-2)
    stay = p["route_stay"] * jnp.log(after / before)[..., 0, :]
    return share, stay - p["affordability"] * jnp.log(cost / usual_cost)


def _memories(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Next values of the signals."""
    event = now.law["event.disaster"]
    slow = jnp.where(event > now.signal["damage"], STRIKE_DAYS, p["disaster_fade_days"])
    tried, back = fared(now)
    got_in = jnp.maximum(0.0, tried - back) + now.rate["appointments_kept"][0]
    by_unit = _softmax(p["departure_unit_base"]) * apart(1 - usual(p))
    before = p["departure_base"] * by_unit.sum(1)
    ratio = apart(got_in).sum(1) / before
    entries = now.toward("entries", ratio, p["network_days"])
    normal = now.toward("entries_usual", ratio, p["network_usual_days"])
    return {
        "damage": now.toward("damage", event, slow),
        "disaster": now.toward("disaster", now.signal["damage"], p["disaster_rise_days"]),
        "aid": now.toward("aid", now.law["us.aid_central_america"], p["aid_days"]),
        "entries": entries,
        "entries_usual": normal,
        "network": jnp.tanh(jnp.log((entries * before + FEW) / (normal * before + FEW))),
    }


def _softmax(x: Array) -> Array:
    e = jnp.exp(x - x.max(-2, keepdims=True))
    return e / e.sum(-2, keepdims=True)
