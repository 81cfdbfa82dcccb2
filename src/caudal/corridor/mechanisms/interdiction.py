"""Interdiction: checkpoints and raids stop people on their way north through Mexico.

    hazard of a stop (per day) = stop rate × effort × exp(weather[n]), for all but Mexicans
    out of custody (per day)   = 1 / days held, shared: returned r, bussed south b, on the road 1−r−b
    r[n]                       = logistic(base[n] + weather),   b = south share × (1 − r)

Effort is a signal (see `diplomacy`). A stop is an event, and people sent south may be stopped
again: events are not people. The share returned fell from four in five to one in ten between 2018
and 2023 as stations closed and families could no longer be held; it is weather here, learned from
the published returns. Modes, stations' capacity, DIF custody and official abuse come with the full
mechanism. Sources: priors.yaml, `interdiction`.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import ADULTS, MEXICO, per_nationality
from caudal.corridor.world import SECTORS
from caudal.engine.declare import Flow, Gate, Weather, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(
        Flow("south", "taken"), Flow("mexico_1", "taken"), Flow("mexico_2", "taken"),
        Flow("north_first", "taken"),
        Flow("held", "returned"), Flow("held", "south"), Flow("held", "mexico_1"),
        Flow("dif", "returned"), Flow("dif", "south"), Flow("dif", "mexico_1"),
        Flow("central_2", "returned"),
    ),
    gates=(Gate("taken", "where people stopped in Mexico are held",
                {"station": "held", "shelter": "dif"}),),
    reads=("mx_effort",),
    weather=(
        Weather("stop", "how often people are stopped in Mexico", ("nationality",)),
        Weather("return_share", "how many of those stopped Mexico returns"),
    ),
    parameters=(
        "stop_rate_per_day", "stop_rate_south_per_day", "held_days", "return_base", "south_share",
        "stop_rate_north_per_day", "gt_turn_back_per_day",
    ),
    levers=("mx.families_not_detained",),
    off={"stop_rate_north_per_day": 0.0, "gt_turn_back_per_day": 0.0,
         "stop_rate_per_day": 0.0, "stop_rate_south_per_day": 0.0},
)  # fmt: skip
def interdiction(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (1, group, member)."""
    reach = per_nationality(jnp.exp(now.weather["stop"])) * (1 - MEXICO)
    stop = (now.signal["mx_effort"] * reach)[None]
    odds = p["return_base"] + now.weather["return_share"]
    back = per_nationality(1 / (1 + jnp.exp(-odds)))[None]
    south = p["south_share"] * (1 - back)
    shelter = (now.law["mx.families_not_detained"] * (1 - ADULTS))[None]
    out = 1 / p["held_days"]
    return {
        "south → taken": p["stop_rate_south_per_day"] * stop,
        "mexico_1 → taken": p["stop_rate_per_day"] * stop,
        "mexico_2 → taken": p["stop_rate_per_day"] * stop,
        "north_first → taken": p["stop_rate_north_per_day"]
        * jnp.broadcast_to(stop, (len(SECTORS), *stop.shape[1:])),
        "taken.station": 1 - shelter,
        "taken.shelter": shelter,
        "dif → returned": back * out,
        "dif → south": south * out,
        "dif → mexico_1": (1 - back - south) * out,
        "central_2 → returned": p["gt_turn_back_per_day"] * (1 - MEXICO)[None],
        "held → returned": back * out,
        "held → south": south * out,
        "held → mexico_1": (1 - back - south) * out,
    }
