"""Children: from Border Patrol custody to HHS care to a sponsor.

    transfer (per day)  = min(1 / transfer days, places per day / children held)
    places per day      = max(0, free beds / turnover days + discharges)
    free beds           = usable beds − kept free × min(usable, nominal beds) − in care
    discharge (per day) = exp(weather) / (days in care × factor where sponsors are checked harder)

A child is to leave Border Patrol custody within 72 hours. When arrivals outrun the beds that can be
used, children stay: the crowding of March 2021. Nobody is turned away; the queue is in custody.
Usable beds are what counts: fewer than the nominal ones under an infection rule, more where
emergency sites open, which stand outside the nominal number. Some nominal beds are always free
because they fit nobody who comes (age, sex, siblings); emergency halls fill to the last bed.
Influx and emergency sites are documents that set `us.hhs.usable_beds`.

Mean days in custody are, by Little's law, children held / children who come per day: an observable,
not a parameter. Mexican children mostly return at the desk (`processing`) and are never here.

What it cannot say: how long one child waits (the law of the waits beyond their mean), who the
sponsors are, children turning eighteen or sent home from care.
Sources: priors/children.yaml; dated capacity in the policy documents.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import EVERY, everybody
from caudal.engine.declare import Flow, Weather, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(Flow("cbp_children", "hhs_care"), Flow("hhs_care", "us_children")),
    levers=("us.hhs.usable_beds", "us.hhs.beds", "us.hhs.sponsor_checks"),
    weather=(Weather("discharge", "how fast children leave HHS care"),),
    parameters=(
        "child_transfer_days", "care_days", "bed_turnover_days", "beds_kept_free",
        "sponsor_check_factor",
    ),
    # no shortage: as if there were a thousand times the beds
    off={"beds_kept_free": -1000.0, "sponsor_check_factor": 1.0},
)  # fmt: skip
def children(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (1, group, member)."""
    in_care = everybody(now.people["hhs_care"])
    held = everybody(now.people["cbp_children"])
    usable, nominal = now.law["us.hhs.usable_beds"], now.law["us.hhs.beds"]
    longer = p["sponsor_check_factor"] ** now.law["us.hhs.sponsor_checks"]
    leave = jnp.exp(now.weather["discharge"]) / (p["care_days"] * longer)
    beds = usable - p["beds_kept_free"] * jnp.minimum(usable, nominal)
    # below nought while more are in care than there are beds: then fewer come than leave
    free = (beds - in_care) / p["bed_turnover_days"]
    places = jnp.maximum(0.0, free + leave * in_care)
    transfer = jnp.minimum(1 / p["child_transfer_days"], places / (held + 1.0))
    return {"cbp_children → hhs_care": transfer * EVERY, "hhs_care → us_children": leave * EVERY}
