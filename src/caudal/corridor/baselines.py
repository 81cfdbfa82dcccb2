"""Centres of priors that are read off counts from before they are used, never off what is scored.

Each function says which months of which series it takes. `routes` alone is no count: it is what a
passport opened before 2018, marked as an assumption in priors/.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from caudal.corridor.groups import N_GROUPS
from caudal.corridor.world import AREAS, FIELD_OFFICES, NATIONALITIES, UNITS
from caudal.data.store import open_series

FEW = 30.0
"""People added to a category's share of a table, spread as the table's margin: small counts shrink."""


@cache
def derived() -> dict[str, np.ndarray]:
    """Every derived centre by the name that priors/ uses."""
    amplitude, peak = season()
    return {
        "departure_base": departures(),
        "unit_base": units(),
        "route_base": routes(),
        "lead_days": leads(),
        "return_base": returns(),
        "season_amplitude": np.asarray(amplitude),
        "season_peak_day": np.asarray(peak),
        "area_base": areas(),
        "port_office_share": offices(),
    }


def departures() -> np.ndarray:
    """Border Patrol encounters a day by nationality, July to December 2017 (OHSS), (22,)."""
    table = open_series("us.encounters.ohss")
    table = table[(table.table == "top_100") & table.month.between("2017-07-01", "2017-12-01")]
    total = table.groupby("nationality").people.sum().reindex(NATIONALITIES).fillna(0.0)
    return (total.to_numpy(np.float64) + FEW) / 184.0


def units() -> np.ndarray:
    """Log share of each travel unit, all nationalities alike, October 2016 to December 2017.

    The publication gives units for all nationalities together: Mexicans, who are mostly single
    adults, differ, and the weather learns it. Shape (22, 3).
    """
    table = open_series("us.encounters.ohss.usbp")
    table = table[(table.margin == "unit") & table.month.between("2016-10-01", "2017-12-01")]
    total = table.groupby("unit").people.sum().reindex(UNITS).to_numpy(np.float64)
    return np.tile(np.log(total / total.sum()), (len(NATIONALITIES), 1))


ROUTES_BY_PASSPORT: dict[str, tuple[float, float, float, float, float]] = {
    "MEX": (0.0, 0.0, 0.0, 0.0, 1.0),
    "GTM": (0.0, 0.0, 0.0, 1.0, 0.0),
    "HND": (0.0, 0.0, 0.0, 1.0, 0.0),
    "SLV": (0.0, 0.0, 0.0, 1.0, 0.0),
    "NIC": (0.0, 0.0, 0.0, 1.0, 0.0),
    "CUB": (0.3, 0.4, 0.3, 0.0, 0.0),
    "HTI": (0.7, 0.2, 0.1, 0.0, 0.0),
    "VEN": (0.3, 0.1, 0.6, 0.0, 0.0),
    "COL": (0.1, 0.1, 0.8, 0.0, 0.0),
    "ECU": (0.3, 0.1, 0.6, 0.0, 0.0),
    "PER": (0.2, 0.1, 0.7, 0.0, 0.0),
    "BRA": (0.1, 0.1, 0.8, 0.0, 0.0),
    "IND": (0.3, 0.4, 0.3, 0.0, 0.0),
    "CHN": (0.5, 0.2, 0.3, 0.0, 0.0),
    "RUS": (0.0, 0.1, 0.9, 0.0, 0.0),
    "UKR": (0.0, 0.1, 0.9, 0.0, 0.0),
    "CAN": (0.0, 0.0, 1.0, 0.0, 0.0),
}
OTHER_PASSPORT = (0.3, 0.4, 0.3, 0.0, 0.0)
NEVER = 1e-6


def routes() -> np.ndarray:
    """Log share of each route (Darién, air to Nicaragua, air to Mexico, overland, within), (22, 5)."""
    shares = np.array([ROUTES_BY_PASSPORT.get(n, OTHER_PASSPORT) for n in NATIONALITIES])
    return np.log(shares + NEVER)


def leads() -> np.ndarray:
    """Days from setting out to the border, by which departures' weather is named, (22,).

    Few from Mexico itself; 15 from Honduras and its neighbours (parameters.csv t_hn_us, unverified);
    the most that the engine looks ahead, a month, from farther away by land; less by air to Mexico.
    """
    shares = np.exp(routes())
    return shares @ np.array([28.0, 18.0, 12.0, 14.0, 7.0])


def returns() -> np.ndarray:
    """Log odds that Mexico returns someone it has stopped, (22,): assumed, high for its neighbours."""
    near = {"GTM", "HND", "SLV"}
    return np.array([1.5 if n in near else -1.0 for n in NATIONALITIES])


def season() -> tuple[float, float]:
    """Amplitude (log) and peak day of the first harmonic of encounters, FY2012 to FY2017."""
    table = open_series("us.encounters.border_patrol.sector")
    table = table[table.month.between("2011-10-01", "2017-09-01")]
    total = table.groupby("month").people.sum().astype(float).map(np.log)
    within = total - total.rolling(12, center=True, min_periods=12).mean()
    within = within.dropna()
    angle = 2 * np.pi * (pd.DatetimeIndex(within.index).day_of_year.to_numpy() + 14) / 365.0
    a, b = 2 * np.mean(within * np.cos(angle)), 2 * np.mean(within * np.sin(angle))
    return float(np.hypot(a, b)), float(np.arctan2(b, a) % (2 * np.pi) * 365 / (2 * np.pi))


def areas() -> np.ndarray:
    """Log share of each area by group, October 2019 to September 2020, (13, 66)."""
    table = _fiscal_2020()
    counts = (
        table.groupby(["area", "nationality", "unit"]).people.sum()
        .reindex(pd.MultiIndex.from_product([AREAS, NATIONALITIES, UNITS])).fillna(0.0)
    ).to_numpy(np.float64).reshape(len(AREAS), N_GROUPS)  # fmt: skip
    margin = counts.sum(1, keepdims=True) / counts.sum()
    return np.log((counts + FEW * margin + 1e-3) / (counts.sum(0) + FEW))


def offices() -> np.ndarray:
    """Share of each field office in their encounters, October 2019 to September 2020, (4,)."""
    table = _fiscal_2020()
    total = table.groupby("area").people.sum().reindex(FIELD_OFFICES).to_numpy(np.float64)
    return total / total.sum()


def _fiscal_2020() -> pd.DataFrame:
    table = open_series("us.encounters.area")
    return table[table.month.between("2019-10-01", "2020-09-01") & (table.area != "")]
