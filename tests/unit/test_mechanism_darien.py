"""Darién: the formula, the room at the stations, off."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.groups import N_GROUPS
from caudal.corridor.mechanisms.darien import darien
from hand_made import neutral, now, parameters

pytestmark = pytest.mark.unit
OPEN = {"pa.bussing": 1.0}


def onward(given, **p):
    out = darien.function(now(given or {}), parameters(darien, **p))
    return out["darien → central_1"], out["darien → home"]


def test_hazards_are_the_formula():
    on, home = onward(
        {"pa.bussing": 1.0, "pa.darien.closed": 0.5, "pa.removal_flights": 1.0, "pa_effort": 2.0,
         "darien": 100.0},
        darien_bus_gain=0.6, darien_days=4.0, darien_places=3300.0, darien_detour=0.2,
        darien_turn_back=0.01, darien_flown=0.003,
    )  # fmt: skip
    people = 100.0 * N_GROUPS
    room = 3300 / people
    assert on.shape[:2] == (1, N_GROUPS)
    np.testing.assert_allclose(on, (1 + 0.6 * room) * (1 - 0.2 * 0.5) / 4, rtol=1e-5)
    np.testing.assert_allclose(home, 2 * (0.01 * 0.5 + 0.003), rtol=1e-5)


def test_buses_speed_the_way_as_far_as_stations_have_room():
    quick, walked = onward(OPEN)[0], onward({"pa.bussing": 0.0})[0]
    crowded = onward(OPEN | {"darien": 3000.0})[0]
    assert (quick > crowded).all()
    assert (crowded > walked).all()


def test_off_is_walking_and_nobody_turned_back():
    p = neutral(darien)
    given = OPEN | {"pa.darien.closed": 1.0, "pa.removal_flights": 1.0, "darien": 1e4}
    out = darien.function(now(given or {}), p)
    np.testing.assert_allclose(out["darien → central_1"][0, 0], 1 / p["darien_days"])
    assert (out["darien → home"] == 0).all()
