"""What comes to a run from outside: law, drivers and rules by day, cut into blocks of months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import jax.numpy as jnp
import numpy as np

from caudal.engine.step import Arrays, Day

BLOCK_DAYS = 31
"""Days of every month inside a block; those beyond its length are passed over."""


@dataclass(frozen=True)
class Forcing:
    """What comes from outside, by day since `start`, the first day of a month.

    law, announced, driver: name → (day, *dims); on: trigger → lever → (day, *dims);
    rules: trigger → (day, 4). A trigger is named "id:signal".
    """

    start: date
    days: int
    law: Mapping[str, np.ndarray]
    announced: Mapping[str, np.ndarray] = field(default_factory=dict)
    on: Mapping[str, Mapping[str, np.ndarray]] = field(default_factory=dict)
    rules: Mapping[str, np.ndarray] = field(default_factory=dict)
    driver: Mapping[str, np.ndarray] = field(default_factory=dict)

    @cached_property
    def months(self) -> list[tuple[int, int]]:
        """First day and number of days of each month, as days since the start."""
        out, day = [], 0
        while day < self.days:
            here = self.start + timedelta(day)
            length = ((here.replace(day=28) + timedelta(4)).replace(day=1) - here).days
            out.append((day, length))
            day += length
        return out

    @cached_property
    def _cut(self) -> dict[tuple[int, int], Day]:
        return {}

    def block(self, index: int, size: int) -> Day:
        """`size` months from month `index` as device arrays (month, 31 days, *dims, 1).

        The last day is repeated where a month is shorter, the last month beyond the end.
        """
        if (index, size) not in self._cut:
            self._cut[index, size] = self._make_block(index, size)
        return self._cut[index, size]

    def _make_block(self, index: int, size: int) -> Day:
        months = self.months[index : index + size]
        months = months + [months[-1]] * (size - len(months))
        rows = np.array(
            [np.minimum(f + np.arange(BLOCK_DAYS), min(f + n, self.days) - 1) for f, n in months]
        )

        def cut(arrays: Mapping[str, np.ndarray], member: bool = True) -> Arrays:
            return {
                k: jnp.asarray(np.asarray(v, np.float32)[rows][..., *([None] * member)])
                for k, v in arrays.items()
            }

        on = {k: cut(v) for k, v in self.on.items()}
        rules = cut(self.rules, member=False)
        return Day(cut(self.law), cut(self.announced), on, rules, cut(self.driver), {})
