"""Border waiting: who leaves the northern border without being let in.

    giving up (per day)         = a constant at the border, at the ports and under Remain in Mexico
    crossing instead (per day)  = a constant from the ports' lists and from Remain in Mexico
    let in from the programme   = min(1 / 7, people a day that the wind-down admits / people waiting)
    memory of a stop (per day)  = 1 / 365: the twelve months within which a stop counts as a repeat

Shelters, camps, illness, kidnapping and extortion by city come with the full mechanism; until then
the stocks here say how many people wait where, not what happens to them.
Sources: priors.yaml, `border_waiting`.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import N_GROUPS
from caudal.corridor.world import FIELD_OFFICES, SECTORS
from caudal.engine.declare import Flow, mechanism
from caudal.engine.step import Now

OPPOSITE = ("san-diego", "tucson", "el-paso", "rio-grande-valley")
"""The sector whose stretch of border is nearest the ports of each field office."""


@mechanism(
    flows=(
        Flow("north_repeat", "north_first"), Flow("north_first", "home"),
        Flow("north_repeat", "home"), Flow("ports", "home"),
        Flow("ports", "north_first", tuple(SECTORS.index(s) for s in OPPOSITE)),
        Flow("mpp", "home"), Flow("mpp", "north_repeat"), Flow("mpp", "us_paroled"),
    ),
    levers=("us.mpp.wind_down_daily",),
    parameters=(
        "north_give_up_per_day", "repeat_give_up_per_day", "ports_give_up_per_day",
        "ports_cross_per_day", "mpp_give_up_per_day", "mpp_cross_per_day",
    ),
    off={
        "north_give_up_per_day": 0.0, "repeat_give_up_per_day": 0.0, "ports_give_up_per_day": 0.0,
        "ports_cross_per_day": 0.0, "mpp_give_up_per_day": 0.0, "mpp_cross_per_day": 0.0,
    },
)  # fmt: skip
def border_waiting(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (sector or office, group, member)."""
    sectors = jnp.ones((len(SECTORS), N_GROUPS, 1))
    offices = jnp.ones((len(FIELD_OFFICES), N_GROUPS, 1))
    waiting = now.people["mpp"].sum((0, 1))
    admitted = jnp.minimum(1 / 7, now.law["us.mpp.wind_down_daily"] / (waiting + 1.0))
    return {
        "north_repeat → north_first": sectors / 365.0,
        "north_first → home": p["north_give_up_per_day"] * sectors,
        "north_repeat → home": p["repeat_give_up_per_day"] * sectors,
        "ports → home": p["ports_give_up_per_day"] * offices,
        "ports → north_first": p["ports_cross_per_day"] * offices,
        "mpp → home": p["mpp_give_up_per_day"] * sectors,
        "mpp → north_repeat": p["mpp_cross_per_day"] * sectors,
        "mpp → us_paroled": admitted * sectors,
    }
