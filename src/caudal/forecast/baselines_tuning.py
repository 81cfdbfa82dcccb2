"""Settings of the baselines, chosen on the past only.

From every past origin each setting's forecast is scored by WIS on the log scale over nationalities;
a setting's score is the mean over horizons of its mean WIS as a share of the log random walk's, so
that long horizons do not outweigh short ones. While nationalities are not counted in full, forecasts
and outcomes are the counts between ports.

`tuned_walk` and the prior of the pooled regression were chosen once, on outcomes up to September
2021, the month before the first origin that is scored. `rolling_walk` and the fading of policies'
shifts are chosen anew at every origin, on the outcomes known by then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
from scipy.stats import norm

from caudal.forecast import baselines_policy, baselines_pooled
from caudal.forecast.baselines_counts import Counts
from caudal.forecast.baselines_walk import PLAIN, Walk
from caudal.forecast.score import LEVELS

Ahead = Callable[[Counts], tuple[np.ndarray, np.ndarray]]
"""Counts up to an origin → mean and sd of the log, (…, series, horizon)."""

LAST = 50
"""September 2021: no setting that is chosen once may see a later month."""
FIRST = 18
"""First origin tuned on: a year and a half after the first counts between ports."""
HORIZONS = 12

GRID = tuple(
    Walk(round(v, 2), r, w)
    for v, r, w in product(
        np.arange(0.6, 2.01, 0.1).tolist(), (0.0, 0.02, 0.05, 0.08, 0.1, 0.15, 0.2), (12, 24, 36)
    )
)
ROLLING = 36
"""Origins, the last ones, that a choice anew rests on (assumed: three years, as `Walk.window` at
most)."""


def gaussian_wis(came: np.ndarray, mean: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """WIS of normal forecasts by their quantiles, below 0 cut off as in the draws; arrays alike."""
    import scoringrules

    below = LEVELS[LEVELS < 0.5]
    reach = sd[..., None] * norm.ppf(below)
    low, high = (np.maximum(mean[..., None] + side * reach, 0.0) for side in (1, -1))
    middle = np.maximum(mean, 0.0)
    return scoringrules.weighted_interval_score(
        np.broadcast_to(came, mean.shape), middle, low, high, 2 * below, 0.5, below
    )


def outcomes(counts: Counts, origin: int) -> np.ndarray:
    """What the forecasts of an origin are scored on, log scale, (nationality, month)."""
    full = ~np.isnan(counts.nationality[origin]).any()
    return np.log1p(counts.nationality if full else counts.between_ports).T


def scores(counts: Counts, ahead: Ahead, origins: Sequence[int], last: int) -> np.ndarray:
    """WIS by (origin, …, horizon), mean over nationalities; NaN where the month is after `last`."""
    rows = []
    for origin in origins:
        until = min(HORIZONS, last - origin)
        came = outcomes(counts, origin)[:, origin + 1 : origin + 1 + until]
        mean, sd = (a[..., :-1, :until] for a in ahead(counts.until(origin)))
        row = np.full((*mean.shape[:-2], HORIZONS), np.nan)
        row[..., :until] = gaussian_wis(came, mean, sd).mean(-2)
        rows.append(row)
    return np.stack(rows)


def relative(ours: np.ndarray, walk: np.ndarray) -> np.ndarray:
    """Mean over horizons of the ratio of mean scores; (origin, …, horizon) → (…)."""
    scored = ~np.isnan(walk).all(tuple(range(walk.ndim - 1)))
    return (np.nanmean(ours[..., scored], 0) / np.nanmean(walk[..., scored], 0)).mean(-1)


def grid_ahead(counts: Counts) -> tuple[np.ndarray, np.ndarray]:
    """Every walk of the grid ahead, (setting, series, horizon)."""
    logs = counts.logs()
    mean, sd = zip(*(walk.ahead(logs, HORIZONS) for walk in GRID), strict=True)
    return np.stack(mean), np.stack(sd)


def plain_ahead(counts: Counts) -> tuple[np.ndarray, np.ndarray]:
    """The log random walk ahead."""
    return PLAIN.ahead(counts.logs(), HORIZONS)


def walk_scores(counts: Counts, origins: Sequence[int], last: int) -> np.ndarray:
    """Score of every walk of the grid, as a share of the plain one's, (setting,)."""
    plain = scores(counts, plain_ahead, origins, last)
    return relative(scores(counts, grid_ahead, origins, last), plain[:, None])


def tuned(counts: Counts) -> Walk:
    """The walk that was best on outcomes up to September 2021."""
    return GRID[int(walk_scores(counts, range(FIRST, LAST), LAST).argmin())]


def retuned(counts: Counts, origin: int) -> Walk:
    """The walk that was best on the outcomes known at an origin, from the last origins before."""
    origins = range(max(FIRST, origin - ROLLING), origin)
    return GRID[int(walk_scores(counts, origins, origin).argmin())]


PRIORS = (0.02, 0.05, 0.1, 0.2, 0.5)
"""Prior sds tried for the pooled regression's coefficients."""
KEEPS = (1.0, 0.97, 0.95, 0.9, 0.8, 0.7, 0.5)
"""Shares of a policy's shift tried that are left after a month."""


def tuned_prior(counts: Counts) -> dict[float, float]:
    """Score of each prior sd of the pooled regression, from the few origins that have a past."""
    origins = range(baselines_pooled.least_origin(HORIZONS), LAST)
    plain = scores(counts, plain_ahead, origins, LAST)
    return {
        prior: float(
            relative(
                scores(
                    counts,
                    lambda c, prior=prior: baselines_pooled.ahead(c, HORIZONS, prior),
                    origins, LAST,
                ),
                plain,
            )
        )
        for prior in PRIORS
    }  # fmt: skip


def keep_scores(counts: Counts, walk: Walk, origins: Sequence[int], last: int) -> np.ndarray:
    """Score of each fading of a walk with shifts, as a share of the plain walk's, (keep,)."""

    def shifted(given: Counts) -> tuple[np.ndarray, np.ndarray]:
        known, designed = given.calendars()
        told = (
            baselines_policy.ahead(given.logs(), known, designed, HORIZONS, walk, keep)
            for keep in KEEPS
        )
        mean, sd = zip(*told, strict=True)
        return np.stack(mean), np.stack(sd)

    plain = scores(counts, plain_ahead, origins, last)
    return relative(scores(counts, shifted, origins, last), plain[:, None])


def retuned_keep(counts: Counts, origin: int, walk: Walk) -> float:
    """The fading that was best on the outcomes known at an origin, from the last origins before."""
    origins = range(max(FIRST, origin - ROLLING), origin)
    return KEEPS[int(keep_scores(counts, walk, origins, origin).argmin())]
