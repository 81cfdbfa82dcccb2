"""Diplomacy: pressure, offers and commitments move effort; when pressure fades, effort drifts back.

    believed  = max(0, threat − wear × threat heard) × (1 − late × US campaign)
                threat = log(1 + percent / 5);   threat heard' = (threat − heard) / wear days
    pressure  = acts × per act + believed × per threat + quiet × per quiet request   (history)
              = us_demand × per act                                        (governments respond)
    bargain   = pressure + offers × per offer + harsher expected × anticipation
    tied      = 1 − discount × demands / (1 + offers)
    wanted    = (1 + bargain × tied + commitments × per commitment + guard north × per guard
                  + Mexican campaign × per election + US campaign × per US election)
                × (1 − idle × suspended) × (1 − weight × cost / (1 + cost), governments respond)
    mx_resolve'  = (wanted − mx_resolve) / (rise days if wanted > mx_resolve, else drift days)
    mx_effort    = mx_resolve × exp(weather)
    gt_effort'   = (1 + commitments × per commitment + pressure × spill − gt_effort) / the same days
    pa_effort'   = (1 + (closed + flights) × per act − pa_effort) / the same days
    coordination' = (1 − lost × returns without notice − coordination) / days

Acts are dated documents: the tariff threat of June 2019 and the declaration that ended it, the
requests of 2021 and 2023 out of public view, the meeting of December 2023, the Guard sent north in
February 2025. Effort 1 is the level before the first act. How much an act is worth, and how
fast it wears off, is learned from Mexico's monthly events since 2018. No term names a government or
a party: the same act is worth the same whoever commits it, late in a term or in a campaign
excepted, when a threat may no longer be believed. A threat that is neither carried out nor
withdrawn wears off; a commitment lasts as long as its document. Mexico ties its effort to relief
and aid (`mx.demands`) until it is offered something.

Pressure reaches US encounters only through effort (`interdiction` reads it). Whether elections move
effort is contested: the articles say so, nobody has measured it, and the prior allows none as well
as three tenths. Half of the effort above base is gone `effort_drift_days` × ln 2 after pressure ends.

What it cannot say: what was promised and never published; whether an act or the flow that provoked
it moved Mexico, where both came at once (docs/bargain.md says how little the acts tell).
Sources: priors/diplomacy.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.engine.declare import Signal, Weather, mechanism
from caudal.engine.step import Now

FIRST_THREAT = 5.0
"""Percent: the first tariff threatened, on 30 May 2019, and so the unit of a threat."""
LEAST = 0.05
"""Effort is a hazard's factor and stays positive whatever parameters are drawn."""


