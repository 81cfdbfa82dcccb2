"""What could be known at a month's end: counts by their delays, law and drivers of that day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from caudal.corridor import corridor
from caudal.corridor.observed import SERIES_OF
from caudal.forecast.vintage import SETTLED, Vintage

pytestmark = pytest.mark.unit

ORIGIN = 51
"""October 2021."""


@pytest.fixture(scope="module")
def vintage() -> Vintage:
    return Vintage(corridor(), ORIGIN + 13)


def test_months_are_numbered_from_the_corridors_beginning(vintage):
    ends = vintage.ends()
    assert len(ends) == ORIGIN + 13
    assert ends[ORIGIN] == date(2021, 11, 1)


def test_counts_are_those_that_were_out_with_the_origins(vintage):
    known = vintage.counts(ORIGIN)
    whole = corridor().observed(known.start, vintage.ends()[-1])
    for name, values in known.arrays.items():
        # children in care are reported daily: the month after is out before encounters are
        after = ORIGIN + 1 + (SERIES_OF[name] == "us.children")
        assert np.isnan(values[after:]).all(), name
        there = ~np.isnan(values)
        np.testing.assert_array_equal(values[there], whole.arrays[name][there])
    assert np.isfinite(known.arrays["nationality_unit"][ORIGIN]).all()
    delays = {n: np.flatnonzero(np.isfinite(v).reshape(len(v), -1).any(1))[-1]
              for n, v in known.arrays.items()}  # fmt: skip
    assert min(delays.values()) < ORIGIN, "some series is published later than encounters are"


def test_blind_and_aware_differ_after_the_origin_only(vintage):
    blind, aware = (vintage.outside(ORIGIN, mode) for mode in ("blind", "aware"))
    until = sum(blind.months[ORIGIN])
    assert until == (date(2021, 11, 1) - corridor().begins).days
    moved = set()
    for name, values in blind.law.items():
        np.testing.assert_array_equal(values[:until], aware.law[name][:until], err_msg=name)
        if not np.array_equal(values[until:], aware.law[name][until:]):
            moved.add(name)
    # the visa for Venezuelans of January 2022 and what Mexico and the US agreed on in October 2022
    assert moved, "a later calendar is given"
    assert set(blind.driver) == set(aware.driver)
    for name, values in blind.driver.items():
        np.testing.assert_array_equal(values, aware.driver[name], err_msg=name)


@pytest.mark.slow
def test_history_is_each_month_as_it_stood_at_its_own_end(vintage):
    until = SETTLED + 6
    history = vintage.history(until)
    for month in (SETTLED, SETTLED + 3, until - 1):
        then = vintage.outside(month)
        first, length = history.months[month]
        days = slice(first, first + length)
        for part in ("law", "driver", "announced"):
            for name, values in getattr(then, part).items():
                np.testing.assert_array_equal(
                    getattr(history, part)[name][days], values[days], err_msg=f"{part} {name}"
                )
    first = vintage.outside(SETTLED)
    days = slice(0, sum(history.months[SETTLED]))
    for name, values in first.driver.items():
        np.testing.assert_array_equal(history.driver[name][days], values[days], err_msg=name)
