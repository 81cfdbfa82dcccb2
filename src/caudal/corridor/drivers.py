"""Drivers: outside series that move departures. By day; beyond the last figure, the last is held.

us_job_openings  log of US job openings (BLS) against January 2018, as published by the day asked
hurricane        shape in time of Eta and Iota (November 2020) for those they hit; peak 1
day_of_year      1 to 366; days_left: days of the month still to come
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from caudal.corridor.groups import mask
from caudal.data.store import open_series
from caudal.errors import CaudalError

CHANGEABLE = ("us_job_openings", "hurricane")
"""What a scenario may change."""

HURRICANE = date(2020, 11, 18)
HURRICANE_RISE_DAYS, HURRICANE_FADE_DAYS = 60, 150
"""Last landfall of the two; shape in time assumed, so that most of the push falls in the two to eight
months after (parameters.csv b_hurr, unverified)."""
OPENINGS_DELAY_DAYS = 40
"""BLS publishes a month's openings early in the second month after it."""


def drivers(
    start: date, days: int, known: date | None = None, changes: Mapping[str, Any] | None = None
) -> dict[str, np.ndarray]:
    """Arrays (day, …) by driver name; with `known`, only figures published by that day.

    changes (of a scenario): driver → {scale: x} or off. Raises CaudalError for others.
    """
    dates = pd.date_range(start, periods=days)
    out = {
        "us_job_openings": openings(dates, known),
        "hurricane": hurricane(start, days, known),
        "day_of_year": dates.day_of_year.to_numpy(np.float32),
        "days_left": (dates.days_in_month - dates.day).to_numpy(np.float32),
    }
    for name, change in (changes or {}).items():
        where = f"scenario field 'drivers.{name}'"
        if name not in CHANGEABLE:
            raise CaudalError(where, "unknown driver", ", ".join(CHANGEABLE))
        if change is False or change == "off":
            out[name] = np.zeros_like(out[name])
        elif isinstance(change, Mapping) and set(change) == {"scale"}:
            out[name] = (out[name] * float(change["scale"])).astype(np.float32)
        else:
            raise CaudalError(where, repr(change), "off, or {scale: number}")
    return out


def openings(dates: pd.DatetimeIndex, known: date | None) -> np.ndarray:
    """Log of US job openings against January 2018, by day."""
    table = open_series("driver.us_job_openings")
    series = pd.Series(table.iloc[:, -1].to_numpy(float), pd.DatetimeIndex(table.iloc[:, 0]))
    if known is not None:
        published = pd.DatetimeIndex(series.index) + pd.offsets.MonthEnd(1)
        published += timedelta(OPENINGS_DELAY_DAYS)
        series = series[published <= pd.Timestamp(known)]
    log = np.log(series / series["2018-01-01"])
    filled = log.reindex(log.index.union(dates)).interpolate("time").ffill()
    return filled.reindex(dates).to_numpy(np.float32)


def hurricane(start: date, days: int, known: date | None) -> np.ndarray:
    """(day, 22): rises over two months after landfall, then fades; Honduras, Guatemala, Nicaragua."""
    since = np.arange(days) - (HURRICANE - start).days
    rise = np.clip(since / HURRICANE_RISE_DAYS, 0, 1)
    shape = rise * np.exp(-np.clip(since - HURRICANE_RISE_DAYS, 0, None) / HURRICANE_FADE_DAYS)
    if known is not None and known < HURRICANE:
        shape = np.zeros(days)
    return (shape[:, None] * mask("HND", "GTM", "NIC")).astype(np.float32)
