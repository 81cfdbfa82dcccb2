"""Transit: across Central America and Mexico, by which means, and those who stop or turn round.

    share of a mode'            = (wanted − share) / mode days
    wanted[m]                   = softmax(log weight[m] − shift × log(effort) × (exposure[m] − 1)
                                  − bar × trains stopped [train] + open × (papers − usual) [bus])
    pace                        = Σ share × speed                          1 at the usual modes
    stage hazard (per day)      = 2 × pace / mean days                     pace in Mexico only
    Costa Rica (per day)        = (1 + bus gain × bussing) × 2 / mean days
    leaving the south (per day) = (papers + (1 − papers) × exp(−hold × excess)) / days in the south
    out of money (per day)      = money out × (1 + delay × tanh(excess)) × (fee[n] / usual fee[n])^dear
    giving up in the south      = give up × (1 + held × tanh(excess)) + stipend × return stipends[n]
    turning south (per day)     = turn × asylum suspended × (1 − belief)   for those from far south

with excess = max(0, Mexican effort − 1). Two stages on each leg make journeys of weeks peak rather
than fade (Erlang, shape 2). Modes differ in how exposed they are to checkpoints and in how fast
they are; people change over, within weeks, to what is less exposed, and pay for it in time. Both
speed and exposure are measured against the usual mix, so that effort 1 is what it was. Effort above
its base also holds people up in the south, but not those who carry a card; when it falls they move
on: the rebound. With the door shut, those who came from South America or farther turn round (the
flow back south of 2025); people from the north of Central America just go home.

No count of people by mode exists: weights, exposure and speed are assumptions with wide priors. Routes
through Mexico (Gulf, centre, Pacific) are in where people reach the border: `crossing`.
Sources: priors/transit.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
import numpy as np
from jax import Array

from caudal.corridor.groups import EVERY, N_GROUPS, mask, per_nationality
from caudal.corridor.world import MODES, SECTORS, UNITS
from caudal.engine.declare import Flow, Signal, mechanism
from caudal.engine.step import Now

TRAIN = np.array([m == "train" for m in MODES], np.float32)[:, None]
BUS = np.array([m == "bus" for m in MODES], np.float32)[:, None]
FROM_FAR_SOUTH = np.repeat(
    mask("VEN", "COL", "ECU", "PER", "BRA", "HTI", "NIC", "OOO"), len(UNITS)
)[:, None]
"""Whose way home leads south past Guatemala: South America, and those who had lived there."""

DEAREST = 1.5
"""Bound on the log of a fee against the usual: 4.5 times it, or a fifth. Beyond, nothing is known."""


@mechanism(
    flows=(
        Flow("central_1", "central_2"), Flow("central_2", "south"), Flow("central_2", "home"),
        Flow("south", "mexico_1"), Flow("south", "home"), Flow("south", "southbound"),
        Flow("mexico_1", "mexico_2"), Flow("mexico_1", "south"), Flow("mexico_2", "approach"),
        Flow("north_first", "southbound"), Flow("southbound", "home"),
    ),
    signals=(Signal("mode_share", "how people cross Mexico", "share", ("mode",), 0.25),),
    reads=("mx_effort", "mode_share", "papers", "belief", "fee"),
    levers=("us.asylum.suspended", "mx.trains_stopped", "mx.return_stipends", "cr.bussing"),
    parameters=(
        "central_days", "central_bus_gain", "central_give_up_per_day", "south_days",
        "south_give_up_per_day", "south_give_up_held", "stipend_home_per_day", "south_hold",
        "mexico_days", "money_out_per_day", "money_delay", "money_dear", "fee_base",
        "turn_south_per_day", "southbound_days", "mode_weight", "mode_exposure", "mode_speed",
        "mode_shift", "mode_train_bar", "mode_papers_bus", "mode_days", "card_share",
    ),
    off={"central_bus_gain": 0.0, "central_give_up_per_day": 0.0, "south_give_up_per_day": 0.0,
         "south_give_up_held": 0.0, "stipend_home_per_day": 0.0, "south_hold": 0.0,
         "money_out_per_day": 0.0, "money_delay": 0.0, "money_dear": 0.0, "turn_south_per_day": 0.0,
         "mode_weight": 1.0, "mode_speed": 1.0, "mode_shift": 0.0, "mode_train_bar": 0.0,
         "mode_papers_bus": 0.0},
)  # fmt: skip
def transit(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (1, group, member); shares of modes (mode, member)."""
    law, papers = now.law, now.signal["papers"]
    excess = jnp.maximum(0.0, now.signal["mx_effort"] - 1)
    strain = jnp.tanh(excess)
    free = papers + (1 - papers) * jnp.exp(-p["south_hold"] * excess)
    turn = (
        p["turn_south_per_day"]
        * law["us.asylum.suspended"]
        * FROM_FAR_SOUTH
        * jnp.clip(1 - now.signal["belief"], 0.0, 1.0)
    )[None]
    pace = relative(now.signal["mode_share"], p["mode_speed"], p)
    central, mexico = 2 / p["central_days"], 2 * pace / p["mexico_days"] * EVERY
    give_up = p["south_give_up_per_day"] * (1 + p["south_give_up_held"] * strain)
    dear = jnp.clip(jnp.log(jnp.maximum(now.signal["fee"], 1.0) / p["fee_base"]), -DEAREST, DEAREST)
    broke = p["money_out_per_day"] * (1 + p["money_delay"] * strain)
    paid = p["stipend_home_per_day"] * per_nationality(law["mx.return_stipends"])
    return {
        "mode_share": now.toward("mode_share", wanted_modes(now, p), p["mode_days"]),
        "central_1 → central_2": central * (1 + p["central_bus_gain"] * law["cr.bussing"]) * EVERY,
        "central_2 → south": central * EVERY,
        "central_2 → home": p["central_give_up_per_day"] * EVERY,
        "south → mexico_1": free / p["south_days"] * EVERY,
        "south → home": (give_up + paid)[None],
        "south → southbound": turn,
        "mexico_1 → mexico_2": mexico,
        "mexico_1 → south": (broke * per_nationality(jnp.exp(p["money_dear"] * dear)))[None],
        "mexico_2 → approach": mexico,
        "north_first → southbound": jnp.broadcast_to(
            turn, (len(SECTORS), N_GROUPS, turn.shape[-1])
        ),
        "southbound → home": 1 / p["southbound_days"] * EVERY,
    }


def usual_modes(p: Mapping[str, Array]) -> Array:
    """Shares of the modes at usual effort and cards, all trains running: (mode, member)."""
    return p["mode_weight"] / p["mode_weight"].sum(0)


def relative(share: Array, value: Array, p: Mapping[str, Array]) -> Array:
    """Mean of a value by mode over those who travel, against the usual mix: 1 there. (member,)."""
    return (share * value).sum(0) / (usual_modes(p) * value).sum(0)


def wanted_modes(now: Now, p: Mapping[str, Array]) -> Array:
    """Shares of modes that people would come to if nothing changed any more: (mode, member)."""
    risk = p["mode_exposure"] / (usual_modes(p) * p["mode_exposure"]).sum(0)
    # the log keeps stops rising with effort, however far people change over
    effort = jnp.log(jnp.maximum(now.signal["mx_effort"], 0.05))
    lean = (
        -p["mode_shift"] * effort * (risk - 1)
        - p["mode_train_bar"] * now.law["mx.trains_stopped"] * TRAIN
        + p["mode_papers_bus"] * (now.signal["papers"] - p["card_share"]) * BUS
    )
    weight = p["mode_weight"] * jnp.exp(lean)
    return weight / weight.sum(0)
