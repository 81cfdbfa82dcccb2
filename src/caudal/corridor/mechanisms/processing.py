"""Processing: the legal regime at the desk, tried in one declared order.

    1 expelled    legal[n, u] × accepted[s, n, u] × applied[u]       to Mexico, at once
    2 flown       legal[n, u] × (1 − accepted) × flown × applied[u]  home, by air
    3 mpp         enrolment[s, n, u] × applied                       to wait in Mexico
    4 children    the rest of unaccompanied children (Mexican children mostly return)
    5 returned    Mexicans: voluntary return and quick removal
    6 custody     everyone else

Each regime takes its share of whom the earlier ones left, so the shares sum to one. `legal` is the
text (Title 42, less exempted children); `accepted` what Mexico takes back opposite that sector;
`applied` is implementation, weather learned from the published expulsions. Out of CBP custody:

    detained share = base, raised toward one by bars and suspension of asylum
    removed share  = barred × removed under a bar + suspended × removed under suspension
    to Mexico      = removed × Mexico takes removals of that nationality

Asylum Cooperative Agreements, screening outcomes and crowding releases come with the full
mechanism. Sources: priors.yaml, `processing`.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import (
    ADULTS,
    CHILDREN,
    EVERY,
    FAMILIES,
    MEXICO,
    N_GROUPS,
    become,
    flat,
    per_nationality,
    per_unit,
)
from caudal.corridor.mechanisms.expectation import accepts
from caudal.corridor.world import SECTORS
from caudal.engine.declare import Flow, Gate, Weather, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(
        Flow("field", "desk"), Flow("lateral", "north_repeat"), Flow("cbp_custody", "custody_out"),
        Flow("cbp_custody", "cbp_children", label="unaccompanied_child",
             regroup=become("family", "unaccompanied_child")),
        Flow("cbp_custody", "ice_detained", label="single_adult",
             regroup=become("family", "single_adult")),
    ),
    gates=(
        Gate("desk", "the regime a stopped person comes under", {
            "expelled": "north_repeat", "lateral": "lateral", "south": "south", "flown": "returned",
            "mpp": "mpp", "children": "cbp_children", "returned": "returned",
            "custody": "cbp_custody",
        }),
        Gate("custody_out", "how adults and families leave CBP custody", {
            "released": "released", "crowded": "released", "detained": "ice_detained",
            "returned": "returned", "mexico": "south", "third_country": "third_country",
        }),
    ),
    levers=(
        "us.title42.expulsion", "us.children.exempt", "mx.acceptance",
        "mx.acceptance.youngest_child_years", "us.mpp.enrolment", "us.asylum.bar",
        "us.asylum.suspended", "us.screening.standard", "mx.removals_accepted",
        "us.family_separation",
    ),
    weather=(
        Weather("title42", "how fully Title 42 was applied", ("unit",)),
        Weather("mpp", "how fully Remain in Mexico was applied"),
    ),
    parameters=(
        "title42_applied", "title42_flown", "mpp_applied", "mexican_child_returned",
        "mexican_returned", "custody_days", "detained_share", "removed_under_bar",
        "removed_suspended", "young_family_share",
        "field_days", "separation_per_day",
    ),
    off={"mpp_applied": -30.0, "title42_applied": -30.0},
)  # fmt: skip
def processing(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Shares at the desk (sector, group); hazards per day out of custody (1, group)."""
    law = now.law
    exempt = CHILDREN * law["us.children.exempt"]
    legal = flat(law["us.title42.expulsion"]) * (1 - exempt)
    applied = per_unit(_logistic(p["title42_applied"] + now.weather["title42"]))
    accepted = accepts(law, p)
    expelled = legal * applied * accepted
    flown = legal * applied * p["title42_flown"] * (1 - accepted)
    left = 1 - expelled - flown
    mpp = left * flat(law["us.mpp.enrolment"]) * _logistic(p["mpp_applied"] + now.weather["mpp"])
    left = left - mpp
    home = MEXICO * (
        CHILDREN * p["mexican_child_returned"] + (1 - CHILDREN) * p["mexican_returned"]
    )
    returned = left * home
    left = left - returned
    return {
        "field → desk": jnp.ones((len(SECTORS), N_GROUPS, 1)) / p["field_days"],
        "lateral → north_repeat": jnp.ones((len(SECTORS), N_GROUPS, 1)) / len(SECTORS),
        "desk.expelled": expelled,
        "desk.lateral": 0.0 * expelled,
        "desk.south": 0.0 * expelled,
        "desk.flown": flown,
        "desk.mpp": mpp,
        "desk.children": left * CHILDREN,
        "desk.returned": returned,
        "desk.custody": left * (1 - CHILDREN),
        **_out_of_custody(now, p),
    }


def _out_of_custody(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    law = now.law
    # stricter screening removes more of those barred; the lever counts 0, 1 or 2 steps
    barred = flat(law["us.asylum.bar"]) * (1 + law["us.screening.standard"]) / 3
    removed = 1 - (1 - p["removed_under_bar"] * barred) * (
        1 - p["removed_suspended"] * law["us.asylum.suspended"]
    )
    mexico = per_nationality(law["mx.removals_accepted"]) * (1 - MEXICO)
    detained = (1 - removed) * p["detained_share"] * ADULTS
    out = 1 / p["custody_days"]
    apart = p["separation_per_day"] * law["us.family_separation"] * FAMILIES
    return {
        "cbp_custody → custody_out": out * EVERY,
        "custody_out.released": (1 - removed - detained)[None],
        "custody_out.crowded": 0.0 * detained[None],
        "custody_out.detained": detained[None],
        "custody_out.returned": (removed * (1 - mexico))[None],
        "custody_out.mexico": (removed * mexico)[None],
        "custody_out.third_country": 0.0 * detained[None],
        "cbp_custody → cbp_children as unaccompanied_child": (0.5 * apart)[None],
        "cbp_custody → ice_detained as single_adult": (0.5 * apart)[None],
    }


def _logistic(x: Array) -> Array:
    return 1 / (1 + jnp.exp(-x))
