"""What could be known: law, drivers and counts as they stood at a month's end.

An origin is the last month whose encounters are counted. Its forecasts are issued when those counts
come out, weeks after the month's end, but use law and drivers of its last day only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np

from caudal.compute.content import Corridor
from caudal.compute.forcing import forcing, month_ends
from caudal.engine.simulate import Forcing

Mode = Literal["blind", "aware"]
"""blind: law as known on the day. aware: the later calendar of policies, as designed, is given; of
events (disasters, caravans, court papers lost) only what was known."""


@dataclass(frozen=True)
class Vintage:
    """A corridor by month number: what was known at each month's end.

    months   how far law and drivers are laid out
    """

    corridor: Corridor
    months: int

    def ends(self) -> list[date]:
        """First day after each month."""
        return month_ends(self.corridor.begins, self.months)

    def outside(self, month: int, mode: Mode = "blind") -> Forcing:
        """Law and drivers from the beginning on, as they stood at the end of `month`."""
        ends = self.ends()
        known = ends[month] - timedelta(days=1)
        law = self.corridor.law
        if mode == "blind":
            return forcing(self.corridor, law, ends[-1], known=known)
        made = forcing(self.corridor, law.as_designed(known), ends[-1])
        drivers = self.corridor.drivers(made.start, made.days, known, {})
        return replace(made, driver=drivers)

    def history(self, until: int) -> Forcing:
        """Every month before `until` under law and drivers as they stood at that month's end.

        What became known of a month only later never enters it. Beyond, as at the end of the last.
        """
        whole = self.outside(until - 1)
        laid = {
            k: _copied(getattr(whole, k)) for k in ("law", "announced", "on", "rules", "driver")
        }
        for month in range(until - 1):
            first, length = whole.months[month]
            then = self.outside(max(month, SETTLED))
            for part, arrays in laid.items():
                _put(arrays, getattr(then, part), slice(first, first + length))
        return replace(whole, **laid)

    def counts(self, month: int) -> Any:
        """Counts as published when those of `month` came out; months that were not are missing."""
        end = self.ends()[month]
        issued = end + timedelta(days=ISSUED_AFTER)
        return self.corridor.observed(self.corridor.begins, self.ends()[-1], issued)


ISSUED_AFTER = 31
"""Days after the origin's month by which its encounters are out (their delay is 20)."""


SETTLED = 24
"""Months from the beginning that are laid out as known at their end: no forecast is from before, and
drivers are measured against a month of theirs."""


def _copied(arrays: Mapping[str, Any]) -> dict[str, Any]:
    return {
        k: _copied(v) if isinstance(v, Mapping) else np.array(v, copy=True)
        for k, v in arrays.items()
    }


def _put(into: dict[str, Any], source: Mapping[str, Any], days: slice) -> None:
    """Write the days of one layout into another; what the earlier law lacks is zero there."""
    for name, values in into.items():
        given = source.get(name)
        if isinstance(values, dict):
            _put(values, given or {}, days)
        else:
            values[days] = 0.0 if given is None else given[days]
