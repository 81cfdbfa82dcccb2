"""Mexican protection: the queue, staying where the north is shut, papers, off."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.groups import MEXICO, N_GROUPS
from caudal.corridor.mechanisms.mexican_protection import decided, mexican_protection
from hand_made import neutral, now, parameters

pytestmark = pytest.mark.unit


def hazards(given=None, p=None):
    given = {"mx.humanitarian_cards": 1.0} | (given or {})
    return mexican_protection.function(now(given or {}), p or parameters(mexican_protection))


def test_claims_and_settling_are_the_formula():
    p = parameters(mexican_protection, stay_when_stopped=0.5, stay_when_shut=0.8, code_work=1.0,
                   code_access=0.3)  # fmt: skip
    out = hazards({"mx_effort": 2.0, "belief": 0.25, "mx.temporary_id": 1.0}, p)
    stay = np.exp(0.5 * np.tanh(1.0) + 0.8 * 0.75)
    other = MEXICO[:, 0] == 0
    np.testing.assert_allclose(
        out["south → comar"][0, other], np.tile(stay * p["claim_per_day"], (63, 1)), rtol=1e-5
    )
    assert (out["south → comar"][0, ~other] == 0).all()
    np.testing.assert_allclose(
        out["south → mexico_settled"][0, 5], stay * 1.3 * p["settle_per_day"], rtol=1e-5
    )


def test_decisions_never_pass_the_capacity_and_an_empty_queue_takes_the_legal_days():
    for waiting in (0.0, 10.0, 1e3, 1e5):
        a_day = decided(np.array([waiting]), np.array([100.0]), np.array([45.0])) * waiting
        assert a_day <= min(100.0, waiting / 45) * (1 + 1e-6)
    np.testing.assert_allclose(
        decided(np.array([0.0]), np.array([100.0]), np.array([45.0])), 1 / 45
    )


def test_outcomes_of_a_decision_add_up():
    p = parameters(mexican_protection, comar_decisions_per_day=66.0)
    out = hazards({"comar": 100.0}, p)
    both = np.asarray(out["comar → mexico_settled"] + out["comar → south"])
    np.testing.assert_allclose(both * 100 * N_GROUPS, 66.0 * np.ones((1, N_GROUPS, 1)), rtol=1e-4)
    np.testing.assert_allclose(
        out["comar → mexico_settled"][0, 0] / both[0, 0], p["claim_granted"], rtol=1e-5
    )


def test_papers_follow_the_practice():
    p = parameters(mexican_protection, card_share=0.3, card_days=40.0)
    step = -np.expm1(-1 / 40)
    np.testing.assert_allclose(hazards({"papers": 0.1}, p)["papers"], 0.1 + 0.2 * step, rtol=1e-5)
    cut = hazards({"papers": 0.3, "mx.humanitarian_cards": 0.02}, p)["papers"]
    np.testing.assert_allclose(cut, 0.3 + (0.006 - 0.3) * step, rtol=1e-5)


def test_off_nobody_claims_settles_or_gets_a_card():
    given = {"mx_effort": 3.0, "belief": 0.0, "comar": 10.0, "papers": 0.0,
             "mx.temporary_id": 1.0}  # fmt: skip
    out = hazards(given, neutral(mexican_protection))
    for gone in ("south → comar", "south → mexico_settled", "papers"):
        assert (np.asarray(out[gone]) == 0).all(), gone
    assert (np.asarray(out["comar → mexico_1"]) > 0).all()
