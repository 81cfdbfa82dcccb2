"""Transit: across Central America and Mexico, and those who stop on the way.

    stage hazard (per day)      = 2 / mean days
    leaving the south (per day) = exp(−hold × (effort − 1)) / days in the south
    giving up (per day)         = a constant in Central America and in the south
    settling (per day)          = a constant in the south

Two stages on each leg make journeys of weeks peak rather than fade (Erlang, shape 2). Effort above
its base holds people up in the south; when it falls they move on: the rebound. Modes of travel and
routes come with the full mechanism. Sources: priors.yaml, `transit`.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import EVERY, N_GROUPS
from caudal.corridor.world import SECTORS
from caudal.engine.declare import Flow, Signal, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(
        Flow("central_1", "central_2"), Flow("central_2", "south"), Flow("central_2", "home"),
        Flow("south", "mexico_1"), Flow("south", "home"), Flow("south", "southbound"),
        Flow("mexico_1", "mexico_2"), Flow("mexico_1", "south"), Flow("mexico_2", "approach"),
        Flow("north_first", "southbound"), Flow("southbound", "home"),
    ),
    signals=(Signal("mode_share", "how people cross Mexico", "share", ("mode",), 0.25),),
    reads=("mx_effort",),
    levers=("us.asylum.suspended",),
    parameters=(
        "central_days", "central_give_up_per_day", "south_days", "south_give_up_per_day",
        "south_hold", "mexico_days",
        "money_out_per_day", "turn_south_per_day", "southbound_days",
    ),
    off={"central_give_up_per_day": 0.0, "south_give_up_per_day": 0.0, "south_hold": 0.0,
         "money_out_per_day": 0.0, "turn_south_per_day": 0.0},
)  # fmt: skip
def transit(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (1, group, member)."""
    free = jnp.exp(-p["south_hold"] * jnp.maximum(0.0, now.signal["mx_effort"] - 1))
    turn = p["turn_south_per_day"] * now.law["us.asylum.suspended"]
    central, mexico = 2 / p["central_days"] * EVERY, 2 / p["mexico_days"] * EVERY
    return {
        "mode_share": now.signal["mode_share"],
        "central_1 → central_2": central,
        "central_2 → south": central,
        "central_2 → home": p["central_give_up_per_day"] * EVERY,
        "south → mexico_1": free / p["south_days"] * EVERY,
        "south → home": p["south_give_up_per_day"] * EVERY,
        "south → southbound": turn * EVERY,
        "mexico_1 → mexico_2": mexico,
        "mexico_1 → south": p["money_out_per_day"] * EVERY,
        "mexico_2 → approach": mexico,
        "north_first → southbound": turn * jnp.ones((len(SECTORS), N_GROUPS, 1)),
        "southbound → home": 1 / p["southbound_days"] * EVERY,
    }
