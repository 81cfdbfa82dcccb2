"""Border waiting: where people wait in northern Mexico, and who leaves without being let in.

    waiting[s]      = first tries + stopped before + Remain in Mexico + its part of the ports' lists
    seeking[s]      = share who look for a shelter × waiting
    sheltered[s]    = min(seeking, places × (1 − loss × (1 − coordination)))
    camped[s]       = min(camping share × (seeking − sheltered), camp places) × (1 − cleared[s])
    unsheltered[s]  = waiting − sheltered − camped
    hardship[s]     = (seeking − sheltered) / waiting
    strain[s]       = exp(response × hardship + cold × winter × camped / waiting)
    heard           = exp(heard sanction × prosecution of adults)
    giving up (/day)           = a constant × strain + cleared × camp share × leaving when cleared,
                                 of those stopped before the constant × heard
    camped by unit[u]          = Σ camped[s] × share of unit u among those who wait at s
    crossing instead (per day) = a constant × strain' × (1 − caution × strictness[n, u])
    settling (per day)         = a constant × (1 + closed × strictness[n, u])
    end of appointments        = while none are offered, their queue thins within weeks
    memory of a stop (per day) = 1 / 365: the twelve months within which a stop counts as a repeat

Everybody who waits is in one of three: in a shelter, in a camp, or elsewhere (renting, in hotels, in
the street); nobody is turned away into nothing. A shelter's places are the city's opposite the
sector: Tijuana, Mexicali, San Luis Río Colorado, Nogales, Ciudad Juárez, Ojinaga, Ciudad Acuña with
Piedras Negras, Nuevo Laredo, Reynosa with Matamoros. Lists at the ports of an office stand in the
cities opposite it, in proportion to their places. Camps form from those who look for a place and
find none; clearing one moves people home or elsewhere in Mexico, and those who would camp are
without shelter. People returned without notice find fewer places open (`coordination`). Those who
would be turned back between the ports rather wait for a list, and more of them settle.

Those stopped before hear of prison for a second crossing and may go home, whether or not it is so.

It cannot say whether families camp more than adults do (a unit camps as all who wait beside it) nor
in what sanitary state a camp is; nor who is in which shelter: two cities' places are published, the
others are assumed. It does not move people between Mexican cities (`crossing` does, when a
sector is hardened); what happens to those who wait is in `harm`. Sources: priors/border_waiting.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
import numpy as np
from jax import Array

from caudal.corridor.world import FIELD_OFFICES, SECTORS, UNITS
from caudal.engine.declare import Flow, Measure, mechanism
from caudal.engine.step import Now

OPPOSITE = ("san-diego", "tucson", "el-paso", "rio-grande-valley")
"""The sector whose stretch of border is nearest the ports of each field office."""
NEAR = {
    "san-diego-office": ("san-diego", "el-centro"),
    "tucson-office": ("yuma", "tucson"),
    "el-paso-office": ("el-paso", "big-bend"),
    "laredo-office": ("del-rio", "laredo", "rio-grande-valley"),
}
"""The sectors along the ports of each field office; every sector has one office."""
OFFICE_OF = np.array(
    [next(i for i, o in enumerate(FIELD_OFFICES) if s in NEAR[o]) for s in SECTORS]
)
ALONG = (OFFICE_OF[None] == np.arange(len(FIELD_OFFICES))[:, None]).astype(np.float32)
"""1 where a sector lies along an office's ports, shape (office, sector)."""
COLDEST_DAY = 15.0
"""Mid-January: the coldest days at the border, as a day of the year."""


