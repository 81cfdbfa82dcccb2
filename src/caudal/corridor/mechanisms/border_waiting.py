"""Border waiting: who leaves the northern border without being let in.

    giving up (per day)         = a constant at the border, at the ports and under Remain in Mexico
    crossing instead (per day)  = a constant from the ports' lists and from Remain in Mexico
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
        Flow("app_queue", "home"),
        Flow("app_queue", "north_first", tuple(SECTORS.index(s) for s in OPPOSITE)),
        Flow("north_first", "mexico_settled"),
        Flow("mpp", "home"), Flow("mpp", "north_repeat"),
    ),
    parameters=(
        "north_give_up_per_day", "repeat_give_up_per_day", "ports_give_up_per_day",
        "ports_cross_per_day", "mpp_give_up_per_day", "mpp_cross_per_day",
        "north_settle_per_day",
    ),
    off={
        "north_give_up_per_day": 0.0, "repeat_give_up_per_day": 0.0, "ports_give_up_per_day": 0.0,
        "ports_cross_per_day": 0.0, "north_settle_per_day": 0.0,
        "mpp_give_up_per_day": 0.0, "mpp_cross_per_day": 0.0,
    },
)  # fmt: skip
def border_waiting(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (sector or office, group, member)."""
    sectors = jnp.ones((len(SECTORS), N_GROUPS, 1))
    offices = jnp.ones((len(FIELD_OFFICES), N_GROUPS, 1))
    del now
    return {
        "north_repeat → north_first": sectors / 365.0,
        "north_first → home": p["north_give_up_per_day"] * sectors,
        "north_repeat → home": p["repeat_give_up_per_day"] * sectors,
        "north_first → mexico_settled": p["north_settle_per_day"] * sectors,
        "app_queue → home": p["ports_give_up_per_day"] * offices,
        "app_queue → north_first": p["ports_cross_per_day"] * offices,
        "ports → home": p["ports_give_up_per_day"] * offices,
        "ports → north_first": p["ports_cross_per_day"] * offices,
        "mpp → home": p["mpp_give_up_per_day"] * sectors,
        "mpp → north_repeat": p["mpp_cross_per_day"] * sectors,
    }
