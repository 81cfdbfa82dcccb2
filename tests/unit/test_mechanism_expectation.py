"""Expectation on a hand-made day: the formula against readable lines, bounds, off."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

import hand_made
from caudal.corridor.groups import CHILDREN, FAMILIES
from caudal.corridor.mechanisms.expectation import expectation, fared, strictness
from caudal.corridor.world import NATIONALITIES
from hand_made import MEMBERS, group

pytestmark = pytest.mark.unit

neutral, now, parameters = (
    partial(f, members=MEMBERS) for f in (hand_made.neutral, hand_made.now, hand_made.parameters)
)

HND = group("HND", "single_adult")
T42 = {"us.title42.expulsion": 1.0, "mx.acceptance": 1.0}


def test_the_law_alone_makes_strictness():
    p = parameters(expectation, mexican_returned=0.9, detained_share=0.4, detained_removed=0.5)
    calm = strictness(now().law, p)
    np.testing.assert_allclose(calm[HND], 0.2, rtol=1e-6)
    np.testing.assert_allclose(calm[group("MEX", "family")], 0.9, rtol=1e-6)
    assert (calm[group("HND", "family")] == 0).all()
    assert (np.asarray(strictness(now(T42).law, p)) == 1).all()
    exempt = np.asarray(strictness(now(T42 | {"us.children.exempt": 1.0}).law, p))
    np.testing.assert_array_equal(exempt, np.broadcast_to(1 - CHILDREN, exempt.shape))


def test_children_whom_mexico_does_not_take_are_flown_home_in_part():
    p = parameters(expectation, children_flown=0.5, detained_share=0.0)
    some = strictness(now({"us.title42.expulsion": 1.0}).law, p)
    np.testing.assert_allclose(some[group("HND", "unaccompanied_child")], 0.5)
    np.testing.assert_allclose(some[group("HND", "family")], 0.0, atol=1e-6)


def test_belief_moves_by_the_written_equation():
    given = dict(
        experience_weight=0.25, word_days=50.0, cohort_per_day=10.0, heed=0.3, promise_weight=0.0,
        news_days=6.0, softening_days=30.0, brief_speed=1.0, habit_days=100.0, relief=0.5,
        detained_share=0.0, welcome_talk=0.2, talk_days=90.0,
    )  # fmt: skip
    p = parameters(expectation, **given)
    today = now(
        T42 | {"us.message.welcome": 1.0},
        {"experience": 0.8, "belief": 0.5, "memory": 0.3, "message": 0.4},
        {"encounters_land": 10.0, "expulsions": 6.0},  # at each of nine sectors
    )
    out = expectation.function(today, p)

    def relax(value, target, days):
        return value + (target - value) * (1 - np.exp(-1 / days))

    tried, back = 90.0, 54.0
    heavy = tried / (tried + 10.0)
    experience = relax(0.8, heavy * (1 - back / tried) + (1 - heavy) * 0.0, 50.0)
    fact = 1.0 + 0.25 * (1 - experience - 1.0)
    lean = np.tanh(0.2 - relax(0.0, 0.2, 90.0) + 0.3 * 0.4)
    perceived = fact - lean * fact
    belief = relax(0.5, 1 - perceived, 6.0)  # it got harder
    memory = relax(0.3, 1 - belief, 100.0)
    child = group("HND", "unaccompanied_child")  # nobody is laid to children but those stopped
    for name, value in (
        ("experience", experience), ("belief", belief), ("memory", memory),
        ("surprise", 1 - belief - memory),
    ):  # fmt: skip
        np.testing.assert_allclose(out[name][child], value, rtol=1e-5, err_msg=name)


def test_word_of_a_softer_rule_takes_longer_and_smugglers_shorten_it():
    p = parameters(
        expectation, news_days=5.0, softening_days=40.0, brief_speed=2.0, detained_share=0.0
    )
    shut = {"experience": 0.0, "belief": 0.0, "memory": 1.0}
    slow = expectation.function(now(shut | {"smuggler_share": 0.0}), p)["belief"][HND]
    quick = expectation.function(now(shut | {"smuggler_share": 0.8}), p)["belief"][HND]
    assert (slow > 0).all()
    assert (slow < quick).all()


def test_a_small_cohort_says_little():
    p = parameters(expectation, detained_share=0.0)

    def told(people):
        rate = {"encounters_land": people, "expulsions": people}
        out = expectation.function(now(rate, {"experience": 1.0}), p)
        return 1 - np.asarray(out["experience"])[group("HND", "family")]

    assert (told(0.001) < 0.02 * told(1000.0)).all()
    assert (told(0.0) == 0).all()


def test_words_wear_off_and_leave_no_debt():
    p = parameters(expectation, welcome_talk=0.3, detained_share=0.0, heed=0.0)
    shut = T42 | {"us.message.welcome": 1.0}
    state = {"belief": 0.0, "memory": 1.0, "experience": 0.0}
    new = expectation.function(now(shut, state), p)["belief"]
    heard = expectation.function(now(shut, state | {"stale_talk": 0.3}), p)["belief"]
    over = expectation.function(now(T42, state | {"stale_talk": 0.3}), p)["belief"]
    assert (new[HND] > 0).all()
    np.testing.assert_allclose(heard[HND], 0.0, atol=1e-7)
    np.testing.assert_allclose(over[HND], 0.0, atol=1e-7)


def test_an_announced_rule_makes_a_rush_and_a_promised_end_is_believed_in_part():
    p = parameters(expectation, detained_share=0.0, promise_weight=0.5, heed=0.0)
    coming = expectation.function(now({}, announced=T42), p)
    assert (coming["rush"][HND] == 1).all()
    free = {"us.title42.expulsion": 0.0}
    state = {"belief": 0.0, "memory": 1.0, "experience": 0.0}
    going = expectation.function(now(T42, state, announced=free), p)
    stays = expectation.function(now(T42, state), p)
    assert (going["rush"][HND] == 0).all()
    assert (going["belief"][HND] > stays["belief"][HND]).all()


def test_shares_stay_shares_whatever_is_said():
    rng = np.random.default_rng(1)
    for _ in range(20):
        law = T42 | {
            "us.message.welcome": rng.integers(2), "us.message.discourage": rng.integers(2),
            "us.legalisation_proposed": rng.integers(2, size=len(NATIONALITIES)),
            "event.danger": rng.integers(2), "us.asylum.suspended": rng.integers(2),
        }  # fmt: skip
        signal = {
            k: rng.uniform() for k in ("experience", "belief", "memory", "message", "stale_talk")
        }
        rate = {"encounters_land": rng.exponential(50), "removals": rng.exponential(500)}
        big = {k: 3.0 for k in ("welcome_talk", "proposal_talk", "warning_talk", "danger_talk")}
        out = expectation.function(now(law, signal, rate), parameters(expectation, **big))
        for name in ("belief", "memory", "experience", "strictness", "rush"):
            value = np.asarray(out[name])
            assert ((value >= -1e-6) & (value <= 1 + 1e-6)).all(), name


def test_unseen_entries_are_laid_to_single_adults():
    tried, back = fared(now({"encounters_land": 1.0, "unseen": 2.0, "removals": 0.5}))
    np.testing.assert_allclose(np.asarray(tried)[np.ravel(FAMILIES) == 1], 9.0)
    np.testing.assert_allclose(np.asarray(tried).sum(0), 9 * 66 + 18, rtol=0.01)
    np.testing.assert_allclose(back, 0.5)


def test_off_nothing_but_the_text_of_expulsion_counts():
    p = neutral(expectation)
    law = {
        "us.mpp.enrolment": 1.0, "us.asylum.bar": 1.0, "us.asylum.suspended": 1.0,
        "us.message.welcome": 1.0, "us.legalisation_proposed": 1.0, "event.danger": 1.0,
    }  # fmt: skip
    signal = {"message": 0.5, "experience": 0.2}
    loud = expectation.function(now(law, signal), p)
    calm = expectation.function(now(signal), p)
    for name in ("belief", "surprise", "strictness", "rush"):
        np.testing.assert_array_equal(loud[name], calm[name], err_msg=name)
