"""Courts: hearings under Remain in Mexico, and the docket at home."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import N_GROUPS
from caudal.corridor.world import SECTORS
from caudal.engine.declare import Flow, Signal, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(Flow("mpp", "us_paroled"), Flow("mpp", "returned")),
    signals=(
        Signal("court_border", "cases of people stopped at the border", "cases", ("nationality",)),
        Signal("court_other", "other cases", "cases"),
        Signal("mpp_docket", "cases under Remain in Mexico", "cases"),
    ),
    levers=("us.mpp.wind_down_daily",),
    parameters=("mpp_ordered_per_day",),
    off={"mpp_ordered_per_day": 0.0},
)
def courts(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (sector, group, member)."""
    sectors = jnp.ones((len(SECTORS), N_GROUPS, 1))
    waiting = now.people["mpp"].sum((0, 1))
    admitted = jnp.minimum(1 / 7, now.law["us.mpp.wind_down_daily"] / (waiting + 1.0))
    return {
        "court_border": now.signal["court_border"],
        "court_other": now.signal["court_other"],
        "mpp_docket": now.signal["mpp_docket"],
        "mpp → us_paroled": admitted * sectors,
        "mpp → returned": p["mpp_ordered_per_day"] * sectors,
    }
