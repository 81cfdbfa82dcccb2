"""Constants by leftover weather, against the exact posterior of a linear-Gaussian problem."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.learn.constants import Moved, redraw, weigh

pytestmark = pytest.mark.known_answer

MEMBERS, MONTHS = 400, 60


def leftover(slope: float, shift: float, seed: int = 0) -> tuple[np.ndarray, list[np.ndarray]]:
    """Innovations that are linear in the first of two constants; the second does nothing."""
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((2, MEMBERS))
    return z, [
        shift + slope * z[:1] + 0.3 * rng.standard_normal((1, MEMBERS)) for _ in range(MONTHS)
    ]


def test_posterior_is_that_of_the_linear_model():
    # innovations a + g z that must be N(0, 1): precision 1 + n g², mean −n g a / precision
    slope, shift = 0.5, 0.25
    moved = weigh(*leftover(slope, shift), ("acts", "inert"))
    precision = 1 + MONTHS * slope**2
    assert moved.sd[0] == pytest.approx(precision**-0.5, rel=0.02)
    # each month's slope is known to 0.3 / √members, so the mean is too, within a few of these
    assert moved.mean[0] == pytest.approx(-MONTHS * slope * shift / precision, abs=0.02)


def test_an_inert_constant_is_left_alone():
    # false alarm: 1 % over all months by construction of the threshold; seeds are fixed
    for seed in range(20):
        moved = weigh(*leftover(0.5, 0.25, seed), ("acts", "inert"))
        assert moved.mean[1] == pytest.approx(0.0, abs=0.01)
        assert moved.sd[1] == pytest.approx(1.0, abs=0.01)


def test_a_common_shock_counts_once():
    rng = np.random.default_rng(1)
    z = rng.standard_normal((1, MEMBERS))
    cells = [np.repeat(0.4 * z, 5, 0) + 0.1 * rng.standard_normal((5, MEMBERS))]
    alone = weigh(z, cells, ("acts",), common=0.0)
    shared = weigh(z, cells, ("acts",), common=0.99)
    assert alone.sd[0] == pytest.approx((1 + 5 * 0.16) ** -0.5, rel=0.02)
    assert shared.sd[0] == pytest.approx((1 + 0.16) ** -0.5, rel=0.02)


def test_members_keep_their_place():
    z = {"a": np.linspace(-2, 2, 9), "b": np.zeros(9)}
    moved = redraw(z, Moved(("a",), np.array([1.0]), np.array([[0.25]])))
    np.testing.assert_allclose(moved["a"], 1 + 0.5 * z["a"])
    assert moved["b"] is z["b"]
