"""Diplomacy: US pressure moves Mexican effort; when pressure fades, effort drifts back.

    wanted  = (1 + per pressure × pressure + per commitment × commitment) × (1 − idle × suspended)
    effort' = (wanted − effort) / (rise days if wanted > effort, else drift days)
    mx_effort = effort × exp(weather)

Pressure and commitments are dated acts (documents): the tariff threat of June 2019 and the
declaration that ended it, the meeting of December 2023, the Guard sent north in February 2025. How
much an act is worth, and how fast it wears off, is learned from Mexico's monthly events since 2018.
Effort 1 is the level before the first act. Pressure reaches US encounters only through effort.
Offers, credibility, elections and other governments come with the full mechanism.
Sources: priors.yaml, `diplomacy`.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.engine.declare import Signal, Weather, mechanism
from caudal.engine.step import Now


@mechanism(
    signals=(
        Signal("mx_resolve", "Mexican effort that dated acts account for", "base = 1", (), 1.0),
        Signal("gt_effort", "Guatemalan and Honduran effort", "base = 1", (), 1.0),
        Signal("pa_effort", "Panamanian effort", "base = 1", (), 1.0),
        Signal("coordination", "how well returns are coordinated", "share", (), 1.0),
        Signal("mx_effort", "Mexican effort to stop people in transit", "base = 1", (), 1.0),
    ),
    reads=("mx_resolve",),
    levers=("us.pressure_on_mexico", "mx.effort_commitment", "mx.operations_suspended"),
    weather=(Weather("effort", "Mexican effort beyond what dated acts account for"),),
    parameters=(
        "effort_per_pressure", "effort_per_commitment", "effort_idle", "effort_rise_days",
        "effort_drift_days",
    ),
    off={"effort_per_pressure": 0.0, "effort_per_commitment": 0.0, "effort_idle": 0.0},
)  # fmt: skip
def diplomacy(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Next values of the two signals."""
    wanted = (
        1
        + p["effort_per_pressure"] * now.law["us.pressure_on_mexico"]
        + p["effort_per_commitment"] * now.law["mx.effort_commitment"]
    ) * (1 - p["effort_idle"] * now.law["mx.operations_suspended"])
    days = jnp.where(
        wanted > now.signal["mx_resolve"], p["effort_rise_days"], p["effort_drift_days"]
    )
    resolve = now.toward("mx_resolve", wanted, days)
    one = jnp.ones(1)
    return {
        "gt_effort": one,
        "pa_effort": one,
        "coordination": one,
        "mx_resolve": resolve,
        "mx_effort": resolve * jnp.exp(now.weather["effort"]),
    }
