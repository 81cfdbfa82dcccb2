"""The loops of the compiled step against one line of arrays each."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from caudal.corridor.groups import everybody
from caudal.engine import loops

pytestmark = pytest.mark.twin
GROUPS, MEMBERS, EDGES = 6, 5, 3
SIZE = GROUPS * MEMBERS


def numbers(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).uniform(0.1, 2.0, shape).astype(np.float32)


def empty() -> np.ndarray:
    return np.full(SIZE, np.nan, np.float32)


SHAPES = [
    shapes
    for many in (1, 2, 3, 4)
    for shapes in product([(EDGES, GROUPS), (1, GROUPS), (EDGES, 1)], repeat=many)
]


@pytest.mark.parametrize("edge", range(EDGES))
def test_a_hazard_is_the_product_of_its_factors_whatever_their_axes(edge: int):
    for shapes in SHAPES:
        values = [numbers(*shape, MEMBERS) for shape in shapes]
        given = np.array([(v.ctypes.data, *v.shape) for v in values], np.int64)
        hazard, total = empty(), numbers(SIZE)
        before, spare = total.copy(), (np.ones(SIZE, np.float32), empty()[:MEMBERS], empty())
        order = np.arange(len(values), dtype=np.int32)
        loops.compose(given, order, edge, GROUPS, MEMBERS, *spare, hazard, total)
        wanted = np.ones((EDGES, GROUPS, MEMBERS), np.float32)
        for value in values:
            wanted = wanted * value
        np.testing.assert_allclose(hazard, wanted[edge].ravel(), rtol=1e-6, err_msg=str(shapes))
        np.testing.assert_array_equal(total, before + hazard)


def test_who_becomes_another_group_arrives_in_it_and_is_counted_by_what_they_were():
    moved, scale, there = numbers(SIZE), numbers(SIZE) * 2, numbers(SIZE)
    became = np.array([0, 0, 2, 2, 4, 4], np.int32)
    wanted, people = there.reshape(GROUPS, MEMBERS).copy(), (moved * scale).reshape(GROUPS, MEMBERS)
    np.add.at(wanted, became, people)
    loops.become(moved, scale, there, became, GROUPS, MEMBERS)
    np.testing.assert_allclose(there.reshape(GROUPS, MEMBERS), wanted, rtol=1e-6)
    counted = np.zeros(3 * SIZE, np.float32)
    loops.note(moved, GROUPS, True, GROUPS, MEMBERS, counted)
    np.testing.assert_array_equal(counted.reshape(3, -1)[1], moved)
    loops.note(moved, 2 * GROUPS, False, GROUPS, MEMBERS, counted)
    np.testing.assert_allclose(counted[2 * SIZE : 2 * SIZE + MEMBERS], people.sum(0), rtol=1e-6)
    assert not counted[2 * SIZE + MEMBERS :].any()


@pytest.mark.parametrize("size", [1, 2, 7, 128, 129, 1056])
def test_nothing_is_seen_only_where_all_is_zero(size: int):
    assert loops.nothing(np.zeros(size, np.float32))
    for k in range(size):
        one = np.zeros(size, np.float32)
        one[k] = np.float32(1e-42)  # the smallest there are, too
        assert not loops.nothing(one)


def test_everybody_is_the_sum_over_places_and_groups():
    value = numbers(9, 66, 16)
    np.testing.assert_allclose(everybody(value), value.sum((0, 1)), rtol=1e-5)
