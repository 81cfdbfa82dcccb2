"""Mexican protection: asylum claims in Mexico, papers, and settling there.

claiming (per day)  = claim rate
out of the queue    = 1 / days to a decision, shared: recognised r, refused 1 − r; and leaving
settling (per day)  = a constant in the south
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import EVERY, MEXICO
from caudal.engine.declare import Flow, Signal, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(
        Flow("south", "comar"), Flow("south", "mexico_settled"), Flow("comar", "mexico_settled"),
        Flow("comar", "south"), Flow("comar", "mexico_1"),
    ),
    signals=(Signal("papers", "share of people in the south who hold a card", "share"),),
    parameters=("settle_per_day", "claim_per_day", "claim_days", "claim_granted",
                "claim_left_per_day"),
    off={"settle_per_day": 0.0, "claim_per_day": 0.0},
)  # fmt: skip
def mexican_protection(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (1, group, member)."""
    del now
    out = 1 / p["claim_days"]
    return {
        "papers": jnp.zeros(1),
        "south → comar": p["claim_per_day"] * (1 - MEXICO)[None],
        "south → mexico_settled": p["settle_per_day"] * EVERY,
        "comar → mexico_settled": p["claim_granted"] * out * EVERY,
        "comar → south": (1 - p["claim_granted"]) * out * EVERY,
        "comar → mexico_1": p["claim_left_per_day"] * EVERY,
    }
