"""The laws that make Shapley values what they are, on random games."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.ask.shapley import coalitions, exact, orders, sampled

pytestmark = pytest.mark.property

worth = st.floats(-1e6, 1e6)


@st.composite
def games(draw, least: int = 1, most: int = 5):
    """Values of all coalitions of a few players under two draws."""
    players = draw(st.integers(least, most))
    seed = draw(st.integers(0, 2**32 - 1))
    scale = draw(st.sampled_from([1.0, 1e3, 1e6]))
    return players, scale * np.random.default_rng(seed).normal(size=(1 << players, 2))


@given(games())
@settings(max_examples=50, deadline=None)
def test_efficiency(made):
    players, values = made
    found = exact(values).value
    assert found.shape == (players, 2)
    np.testing.assert_allclose(found.sum(0), values[-1] - values[0], rtol=1e-9, atol=1e-6)


@given(games(2), st.data())
@settings(max_examples=50, deadline=None)
def test_symmetry_whoever_is_called_first(made, data):
    players, values = made
    a, b = data.draw(st.permutations(range(players)))[:2]

    def swapped(mask: int) -> int:
        bit_a, bit_b = mask >> a & 1, mask >> b & 1
        return mask & ~(1 << a) & ~(1 << b) | bit_a << b | bit_b << a

    found, other = (
        exact(values).value,
        exact(values[[swapped(m) for m in range(1 << players)]]).value,
    )
    np.testing.assert_allclose(found[a], other[b], rtol=1e-9, atol=1e-6)
    rest = [i for i in range(players) if i not in (a, b)]
    np.testing.assert_allclose(found[rest], other[rest], rtol=1e-9, atol=1e-6)


@given(games(), st.data(), worth)
@settings(max_examples=50, deadline=None)
def test_a_player_that_adds_the_same_to_all_gets_just_that(made, data, own):
    players, values = made
    at = data.draw(st.integers(0, players))  # where the newcomer stands among the players
    low = (1 << at) - 1
    old = [(m & low) | (m >> 1 & ~low) for m in range(2 << players)]
    new = values[old] + own * np.array([m >> at & 1 for m in range(2 << players)])[:, None]
    found = exact(new).value
    np.testing.assert_allclose(found[at], own, rtol=1e-9, atol=1e-5)
    np.testing.assert_allclose(np.delete(found, at, 0), exact(values).value, rtol=1e-7, atol=1e-4)


@given(games(3, 3), games(3, 3))
@settings(max_examples=30, deadline=None)
def test_two_games_add_up(one, other):
    whole = exact(one[1] + other[1]).value
    parts = exact(one[1]).value + exact(other[1]).value
    np.testing.assert_allclose(whole, parts, rtol=1e-9, atol=1e-5)


@given(games(2, 5), st.integers(1, 4), st.integers(0, 9))
@settings(max_examples=50, deadline=None)
def test_sampled_orders_are_efficient_and_agree_on_first_and_last_in(made, pairs, seed):
    players, values = made
    joins = orders(players, pairs, seed)
    assert len(joins) == 2 * pairs
    found = sampled({m: values[m] for m in coalitions(players, joins)}, joins)
    np.testing.assert_allclose(found.value.sum(0), values[-1] - values[0], rtol=1e-9, atol=1e-6)
    whole = exact(values)
    np.testing.assert_array_equal(found.first_in, whole.first_in)
    np.testing.assert_array_equal(found.last_in, whole.last_in)
