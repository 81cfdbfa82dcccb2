"""Crossing by hand: shares of areas in plain lines, displacement, booking, surrender, detection."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.groups import unfold
from caudal.corridor.mechanisms.crossing import AVERAGE, crossing
from caudal.corridor.world import NATIONALITIES, SECTORS, UNITS
from hand_made import dotted, neutral, now, parameters

pytestmark = pytest.mark.unit

LAND, TUCSON, DEL_RIO = len(SECTORS), SECTORS.index("tucson"), SECTORS.index("del-rio")
EASTWARD, WESTWARD = (f"north_first → north_first {way}ward" for way in ("east", "west"))


def ask(people=None, *, signal=None, rate=None, weather=None, day=15.0, p=None, **levers):
    """What the mechanism gives, without the member axis."""
    usual = {"success": 0.6, "strictness": 0.5, "day_of_year": day}
    view = now(usual, people or {}, signal or {}, rate or {}, dotted(**levers), sky=weather)
    given = crossing.function(view, p or parameters(crossing))
    return {k: np.asarray(v)[..., 0] for k, v in given.items()}


def shares(out):
    """(13, 66): land, then ports with and without appointment together."""
    ports = out["approach.ports"] + out["approach.appointment"]
    return np.concatenate([out["approach.land"], ports])


def test_shares_of_areas_in_plain_lines():
    p = parameters(crossing, success_response=0.5, heat_response=0.2)
    success = np.linspace(0.2, 0.8, LAND)
    area = np.linspace(-1, 1, 13)
    out = ask(signal={"success": success[:, None]}, weather={"area": area[:, None]}, day=200.0, p=p)
    group = 7
    pull = np.exp(p["area_base"][:, group, 0] + area)
    lure = 0.5 * (success - success.mean()) - 0.2 * p["deadly"][:, 0]
    pull[:LAND] *= np.exp(lure)
    np.testing.assert_allclose(shares(out)[:, group], pull / pull.sum(), rtol=1e-4)


def test_a_hardened_sector_sheds_mostly_to_its_neighbours_and_not_all_of_it():
    calm, hard = ask(), ask(us__sector_hardened=np.eye(LAND)[TUCSON])
    gain = (shares(hard) - shares(calm)).mean(1)
    assert shares(hard).sum(0) == pytest.approx(1.0, rel=1e-5)
    assert gain[TUCSON] < 0 < shares(hard)[TUCSON].min()
    near = gain[TUCSON - 1] + gain[TUCSON + 1]
    assert near > 0.5 * -gain[TUCSON]
    assert (np.delete(gain, TUCSON) >= 0).all()
    # who is already there tries less and moves next door; elsewhere nothing changes
    tries = hard["north_first → line"] / calm["north_first → line"]
    assert (tries[TUCSON] < 1).all()
    np.testing.assert_allclose(np.delete(tries, TUCSON, 0), 1.0)
    for way in (EASTWARD, WESTWARD):
        assert (calm[way] == 0).all()
        assert (hard[way][TUCSON] > 0).all()
        assert (np.delete(hard[way], TUCSON, 0) == 0).all()


def test_nobody_moves_beyond_the_ends_of_the_border():
    ends = np.eye(LAND)[0] + np.eye(LAND)[-1]
    out = ask(us__sector_hardened=ends)
    assert (out[WESTWARD][0] == 0).all()
    assert (out[EASTWARD][0] > 0).all()
    assert (out[EASTWARD][-1] == 0).all()
    assert (out[WESTWARD][-1] > 0).all()


def test_barriers_count_by_mile_and_less_while_building_is_halted():
    miles = 200 * np.eye(LAND)[TUCSON]
    p = parameters(crossing, barrier_response=0.1, barrier_gaps=0.5)
    building = ask(us__barrier_miles=miles, p=p)
    halted = ask(us__barrier_miles=miles, us__barrier_building=0.0, p=p)
    none = ask(p=p)
    tries = [o["north_first → line"][TUCSON, 0] for o in (building, halted, none)]
    np.testing.assert_allclose(tries[0] / tries[2], np.exp(-0.2), rtol=1e-5)
    np.testing.assert_allclose(tries[1] / tries[2], np.exp(-0.1), rtol=1e-5)


def test_a_nationality_converges_on_one_sector():
    calls = np.zeros((len(NATIONALITIES), LAND))
    haiti = NATIONALITIES.index("HTI")
    calls[haiti, DEL_RIO] = 1
    calm, called = ask(), ask(event__convergence=calls)
    there = [unfold(o["approach.land"])[DEL_RIO] for o in (called, calm)]
    assert (there[0][haiti] > 2 * there[1][haiti]).all()
    others = np.arange(len(NATIONALITIES)) != haiti
    np.testing.assert_allclose(there[0][others], there[1][others], rtol=1e-6)


def test_appointments_draw_people_until_the_wait_is_long():
    queue = {"app_queue": np.full((4, 66, 1), 1000.0)}
    none = ask(us__appointments__daily=0.0)
    short = ask(us__appointments__daily=1450.0)
    long = ask(queue, us__appointments__daily=1450.0)
    booking = [o["approach.appointment"] for o in (none, short, long)]
    assert (booking[0] == 0).all()
    assert (booking[1] > booking[2]).all()
    assert (booking[2] > 0).all()
    assert (short["approach.land"] < none["approach.land"]).all()
    for out in (none, short, long):
        np.testing.assert_allclose(shares(out).sum(0), 1.0, rtol=1e-5)


def test_the_harder_the_desk_the_more_single_adults_evade():
    p = parameters(crossing, evade_response=1.0)
    soft, hard = (unfold(ask(signal={"strictness": s}, p=p)["line.unseen"]) for s in (0.2, 0.9))
    adults = UNITS.index("single_adult")
    assert (hard[..., adults] > soft[..., adults]).all()
    others = np.arange(len(UNITS)) != adults
    np.testing.assert_allclose(hard[..., others], soft[..., others])


def test_unseen_in_plain_lines():
    p = parameters(crossing, evade_response=0.0)
    people = {"field": np.full((9, 66, 1), 5.0), "cbp_custody": np.full((1, 66, 1), 30.0)}
    out = ask(people, signal={"smuggler_share": 0.6, "adaptation": 0.5}, p=p)
    odds = p["detection_base"] - p["crowding"] * np.log1p(
        (9 * 66 * 5.0 + 66 * 30.0) / p["holding_places"]
    )
    slowed = np.exp(-p["smuggler_gain"] * 0.6 * (1 + np.tanh(0.5)))
    stopped = np.exp(odds) * slowed / (1 + np.exp(odds) * slowed)
    for u in range(len(UNITS)):
        unseen = unfold(out["line.unseen"])[..., u]
        expected = float(p["evading_share"][u, 0] * (1 - stopped[0]))
        np.testing.assert_allclose(unseen, expected, rtol=1e-4)
    np.testing.assert_allclose(out["detection"], 1 / (1 + np.exp(-odds[0])), rtol=1e-5)


def test_more_people_in_the_field_lower_detection():
    crowded = ask({"field": np.full((9, 66, 1), 20.0)})
    assert crowded["detection"] < ask()["detection"]


def test_success_remembers_who_was_turned_back():
    seen = np.full((9, 66, 1), 10.0)
    sent_back = np.zeros((9, 66, 1))
    sent_back[TUCSON] = 10.0
    rate = {"encounters_land": seen, "expulsions": sent_back}
    p = parameters(crossing, success_days=10.0)
    success = ask(rate=rate, p=p)["success"]
    keep = np.exp(-0.1)
    low = 0.6 / 661  # of 660 tries none got through; memory counts as one
    assert success[TUCSON] == pytest.approx(keep * 0.6 + (1 - keep) * low, rel=1e-4)
    assert (np.delete(success, TUCSON) > 0.6).all()
    np.testing.assert_allclose(ask(p=p)["success"], 0.6, rtol=1e-6)  # no tries, nothing learned


def test_the_average_moves_a_seventh_part_of_the_way():
    out = ask(rate={"encounters_land": np.full((9, 66, 1), 1.0)})
    assert out[AVERAGE] == pytest.approx(594 * (1 - np.exp(-1 / 7)), rel=1e-5)


def test_off_is_neutral():
    p = neutral(crossing)
    calls = np.zeros((len(NATIONALITIES), LAND))
    calls[6, DEL_RIO] = 1
    moved = ask(
        {"field": np.full((9, 66, 1), 50.0)}, p=p, day=200.0, us__barrier_miles=100.0,
        signal={"surprise": 0.5, "rush": 0.4, "strictness": 0.9, "smuggler_share": 0.8,
                "success": np.linspace(0, 1, 9)[:, None]},
        us__sector_hardened=np.eye(LAND)[TUCSON], event__convergence=calls,
    )  # fmt: skip
    still = ask(p=p)
    for name in set(still) - {"success", AVERAGE}:
        np.testing.assert_allclose(moved[name], still[name], rtol=1e-5, err_msg=name)
