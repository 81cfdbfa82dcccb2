"""Politics on a hand-made day: the formulas against readable lines, bounds, and off is neutral."""

from __future__ import annotations

from math import exp, log, log1p, tanh

import numpy as np
import pytest

from caudal.corridor.mechanisms.politics import SEEN, SEEN_IN_MEXICO, politics, stance
from caudal.engine.step import Now

pytestmark = pytest.mark.unit

P = {
    "encounters_usual_per_day": 1400.0, "salience_floor": 0.05, "salience_per_encounters": 0.08,
    "salience_per_chaos": 0.02, "salience_rise_days": 30.0, "salience_fall_days": 200.0,
    "visible_children": 1500.0, "visible_custody": 8000.0, "visible_outdoors": 2000.0,
    "visible_caravan": 3000.0, "visible_sheltered": 20000.0, "approval_base": 0.42,
    "approval_per_salience": 0.5, "approval_days": 60.0, "demand_per_salience": 5.0,
    "demand_campaign": 0.2, "demand_unpopular": 0.7, "demand_most": 2.0, "demand_days": 30.0,
    "stance_within_law": 0.4, "stance_days": 120.0, "stance_struck_per_year": 0.8,
    "visible_mx_south": 60000.0, "visible_mx_north": 30000.0, "visible_mx_held": 4500.0,
    "mx_cost_campaign": 0.1,
}  # fmt: skip
STOCKS = {*SEEN, *(s for stocks in SEEN_IN_MEXICO.values() for s in stocks)}


def day(encounters=1400.0, people=None, signal=None, law=None) -> Now:
    people = {s: np.full((1, 1, 1), (people or {}).get(s, 0.0), np.float32) for s in STOCKS}
    signal = {"salience": 0.05, "approval": 0.42, "us_demand": 0.0, "us_stance": 0.0,
              "mx_cost": 0.0, **(signal or {})}  # fmt: skip
    law = {"us.campaign": 0.0, "mx.campaign": 0.0, "us.family_separation": 0.0,
           "governments.respond": 0.0, **(law or {})}  # fmt: skip
    rate = {
        "encounters_land": np.full((1, 1, 1), encounters),
        "encounters_ports": np.zeros((1, 1, 1)),
    }

    def one(values):
        return {k: np.array([v], np.float32) for k, v in values.items()}

    return Now(people=people, signal=one(signal), law=one(law), announced={}, driver={}, weather={},
               coming={}, noise={}, rate=rate, dt=1.0)  # fmt: skip


def ask(now: Now, **changed: float) -> dict[str, float]:
    given = politics.function(now, {k: np.array([v]) for k, v in {**P, **changed}.items()})
    return {k: float(np.asarray(v)[0]) for k, v in given.items()}


def moved(value, target, days):
    return value + (target - value) * (1 - exp(-1 / days))


def test_formulas_against_ten_lines():
    people = {"cbp_children": 5767.0, "cbp_custody": 12000.0, "caravan": 6000.0, "south": 30000.0,
              "comar": 10000.0, "mpp": 20000.0, "held": 4500.0}  # fmt: skip
    now = day(5600.0, people, {"salience": 0.15, "approval": 0.4, "us_demand": 0.5, "us_stance": 0.1,
              "mx_cost": 0.3}, {"us.campaign": 1.0, "mx.campaign": 1.0})  # fmt: skip
    chaos = log1p(5767 / 1500) + log1p(12000 / 8000) + log1p(6000 / 3000)
    target = 0.05 + 0.08 * log(5601 / 1400) + 0.02 * chaos
    wish = tanh(5.0 * 0.10 * 1.2 * (1 + 0.7 * (1 - 0.4 / 0.42)))
    cost = (log1p(40000 / 60000) + log1p(20000 / 30000) + log1p(1.0)) * 1.1
    expected = {
        "salience": moved(0.15, target, 30 if target > 0.15 else 200),
        "approval": moved(0.4, 0.42 - 0.5 * 0.10, 60),
        "us_demand": moved(0.5, 2 * wish, 30),
        "us_stance": moved(0.1, 0.4 * wish, 120) * exp(-0.8 / 365),
        "mx_cost": moved(0.3, cost, 30),
    }
    assert ask(now) == pytest.approx(expected, rel=1e-5)


def test_salience_comes_faster_than_it_goes():
    up = ask(day(9000.0))["salience"] - 0.05
    target = 0.05 + 0.08 * log(9001 / 1400)
    down = target - ask(day(1400.0, signal={"salience": target}))["salience"]
    assert up > 5 * down > 0


def test_few_encounters_leave_salience_at_its_floor():
    assert ask(day(0.0))["salience"] == pytest.approx(0.05)


def test_separating_families_raises_salience_at_usual_encounters():
    usual, apart = day(), day(law={"us.family_separation": 1.0})
    assert ask(apart)["salience"] > ask(usual)["salience"]


@pytest.mark.parametrize("people", [0.0, 1e3, 1e7])
@pytest.mark.parametrize("salience", [0.0, 0.3, 1.0])
def test_signals_stay_within_bounds(people, salience):
    now = day(people, dict.fromkeys(STOCKS, people), {"salience": salience, "approval": 0.0})
    given = ask(now, demand_campaign=-3.0, stance_within_law=1.0)
    assert 0 <= given["salience"] <= 1
    assert 0 <= given["approval"] <= 1
    assert 0 <= given["us_stance"] <= 1
    assert 0 <= given["us_demand"] <= P["demand_most"]
    assert 0 <= given["mx_cost"] < 100


def test_courts_strike_down_part_of_what_governments_want():
    stands, struck = ({"stance_struck_per_year": x} for x in (0.0, 2.0))
    now = day(signal={"salience": 0.3, "us_stance": 0.2})
    assert ask(now, **struck)["us_stance"] < ask(now, **stands)["us_stance"]


def test_off_is_neutral():
    now = day(20000.0, dict.fromkeys(STOCKS, 50000.0), law={"us.campaign": 1.0, "mx.campaign": 1.0})
    given = ask(now, **politics.off)
    assert given["salience"] == pytest.approx(0.05)
    assert given["approval"] == pytest.approx(0.42)
    assert (given["us_demand"], given["us_stance"]) == (0.0, 0.0)
    assert given["mx_cost"] == pytest.approx(0.0, abs=1e-6)


def test_the_stance_bars_nobody_until_governments_respond():
    for respond, barred in ((0.0, 0.0), (1.0, 0.25)):
        now = day(signal={"us_stance": 0.25}, law={"governments.respond": respond})
        assert float(stance(now)[0]) == barred
