"""Costs: what institutions and migrants pay, by who pays

    us-border           = day × people held by CBP + desk × encounters + flight × people flown
    us-children         = day × min(in care, beds) + emergency day × max(0, in care − beds)
    us-detention        = night × adults held + family night × others held
    us-courts           = case × (released + returned to wait + children placed + let in by appointment)
    us-cities           = night × people in city shelters
    mexico-enforcement  = stop × people stopped + day × people in stations + return × people returned
    mexico-reception    = day × (children's shelters + the north's shelters + share × waiting for COMAR)
    panama              = reception × people out of the Darién
    arrived[n]          = first tries stopped + unseen entries, spread as the adults stopped
    smugglers[n]        = paid × fee[n] × share with a smuggler[n] × arrived[n]
    cartels[n]          = toll of the fee × smugglers[n] + bribe × tolls of those alone[n]
    migrants[n]         = smugglers[n] × (1 + interest) + own way × (1 − share[n]) × arrived[n]
                          + bribe × extortions[n]

Dollars of 2023. Unit costs are averages: the tenth person costs what the first does, though fixed
costs (agents, walls, courts) go on when nobody comes, and those are not here. Whoever tries again
within the year pays once: fees buy several tries. Removal flights from Panama that the United States
pays stand under us-border. Ransoms and debts in default are not counted.

It reads the corridor and moves nobody. It cannot say what a policy saves, for it holds neither taxes
nor wages nor fixed staff. Cost per outcome is a ratio of outputs. Sources: priors/costs.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import ADULTS, MEXICO, by_nationality, everybody
from caudal.corridor.mechanisms.harm import (
    EXTORTION,
    EXTORTION_READS,
    SHELTER,
    extorted,
    shelters,
    tolls,
    tries,
)
from caudal.corridor.mechanisms.politics import encountered
from caudal.engine.declare import Measure, mechanism
from caudal.engine.step import Now


@mechanism(
    measures=(
        Measure("public_cost", "what institutions pay", "usd_2023", ("payer",)),
        Measure("migrant_cost", "what migrants pay on the way", "usd_2023", ("nationality",)),
        Measure("cartel_tolls", "of this, what cartels take, of fees and of those alone", "usd_2023",
                ("nationality",)),
        Measure("smuggler_revenue", "of this, what smugglers are paid", "usd_2023",
                ("nationality",)),
    ),
    reads=(
        "cbp_custody", "cbp_children", "field", "hhs_care", "ice_detained", "city_shelter", "held",
        "dif", "comar", "north_first", "north_repeat", "mpp", "ports", "app_queue", "darien",
        "encounters_ports", "encounters_repeat", "expulsions", "removals", "releases",
        "mpp_returns", "children_transferred", "appointments_kept", "mexican_returns",
        "darien_crossings", "fee", "pa_effort", "coordination", *EXTORTION_READS,
    ),
    levers=("us.expulsion_flights", "pa.removal_flights", "us.hhs.beds", "mx.camp_clearance"),
    parameters=(
        "cost_cbp_day", "cost_desk", "cost_flight", "cost_panama_flight", "cost_hhs_day",
        "cost_hhs_emergency_day", "hhs_standard_share", "cost_ice_night",
        "cost_ice_family_night", "cost_case", "cost_city_night", "cost_mx_stop",
        "cost_mx_station_day", "cost_mx_return", "cost_mx_shelter_day", "cost_pa_reception",
        "fee_paid", "toll_of_fee", "debt_interest", "own_way", "bribe", "comar_sheltered",
        "darien_flown", *SHELTER, *EXTORTION,
    ),
    off={
        "cost_cbp_day": 0.0, "cost_desk": 0.0, "cost_flight": 0.0, "cost_panama_flight": 0.0,
        "cost_hhs_day": 0.0, "cost_hhs_emergency_day": 0.0, "cost_ice_night": 0.0,
        "cost_ice_family_night": 0.0, "cost_case": 0.0, "cost_city_night": 0.0,
        "cost_mx_stop": 0.0, "cost_mx_station_day": 0.0, "cost_mx_return": 0.0,
        "cost_mx_shelter_day": 0.0, "cost_pa_reception": 0.0, "fee_paid": 0.0, "own_way": 0.0,
        "bribe": 0.0, "toll_of_fee": 0.0,
    },
)  # fmt: skip
def costs(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Measures per day in usd_2023, (dims, member)."""
    share = jnp.clip(now.signal["smuggler_share"], 0.0, 1.0)
    arrived = jnp.maximum(0.0, tries(now) - by_nationality(now.rate["encounters_repeat"].sum(0)))
    revenue = p["fee_paid"] * jnp.maximum(0.0, now.signal["fee"]) * share * arrived
    return {
        "public_cost": jnp.stack([*_united_states(now, p), *_mexico(now, p), _panama(now, p)]),
        "migrant_cost": revenue * (1 + p["debt_interest"])
        + p["own_way"] * (1 - share) * arrived
        + p["bribe"] * extorted(now, p),
        "cartel_tolls": p["toll_of_fee"] * revenue + p["bribe"] * tolls(now, p),
        "smuggler_revenue": revenue,
    }


def _united_states(now: Now, p: Mapping[str, Array]) -> tuple[Array, ...]:
    """Border, children, detention, courts, cities: usd_2023 a day, each (member,)."""
    rate, held = now.rate, {name: everybody(now.people[name]) for name in _HELD}
    seen = encountered(now)
    by_air = (now.law["us.expulsion_flights"] * by_nationality(rate["expulsions"].sum(0))).sum(0)
    flown = by_air + everybody(rate["removals"] * (1 - MEXICO))
    abroad = (
        p["darien_flown"] * now.law["pa.removal_flights"] * now.signal["pa_effort"] * held["darien"]
    )
    children = held["hhs_care"]
    standard = jnp.minimum(children, p["hhs_standard_share"] * now.law["us.hhs.beds"])
    adults = everybody(now.people["ice_detained"] * ADULTS)
    cases = sum(
        everybody(rate[name])
        for name in ("releases", "mpp_returns", "children_transferred", "appointments_kept")
    )
    custody = held["cbp_custody"] + held["cbp_children"] + held["field"]
    return (
        p["cost_cbp_day"] * custody + p["cost_desk"] * seen + p["cost_flight"] * flown
        + p["cost_panama_flight"] * abroad,
        p["cost_hhs_day"] * standard + p["cost_hhs_emergency_day"] * (children - standard),
        p["cost_ice_night"] * adults + p["cost_ice_family_night"] * (held["ice_detained"] - adults),
        p["cost_case"] * cases,
        p["cost_city_night"] * held["city_shelter"],
    )  # fmt: skip


_HELD = ("cbp_custody", "cbp_children", "field", "hhs_care", "ice_detained", "city_shelter",
         "darien")  # fmt: skip


def _mexico(now: Now, p: Mapping[str, Array]) -> tuple[Array, ...]:
    """Enforcement and reception: usd_2023 a day, each (member,)."""
    housed = (
        everybody(now.people["dif"])
        + p["comar_sheltered"] * everybody(now.people["comar"])
        + shelters(now, p)[1]["sheltered"].sum(0)
    )
    return (
        p["cost_mx_stop"] * everybody(now.rate["mexican_events"])
        + p["cost_mx_station_day"] * everybody(now.people["held"])
        + p["cost_mx_return"] * everybody(now.rate["mexican_returns"]),
        p["cost_mx_shelter_day"] * housed,
    )


def _panama(now: Now, p: Mapping[str, Array]) -> Array:
    return p["cost_pa_reception"] * everybody(now.rate["darien_crossings"])
