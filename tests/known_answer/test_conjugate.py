"""Errors of counts against exact distributions: Poisson, and Poisson with a gamma-drawn rate.

`errors` gives the log of a count, plus ten, the error sqrt(floor² + 2 / (x + 10)), and a little for
rounding and revisions. That is the spread of a count whose variance is 2 (x + 10) + floor² (x + 10)²:
a gamma–Poisson mixture (negative binomial), twice a Poisson's variance where counts are small, `floor`
of the count where large.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from caudal.corridor.errors import DISPERSION, ERRORS, FEW, log_error

pytestmark = pytest.mark.known_answer


def log_few(x: np.ndarray | float) -> np.ndarray:
    return np.log(np.asarray(x) + FEW)


SIZES = [5, 30, 100, 1_000, 10_000, 100_000]


def mixed(mean: np.ndarray | float, floor: float):
    """Gamma–Poisson counts of that mean, as overdispersed as the error says."""
    variance = DISPERSION * (mean + FEW) + floor**2 * (mean + FEW) ** 2
    shape = mean**2 / (variance - mean)
    return stats.nbinom(shape, shape / (shape + mean))


def log_spread(counts) -> tuple[float, float]:
    """Exact mean and sd of the log of a count plus a few."""
    x = np.arange(int(counts.ppf(1 - 1e-12)) + 2)
    p, log = counts.pmf(x), log_few(x)
    mean = float(p @ log)
    return mean, float(np.sqrt(p @ (log - mean) ** 2))


@pytest.mark.parametrize("name", ["in_care", "nationality_unit"])
@pytest.mark.parametrize("size", SIZES)
def test_the_error_is_that_of_a_gamma_poisson_count(size, name):
    mean, sd = log_spread(mixed(float(size), ERRORS[name].floor))
    error = float(log_error(name, size))
    # 16 % too wide for a handful of people, within 1 % from thirty up
    assert sd == pytest.approx(error, rel=0.01 if size >= 30 else 0.17)
    # logs of counts lean low (Jensen): by half their variance, so by half of error² at most
    assert -0.75 * error**2 < mean - np.log(size + FEW) < 0


@pytest.mark.parametrize("size", SIZES)
def test_no_count_is_taken_for_surer_than_a_poisson_count(size):
    _, sd = log_spread(stats.poisson(size))
    assert sd < 0.72 * float(log_error("in_care", size))


@pytest.mark.parametrize("name", ["in_care", "nationality_unit"])
@pytest.mark.parametrize("count", SIZES)
def test_a_count_moves_a_normal_prior_as_far_as_bayes_would(count, name):
    # prior of the log of the rate normal, sd 0.5; once by the exact likelihood on a grid, once as
    # the smoother does: normal error of the log of the count plus ten, its slope at the prior's mode
    prior = stats.norm(np.log(count) + 0.3, 0.5)
    theta = np.linspace(prior.ppf(1e-9), prior.ppf(1 - 1e-9), 20_001)
    weight = prior.pdf(theta) * mixed(np.exp(theta), ERRORS[name].floor).pmf(count)
    weight /= weight.sum()
    mean = float(weight @ theta)
    sd = float(np.sqrt(weight @ (theta - mean) ** 2))

    error = float(log_error(name, count))
    at = prior.mean()
    for _ in range(20):
        slope = np.exp(at) / (np.exp(at) + FEW)
        precision = slope**2 / error**2 + 1 / prior.var()
        gap = log_few(np.float64(count)) - log_few(np.exp(at))
        at += (slope * gap / error**2 + (prior.mean() - at) / prior.var()) / precision
    assert abs(at - mean) < 0.2 * sd
    # a handful of people: the normal error says up to a fifth less than the count does, never more
    assert 0.95 < precision**-0.5 / sd < (1.05 if count >= 30 else 1.2)


def test_a_gamma_prior_gives_the_conjugate_posterior():
    # Poisson counts alone: rate ~ Gamma(a, 1) and a count x give Gamma(a + x, 2); normal in the log
    # with error x^-½ (the formula's Poisson part, without the factor two that stands for clustering)
    a, x = 900.0, 1_000
    exact = stats.gamma(a + x, scale=0.5)
    prior_sd, error = a**-0.5, x**-0.5
    precision = prior_sd**-2 + error**-2
    mean = (np.log(a) * prior_sd**-2 + np.log(x) * error**-2) / precision
    draws = np.log(exact.ppf((np.arange(4000) + 0.5) / 4000))
    assert mean == pytest.approx(draws.mean(), abs=0.1 * draws.std())
    assert precision**-0.5 == pytest.approx(draws.std(), rel=0.01)
