"""Removal: out of ICE detention, and whether those sent back try again.

    removed share[n]           = removed × (flights[n] + (1 − flights[n]) × removed without flights)
    stay[n]                    = days detained + removed share × days to transport
    returned (per day)         = removed share / stay
    released (per day)         = (1 − removed share) / stay + beyond beds / relief days
    beyond beds                = max(0, held − beds × share of border arrests) / held
    odds of trying again[n, u] = base odds × exp(sanction × (Title 42 applies
                                   − larger of prosecution of adults and bar)
                                   − interior return − stipend)
                                 × (fee[n] / usual fee[n]) ^ debt
    back at the border         = min(0.95, share trying again / share who try once they are there)
    try once they are there    = 1 / (1 + days of waiting × giving up × exp(heard × prosecution))
    going back (per day)       = back / days to retry, to the sectors by their usual pull
    staying home (per day)     = (1 − back) / days to retry

Removal needs travel documents: where a country takes no flights of its nationals
(`origin.removal_flights`) nearly all are let go in the end, so a deal makes removal a small but
visible chance, which people see in the `removals` of those before them. Detention has a fixed number
of funded beds, of which border arrests hold a share; people beyond them are let go within days.

Under Title 42 nobody got an order of removal: those flown home come back unsanctioned and try again
more often than those ordered removed, whom an order bars for five years, and still more than those
prosecuted. A return to the interior or a stipend at home lowers it. Title 42's repeats are mostly
those put back over the bridge, who are in `north_repeat` and not here.

Whoever paid a dearer fee owes more, and debt may send people back (to work it off) or keep them
home (to borrow no more): `debt_push` is wide with both signs.

Of those who come back to the border some give up there, as do others who wait (`border_waiting`);
the published share is of those who try, so more come back than try.

Two numbers that are often confused: the share of those stopped who had been stopped in the last
twelve months (CBP: about 0.14 in FY2015, 0.27 under Title 42), which the model reports; and the
share with any earlier arrest in twenty years (TRAC: 0.60), which needs a history that starts before
the model's. A signal of it would be an assumption, so there is none.

What it cannot say: removals of people arrested inside the country, appeals, the 180 days after
which detention without a prospect of removal ends; and all who are in `returned` follow one rule,
whether the US or Mexico sent them. Sources: priors/removal.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import ADULTS, EVERY, MEXICO, everybody, flat, per_nationality
from caudal.corridor.world import SECTORS
from caudal.engine.declare import Flow, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(
        Flow("ice_detained", "returned"), Flow("ice_detained", "released"),
        Flow("returned", "north_repeat"), Flow("returned", "home"),
    ),
    reads=("ice_detained", "fee"),
    levers=(
        "us.ice.beds", "origin.removal_flights", "us.title42.expulsion", "us.prosecution",
        "us.asylum.bar", "us.interior_repatriation", "mx.return_stipends",
    ),
    parameters=(
        "detained_days", "detained_removed", "removed_without_flights", "transport_days",
        "border_bed_share", "bed_relief_days", "retry_share", "retry_share_mexican", "retry_days",
        "sanction_effect", "interior_effect", "stipend_effect", "debt_push", "fee_base", "area_base",
        "repeat_wait_days", "repeat_give_up_per_day", "heard_sanction",
    ),
    off={
        "retry_share": 0.0, "retry_share_mexican": 0.0, "removed_without_flights": 1.0,
        "transport_days": 0.0, "border_bed_share": 1000.0, "sanction_effect": 0.0,
        "interior_effect": 0.0, "stipend_effect": 0.0, "debt_push": 0.0,
    },
)  # fmt: skip
def removal(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (1, group, member); trying again (sector, group, member)."""
    flights = now.law["origin.removal_flights"]
    removed = p["detained_removed"] * (flights + (1 - flights) * p["removed_without_flights"])
    stay = p["detained_days"] + removed * p["transport_days"]
    held = everybody(now.people["ice_detained"])
    beyond = jnp.maximum(0.0, 1 - now.law["us.ice.beds"] * p["border_bed_share"] / (held + 1.0))
    let_go = (1 - removed) / stay + beyond / p["bed_relief_days"]
    heard = jnp.exp(p["heard_sanction"] * now.law["us.prosecution"])
    tries = 1 / (1 + p["repeat_wait_days"] * p["repeat_give_up_per_day"] * heard)
    owed = p["debt_push"] * jnp.log(jnp.maximum(now.signal["fee"], 1.0) / p["fee_base"])
    back = jnp.minimum(0.95, retry(now.law, p, per_nationality(owed)) / tries)
    pull = jnp.exp(p["area_base"][: len(SECTORS)])
    return {
        "ice_detained → returned": per_nationality(removed / stay) * EVERY,
        "ice_detained → released": per_nationality(let_go) * EVERY,
        "returned → north_repeat": back / p["retry_days"] * pull / pull.sum(0),
        "returned → home": ((1 - back) / p["retry_days"])[None],
    }


def retry(law: Mapping[str, Array], p: Mapping[str, Array], owed: Array | float = 0.0) -> Array:
    """Share of those sent back who try again, shape (group, member).

    owed: log odds that debt adds, (group, member).
    """
    base = p["retry_share"] * (1 - MEXICO) + p["retry_share_mexican"] * MEXICO
    sanctioned = jnp.maximum(law["us.prosecution"] * ADULTS, flat(law["us.asylum.bar"]))
    unsanctioned = flat(law["us.title42.expulsion"])
    less = per_nationality(
        p["interior_effect"] * law["us.interior_repatriation"]
        + p["stipend_effect"] * law["mx.return_stipends"]
    )
    push = p["sanction_effect"] * (unsanctioned - sanctioned) - less + owed
    odds = base / (1 - base) * jnp.exp(push)
    return odds / (1 + odds)
