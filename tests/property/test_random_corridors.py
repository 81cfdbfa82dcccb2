"""Whole runs of random corridors: nobody is lost or made, nothing is negative or not a number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.engine.graph import Model
from caudal.engine.simulate import Simulator, people_accounted
from engine_worlds import calm, chunk
from graph_worlds import corridors

pytestmark = pytest.mark.property

MEMBERS, DAYS = 3, 45
"""A month, a month's end with its emptying of final stocks, and half a month more."""
LEAST = -1e-5
"""Single precision may leave a stock of millions short of nought by so much of it."""


def holds(model: Model, how: str, substeps: int, seed: int, thorough: bool = False) -> None:
    # of these small models `expected` would take the arrays each time: every other, the kernel
    engine = Simulator(model, substeps=substeps, months=1, plain=False if seed % 2 else None)
    outside, members = calm(DAYS), chunk(MEMBERS)
    state, first = engine.advance(engine.start(MEMBERS), members, outside, 31, seed, how)
    assert len(first.people) == 1
    came = first.tallies["came"][0].astype(np.float64).sum((0, 1))
    there = people_accounted(state)
    np.testing.assert_allclose(there, came, rtol=0 if how == "sampled" else 2e-5, atol=1e-3)
    ended = first.tallies["ended"][0].astype(np.float64).sum((0, 1))
    np.testing.assert_allclose(state.ended.sum((0, 1)), ended, rtol=2e-5, atol=1e-3)
    for name, value in (*first.tallies.items(), ("people", first.people)):
        assert np.isfinite(value).all(), name
        assert value.min() >= LEAST * max(1.0, value.max()), name
    last, rest = engine.advance(state, members, outside, DAYS, seed, how)
    assert len(rest.people) == 0
    people = np.asarray(last.carry.people, np.float64)
    assert np.isfinite(people).all()
    assert people.min() >= LEAST * max(1.0, people.max())
    assert (people_accounted(last) >= there * (1 - 2e-5) - 1e-3).all()  # people only ever come
    if how == "sampled":
        np.testing.assert_array_equal(people, np.rint(people))
    # all at once is the same as stopping at the month's end, bit for bit
    once, _ = engine.advance(engine.start(MEMBERS), members, outside, DAYS, seed, how)
    np.testing.assert_array_equal(np.asarray(once.carry.people), np.asarray(last.carry.people))
    if not thorough:
        return
    # and a member is the same in other company
    alone = chunk([1])
    apart, _ = engine.advance(engine.start(1), alone, outside, DAYS, seed, how)
    tight = {"rtol": 0} if how == "sampled" else {"rtol": 1e-5, "atol": 1e-4}
    np.testing.assert_allclose(
        np.asarray(apart.carry.people)[..., 0], np.asarray(last.carry.people)[..., 1], **tight
    )


HOW = st.sampled_from(["expected", "sampled"])
CASES = given(corridors(), HOW, st.sampled_from([1, 2]), st.integers(0, 1000))


@settings(max_examples=2, deadline=None)
@CASES
def test_people_are_accounted_for_in_any_corridor(model, how, substeps, seed):
    holds(model, how, substeps, seed)


@pytest.mark.gate
@pytest.mark.slow
@settings(max_examples=24, deadline=None)
@CASES
def test_people_are_accounted_for_in_many_corridors(model, how, substeps, seed):
    holds(model, how, substeps, seed, thorough=True)
