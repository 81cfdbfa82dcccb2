"""Measures add up what mechanisms report of a day; signals may start from a parameter."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from caudal.compute.chunks import first_members, joined, side_by_side
from caudal.compute.files import read_arrays
from caudal.compute.store import state_arrays, state_from, write_arrays
from caudal.engine.declare import Signal
from caudal.engine.graph import Model
from caudal.engine.simulate import Simulator
from caudal.errors import CaudalError
from engine_worlds import calm, chunk, queue

pytestmark = pytest.mark.unit

PARTS = {"arrive": 30.0, "leave": 0.2, "gust_sd": 0.4, "gust_days": 5.0}
HOWS = ("expected", "sampled")


def reporting(**given) -> Model:
    """The queue with measures (or signals) that give these values."""
    model = queue()
    made = model.mechanisms[0]
    new = replace(made, function=lambda now, p: {**made.function(now, p), **given})
    return Model(model.stocks, (new,), model.tallies, 1, model.axes)


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("substeps", [1, 2])
def test_a_measure_is_the_sum_of_what_was_there_at_the_start_of_each_step(how, substeps):
    """Against people looked up day by day: 31 days of January, 28 of February."""
    members = chunk(3, **PARTS)
    simulator = Simulator(queue(), substeps, months=2)
    _, months = simulator.advance(simulator.start(3), members, calm(59), 59, 5, how)
    if substeps > 1:  # people within a day are not handed out: only the two measures compare
        days = np.array([31.0, 28.0])[:, None]
        np.testing.assert_allclose(
            months.measures["burden"], months.measures["length"][:, 0] * days, rtol=1e-6
        )
        return
    state, there = simulator.start(3), []
    for day in range(1, 60):
        there.append(state.carry.people[0, 0].astype(np.float64))
        state, _ = simulator.advance(state, members, calm(59), day, 5, how)
    january, february = np.sum(there[:31], 0), np.sum(there[31:], 0)
    np.testing.assert_allclose(months.measures["burden"], [january, february], rtol=2e-7)
    means = np.stack([january / 31, february / 28])[:, None]
    np.testing.assert_allclose(months.measures["length"], means, rtol=3e-7)
    assert months.measures["burden"].shape == (2, 3)
    assert months.measures["length"].shape == (2, 1, 3)
    assert {v.dtype for v in months.measures.values()} == {np.dtype(np.float32)}


def test_adding_up_loses_nothing_to_rounding():
    """248 times a tenth of an eighth: the sum of single-precision terms, rounded once."""
    simulator = Simulator(reporting(burden=np.float32(0.1)), 8, months=1)
    _, months = simulator.advance(simulator.start(2), chunk(2, **PARTS), calm(31), 31)
    term = np.float32(0.1) / np.float32(8)
    plain = np.float32(0)
    for _ in range(248):
        plain += term
    exact = np.float32(248 * float(term))
    assert plain != exact
    np.testing.assert_array_equal(months.measures["burden"], [[exact, exact]])


@pytest.mark.parametrize("how", HOWS)
def test_a_state_on_disk_goes_on_with_its_measures(tmp_path, how):
    members, simulator = chunk(2, **PARTS), Simulator(queue(), months=2)
    _, whole = simulator.advance(simulator.start(2), members, calm(59), 59, 5, how)
    half, _ = simulator.advance(simulator.start(2), members, calm(59), 17, 5, how)
    write_arrays(tmp_path / "half.npz", state_arrays(half))
    found = state_from(read_arrays(tmp_path / "half.npz"))
    _, rest = simulator.advance(found, members, calm(59), 59, 5, how)
    for name, value in whole.measures.items():
        np.testing.assert_array_equal(value, rest.measures[name], err_msg=name)
    assert half.carry.measures[0].max() > 0


def test_measures_stay_with_their_months_and_members():
    members, simulator = chunk(3, **PARTS), Simulator(queue(), months=1)
    state, one = simulator.advance(simulator.start(3), members, calm(59), 31, 5)
    _, two = simulator.advance(state, members, calm(59), 59, 5)
    months = joined([one, two])
    assert months.measures["length"].shape == (2, 1, 3)
    beside = side_by_side([months, months])
    np.testing.assert_array_equal(beside.measures["burden"][:, 3:], months.measures["burden"])
    np.testing.assert_array_equal(
        first_members(beside, 2).measures["burden"], months.measures["burden"][:, :2]
    )


@pytest.mark.parametrize("name", ["burden", "seen"])
def test_a_value_of_another_shape_is_refused(name):
    simulator = Simulator(reporting(**{name: np.zeros((7, 1, 1), np.float32)}), months=1)
    with pytest.raises(CaudalError, match=re.escape(f"{name!r}: shape (7, 1, 1)")):
        simulator.advance(simulator.start(2), chunk(2, **PARTS), calm(31), 3)


def starting(**start) -> Simulator:
    """The queue with three places to watch, and a signal that starts as told and stays."""
    model = queue()
    made = model.mechanisms[0]
    new = replace(
        made,
        function=lambda now, p: {**made.function(now, p), "fee": now.signal["fee"]},
        signals=(*made.signals, Signal("fee", "a fee", "usd_2023", ("where",), **start)),
        parameters=(*made.parameters, "base"),
    )
    return Simulator(Model(model.stocks, (new,), model.tallies, 1, {"where": 3, **model.axes}))


def test_a_signal_starts_where_it_is_told():
    fee = starting(start=(1.0, 2.0, 5.0)).start(2).carry.signals["fee"]
    np.testing.assert_array_equal(fee, [[1, 1], [2, 2], [5, 5]])
    fee = starting(start=4.0).start(2).carry.signals["fee"]
    np.testing.assert_array_equal(fee, np.full((3, 2), 4))


def test_a_signal_starts_from_each_members_parameter():
    base = np.array([[1, 2], [3, 4], [5, 6]], np.float32)
    simulator = starting(start_from="base")
    members = chunk(2, **PARTS)
    members.p["base"] = base
    state = simulator.start(2, (), members.p)
    np.testing.assert_array_equal(state.carry.signals["fee"], base)
    state, months = simulator.advance(state, members, calm(31), 31)
    np.testing.assert_array_equal(months.signals["fee"][0], base)


@pytest.mark.parametrize(
    ("p", "told"),
    [
        (None, "no parameters given"),
        ({"bass": np.zeros((3, 2))}, "no parameter 'base'"),
        ({"base": np.zeros((2, 2))}, "shape (2, 2)"),
        ({"base": np.zeros(2)}, "shape (2,)"),
    ],
)
def test_a_start_that_has_no_value_is_refused(p, told):
    with pytest.raises(CaudalError, match=re.escape(told)):
        starting(start_from="base").start(2, (), p)
