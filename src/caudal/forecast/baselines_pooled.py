"""Pooled regression with leads: one ridge regression per horizon over all nationalities.

    (y_{t+h} − y_t) / σ = Σ_j b_{h,j} f_{j,t} + error,    b ~ N(0, PRIOR²)

y is log1p of a series' count, σ its volatility, f its features: its last changes, how far it stands
from its mean of twelve months, the last changes of the total, and for every lead (counts further
back on the way) its last changes and how far it stands from its own mean of twelve months. A lead
enters as late as it is published. The total is forecast with the same coefficients, its leads being
the sums. Refitted at every origin on what was known. The spread is the root mean square of the errors
that the same regression would have made from the last two years' origins (fewer while counts are
short), apart for the nationalities and for the total.
"""

from __future__ import annotations

import numpy as np

from caudal.forecast.baselines_counts import Counts, volatility

YEAR = 12
START = 12
"""First month with all features: twelve months of counts before it."""
SCORED = 24
"""Past origins whose errors tell the spread, as many as months tell a volatility."""
FEWEST = 6
"""Months of rows that a regression takes at least, times the number of nationalities."""
FLOOR = 0.1
"""Least volatility that changes are measured in: the log of small counts moves in steps (assumed)."""
PRIOR = 0.05
"""Prior sd of a coefficient, monthly volatilities per sd of a feature: the best of `PRIORS` in
`baselines_tuning` on outcomes up to September 2021."""


def features(counts: Counts) -> np.ndarray:
    """Features by (series, month, feature), not yet scaled; NaN where one is not known.

    counts  nothing after the origin
    """
    logs = counts.logs()
    own = [_change(logs, 1), _change(logs, 3), _from_mean(logs)]
    total = np.broadcast_to(logs[-1], logs.shape)
    whole = [_change(total, 1), _change(total, 3)]
    further = []
    for values in counts.leads.values():
        lead = np.log1p(np.concatenate([values.T, values.sum(1)[None]]))
        lead = _late(lead)
        further += [_change(lead, 1), _change(lead, 3), _from_mean(lead)]
    return np.stack([*own, *whole, *further], axis=-1)


def ahead(counts: Counts, horizons: int, prior: float = PRIOR) -> tuple[np.ndarray, np.ndarray]:
    """Mean and sd of the log 1 … `horizons` months after the last month, (series, horizon)."""
    logs = counts.logs()
    origin = logs.shape[1] - 1
    given = features(counts)
    sd = np.maximum(volatility(logs), FLOOR)
    mean, spread = (np.empty((len(logs), horizons)) for _ in range(2))
    for h in range(1, horizons + 1):
        mean[:, h - 1] = logs[:, -1] + sd * predict(logs, given, sd, origin, h, prior)
        past = range(max(START + h + FEWEST, origin - h - SCORED + 1), origin - h + 1)
        errors = np.stack(
            [
                (logs[:, s + h] - logs[:, s]) / sd - predict(logs, given, sd, s, h, prior)
                for s in past
            ]
        )
        spread[:-1, h - 1] = np.sqrt(np.mean(errors[:, :-1] ** 2))
        spread[-1, h - 1] = np.sqrt(np.mean(errors[:, -1] ** 2))
    return mean, spread * sd[:, None]


def least_origin(horizons: int) -> int:
    """The first origin with a past forecast to tell the spread by."""
    return START + FEWEST + 2 * horizons


def predict(
    logs: np.ndarray,
    given: np.ndarray,
    sd: np.ndarray,
    origin: int,
    horizon: int,
    prior: float = PRIOR,
) -> np.ndarray:
    """Expected change from an origin, in volatilities, (series,); learned on months up to it."""
    coefficients, scale = fit(logs, given, sd, origin, horizon, prior)
    return np.nan_to_num(given[:, origin] / scale) @ coefficients


def fit(
    logs: np.ndarray,
    given: np.ndarray,
    sd: np.ndarray,
    origin: int,
    horizon: int,
    prior: float = PRIOR,
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of the scaled features, and their scale, both (feature,).

    Every nationality and month t with START ≤ t and t + horizon ≤ origin is a row; a feature that
    was not known there counts as 0, no change. The ridge is the prior's, with the variance of the
    changes themselves as that of the errors.
    """
    months = slice(START, origin - horizon + 1)
    rows = given[:-1, months].reshape(-1, given.shape[-1])
    target = (logs[:-1, START + horizon : origin + 1] - logs[:-1, months]) / sd[:-1, None]
    known = np.maximum((~np.isnan(rows)).sum(0), 1)
    scale = np.sqrt(np.nansum(rows**2, axis=0) / known)
    scale = np.where(scale > 0, scale, 1.0)
    x, y = np.nan_to_num(rows / scale), target.reshape(-1)
    ridge = np.mean(y**2) / prior**2
    return np.linalg.solve(x.T @ x + ridge * np.eye(x.shape[1]), x.T @ y), scale


def _change(logs: np.ndarray, months: int) -> np.ndarray:
    out = np.full(logs.shape, np.nan)
    out[:, months:] = logs[:, months:] - logs[:, :-months]
    return out


def _from_mean(logs: np.ndarray) -> np.ndarray:
    out = np.full(logs.shape, np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(logs, YEAR, axis=1)
    out[:, YEAR - 1 :] = logs[:, YEAR - 1 :] - windows.mean(-1)
    return out


def _late(logs: np.ndarray) -> np.ndarray:
    """Moved on by as many months as its last ones are missing."""
    counted = np.flatnonzero(~np.isnan(logs).any(0))
    late = logs.shape[1] - 1 - (counted[-1] if len(counted) else 0)
    out = np.full(logs.shape, np.nan)
    out[:, late:] = logs[:, : logs.shape[1] - late]
    return out
