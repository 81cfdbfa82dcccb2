"""The regressions of scripts/bargain.py on a posterior that is known exactly.

False alarms: each mean may miss by four of its standard errors (1 in 16,000 a number).
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from bargain import coefficients, compare, fit, left_out
from bargain_parts import Part

pytestmark = [pytest.mark.known_answer, pytest.mark.slow]

ERROR = 0.5
RNG = np.random.default_rng(3)
X = np.stack([np.ones(40), RNG.standard_normal(40), np.zeros(40)])
Y = np.array([1.0, -2.0, 0.0]) @ X + ERROR * RNG.standard_normal(40)


def regression(*columns: int) -> Part:
    x = X[list(columns)]

    def each(b):
        return -0.5 * ((Y - b @ x) / ERROR) ** 2 - np.log(ERROR) - 0.5 * jnp.log(2 * jnp.pi)

    return Part("known", "the level", {f"b{i}": (0.5, 2.0) for i in columns}, each)


def exact(x, y):
    precision = x @ x.T / ERROR**2 + np.eye(len(x)) / 4.0
    mean = np.linalg.solve(precision, x @ y / ERROR**2 + 0.5 / 4.0)
    return mean, np.linalg.inv(precision)


def test_posterior_contraction_and_score_of_a_normal_regression():
    part, bare = regression(0, 1, 2), regression(0)
    drawn, plain = fit(part, 1, 2000), fit(bare, 1, 2000)
    mean, cov = exact(X, Y)
    sd = np.sqrt(np.diag(cov))
    assert (np.abs(drawn.values.mean(0) - mean) < 4 * sd / np.sqrt(drawn.ess)).all()
    np.testing.assert_allclose(drawn.values.std(0), sd, rtol=0.06)
    assert (drawn.rhat < 1.02).all()
    rows = coefficients(part, drawn)
    assert [r["verdict"] for r in rows] == ["informed", "informed", "not informed"]
    for i in (0, 1):
        assert rows[i]["contraction"] == pytest.approx(1 - (sd[i] / 2.0) ** 2, abs=0.01)

    out = []  # each point by the exact posterior of all others
    for i in range(len(Y)):
        others = np.arange(len(Y)) != i
        m, c = exact(X[:, others], Y[others])
        var = X[:, i] @ c @ X[:, i] + ERROR**2
        out.append(-0.5 * (Y[i] - X[:, i] @ m) ** 2 / var - 0.5 * np.log(2 * np.pi * var))
    np.testing.assert_allclose(left_out(part, drawn), out, atol=0.1)
    assert compare(part, drawn, bare, plain)["verdict"] == "predicts better"
