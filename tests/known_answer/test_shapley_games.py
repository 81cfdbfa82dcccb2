"""Shapley values of games whose answer stands in the textbooks."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.ask.shapley import coalitions, exact, orders, sampled

pytestmark = pytest.mark.known_answer


def game(players: int, value) -> np.ndarray:
    """Values of all coalitions, from a function of the set of who is in."""
    return np.array(
        [value({i for i in range(players) if mask >> i & 1}) for mask in range(1 << players)], float
    )


def test_glove_game():
    """One has a left glove, two a right one; a pair is worth 1: 2/3, 1/6, 1/6 (Shapley 1953)."""
    found = exact(game(3, lambda who: float(0 in who and bool(who & {1, 2}))))
    np.testing.assert_allclose(found.value, [2 / 3, 1 / 6, 1 / 6])
    np.testing.assert_allclose(found.first_in, [0, 0, 0])
    np.testing.assert_allclose(found.last_in, [1, 0, 0])


def test_additive_game_gives_each_its_own():
    own = np.array([3.0, -1.0, 0.5, 7.0])
    found = exact(game(4, lambda who: sum(own[i] for i in who) + 10))
    for part in (found.value, found.first_in, found.last_in):
        np.testing.assert_allclose(part, own)


def test_airport_game():
    """Runways of cost 1, 2, 4: who needs a stretch shares it (Littlechild, Owen 1973)."""
    cost = [1.0, 2.0, 4.0]
    found = exact(game(3, lambda who: max([cost[i] for i in who], default=0.0)))
    np.testing.assert_allclose(found.value, [1 / 3, 1 / 3 + 1 / 2, 1 / 3 + 1 / 2 + 2])


def test_a_pair_that_works_together_shares_half_and_half():
    found = exact(game(2, lambda who: 10.0 * (who == {0, 1}) + 2.0 * (0 in who)))
    np.testing.assert_allclose(found.value, [7, 5])


def test_sampled_orders_of_an_additive_game_have_no_error():
    own = np.arange(10.0)
    joins = orders(10, 3, seed=2)
    values = {
        m: np.array(sum(own[i] for i in range(10) if m >> i & 1)) for m in coalitions(10, joins)
    }
    found = sampled(values, joins)
    np.testing.assert_allclose(found.value, own, atol=1e-12)
    np.testing.assert_allclose(found.error, 0, atol=1e-12)


def test_the_error_of_sampled_orders_covers_the_truth():
    """Majority of nine: 1/9 each. 24 pairs; a miss by more than five errors is no chance (< 1e-4)."""
    n = 9
    everyone = game(n, lambda who: float(len(who) > n / 2) * (1 + (0 in who)))
    truth = exact(everyone).value
    joins = orders(n, 24, seed=5)
    found = sampled({m: everyone[m] for m in coalitions(n, joins)}, joins)
    assert (found.error[1:] > 0).all()
    assert (np.abs(found.value - truth) <= 5 * found.error + 1e-12).all()
    assert found.value.sum() == pytest.approx(everyone[-1] - everyone[0])
