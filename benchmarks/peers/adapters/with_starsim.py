"""Starsim: one array entry a person, a module of one's own, its random streams by person.

The border is an array of people in the order of the day of arrival, kept by the module.
"""

from __future__ import annotations

import numpy as np
import starsim as ss
from common import BORDER, DAYS, PLACES, WORKLOADS, Job, daily, each, hazards, job, report

LIST, THROUGH = PLACES, PLACES + 1


class Chain(ss.Module):
    """The chain, with or without a border at its end."""

    def __init__(self, asked: Job, onward: float) -> None:
        super().__init__(name="chain")
        ways = [daily(w) for w in hazards(asked.border, onward)]
        self.border = asked.border
        self.ahead = np.array([w.get(i + 1, 0.0) for i, w in enumerate(ways)] + [0.0, 0.0])
        self.moving = np.array([sum(w.values()) for w in ways] + [0.0, 0.0])
        self.define_states(ss.IntArr("place", default=0))
        self.chance = ss.random()
        self.queue = np.empty(asked.people, np.int64)
        self.head = self.tail = 0

    def step(self) -> None:
        place = self.place.values
        if self.border:
            served = min(BORDER, self.tail - self.head)
            place[self.queue[self.head : self.head + served]] = THROUGH
            self.head += served
        u = self.chance.rvs(self.sim.people.auids)
        goes, leaves = u < self.ahead[place], u < self.moving[place]
        if self.border:
            came = np.flatnonzero(goes & (place == PLACES - 1))
            self.queue[self.tail : self.tail + len(came)] = came
            self.tail += len(came)
        self.place[:] = place + 2 * goes - leaves


def one(asked: Job, onward: float, seed: int) -> np.ndarray:
    """One member: people by class at the year's end."""
    chain = Chain(asked, onward)
    sim = ss.Sim(
        n_agents=asked.people, modules=chain, start=ss.date(WORKLOADS["start"]), dt=ss.days(1),
        dur=ss.days(DAYS - 1), rand_seed=seed, verbose=0, copy_inputs=False,
    )  # fmt: skip
    sim.run()
    assert len(sim.t.timevec) == DAYS
    return np.bincount(chain.place.values, minlength=PLACES + 2 * asked.border)


if __name__ == "__main__":
    asked = job()
    report("starsim", asked, each(asked, one), compiled=True)