@mechanism(
    signals=(
        Signal("mx_resolve", "Mexican effort that dated acts account for", "base = 1", (), 1.0),
        Signal("gt_effort", "Guatemalan and Honduran effort", "base = 1", (), 1.0),
        Signal("pa_effort", "Panamanian effort", "base = 1", (), 1.0),
        Signal("coordination", "how well returns are coordinated", "share", (), 1.0),
        Signal("mx_effort", "Mexican effort to stop people in transit", "base = 1", (), 1.0),
        Signal("threat_heard", "threat of tariffs that Mexico has got used to", "threats"),
    ),
    reads=("mx_resolve", "gt_effort", "pa_effort", "coordination", "threat_heard", "us_demand",
           "mx_cost"),
    levers=(
        "us.pressure_on_mexico", "us.tariff_threat", "us.quiet_requests", "us.offers_to_mexico",
        "us.campaign", "us.harsher_government_expected", "us.returns_unannounced",
        "mx.effort_commitment", "mx.operations_suspended", "mx.guard_north", "mx.demands",
        "mx.campaign", "gt.effort_commitment", "hn.effort_commitment", "pa.darien.closed",
        "pa.removal_flights", "governments.respond",
    ),
    weather=(Weather("effort", "Mexican effort beyond what dated acts account for"),),
    parameters=(
        "effort_per_pressure", "effort_per_tariff", "effort_per_quiet", "effort_per_offer",
        "effort_per_commitment", "effort_per_guard", "effort_anticipation", "effort_election_mx",
        "effort_election_us", "effort_idle", "effort_rise_days", "effort_drift_days",
        "threat_wear", "threat_wear_days", "threat_late", "demands_discount", "mx_cost_weight",
        "gt_effort_per_commitment", "gt_effort_spill", "pa_effort_per_act",
        "coordination_lost", "coordination_days",
    ),
    off={
        "effort_per_pressure": 0.0, "effort_per_tariff": 0.0, "effort_per_quiet": 0.0,
        "effort_per_offer": 0.0, "effort_per_commitment": 0.0, "effort_per_guard": 0.0,
        "effort_anticipation": 0.0, "effort_election_mx": 0.0, "effort_election_us": 0.0,
        "effort_idle": 0.0, "threat_wear": 0.0, "threat_late": 0.0, "demands_discount": 0.0,
        "mx_cost_weight": 0.0, "gt_effort_per_commitment": 0.0, "gt_effort_spill": 0.0,
        "pa_effort_per_act": 0.0, "coordination_lost": 0.0,
    },
)  # fmt: skip
def diplomacy(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Next values of the signals, shape (member,)."""
    law = now.law
    threat = jnp.log1p(law["us.tariff_threat"] / FIRST_THREAT)
    pressure = pressed(now, p, threat)
    wanted = jnp.maximum(LEAST, _wanted(now, p, pressure))
    resolve = _move(now, p, "mx_resolve", wanted)
    abroad = law["gt.effort_commitment"] + law["hn.effort_commitment"]
    guatemala = 1 + p["gt_effort_per_commitment"] * abroad + p["gt_effort_spill"] * pressure
    panama = 1 + p["pa_effort_per_act"] * (law["pa.darien.closed"] + law["pa.removal_flights"])
    told = 1 - p["coordination_lost"] * law["us.returns_unannounced"]
    return {
        "gt_effort": _move(now, p, "gt_effort", jnp.maximum(LEAST, guatemala)),
        "pa_effort": _move(now, p, "pa_effort", jnp.maximum(LEAST, panama)),
        "coordination": now.toward("coordination", told, p["coordination_days"]),
        "threat_heard": now.toward("threat_heard", threat, p["threat_wear_days"]),
        "mx_resolve": resolve,
        "mx_effort": resolve * jnp.exp(now.weather["effort"]),
    }


def pressed(now: Now, p: Mapping[str, Array], threat: Array) -> Array:
    """What the United States' pressure is worth, as a share of base effort: (member,).

    Dated acts in history; the wish to press where governments respond.
    """
    law = now.law
    worn = jnp.maximum(0.0, threat - p["threat_wear"] * now.signal["threat_heard"])
    believed = worn * (1 - p["threat_late"] * law["us.campaign"])
    dated = (
        p["effort_per_pressure"] * law["us.pressure_on_mexico"]
        + p["effort_per_tariff"] * believed
        + p["effort_per_quiet"] * law["us.quiet_requests"]
    )
    wish = p["effort_per_pressure"] * now.signal["us_demand"]
    return jnp.where(law["governments.respond"] > 0, wish, dated)


def _wanted(now: Now, p: Mapping[str, Array], pressure: Array) -> Array:
    law = now.law
    offers = law["us.offers_to_mexico"]
    bargain = (
        pressure
        + p["effort_per_offer"] * offers
        + p["effort_anticipation"] * law["us.harsher_government_expected"]
    )
    tied = 1 - p["demands_discount"] * law["mx.demands"] / (1 + offers)
    level = (
        1
        + bargain * tied
        + p["effort_per_commitment"] * law["mx.effort_commitment"]
        + p["effort_per_guard"] * law["mx.guard_north"]
        + p["effort_election_mx"] * law["mx.campaign"]
        + p["effort_election_us"] * law["us.campaign"]
    )
    cost = now.signal["mx_cost"]
    held_back = jnp.where(
        law["governments.respond"] > 0, p["mx_cost_weight"] * cost / (1 + cost), 0.0
    )
    return level * (1 - p["effort_idle"] * law["mx.operations_suspended"]) * (1 - held_back)


def _move(now: Now, p: Mapping[str, Array], signal: str, wanted: Array) -> Array:
    """Up within weeks, down over months."""
    days = jnp.where(wanted > now.signal[signal], p["effort_rise_days"], p["effort_drift_days"])
    return now.toward(signal, wanted, days)
