"""Processing: the queue for the desk, the legal regime there, and the ways out of custody.

    taken to the desk (/day) = min(field[s] in field days, capacity[s])
    capacity[s]   = agents × people per agent-day: a fixed part in the sector, a flexible part where
                    people wait, both stretched by surge × tanh(all waiting / (surge days × capacity))

At the desk, one regime after another takes its share of whom the earlier ones left, so that the shares
sum to one:

    0 pool        legal[n, u] × applied[u], unaccompanied children exempt        (Title 42)
    1 expelled    pool × accepted[s, n, u], less those flown south or home       to Mexico, at once
    2 lateral     of the rest of the pool, whom Mexico takes elsewhere           another stretch
    3 south       of those expelled and of that rest                             southern Mexico, by air
    4 flown       of the rest, and of Mexicans under interior repatriation       home, by air
    5 mpp         enrolment[s, n, u] × applied                                   to wait in Mexico
    6 children    the rest of unaccompanied children (Mexican children mostly return)
    7 returned    Mexicans: voluntary return and quick removal
    8 custody     everyone else

`legal` is the text; `accepted` what Mexico takes back opposite that sector, held for the nationalities
of its deals of 2022 and 2023 under the monthly cap: accepted × min(1, cap / 30.4 / those due today);
`applied` is implementation, weather learned from the published expulsions. Out of CBP custody:

    put through   = 1 − (1 − barred × (1 − (1 − under bar)^max(1, standard))) (1 − fast × screened fast)
                    where `barred` counts, besides the law, what governments that respond add (politics)
    failing       = 1 − claiming fear at the standard × passing at the standard
    claiming      = logistic(logit(claims) + coached × (share with a smuggler[n] − its usual))
    removed       = 1 − (1 − put through × failing) × (1 − suspended × removed when suspended)
    to Mexico     = removed × Mexico takes removals of that nationality (under the cap)
    home          = the rest of removed × the country accepts flights
    third country = transferable × min(0.9, daily places / those leaving custody)
    detained      = adults not removed × (detained, prosecuted or asylum suspended) × room in ICE's beds
    crowded       = released because more are held than there are places: crowd rate × excess / held
    separated     = families × separation rate while parents are prosecuted: children to HHS

Whether smugglers coach their clients in what to say, and whether that makes more of them claim fear, is
contested: `claims_coached` is centred at zero.

Beyond the desk's capacity people wait in the field (Del Río 2021, Jacumba 2023). When ICE is full,
fewer are detained and more released. It cannot say that expelling takes less of an agent's day than
a full processing, nor follow at which crossing someone was returned.
Sources: priors/processing.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.nn import sigmoid as logistic

from caudal.corridor.groups import (
    ADULTS,
    CHILDREN,
    FAMILIES,
    MEXICO,
    become,
    everybody,
    flat,
    mask,
    per_nationality,
    per_unit,
)
from caudal.corridor.mechanisms.expectation import accepts
from caudal.corridor.mechanisms.politics import stance
from caudal.corridor.world import SECTORS, UNITS
from caudal.engine.declare import Flow, Gate, Weather, mechanism
from caudal.engine.step import Now

DEALS = np.flatnonzero(np.repeat(mask("CUB", "HTI", "NIC", "VEN"), len(UNITS)))
"""Groups of the nationalities whom Mexico takes by its deals of October 2022 and January 2023."""
LATERAL_TO = np.array([s in ("san-diego", "el-paso", "laredo") for s in SECTORS], np.float32)
"""Where the flights of 2021 out of the Rio Grande Valley went."""
DAYS_A_MONTH = 30.4


class OutOfCustody(NamedTuple):
    """Shares of those who leave CBP custody, before crowding: (group, member) each."""

    third: Array
    mexico: Array
    home: Array
    detained: Array
    released: Array


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
    reads=("field", "cbp_custody", "ice_detained", "us_stance", "smuggler_share"),
    levers=(
        "us.title42.expulsion", "us.children.exempt", "mx.acceptance",
        "mx.acceptance.youngest_child_years", "mx.acceptance_cap_monthly", "us.lateral_flights",
        "mx.lateral_refused", "us.southern_flights", "us.expulsion_flights",
        "us.interior_repatriation", "us.mpp.enrolment", "us.asylum.bar", "us.asylum.suspended",
        "us.screening.standard", "us.screening.fast", "mx.removals_accepted",
        "origin.removal_flights", "us.third_country_transfer", "us.third_country.daily",
        "us.prosecution", "us.ice.beds", "us.family_separation", "governments.respond",
    ),
    weather=(
        Weather("title42", "how fully Title 42 was applied", ("unit",)),
        Weather("mpp", "how fully Remain in Mexico was applied"),
    ),
    parameters=(
        "field_days", "agents", "processed_per_agent_day", "flexible_share", "desk_surge",
        "surge_days", "title42_applied", "title42_flown", "children_flown", "expulsion_flown",
        "lateral_share", "lateral_days", "southern_share", "interior_share", "mpp_applied",
        "mexican_child_returned", "mexican_returned", "young_family_share", "custody_days",
        "claims_fear", "claims_fear_unasked", "claims_coached", "smuggler_share_base",
        "pass_significant", "pass_reasonable", "pass_probable", "removed_under_bar",
        "fast_screened", "removed_suspended",
        "detained_share", "prosecuted_share", "border_bed_share", "holding_places",
        "crowd_release_per_day", "separation_per_day",
    ),
    off={
        "mpp_applied": -30.0, "title42_applied": -30.0, "processed_per_agent_day": 1e4,
        "expulsion_flown": 0.0, "lateral_share": 0.0, "southern_share": 0.0,
        "interior_share": 0.0, "removed_under_bar": 0.0, "fast_screened": 0.0,
        "removed_suspended": 0.0, "prosecuted_share": 0.0,
        "crowd_release_per_day": 0.0, "separation_per_day": 0.0, "claims_coached": 0.0,
    },
)  # fmt: skip
def processing(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Shares at the desk (sector, group); hazards per day out of custody (1, group)."""
    law = now.law
    served = share_served(now, p)
    exempt = CHILDREN * law["us.children.exempt"]
    legal = flat(law["us.title42.expulsion"]) * (1 - exempt)
    pool = legal * per_unit(logistic(p["title42_applied"] + now.weather["title42"]))
    accepted = accepts(law, p)
    out = _out_of_custody(now, p)
    kept = _under_cap(now, p, served, pool * accepted, out.mexico)
    accepted = accepted * kept
    sent = out._replace(mexico=out.mexico * kept)
    # whom Mexico does not take because of the cap stays as if not removed
    sent = sent._replace(released=out.released + out.mexico - sent.mexico)

    desk = _under_title42(law, p, pool, accepted)
    left = 1 - sum(desk.values())
    mpp = left * flat(law["us.mpp.enrolment"]) * logistic(p["mpp_applied"] + now.weather["mpp"])
    left = left - mpp
    quick = MEXICO * (
        CHILDREN * p["mexican_child_returned"] + (1 - CHILDREN) * p["mexican_returned"]
    )
    returned = left * quick
    left = left - returned
    to = LATERAL_TO[:, None] * (1 - law["us.lateral_flights"]) + 1e-6
    return {
        "field → desk": (-jnp.log1p(-served) / now.dt)[:, None],
        "lateral → north_repeat": (to / to.sum(0) / p["lateral_days"])[:, None],
        **{f"desk.{branch}": share for branch, share in desk.items()},
        "desk.mpp": mpp,
        "desk.children": left * CHILDREN,
        "desk.returned": returned,
        "desk.custody": left * (1 - CHILDREN),
        **_leaving_custody(now, p, sent),
    }


