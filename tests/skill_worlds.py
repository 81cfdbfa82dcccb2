"""Made-up forecasts for the tests of scores: of walks, fair, too sure or too wide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from caudal.forecast import skill
from caudal.forecast.skill import Forecasts

ORIGINS, SERIES, AHEAD, DRAWS = 38, 23, 12, 100
SIZES = np.arange(22.0)[::-1] ** 2 + 50


def world(sure: float = 1.0, mode: str = "blind", seed: int = 0) -> Forecasts:
    """Logs that walk by 0.3 a month from 1000; the walk is therefore the perfect forecast.

    sure  how many times too narrow the corridor's own draws are; "wide" is a baseline twice too wide
    """
    rng = np.random.default_rng(seed)
    path = np.log(1000) + 0.3 * rng.standard_normal((ORIGINS + AHEAD, SERIES)).cumsum(0)
    last = path[:ORIGINS]
    came = np.stack([path[h : ORIGINS + h] for h in range(1, AHEAD + 1)], 2)
    came[-3:, :, -3:] = np.nan  # not yet counted

    def draws(spread: float) -> np.ndarray:
        steps = rng.standard_normal((ORIGINS, SERIES, AHEAD, DRAWS)).cumsum(2)
        return (last[:, :, None, None] + 0.3 * spread * steps).astype(np.float32)

    methods = {"caudal": draws(1 / sure), "log_random_walk": draws(1.0), "wide": draws(2.0)}
    return Forecasts(mode, methods, came, last, *skill.nationality_targets(SIZES))


def first(part: Forecasts, months: int) -> Forecasts:
    """The same with its first horizons only."""
    draws = {name: values[:, :, :months] for name, values in part.draws.items()}
    return replace(part, draws=draws, came=part.came[:, :, :months])


def small_tables() -> dict[str, pd.DataFrame]:
    """All tables of few origins and draws: a fair forecast blind, one that is too sure aware."""
    parts = []
    for sure, mode in ((1.0, "blind"), (2.5, "aware")):
        part = world(sure, mode)
        draws = {name: values[:14, ..., :40] for name, values in part.draws.items()}
        parts.append(replace(part, draws=draws, came=part.came[:14], last=part.last[:14]))
    return skill.tables(parts, {"code_version": "0.1.0", "data_vintage": "sample"})
