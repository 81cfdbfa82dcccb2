"""Scores of forecasts given as draws, and intervals of their means by blocks of origins.

The scores themselves are scoringrules'; here are their settings (the forecast hubs' quantile levels,
the density behind the log score, what counts as a turning point) and what holds for all of them: an
outcome or a forecast that is missing gives NaN, which every mean leaves out.
"""

from __future__ import annotations

from functools import cache

import numpy as np

LEVELS = np.array([0.01, 0.025, *np.round(np.arange(0.05, 0.96, 0.05), 3), 0.975, 0.99])
"""Quantile levels of the US forecast hubs."""
BLOCK, TIMES = 6, 2000
"""Origins in a row that are drawn together, and resamples. Neighbouring forecasts err alike."""
LEAST_SD = 0.01
"""Least spread of the density behind the log score (assumed): published counts are revised by about
a hundredth, so no forecast can be surer; without it, draws that are all alike score infinity."""


def weighted_interval_score(observed: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """WIS from draws (…, draw) against observed (…), lower is better; about the CRPS.

    WIS = (|y − median| / 2 + Σ α/2 · IS) / (K + 1/2) over the K = 11 central intervals of LEVELS,
    IS = width + 2/α · (how far y lies outside).

    Bracher, Ray, Gneiting, Reich (2021), PLOS Computational Biology 17(2), e1008618.
    """
    import scoringrules

    below = LEVELS[LEVELS < 0.5]
    low = np.moveaxis(np.quantile(draws, below, axis=-1), 0, -1)
    high = np.moveaxis(np.quantile(draws, 1 - below, axis=-1), 0, -1)
    with np.errstate(invalid="ignore"):  # what is missing is dealt with below
        score = scoringrules.weighted_interval_score(
            observed, np.median(draws, -1), low, high, 2 * below, 0.5, below
        )
    return _where_there(observed, draws, np.asarray(score))


def crps(observed: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """CRPS of the draws' empirical distribution: E|X − y| − E|X − X′| / 2; lower is better.

    Gneiting, Raftery (2007), J. Am. Stat. Assoc. 102(477), 359–378.
    """
    import scoringrules

    score = scoringrules.crps_ensemble(observed, draws, estimator="qd")
    return _where_there(observed, draws, np.asarray(score))


def log_score(observed: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Minus the log of the density at the outcome, in nats; lower is better.

    The density is a normal with the draws' mean and standard deviation (at least LEAST_SD), to be used
    on the log scale: a kernel density of some hundred draws has no tails, and one count beyond the
    last draw would then decide the mean. It is proper for mean and variance (it ranks as the
    Dawid–Sebastiani score does) and blind to skewness.
    """
    import scoringrules

    sd = np.maximum(draws.std(-1, ddof=1), LEAST_SD)
    score = scoringrules.logs_normal(observed, draws.mean(-1), sd)
    return _where_there(observed, draws, np.asarray(score))


def energy_score(observed: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Energy score E‖X − y‖ − E‖X − X′‖ / 2 over series, (…, series) and (…, series, draw) → (…).

    Sees whether draws move together as the outcomes do. One missing series makes it missing.
    Gneiting, Raftery (2007), section 4.3. By SciPy's distances: scoringrules' own (the tests compare
    them) keeps the memory of every pair of draws.
    """
    from scipy.spatial.distance import cdist, pdist

    there = np.isfinite(observed).all(-1) & np.isfinite(draws).all((-2, -1))
    score = np.full(there.shape, np.nan)
    for cell in map(tuple, np.argwhere(there)):
        cloud = draws[cell].T.astype(np.float64)
        pairs = pdist(cloud).sum() / len(cloud) ** 2  # each pair once, so E‖X − X′‖ / 2
        score[cell] = cdist(cloud, observed[cell][None]).mean() - pairs
    return score


def covered(observed: np.ndarray, draws: np.ndarray, share: float) -> np.ndarray:
    """1 where the central interval of that share holds the observed value, 0 where not."""
    low, high = np.quantile(draws, [(1 - share) / 2, (1 + share) / 2], axis=-1)
    return _where_there(observed, draws, ((observed >= low) & (observed <= high)).astype(float))


def pit(observed: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Probability integral transform: share of draws below the outcome, half of those equal to it.

    Uniform if the forecast is calibrated; a hump says too wide, a trough too narrow.
    Dawid (1984), J. R. Stat. Soc. A 147(2), 278–292.
    """
    seen = observed[..., None]
    return _where_there(observed, draws, (draws < seen).mean(-1) + (draws == seen).mean(-1) / 2)


def turned(last: np.ndarray, later: np.ndarray, up: bool, by: float = 0.3) -> np.ndarray:
    """1 where a count rose (or fell) by the share `by` or more of what it last was, 0 where not.

    last, later  log1p of counts of shapes that broadcast; 30 % is the bar that issue and design set
    """
    before, after = np.expm1(last), np.expm1(later)
    there = np.isfinite(before) & np.isfinite(after) & (before > 0)
    # a hair of slack: exp and log1p of a count do not return it to the last bit
    hair = 1e-9 * np.abs(before)
    hit = after >= (1 + by) * before - hair if up else after <= (1 - by) * before + hair
    return np.where(there, hit, np.nan)


def ratio(
    ours: np.ndarray, theirs: np.ndarray, block: int = BLOCK, times: int = TIMES, seed: int = 0
) -> tuple[float, float, float]:
    """Ratio of mean scores, and its 90 % interval by circular block bootstrap over origins.

    ours, theirs  scores (origin, …) of the same cells; only cells that both have are compared

    Politis, Romano (1992), in LePage, Billard (eds.), Exploring the Limits of Bootstrap, 263–270.
    """
    both = np.isfinite(ours) & np.isfinite(theirs)
    return _of_sums(
        np.where(both, ours, 0), np.where(both, theirs, 0), both, 0.9, block, times, seed
    )


def mean(
    values: np.ndarray, level: float = 0.9, block: int = BLOCK, times: int = TIMES, seed: int = 0
) -> tuple[float, float, float]:
    """Mean of values (origin, …), and its interval by the same bootstrap."""
    there = np.isfinite(values)
    return _of_sums(
        np.where(there, values, 0), there.astype(float), there, level, block, times, seed
    )


def _of_sums(
    above: np.ndarray, below: np.ndarray, there: np.ndarray,
    level: float, block: int, times: int, seed: int,
) -> tuple[float, float, float]:  # fmt: skip
    """Quotient of two sums over origins and cells, and its interval; NaN where nothing is there."""
    n = len(above)
    kept = there.reshape(n, -1).any(1)
    if not kept.any():
        return np.nan, np.nan, np.nan
    a, b = above.reshape(n, -1).sum(1)[kept], below.reshape(n, -1).sum(1)[kept]
    rows = resamples(len(a), block, times, seed)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = np.quantile(a[rows].sum(1) / b[rows].sum(1), [(1 - level) / 2, (1 + level) / 2])
        return float(a.sum() / b.sum()), float(low), float(high)


@cache
def resamples(n: int, block: int = BLOCK, times: int = TIMES, seed: int = 0) -> np.ndarray:
    """Row numbers of resampled origins, (times, n): blocks in a row, the last joined to the first."""
    rng = np.random.default_rng(seed)
    starts = rng.integers(0, n, (times, -(-n // block)))
    return (starts[..., None] + np.arange(block)).reshape(times, -1)[:, :n] % n


def _where_there(observed: np.ndarray, draws: np.ndarray, score: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(observed) & np.isfinite(draws).all(-1), score, np.nan)
