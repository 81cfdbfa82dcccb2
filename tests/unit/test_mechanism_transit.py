"""Transit: modes and pace, the formula of each leg, going back south, off."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.groups import mask
from caudal.corridor.mechanisms.transit import (
    FROM_FAR_SOUTH,
    relative,
    transit,
    usual_modes,
    wanted_modes,
)
from caudal.corridor.world import MODES, NATIONALITIES, UNITS
from hand_made import neutral, now, parameters

pytestmark = pytest.mark.unit
TRAIN, FOOT, BUS = MODES.index("train"), MODES.index("foot"), MODES.index("bus")


def hazards(given=None, **p):
    return transit.function(now(given or {}), parameters(transit, **p))


def wanted(given=None, **p):
    return np.asarray(wanted_modes(now(given or {}), parameters(transit, **p)))


def test_modes_at_usual_effort_are_the_usual_ones_and_pace_is_one():
    p = parameters(transit, mode_weight=[2.0, 1.0, 0.5, 0.5])
    usual = np.asarray(usual_modes(p))
    np.testing.assert_allclose(usual[:, 0], [0.5, 0.25, 0.125, 0.125])
    as_usual = {"papers": p["card_share"][0]}
    np.testing.assert_allclose(wanted_modes(now(as_usual), p), usual, rtol=1e-6)
    for by_mode in ("mode_speed", "mode_exposure"):
        np.testing.assert_allclose(relative(usual, p[by_mode], p), 1.0, rtol=1e-6)


def test_wanted_shares_are_the_formula_and_sum_to_one():
    exposure = np.array([1.5, 1.0, 1.2, 0.3])
    given = {"mx_effort": 2.0, "mx.trains_stopped": 1.0, "papers": 0.5}
    found = wanted(given, mode_exposure=exposure, mode_shift=0.7, mode_train_bar=1.1,
                   mode_papers_bus=0.8, card_share=0.3)  # fmt: skip
    lean = -0.7 * np.log(2.0) * (exposure / exposure.mean() - 1)
    lean[TRAIN] -= 1.1
    lean[BUS] += 0.8 * (0.5 - 0.3)
    np.testing.assert_allclose(found[:, 0], np.exp(lean) / np.exp(lean).sum(), rtol=1e-5)
    for effort in (0.0, 1.0, 5.0, 500.0):
        share = wanted({"mx_effort": effort, "mx.trains_stopped": 1.0, "papers": 1.0})
        np.testing.assert_allclose(share.sum(0), 1, rtol=1e-5)
        assert (share >= 0).all()


def test_modes_move_slowly_to_what_is_less_exposed():
    out = hazards({"mx_effort": 3.0}, mode_days=30.0)
    share = np.asarray(out["mode_share"])
    assert (share[FOOT] > 0.25).all()
    assert (share[TRAIN] < 0.25).all()
    far = wanted({"mx_effort": 3.0})[FOOT]
    np.testing.assert_allclose(share[FOOT], 0.25 + (far - 0.25) * -np.expm1(-1 / 30), rtol=1e-5)


def test_walking_is_slower():
    on_foot = {"mode_share": [0.1, 0.1, 0.1, 0.7]}
    slow, usual = hazards(on_foot), hazards()
    for leg in ("mexico_1 → mexico_2", "mexico_2 → approach"):
        assert (slow[leg] < usual[leg]).all()
    assert (slow["central_1 → central_2"] == usual["central_1 → central_2"]).all()


def test_leaving_the_south_is_the_formula():
    out = hazards({"mx_effort": 2.5, "papers": 0.2}, south_hold=0.4, south_days=4.0)
    free = 0.2 + 0.8 * np.exp(-0.4 * 1.5)
    np.testing.assert_allclose(out["south → mexico_1"], free / 4.0 * np.ones((1, 66, 1)), rtol=1e-5)


def test_money_runs_out_and_people_give_up_more_often_under_effort():
    out = hazards({"mx_effort": 2.0, "fee": 8000.0}, money_out_per_day=0.01, money_delay=0.5,
                  fee_base=5000.0, money_dear=0.7, south_give_up_per_day=0.002,
                  south_give_up_held=0.3)  # fmt: skip
    strain = np.tanh(1.0)
    broke = 0.01 * (1 + 0.5 * strain) * 1.6**0.7
    np.testing.assert_allclose(out["mexico_1 → south"][0, 0], broke, rtol=1e-5)
    np.testing.assert_allclose(out["south → home"][0, 0], 0.002 * (1 + 0.3 * strain), rtol=1e-5)


def test_a_stipend_sends_home_those_whom_it_is_for():
    paid = hazards({"mx.return_stipends": mask("VEN")})["south → home"][0]
    none = hazards()["south → home"][0]
    more = (np.asarray(paid - none)[:, 0] > 0).reshape(len(NATIONALITIES), len(UNITS))
    assert more[NATIONALITIES.index("VEN")].all()
    assert more.sum() == len(UNITS)


def test_costa_ricas_buses_speed_only_the_first_leg():
    bus, none = hazards({"cr.bussing": 1.0}, central_bus_gain=0.4), hazards()
    np.testing.assert_allclose(
        bus["central_1 → central_2"], 1.4 * none["central_1 → central_2"], rtol=1e-5
    )
    np.testing.assert_array_equal(bus["central_2 → south"], none["central_2 → south"])


def test_people_turn_south_only_where_asylum_is_suspended_and_by_little_belief():
    assert (hazards({"belief": 0.0})["south → southbound"] == 0).all()
    shut = {"us.asylum.suspended": 1.0}
    out = hazards(shut | {"belief": 0.25}, turn_south_per_day=0.02)
    for source, places in (("south", 1), ("north_first", 9)):
        turn = np.asarray(out[f"{source} → southbound"])
        assert turn.shape[:2] == (places, 66)
        np.testing.assert_allclose(turn[0], 0.02 * 0.75 * FROM_FAR_SOUTH, rtol=1e-5)
    assert (hazards(shut | {"belief": 1.7})["south → southbound"] == 0).all()


def test_off_is_the_plain_journey():
    p = neutral(transit)
    given = {"mx_effort": 4.0, "us.asylum.suspended": 1.0, "mx.trains_stopped": 1.0,
             "cr.bussing": 1.0, "papers": 0.5, "mx.return_stipends": 1.0}  # fmt: skip
    out = transit.function(now(given or {}), p)
    np.testing.assert_allclose(out["mode_share"], 0.25, rtol=1e-6)
    np.testing.assert_allclose(out["mexico_1 → mexico_2"][0, 0], 2 / p["mexico_days"], rtol=1e-6)
    np.testing.assert_allclose(out["south → mexico_1"][0, 0], 1 / p["south_days"], rtol=1e-6)
    for gone in ("central_2 → home", "south → home", "south → southbound", "mexico_1 → south"):
        assert (out[gone] == 0).all(), gone
    assert (out["southbound → home"] > 0).all()
