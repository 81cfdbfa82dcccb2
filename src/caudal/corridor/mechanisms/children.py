"""Children: from Border Patrol custody to HHS care to a sponsor.

    transfer (per day)  = min(1 / transfer days, free beds per day / children held)
    free beds per day   = max(0, usable beds − in care) / turnover days + discharges
    discharge (per day) = exp(weather) / days in care

When arrivals outrun the beds that can be used, children stay in Border Patrol custody: the crowding
of March 2021. Sponsors, influx sites, the 72-hour rule as a count and cost come with the full
mechanism. Sources: priors.yaml, `children`; dated capacity in the policy documents.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import EVERY
from caudal.engine.declare import Flow, Weather, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(Flow("cbp_children", "hhs_care"), Flow("hhs_care", "us_children")),
    levers=("us.hhs.usable_beds",),
    weather=(Weather("discharge", "how fast children leave HHS care"),),
    parameters=("child_transfer_days", "care_days", "bed_turnover_days"),
    # no shortage of beds: whatever is free is free at once
    off={"bed_turnover_days": 1e-3},
)
def children(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (1, group, member)."""
    in_care = now.people["hhs_care"].sum((0, 1))
    held = now.people["cbp_children"].sum((0, 1))
    leave = jnp.exp(now.weather["discharge"]) / p["care_days"]
    free = jnp.maximum(0.0, now.law["us.hhs.usable_beds"] - in_care) / p["bed_turnover_days"]
    places = free + leave * in_care
    transfer = jnp.minimum(1 / p["child_transfer_days"], places / (held + 1.0))
    return {"cbp_children → hhs_care": transfer * EVERY, "hhs_care → us_children": leave * EVERY}
