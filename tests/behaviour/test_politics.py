"""What politics must show: one claim a test, in its words."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.mechanisms.politics import politics

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

MANY = np.ones(22, np.float32)
PRESSED = ("us.pressure_on_mexico", "us.tariff_threat", "us.quiet_requests", "mx.effort_commitment")
RESPOND = {
    "name": {"en": "Governments respond", "es": "Los gobiernos responden"},
    "actor": "united-states/president",
    "kind": "pressure",
    "instrument": "made for a test",
    "design": {
        "governments.respond": [
            {"from": "2018-03-01", "value": 1, "known_on": "2018-03-01", "unverified": True,
             "note": "made for a test"}
        ]
    },
}  # fmt: skip


def free(world, respond):
    """No dated pressure; governments respond or not."""
    off = {d.id: "off" for d in world.corridor.law.documents if set(d.design) & set(PRESSED)}
    return {**off, **({"test-respond": RESPOND} if respond else {})}


def shock(level, start="2018-04", end="2018-10"):
    return {"departure": [(start, level * MANY), (end, 0 * MANY)]}


def test_encounters_raise_salience_within_two_months_and_it_falls_more_slowly(world):
    """Departures three times as many for six months; a claim about nearly all draws of priors."""
    busy = world.play("2018-03", "2020-03", free(world, False), sky=shock(1.1))
    calm = world.play("2018-03", "2020-03", free(world, False))
    first = busy.world.number("2018-03")
    more = busy.months.signals["salience"] - calm.months.signals["salience"]
    land = [r.months.tallies["encounters_land"].sum((1, 2)) for r in (busy, calm)]
    ratio = land[0] / land[1]
    assert busy.months.first == first
    top = more.argmax(0)
    up, down = [], []
    for member in range(more.shape[1]):
        s, e = more[:, member], ratio[:, member]
        rises = int((e > 1.5).argmax())  # the month in which encounters rise by half
        assert s[rises + 2] > 0
        up.append(int((s > s.max() / 2).argmax()) - rises)
        after = np.flatnonzero(s[top[member] :] < s.max() / 2)
        falls = top[member] + int((e[top[member] :] < 1.5).argmax())
        down.append((top[member] + after[0] if len(after) else len(s)) - falls)
    up, down = np.array(up), np.array(down)
    assert (more.max(0) > 0.01).all()
    assert np.mean(up <= 3) >= 0.75
    assert np.mean(down > up) >= 0.75


def test_separating_families_raises_salience_while_encounters_are_usual(world):
    apart = world.play("2018-03", "2018-08")
    never = world.play("2018-03", "2018-08", {"us-zero-tolerance": "off"})
    assert (apart.signal("salience", "2018-06") > never.signal("salience", "2018-06")).all()


def test_attention_lowers_approval(world):
    busy = world.play("2018-03", "2019-03", free(world, False), sky=shock(1.1))
    calm = world.play("2018-03", "2019-03", free(world, False))
    assert (busy.signal("approval", "2018-12") < calm.signal("approval", "2018-12")).all()


def test_governments_that_respond_close_the_loop(world):
    """More people leave → salience → the wish to press → effort → fewer reach the border.

    What enforcement costs Mexico is set aside here; the next test is about it.
    """
    p = {"mx_cost_weight": 0 * world.p["mx_cost_weight"]}
    skies = {True: shock(1.1, end="2019-10"), False: {}}
    runs = {
        (respond, busy): world.play(
            "2018-03", "2020-01", free(world, respond), sky=skies[busy], p=p
        )
        for respond in (True, False)
        for busy in (True, False)
    }
    for signal in ("salience", "us_demand", "us_stance", "mx_effort"):
        pair = [runs[True, b].signal(signal, "2019-03") for b in (True, False)]
        assert (pair[0] > pair[1]).all(), signal
    pair = [runs[r, True].signal("mx_effort", "2019-03") for r in (True, False)]
    assert (pair[0] > pair[1]).all()
    north = {
        k: r.tally("encounters_land", "2019-03", "2019-08", nationality="HND")
        for k, r in runs.items()
    }
    assert (north[True, True] < north[False, True]).all()
    # the more they are shaken, the more they answer: for most draws, since the wish saturates
    answer = {busy: north[True, busy] / north[False, busy] for busy in (True, False)}
    assert np.mean(answer[True] < answer[False]) >= 0.75


def test_what_enforcement_costs_mexico_holds_its_answer_back(world):
    """At a weight of 0.2 or more; effort may then even end lower in a busier year."""
    usual = np.maximum(0.2, world.p["mx_cost_weight"])
    effort = [
        world.play(
            "2018-03", "2019-06", free(world, True), sky=shock(1.1, end="2019-10"),
            p={"mx_cost_weight": weight},
        ).signal("mx_effort", "2019-05")
        for weight in (usual, 0 * usual)
    ]  # fmt: skip
    assert (effort[0] < effort[1]).all()


def test_the_loop_stays_within_bounds(world):
    """Seven times as many departures, for good, and everyone responding."""
    run = world.play("2018-03", "2021-01", free(world, True), sky=shock(2.0, end="2020-12"))
    for signal, most in (("salience", 1.0), ("us_stance", 1.0), ("mx_effort", 20.0)):
        value = run.months.signals[signal]
        assert np.isfinite(value).all()
        assert (value >= 0).all()
        assert (value <= most).all(), signal
    # no saw teeth: demand turns round less than once in three months
    turns = np.diff(np.sign(np.diff(run.months.signals["us_demand"], axis=0)), axis=0) != 0
    assert (turns.mean(0) < 1 / 3).all()


def test_in_history_politics_moves_nothing(world):
    """With governments not responding a run is bit for bit the one without politics."""
    off = {k: np.full_like(world.p[k], v) for k, v in politics.off.items()}
    with_, without = (world.play("2023-10", "2024-06", p=p) for p in ({}, off))
    assert (with_.signal("salience", "2024-02") > without.signal("salience", "2024-02")).all()
    for name, value in with_.months.tallies.items():
        np.testing.assert_array_equal(value, without.months.tallies[name], err_msg=name)


def test_enforcement_that_holds_people_up_costs_mexico(world):
    hard = world.play("2023-11", "2024-07")
    calm = world.play(
        "2023-11", "2024-07", dict(world.corridor.scenario("mexico-calm-2024").policies)
    )
    held = [
        r.tally("held_south", "2024-05") + r.tally("held_mexico", "2024-05") for r in (hard, calm)
    ]
    cost = [r.signal("mx_cost", "2024-05") for r in (hard, calm)]
    assert (held[0] > held[1]).all()
    assert (cost[0] > cost[1]).all()