@mechanism(
    flows=(
        Flow("north_repeat", "north_first"), Flow("north_first", "home"),
        Flow("north_repeat", "home"), Flow("ports", "home"),
        Flow("ports", "north_first", tuple(SECTORS.index(s) for s in OPPOSITE)),
        Flow("app_queue", "home"),
        Flow("app_queue", "north_first", tuple(SECTORS.index(s) for s in OPPOSITE)),
        Flow("north_first", "mexico_settled"),
        Flow("mpp", "home"), Flow("mpp", "north_repeat"),
    ),
    measures=(
        Measure("sheltered", "people waiting in the shelters of northern Mexico", "people",
                ("sector",), how="mean"),
        Measure("camped", "people waiting in camps in northern Mexico", "people", ("sector",),
                how="mean"),
        Measure("camped_by_unit", "people waiting in camps in northern Mexico", "people", ("unit",),
                how="mean"),
        Measure("unsheltered", "people waiting elsewhere: renting, in hotels, in the street",
                "people", ("sector",), how="mean"),
    ),
    reads=("north_first", "north_repeat", "mpp", "ports", "app_queue", "coordination",
           "strictness"),
    levers=("mx.camp_clearance", "us.appointments.daily", "us.prosecution"),
    drivers=("day_of_year",),
    parameters=(
        "north_give_up_per_day", "repeat_give_up_per_day", "ports_give_up_per_day",
        "ports_cross_per_day", "mpp_give_up_per_day", "mpp_cross_per_day",
        "north_settle_per_day", "shelter_places", "shelter_seeking", "reception_loss",
        "camping_share", "camp_places", "camp_cleared_per_day", "camp_cleared_home",
        "hardship_give_up", "hardship_crossing", "cold_response", "crossing_caution",
        "settle_if_closed", "stranded_days", "stranded_cross_share", "heard_sanction",
    ),
    off={
        "north_give_up_per_day": 0.0, "repeat_give_up_per_day": 0.0, "ports_give_up_per_day": 0.0,
        "ports_cross_per_day": 0.0, "north_settle_per_day": 0.0,
        "mpp_give_up_per_day": 0.0, "mpp_cross_per_day": 0.0,
        "reception_loss": 0.0, "camp_cleared_per_day": 0.0, "hardship_give_up": 0.0,
        "hardship_crossing": 0.0, "cold_response": 0.0, "crossing_caution": 0.0,
        "settle_if_closed": 0.0, "heard_sanction": 0.0,
    },
)  # fmt: skip
def border_waiting(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (sector or office, group, member); measures (sector, member)."""
    part = p["shelter_places"] / (ALONG @ p["shelter_places"])[OFFICE_OF]
    where = _where_they_wait(now, p, part)
    waiting = where["sheltered"] + where["camped"] + where["unsheltered"] + 1.0

    winter = jnp.cos(2 * jnp.pi * (now.driver["day_of_year"] - COLDEST_DAY) / 365.0)
    cold = p["cold_response"] * jnp.maximum(0.0, winter) * where["camped"] / waiting
    hardship = where["overflow"] / waiting
    strain = jnp.exp(p["hardship_give_up"] * hardship + cold)
    unrest = jnp.exp(p["hardship_crossing"] * hardship + cold)
    cleared = p["camp_cleared_per_day"] * where["evicted"] / waiting
    at_office = {
        name: _along(part * value)
        for name, value in (("strain", strain), ("unrest", unrest), ("cleared", cleared))
    }

    strict = now.signal["strictness"]
    dare = 1 - p["crossing_caution"] * strict
    settle = p["north_settle_per_day"] * (1 + p["settle_if_closed"] * strict)
    lists_home = p["ports_give_up_per_day"] * at_office["strain"] + at_office["cleared"]
    lists_cross = p["ports_cross_per_day"] * at_office["unrest"]
    stranded = jnp.where(now.law["us.appointments.daily"] > 0, 0.0, 1 / p["stranded_days"])
    by_force = p["stranded_cross_share"] * stranded
    heard = jnp.exp(p["heard_sanction"] * now.law["us.prosecution"])
    repeat_home = p["repeat_give_up_per_day"] * strain * heard + cleared
    return {
        "north_repeat → north_first": jnp.full((1, 1, 1), 1 / 365.0),
        "north_first → home": (
            p["north_give_up_per_day"] * strain + p["camp_cleared_home"] * cleared
        )[:, None],
        "north_repeat → home": repeat_home[:, None],
        "north_first → mexico_settled": settle[None]
        + ((1 - p["camp_cleared_home"]) * cleared)[:, None],
        "app_queue → home": (lists_home + stranded - by_force)[:, None],
        "app_queue → north_first": (lists_cross + by_force)[:, None] * dare[None],
        "ports → home": lists_home[:, None],
        "ports → north_first": lists_cross[:, None] * dare[None],
        "mpp → home": (p["mpp_give_up_per_day"] * strain + cleared)[:, None],
        "mpp → north_repeat": (p["mpp_cross_per_day"] * unrest)[:, None] * dare[None],
        "sheltered": where["sheltered"],
        "camped": where["camped"],
        "camped_by_unit": _by_unit(now, part, where["camped"] / jnp.maximum(waiting - 1.0, 1e-6)),
        "unsheltered": where["unsheltered"],
    }  # fmt: skip


def _along(value: Array) -> Array:
    """The sum over the sectors along each office's ports, (sector, member) to (office, member)."""
    return (ALONG[..., None] * value).sum(1)


def _by_unit(now: Now, part: Array, share: Array) -> Array:
    """People of each unit (unit, member) in a place that holds `share` (sector, member) of all."""
    here = now.people["north_first"] + now.people["north_repeat"] + now.people["mpp"]
    lists = now.people["ports"] + now.people["app_queue"]
    sectors = (here * share[:, None]).sum(0) + (lists * _along(part * share)[:, None]).sum(0)
    return sectors.reshape(-1, len(UNITS), sectors.shape[-1]).sum(0)


def _where_they_wait(now: Now, p: Mapping[str, Array], part: Array) -> dict[str, Array]:
    """People in shelters, camps and elsewhere opposite each sector, shape (sector, member).

    part: which part of the lists at its office's ports stands opposite each sector. Also given:
    overflow (sought a shelter and found none) and evicted (of a camp that is being cleared).
    """
    people = now.people
    here = (people["north_first"] + people["north_repeat"] + people["mpp"]).sum(1)
    lists = (people["ports"] + people["app_queue"]).sum(1)
    waiting = here + part * lists[OFFICE_OF]
    known = jnp.clip(now.signal["coordination"], 0.0, 1.0)
    seeking = p["shelter_seeking"] * waiting
    sheltered = jnp.minimum(seeking, p["shelter_places"] * (1 - p["reception_loss"] * (1 - known)))
    overflow = seeking - sheltered
    camping = jnp.minimum(p["camping_share"] * overflow, p["camp_places"])
    evicted = camping * now.law["mx.camp_clearance"]
    camped = camping - evicted
    return {
        "sheltered": sheltered,
        "camped": camped,
        "unsheltered": waiting - sheltered - camped,
        "overflow": overflow,
        "evicted": evicted,
    }
