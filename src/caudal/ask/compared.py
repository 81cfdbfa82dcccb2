"""What is compared: an outcome of a run by month, and over a period of whole months.

With x the value of a month and d its days, over the months of the period:

    sum   Σ x           what happens in a month
    mean  Σ x d / Σ d   what stands at a time
    days  Σ x d         people × days
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from caudal.errors import CaudalError
from caudal.policy.marks import nearest

QUANTILES: dict[str, float] = {
    "median": 0.5, "lo50": 0.25, "hi50": 0.75, "lo90": 0.05, "hi90": 0.95,
}  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """One outcome that scenarios are compared in.

    id       as a user names it; en, es: as a reader sees it
    variable of the Dataset; select: for every dimension but member and month a coordinate, a
             sequence of them (summed), "sum" or "mean" of all
    over     how months are taken together: sum, mean, days; unit_en, unit_es: of what comes out
    group    what it stands beside, "" for details
    """

    id: str
    en: str
    es: str
    over: str
    unit_en: str
    unit_es: str
    variable: str
    select: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    group: str = ""

    def monthly(self, ds: xr.Dataset) -> np.ndarray:
        """Values of a run, float64 (member, month)."""
        array = ds[self.variable]
        for dim, choice in self.select.items():
            if choice in ("sum", "mean"):
                continue
            named = [choice] if isinstance(choice, str) else list(choice)
            array = array.sel({dim: named})
        rest = [d for d in array.dims if d not in ("member", "month")]
        if rest:
            array = array.astype(np.float64)
            mean = "mean" in self.select.values()
            array = array.mean(rest) if mean else array.sum(rest, skipna=False)
        return array.transpose("member", "month").to_numpy().astype(np.float64)

    def period(self, monthly: np.ndarray, days: np.ndarray) -> np.ndarray:
        """Months taken together, over the last axis; a month without a value is left out of a mean."""
        if self.over == "sum":
            return monthly.sum(-1)
        if self.over == "days":
            return monthly @ days
        there = np.isfinite(monthly)
        weight = (there * days).sum(-1)
        total = np.where(there, monthly, 0.0) @ days
        return np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 0)


def chosen(measures: Iterable[Measure], names: Sequence[str]) -> list[Measure]:
    """The measures of these names in their own order, or all; CaudalError for an unknown name.

    A name that several begin with, up to a dot, means all of them: `us.encounters.nationality`.
    """
    known = {m.id: m for m in measures}
    meant = {name: {m for m in known if m == name} or {m for m in known if m.startswith(f"{name}.")}
             for name in names}  # fmt: skip
    for name, found in meant.items():
        if not found:
            raise CaudalError("--outcome", f"unknown outcome '{name}'", nearest(name, known))
    wanted = set().union(*meant.values())
    return [m for m in known.values() if not names or m.id in wanted]


def month_days(months: Any) -> np.ndarray:
    """Days of each month, float64."""
    return pd.DatetimeIndex(months).days_in_month.to_numpy(np.float64)


def spread(draws: np.ndarray) -> dict[str, float]:
    """Median, 50 % and 90 % interval of members (last axis 1-D); NaN where a member has none.

    >>> spread(np.arange(101.0))["hi90"]
    95.0
    """
    seen = draws[np.isfinite(draws)]
    if not len(seen):
        return dict.fromkeys(QUANTILES, float("nan"))
    values = np.quantile(seen, list(QUANTILES.values()))
    return dict(zip(QUANTILES, map(float, values), strict=True))


ALIKE = 1e-4
"""Share of the base up to which a difference is none: far below what anything is counted to."""


def direction(difference: np.ndarray, base: np.ndarray | float = 0.0) -> tuple[str, float]:
    """Where more members lie, "more" or "fewer", and which share; "none" where no member differs.

    base  by member: differences of no more than ALIKE of it count as none

    >>> direction(np.array([1.0, 2.0, -1.0, 3.0])), direction(np.zeros(3))
    (('more', 0.75), ('none', nan))
    """
    apart = np.abs(difference) > ALIKE * np.abs(base)
    more, fewer = ((sign * difference > 0) & apart for sign in (1, -1))
    if not apart.any() or not (more | fewer).any():
        return "none", float("nan")
    shares = float(more.mean()), float(fewer.mean())
    return ("more", shares[0]) if shares[0] >= shares[1] else ("fewer", shares[1])


def errors(base: np.ndarray, other: np.ndarray, distinct: int) -> tuple[float, float]:
    """Standard error of the mean difference: paired, and were the two runs independent.

    base, other  (member,); distinct: how many of the members are not one another again

        paired       sd(other − base) / √n
        independent  √((var(base) + var(other)) / n)

    The second is what two ensembles of the same size would have whose members share nothing: their
    variances are those of these runs, their covariance is nil.
    """
    n = distinct
    both = base[:n], other[:n]
    paired = np.std(both[1] - both[0], ddof=1) / np.sqrt(n)
    apart = np.sqrt((np.var(both[0], ddof=1) + np.var(both[1], ddof=1)) / n)
    return float(paired), float(apart)
