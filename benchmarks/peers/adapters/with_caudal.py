"""Caudal: counts, moved in daily steps by competing hazards; `expected` or `sampled`.

The model is declared as any user would declare one, its hazards are parameters, and the engine is
the corridor's. The border is a hazard, as at the corridor's own desk (`mechanisms/processing.py`):
each morning a share min(1, 300 / waiting) is let in, so that `sampled` lets in 300 on average.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from common import (
    BACK,
    BORDER,
    DAYS,
    FILTER,
    FORWARD,
    MONTHS,
    PLACES,
    WORKLOADS,
    Job,
    forward,
    job,
    report,
)
from particles import weighed

if __name__ == "__main__":
    from caudal.compute.cache import enable

    enable()  # before the engine is imported

import jax
import jax.numpy as jnp

from caudal.engine.declare import Flow, Mechanism, Stock, Tally, Weather, mechanism
from caudal.engine.forcing import Forcing
from caudal.engine.graph import Model
from caudal.engine.simulate import Chunk, Simulator
from caudal.engine.state import State

LATER = PLACES - 1
"""Places after the first, which is a stock of its own: everybody begins there."""
ALL_BUT_NOBODY = 1e-6
"""Who is left of a list that could have been let in whole: a hazard must be finite."""
BEGIN = date.fromisoformat(WORKLOADS["start"])


def at(*places: int) -> np.ndarray:
    """1 at some of the later places, shape (place, group, member)."""
    out = np.zeros((LATER, 1, 1), np.float32)
    out[list(places)] = 1
    return out


def chain(border: bool, push: bool) -> Model:
    """The chain; with `border` a waiting list behind it, with `push` weather on the way forward."""
    flows = [
        Flow("outside", "begin"), Flow("begin", "road", pairs=(0,)), Flow("road", "begin"),
        Flow("road", "road", pairs=(*range(1, LATER), LATER - 1), label="onward"),
        Flow("road", "road", pairs=(0, *range(LATER - 1)), label="back"),
    ]  # fmt: skip
    stocks = [
        Stock("begin", "the first place"),
        Stock("road", "the later places", tuple(str(i + 2) for i in range(LATER))),
    ]
    if border:
        flows += [Flow("road", "waiting"), Flow("waiting", "through")]
        stocks += [Stock("waiting", "on the list"), Stock("through", "let in", final=True)]
    here = FILTER["counted_place"] - 2
    onward, back, home, last = at(*range(LATER - 1)), at(*range(1, LATER)), at(0), at(LATER - 1)

    @mechanism(
        flows=tuple(flows), parameters=("forward_per_day", "back_per_day", "border_per_day"),
        weather=(Weather("push", "how hard people press forward"),) if push else (),
    )  # fmt: skip
    def walk(now: Any, p: Any) -> dict[str, Any]:
        ahead = p["forward_per_day"] * (jnp.exp(now.weather["push"]) if push else 1.0)
        out = {
            "outside → begin": np.zeros((1, 1, 1), np.float32),
            "begin → road": jnp.broadcast_to(ahead, (1, 1, ahead.shape[-1])),
            "road → begin": p["back_per_day"] * home,
            "road → road onward": ahead * onward,
            "road → road back": p["back_per_day"] * back,
        }
        if border:
            share = p["border_per_day"] * now.dt / jnp.maximum(now.people["waiting"], 1.0)
            share = jnp.minimum(share, 1 - ALL_BUT_NOBODY)
            out |= {
                "road → waiting": ahead * last,
                "waiting → through": -jnp.log1p(-share) / now.dt,
            }
        return out

    assert isinstance(walk, Mechanism)
    tallies = (Tally("onward", "moves forward", ("road → road onward",), ("place",)),)
    assert 0 <= here < LATER
    return Model(tuple(stocks), (walk,), tallies if push else (), 1, {})


class Run:
    """A job's compiled model, and its members, who begin in the first place."""

    def __init__(self, asked: Job) -> None:
        self.asked, push = asked, asked.workload == "filter"
        self.engine = Simulator(chain(asked.border, push), months=1 if push else 12)
        self.forcing = Forcing(BEGIN, DAYS, law={})
        ahead = [FORWARD] * asked.members if push else forward(asked.members)
        self.p = {
            "forward_per_day": np.asarray(ahead, np.float32),
            "back_per_day": np.full(asked.members, BACK, np.float32),
            "border_per_day": np.full(asked.members, BORDER, np.float32),
        }
        self.numbers = np.arange(asked.members)

    def start(self) -> State:
        """Everybody in the first place of every member."""
        state = self.engine.start(self.asked.members)
        people = state.carry.people.copy()
        people[0] = self.asked.people
        return State(state.carry._replace(people=people), state.ended, state.day)

    def whole(self, seed: int) -> list[list[float]]:
        """The year at once: people by member and class at its end."""
        chunk = Chunk(self.numbers, self.p, {})
        state, _ = self.engine.advance(
            self.start(), chunk, self.forcing, DAYS, seed, self.asked.how  # type: ignore[arg-type]
        )  # fmt: skip
        people = np.asarray(state.carry.people, np.float64) + state.ended
        return people[:, 0].T.tolist()

    def filtered(self, seed: int) -> float:
        """A bootstrap particle filter over the months: the log-likelihood."""
        rng, members = np.random.default_rng(seed), self.asked.members
        state, total, day = self.start(), 0.0, 0
        push = np.zeros(members, np.float32)
        for month, (length, share) in enumerate(zip(MONTHS, FILTER["shares"], strict=True)):
            push = push + rng.normal(0, FILTER["push_sd_per_month"], members).astype(np.float32)
            day += length
            sky = {"push": np.broadcast_to(push, (month + 1, members))}
            state, months = self.engine.advance(
                state, Chunk(self.numbers, self.p, sky), self.forcing, day, seed,
                self.asked.how,  # type: ignore[arg-type]
            )  # fmt: skip
            seen = months.tallies["onward"][0, FILTER["counted_place"] - 2, 0]
            likely, kept = weighed(share * self.asked.people, seen, rng)
            total += likely
            push = push[kept]
            carry = jax.tree.map(lambda a, k=kept: a[..., k], state.carry)
            state = State(carry, state.ended[..., kept], state.day)
        return total


if __name__ == "__main__":
    asked = job()
    made = Run(asked)
    run = made.filtered if asked.workload == "filter" else made.whole
    report("caudal", asked, run, compiled=True)
