"""Departure on a hand-made day: the formula against readable lines, substitution, off."""

from __future__ import annotations

from datetime import date
from functools import partial

import numpy as np
import pandas as pd
import pytest

import hand_made
from caudal.corridor.drivers import homicide
from caudal.corridor.mechanisms.departure import ROUTES, departure, routes
from caudal.corridor.world import NATIONALITIES
from caudal.data.store import open_series
from hand_made import MEMBERS, group

pytestmark = pytest.mark.unit

neutral, now, parameters = (
    partial(f, members=MEMBERS) for f in (hand_made.neutral, hand_made.now, hand_made.parameters)
)

VEN, HND, ECU = (NATIONALITIES.index(n) for n in ("VEN", "HND", "ECU"))


def only(*nationalities):
    return np.float32([n in nationalities for n in NATIONALITIES])


def leaving(view, p):
    """People a day, (66, member)."""
    out = departure.function(view, p)
    return sum(np.asarray(out[f"outside → {stock}"])[0] for stock in ROUTES)


def total(view, p):
    """People a day by nationality, (22, member)."""
    return leaving(view, p).reshape(22, 3, -1).sum(1)


def change(given, p):
    """Departures under a law against those of a calm day, by nationality (22, member)."""
    return total(now(given), p) / total(now(), p)


def test_off_the_base_sets_out_whatever_happens():
    p = neutral(departure)
    noisy = {
        "event.borders_closed": 1.0, "event.origin_crisis": 1.0, "us.sanctions": 1.0,
        "us.protected_status": 1.0, "us.parole.eligible": 1.0, "us.parole.monthly_places": 1e4,
        "mx.visa_required": 1.0, "pa.darien.closed": 1.0, "ni.charter_limits": 1.0,
        "us.charters_sanctioned": 1.0,
    }  # fmt: skip
    signal = {"disaster": 1.0, "aid": 1000.0, "network": 1.0, "belief": 0.1, "surprise": 0.5}
    driver = {"us_job_openings": 0.4, "day_of_year": 200.0}
    got = total(now(noisy, signal | {"fee": 3 * p["fee_base"]}, driver), p)
    np.testing.assert_allclose(got, p["departure_base"], rtol=1e-4)


def test_one_group_by_the_written_equation():
    strong = {
        "hurricane_push": 0.3, "network_push": 0.2, "crisis_push": 0.1, "border_closing": 0.7,
        "far_response": 0.5, "settled_response": 0.4, "response_own": np.full(22, 1.5),
    }  # fmt: skip
    p = parameters(departure, **{**departure.off, **strong})
    view = now(
        {"event.origin_crisis": only("HND"), "event.borders_closed": only("HND")},
        {"disaster": 0.5, "network": 0.4, "surprise": 0.2, "belief": 0.6, "unit_pull": 0.0},
    )
    push = 0.3 * 0.5 + 0.2 * 0.4 + 0.1 - 0.7
    lure = -1.5 * (0.5 * 0.2 + 0.4 * (1 - 0.6))
    want = p["departure_base"][HND] * np.exp(push + lure)
    np.testing.assert_allclose(total(view, p)[HND], want, rtol=1e-4)


def test_units_are_exchanged_and_nobody_is_added():
    p = parameters(departure)
    pull = np.zeros((66, MEMBERS), np.float32)
    family, adult = group("HND", "family"), group("HND", "single_adult")
    pull[family] = 0.5
    pulled, calm = now({"unit_pull": pull, "belief": 1.0}), now({"belief": 1.0})
    np.testing.assert_allclose(total(pulled, p), total(calm, p), rtol=1e-5)
    assert (leaving(pulled, p)[family] > leaving(calm, p)[family]).all()
    assert (leaving(pulled, p)[adult] < leaving(calm, p)[adult]).all()


@pytest.mark.parametrize(
    ("law", "strength", "route"),
    [
        ({"pa.darien.closed": 1.0}, "darien_closing", "darien"),
        ({"ni.charter_limits": only("VEN")}, "charter_bar", "central_1"),
        ({"us.charters_sanctioned": 1.0}, "charter_sanction", "central_1"),
        ({"mx.visa_required": only("VEN")}, "visa_bar", "mexico_1"),
    ],
)
def test_a_closed_route_sends_people_to_the_others_and_keeps_a_few_home(law, strength, route):
    p = parameters(departure, **{strength: 1.5}, affordability=0.0)
    shut, stay = routes(now(law), p)
    free, none = routes(now(), p)
    i = ROUTES.index(route)
    assert (shut[VEN, i] < free[VEN, i]).all()
    for j in range(3):
        if j != i:
            assert (shut[VEN, j] > free[VEN, j]).all()
    np.testing.assert_allclose(shut.sum(1), 1.0, rtol=1e-5)
    np.testing.assert_allclose(none[VEN], 0.0, atol=1e-6)
    assert (stay[VEN] < 0).all()
    # fewer stay home than were on that route
    assert (np.exp(stay[VEN]) > 1 - free[VEN, i]).all()


def test_the_dearer_way_counts_for_those_who_pay():
    p = parameters(departure, affordability=0.3, route_stay=0.0)
    _, dear = routes(now({"fee": 1.3 * p["fee_base"]}), p)
    assert (dear < 0).all()
    # the fee is part of the cost, so at most the elasticity times the rise of the fee
    assert (dear >= -0.3 * np.log(1.3) - 1e-6).all()


