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

from caudal.corridor.groups import EVERY
from caudal.engine.declare import Flow, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(
        Flow("central_1", "central_2"), Flow("central_2", "south"), Flow("central_2", "home"),
        Flow("south", "mexico_1"), Flow("south", "mexico_settled"), Flow("south", "home"),
        Flow("mexico_1", "mexico_2"), Flow("mexico_2", "approach"),
    ),
    reads=("mx_effort",),
    parameters=(
        "central_days", "central_give_up_per_day", "south_days", "south_give_up_per_day",
        "settle_per_day", "south_hold", "mexico_days",
    ),
    off={"central_give_up_per_day": 0.0, "south_give_up_per_day": 0.0, "settle_per_day": 0.0,
         "south_hold": 0.0},
)  # fmt: skip
def transit(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (1, group, member)."""
    free = jnp.exp(-p["south_hold"] * jnp.maximum(0.0, now.signal["mx_effort"] - 1))
    central, mexico = 2 / p["central_days"] * EVERY, 2 / p["mexico_days"] * EVERY
    return {
        "central_1 → central_2": central,
        "central_2 → south": central,
        "central_2 → home": p["central_give_up_per_day"] * EVERY,
        "south → mexico_1": free / p["south_days"] * EVERY,
        "south → mexico_settled": p["settle_per_day"] * EVERY,
        "south → home": p["south_give_up_per_day"] * EVERY,
        "mexico_1 → mexico_2": mexico,
        "mexico_2 → approach": mexico,
    }
