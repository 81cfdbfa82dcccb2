"""Scores of forecasts given as draws: weighted interval score, coverage, ratios with intervals.

The score itself is scoringrules' `weighted_interval_score`; here are the standard quantile levels
of the forecast hubs and the bootstrap of a ratio of means by blocks of origins.
"""

from __future__ import annotations

import numpy as np

LEVELS = np.array([0.01, 0.025, *np.round(np.arange(0.05, 0.96, 0.05), 3), 0.975, 0.99])
"""Quantile levels of the US forecast hubs."""


def weighted_interval_score(observed: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """WIS of Bracher et al. (2021) from draws (…, draw) against observed (…), lower is better."""
    import scoringrules

    below = LEVELS[LEVELS < 0.5]
    low = np.moveaxis(np.quantile(draws, below, axis=-1), 0, -1)
    high = np.moveaxis(np.quantile(draws, 1 - below, axis=-1), 0, -1)
    return scoringrules.weighted_interval_score(
        observed, np.median(draws, -1), low, high, 2 * below, 0.5, below
    )


def covered(observed: np.ndarray, draws: np.ndarray, share: float) -> np.ndarray:
    """Whether the central interval of that share holds the observed value."""
    low, high = np.quantile(draws, [(1 - share) / 2, (1 + share) / 2], axis=-1)
    return (observed >= low) & (observed <= high)


def ratio(
    ours: np.ndarray, theirs: np.ndarray, block: int = 6, times: int = 2000, seed: int = 0
) -> tuple[float, float, float]:
    """Ratio of mean scores, and its 90 % interval by circular block bootstrap over origins.

    ours, theirs: (origin, target) scores.
    """
    rng = np.random.default_rng(seed)
    n = len(ours)
    starts = rng.integers(0, n, (times, -(-n // block)))
    rows = (starts[..., None] + np.arange(block)).reshape(times, -1)[:, :n] % n
    spread = ours[rows].mean((1, 2)) / theirs[rows].mean((1, 2))
    low, high = np.quantile(spread, [0.05, 0.95])
    return float(ours.mean() / theirs.mean()), float(low), float(high)
