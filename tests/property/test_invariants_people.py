"""Nobody appears but by departure, nobody vanishes: 20 random draws under 5 random overlays.

After every day under the first overlay, and at every month's end under the others (who is lost on a
day is still missing then), everyone in the run, active and ended, must be all who ever set out. In
`sampled` that holds exactly and every number is whole; in `expected` to one part in a million.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest

from caudal.compute.forcing import forcing
from caudal.corridor import Corridor
from caudal.engine import book
from caudal.engine.declare import OUTSIDE
from caudal.engine.simulate import Chunk, Forcing, Simulator, State, people_accounted
from run_worlds import made_up, random_overlays

pytestmark = pytest.mark.property

CORRIDOR = Corridor()
DRAWS, OVERLAYS = 20, 5
END = date(2025, 6, 1)


@pytest.fixture(scope="module")
def engine() -> Simulator:
    """One month a call, so that a call for one day does no other month's work."""
    return Simulator(CORRIDOR.model, months=1)


@pytest.fixture(scope="module")
def chunk() -> Chunk:
    """20 draws of the constants, each under a sky that moves as the weather's processes do."""
    posterior = made_up(draws=DRAWS, seed=23, months=12)
    return posterior.future(CORRIDOR, np.arange(DRAWS), 48, seed=23)


def world(number: int) -> Forcing:
    """What comes from outside under one of the random overlays."""
    overlay = random_overlays(CORRIDOR.law, OVERLAYS, seed=7)[number]
    return forcing(CORRIDOR, CORRIDOR.law.overlaid(overlay), END)


def test_departures_are_all_that_comes_in() -> None:
    """The tally that the other tests count by holds every way into the corridor."""
    ways = {f.name for m in CORRIDOR.model.mechanisms for f in m.flows if f.source == OUTSIDE}
    tally = next(t for t in CORRIDOR.model.tallies if t.name == "departures")
    assert set(tally.of) == ways


def evenings(
    engine: Simulator, chunk: Chunk, outside: Forcing, days: Iterable[int], how: Any
) -> Iterator[tuple[State, np.ndarray]]:
    """The state on the evening of each of the days, and how many had set out by then, (member,)."""
    state, closed = engine.start(DRAWS, list(outside.rules), chunk.p), np.zeros(DRAWS)
    for day in days:
        state, months = engine.advance(state, chunk, outside, day, 11, how)
        if len(months.people):
            closed += months.tallies["departures"].astype(np.float64).sum((0, 1, 2))
        today = book.tallies(engine.model).split(state.carry.month)["departures"]
        yield state, closed + np.asarray(today, np.float64).sum((0, 1))


def check(found: Iterator[tuple[State, np.ndarray]], exact: bool) -> int:
    """Check every evening found; how many there were."""
    count = 0
    for state, set_out in found:
        people = np.asarray(state.carry.people)
        everyone = people_accounted(state)
        if exact:
            assert (people == np.floor(people)).all(), f"day {state.day}"
            assert people.min() >= 0, f"day {state.day}"
            assert (everyone == set_out).all(), f"day {state.day}"
        else:
            assert people.min() >= -1e-3, f"day {state.day}"
            assert np.allclose(everyone, set_out, rtol=1e-6, atol=1e-3), f"day {state.day}"
        count += 1
    return count


def test_everyone_is_accounted_for_in_the_first_two_months(engine: Simulator, chunk: Chunk) -> None:
    outside = world(0)
    for how in ("sampled", "expected"):
        assert check(evenings(engine, chunk, outside, range(1, 63), how), how == "sampled") == 62


@pytest.mark.slow
@pytest.mark.parametrize(
    "overlay",
    [0, *(pytest.param(i, marks=pytest.mark.gate) for i in range(1, OVERLAYS))],
)
@pytest.mark.parametrize("how", ["sampled", "expected"])
def test_everyone_is_accounted_for_through_the_history(
    how: str, overlay: int, engine: Simulator, chunk: Chunk
) -> None:
    outside = world(overlay)
    ends = [first + length for first, length in outside.months]
    days = range(1, outside.days + 1) if overlay == 0 else ends
    found = evenings(engine, chunk, outside, days, how)
    assert check(found, how == "sampled") == len(days)