def share_served(now: Now, p: Mapping[str, Array]) -> Array:
    """Share of those in the field who come to the desk in one step, (sector, member).

    A queue with a finite number of servers: whoever waits is served within `field_days` unless more
    wait than the desk can process; then the capacity of a step leaves, and no more.
    """
    queue = now.people["field"].sum(1)
    everyone = everybody(now.people["field"])
    own = p["agents"] * p["processed_per_agent_day"]
    lent = p["flexible_share"] * own.sum(0) * queue / (everyone + 1e-3)
    stretch = jnp.tanh(everyone / (p["surge_days"] * own.sum(0)))
    capacity = ((1 - p["flexible_share"]) * own + lent) * (1 + p["desk_surge"] * stretch)
    quick = -jnp.expm1(-now.dt / p["field_days"])
    return jnp.minimum(jnp.minimum(quick, 0.9999), capacity * now.dt / (queue + 1e-3))


def _under_cap(
    now: Now, p: Mapping[str, Array], served: Array, expellable: Array, mexico: Array
) -> Array:
    """By what the cap scales down whom Mexico takes of the deals' nationalities, (group, member)."""
    due = everybody(now.people["field"][:, DEALS] * served[:, None] * expellable[:, DEALS])
    due = (
        due / now.dt
        + (now.people["cbp_custody"][0, DEALS] * mexico[DEALS]).sum(0) / (p["custody_days"])
    )
    scale = jnp.minimum(1.0, now.law["mx.acceptance_cap_monthly"] / DAYS_A_MONTH / (due + 1e-3))
    return jnp.ones_like(mexico).at[DEALS].set(scale)


def _under_title42(
    law: Mapping[str, Array], p: Mapping[str, Array], pool: Array, accepted: Array
) -> dict[str, Array]:
    """Shares of the desk's first four regimes, (sector, group, member) each.

    pool: who may be expelled and is, if some way is open; accepted: whom Mexico takes back here.
    """
    foreign = 1 - MEXICO
    elsewhere = accepted.max(0)
    refused = 1 - law["mx.lateral_refused"] * FAMILIES
    here = pool * accepted
    rest = pool - here
    by_air = p["lateral_share"] * law["us.lateral_flights"][:, None]
    lateral = rest * elsewhere * by_air * refused * foreign
    rest = rest - lateral
    flies_south = p["southern_share"] * per_unit(law["us.southern_flights"]) * foreign
    south_from_rest = rest * elsewhere * flies_south
    rest = rest - south_from_rest
    inland = p["interior_share"] * per_nationality(law["us.interior_repatriation"])
    remaining = here * (1 - flies_south)
    usually = p["title42_flown"] * (1 - CHILDREN) + p["children_flown"] * CHILDREN
    flown = 1 - (1 - usually) * (
        1 - p["expulsion_flown"] * per_nationality(law["us.expulsion_flights"])
    )
    return {
        "expelled": remaining * (1 - inland),
        "lateral": lateral,
        "south": here * flies_south + south_from_rest,
        "flown": rest * flown + remaining * inland,
    }


