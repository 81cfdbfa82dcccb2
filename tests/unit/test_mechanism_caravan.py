"""Caravan: the formula, nobody without a call, left alone `reach` of it arrives."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.groups import MEXICO
from caudal.corridor.mechanisms.caravan import caravan
from hand_made import neutral, now, parameters

pytestmark = pytest.mark.unit


def hazards(given=None, p=None):
    return caravan.function(now(given or {}), p or parameters(caravan))


def test_nobody_joins_without_a_call_and_no_mexican_with_one():
    assert (hazards()["central_2 → caravan"] == 0).all()
    assert (hazards()["south → caravan"] == 0).all()
    called = hazards({"event.caravan_honduras": 1.0})
    joined = called["central_2 → caravan"][0]
    assert (joined[MEXICO[:, 0] == 1] == 0).all()
    assert (joined[MEXICO[:, 0] == 0] > 0).all()
    assert (called["south → caravan"] == 0).all()


def test_left_alone_reach_of_it_arrives():
    out = hazards(p=parameters(caravan, caravan_reach=0.7))
    through = out["caravan → mexico_2"]
    all_ways = through + out["caravan → south"] + out["caravan → home"]
    np.testing.assert_allclose(through / all_ways, 0.7, rtol=1e-5)


def test_dispersals_are_the_formula():
    given = {"gt.caravan_dispersal": 1.0, "mx.caravan_dispersal": 1.0, "gt_effort": 1.5,
             "mx_effort": 3.0}  # fmt: skip
    p = parameters(caravan, caravan_turned_back_per_day=0.5, caravan_dissolved_per_day=0.2,
                   caravan_promises=0.25, caravan_tired_home=0.4)  # fmt: skip
    tired = (1 / p["caravan_reach"] - 1) / p["caravan_days"]
    out = hazards(given, p)
    np.testing.assert_allclose(out["caravan → home"][0, 7], 0.4 * tired + 0.5 * 1.5, rtol=1e-5)
    dissolved = 0.2 * (0.25 + 0.75 * 3.0)
    np.testing.assert_allclose(out["caravan → south"][0, 7], 0.6 * tired + dissolved, rtol=1e-5)


def test_off_nobody_walks_together():
    out = hazards({"event.caravan_honduras": 1.0, "event.caravan_tapachula": 1.0}, neutral(caravan))
    assert (out["central_2 → caravan"] == 0).all()
    assert (out["south → caravan"] == 0).all()
    assert (out["caravan → mexico_2"] > 0).all()  # who still walks gets through
