"""Unit choice: alone, as a family, as a child; and families that part at the border.

    unit_pull[n, u]  = response × (gain[n, u] − mean of gain[n, ·] over units)
                       − fear × families separated by the US, for families
    gain[n, u]       = belief[n, u] − (1 − usual[n, u])
    parting (/day)   = rate × alone × (1 + crowding × log(1 + people waiting there / shelter places)),
                       for families in `mpp` and in `north_repeat`
    alone in mpp          = max(0, hope);  hope = b − risk × (1 − b), b = belief of children
    alone in north_repeat = max(0, hope − belief of families)
    children go on alone  = parting × c;  adults stay, alone = parting × (1 − c)

People travel in the unit that they believe gets in: the share of families rises where families are
not expelled, that of children where they are exempt. `gain` is taken against the years before, whose
mix of units `departure` starts from, so that nothing is pulled while nothing has changed.
`unit_pull` enters the softmax over units in `departure`: it moves people between units and adds
nobody. A family that was returned to wait, or expelled again and again, may send its children on
alone once they would be let in and it would not, and a child who is sent back alone weighs against it
(`risk`); both halves change group and nobody is lost.
c is the share of children among people in families, so each parting sends all of a family's children.

What it cannot say: whether children who travel alone would have gone with their parents; how many
families parted (no official count: the children are counted as unaccompanied). Sources:
priors/unit_choice.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import FAMILIES, N_GROUPS, apart, become, per_nationality
from caudal.corridor.mechanisms.expectation import usual
from caudal.corridor.world import UNITS
from caudal.engine.declare import Flow, Signal, mechanism
from caudal.engine.step import Now

ALONE = become("family", "unaccompanied_child")
LEFT = become("family", "single_adult")


@mechanism(
    flows=(
        Flow("mpp", "mpp", regroup=LEFT, label="single_adult"),
        Flow("mpp", "north_first", regroup=ALONE, label="unaccompanied_child"),
        Flow("north_repeat", "north_repeat", regroup=LEFT, label="single_adult"),
        Flow("north_repeat", "north_first", regroup=ALONE, label="unaccompanied_child"),
    ),
    signals=(Signal("unit_pull", "pull towards travelling in this unit", "log", ("group",)),),
    reads=("belief", "mpp", "north_repeat"),
    levers=("us.family_separation",),
    parameters=(
        "unit_response", "separation_fear", "part_per_day", "part_crowding", "shelter_places",
        "family_children", "child_risk", "mexican_returned", "detained_share", "detained_removed",
    ),
    off={"unit_response": 0.0, "separation_fear": 0.0, "part_per_day": 0.0},
)  # fmt: skip
def unit_choice(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """The pull (group, member); hazards per day, shape (sector, group, member)."""
    belief = apart(now.signal["belief"])
    gain = belief - apart(1 - usual(p))
    pull = p["unit_response"] * (gain - gain.mean(1, keepdims=True))
    fear = p["separation_fear"] * now.law["us.family_separation"]
    family, child = belief[:, UNITS.index("family")], belief[:, UNITS.index("unaccompanied_child")]

    waiting = now.people["mpp"].sum(1) + now.people["north_repeat"].sum(1)
    full = 1 + p["part_crowding"] * jnp.log1p(waiting / p["shelter_places"])
    part = (p["part_per_day"] * full)[:, None] * FAMILIES
    hope = child - p["child_risk"] * (1 - child)
    mpp = part * per_nationality(jnp.maximum(0.0, hope))
    repeat = part * per_nationality(jnp.maximum(0.0, hope - family))
    young = p["family_children"]
    return {
        "unit_pull": pull.reshape(N_GROUPS, pull.shape[-1]) - fear * FAMILIES,
        "mpp → mpp as single_adult": (1 - young) * mpp,
        "mpp → north_first as unaccompanied_child": young * mpp,
        "north_repeat → north_repeat as single_adult": (1 - young) * repeat,
        "north_repeat → north_first as unaccompanied_child": young * repeat,
    }
