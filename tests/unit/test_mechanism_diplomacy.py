"""Diplomacy on a hand-made day: the formulas against readable lines, bounds, and off is neutral."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from caudal.corridor.mechanisms.diplomacy import diplomacy
from caudal.engine.step import Now

pytestmark = pytest.mark.unit

P = {
    "effort_per_pressure": 0.6, "effort_per_tariff": 0.5, "effort_per_quiet": 0.4,
    "effort_per_offer": 0.1, "effort_per_commitment": 0.7, "effort_per_guard": 0.05,
    "effort_anticipation": 0.2, "effort_election_mx": 0.15, "effort_election_us": 0.1,
    "effort_idle": 0.5, "effort_rise_days": 20.0, "effort_drift_days": 200.0, "threat_wear": 0.4,
    "threat_wear_days": 180.0, "threat_late": 0.3, "demands_discount": 0.25,
    "mx_cost_weight": 0.2, "gt_effort_per_commitment": 0.5, "gt_effort_spill": 0.1,
    "pa_effort_per_act": 0.4, "coordination_lost": 0.5, "coordination_days": 20.0,
}  # fmt: skip
LEVERS = dict.fromkeys(diplomacy.levers, 0.0)
SIGNALS = {"mx_resolve": 1.0, "gt_effort": 1.0, "pa_effort": 1.0, "coordination": 1.0,
           "threat_heard": 0.0, "us_demand": 0.0, "mx_cost": 0.0}  # fmt: skip


def ask(law=None, signal=None, **changed: float) -> dict[str, float]:
    def one(values):
        return {k: np.array([v], np.float32) for k, v in values.items()}

    now = Now(people={}, signal=one({**SIGNALS, **(signal or {})}), law=one({**LEVERS, **(law or {})}),
              announced={}, driver={}, weather=one({"effort": 0.2}), coming={}, noise={}, rate={},
              dt=1.0)  # fmt: skip
    given = diplomacy.function(now, one({**P, **changed}))
    return {k: float(np.asarray(v)[0]) for k, v in given.items()}


def moved(value, target, days):
    return value + (target - value) * (1 - exp(-1 / days))


EVERYTHING = {
    "us.pressure_on_mexico": 2.0, "us.tariff_threat": 25.0, "us.quiet_requests": 1.0,
    "us.offers_to_mexico": 1.0, "us.campaign": 1.0, "us.harsher_government_expected": 0.5,
    "us.returns_unannounced": 1.0, "mx.effort_commitment": 1.0, "mx.operations_suspended": 1.0,
    "mx.guard_north": 1.0, "mx.demands": 1.0, "mx.campaign": 1.0, "gt.effort_commitment": 1.0,
    "hn.effort_commitment": 1.0, "pa.darien.closed": 1.0, "pa.removal_flights": 1.0,
}  # fmt: skip


def test_formulas_against_ten_lines():
    believed = (log(6) - 0.4 * 0.3) * (1 - 0.3)
    pressure = 2 * 0.6 + believed * 0.5 + 0.4
    bargain = pressure + 0.1 + 0.5 * 0.2
    wanted = (1 + bargain * (1 - 0.25 / 2) + 0.7 + 0.05 + 0.15 + 0.1) * (1 - 0.5)
    resolve = moved(1.1, wanted, 20)
    expected = {
        "mx_resolve": resolve,
        "mx_effort": resolve * exp(0.2),
        "threat_heard": moved(0.3, log(6), 180),
        "gt_effort": moved(1.0, 1 + 2 * 0.5 + 0.1 * pressure, 20),
        "pa_effort": moved(1.0, 1 + 2 * 0.4, 20),
        "coordination": moved(1.0, 0.5, 20),
    }
    given = ask(
        EVERYTHING, {"mx_resolve": 1.1, "threat_heard": 0.3, "us_demand": 9.0, "mx_cost": 9.0}
    )
    assert given == pytest.approx(expected, rel=1e-5)


def test_without_any_act_effort_stays_at_one():
    assert ask()["mx_resolve"] == pytest.approx(1.0)


def test_governments_that_respond_press_by_their_wish_and_not_by_the_dates():
    free = {**EVERYTHING, "governments.respond": 1.0}
    none = {k: v for k, v in free.items() if k not in
            ("us.pressure_on_mexico", "us.tariff_threat", "us.quiet_requests")}  # fmt: skip
    signal = {"us_demand": 1.5, "mx_cost": 1.0}
    assert ask(free, signal)["mx_resolve"] == ask(none, signal)["mx_resolve"]
    wanted = (1 + (1.5 * 0.6 + 0.1 + 0.1) * 0.875 + 1.0) * 0.5 * (1 - 0.2 * 0.5)
    assert ask(none, signal)["mx_resolve"] == pytest.approx(
        moved(1.0, wanted, 200 if wanted < 1 else 20)
    )


def test_a_threat_wears_off_and_is_believed_less_late_in_a_term():
    threat = {"us.tariff_threat": 5.0}
    new, old = ask(threat), ask(threat, {"threat_heard": log(2)})
    late = ask({**threat, "us.campaign": 1.0}, effort_election_us=0.0)
    assert new["mx_resolve"] > old["mx_resolve"] > 1
    assert new["mx_resolve"] > late["mx_resolve"] > 1


def test_a_withdrawn_threat_does_not_turn_into_its_opposite():
    assert ask(signal={"threat_heard": 2.0}, threat_wear=0.9)["mx_resolve"] == pytest.approx(1.0)


def test_offers_raise_effort_and_demands_lower_it():
    pressed = {"us.pressure_on_mexico": 1.0}
    plain = ask(pressed)["mx_resolve"]
    demands = ask({**pressed, "mx.demands": 1.0})["mx_resolve"]
    met = ask({**pressed, "mx.demands": 1.0, "us.offers_to_mexico": 2.0}, effort_per_offer=0.0)
    assert ask({**pressed, "us.offers_to_mexico": 1.0})["mx_resolve"] > plain
    assert demands < met["mx_resolve"] < plain


@pytest.mark.parametrize("worth", [-5.0, 0.0, 5.0])
def test_effort_stays_positive_and_finite_whatever_is_drawn(worth):
    signs = {k: worth for k in P if k.startswith("effort_per_")}
    given = ask(EVERYTHING, **signs, gt_effort_spill=worth, pa_effort_per_act=worth)
    assert all(0 < given[k] < 100 for k in ("mx_resolve", "mx_effort", "gt_effort", "pa_effort"))


def test_off_is_neutral():
    for respond in (0.0, 1.0):
        given = ask({**EVERYTHING, "governments.respond": respond},
                    {"us_demand": 2.0, "mx_cost": 3.0}, **diplomacy.off)  # fmt: skip
        for signal in ("mx_resolve", "gt_effort", "pa_effort", "coordination"):
            assert given[signal] == pytest.approx(1.0)


def test_effort_halves_in_ln_2_drift_days():
    given = ask(signal={"mx_resolve": 2.0}, effort_drift_days=1 / log(2))
    assert given["mx_resolve"] == pytest.approx(1.5)
