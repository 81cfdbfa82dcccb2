"""Unit choice: families that part at the border (group to group)."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import FAMILIES, N_GROUPS, become
from caudal.corridor.world import SECTORS
from caudal.engine.declare import Flow, Signal, mechanism
from caudal.engine.step import Now

ALONE = become("family", "unaccompanied_child")
LEFT = become("family", "single_adult")


@mechanism(
    flows=(
        Flow("mpp", "mpp", regroup=LEFT, label="single_adult"),
        Flow("mpp", "north_first", regroup=ALONE, label="unaccompanied_child"),
        Flow("north_repeat", "north_repeat", regroup=LEFT, label="single_adult"),
        Flow("north_repeat", "north_first", regroup=ALONE, label="unaccompanied_child"),
    ),
    signals=(Signal("unit_pull", "pull towards travelling in this unit", "log", ("group",)),),
    parameters=("part_per_day",),
    off={"part_per_day": 0.0},
)
def unit_choice(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (sector, group, member)."""
    del now
    part = 0.5 * p["part_per_day"] * jnp.broadcast_to(FAMILIES, (len(SECTORS), *FAMILIES.shape))
    return {
        "unit_pull": jnp.zeros((N_GROUPS, 1)),
        "mpp → mpp as single_adult": part,
        "mpp → north_first as unaccompanied_child": part,
        "north_repeat → north_repeat as single_adult": part,
        "north_repeat → north_first as unaccompanied_child": part,
    }
