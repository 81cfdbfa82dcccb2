"""Mexican protection: asylum claims in Mexico, papers, and settling there.

    stay                = exp(stopped × tanh(excess) + shut × (1 − belief))
    claiming (per day)  = claim rate × exp(lean[n]) × stay,                 for all but Mexicans
    decided (per day)   = min(1 / days, decisions a day / people waiting)
    outcome             = recognised r: settled; refused 1 − r: back in the south
    given up (per day)  = a constant: on to the north without waiting
    settling (per day)  = settle rate × (1 + work × access × temporary code) × stay
    papers'             = (card share × practice − papers) / card days

with excess = max(0, Mexican effort − 1). COMAR is a queue with few clerks: up to `decisions a day`
everyone is heard in `days` (45 by law), beyond it the wait is the number of people waiting over
that. When the way north is shut (hard checkpoints, little belief in getting in) more people ask for
asylum in Mexico and more settle; the stock of those who stay grows. `papers` is the share of people
in the south who hold a humanitarian card: in the practice before 2024 about a quarter of those who
came, afterwards hardly anybody. A temporary population code (CURP) opens work, school and clinics
by its text; `access` is how far it does so in fact, which witnesses doubt.

It holds one queue for all nationalities and offices, and one capacity for all years, though COMAR
grew: early years are faster here than they were or slower, and the wide prior says so.
Sources: priors/mexican_protection.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import EVERY, MEXICO, everybody, per_nationality
from caudal.engine.declare import Flow, Signal, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(
        Flow("south", "comar"), Flow("south", "mexico_settled"), Flow("comar", "mexico_settled"),
        Flow("comar", "south"), Flow("comar", "mexico_1"),
    ),
    signals=(Signal("papers", "share of people in the south who hold a card", "share",
                    start_from="card_share"),),
    reads=("mx_effort", "belief", "comar", "papers"),
    levers=("mx.humanitarian_cards", "mx.temporary_id"),
    parameters=(
        "settle_per_day", "claim_per_day", "claim_lean", "stay_when_stopped", "stay_when_shut",
        "claim_days", "comar_decisions_per_day", "claim_granted", "claim_left_per_day", "card_share",
        "card_days", "code_work", "code_access",
    ),
    off={"settle_per_day": 0.0, "claim_per_day": 0.0, "stay_when_stopped": 0.0,
         "stay_when_shut": 0.0, "card_share": 0.0, "code_work": 0.0},
)  # fmt: skip
def mexican_protection(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (1, group, member)."""
    strain = jnp.tanh(jnp.maximum(0.0, now.signal["mx_effort"] - 1))
    doubt = jnp.clip(1 - now.signal["belief"], 0.0, 1.0)
    stay = jnp.exp(p["stay_when_stopped"] * strain + p["stay_when_shut"] * doubt)[None]
    work = 1 + p["code_work"] * p["code_access"] * now.law["mx.temporary_id"]
    waiting = everybody(now.people["comar"])
    out = decided(waiting, p["comar_decisions_per_day"], p["claim_days"])
    cards = p["card_share"] * now.law["mx.humanitarian_cards"]
    return {
        "papers": now.toward("papers", cards, p["card_days"]),
        "south → comar": per_nationality(p["claim_per_day"] * jnp.exp(p["claim_lean"]))
        * stay
        * (1 - MEXICO),
        "south → mexico_settled": p["settle_per_day"] * work * stay,
        "comar → mexico_settled": p["claim_granted"] * out * EVERY,
        "comar → south": (1 - p["claim_granted"]) * out * EVERY,
        "comar → mexico_1": p["claim_left_per_day"] * EVERY,
    }


def decided(waiting: Array, per_day: Array, days: Array) -> Array:
    """Hazard per day of a decision: a queue of per_day × days clerks, `days` each (M/M/s)."""
    return jnp.minimum(1 / days, per_day / jnp.maximum(waiting, 1e-3))
