"""Series that bear on constants directly: claims in Mexico, courts, New York's shelters.

Each target names the published series, the constants it speaks of, and how far the model may be off
for faults of its own (assumed: no publisher states an error, and the model's is larger). Series
that the monthly blocks of `informs` take in are not used again. ICE's detained population is no
target: Mexicans are returned at the desk here and not through ICE, so the series would ask for
absurd stays (it did: seven prior sd) where the fault is the model's.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from caudal.corridor.groups import unfold
from caudal.corridor.world import CITIES, NATIONALITIES
from caudal.data.store import open_series
from caudal.engine.observation import Target
from caudal.engine.state import Months

FEW = 50.0
"""Added to yearly counts before the log: a handful of claims says little."""
YEARS = range(2018, 2025)
"""Whole calendar years between the first month reported and the last counted."""
FISCAL_YEARS = range(2018, 2025)
CARE = ("2023-07-01", "2023-12-01")
"""The months of 2023 for which New York counted asylum seekers in its care."""


def targets(begins: date) -> list[Target]:
    """Every target; `begins` is the first day of the simulation."""

    def month(year: int, number: int) -> int:
        return (year - begins.year) * 12 + number - begins.month

    def years(value: np.ndarray, first: int) -> np.ndarray:
        """Sums over twelve months from month `first` of each year, (year, …)."""
        of = YEARS if first == 1 else FISCAL_YEARS
        starts = [month(y if first == 1 else y - 1, first) for y in of]
        return np.stack([value[s : s + 12].sum(0) for s in starts])

    def claims(months: Months) -> np.ndarray:
        made = months.tallies["mexican_claims"].sum(1)  # (month, group, member)
        by_nation = unfold(np.moveaxis(years(made, 1), 1, -1)).sum(
            -1
        )  # (year, member, nationality)
        return np.log(np.moveaxis(by_nation, -1, 0) + FEW)

    def court(name: str):
        return lambda months: np.log(years(months.measures[name], 10))[None]

    def new_york(months: Months) -> np.ndarray:
        city = months.tallies["city_sheltered"][:, CITIES.index("new-york")].sum(1)
        return np.log(_span(city, month, *CARE) + 1.0)[None]

    return [
        Target("asylum claims in Mexico", ("claim_per_day", "claim_lean"), claims, _claims, 0.4, 0.3),
        Target("court completions", ("court_cases_per_judge",), court("court_completions"),
               lambda: _court("completed"), 0.25, 0.3),
        Target("court receipts", ("court_filed_share", "court_other_receipts"),
               court("court_receipts"), lambda: _court("received"), 0.25, 0.3),
        Target("New York's shelters", ("city_base",), new_york, _new_york, 0.3, 0.7),
    ]  # fmt: skip


def _span(value: np.ndarray, month, first: str, end: str) -> np.ndarray:
    a, b = (date.fromisoformat(d) for d in (first, end))
    return value[month(a.year, a.month) : month(b.year, b.month)]


def _claims() -> np.ndarray:
    """mx.asylum.annual, (nationality, year): log claims plus a few; Mexicans cannot claim."""
    table = open_series("mx.asylum.annual")
    grid = table.groupby(["nationality", "year"]).people.sum().unstack()
    seen = np.log(grid.reindex(NATIONALITIES)[list(YEARS)].to_numpy(np.float64) + FEW)
    seen[NATIONALITIES.index("MEX")] = np.nan
    return seen


def _court(column: str) -> np.ndarray:
    """us.courts, (1, fiscal year)."""
    table = open_series("us.courts").set_index("fiscal_year")
    return np.log(table.loc[list(FISCAL_YEARS), column].to_numpy(np.float64))[None]


def _new_york() -> np.ndarray:
    """us.cities.nyc.in_care, all households, (1, month)."""
    table = open_series("us.cities.nyc.in_care")
    monthly = table[table.household == ""].set_index(pd.DatetimeIndex(
        table[table.household == ""].month)).people  # fmt: skip
    span = pd.date_range(*CARE, freq="MS", inclusive="left")
    return np.log(monthly.reindex(span).to_numpy(np.float64) + 1.0)[None]
