"""Legal pathways: lists, appointments and parole, one claim a test."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.groups import mask
from caudal.corridor.world import AREAS, FIELD_OFFICES

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

TO_PORTS = np.array([3.0 * (area in FIELD_OFFICES) for area in AREAS])
OFFERED = "us.appointments.daily"


def land(played, *months, **only):
    return played.tally("encounters_land", *months, **only)


def busy(world, until, offered, p=None):
    """Many would rather come through the ports, which admit nobody without an appointment."""
    sky = {"area": [("2023-02", TO_PORTS)], "departure": [("2023-02", 1.5 * np.ones(22))]}
    levers = {OFFERED: offered, "us.port.asylum_closed": [("2023-02", until, 1)]}
    return world.play("2023-02", until, levers=levers, sky=sky, p=p)


def test_the_queue_for_appointments_grows_when_more_ask_than_are_offered(world):
    few = busy(world, "2024-01", [("2023-02", "2024-01", 50)])
    many = busy(world, "2024-01", [("2023-02", "2024-01", 20000)])
    grows = [few.tally("app_waiting", m) for m in ("2023-02", "2023-04")]
    assert (grows[1] > 1.3 * grows[0]).all()
    kept = few.tally("appointments_kept", "2023-11", "2023-12") / 30.5
    assert (kept <= 50).all()
    assert (kept > 30).all()
    waits = [
        p.tally("app_waiting", "2023-12") / p.tally("appointments_kept", "2023-12")
        for p in (few, many)
    ]
    assert (waits[0] > 3 * waits[1]).all()


def test_ending_appointments_strands_people_who_then_cross_leave_or_stay(world):
    """Against a queue that was served in its last month: the law of 2023 goes on otherwise."""
    p = {"appointment_pull": 0 * world.p["appointment_pull"]}  # none come for the last month's sake
    months = [("2023-02", "2024-01", 100), ("2024-02", "2024-06", 0)]
    ends = busy(world, "2024-06", [*months, ("2024-01", "2024-02", 0)], p=p)
    served = busy(world, "2024-06", [*months, ("2024-01", "2024-02", 20000)], p=p)
    stranded = ends.stock("app_queue", "2023-12")
    np.testing.assert_array_equal(stranded, served.stock("app_queue", "2023-12"))
    assert (ends.tally("appointments_kept", "2024-02", "2024-05") == 0).all()
    left = ends.stock("app_queue", "2024-05")
    assert (left < stranded).all()
    assert (left > 0).all()
    crossed = [land(p, "2024-02", "2024-05") for p in (ends, served)]
    assert (crossed[0] > crossed[1]).all()
    gave_up = [
        sum(p.stock(s, f"2024-0{m}") for s in ("home", "mexico_settled") for m in range(2, 6))
        for p in (ends, served)
    ]
    assert (gave_up[0] > gave_up[1]).all()


def test_october_2022_falls_on_venezuelans_and_not_at_first_on_others(world):
    new = world.play("2022-08", "2023-01")
    old = world.play(
        "2022-08", "2023-01",
        {"us-parole-venezuela-2022": "off", "mx-acceptance-venezuela": "off"},
    )  # fmt: skip

    def change(month, nationality):
        return (
            land(new, month, nationality=nationality) / land(old, month, nationality=nationality)
            - 1
        )

    # those put back try again, so that in a member encounters may not fall: seven in eight claimed
    assert (change("2022-11", "VEN") < -0.05).sum() >= 7
    for other in ("GTM", "HND", "CUB", "NIC", "ECU", "COL", "MEX"):
        assert np.abs(change("2022-11", other)).max() < 0.02, other


def test_january_2023_falls_on_cubans_haitians_nicaraguans(world):
    new = world.play("2022-11", "2023-05")
    old = world.play("2022-11", "2023-05", {"us-chnv-parole": "off", "mx-acceptance-chn": "off"})

    def change(nationality):
        months = ("2023-02", "2023-03")
        return (
            land(new, *months, nationality=nationality)
            / land(old, *months, nationality=nationality)
            - 1
        )

    for hit in ("CUB", "HTI", "NIC"):
        # a nationality may answer rules little (response_own): all fall, seven draws in eight clearly
        assert (change(hit) < 0.0).all(), hit
        assert (change(hit) < -0.05).mean() >= 7 / 8, hit
    for other in ("GTM", "HND", "ECU", "MEX"):
        assert np.abs(change(other)).max() < 0.03, other


def test_parole_fills_its_places_within_months_and_ends_where_it_is_revoked(world):
    """30,000 places a month from January 2023: few in the first month, most by the fourth."""
    span = ("2023-01", "2023-10")
    levers = {
        "us.parole.eligible": [(*span, mask("CUB", "HTI", "NIC", "VEN"))],
        "us.parole.monthly_places": [(*span, 30000)],
        "us.parole.revoked": [("2023-08", "2023-10", mask("CUB"))],
        OFFERED: [(*span, 0)], "us.port.asylum_closed": [(*span, 1)],
    }  # fmt: skip
    played = world.play("2023-01", "2023-10", levers=levers)
    flown = [played.stock("us_paroled", m) for m in ("2023-01", "2023-04", "2023-07")]
    assert (flown[0] < 0.75 * flown[2]).all()
    assert (flown[1] > 0.8 * flown[2]).all()
    assert (flown[2] < 30000 * 1.1).all()
    pace = played.signal("parole_pace", "2023-09")
    assert (pace.sum(0) > 0).all()
    none = played.months.signals["parole_pace"][played.rows("2023-09")][0][5]  # Cubans
    assert (none < 0.6 * played.signal("parole_pace", "2023-07")[5]).all()
