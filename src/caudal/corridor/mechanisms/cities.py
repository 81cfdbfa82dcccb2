"""Cities: where people who are released go, and who needs a bed in a city's shelters."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import EVERY, N_GROUPS
from caudal.corridor.world import CITIES
from caudal.engine.declare import Flow, Gate, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(Flow("city_shelter", "us_released"),),
    gates=(Gate("released", "a city's shelter or one's own people",
                {"city": "city_shelter", "own": "us_released"}),),
    parameters=("city_share", "city_days"),
    off={"city_share": 0.0},
)  # fmt: skip
def cities(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day and shares, shape (city, group, member)."""
    del now
    every = jnp.ones((len(CITIES), N_GROUPS, 1))
    return {
        "released.city": p["city_share"] / len(CITIES) * every,
        "released.own": (1 - p["city_share"]) * EVERY,
        "city_shelter → us_released": every / p["city_days"],
    }
