"""Interdiction: reach, custody, crowding, outcomes, off."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.groups import ADULTS, MEXICO
from caudal.corridor.mechanisms.interdiction import interdiction, let_go, reach
from caudal.corridor.world import NATIONALITIES, UNITS
from hand_made import neutral, now, parameters

pytestmark = pytest.mark.unit
FLIGHTS = {"origin.removal_flights": 1.0}


def hazards(given=None, p=None):
    given = FLIGHTS | (given or {})
    return {
        k: np.asarray(v)
        for k, v in interdiction.function(now(given or {}), p or parameters(interdiction)).items()
    }


def of(nationality, unit="single_adult"):
    return NATIONALITIES.index(nationality) * len(UNITS) + UNITS.index(unit)


def test_the_usual_modes_and_effort_one_give_the_plain_rate():
    p = parameters(interdiction, mode_weight=1.0, card_share=0.2)
    assert p["mode_weight"].shape == (4, 1)
    out = hazards({"papers": 0.2}, p)
    for stock, rate in (("south", "stop_rate_south_per_day"), ("mexico_1", "stop_rate_per_day")):
        np.testing.assert_allclose(out[f"{stock} → taken"][0, of("HND")], p[rate], rtol=1e-5)
        assert (out[f"{stock} → taken"][0][MEXICO[:, 0] == 1] == 0).all()


def test_reach_is_the_formula():
    exposure, share = np.array([2.0, 1.0, 1.0, 0.4]), np.array([0.1, 0.2, 0.3, 0.4])
    p = parameters(interdiction, mode_weight=1.0, mode_exposure=exposure, card_share=0.3,
                   papers_protect=0.5)  # fmt: skip
    stop = np.linspace(-1, 1, 22)
    given = {"mode_share": share, "adaptation": 0.4, "smuggler_share": 0.5, "papers": 0.1,
             "mx_effort": 3.0}  # fmt: skip
    found = np.asarray(reach(now(FLIGHTS | given, sky={"stop": stop}), p))
    felt = 3.0 - 0.4 * 0.5 * 2.0
    plain = felt * (share * exposure).sum() / exposure.mean() * (1 + 0.5 * (0.3 - 0.1))
    np.testing.assert_allclose(
        found, (np.repeat(np.exp(stop), 3) * plain)[:, None] * (1 - MEXICO), rtol=1e-5
    )


def test_children_and_families_go_to_shelters_once_the_law_says_so():
    before, after = hazards(), hazards({"mx.families_not_detained": 1.0})
    assert (before["taken.station"] == 1).all()
    np.testing.assert_array_equal(after["taken.station"][0], ADULTS)
    np.testing.assert_array_equal(after["taken.station"] + after["taken.shelter"], 1)


@pytest.mark.parametrize("stock", ["held", "dif"])
def test_outcomes_add_up_to_leaving_in_the_days_held(stock):
    p = parameters(interdiction)
    for given in ({}, {"mx.bussing_south": 1.0}, {"mx.operations_suspended": 1.0}):
        out = hazards(given, p)
        ways = [out[f"{stock} → {to}"] for to in ("returned", "south", "mexico_1")]
        assert all((way >= 0).all() for way in ways)
        np.testing.assert_allclose(sum(ways)[0, 0], 1 / p["held_days"], rtol=1e-5)


def test_beyond_the_places_people_are_let_go_and_none_is_returned_for_it():
    p = parameters(interdiction, station_places=660.0)
    free, full = hazards({"held": 5.0}, p), hazards({"held": 20.0}, p)
    np.testing.assert_allclose(let_go(np.array([330.0, 660, 1320]), 660.0), [0, 0, 0.5])
    np.testing.assert_array_equal(full["held → returned"], free["held → returned"])
    more = sum(full[f"held → {to}"] - free[f"held → {to}"] for to in ("south", "mexico_1"))
    np.testing.assert_allclose(more, 0.5 * np.ones((1, 66, 1)), rtol=1e-5)
    # closing stations lowers the places
    closed = hazards({"held": 10.0, "mx.stations_closed": 1.0}, p)["held → mexico_1"]
    assert (closed > hazards({"held": 10.0}, p)["held → mexico_1"]).all()


def test_a_suspension_ends_returns_and_buses():
    p = parameters(interdiction, suspended_stops=1.0)
    out = hazards({"mx.operations_suspended": 1.0, "mx.bussing_south": 1.0}, p)
    assert (out["held → returned"] == 0).all()
    assert (out["held → south"] == 0).all()
    assert (out["held → mexico_1"] > 0).all()
    assert (out["mexico_1 → taken"] == hazards(p=p)["mexico_1 → taken"]).all()


def test_without_flights_only_those_by_road_are_returned():
    p = parameters(interdiction, return_needs_flight=1.0)
    with_, without = hazards(p=p), hazards({"origin.removal_flights": 0.0}, p)
    assert (without["held → returned"][0, of("VEN")] == 0).all()
    same = "held → returned"
    np.testing.assert_array_equal(without[same][0, of("HND")], with_[same][0, of("HND")])


def test_buses_to_the_south_move_those_who_would_go_on():
    usual, bussed = hazards(), hazards({"mx.bussing_south": 1.0})
    for stock in ("held", "dif"):
        assert (bussed[f"{stock} → south"] > usual[f"{stock} → south"]).all()
        assert (bussed[f"{stock} → mexico_1"] < usual[f"{stock} → mexico_1"]).all()
        np.testing.assert_array_equal(bussed[f"{stock} → returned"], usual[f"{stock} → returned"])


def test_the_guard_in_the_north_stops_more_there_only():
    usual, guarded = hazards(), hazards({"mx.guard_north": 1.0})
    here = of("VEN")
    assert (guarded["north_first → taken"][:, here] > usual["north_first → taken"][:, here]).all()
    np.testing.assert_array_equal(guarded["mexico_2 → taken"], usual["mexico_2 → taken"])


def test_no_guatemalan_is_returned_out_of_guatemala():
    out = hazards({"gt_effort": 2.0})["central_2 → returned"][0]
    assert (out[of("GTM")] == 0).all()
    np.testing.assert_allclose(
        out[of("HND")], 2 * parameters(interdiction)["gt_turn_back_per_day"], rtol=1e-5
    )


def test_off_nobody_is_stopped_and_the_held_get_out():
    out = hazards({"mx_effort": 4.0, "mx.guard_north": 1.0}, neutral(interdiction))
    for stock in ("south", "mexico_1", "mexico_2", "north_first"):
        assert (out[f"{stock} → taken"] == 0).all()
    assert (out["central_2 → returned"] == 0).all()
    assert (out["held → mexico_1"] > 0).all()
