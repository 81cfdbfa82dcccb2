"""Scores against published formulas, values worked out by hand, and the library's own twins."""

from __future__ import annotations

import numpy as np
import pytest
import scoringrules
from scipy.stats import kstest, norm

from caudal.forecast.score import (
    LEVELS,
    covered,
    crps,
    energy_score,
    log_score,
    mean,
    pit,
    ratio,
    turned,
    weighted_interval_score,
)

pytestmark = pytest.mark.known_answer

NORMAL = norm.ppf((np.arange(4000) + 0.5) / 4000)
"""A standard normal as evenly spaced draws."""
UNIFORM = np.linspace(0, 1, 100_001)


def test_levels_are_those_of_the_hubs():
    assert len(LEVELS) == 23
    np.testing.assert_allclose(LEVELS + LEVELS[::-1], 1.0)


def test_crps_of_a_standard_normal():
    # Gneiting & Raftery (2007), eq. 21, at y = 0: (√2 − 1) / √π = 0.2337; at y = 1: 0.6024
    found = crps(np.array([0.0, 1.0]), np.stack([NORMAL, NORMAL]))
    by_formula = 1 * (2 * norm.cdf(1) - 1) + 2 * norm.pdf(1) - 1 / np.sqrt(np.pi)
    np.testing.assert_allclose(found, [(np.sqrt(2) - 1) / np.sqrt(np.pi), by_formula], atol=2e-4)
    np.testing.assert_allclose(found, [0.2337, 0.6024], atol=3e-4)


def test_crps_of_a_uniform():
    # ∫ (F − 1{y ≤ x})² dx = y³/3 + (1 − y)³/3: 1/12 in the middle, 1/3 at the end
    found = crps(np.array([0.5, 1.0]), np.stack([UNIFORM, UNIFORM]))
    np.testing.assert_allclose(found, [1 / 12, 1 / 3], atol=1e-4)


def test_a_point_forecast_scores_its_absolute_error():
    # all quantiles equal: every interval has no width and misses by the same, WIS = |y − x|
    draws = np.full((2, 50), 3.0)
    np.testing.assert_allclose(weighted_interval_score(np.array([5.0, 3.0]), draws), [2.0, 0.0])


def test_wis_of_a_uniform_by_hand():
    # quantile(p) = p on [0, 1]. Observed 0.5 lies in all intervals: only their widths count.
    # Observed 1.5 lies 1.5 − (1 − α/2) above each: Bracher et al. (2021), eq. 1 and 2.
    alpha = 2 * LEVELS[LEVELS < 0.5]
    inside = (alpha / 2 * (1 - alpha)).sum() / 11.5
    outside = (0.5 * 1 + (alpha / 2 * (1 - alpha + 2 / alpha * (0.5 + alpha / 2))).sum()) / 11.5
    found = weighted_interval_score(np.array([0.5, 1.5]), np.stack([UNIFORM, UNIFORM]))
    np.testing.assert_allclose(found, [inside, outside], rtol=1e-4)
    # and the second one all the way: 0.5 + Σ (α/2 − α²/2 + 0.5 + α/2) = 0.5 + 5.5 + Σ α − Σ α²/2,
    # Σ α = 2 (0.01 + 0.025 + 2.25) = 4.57, Σ α² = 4 (0.0001 + 0.000625 + 0.7125) = 2.8529
    assert found[1] == pytest.approx((6 + 4.57 - 1.42645) / 11.5, rel=1e-4)


def test_wis_is_twice_the_mean_pinball_loss():
    # Bracher et al. (2021), S1: the same score from quantiles, 2/23 Σ (1{y ≤ q} − τ)(q − y)
    rng = np.random.default_rng(0)
    draws, seen = rng.gamma(2.0, size=(40, 300)), rng.gamma(2.0, size=40)
    q = np.quantile(draws, LEVELS, axis=-1)
    pinball = ((seen <= q) - LEVELS[:, None]) * (q - seen)
    np.testing.assert_allclose(weighted_interval_score(seen, draws), 2 * pinball.mean(0))


def test_log_score_of_a_normal():
    # −log φ(1) = log(2π)/2 + 1/2 = 1.4189; draws that are all alike count as sd 0.01, not as certain
    found = log_score(np.array([1.0, 3.0]), np.stack([NORMAL, np.full(4000, 3.0)]))
    np.testing.assert_allclose(found, [1.4189385, 0.9189385 + np.log(0.01)], atol=2e-3)


