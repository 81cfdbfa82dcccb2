"""A forecast never sees what came after its origin: neither counts, nor law, nor drivers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest

from caudal.corridor import Corridor, corridor
from caudal.forecast.hindcast import hindcast
from caudal.forecast.vintage import SETTLED, Vintage
from caudal.learn.smoother import Settings

pytestmark = [pytest.mark.property, pytest.mark.slow]

ORIGIN, HORIZONS = 29, 2
AFTER = date(2020, 1, 1)
"""The day after the origin's month, December 2019."""
SMALL = Settings(members=4, chunk=4)


@dataclass(frozen=True)
class Altered(Corridor):
    """Other counts and drivers after the origin, and a law without what came later."""

    def observed(self, start, end, known=None):
        """Sevens after the origin."""
        seen = super().observed(start, end, known)
        after = (AFTER.year - start.year) * 12 + AFTER.month - start.month
        arrays = {k: v.copy() for k, v in seen.arrays.items()}
        for values in arrays.values():
            values[after:] = 7.0
        return replace(seen, arrays=arrays)

    @property
    def law(self):
        """What was known some days after the origin."""
        return corridor().law.as_known(date(2020, 1, 20))

    def drivers(self, start, days, known, changes):
        """Where all is known, twice what it was after the origin."""
        given = super().drivers(start, days, known, changes)
        if known is not None:
            return given
        first = (AFTER - start).days
        return {k: np.concatenate([v[:first], 2 * v[first:] + 1]) for k, v in given.items()}


def run_ahead(here):
    z = {
        k: np.moveaxis(p.positions(SMALL.members, SMALL.seed), 0, -1)
        for k, p in corridor().priors.items()
    }
    return hindcast(here, corridor().priors, z, [ORIGIN], HORIZONS, ("blind",), SMALL)


def test_what_came_later_changes_no_forecast():
    real, altered = run_ahead(corridor()), run_ahead(Altered())
    for name, values in real.ahead["blind"].items():
        assert np.isfinite(values).all()
        # the law without later triggers compiles to another program: single precision rounds
        # differently
        close = {"rtol": 5e-3, "atol": 0.05, "err_msg": name}
        np.testing.assert_allclose(altered.ahead["blind"][name], values, **close)
        np.testing.assert_allclose(altered.still["blind"][name], real.still["blind"][name], **close)
        np.testing.assert_allclose(altered.fitted[name], real.fitted[name], **close)


def test_what_came_later_changes_no_history():
    until = SETTLED + 6
    real, altered = (Vintage(c, until).history(until) for c in (corridor(), Altered()))
    for part in ("law", "announced", "driver", "rules"):
        for name, values in getattr(real, part).items():
            if name in getattr(altered, part):
                np.testing.assert_array_equal(getattr(altered, part)[name], values, err_msg=name)
            else:
                assert (values == 0).all(), f"{part} {name} acts before it was known"
