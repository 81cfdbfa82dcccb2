"""What unit choice must show: units follow what lets them in; families part, and stop parting."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.world import NATIONALITIES

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

NO_EXEMPTION = {"us-cdc-children-exception": "off", "us-pjes-injunction": "off"}


def share(played, unit, *months, nationality="HND"):
    """Share of one unit among those who set out, by member."""
    whole = played.tally("departures", *months, nationality=nationality)
    return played.tally("departures", *months, nationality=nationality, unit=unit) / whole


def responsive(world):
    return {k: np.abs(world.p[k]) for k in ("unit_response", "separation_fear")}


def test_ending_the_exemption_of_children_reverses_self_separation(world):
    exempt = world.play("2020-10", "2021-07")
    expelled = world.play("2020-10", "2021-07", NO_EXEMPTION)
    before = [p.tally("self_separations", "2020-10") for p in (exempt, expelled)]
    np.testing.assert_allclose(*before, rtol=1e-5)
    after = [p.tally("self_separations", "2021-02", "2021-05") for p in (exempt, expelled)]
    assert (after[0] > before[0]).all()
    assert (after[1] < 0.4 * after[0]).all()


def test_children_split_off_from_families_who_must_wait_in_mexico(world):
    waits = world.play("2019-06", "2020-03")
    never = world.play("2019-06", "2020-03", {"us-mpp": "off"})
    pair = [p.tally("self_separations", "2019-12", "2020-02") for p in (waits, never)]
    assert (pair[0] > pair[1]).all()
    grown = [waits.tally("self_separations", m) for m in ("2019-07", "2020-01")]
    assert (grown[1] > grown[0]).all()  # as the camps fill


def test_whoever_parts_goes_on_as_two_and_nobody_is_lost(world):
    parts = world.play("2019-06", "2020-03")
    stay = world.play("2019-06", "2020-03", p={"part_per_day": 0 * world.p["part_per_day"]})
    assert (stay.tally("self_separations", "2019-06", "2020-02") == 0).all()
    for nationality in ("GTM", "HND", "SLV"):
        which = NATIONALITIES.index(nationality)
        adults, families = (
            [p.people("mpp", unit).sum(0)[which] for p in (parts, stay)]
            for unit in ("single_adult", "family")
        )
        assert (families[0] < families[1]).all(), nationality
        assert (adults[0] / families[0] > adults[1] / families[1]).all(), nationality


def test_the_exemption_of_children_raises_the_share_who_travel_alone(world):
    exempt = world.play("2020-10", "2021-07", p=responsive(world))
    expelled = world.play("2020-10", "2021-07", NO_EXEMPTION, p=responsive(world))
    pair = [share(p, "unaccompanied_child", "2021-02", "2021-05") for p in (exempt, expelled)]
    assert (pair[0] > pair[1]).all()


def test_families_whom_a_state_refuses_to_take_back_make_up_more_of_those_who_leave(world):
    refuses = world.play("2021-01", "2021-07", p=responsive(world))
    takes = world.play("2021-01", "2021-07", {"mx-tamaulipas-families": "off"}, p=responsive(world))
    pair = [share(p, "family", "2021-04", "2021-06") for p in (refuses, takes)]
    assert (pair[0] > pair[1]).all()


def test_the_threat_of_separation_lowers_the_share_of_families(world):
    threat = world.play("2018-04", "2018-07", p=responsive(world))
    none = world.play("2018-04", "2018-07", {"us-zero-tolerance": "off"}, p=responsive(world))
    pair = [share(p, "family", "2018-05", "2018-06") for p in (threat, none)]
    assert (pair[0] < pair[1]).all()