def test_a_disaster_pushes_late_long_and_only_where_it_struck():
    p = parameters(departure, disaster_rise_days=60.0, disaster_fade_days=150.0)
    damage = disaster = np.zeros((22, MEMBERS), np.float32)
    path = []
    for day in range(300):
        law = {"event.disaster": only("HND") * (day < 16)}  # two storms in sixteen days
        out = departure.function(now(law, {"damage": damage, "disaster": disaster}), p)
        damage, disaster = out["damage"], out["disaster"]
        path.append(np.asarray(disaster)[[HND, ECU]])
    pushed = np.array(path)[:, 0, 0]
    assert pushed[16] < 0.35 * pushed.max()
    assert 60 < pushed.argmax() < 130
    assert pushed[240] > 0.3 * pushed.max()
    assert 0.4 < pushed.max() <= 1
    assert (np.array(path)[:, 1] == 0).all()


def test_aid_works_about_two_years_late_and_only_in_the_north_of_central_america():
    p = parameters(departure, aid_effect=0.03, aid_days=730.0)
    aid, days = np.zeros(MEMBERS, np.float32), 730
    for _ in range(days):
        aid = departure.function(now({"us.aid_central_america": 1000.0}, {"aid": aid}), p)["aid"]
    np.testing.assert_allclose(aid, 1000 * (1 - np.exp(-1)), rtol=1e-3)
    fewer = change({"aid": 1000.0}, p)
    np.testing.assert_allclose(fewer[HND], np.exp(-0.03 * 0.4), rtol=1e-4)  # 600 when it begins
    np.testing.assert_allclose(fewer[ECU], 1.0, rtol=1e-6)


def test_the_network_remembers_a_wave_and_is_bounded():
    p = parameters(departure)
    many = {"encounters_land": 1e5}
    one = departure.function(now(many, {"entries": 50.0, "entries_usual": 1.0}), p)
    assert (np.asarray(one["network"]) > 0).all()
    assert (np.asarray(one["network"]) <= 1).all()
    none = departure.function(now({"entries": 1.0, "entries_usual": 1.0}), p)["network"]
    assert (np.abs(none) < 0.01).all()
    after = departure.function(now({"entries": 3.0, "entries_usual": 1.0}), p)["network"]
    assert (np.asarray(after)[HND] > 0.3).all()  # nobody comes today, and the wave is remembered


def test_sanctions_may_push_either_way_and_protection_lowers_later_entries():
    for push in (0.1, -0.1):
        p = parameters(departure, sanctions_push=push)
        lifted = total(now({"us.sanctions": only("CUB")}), p) / total(
            now({"us.sanctions": only("CUB", "VEN")}), p
        )
        np.testing.assert_allclose(lifted[VEN], np.exp(-push), rtol=1e-4)
        np.testing.assert_allclose(lifted[ECU], 1.0, rtol=1e-6)
    p = parameters(departure, protection_effect=0.1)
    fewer = change({"us.protected_status": only("VEN")}, p)
    np.testing.assert_allclose(fewer[VEN], np.exp(-0.1), rtol=1e-4)
    np.testing.assert_allclose(fewer[ECU], 1.0, rtol=1e-6)


def test_a_call_for_a_caravan_is_not_read_here():
    assert not [lever for lever in departure.levers if "caravan" in lever]


def test_homicides_at_home_push_by_the_elasticity():
    p = parameters(departure, violence_push=0.3)
    rate = np.zeros((22, 1), np.float32)
    rate[HND] = np.log(2.0)
    more = change({"homicide": rate}, p)
    np.testing.assert_allclose(more[HND], 2.0**0.3, rtol=1e-4)
    np.testing.assert_allclose(more[ECU], 1.0, rtol=1e-6)


def test_homicide_rates_are_against_2017_and_read_no_year_before_it_was_known():
    dates = pd.date_range("2017-07-01", "2023-07-31")
    rate = homicide(dates, None)
    assert rate.shape == (len(dates), 22)
    table = open_series("driver.homicide").set_index(["country", "year"]).per_100000
    day = dates.get_loc(pd.Timestamp("2022-07-02"))
    want = np.log(table["ECU", 2022] / table["ECU", 2017])
    assert rate[day, ECU] == pytest.approx(want, abs=0.01)
    assert np.abs(rate[0]).max() < 0.01
    assert (rate[:, NATIONALITIES.index("CAN")] == 0).all()  # no series
    # on the last day of 2020 the rates of 2019 are known and those of 2020 are not
    early = homicide(dates, date(2020, 12, 31))
    want = np.log(table["ECU", 2019] / table["ECU", 2017])
    assert early[-1, ECU] == pytest.approx(want, abs=0.01)


def test_offers_to_venezuela_take_back_the_push_of_sanctions_on_venezuelans_only():
    p = parameters(departure, sanctions_push=0.2)
    both = {"us.sanctions": only("VEN", "CUB")}
    eased = total(now(both | {"us.offers_to_venezuela": 1.0}), p) / total(now(both), p)
    np.testing.assert_allclose(eased[VEN], np.exp(-0.2), rtol=1e-4)
    others = np.arange(22) != VEN
    np.testing.assert_allclose(eased[others], 1.0, rtol=1e-6)
    # no sanctions and relief from them are the same to whoever sets out
    lifted = total(now({"us.sanctions": only("CUB")}), p) / total(now(both), p)
    np.testing.assert_allclose(eased, lifted, rtol=1e-6)