def test_energy_score_in_one_dimension_is_the_crps():
    rng = np.random.default_rng(1)
    draws, seen = rng.standard_normal((5, 1, 60)), rng.standard_normal((5, 1))
    np.testing.assert_allclose(energy_score(seen, draws), crps(seen[:, 0], draws[:, 0]))


def test_energy_score_is_the_librarys_and_sees_what_moves_together():
    rng = np.random.default_rng(2)
    seen = rng.standard_normal(200)[:, None] + np.zeros(3)  # three series that move as one
    together = rng.standard_normal((200, 1, 80)) + np.zeros((1, 3, 1))
    apart = rng.standard_normal((200, 3, 80))
    twin = scoringrules.es_ensemble(seen[0], together[0].T, backend="numpy")
    assert energy_score(seen[:1], together[:1])[0] == pytest.approx(float(twin))
    # each series alone is forecast as well by either
    assert energy_score(seen, together).mean() < 0.97 * energy_score(seen, apart).mean()


def test_pit_of_a_calibrated_forecast_is_uniform():
    rng = np.random.default_rng(3)
    values = pit(rng.standard_normal(2000), np.broadcast_to(NORMAL, (2000, 4000)))
    assert kstest(values, "uniform").pvalue > 0.001  # false alarm: 1 in 1000 seeds
    narrow = pit(rng.standard_normal(2000), np.broadcast_to(NORMAL / 2, (2000, 4000)))
    assert kstest(narrow, "uniform").pvalue < 0.001
    # ties count half
    np.testing.assert_array_equal(pit(np.array([1.0]), np.array([[0.0, 1.0, 1.0, 2.0]])), [0.5])


def test_turning_points_by_hand():
    last, later = np.log1p([100.0, 100, 100, 0]), np.log1p([130.0, 129, 70, 5])
    np.testing.assert_array_equal(turned(last, later, up=True), [1, 0, 0, np.nan])
    np.testing.assert_array_equal(turned(last, later, up=False), [0, 0, 1, np.nan])


def test_coverage_by_hand():
    draws = np.linspace(0, 1, 101)[None].repeat(3, 0)
    np.testing.assert_array_equal(covered(np.array([0.5, 0.2, 0.99]), draws, 0.5), [1, 0, 0])
    np.testing.assert_array_equal(covered(np.array([0.5, 0.2, 0.99]), draws, 0.9), [1, 1, 0])


@pytest.mark.parametrize("score", [weighted_interval_score, crps, log_score, pit])
def test_what_is_missing_has_no_score(score):
    draws = np.stack([NORMAL[::40]] * 3)
    draws[1, 7] = np.nan
    found = score(np.array([0.1, 0.1, np.nan]), draws)
    np.testing.assert_array_equal(np.isnan(found), [False, True, True])
    joint = energy_score(np.array([[0.1, 0.2], [0.1, np.nan]]), np.stack([draws[[0, 0]]] * 2))
    np.testing.assert_array_equal(np.isnan(joint), [False, True])


def test_ratio_of_means_and_what_only_one_has():
    ours = np.full((12, 2), 2.0)
    assert ratio(ours, np.full((12, 2), 4.0)) == (0.5, 0.5, 0.5)
    theirs = np.full((12, 2), 4.0)
    ours[3], theirs[5, 1] = 1000.0, np.nan
    theirs[3] = np.nan  # the outlier has no partner and drops out
    assert ratio(ours, theirs) == (0.5, 0.5, 0.5)
    assert np.isnan(ratio(ours, theirs * np.nan)).all()


def test_bootstrap_draws_blocks_in_a_circle():
    values = np.arange(6.0)[:, None]
    # as many origins as a block is long: each resample is a rotation, with the same mean
    assert mean(values, block=6) == (2.5, 2.5, 2.5)
    # blocks of one origin: the usual bootstrap, whose sd of the mean is σ/√n = 1.708/√6 = 0.697
    middle, low, high = mean(values, block=1, times=20_000)
    assert middle == 2.5
    assert (high - low) / (2 * 1.645) == pytest.approx(0.697, rel=0.05)
