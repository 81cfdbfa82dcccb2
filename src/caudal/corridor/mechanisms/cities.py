"""Cities: where people who are released go, and who needs a bed in a city's shelters.

    odds[c, n]      = base[c] × exp(bussing × bussed to c + newcomer × no community there yet)
    share[c, n]     = odds[c, n] / (1 + Σ odds)               the rest go to their own people
    leaving (/day)  = 1 / stay[u] + heeded / stay limit[c]
    stay[u]         = days, times a factor for families

The load of a city is then, by Little's law, arrivals × mean stay. It rises with releases, with buses
that states and border cities send, and with nationalities that have few people in the country; it
falls when fewer are released or when a city limits stays. Not everyone heeds a limit: people may
ask again, and `heeded` is the share of those at their limit who do not come back. Shelters have no
capacity here: cities opened sites as people came, at a cost (`costs`).

What it cannot say: people paroled at ports by appointment also came to these cities, yet their
journey ends in `us_paroled`, so loads from 2023 on are of those released after a stop and too low
by the others; moves between cities; children with sponsors. `elsewhere` stands for every other city.
Before 2022 few needed a bed, and the base says so. Sources: priors/cities.yaml; dated buses and
limits in the policy documents.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
import numpy as np
from jax import Array

from caudal.corridor.groups import FAMILIES, mask, per_nationality
from caudal.engine.declare import Flow, Gate, mechanism
from caudal.engine.step import Now

NEWCOMERS = 1 - mask("MEX", "GTM", "HND", "SLV", "CUB", "CAN")[:, None]
"""Nationalities without a large community in the United States: an assumption, (22, 1)."""


@mechanism(
    flows=(Flow("city_shelter", "us_released"),),
    gates=(Gate("released", "a city's shelter or one's own people",
                {"city": "city_shelter", "own": "us_released"}),),
    levers=("tx.bussing", "us.city.stay_limit_days"),
    parameters=(
        "city_base", "city_bussing", "city_newcomer", "city_days", "city_family_factor",
        "city_limit_heeded",
    ),
    off={"city_base": 0.0, "city_limit_heeded": 0.0},
)  # fmt: skip
def cities(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day and shares, shape (city, group, member); own (1, group, member)."""
    drawn = p["city_base"] * jnp.exp(p["city_bussing"] * now.law["tx.bussing"])
    new = jnp.exp(p["city_newcomer"] * np.asarray(NEWCOMERS))
    own = 1 / (1 + drawn.sum(0) * new)
    stay = p["city_days"] * (1 + (p["city_family_factor"] - 1) * FAMILIES)
    limit = p["city_limit_heeded"] / now.law["us.city.stay_limit_days"]
    return {
        "released.city": per_nationality(drawn[:, None] * (new * own)[None]),
        "released.own": per_nationality(own)[None],
        "city_shelter → us_released": 1 / stay[None] + limit[:, None],
    }
