"""Counts laid out by month: which were out by a day, and what is left missing on purpose."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from caudal.corridor.observed import REGISTERED, SERIES_OF, observed
from caudal.corridor.world import NATIONALITIES
from caudal.data.store import list_series, provenance

pytestmark = pytest.mark.unit
BEGINS = date(2017, 7, 1)


def last(values: np.ndarray) -> int:
    return int(np.flatnonzero(~np.isnan(values).reshape(len(values), -1).all(1))[-1])


def test_every_array_has_a_series_and_its_delay():
    day = date(2023, 3, 31)
    out = observed(BEGINS, date(2025, 6, 1), day).arrays
    whole = observed(BEGINS, date(2025, 6, 1)).arrays
    assert set(out) == set(SERIES_OF)
    for name, series in SERIES_OF.items():
        assert series in list_series()
        if name == "land_nationality":  # of the past alone, see _published
            continue
        delay = provenance(series).delay_days
        due = day.toordinal() - delay
        months = [date(2017 + (6 + m) // 12, (6 + m) % 12 + 1, 1) for m in range(95)]
        ends = [date(m.year + m.month // 12, m.month % 12 + 1, 1).toordinal() - 1 for m in months]
        there = np.flatnonzero(~np.isnan(whole[name]).reshape(95, -1).all(1))
        assert last(out[name]) == max(m for m in there if ends[m] <= due), name


def test_parts_add_up():
    a = observed(BEGINS, date(2025, 6, 1)).arrays
    # the Border Patrol's units are its sectors' sum, and expulsions are a part of them
    counted = slice(27, 95)
    assert np.array_equal(a["land_unit"][counted].sum(1), a["area"][counted, :9].sum(1))
    held = ~np.isnan(a["land_expelled_unit"])
    assert (a["land_expelled_unit"][held] <= a["land_unit"][held]).all()
    assert (a["land_expelled_unit"][held] <= a["expelled_unit"][held]).all()


def test_honduras_counts_from_when_most_registered_and_china_is_left_out_while_muddled():
    honduras = observed(BEGINS, date(2025, 6, 1)).arrays["honduras"]
    begins = (int(REGISTERED[:4]) - 2017) * 12 + int(REGISTERED[5:7]) - 7
    assert np.isnan(honduras[:begins]).all()
    muddled = [NATIONALITIES.index(n) for n in ("CHN", "OOO")]
    # "Taiwan" stands in the tables of October 2022 to September 2024 without a gap
    assert np.isnan(honduras[begins + 2 : begins + 26, muddled]).all()
    others = [i for i in range(len(NATIONALITIES)) if i not in muddled]
    assert not np.isnan(honduras[begins:94, others]).any()
