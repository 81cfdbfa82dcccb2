"""The sampler of scripts/bargain.py on posteriors that are known exactly.

False alarms: each mean may miss by four of its standard errors (1 in 16,000 a number).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
from metropolis import sample

pytestmark = pytest.mark.known_answer


def test_a_normal_regression_with_a_normal_prior():
    rng = np.random.default_rng(3)
    x = np.stack([np.ones(40), rng.standard_normal(40), rng.standard_normal(40)])
    y = np.array([1.0, -2.0, 0.5]) @ x + 0.5 * rng.standard_normal(40)
    precision = x @ x.T / 0.25 + np.eye(3) / 4.0
    mean = np.linalg.solve(precision, x @ y / 0.25)
    sd = np.sqrt(np.diag(np.linalg.inv(precision)))

    def density(b):
        return -0.5 * ((y - b @ x) ** 2).sum(1) / 0.25 - 0.5 * (b**2).sum(1) / 4.0

    drawn = sample(density, np.zeros(3), seed=1)
    error = sd / np.sqrt(drawn.ess)
    assert (np.abs(drawn.values.mean(0) - mean) < 4 * error).all()
    np.testing.assert_allclose(drawn.values.std(0), sd, rtol=0.05)
    assert (drawn.rhat < 1.05).all()
    assert (drawn.ess > 1000).all()


def test_a_skewed_density():
    """log of a gamma(3) variable: its mean is digamma(3) = 0.92278, its variance 0.39493."""
    drawn = sample(lambda x: (3 * x - np.exp(x))[:, 0], np.zeros(1), seed=2)
    assert abs(drawn.values.mean() - 0.92278) < 4 * np.sqrt(0.39493 / drawn.ess[0])
    assert drawn.values.var() == pytest.approx(0.39493, rel=0.06)


def test_the_same_seed_gives_the_same_draws():
    one, two, other = (
        sample(lambda x: -0.5 * (x**2).sum(1), np.zeros(2), seed=s, steps=100).values
        for s in (5, 5, 6)
    )
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, other)
