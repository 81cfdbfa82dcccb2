"""Attribution on the corridor itself, with made-up draws: held paths hold, and parts sum."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from caudal.ask.attribute import Asked, run
from caudal.ask.factors import Hold, load, players
from caudal.ask.held import Start, by_month
from caudal.compute.forcing import forcing
from caudal.compute.fork import History
from caudal.compute.posterior import load as draws
from caudal.compute.run import simulate
from caudal.corridor import HERE
from caudal.corridor.observables import OUTCOMES
from caudal.report import Outcome
from run_worlds import corridor_with, made_up

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

APRIL, JUNE = (date(2018, 4, 1), date(2018, 5, 1)), (date(2018, 6, 1), date(2018, 7, 1))
OUTCOME = next(Outcome(**o) for o in OUTCOMES if o["id"] == "us.encounters.southwest")


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    posterior = made_up(draws=4, months=38)
    rng = np.random.default_rng(1)
    # under a calm sky weather would explain nothing
    weather = {
        name: path + rng.normal(0, 0.1, path.shape).cumsum(0).astype(np.float32)
        for name, path in posterior.weather.items()
    }
    made = replace(posterior, weather=weather)
    return corridor_with(tmp_path_factory.mktemp("draws"), made)


def asked(here, *names: str) -> Asked:
    wanted, rest = players(load(HERE / "factors.yaml", here), names)
    counts = {date(2018, 4, 1): 50_000.0, date(2018, 6, 1): 43_000.0}
    return Asked(OUTCOME, APRIL, JUNE, wanted, rest, counts)


def test_parts_sum_and_the_whole_is_the_run_itself(here):
    posterior = draws(here.posterior)
    found = run(here, posterior, asked(here, "season", "hurricanes", "weather"), members=3)
    assert found.runs == 5  # no hurricane struck: two players move, and everything held
    assert not found.shares.value[1].any()
    assert np.abs(found.shares.value[[0, 2]]).min() > 1
    whole = found.underway + found.rest + found.shares.value.sum(0) + found.misfit
    np.testing.assert_allclose(whole, -7000.0, atol=1e-6)
    for part in (found.underway, found.rest, *found.shares.value[[0, 2]]):
        assert part.std() > 0

    ds = simulate(here, members=3, start="2018-04", end="2018-07").dataset()
    months = OUTCOME.draws(ds)
    np.testing.assert_allclose(found.before, months[:, 0], rtol=1e-4)
    np.testing.assert_allclose(found.after, months[:, 2], rtol=1e-4)

    # a factor alone adds the same whenever it joins; neither draws nor threads know of one another
    one = run(here, posterior, asked(here, "season"), members=2, workers=1)
    np.testing.assert_array_equal(one.shares.value, one.shares.first_in)
    np.testing.assert_array_equal(one.shares.value, one.shares.last_in)
    np.testing.assert_array_equal(one.underway, found.underway[:2])
    np.testing.assert_array_equal(one.shares.last_in[0], found.shares.last_in[0, :2])


def test_held_signals_stay_where_they_were(here):
    until, day = date(2018, 6, 1), (APRIL[0] - here.begins).days
    posterior, _ = draws(here.posterior).completed(here.priors)
    outside = forcing(here, here.law, until)
    past = History(here, posterior, outside, np.arange(4), stops=(day,))
    past.play()
    at = past.stops.index(day)
    start = Start(by_month(here.model), past.chunk, past.states[at + 1], day, 9, posterior.seed)
    perception = Hold(still=frozenset({"news_days", "softening_days", "habit_days"}))
    free = start.run(outside, Hold(), outside.days)
    still = start.run(outside, perception, outside.days)
    for name in ("belief", "memory"):
        then = start.state.carry.signals[name]
        np.testing.assert_allclose(still.signals[name][-1], then, atol=1e-5)
        assert np.abs(free.signals[name][-1] - then).max() > 1e-3
