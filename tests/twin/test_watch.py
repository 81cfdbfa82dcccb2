"""A run that is watched is the run that is not."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.engine.simulate import Simulator
from caudal.engine.watch import watch
from caudal.errors import CaudalError
from engine_worlds import calm, chunk, queue

pytestmark = pytest.mark.twin


def world():
    engine, forcing = Simulator(queue(groups=2)), calm(90)
    mine = chunk(3, arrive=20.0, leave=0.1, gust_sd=0.4, gust_days=5.0)
    return engine, forcing, mine, engine.start(3)


def test_watching_changes_nothing():
    engine, forcing, mine, start = world()
    state, _ = engine.advance(start, mine, forcing, 31)
    stands, months = engine.advance(state, mine, forcing, 90)
    seen, watched, chances = watch(engine, state, mine, forcing, 2, np.array([1]))
    np.testing.assert_allclose(seen.carry.people, stands.carry.people, rtol=1e-6)
    np.testing.assert_allclose(seen.ended, stands.ended, rtol=1e-6)
    assert (seen.day, watched.first) == (stands.day, months.first) == (90, 1)
    for part in ("tallies", "measures", "signals"):
        for name, values in getattr(months, part).items():
            np.testing.assert_allclose(getattr(watched, part)[name], values, rtol=1e-6)
    assert chances.hazards.shape == chances.departures.shape == (59, 1, 1, 3)


def test_the_chances_are_those_by_which_people_moved():
    engine, forcing, mine, start = world()
    _, months, chances = watch(engine, start, mine, forcing, 1, np.arange(2))
    np.testing.assert_allclose(chances.hazards, 0.1, rtol=1e-6)
    people, left = np.zeros((2, 3)), 0.0
    for day in range(31):
        gone = people * -np.expm1(-chances.hazards[day, 0])
        people += chances.departures[day, 0] - gone
        left = left + gone
    np.testing.assert_allclose(left, months.tallies["left"][0, 0], rtol=1e-5)
    np.testing.assert_allclose(chances.departures.sum(0), months.tallies["came"][0], rtol=1e-5)


def test_a_state_inside_a_month_is_refused():
    engine, forcing, mine, start = world()
    state, _ = engine.advance(start, mine, forcing, 10)
    with pytest.raises(CaudalError, match="day 10"):
        watch(engine, state, mine, forcing, 1, np.array([0]))
