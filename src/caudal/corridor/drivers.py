"""Drivers: outside series that move departures. By day; beyond the last figure, the last is held.

us_job_openings  log of US job openings (BLS) against January 2018, as published by the day asked
homicide         log of the homicide rate (UNODC) against mid-2017, by nationality; 0 where unpublished
day_of_year      1 to 366; days_left: days of the month still to come
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from caudal.corridor.world import NATIONALITIES
from caudal.data.store import open_series
from caudal.errors import CaudalError

CHANGEABLE = ("us_job_openings", "homicide")
"""What a scenario may change."""

OPENINGS_DELAY_DAYS = 40
"""BLS publishes a month's openings early in the second month after it."""


HOMICIDE_DELAY_DAYS = 365
"""From the end of a year to its homicide rate in the publisher's table: assumed, about a year."""


def drivers(
    start: date, days: int, known: date | None = None, changes: Mapping[str, Any] | None = None
) -> dict[str, np.ndarray]:
    """Arrays (day, …) by driver name; with `known`, only figures published by that day.

    changes (of a scenario): driver → {scale: x} or off. Raises CaudalError for others.
    """
    dates = pd.date_range(start, periods=days)
    out = {
        "us_job_openings": openings(dates, known),
        "homicide": homicide(dates, known),
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


def homicide(dates: pd.DatetimeIndex, known: date | None) -> np.ndarray:
    """Log of the homicide rate against July 2017, (day, nationality).

    A year's rate stands in the middle of its year, with straight lines between; a country without a
    series is 0, and so changes nothing.
    """
    table = open_series("driver.homicide")
    if known is not None:
        ends = pd.to_datetime(table["year"].astype(str) + "-12-31")
        table = table[ends + timedelta(HOMICIDE_DELAY_DAYS) <= pd.Timestamp(known)]
    table = table[table["per_100000"] > 0]
    at = (dates.year + (dates.day_of_year - 1) / 365.25).to_numpy(np.float64)
    out = np.zeros((len(dates), len(NATIONALITIES)), np.float32)
    for i, nationality in enumerate(NATIONALITIES):
        own = table[table["country"] == nationality].sort_values("year")
        if own.empty:
            continue
        years, rate = (
            own["year"].to_numpy(np.float64) + 0.5,
            np.log(own["per_100000"].to_numpy(float)),
        )
        out[:, i] = np.interp(at, years, rate) - np.interp(2017.5, years, rate)
    return out
