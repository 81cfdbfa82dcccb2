"""Harm on hand-made days: the formula, its bounds, and neutral when off."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.mechanisms.harm import harm, tries
from caudal.corridor.world import DANGERS, NATIONALITIES, SECTORS, UNITS
from hand_made import neutral, now, parameters

pytestmark = pytest.mark.unit


def given(name: str, today, **p):
    return np.asarray(harm.function(today, parameters(harm, **p))[name])[..., 0]


def test_every_measure_is_finite_and_not_negative_on_a_busy_day():
    everybody = {
        s: 1000.0
        for s in harm.reads
        if s in ("mexico_1", "north_first", "mpp", "ports", "field", "cbp_custody", "held")
    }
    events = {"encounters_land": 50.0, "unseen": 200.0, "expulsions": 20.0, "removals": 5.0,
              "darien_crossings": 10.0, "mexican_events": 30.0, "mexican_returns": 3.0}  # fmt: skip
    today = now(everybody, events, {"smuggler_share": 0.5})
    out = harm.function(today, parameters(harm))
    assert set(out) == {m.name for m in harm.measures}
    for name, value in out.items():
        assert np.isfinite(value).all(), name
        assert (np.asarray(value) > 0).any(), name
        assert (np.asarray(value) >= 0).all(), name


def test_deaths_in_the_darien_are_the_rate_times_the_crossings():
    crossings = np.zeros((1, 66))
    crossings[0, :10] = 100.0
    today = now({"darien_crossings": crossings})
    deaths = given("deaths", today, death_darien=0.0005)
    assert deaths[DANGERS.index("darien")] == pytest.approx(0.5)
    assert deaths[1:].sum() == 0


def test_deaths_of_a_sector_follow_adults_stopped_unseen_entries_and_the_season():
    land = np.zeros((9, 66))
    land[3, 3:6] = [100.0, 50.0, 50.0]  # Guatemalan adults, families, children in Tucson
    unseen = np.zeros((9, 1))
    unseen[3] = 30.0
    p = {"death_border": 0.001, "death_light": 0.2, "death_season": 0.3, "death_hardened": 0.5}
    for day_of_year, hardened in ((196.0, 0.0), (15.0, 1.0)):
        today = now({"day_of_year": day_of_year}, {"encounters_land": land, "unseen": unseen},
            {"us.sector_hardened": hardened},
        )  # fmt: skip
        season = np.exp(0.3 * np.cos(2 * np.pi * (day_of_year - 196.0) / 365.25))
        wanted = 0.001 * season * np.exp(0.5 * hardened) * (30 + 100 + 0.2 * 100)
        assert given("deaths", today, **p)[2 + 3] == pytest.approx(wanted, rel=1e-5)


def test_kidnappings_lie_between_floor_and_ceiling_and_follow_who_waits_where():
    waiting = np.zeros((9, 66))
    laredo = SECTORS.index("laredo")
    waiting[laredo, 3] = 1000.0  # Guatemalan adults
    waiting[laredo, 0] = 1000.0  # Mexican adults
    p = {
        "attack_report_per_day": 2e-4, "attack_kidnap_share": 0.25, "attack_unreported": 4.0,
        "kidnap_patient_per_day": 5e-3, "danger_of_place": 1.0, "risk_mexican": 0.5,
        "risk_family": 1.0, "cover_shelter": 0.0, "cover_coordinated": 0.0,
    }  # fmt: skip
    today = now({"north_first": waiting})
    at_risk = 1000 + 0.5 * 1000
    floor = given("kidnappings_floor", today, **p)
    assert floor[laredo] == pytest.approx(0.25 * 2e-4 * at_risk, rel=1e-5)
    assert floor.sum() == floor[laredo]
    assert given("kidnappings_ceiling", today, **p)[laredo] == pytest.approx(
        5e-3 * at_risk, rel=1e-5
    )
    assert given("assaults", today, **p)[laredo] == pytest.approx(
        4 * 0.75 * 2e-4 * at_risk, rel=1e-5
    )
    low = given("kidnappings_ceiling", today, **{**p, "kidnap_patient_per_day": 0.0})
    assert (low == floor).all()  # never below the floor


def test_shelter_and_coordination_cover_and_lists_at_ports_count_as_waiting():
    today = now({"ports": 10.0, "coordination": 0.0})
    every = now({"ports": 10.0}, {"coordination": 1.0})
    p = {
        "cover_shelter": 0.5,
        "shelter_seeking": 0.4,
        "shelter_places": 1e6,
        "cover_coordinated": 0.25,
    }
    bare = given("assaults", today, **{**p, "cover_shelter": 0.0})
    assert bare.sum() > 0
    assert given("assaults", today, **p) == pytest.approx(0.8 * bare)
    assert given("assaults", every, **p) == pytest.approx(0.75 * 0.8 * bare)


def test_whoever_finds_no_shelter_and_camps_spends_the_day_outdoors():
    today = now({"north_first": 10.0})
    p = {"shelter_seeking": 1.0, "shelter_places": 60.0, "reception_loss": 0.0,
         "camping_share": 0.5, "camp_places": 1e6}  # fmt: skip
    assert given("exposure_days", today, **p) == pytest.approx(
        np.full(9, 0.5 * (660 - 60)), rel=1e-5
    )
    cleared = now({"north_first": 10.0}, {"mx.camp_clearance": 1.0})
    assert not given("exposure_days", cleared, **p).any()


def test_cold_makes_ill_in_winter_only():
    camps = {"north_first": 100.0}
    winter, summer = (now(camps, {"day_of_year": d}) for d in (15.0, 196.0))
    assert given("illnesses", winter) > 0
    assert given("illnesses", summer) == 0


def test_custody_days_are_by_unit_and_extortions_fall_where_smugglers_pay_the_toll():
    held = np.zeros((1, 66))
    held[0, UNITS.index("family") :: 3] = 2.0
    today = now({"cbp_custody": held, "held": held})
    assert given("custody_days", today).tolist() == [0.0, 88.0, 0.0]
    alone = now({"encounters_land": 1.0, "smuggler_share": 0.0})
    guided = now({"encounters_land": 1.0}, {"smuggler_share": 1.0})
    assert given("extortions", alone, toll_share=0.5) == pytest.approx(0.5 * 9 * 66)
    assert given("extortions", guided, toll_share=0.5) == 0


def test_the_returned_with_a_need_lie_between_grants_and_screening():
    today = now({"removals": 10.0})
    for weight, share in ((0.0, 0.2), (1.0, 0.8), (0.5, 0.5)):
        p = {"need_granted": 0.2, "need_passed": 0.8, "need_weight": weight}
        returned = given("protection_returned", today, **p)
        assert returned == pytest.approx(np.full(len(NATIONALITIES), 30 * share), rel=1e-5)


def test_unseen_entries_are_spread_as_the_adults_stopped():
    land = np.zeros((9, 66))
    land[0, 0], land[0, 3], land[0, 4] = 30.0, 10.0, 60.0
    today = now({"encounters_land": land, "unseen": 4.0})
    by_nation = np.asarray(tries(today))[:, 0]
    assert by_nation[:2] == pytest.approx([30 + 27, 70 + 9])
    assert np.asarray(tries(now()))[:, 0].sum() == 0


def test_off_there_are_no_victims():
    today = now({"north_first": 100.0, "mexico_1": 50.0},
        {"encounters_land": 10.0, "removals": 5.0, "mexican_events": 9.0, "unseen": 3.0},
    )  # fmt: skip
    off = neutral(harm)
    out = harm.function(today, off)
    for name in set(out) - {"exposure_days", "custody_days", "mexican_minors"}:  # no rates of harm
        assert not np.asarray(out[name]).any(), name


def test_officials_extort_by_nationality_and_are_a_share_of_who_attacks():
    today = now({"north_first": 100.0}, {"mexican_events": 10.0})
    ratio = np.ones(len(NATIONALITIES))
    ven, cub = NATIONALITIES.index("VEN"), NATIONALITIES.index("CUB")
    ratio[ven], ratio[cub] = 2.0, 5.0
    p = {"extortion_per_stop": 0.3, "extortion_nationality": ratio[:, None], "officials_share": 0.2}
    by = given("extortions_officials", today, **p)
    assert by[0] == pytest.approx(0.3 * 30)
    assert by[ven] == pytest.approx(0.6 * 30)
    assert by[cub] == pytest.approx(30)  # never more than stops
    assert given("extortions", today, **p) == pytest.approx(by.sum(), rel=1e-5)
    assaults, officials = given("assaults", today, **p), given("assaults_officials", today, **p)
    assert (assaults > 0).all()
    assert officials == pytest.approx(0.2 * assaults)


def test_minors_stopped_in_mexico_are_the_unaccompanied_and_a_share_of_families():
    events = np.zeros((1, 66))
    events[0, 3:6] = [100.0, 50.0, 20.0]
    today = now({"mexican_events": events})
    at = [UNITS.index(u) for u in ("family", "unaccompanied_child")]
    family, alone = events[0, 3:6][at]
    wanted = alone + 0.6 * family
    assert given("mexican_minors", today, family_children=0.6) == pytest.approx(wanted)
