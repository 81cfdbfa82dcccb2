"""Stopping and going on, forks, keyed noise, triggers: on a queue of one cell."""

from __future__ import annotations

import pickle
from dataclasses import replace

import jax
import numpy as np
import pytest

from caudal.engine.declare import Flow, Mechanism, Signal, Stock
from caudal.engine.graph import Model
from caudal.engine.simulate import Chunk, Forcing, Simulator
from engine_worlds import START, calm, chunk, queue

pytestmark = pytest.mark.unit

PARTS = {"arrive": 30.0, "leave": 0.2, "gust_sd": 0.4, "gust_days": 5.0}
HOWS = ("expected", "sampled")


@pytest.fixture(scope="module")
def simulator() -> Simulator:
    return Simulator(queue(), months=2)


def same(a, b) -> None:
    for x, y in zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True):
        np.testing.assert_array_equal(x, y)


@pytest.mark.parametrize("how", HOWS)
def test_stop_save_and_go_on_is_one_run_bit_for_bit(simulator, how):
    members = chunk(3, **PARTS)
    whole, months = simulator.advance(simulator.start(3), members, calm(120), 120, 5, how)
    state, got = simulator.start(3), []
    for until in (1, 31, 44, 59, 100, 120):
        state, part = simulator.advance(state, members, calm(120), until, 5, how)
        state = pickle.loads(pickle.dumps(state))
        got += [part] if part.first >= 0 else []
    same((whole.carry, whole.ended), (state.carry, state.ended))
    left = np.concatenate([part.tallies["left"] for part in got])
    np.testing.assert_array_equal(months.tallies["left"], left)
    for name, value in months.measures.items():
        parts = np.concatenate([part.measures[name] for part in got])
        np.testing.assert_array_equal(value, parts, err_msg=name)
    assert set(months.measures) == {"burden", "length"}


@pytest.mark.parametrize("how", HOWS)
def test_a_longer_horizon_changes_nothing_before(simulator, how):
    members = chunk(2, **PARTS)
    short, _ = simulator.advance(simulator.start(2), members, calm(59), 50, 5, how)
    long, _ = simulator.advance(simulator.start(2), members, calm(365), 50, 5, how)
    same(short.carry, long.carry)


def test_a_fork_shares_its_past_and_its_chance(simulator):
    members = chunk(2, **PARTS)
    fork, _ = simulator.advance(simulator.start(2), members, calm(90), 45, 5, "sampled")
    kept = pickle.dumps(fork)
    fewer = Chunk(members.numbers, {**members.p, "arrive": members.p["arrive"] * 0}, {})
    other, _ = simulator.advance(fork, fewer, calm(90), 90, 5, "sampled")
    one, _ = simulator.advance(fork, members, calm(90), 90, 5, "sampled")
    assert pickle.dumps(fork) == kept
    assert other.carry.people[0].sum() < one.carry.people[0].sum()
    np.testing.assert_array_equal(other.carry.noise["gusts"], one.carry.noise["gusts"])


@pytest.mark.parametrize("how", HOWS)
def test_members_do_not_depend_on_their_neighbours(simulator, how):
    """The same member in another chunk, at another place in it: same chance, same run."""
    first, _ = simulator.advance(
        simulator.start(4), chunk([0, 1, 2, 3], **PARTS), calm(59), 40, 5, how
    )
    second, _ = simulator.advance(
        simulator.start(4), chunk([3, 8, 1, 9], **PARTS), calm(59), 40, 5, how
    )
    for member, here, there in ((3, 3, 0), (1, 1, 2)):
        a = first.carry.noise["gusts"][..., here]
        b = second.carry.noise["gusts"][..., there]
        np.testing.assert_allclose(a, b, rtol=1e-5, err_msg=f"member {member}")
        people = first.carry.people[..., here], second.carry.people[..., there]
        np.testing.assert_allclose(*people, rtol=1e-5)
    assert not np.array_equal(first.carry.people[..., 0], first.carry.people[..., 1])


def test_shocks_are_keyed_by_member_month_and_name():
    simulator = Simulator(queue(), months=1)
    shocks = simulator._draw_shocks
    all_ = shocks(5, np.array([0, 1, 2, 3]), 7)["gusts"]
    two = shocks(5, np.array([3, 1]), 7)["gusts"]
    np.testing.assert_array_equal(all_[..., [3, 1]], two)
    assert not np.array_equal(all_, shocks(5, np.array([0, 1, 2, 3]), 8)["gusts"])
    assert not np.array_equal(all_, shocks(6, np.array([0, 1, 2, 3]), 7)["gusts"])


