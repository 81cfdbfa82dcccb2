"""Harm: expected victims by exposure

    dead, Darién          = rate × people counted out of it
    dead, Mexican road    = rate × days that non-Mexicans travel or walk through Mexico
    dead, sector s        = rate[s] × season × exp(hardened × closed stretch[s])
                            × (unseen[s] + adults stopped[s] + light × others stopped[s])
    at risk, sector s     = Σ vulnerability[n, u] × waiting[s, n, u] × place[s] × cover[s]
    cover[s]              = (1 − shelter × sheltered share[s]) × (1 − coordinated × coordination)
    reports[s]            = documented attacks per day of waiting × at risk[s]
    kidnappings, floor    = kidnapping share × reports[s]
    kidnappings, ceiling  = max(floor, rate among patients × at risk[s])
    attacked              = under-reporting × (1 − kidnapping share) × reports[s]
    by officials[n]       = min(1, official share × more or less of that nationality[n])
                            × stops in Mexico[n]
    extortions            = Σ by officials + toll share × tries without a smuggler
    attacked by officials = officials' share × attacked
    minors in Mexico      = unaccompanied children + share of minors in families × families stopped
    ill from cold         = rate × winter × people in camps
    returned with a need  = need[n] × (expelled + removed + returned by Mexico)
    need[n]               = granted[n] + weight × max(0, passed − granted[n])

Victims are expectations, not counts: nobody counts them. Deaths are those that somebody records;
bodies never found are in no figure. The floor is what organisations documented, the ceiling what
doctors heard from their patients, who are no sample: the truth lies between, and the width is the
finding. Police take few complaints, so attacks are documented reports times an under-reporting
factor. A need for protection is a share of people between what judges grant and what screening
officers let pass; expulsion to Mexico counts as a return here, for nobody heard the need.

It reads the corridor and moves nobody. It cannot say who did it, nor that a policy caused a death;
it says where people were, for how long. Who extorts at a stop is an
official by definition; of those who attack people waiting, the officials' share is an assumption,
wide. People separated are a tally (`separations`).
Sources: priors/harm.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import (
    ADULTS,
    CHILDREN,
    FAMILIES,
    MEXICO,
    apart,
    by_nationality,
    everybody,
)
from caudal.corridor.mechanisms.border_waiting import ALONG, OFFICE_OF, _where_they_wait
from caudal.engine.declare import Measure, mechanism
from caudal.engine.step import Now

HOTTEST_DAY, COLDEST_DAY = 196.0, 15.0
"""Mid-July and mid-January, as days of the year."""

CUSTODY = ("cbp_custody", "cbp_children", "ice_detained", "held", "dif")

SHELTER = ("shelter_places", "shelter_seeking", "reception_loss", "camping_share", "camp_places")
"""Parameters of `border_waiting` that say who waits in a shelter, who in a camp."""
EXTORTION = ("extortion_per_stop", "extortion_nationality", "toll_share")
"""Parameters of `extorted`, which `costs` shares."""
EXTORTION_READS = ("smuggler_share", "mexican_events", "encounters_land", "unseen")


@mechanism(
    measures=(
        Measure("deaths", "expected recorded deaths", "people", ("danger",)),
        Measure("kidnappings_floor", "kidnappings that organisations would document", "people",
                ("sector",)),
        Measure("kidnappings_ceiling", "kidnappings as doctors' patients report them", "people",
                ("sector",)),
        Measure("extortions", "extortions by officials and tolls of organised crime", "events"),
        Measure("extortions_officials", "extortions by officials at stops in Mexico", "events",
                ("nationality",)),
        Measure("assaults_officials", "of those attacked while they wait, by officials", "people",
                ("sector",)),
        Measure("mexican_minors", "events of people under 18 in Mexican migration custody", "events"),
        Measure("assaults", "people attacked while they wait, other than kidnapped", "people",
                ("sector",)),
        Measure("illnesses", "people ill from cold in camps and in the open", "people"),
        Measure("exposure_days", "days spent outdoors: in camps, or stopped and not taken in",
                "people × days", ("sector",)),
        Measure("custody_days", "days in custody of CBP, ICE and Mexican authorities",
                "people × days", ("unit",)),
        Measure("protection_returned", "people returned although they needed protection", "people",
                ("nationality",)),
    ),
    reads=(
        "mexico_1", "mexico_2", "caravan", "north_first", "north_repeat", "mpp", "ports",
        "app_queue", "field", *CUSTODY, "coordination", "darien_crossings", "expulsions",
        "removals", "mexican_returns", *EXTORTION_READS,
    ),
    levers=("us.sector_hardened", "mx.camp_clearance"),
    drivers=("day_of_year",),
    parameters=(
        "death_darien", "death_road_per_day", "death_border", "death_season", "death_hardened",
        "death_light", "attack_report_per_day", "attack_kidnap_share", "attack_unreported",
        "kidnap_patient_per_day", "danger_of_place", "risk_mexican", "risk_family",
        "cover_shelter", "cover_coordinated", "cold_illness_per_day", "need_granted", "need_passed",
        "need_weight", "officials_share", "family_children", *SHELTER, *EXTORTION,
    ),
    off={
        "death_darien": 0.0, "death_road_per_day": 0.0, "death_border": 0.0,
        "attack_report_per_day": 0.0, "kidnap_patient_per_day": 0.0, "extortion_per_stop": 0.0,
        "extortion_nationality": 1.0, "officials_share": 0.0, "toll_share": 0.0,
        "cold_illness_per_day": 0.0, "need_granted": 0.0, "need_weight": 0.0,
    },
)  # fmt: skip
def harm(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Measures per day, (dims, member)."""
    part, where = shelters(now, p)
    waiting = where["sheltered"] + where["camped"] + where["unsheltered"]
    known = jnp.clip(now.signal["coordination"], 0.0, 1.0)
    cover = (1 - p["cover_shelter"] * where["sheltered"] / jnp.maximum(waiting, 1e-6)) * (
        1 - p["cover_coordinated"] * known
    )
    at_risk = p["danger_of_place"] * cover * _vulnerable(now, p, part)
    reports = p["attack_report_per_day"] * at_risk
    floor = p["attack_kidnap_share"] * reports
    attacked = p["attack_unreported"] * (1 - p["attack_kidnap_share"]) * reports
    outdoors = where["camped"] + now.people["field"].sum(1)
    winter = jnp.maximum(0.0, _season(now, COLDEST_DAY))
    return {
        "deaths": _deaths(now, p),
        "kidnappings_floor": floor,
        "kidnappings_ceiling": jnp.maximum(floor, p["kidnap_patient_per_day"] * at_risk),
        "extortions": extorted(now, p).sum(0),
        "extortions_officials": by_officials(now, p),
        "assaults": attacked,
        "assaults_officials": p["officials_share"] * attacked,
        "mexican_minors": _minors(now, p),
        "illnesses": p["cold_illness_per_day"] * winter * outdoors.sum(0),
        "exposure_days": outdoors,
        "custody_days": apart(
            jnp.stack([now.people[name].sum(0) for name in CUSTODY]).sum(0)
        ).sum(0),
        "protection_returned": _need(p) * by_nationality(
            now.rate["expulsions"].sum(0) + now.rate["removals"][0] + now.rate["mexican_returns"][0]
        ),
    }  # fmt: skip


