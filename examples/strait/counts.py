"""What was counted in the Strait of Vara, what each count informs, and what is forecast of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from caudal.data.store import open_series
from caudal.engine.observation import Arrays, Block, Predictand
from strait.world import GROUPS

SERIES = Path(__file__).parent / "series"
FEW = {"arrivals": 10.0, "crossings": 10.0, "waiting": 300.0, "returns": 10.0}
"""People added to a count before its log is taken, so that a zero is not minus infinity. Of the list
more: whether the desk keeps up turns on one call a day more or less, and the log of a list that comes
and goes would answer to a constant by leaps, which no straight line follows."""
ERRORS = {"arrivals": 0.06, "crossings": 0.03, "waiting": 0.08, "returns": 0.10}
"""Sd of the log of a count about what happened: how well the invented clerks count. The synthetic
counts are made with the same (make_counts.py)."""
SERIES_OF = {
    "arrivals": "vara.arrivals", "crossings": "vara.crossings", "waiting": "vara.list",
    "returns": "vara.returns",
}  # fmt: skip
"""Which series each array is read from."""


@dataclass(frozen=True)
class Observed:
    """Arrays (month, …) by name, NaN where not counted: arrivals, crossings (2); waiting, returns.

    leads  the count whose months are those of the others
    """

    start: date
    arrays: dict[str, np.ndarray]
    leads: str = "arrivals"

    @property
    def months(self) -> int:
        """How many months the arrays span."""
        return len(self.arrays[self.leads])

    def logs(self) -> np.ndarray:
        """Log of arrivals by group plus a few, (month, group)."""
        return np.log(self.arrays["arrivals"] + FEW["arrivals"])

    def last(self, name: str) -> int:
        """Number of the last month with a count."""
        values = self.arrays[name].reshape(self.months, -1)
        return int(np.flatnonzero(~np.isnan(values).any(1))[-1])

    def until(self, months: int) -> Observed:
        """The first `months` months only."""
        return Observed(self.start, {k: v[:months] for k, v in self.arrays.items()})


def observed(start: date, end: date, known: date | None = None, folder: Path = SERIES) -> Observed:
    """Everything counted in the months of [start, end), as published by `known`."""
    months = pd.date_range(start, end, freq="MS", inclusive="left")
    arrays = {}
    for name, series in SERIES_OF.items():
        table = open_series(series, known, folder)
        if "group" in table:
            wide = table.pivot_table(index="month", columns="group", values="people")
            arrays[name] = wide.reindex(months)[list(GROUPS)].to_numpy(np.float64)
        else:
            counted = table.set_index("month")["people"]
            arrays[name] = counted.reindex(months).to_numpy(np.float64)
    return Observed(start, arrays)


def error(name: str, count: np.ndarray) -> np.ndarray:
    """Error sd of the log of a count: what clerks miss, and the scatter of chance."""
    return np.sqrt(ERRORS[name] ** 2 + 1.0 / (np.nan_to_num(count) + FEW[name]))


def _by_group(t: Arrays) -> np.ndarray:
    """(group, count, member): logs of arrivals and crossings."""
    return np.stack([np.log(t[name][0] + FEW[name]) for name in ("arrivals", "crossings")], 1)


def _whole(t: Arrays) -> np.ndarray:
    """(1, count, member): logs of the list and of returns."""
    return np.stack([np.log(t[name][0, 0] + FEW[name]) for name in ("waiting", "returns")])[None]


def _seen(names: Sequence[str], o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    values = [np.atleast_1d(o[name]) for name in names]
    logs = np.stack([np.log(v + FEW[n]) for n, v in zip(names, values, strict=True)], 1)
    return logs, np.stack([error(n, v) for n, v in zip(names, values, strict=True)], 1)


def blocks() -> list[Block]:
    """Every count, and the weather that it informs.

    Arrivals are counted as people arrive, so they alone speak of the weather. One block moves it:
    two that did would each undo part of the other's step. What has none still teaches constants.
    """
    return [
        Block("groups", _by_group, lambda o: _seen(("arrivals", "crossings"), o),
              {"departure": 1}),
        Block("whole", _whole, lambda o: _seen(("waiting", "returns"), o), {}),
    ]  # fmt: skip


def predictands() -> tuple[Predictand, ...]:
    """What is forecast; all people let in first."""
    groups = tuple(GROUPS)
    return (
        Predictand("crossings", ("all",), "people per month", SERIES_OF["crossings"],
                   lambda t: t["crossings"].sum((0, 1))[None],
                   lambda o: o["crossings"].sum(1, keepdims=True), ERRORS["crossings"]),
        Predictand("arrivals", groups, "people per month", SERIES_OF["arrivals"],
                   lambda t: t["arrivals"][0], lambda o: o["arrivals"], ERRORS["arrivals"]),
        Predictand("waiting", ("all",), "people, mean of the month", SERIES_OF["waiting"],
                   lambda t: t["waiting"][0], lambda o: o["waiting"][:, None],
                   ERRORS["waiting"], counts=False),
        Predictand("returns", ("all",), "people per month", SERIES_OF["returns"],
                   lambda t: t["returns"][0], lambda o: o["returns"][:, None],
                   ERRORS["returns"]),
    )  # fmt: skip