def _out_of_custody(now: Now, p: Mapping[str, Array]) -> OutOfCustody:
    """What becomes of those who leave custody, crowding and the cap aside."""
    law = now.law
    failing = 1 - passing(law["us.screening.standard"], p, _coached(now, p))
    removed = 1 - (1 - _put_through(now, p) * failing) * (
        1 - p["removed_suspended"] * law["us.asylum.suspended"]
    )
    mexico = removed * per_nationality(law["mx.removals_accepted"]) * (1 - MEXICO)
    home = (removed - mexico) * per_nationality(law["origin.removal_flights"])
    stay = 1 - mexico - home
    beds = p["border_bed_share"] * law["us.ice.beds"]
    room = jnp.clip(10 * (1 - everybody(now.people["ice_detained"]) / (beds + 1.0)), 0.0, 1.0)
    charged = 1 - (1 - p["detained_share"]) * (
        1 - p["prosecuted_share"] * law["us.prosecution"]
    ) * (1 - p["removed_suspended"] * law["us.asylum.suspended"])
    detained = stay * ADULTS * charged * room

    moved = per_nationality(law["us.third_country_transfer"])
    leaving = (now.people["cbp_custody"][0] * moved).sum(0) / p["custody_days"]
    third = moved * jnp.minimum(0.9, law["us.third_country.daily"] / (leaving + 1.0))
    rest = 1 - third
    return OutOfCustody(
        third, rest * mexico, rest * home, rest * detained, rest * (stay - detained)
    )


def _put_through(now: Now, p: Mapping[str, Array]) -> Array:
    """Share of each group put through quick removal with a screening of fear, (group, member)."""
    law = now.law
    strict = jnp.maximum(1.0, law["us.screening.standard"])
    bar = 1 - (1 - flat(law["us.asylum.bar"])) * (1 - stance(now))
    barred = bar * (1 - (1 - p["removed_under_bar"]) ** strict)
    fast = p["fast_screened"] * per_nationality(law["us.screening.fast"])
    return 1 - (1 - barred) * (1 - fast)


def _coached(now: Now, p: Mapping[str, Array]) -> Array:
    """Log odds of claiming fear by what smugglers are thought to teach clients, (group, member)."""
    more = now.signal["smuggler_share"] - p["smuggler_share_base"]
    return per_nationality(p["claims_coached"] * more)


def passing(standard: Array, p: Mapping[str, Array], coached: Array | float = 0.0) -> Array:
    """Share of those screened who claim fear and pass, (member,), or shaped as `coached`.

    coached: log odds added to claiming fear where officers ask for it, (group, member).

    standard 0 significant possibility, 1 reasonable possibility, 2 reasonable probability, from which
    on officers no longer ask: only fear that is shown unasked counts. Straight lines in between.
    """
    high = jnp.clip(standard - 1, 0.0, 1.0)
    low = jnp.clip(standard, 0.0, 1.0) - high
    none = 1 - low - high
    passed = none * p["pass_significant"] + low * p["pass_reasonable"] + high * p["pass_probable"]
    usual = p["claims_fear"]
    claims = logistic(jnp.log(usual) - jnp.log1p(-usual) + coached)
    return passed * ((1 - high) * claims + high * p["claims_fear_unasked"])


def _leaving_custody(now: Now, p: Mapping[str, Array], sent: OutOfCustody) -> dict[str, Array]:
    """Hazards out of custody and the shares of the gate, with releases when custody is over full."""
    held = everybody(now.people["cbp_custody"])
    excess = jnp.maximum(0.0, 1 - p["holding_places"] / (held + 1.0))
    crowd = p["crowd_release_per_day"] * excess * (1 - MEXICO)
    ordinary = 1 / p["custody_days"]
    usual = ordinary / (ordinary + crowd)
    apart = p["separation_per_day"] * now.law["us.family_separation"] * FAMILIES
    return {
        "cbp_custody → custody_out": (ordinary + crowd)[None],
        "custody_out.released": (usual * sent.released)[None],
        "custody_out.crowded": (1 - usual)[None],
        "custody_out.detained": (usual * sent.detained)[None],
        "custody_out.returned": (usual * sent.home)[None],
        "custody_out.mexico": (usual * sent.mexico)[None],
        "custody_out.third_country": (usual * sent.third)[None],
        "cbp_custody → cbp_children as unaccompanied_child": (0.5 * apart)[None],
        "cbp_custody → ice_detained as single_adult": (0.5 * apart)[None],
    }