def extorted(now: Now, p: Mapping[str, Array]) -> Array:
    """Extortions a day by nationality, (22, member): by officials at stops, by cartels at the line."""
    return by_officials(now, p) + tolls(now, p)


def by_officials(now: Now, p: Mapping[str, Array]) -> Array:
    """Extortions a day at stops in Mexico by nationality, (22, member)."""
    share = jnp.minimum(1.0, p["extortion_per_stop"] * p["extortion_nationality"])
    return share * by_nationality(now.rate["mexican_events"][0])


def tolls(now: Now, p: Mapping[str, Array]) -> Array:
    """Tolls a day at the line by nationality, (22, member): who has a smuggler pays within the fee."""
    share = jnp.clip(now.signal["smuggler_share"], 0.0, 1.0)
    return p["toll_share"] * (1 - share) * tries(now)


def _minors(now: Now, p: Mapping[str, Array]) -> Array:
    """People under 18 stopped in Mexico a day, (member,)."""
    under = CHILDREN + p["family_children"] * FAMILIES
    return (now.rate["mexican_events"][0] * under).sum(0)


def tries(now: Now) -> Array:
    """Tries between ports a day by nationality, (22, member).

    Unseen entries are tallied by sector alone; they are spread as the adults who are stopped.
    """
    land = now.rate["encounters_land"].sum(0)
    adults = by_nationality(land * ADULTS)
    mix = adults / jnp.maximum(adults.sum(0), 1e-6)
    return by_nationality(land) + mix * everybody(now.rate["unseen"])


def _season(now: Now, peak: float) -> Array:
    """Between −1 and 1, one on the day of the year `peak`."""
    return jnp.cos(2 * jnp.pi * (now.driver["day_of_year"] - peak) / 365.25)


def shelters(now: Now, p: Mapping[str, Array]) -> tuple[Array, dict[str, Array]]:
    """Which part of the lists stands opposite each sector, and who waits where: (9, member)."""
    part = p["shelter_places"] / (ALONG @ p["shelter_places"])[OFFICE_OF]
    return part, _where_they_wait(now, p, part)


def _vulnerable(now: Now, p: Mapping[str, Array], part: Array) -> Array:
    """People who wait opposite each sector, weighed by vulnerability: (9, member)."""
    weight = (1 - (1 - p["risk_mexican"]) * MEXICO) * (1 + (p["risk_family"] - 1) * (1 - ADULTS))
    here = now.people["north_first"] + now.people["north_repeat"] + now.people["mpp"]
    lists = now.people["ports"] + now.people["app_queue"]
    return (here * weight).sum(1) + part * (lists * weight).sum(1)[OFFICE_OF]


def _deaths(now: Now, p: Mapping[str, Array]) -> Array:
    """Recorded deaths a day by danger, (11, member)."""
    darien = p["death_darien"] * everybody(now.rate["darien_crossings"])
    roads = now.people["mexico_1"] + now.people["mexico_2"] + now.people["caravan"]
    road = p["death_road_per_day"] * everybody(roads * (1 - MEXICO))
    stopped = (now.rate["encounters_land"] * (ADULTS + p["death_light"] * (1 - ADULTS))).sum(1)
    season = jnp.exp(p["death_season"] * _season(now, HOTTEST_DAY))
    closed = jnp.exp(p["death_hardened"] * now.law["us.sector_hardened"])
    border = p["death_border"] * season * closed * (now.rate["unseen"].sum(1) + stopped)
    return jnp.concatenate([darien[None], road[None], border])


def _need(p: Mapping[str, Array]) -> Array:
    """Share with a need for protection by nationality, (22, member)."""
    granted = p["need_granted"]
    return granted + p["need_weight"] * jnp.maximum(0.0, p["need_passed"] - granted)
