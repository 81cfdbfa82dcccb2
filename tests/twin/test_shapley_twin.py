"""Shapley values by coalition against what they mean: the mean over all orders of joining."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from caudal.ask.shapley import coalitions, exact, sampled

pytestmark = pytest.mark.twin


def by_orders(values: np.ndarray, players: int) -> np.ndarray:
    """What each player adds when it joins, averaged over every order."""
    total = np.zeros((players, *values.shape[1:]))
    every = list(permutations(range(players)))
    for order in every:
        here = 0
        for player in order:
            total[player] += values[here + 2**player] - values[here]
            here += 2**player
    return total / len(every)


@pytest.mark.parametrize("players", [1, 2, 3, 5, 6])
def test_coalitions_weighted_are_orders_averaged(players):
    values = np.random.default_rng(players).normal(size=(2**players, 3, 2))
    np.testing.assert_allclose(exact(values).value, by_orders(values, players), atol=1e-12)


def test_sampling_every_order_is_exact():
    values = np.random.default_rng(4).normal(size=(16, 5))
    joins = [
        o for order in permutations(range(4)) if order[0] < order[-1] for o in (order, order[::-1])
    ]
    assert len(set(joins)) == 24
    held = {mask: values[mask] for mask in coalitions(4, joins)}
    np.testing.assert_allclose(sampled(held, joins).value, exact(values).value, atol=1e-12)
