"""A forecast never sees what came after its origin: neither counts nor law."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from caudal.corridor import Corridor, corridor
from caudal.corridor.world import NATIONALITIES
from caudal.forecast.backtest import one_month_ahead
from caudal.learn.smoother import Settings

pytestmark = [pytest.mark.property, pytest.mark.slow]

ORIGIN = date(2019, 11, 1)
SMALL = Settings(members=8, chunk=8)


class Altered(Corridor):
    """The corridor with other counts after the origin, and a law without what came later."""

    def observed(self, start, end, known=None):
        seen = super().observed(start, end, known)
        after = (ORIGIN.year - start.year) * 12 + ORIGIN.month - start.month + 1
        arrays = {k: v.copy() for k, v in seen.arrays.items()}
        for values in arrays.values():
            values[after:] = 7.0
        return replace(seen, arrays=arrays)

    @property
    def law(self):
        return corridor().law.as_known(date(2020, 3, 1))


def test_what_came_later_changes_nothing():
    names = list(NATIONALITIES)
    real = one_month_ahead(corridor(), ORIGIN, ORIGIN, names, SMALL)
    altered = one_month_ahead(Altered(), ORIGIN, ORIGIN, names, SMALL)
    # the law without later triggers compiles to another program: single precision rounds differently
    np.testing.assert_allclose(altered.draws, real.draws, rtol=5e-3, atol=0.05)
    assert np.isfinite(real.draws).all()
