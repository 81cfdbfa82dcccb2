"""Border waiting by hand: everybody is somewhere, camps fill and are cleared, lists thin out."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.mechanisms.border_waiting import ALONG, OFFICE_OF, border_waiting
from caudal.corridor.world import FIELD_OFFICES, SECTORS
from hand_made import dotted, neutral, now, parameters

pytestmark = pytest.mark.unit

MIDSUMMER, MIDWINTER = 197.0, 15.0
RGV = SECTORS.index("rio-grande-valley")


def ask(people=None, *, day=MIDSUMMER, strictness=0.0, coordination=1.0, p=None, **levers):
    """What the mechanism gives, without the member axis."""
    usual = {"day_of_year": day, "coordination": coordination, "strictness": strictness}
    view = now(usual, people or {}, dotted(**levers))
    given = border_waiting.function(view, p or parameters(border_waiting))
    return {k: np.asarray(v)[..., 0] for k, v in given.items()}


def at(sector, people):
    """So many people at one sector, spread over groups, (sector, 66, 1)."""
    out = np.zeros((len(SECTORS), 66, 1))
    out[sector] = people / 66
    return out


def test_every_sector_lies_along_one_office():
    assert (ALONG.sum(0) == 1).all()
    assert (ALONG.argmax(0) == OFFICE_OF).all()


def test_the_three_sum_to_everyone_who_waits():
    rng = np.random.default_rng(1)
    people = {
        k: rng.exponential(200, (n, 66, 1))
        for k, n in (("north_first", 9), ("north_repeat", 9), ("mpp", 9), ("ports", 4),
                     ("app_queue", 4))
    }  # fmt: skip
    out = ask(people, mx__camp_clearance=np.eye(9)[RGV])
    three = out["sheltered"] + out["camped"] + out["unsheltered"]
    assert three.sum() == pytest.approx(sum(v.sum() for v in people.values()), rel=1e-5)
    assert min(out[k].min() for k in ("sheltered", "camped", "unsheltered")) >= 0


def test_one_city_in_plain_lines():
    p = parameters(border_waiting, shelter_seeking=0.6, camping_share=0.5, camp_places=900.0,
               shelter_places=1000.0, hardship_give_up=0.4, north_give_up_per_day=0.01)  # fmt: skip
    out = ask({"north_first": at(RGV, 5000)}, p=p)
    seeking = 0.6 * 5000
    overflow = seeking - 1000
    camped = min(0.5 * overflow, 900)
    assert out["sheltered"][RGV] == pytest.approx(1000)
    assert out["camped"][RGV] == pytest.approx(camped)
    assert out["unsheltered"][RGV] == pytest.approx(5000 - 1000 - camped)
    give_up = 0.01 * np.exp(0.4 * overflow / 5001)
    np.testing.assert_allclose(out["north_first → home"][RGV], give_up, rtol=1e-5)
    np.testing.assert_allclose(out["north_first → home"][0], 0.01, rtol=1e-5)


def test_lists_stand_in_the_cities_along_their_office():
    queue = np.zeros((4, 66, 1))
    office = FIELD_OFFICES.index("san-diego-office")
    queue[office] = 10.0
    out = ask({"app_queue": queue})
    waiting = out["sheltered"] + out["camped"] + out["unsheltered"]
    assert waiting[[SECTORS.index("san-diego"), SECTORS.index("el-centro")]].sum() == (
        pytest.approx(660, rel=1e-5)
    )
    assert waiting[SECTORS.index("tucson")] == 0


def test_a_cleared_camp_empties_and_its_people_leave():
    people = {"north_first": at(RGV, 20000), "mpp": at(RGV, 5000)}
    before, after = ask(people), ask(people, mx__camp_clearance=np.eye(9)[RGV])
    assert before["camped"][RGV] > 0
    assert after["camped"][RGV] == 0
    for flow in ("north_first → home", "north_first → mexico_settled", "mpp → home"):
        assert (after[flow][RGV] > before[flow][RGV]).all(), flow
        np.testing.assert_array_equal(after[flow][:RGV], before[flow][:RGV])


def test_returns_without_notice_close_places():
    people = {"north_repeat": at(RGV, 20000)}
    told, untold = ask(people), ask(people, coordination=0.4)
    assert untold["sheltered"][RGV] < told["sheltered"][RGV]


def test_cold_drives_people_out_of_camps_only():
    people = {"north_first": at(RGV, 20000)}
    p = parameters(border_waiting, cold_response=0.5)
    cold, mild = ask(people, day=MIDWINTER, p=p), ask(people, p=p)
    assert (cold["north_first → home"][RGV] > mild["north_first → home"][RGV]).all()
    np.testing.assert_allclose(cold["north_first → home"][0], mild["north_first → home"][0])


def test_where_entry_is_turned_back_lists_are_kept_and_more_settle():
    closed, open_ = ask(strictness=0.9), ask(strictness=0.0)
    for flow in ("ports → north_first", "mpp → north_repeat"):
        assert (closed[flow] < open_[flow]).all(), flow
    assert (closed["north_first → mexico_settled"] > open_["north_first → mexico_settled"]).all()


def test_the_queue_thins_when_no_appointments_are_offered():
    offered, ended = ask(us__appointments__daily=1450.0), ask(us__appointments__daily=0.0)
    for flow in ("app_queue → home", "app_queue → north_first"):
        assert (ended[flow] > offered[flow]).all(), flow
    np.testing.assert_array_equal(ended["ports → home"], offered["ports → home"])


def test_off_leaves_only_the_memory_of_a_stop_and_the_end_of_appointments():
    p = neutral(border_waiting)
    out = ask({"north_first": at(RGV, 50000)}, p=p, strictness=0.9, day=MIDWINTER,
              coordination=0.0, mx__camp_clearance=1.0, us__appointments__daily=1.0)  # fmt: skip
    for name, hazard in out.items():
        if " → " in name and name != "north_repeat → north_first":
            np.testing.assert_array_equal(hazard, 0.0, err_msg=name)


def test_a_rumoured_sanction_sends_home_those_stopped_before_alone():
    p = parameters(border_waiting, heard_sanction=0.4)
    calm, heard = ask(p=p), ask(p=p, us__prosecution=1.0)
    repeat = "north_repeat → home"
    np.testing.assert_allclose(heard[repeat], np.exp(0.4) * calm[repeat], rtol=1e-5)
    for flow in (f for f in calm if "→" in f and f != repeat):
        np.testing.assert_array_equal(heard[flow], calm[flow])


def test_camps_hold_each_unit_as_it_waits():
    first, queue = np.zeros((9, 66, 1)), np.zeros((4, 66, 1))
    first[RGV, 0::3], first[RGV, 1::3] = 300.0, 900.0  # one adult to three in families
    queue[FIELD_OFFICES.index("san-diego-office"), 2::3] = 900.0
    out = ask({"north_first": first, "app_queue": queue})
    by_unit = out["camped_by_unit"]
    assert by_unit.sum() == pytest.approx(out["camped"].sum(), rel=1e-4)
    assert by_unit[1] == pytest.approx(0.75 * out["camped"][RGV], rel=1e-4)
    far = [SECTORS.index("san-diego"), SECTORS.index("el-centro")]
    assert out["camped"][far].sum() > 0
    assert by_unit[2] == pytest.approx(out["camped"][far].sum(), rel=1e-4)
