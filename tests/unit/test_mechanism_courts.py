"""Courts: cases are conserved, and a fixed share of what closes ends each way."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.mechanisms.courts import SHORTEST_DAYS, courts
from hand_made import dotted, neutral, now, parameters

pytestmark = pytest.mark.unit


def day(
    p, *, border=1000.0, other=5e5, mpp=20000.0, released=10.0, enrolled=0.0, waiting=0.0,
    asylum_office=0.0, **levers,
):  # fmt: skip
    rate = {
        "releases": np.full((1, 66, 1), released),
        "appointments_kept": np.full((1, 66, 1), 2.0),
        "children_transferred": np.full((1, 1, 1), 90.0),
        "mpp_returns": np.full((9, 66, 1), enrolled / 594),
        "parole_arrivals": np.full((1, 66, 1), 10.0),
    }
    children = np.zeros((1, 66, 1))
    children[0, [5, 8], 0] = 1, 2  # of Guatemala and of Honduras
    people = {"mpp": np.full((9, 66, 1), waiting / 594), "cbp_children": children}
    signal = {
        "court_border": border,
        "court_other": other,
        "mpp_docket": mpp,
        "asylum_office": asylum_office,
    }
    view = now(people, signal, rate, dotted(**levers))
    return {k: np.asarray(v) for k, v in courts.function(view, p).items()}


def test_pending_cases_are_those_of_yesterday_and_the_balance_of_the_day():
    got = day(parameters(courts), us__mpp__wind_down_daily=300, waiting=5000.0)
    before = 22 * 1000.0 + 5e5 + 20000.0
    after = got["court_border"].sum() + got["court_other"] + got["mpp_docket"]
    balance = got["court_receipts"] - got["court_completions"] - got["mpp_closed"]
    np.testing.assert_allclose(
        after - before, balance, atol=0.2
    )  # single precision of half a million


def test_receipts_follow_those_let_in_by_nationality():
    p = parameters(courts, court_filed_share=0.5, court_cases_per_judge=0.0)
    got = day(p)["court_border"][:, 0] - 1000.0
    want = np.full(22, 0.5 * 3 * 12.0)
    want[1] += 0.5 * 30  # a third of ninety children are of Guatemala
    want[2] += 0.5 * 60
    np.testing.assert_allclose(got, want, rtol=1e-3)


def test_judges_are_shared_by_the_size_of_dockets():
    p = parameters(courts, court_cases_per_judge=730.0)
    got = day(p, us__courts__judges=500)
    np.testing.assert_allclose(got["court_completions"], 1000.0, rtol=1e-4)  # 500 × 730 / 365
    twice = day(p, us__courts__judges=1000)
    np.testing.assert_allclose(twice["court_completions"], 2000.0, rtol=1e-4)
    small = day(p, border=1.0, other=300.0, us__courts__judges=500)
    np.testing.assert_allclose(small["court_completions"], 322 / SHORTEST_DAYS, rtol=1e-4)


@pytest.mark.parametrize("docket", [100.0, 60000.0])
def test_shares_of_closed_cases_do_not_depend_on_the_docket(docket):
    p = parameters(courts)
    got = day(p, mpp=docket)
    np.testing.assert_allclose(got["mpp_closed"], docket / p["mpp_decision_days"], rtol=1e-5)
    np.testing.assert_allclose(got["mpp_relief"] / got["mpp_closed"], 0.015, rtol=1e-3)
    np.testing.assert_allclose(got["mpp_absentia"] / got["mpp_closed"], 0.78 * 0.854, rtol=1e-3)


def test_without_hearings_nothing_is_closed():
    got = day(parameters(courts), us__mpp__hearings_suspended=1, enrolled=50.0)
    assert got["mpp_closed"] == 0
    assert got["mpp_relief"] == 0
    np.testing.assert_allclose(got["mpp_docket"], 20050.0, rtol=1e-6)


def test_people_are_let_in_only_while_cases_are_pending_and_within_the_cap():
    p = parameters(courts, mpp_relief_share=0.0)
    cap = {"us__mpp__wind_down_daily": 300, "waiting": 10000.0}
    many = day(p, **cap)["mpp → us_paroled"].max() * 10000
    np.testing.assert_allclose(many, 300, rtol=1e-3)
    few = day(p, mpp=70.0, **cap)["mpp → us_paroled"].max() * 10000
    np.testing.assert_allclose(few, 10, rtol=1e-3)
    assert day(p, mpp=0.0, **cap)["mpp → us_paroled"].max() == 0


def test_off_leaves_dockets_as_they_were():
    got = day(neutral(courts), mpp=0.0)
    np.testing.assert_array_equal(got["court_border"], 1000.0)
    np.testing.assert_array_equal(got["court_other"], 5e5)
    assert got["mpp → us_paroled"].max() == got["mpp → returned"].max() == 0


def test_applications_of_people_on_parole_wait_for_uscis_and_stand_still_while_it_pauses():
    p = parameters(courts, office_filed_share=0.5, office_days=1000.0)
    got = day(p, asylum_office=20000.0)
    np.testing.assert_allclose(got["office_decisions"], 20.0, rtol=1e-5)
    np.testing.assert_allclose(got["asylum_office"], 20000.0 + 0.5 * 660 - 20.0, rtol=1e-5)
    paused = day(p, asylum_office=20000.0, us__asylum__decisions_paused=1)
    assert float(paused["office_decisions"].sum()) == 0.0
