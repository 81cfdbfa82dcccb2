"""A run from draws' kept pasts, against every member run whole from the first day."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import jax
import numpy as np
import pytest

from caudal.compute import states
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.fork import History
from caudal.compute.posterior import load
from caudal.compute.run import simulate, simulator
from caudal.compute.warm import make_pasts, ship, there
from caudal.engine.simulate import Months
from caudal.policy.scenario import read_scenario
from run_worlds import corridor_with, made_up

pytestmark = [pytest.mark.twin, pytest.mark.slow]
DRAWS, COUNTED, MONTHS = 18, 7, 9


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    return corridor_with(tmp_path_factory.mktemp("draws"), made_up(draws=DRAWS, months=COUNTED))


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch) -> Path:
    """Nothing is kept yet."""
    monkeypatch.setenv("CAUDAL_CACHE", str(tmp_path))
    return tmp_path / "states"


@pytest.fixture
def days(here, monkeypatch) -> list[int]:
    """How many days each call of the engine ran."""
    engine, run = simulator(here.model), []
    real = engine.advance

    def advance(state, chunk, outside, until, *how):
        run.append(until - state.day)
        return real(state, chunk, outside, until, *how)

    monkeypatch.setattr(engine, "advance", advance)
    return run


def whole(here, numbers, law=None, **how) -> Months:
    posterior, _ = load(here.posterior).completed(here.priors)
    end = month_ends(here.begins, MONTHS)[-1]
    return History(here, posterior, forcing(here, law or here.law, end), numbers, **how).play()


def end(here) -> date:
    return month_ends(here.begins, MONTHS)[-1]


def same(one: Months, other: Months) -> None:
    for a, b in zip(jax.tree.leaves(vars(one)), jax.tree.leaves(vars(other)), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("sampler", ["expected", pytest.param("sampled", marks=pytest.mark.gate)])
def test_a_run_is_every_member_run_whole_bit_for_bit(here, sampler):
    """Members beyond the draws, in chunks that mix two parts of the draws."""
    result = simulate(here, members=32, seed=3, sampler=sampler, end=end(here))
    run, part = result.months, np.arange(16, 32)
    alone = whole(here, part, seed=3, sampler=sampler)
    same(alone, run.changed(lambda v: v[..., part]))
    dataset = here.dataset(alone, 6, part)  # without the months before the first reported one
    told = result.dataset().isel(member=part)
    assert told.equals(dataset)
    ended = dataset["people"].sel(stock="home").isel(month=[0, -1])
    assert (ended[:, 0] < ended[:, 1]).all()  # since the first month, also of those after the count
    later = run.tallies["departures"]
    assert np.array_equal(later[:COUNTED, ..., 0], later[:COUNTED, ..., DRAWS])
    assert not np.array_equal(later[-1, ..., 0], later[-1, ..., DRAWS])


def test_what_is_kept_is_read_and_what_is_spoilt_is_made_anew(here, kept, days):
    how = {"members": 20, "seed": 3, "end": end(here)}
    first = simulate(here, **how).months
    one, two = sorted(kept.glob("*.npz"))
    ran, counted = sum(days), (month_ends(here.begins, COUNTED)[-1] - here.begins).days
    days.clear()

    again = simulate(here, **how)
    same(first, again.months)
    assert sum(days) <= ran - 2 * counted
    start = again.first_forecast
    ahead = simulate(here, start=start, reported=True, **how)
    assert ahead.past is None
    assert again.ahead is not None
    assert ahead.ahead is not None
    same(again.ahead, ahead.ahead)
    reported = again.dataset().sel(month=ahead.dataset()["month"])
    assert reported.drop_attrs().equals(ahead.dataset().drop_attrs())
    days.clear()

    good = one.read_bytes()
    spoilt = bytearray(good)
    spoilt[len(good) // 2] ^= 1
    for content in (bytes(spoilt), two.read_bytes(), good[: len(good) // 2]):
        one.write_bytes(content)
        same(first, simulate(here, **how).months)
        assert sum(days) >= counted
        days.clear()
        assert len(one.read_bytes()) == len(good)


@pytest.mark.gate
def test_a_lone_member_is_the_same_whatever_is_kept(here):
    how = {"seed": 3, "end": end(here)}
    first = simulate(here, members=1, **how).months
    assert there(here) == (0, DRAWS)
    simulate(here, members=DRAWS, **how)
    assert there(here) == (DRAWS, DRAWS)
    same(first, simulate(here, members=1, **how).months)


def test_a_scenario_follows_the_kept_past_until_it_parts(here, monkeypatch):
    document = here.scenario("baseline").as_yaml().replace("name: baseline", "name: other")
    other = read_scenario(document + "policies:\n  cr-controlled-flow: off\n", [])
    parted, branch = [], History.branch

    def noted(past, course, *how):
        parted.append(past.parting(course))
        return branch(past, course, *how)

    monkeypatch.setattr(History, "branch", noted)
    alone = simulate(here, other, members=5, end=end(here)).months
    assert not parted
    base = simulate(here, members=5, end=end(here)).months
    forked = simulate(here, other, members=5, end=end(here)).months
    assert len(parted) == 1
    assert parted[0] > 0
    same(alone, forked)
    assert not np.array_equal(base.people, alone.people)


def test_a_scenario_of_later_days_shares_the_past(here, days):
    document = here.scenario("baseline").as_yaml().replace("name: baseline", "name: other")
    other = read_scenario(document + "policies:\n  us-metering: off\n", [])
    simulate(here, members=5, end=end(here))
    ran = sum(days)
    days.clear()
    run = simulate(here, other, members=5, end=end(here)).months
    assert sum(days) < ran / 2
    same(whole(here, np.arange(5), other.law(here.law)).changed(lambda v: v[..., :5]), run)


def test_a_run_from_the_last_count_begins_with_shipped_end_states(here, kept, days, monkeypatch):
    how = {"members": 20, "seed": 3, "end": end(here)}
    first = simulate(here, **how)
    assert make_pasts(here, "expected").new == 0
    path = ship(here, ["expected"])
    assert path.parent == here.posterior.parent
    shutil.rmtree(kept)
    assert there(here) == (0, DRAWS)
    days.clear()
    ahead = simulate(here, start=first.first_forecast, reported=True, **how)
    counted = (first.first_forecast - here.begins).days
    assert sum(days) < counted
    same(first.ahead, ahead.ahead)
    assert simulate(here, **how).past is not None  # results of counted months are not shipped

    monkeypatch.setattr(states, "code_version", lambda: "another")
    shutil.rmtree(kept)
    days.clear()
    same(first.ahead, simulate(here, start=first.first_forecast, reported=True, **how).ahead)
    assert sum(days) > counted
    path.unlink()


def test_other_draws_seeds_and_laws_have_pasts_of_their_own(here, tmp_path):
    posterior, _ = load(here.posterior).completed(here.priors)
    turn = month_ends(here.begins, COUNTED)[-1]
    outside = forcing(here, here.law, turn)
    base = states.shelf(here, outside, posterior.seed, "expected", True).name
    assert base == states.shelf(here, outside, posterior.seed, "expected", False).name
    others = [
        states.shelf(here, outside, posterior.seed + 1, "expected", True).name,
        states.shelf(here, outside, posterior.seed, "sampled", True).name,
        states.shelf(
            here, forcing(here, here.law.overlaid({"cr-controlled-flow": "off"}), turn),
            posterior.seed, "expected", True,
        ).name,
    ]  # fmt: skip
    assert len({base, *others}) == 4


def test_the_histories_not_used_for_longest_go(kept):
    kept.mkdir()
    for age, name in enumerate(("new", "mine", "older", "oldest")):
        for part in "ab":
            path = kept / f"{name}-{part}.npz"
            path.touch()
            os.utime(path, (1e9 - age, 1e9 - age))
    states._tidy(kept, "mine")
    assert {p.name[:-6] for p in kept.iterdir()} == {"new", "mine", "older"}
