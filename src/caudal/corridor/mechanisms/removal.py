"""Removal: out of ICE detention, and whether those sent back try again.

    out of detention (per day)  = 1 / days detained, shared: removed r, released 1 − r
    trying again (per day)      = retry share / days to retry, to the sector they know
    staying home (per day)      = (1 − retry share) / days to retry

Beds, flights by country deal and delays of transport come with the full mechanism.
Sources: priors.yaml, `removal`.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import EVERY, MEXICO
from caudal.corridor.world import SECTORS
from caudal.engine.declare import Flow, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(
        Flow("ice_detained", "returned"), Flow("ice_detained", "released"),
        Flow("returned", "north_repeat"), Flow("returned", "home"),
    ),
    parameters=(
        "detained_days", "detained_removed", "retry_share", "retry_share_mexican", "retry_days",
        "area_base",
    ),
    off={"retry_share": 0.0, "retry_share_mexican": 0.0},
)  # fmt: skip
def removal(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (1, group, member); trying again (sector, group, member)."""
    del now
    out = 1 / p["detained_days"]
    again = p["retry_share"] * (1 - MEXICO) + p["retry_share_mexican"] * MEXICO
    pull = jnp.exp(p["area_base"][: len(SECTORS)])
    return {
        "ice_detained → returned": p["detained_removed"] * out * EVERY,
        "ice_detained → released": (1 - p["detained_removed"]) * out * EVERY,
        "returned → north_repeat": again / p["retry_days"] * pull / pull.sum(0),
        "returned → home": ((1 - again) / p["retry_days"])[None],
    }
