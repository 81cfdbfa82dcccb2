"""Darién: buses speed the way on, a closing and removal flights lower what comes out of it."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]


def test_closing_the_darien_lowers_its_crossings(world):
    closed = world.play("2024-05", "2024-11")
    open_ = world.play("2024-05", "2024-11", {"pa-darien-closure-2024": "off"})
    months = ("2024-08", "2024-10")
    pair = [p.tally("darien_crossings", *months) for p in (closed, open_)]
    assert (pair[0] < pair[1]).all()
    before = [p.tally("darien_crossings", "2024-05") for p in (closed, open_)]
    np.testing.assert_array_equal(*before)


def test_panamas_buses_speed_transit_and_ending_them_slows_it(world):
    bus = world.play(
        "2023-02", "2023-05", levers={"pa.bussing": [("2023-02", "2023-05", 1.0)]}, else_zero=True
    )
    none = world.play("2023-02", "2023-05", levers={"pa.bussing": []}, else_zero=True)
    first = [p.tally("darien_crossings", "2023-02") for p in (bus, none)]
    assert (first[1] < first[0]).all()  # people come out later
    stay = [
        p.stock("darien", "2023-04") / p.tally("darien_crossings", "2023-04") for p in (bus, none)
    ]
    assert (stay[1] > 1.1 * stay[0]).all()  # and stay longer, by Little's law


def test_removal_flights_lower_crossings_a_little(world):
    flights = {"pa.removal_flights": [("2023-02", "2023-05", 1.0)]}
    flown = world.play("2023-02", "2023-05", levers=flights, else_zero=True)
    none = world.play("2023-02", "2023-05", levers={"pa.removal_flights": []}, else_zero=True)
    share = flown.tally("darien_crossings", "2023-02") / none.tally("darien_crossings", "2023-02")
    assert (share < 1).all()
    assert np.median(share) > 0.8  # few are flown
