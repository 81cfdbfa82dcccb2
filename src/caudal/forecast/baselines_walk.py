"""Random walks of the log, plain and tuned, in closed form.

    x_{t+1} = x_t + ρ (μ − x_t) + v σ ε,    ε ~ N(0, 1)

x is log1p of the count, σ the series' volatility, μ its trailing mean. Plain: v = 1, ρ = 0. From
the origin, h months on, x is normal with mean μ + (x − μ)(1 − ρ)^h and variance
(v σ)² Σ_{k<h} (1 − ρ)^{2k}.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caudal.forecast.baselines_counts import volatility


@dataclass(frozen=True)
class Walk:
    """A random walk that may revert.

    volatility  v, times the series' own; reversion  ρ, share of the way to the mean per month;
    window      months of the trailing mean
    """

    volatility: float = 1.0
    reversion: float = 0.0
    window: int = 12

    def mean(self, logs: np.ndarray) -> np.ndarray:
        """The slow mean μ at the last month of `logs` (series, month), (series,)."""
        return np.nanmean(logs[:, -self.window :], axis=1)

    def ahead(self, logs: np.ndarray, horizons: int) -> tuple[np.ndarray, np.ndarray]:
        """Mean and sd of the log 1 … `horizons` months after the last month, (series, horizon)."""
        keep = (1 - self.reversion) ** np.arange(horizons + 1)
        mean, last = self.mean(logs)[:, None], logs[:, -1:]
        sd = self.volatility * volatility(logs)[:, None] * np.sqrt(np.cumsum(keep[:-1] ** 2))
        return mean + (last - mean) * keep[1:], sd


PLAIN = Walk()
TUNED = Walk(1.4, 0.1, 24)
"""Chosen by `baselines_tuning.tuned` on outcomes up to September 2021 (0.92 of the plain walk's score
there; they hold the collapse and return of 2020, hence the wide steps)."""
