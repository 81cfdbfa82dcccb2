"""Baselines from a series' own past by statsforecast, and their ensemble.

Seasonal naive (last year's month again), AutoARIMA, AutoETS and AutoTheta on log1p counts with a
season of twelve months; a predictive is taken as normal, its sd read off the 90 % interval. Series
begin where they are counted (`Counts.logs`).
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from scipy.stats import norm

from caudal.forecast.baselines_counts import ranks

SEASON = 12
LEVEL = 90


def models() -> dict[str, Any]:
    """The library's models by name."""
    from statsforecast.models import AutoARIMA, AutoETS, AutoTheta, SeasonalNaive

    return {
        "seasonal_naive": SeasonalNaive(season_length=SEASON),
        "auto_arima": AutoARIMA(season_length=SEASON),
        # on the log scale errors and seasons add: multiplied errors gave intervals of ninety logs
        # for a series near 0, and a multiplied season fails where log1p is 0
        "auto_ets": AutoETS(season_length=SEASON, model="AZZ"),
        "auto_theta": AutoTheta(season_length=SEASON, decomposition_type="additive"),
    }


def ahead(model: Any, logs: np.ndarray, horizons: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and sd of the log, (series, horizon), one model after the other fitted to each series."""
    means, sds = [], []
    for row in logs:
        past = row[~np.isnan(row)]
        with warnings.catch_warnings():
            # AutoARIMA tries orders that do not converge; those lose
            warnings.filterwarnings("ignore", "possible convergence problem")
            told = model.forecast(y=past, h=horizons, level=[LEVEL])
        width = told[f"hi-{LEVEL}"] - told[f"lo-{LEVEL}"]
        means.append(told["mean"])
        sds.append(width / (2 * norm.ppf((1 + LEVEL / 100) / 2)))
    return np.stack(means).astype(float), np.stack(sds).astype(float)


def ensemble(members: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Equal weight: the average of the members' quantiles, in draws (series, horizon, draw)."""
    middle = np.mean([np.sort(member, axis=-1) for member in members], axis=0)
    order = ranks(middle[..., 0], middle.shape[-1], rng)
    return np.take_along_axis(middle, order, axis=-1)
