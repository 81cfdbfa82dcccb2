"""Baselines against what theory says of them, and against a look into the future."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.forecast.baselines import forecasts
from caudal.forecast.baselines_counts import Counts, gaussian
from caudal.forecast.baselines_walk import PLAIN, Walk

pytestmark = pytest.mark.known_answer

ORIGIN, NATIONS = 60, 4


def made(months: int = 80, seed: int = 0) -> Counts:
    """Random walks of the log: four nationalities, counted in full from month 27."""
    rng = np.random.default_rng(seed)
    full = np.exp(7 + rng.normal(0, 0.2, (months, NATIONS)).cumsum(0))
    part, total = 0.8 * full, full.sum(1)
    full[:27] = np.nan
    return Counts(total, full, part)


def test_the_walks_spread_grows_with_the_root_of_the_horizon():
    logs = made().until(ORIGIN).logs()
    mean, sd = PLAIN.ahead(logs, 12)
    np.testing.assert_allclose(mean, np.repeat(logs[:, -1:], 12, 1))
    np.testing.assert_allclose(sd, sd[:, :1] * np.sqrt(np.arange(1, 13)))
    draws = gaussian(mean, sd, 400, np.random.default_rng(1))
    # margins are met exactly but for the tails beyond the 400th part: no statistical tolerance
    np.testing.assert_allclose(draws.mean(-1), mean, rtol=1e-6)
    np.testing.assert_allclose(draws.std(-1), sd, rtol=0.01)


def test_a_walk_of_volatility_one_without_reversion_is_the_plain_walk():
    logs = made().until(ORIGIN).logs()
    for one, plain in zip(Walk(1.0, 0.0, 36).ahead(logs, 12), PLAIN.ahead(logs, 12), strict=True):
        np.testing.assert_array_equal(one, plain)


def test_a_reverting_walk_ends_at_its_mean_with_its_stationary_spread():
    logs = made().until(ORIGIN).logs()
    walk = Walk(0.8, 0.3, 12)
    mean, sd = walk.ahead(logs, 200)
    np.testing.assert_allclose(mean[:, -1], logs[:, -12:].mean(1))
    # variance of a first-order autoregression with coefficient 0.7
    steps = 0.8 * PLAIN.ahead(logs, 1)[1][:, 0]
    np.testing.assert_allclose(sd[:, -1], steps / np.sqrt(1 - 0.7**2))


def test_counts_before_the_full_count_are_carried_back_by_those_between_ports():
    counts = made()
    np.testing.assert_allclose(
        np.diff(counts.logs()[:NATIONS, :28], axis=1),
        np.diff(np.log1p(counts.between_ports[:28].T), axis=1),
    )


def test_nothing_after_the_origin_changes_a_forecast():
    counts, other = made(), made()
    for values in (other.total, other.nationality, other.between_ports):
        values[ORIGIN + 1 :] *= 3.0
    first, second = forecasts(counts, ORIGIN), forecasts(other, ORIGIN)
    for name, draws in first.items():
        assert draws.shape == (NATIONS + 1, 12, 400)
        np.testing.assert_array_equal(draws, second[name], err_msg=name)
