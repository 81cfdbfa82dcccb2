"""Caravan: walking together, a way of travelling and never extra departures.

    joining (per day)   = join × call          those who are already in Honduras, or in Tapachula
    through (per day)   = 1 / days
    tired (per day)     = (1 / reach − 1) / days                   of these, a share goes home
    in Guatemala        → home  at  turned back × dispersal there × Guatemalan effort
    in Mexico           → south at  dissolved × dispersal there
                                    × (promises + (1 − promises) × Mexican effort)

A call (a dated event) gathers people who had set out anyway; nobody sets out because of it, so
departures are the same with and without. While they walk together they are not stopped one by one
(`interdiction` does not reach this stock). A caravan ends in one of three ways: it walks through
(October 2018: about 85 of 100 reached the border), it is turned back on the road through Guatemala
(January 2021), or it dissolves in southern Mexico, by force or by a promise of papers (December
2023). Left alone, `reach` of it arrives.

One stock holds all who walk, so it does not know who is still in Guatemala, and some arrive early
and some late around the mean. What a caravan does to opinion is in `politics`. Sizes are published
and are never put in. Sources: priors/caravan.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

from jax import Array

from caudal.corridor.groups import EVERY, MEXICO
from caudal.engine.declare import Flow, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(
        Flow("central_2", "caravan"),
        Flow("south", "caravan"),
        Flow("caravan", "mexico_2"),
        Flow("caravan", "south"),
        Flow("caravan", "home"),
    ),
    reads=("mx_effort", "gt_effort"),
    levers=(
        "event.caravan_honduras", "event.caravan_tapachula", "gt.caravan_dispersal",
        "mx.caravan_dispersal",
    ),
    parameters=(
        "caravan_join_per_day", "caravan_days", "caravan_reach", "caravan_tired_home",
        "caravan_turned_back_per_day", "caravan_dissolved_per_day", "caravan_promises",
    ),
    off={"caravan_join_per_day": 0.0},
)  # fmt: skip
def caravan(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (1, group, member)."""
    law = now.law
    join = p["caravan_join_per_day"] * (1 - MEXICO)[None]
    tired = (1 / p["caravan_reach"] - 1) / p["caravan_days"]
    promised = p["caravan_promises"]
    dissolved = (
        p["caravan_dissolved_per_day"]
        * law["mx.caravan_dispersal"]
        * (promised + (1 - promised) * now.signal["mx_effort"])
    )
    turned = (
        p["caravan_turned_back_per_day"] * law["gt.caravan_dispersal"] * now.signal["gt_effort"]
    )
    return {
        "central_2 → caravan": join * law["event.caravan_honduras"],
        "south → caravan": join * law["event.caravan_tapachula"],
        "caravan → mexico_2": 1 / p["caravan_days"] * EVERY,
        "caravan → south": ((1 - p["caravan_tired_home"]) * tired + dissolved) * EVERY,
        "caravan → home": (p["caravan_tired_home"] * tired + turned) * EVERY,
    }
