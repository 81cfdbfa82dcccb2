"""Mesa: one Python object a person, stepped one after another.

The border is a deque kept by the model: Mesa leaves such things to the modeller.
"""

from __future__ import annotations

from collections import Counter, deque

import mesa
from common import BORDER, DAYS, PLACES, Job, daily, each, hazards, job, report

LIST, THROUGH = PLACES, PLACES + 1


class Person(mesa.Agent):
    """Somebody at a place, on the list or through."""

    def __init__(self, model: Chain) -> None:
        super().__init__(model)
        self.place = 0

    def step(self) -> None:
        place = self.place
        if place < LIST:
            u = self.model.draw()
            if u < self.model.ahead[place]:
                self.place = place + 1
                if self.place == LIST:
                    self.model.queue.append(self)
            elif u < self.model.moving[place]:
                self.place = place - 1


class Chain(mesa.Model):
    """The chain, with or without a border at its end."""

    def __init__(self, asked: Job, onward: float, seed: int) -> None:
        super().__init__(seed=seed)
        ways = [daily(w) for w in hazards(asked.border, onward)]
        self.ahead = [w.get(i + 1, 0.0) for i, w in enumerate(ways)]
        self.moving = [sum(w.values()) for w in ways]
        self.draw = self.random.random
        self.queue: deque[Person] = deque()
        Person.create_agents(self, asked.people)

    def step(self) -> None:
        for _ in range(min(BORDER, len(self.queue))):
            self.queue.popleft().place = THROUGH
        self.agents.do("step")


def one(asked: Job, onward: float, seed: int) -> list[int]:
    """One member: people by class at the year's end."""
    model = Chain(asked, onward, seed)
    for _ in range(DAYS):
        model.step()
    there = Counter(p.place for p in model.agents)
    return [there[i] for i in range(PLACES + 2 * asked.border)]


if __name__ == "__main__":
    asked = job()
    report("mesa", asked, each(asked, one))
