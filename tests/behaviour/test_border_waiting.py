"""What waiting at the border must show: one claim a test, in its words."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.world import AREAS, FIELD_OFFICES, NATIONALITIES, SECTORS

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

RGV = SECTORS.index("rio-grande-valley")
MANY = np.full(len(NATIONALITIES), 3.0)
"""Twenty times as many set out (weather), so that shelters are full."""


def test_metering_makes_people_wait_at_the_ports(world):
    """Many come, to the ports (weather): under the cap they stand in lists, and some cross."""
    to_ports = np.array([3.0 * (area in FIELD_OFFICES) for area in AREAS])
    sky = {"area": [("2018-04", to_ports)], "departure": [("2018-04", np.ones(22))]}
    capped = world.play("2018-04", "2019-04", sky=sky)
    free = world.play("2018-04", "2019-04", {"us-metering": "off"}, sky=sky)
    waiting = [p.stock("ports", "2019-03") for p in (capped, free)]
    assert (waiting[0] > 1.5 * waiting[1]).all()
    pair = [p.tally("encounters_land", "2019-01", "2019-03") for p in (capped, free)]
    assert (pair[0] > pair[1]).all()


def test_everyone_who_waits_is_in_a_shelter_a_camp_or_elsewhere(world):
    run = world.play("2019-02", "2019-11", sky={"departure": [("2019-02", MANY)]})
    for month in ("2019-06", "2019-10"):
        where = [run.measure(k, month) for k in ("sheltered", "camped", "unsheltered")]
        stocks = ("waiting_north", "ports_waiting", "app_waiting")
        waiting = sum(run.tally(k, month) for k in stocks)
        # measured in the morning, tallied in the evening
        np.testing.assert_allclose(sum(where).sum(0), waiting, rtol=0.03)


def test_camps_grow_when_shelters_are_full(world):
    usual = world.play("2019-02", "2019-07")
    many = world.play("2019-02", "2019-07", sky={"departure": [("2019-02", MANY)]})
    camped = [p.measure("camped", "2019-06").sum(0) for p in (usual, many)]
    assert (camped[1] > camped[0]).all()
    most = world.p["camp_places"]
    assert (many.measure("camped", "2019-06") <= 1.001 * most).all()


def test_clearing_a_camp_empties_it_and_thins_those_who_wait_there(world):
    sky = {"departure": [("2019-02", MANY)]}
    here = np.eye(len(SECTORS), dtype=np.float32)[RGV]
    span = ("2019-02", "2019-07")
    cleared = world.play(
        *span, levers={"mx.camp_clearance": [("2019-06", "2019-07", here)]}, else_zero=True, sky=sky
    )
    stays = world.play(*span, levers={"mx.camp_clearance": []}, else_zero=True, sky=sky)
    camped = [p.measure("camped", "2019-06") for p in (cleared, stays)]
    assert (camped[1][RGV] > 0).all()  # the premise
    assert (camped[0][RGV] == 0).all()
    waiting = [
        p.tally("waiting_north", "2019-06", place="rio-grande-valley") for p in (cleared, stays)
    ]
    assert (waiting[0] < waiting[1]).all()
    west = [p.tally("waiting_north", "2019-06", place="san-diego") for p in (cleared, stays)]
    np.testing.assert_allclose(*west, rtol=0.02)


def test_those_waiting_for_an_appointment_disperse_when_none_are_offered(world):
    span = ("2024-10", "2025-03")
    sky = {"departure": [("2024-10", MANY)]}
    ends, goes_on = (
        world.play(
            *span,
            levers={"us.appointments.daily": [("2024-10", until, 1450.0)]},
            else_zero=True,
            sky=sky,
        )
        for until in ("2024-12", "2025-03")
    )
    waiting = [p.tally("app_waiting", "2025-02") for p in (ends, goes_on)]
    before = [p.tally("app_waiting", "2024-11") for p in (ends, goes_on)]
    np.testing.assert_array_equal(*before)
    assert (waiting[0] < before[0]).all()
    assert (waiting[0] < waiting[1]).all()
