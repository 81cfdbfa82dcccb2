"""Flee 3.1: one Python object a person, on a graph of locations.

A traveller who arrives with time left in the day may set out again the same day, at the same
chance; so a day is any number of moves (see `truth.repeated`). Ways are weighted by one over their
length, and lengths fall by four from place to place, which makes forward four times back; roads are
short against a day's travel. A limit of people a day is not among Flee's rules (a capacity limits how
many stay): the list is a location that nobody leaves by himself, and a deque outside Flee lets the
first 300 pass.
"""

from __future__ import annotations

import contextlib
import io
import random
import tempfile
from collections import deque
from pathlib import Path

import numpy as np
from common import BACK, BORDER, DAYS, PLACES, Job, daily, each, hazards, job, report

with contextlib.redirect_stderr(io.StringIO()):
    from flee import flee
    from flee.SimulationSettings import SimulationSettings

FAST = 1e9
"""Kilometres a day: every road is short against it."""
RULES = f"""
move_rules:
  max_move_speed: {FAST}
  softening: 0.0
  awareness_level: 1
"""


def settings() -> None:
    """Flee's rules, read from a file as Flee wants them."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "simsetting.yml"
        file.write_text(RULES, encoding="utf-8")
        SimulationSettings.ReadFromYML(str(file))


def one(asked: Job, onward: float, seed: int) -> list[int]:
    """One member: people by class at the year's end."""
    random.seed(seed)
    np.random.seed(seed)
    world = flee.Ecosystem()
    ways = hazards(asked.border, onward)
    names = [f"place {i}" for i in range(PLACES + asked.border)]
    chance = [sum(daily(w).values()) for w in ways] + [0.0] * asked.border
    there = [world.addLocation(n, movechance=c) for n, c in zip(names, chance, strict=True)]
    for i in range(len(names) - 1):
        world.linkUp(names[i], names[i + 1], (onward / BACK) ** -i)
    for _ in range(asked.people):
        world.addAgent(there[0], {})
    if not asked.border:
        for _ in range(DAYS):
            world.evolve()
        return [p.numAgents for p in there]
    through = world.addLocation("through", movechance=0.0)
    waiting, queue, known = there[-1], deque(), set()
    for _ in range(DAYS):
        for _ in range(min(BORDER, len(queue))):
            queue.popleft().handle_travel(through, False)
        world.evolve()
        if waiting.numAgents > len(queue):
            came = [a for a in world.agents if a.location is waiting and id(a) not in known]
            known.update(map(id, came))
            queue.extend(came)
    return [p.numAgents for p in (*there, through)]


def whole(seed: int) -> list[list[int]]:
    """Every member, without what Flee says on its way."""
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        settings()
        return each(asked, one)(seed)


if __name__ == "__main__":
    asked = job()
    report("flee", asked, whole)
