"""Costs on hand-made days: each payer's sum, fees and revenue, and neutral when off."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.mechanisms.costs import costs
from caudal.corridor.world import NATIONALITIES, PAYERS
from hand_made import neutral, now, parameters

pytestmark = pytest.mark.unit


def given(name: str, today, **p):
    return np.asarray(costs.function(today, parameters(costs, **p))[name])[..., 0]


def paid(payer: str, today, **p) -> float:
    return float(given("public_cost", today, **p)[PAYERS.index(payer)])


@pytest.mark.parametrize(
    ("payer", "day", "p", "wanted"),
    [
        ("us-border", {"cbp_custody": 1.0}, {"cost_cbp_day": 200.0}, 66 * 200),
        ("us-border", {"encounters_ports": 1.0}, {"cost_desk": 300.0}, 4 * 66 * 300),
        ("us-detention", {"ice_detained": 1.0},
         {"cost_ice_night": 100.0, "cost_ice_family_night": 300.0}, 22 * 100 + 44 * 300),
        ("us-courts", {"releases": 1.0, "children_transferred": 4.0},
         {"cost_case": 1500.0}, (66 + 4) * 1500),
        ("us-cities", {"city_shelter": 1.0}, {"cost_city_night": 100.0}, 4 * 66 * 100),
        ("mexico-enforcement", {"mexican_events": 1.0, "mexican_returns": 0.5},
         {"cost_mx_stop": 150.0, "cost_mx_return": 300.0}, 66 * 150 + 33 * 300),
        ("mexico-reception", {"dif": 1.0, "comar": 1.0},
         {"cost_mx_shelter_day": 10.0, "comar_sheltered": 0.5}, 66 * 10 * 1.5),
        ("panama", {"darien_crossings": 1.0}, {"cost_pa_reception": 60.0}, 66 * 60),
    ],
)  # fmt: skip
def test_each_payer_pays_its_people_and_events(payer, day, p, wanted):
    today = now(day)
    others = {k: 0.0 for k in costs.off if k not in p}
    assert paid(payer, today, **others, **p) == pytest.approx(wanted, rel=1e-5)


def test_children_beyond_the_standard_beds_cost_the_emergency_rate():
    p = {"cost_hhs_day": 290.0, "cost_hhs_emergency_day": 775.0, "hhs_standard_share": 0.5}
    for children, wanted in ((60.0, 60 * 290), (160.0, 100 * 290 + 60 * 775)):
        today = now({"hhs_care": children / 66}, {"us.hhs.beds": 200.0}
        )  # fmt: skip
        assert paid("us-children", today, **p) == pytest.approx(wanted, rel=1e-4)


def test_flights_are_paid_for_those_removed_and_where_expulsion_flights_are_on():
    haiti = np.zeros(22)
    haiti[NATIONALITIES.index("HTI")] = 1.0
    today = now({"expulsions": 1.0, "removals": 2.0}, {"us.expulsion_flights": haiti})
    p = {k: 0.0 for k in costs.off} | {"cost_flight": 1000.0}
    flown = 9 * 3 + 2 * 63  # Haitians expelled; everyone removed but Mexicans
    assert paid("us-border", today, **p) == pytest.approx(1000 * flown, rel=1e-5)


def test_revenue_is_fee_times_share_times_first_arrivals_and_migrants_pay_more():
    today = now({"encounters_land": 2.0, "encounters_repeat": 1.0},
        {"fee": 8000.0, "smuggler_share": 0.5},
    )  # fmt: skip
    p = {k: 0.0 for k in costs.off} | {"fee_paid": 0.75, "debt_interest": 0.2, "own_way": 1000.0}
    arrived = 9 * 3 * (2 - 1)
    revenue = given("smuggler_revenue", today, **p)
    assert revenue == pytest.approx(np.full(22, 0.75 * 8000 * 0.5 * arrived))
    spent = given("migrant_cost", today, **p)
    assert spent == pytest.approx(1.2 * revenue + 1000 * 0.5 * arrived)
    bribed = given("migrant_cost", today, **p | {"bribe": 100.0, "toll_share": 1.0})
    assert bribed - spent == pytest.approx(np.full(22, 100 * 0.5 * 9 * 3 * 2), rel=1e-3)


def test_whoever_tries_again_pays_no_second_fee():
    again = now({"encounters_land": 5.0, "encounters_repeat": 5.0},
        {"fee": 8000.0, "smuggler_share": 1.0},
    )  # fmt: skip
    assert not given("smuggler_revenue", again).any()


def test_off_nobody_pays():
    today = now({s: 10.0 for s in ("cbp_custody", "hhs_care", "held", "darien", "field")},
        {"encounters_land": 3.0, "removals": 2.0, "mexican_events": 5.0},
        {"fee": 9000.0, "smuggler_share": 0.5, "pa_effort": 1.0},
        {"pa.removal_flights": 1.0},
    )  # fmt: skip
    out = costs.function(today, neutral(costs))
    for name, value in out.items():
        assert not np.asarray(value).any(), name
    on = costs.function(today, parameters(costs))
    assert all(np.asarray(value).any() for value in on.values())


def test_cartels_take_a_share_of_the_fee_and_the_tolls_of_those_alone():
    today = now({"encounters_land": 2.0}, {"fee": 8000.0, "smuggler_share": 0.25})
    p = {"toll_of_fee": 0.1, "toll_share": 0.5, "bribe": 100.0, "fee_paid": 0.75}
    tried = 9 * 3 * 2
    taken = 0.1 * 0.75 * 8000 * 0.25 * tried + 100 * 0.5 * 0.75 * tried
    assert given("cartel_tolls", today, **p) == pytest.approx(np.full(22, taken), rel=1e-5)
    untaxed = given("cartel_tolls", today, **p | {"toll_of_fee": 0.0, "toll_share": 0.0})
    assert not untaxed.any()
