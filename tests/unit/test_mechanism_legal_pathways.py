"""Legal pathways: places of parole, lists and appointments, on states made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.groups import mask
from caudal.corridor.mechanisms.legal_pathways import legal_pathways, turns
from caudal.corridor.world import NATIONALITIES
from hand_made import dotted, neutral, now, parameters

pytestmark = pytest.mark.unit

FOUR = mask("CUB", "HTI", "NIC", "VEN")


def out(people=None, signal=None, p=None, **levers):
    got = legal_pathways.function(
        now(people or {}, signal or {}, dotted(**levers)), p or parameters(legal_pathways)
    )
    return {k: np.asarray(v) for k, v in got.items()}


def queue(*by_office):
    return {"app_queue": np.repeat(np.array(by_office)[:, None, None], 66, 1) / 66}


def test_parole_comes_up_to_its_places_slowly_and_is_shared_by_demand():
    p = parameters(legal_pathways)
    pace = np.zeros((22, 1))
    seen = []
    for _ in range(365):
        got = out(
            signal={"parole_pace": pace},
            p=p,
            us__parole__eligible=FOUR,
            us__parole__monthly_places=30000,
        )
        pace = got["parole_pace"]
        seen.append(got["outside → us_paroled"].sum())
    whole = p["parole_uptake"][0] * 30000 / 30.4
    np.testing.assert_allclose(seen[-1], whole, rtol=1e-3)
    lag = int(p["parole_lag_days"][0])
    np.testing.assert_allclose(seen[lag - 1] / whole, 1 - np.exp(-1), rtol=0.02)
    shares = pace[FOUR > 0, 0] / pace.sum()
    np.testing.assert_allclose(
        sorted(shares), sorted(np.array([0.70, 0.84, 1.59, 0.88]) / 4.01), 1e-3
    )
    assert (pace[FOUR == 0] == 0).all()


def test_parole_stops_the_day_it_is_revoked_for_those_it_is_revoked_for():
    pace = {"parole_pace": FOUR[:, None] * 100.0}
    given = {"us__parole__eligible": FOUR, "us__parole__monthly_places": 30000}
    some = out(signal=pace, us__parole__revoked=mask("CUB"), **given)["outside → us_paroled"]
    by_nation = some[0, :, 0].reshape(22, 3).sum(1)
    assert by_nation[NATIONALITIES.index("CUB")] == 0
    assert by_nation[NATIONALITIES.index("HTI")] > 90


@pytest.mark.parametrize("waiting", [(1e5, 1e5, 1e5, 1e5), (1e5, 0, 0, 1e5), (10, 20, 0, 5)])
def test_appointments_kept_are_those_offered_or_those_wanted(waiting):
    p = parameters(legal_pathways)
    view = now(queue(*waiting), {"us.appointments.daily": 1450})
    kept = (np.asarray(turns(view, p))[:, 0] * (np.array(waiting) + 1)).sum()
    np.testing.assert_allclose(kept, min(1450, sum(waiting) / p["port_days"][0]), rtol=1e-4)


def test_nobody_is_served_faster_than_a_port_can():
    p = parameters(legal_pathways)
    view = now(queue(3, 9, 1e4, 1e6), {"us.appointments.daily": 1450})
    assert (np.asarray(turns(view, p)) <= 1 / p["port_days"][0] + 1e-6).all()


def test_lists_admit_up_to_their_cap_and_nobody_where_ports_are_closed():
    p = parameters(legal_pathways, port_exempt_per_day=0.0)
    many = {"ports": np.full((4, 66, 1), 100.0)}

    def served(**levers):
        got = out(many, p=p, **levers)
        return (got["ports → us_paroled"] + got["ports → returned"]).sum((1, 2)) * 100

    np.testing.assert_allclose(
        served(us__port__daily_admissions=[40, 60, 80, 20]), [40, 60, 80, 20], 1e-3
    )
    assert served(us__port__asylum_closed=np.ones(4)).max() == 0
    assert served(us__asylum__suspended=1).max() == 0


def test_off_nobody_flies_in_and_ports_go_on():
    off = neutral(legal_pathways)
    got = out({"ports": 10.0}, p=off, us__parole__eligible=FOUR, us__parole__monthly_places=30000)
    assert got["outside → us_paroled"].max() == 0
    assert got["ports → us_paroled"].min() > 0
