"""Scores against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.forecast.score import LEVELS, covered, ratio, weighted_interval_score

pytestmark = pytest.mark.known_answer


def test_levels_are_those_of_the_hubs():
    assert len(LEVELS) == 23
    np.testing.assert_allclose(LEVELS + LEVELS[::-1], 1.0)


def test_a_point_forecast_scores_its_absolute_error():
    # all quantiles equal: every interval has no width and misses by the same, WIS = |y − x|
    draws = np.full((2, 50), 3.0)
    np.testing.assert_allclose(weighted_interval_score(np.array([5.0, 3.0]), draws), [2.0, 0.0])


def test_a_uniform_forecast_scored_by_hand():
    # quantile(p) = p on [0, 1]; observed 0.5 lies in all intervals: only widths and no misses count
    draws = np.linspace(0, 1, 100_001)[None]
    below = LEVELS[LEVELS < 0.5]
    expected = (0.5 * 0 + (below * (1 - 2 * below)).sum()) / (len(below) + 0.5)
    found = weighted_interval_score(np.array([0.5]), draws)
    np.testing.assert_allclose(found, [expected], rtol=1e-3)


def test_worse_forecasts_score_worse():
    rng = np.random.default_rng(0)
    truth = rng.standard_normal(200)
    sharp = rng.standard_normal((200, 500))
    assert weighted_interval_score(truth, sharp).mean() < (
        weighted_interval_score(truth, sharp + 2).mean()
    )


def test_coverage_and_ratio():
    draws = np.linspace(0, 1, 101)[None].repeat(3, 0)
    np.testing.assert_array_equal(
        covered(np.array([0.5, 0.2, 0.99]), draws, 0.5), [True, False, False]
    )
    ours = np.full((12, 2), 2.0)
    middle, low, high = ratio(ours, np.full((12, 2), 4.0))
    assert (middle, low, high) == (0.5, 0.5, 0.5)