def test_noise_has_the_stated_spread_and_memory():
    """Over 4,000 members within 4.5 standard errors: three alarms in 150,000."""
    members = chunk(4000, **PARTS)
    sim = Simulator(queue(), months=1)
    early, _ = sim.advance(sim.start(4000), members, calm(31), 28, 5)
    late, _ = sim.advance(early, members, calm(31), 31, 5)
    a, b = early.carry.noise["gusts"], late.carry.noise["gusts"]
    assert abs(b.std() / 0.4 - 1) < 4.5 / np.sqrt(2 * 4000)
    assert abs(np.corrcoef(a, b)[0, 1] - np.exp(-3 / 5)) < 4.5 / np.sqrt(4000)
    assert abs(b.mean()) < 4.5 * 0.4 / np.sqrt(4000)


def test_finer_steps_meet_the_same_noise():
    fine = Simulator(queue(), substeps=2, months=1)
    coarse = Simulator(queue(), months=1)
    ends = [
        s.advance(s.start(2), chunk(2, **PARTS), calm(31), 20, 5)[0].carry.noise["gusts"]
        for s in (fine, coarse)
    ]
    np.testing.assert_allclose(*ends, rtol=1e-5)


def gauge() -> Model:
    """A signal that is the driver of the day, and another that is the law of the day."""

    def read(now, p):
        return {
            "a → b": np.zeros((1, 1, 1), np.float32), "b → a": np.zeros((1, 1, 1), np.float32),
            "level": now.driver["level"], "rule": now.law["rule"],
        }  # fmt: skip

    made = Mechanism(
        "read", read, flows=(Flow("a", "b"), Flow("b", "a")),
        signals=(Signal("level", "", ""), Signal("rule", "", "")), levers=("rule",),
        drivers=("level",),
    )  # fmt: skip
    return Model((Stock("a", ""), Stock("b", "")), (made,), (), 1, {})


@pytest.mark.parametrize("substeps", [1, 2])
def test_a_trigger_has_hysteresis(substeps):
    """On at 5 or more, off after three days below 2; in between it stays what it was."""
    #        day 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15
    level = [1, 4, 5, 3, 3, 1, 1, 3, 1, 1, 1, 1, 4, 6, 6, 6]
    #     seen the day after:   on at 3 …; below 2 on days 6, 7; again on 9, 10, 11 → off
    wanted = [0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
    may_act = np.array([1.0] * 14 + [0.0] * 2)
    wanted[13] = 0
    rules = np.stack([may_act, np.full(16, 5.0), np.full(16, 2.0), np.full(16, 3.0)], 1)
    forcing = Forcing(
        START, 16, law={"rule": np.full(16, 7.0)}, on={"doc:level": {"rule": np.full(16, 9.0)}},
        rules={"doc:level": rules}, driver={"level": np.array(level, float)},
    )  # fmt: skip
    simulator = Simulator(gauge(), substeps=substeps, months=1)
    state, found = simulator.start(1, ["doc:level"]), []
    for day in range(1, 17):
        state, _ = simulator.advance(state, chunk(), forcing, day)
        found.append(float(state.carry.signals["rule"][0]))
    if substeps == 1:
        assert found == [9.0 if on else 7.0 for on in wanted]
    else:  # half a day earlier, so seen within the day
        assert found.index(9.0) == wanted.index(1) - 1
        assert found[14:] == [7.0, 7.0]


def test_law_without_trigger_is_the_written_one():
    forcing = Forcing(START, 5, law={"rule": np.arange(5.0)}, driver={"level": np.zeros(5)})
    simulator = Simulator(gauge(), months=1)
    state, _ = simulator.advance(simulator.start(1), chunk(), forcing, 4)
    assert state.carry.signals["rule"][0] == 3.0


def test_weather_is_read_by_month_and_its_last_held(simulator):
    """Months beyond the weather's end repeat its last month."""
    model = queue()
    windy = replace(
        model.mechanisms[0],
        function=lambda now, p: {**model.mechanisms[0].function(now, p),
                                 "waiting → gone": np.ones((1, 1, 1)) * now.weather["wind"]},
    )  # fmt: skip
    sim = Simulator(Model(model.stocks, (windy,), model.tallies, 1, model.axes), months=2)
    base = chunk(1, **{**PARTS, "gust_sd": 0.0})
    wind = np.array([[0.1], [0.4]], np.float32)
    _, months = sim.advance(
        sim.start(1), Chunk(base.numbers, base.p, {"wind": wind}), calm(151), 151
    )
    queue_ = months.tallies["queue"].ravel()
    steady = 30 / (1 - np.exp(-0.4))
    assert queue_[0] > 1.3 * steady
    np.testing.assert_allclose(queue_[2:], steady, rtol=1e-3)
