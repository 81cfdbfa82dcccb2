"""A history from some day on with some of its paths held where they were on that day.

Law, drivers and weather are given to the engine as paths, so holding one is repeating its value. A
signal is held by making the time in which it moves very long. People a day who leave a stock are held
by making the days for which they stay grow with the stock, step by step:

    days = days of the draw × people in the stock / people in the stock on the first day

so that, at unchanged inclination, as many leave as did on the first day. All else goes on by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from caudal.ask.factors import Hold
from caudal.compute.run import joined
from caudal.engine.forcing import Forcing
from caudal.engine.graph import Model
from caudal.engine.simulate import Chunk, Simulator
from caudal.engine.state import Months, State

NEVER_DAYS = 1e9
"""A time in which nothing moves: beside it, months are less than single precision can tell."""
STEP_DAYS = 7
"""How often the days that people stay in a stock are set anew. In a week a stock of people who try
within a fortnight changes little."""
SHORTEST_DAYS = 0.5
"""However few are left in a stock, they stay at least so long: nobody leaves who is not there."""

Key = tuple[Any, ...]


def forcing_key(hold: Hold) -> Key:
    """What a held forcing depends on: two holds with the same one share theirs."""
    return tuple(sorted(hold.levers)), hold.announced, tuple(sorted(hold.drivers.items()))


def held_forcing(history: Forcing, hold: Hold, day: int) -> Forcing:
    """The history's forcing with law, announcements and drivers held from a day on.

    What is announced is held as that which differs from the law in force: cells announced otherwise on
    the day stay so, and for all others what is announced is what is in force.
    """

    def still(path: np.ndarray, at: int = day) -> np.ndarray:
        out = np.array(path)
        out[day:] = path[at]
        return out

    law = {k: still(v) if k in hold.levers else v for k, v in history.law.items()}
    on = {
        trigger: {k: still(v) if k in hold.levers else v for k, v in levers.items()}
        for trigger, levers in history.on.items()
    }
    announced = dict(history.announced)
    if hold.announced:
        for lever, path in history.announced.items():
            new = np.array(path)
            same = path[day] == history.law[lever][day]
            new[day:] = np.where(same, law[lever][day:], path[day])
            announced[lever] = new
    driver = {
        k: still(v, min(day + hold.drivers[k] - 1, len(v) - 1)) if k in hold.drivers else v
        for k, v in history.driver.items()
    }
    return Forcing(history.start, history.days, law, announced, on, history.rules, driver)


def held_chunk(chunk: Chunk, hold: Hold, month: int) -> Chunk:
    """The members with weather held from a month on, and signals that no longer move.

    Weather of that month is kept, so a month that leans toward the next one leans toward itself.
    """
    weather = dict(chunk.weather)
    for name in hold.weather & set(weather):
        path = np.array(weather[name])
        path[month:] = path[month]
        weather[name] = path
    p = {k: np.full_like(v, NEVER_DAYS) if k in hold.still else v for k, v in chunk.p.items()}
    return chunk._replace(p=p, weather=weather)


def changes(history: Forcing, chunk: Chunk, hold: Hold, day: int, month: int, last: int) -> bool:
    """Whether holding changes anything before day `last`; a factor that never moved is held for free.

    Signals and stocks move all the time; so may what is announced, once a law is held.
    """
    if hold.still or hold.leaving or hold.announced:
        return True
    held = held_forcing(history, hold, day)
    paths = [(history.law[k], held.law[k]) for k in hold.levers & set(history.law)]
    paths += [
        (levers[k], held.on[trigger][k])
        for trigger, levers in history.on.items()
        for k in hold.levers & set(levers)
    ]
    paths += [(history.driver[k], held.driver[k]) for k in hold.drivers]
    if any((a[:last] != b[:last]).any() for a, b in paths):
        return True
    months = sum(first < last for first, _ in history.months) + 1
    return any(
        (chunk.weather[k][month:months] != chunk.weather[k][month]).any() for k in hold.weather
    )


_ENGINES: dict[int, Simulator] = {}


def by_month(model: Model) -> Simulator:
    """The model's functions compiled for one month a call: courses here are short and stop often."""
    # the simulator holds its model, so that the id stays the model's own
    return _ENGINES.setdefault(id(model), Simulator(model, months=1))


@dataclass(frozen=True)
class Start:
    """Where courses part: members, their state on the day, and the engine that goes on (`by_month`).

    day, month  the first day, and its number in months, since the history begins; seed: of the past
    """

    engine: Simulator
    chunk: Chunk
    state: State
    day: int
    month: int
    seed: int

    def run(self, forcing: Forcing, hold: Hold, until: int) -> Months:
        """The months from the first day to `until` with what `hold` holds of weather, signals and
        stocks; law, drivers and announcements are the forcing's."""
        chunk = held_chunk(self.chunk, hold, self.month)
        stops: Sequence[int] = [until]
        if hold.leaving:
            stops = [*range(self.day + STEP_DAYS, until, STEP_DAYS), until]
        state, parts = self.state, []
        for stop in stops:
            here = chunk._replace(p={**chunk.p, **self._leaving(hold, state)})
            state, months = self.engine.advance(state, here, forcing, stop, self.seed)
            parts.append(months)
        return joined(parts)

    def _leaving(self, hold: Hold, state: State) -> Mapping[str, np.ndarray]:
        out = {}
        for stock, days in hold.leaving:
            rows = self.engine.model.rows[stock]
            then, now = (np.asarray(s.carry.people[rows]).sum((0, 1)) for s in (self.state, state))
            longer = self.chunk.p[days] * (now + 1) / (then + 1)
            out[days] = np.maximum(longer, SHORTEST_DAYS).astype(np.float32)
        return out
