"""Smuggling: fees, who uses a smuggler, how smugglers adapt, what they tell."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import N_GROUPS
from caudal.corridor.world import NATIONALITIES
from caudal.engine.declare import Signal, mechanism
from caudal.engine.step import Now


@mechanism(
    signals=(
        Signal("fee", "what a smuggler asks", "usd_2023", ("nationality",)),
        Signal("smuggler_share", "share who travel with a smuggler", "share", ("nationality",)),
        Signal("adaptation", "how far smugglers have adapted to enforcement", "base = 0"),
        Signal("message", "openness that smugglers advertise", "share", ("group",)),
    ),
)
def smuggling(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Next values of the signals."""
    del now, p
    nations = jnp.ones((len(NATIONALITIES), 1))
    return {
        "fee": 0 * nations,
        "smuggler_share": 0 * nations,
        "adaptation": jnp.zeros(1),
        "message": jnp.zeros((N_GROUPS, 1)),
    }
