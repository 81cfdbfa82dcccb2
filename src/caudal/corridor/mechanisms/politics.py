"""Politics: encounters, salience, and the wish of governments to act."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.engine.declare import Signal, mechanism
from caudal.engine.step import Now

NAMES = ("salience", "approval", "us_demand", "us_stance", "mx_cost")


@mechanism(
    signals=(
        Signal("salience", "share of US adults who name immigration first", "share"),
        Signal("approval", "share who approve of the president on immigration", "share"),
        Signal("us_demand", "endogenous US pressure on Mexico", "acts in force"),
        Signal("us_stance", "endogenous restriction at the US desk", "share"),
        Signal("mx_cost", "political cost of enforcement in Mexico", "base = 0"),
    ),
)
def politics(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Next values of the signals."""
    del now, p
    return {name: jnp.zeros(1) for name in NAMES}
