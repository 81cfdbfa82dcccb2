"""Removal: documents, beds, and what makes people try again, on states made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.groups import mask
from caudal.corridor.mechanisms.removal import removal, retry
from caudal.corridor.world import NATIONALITIES
from hand_made import dotted, neutral, now, parameters

pytestmark = pytest.mark.unit

MEX, VEN, GTM = (3 * NATIONALITIES.index(n) for n in ("MEX", "VEN", "GTM"))


def out(people=None, p=None, **levers):
    got = removal.function(now(people or {}, dotted(**levers)), p or parameters(removal))
    return {k: np.asarray(v) for k, v in got.items()}


def tries(p, **levers):
    """The share of those sent back who try again, (66, 1)."""
    return np.asarray(retry(now(dotted(**levers)).law, p))


def test_stay_and_outcome_are_those_of_the_formula():
    p = {k: float(v.ravel()[0]) for k, v in parameters(removal).items()}
    got = out(origin__removal_flights=1 - mask("VEN"))
    for group, share in (
        (GTM, p["detained_removed"]),
        (VEN, p["detained_removed"] * p["removed_without_flights"]),
    ):
        stay = p["detained_days"] + share * p["transport_days"]
        np.testing.assert_allclose(got["ice_detained → returned"][0, group], share / stay, 1e-5)
        np.testing.assert_allclose(
            got["ice_detained → released"][0, group], (1 - share) / stay, 1e-5
        )


def test_beyond_the_beds_people_are_let_go_and_not_removed():
    held = np.full((1, 66, 1), 500.0)  # 33,000
    wide = out({"ice_detained": held}, us__ice__beds=100000)
    full = out({"ice_detained": held}, us__ice__beds=30000)
    np.testing.assert_array_equal(wide["ice_detained → returned"], full["ice_detained → returned"])
    more = full["ice_detained → released"] - wide["ice_detained → released"]
    beyond = 33000 - 30000 * 0.6
    np.testing.assert_allclose(more, beyond / 33000 / 5, rtol=2e-3)


def test_everyone_sent_back_tries_again_or_stays_home_in_the_same_time():
    p = parameters(removal)
    got = out()
    total = got["returned → north_repeat"].sum(0) + got["returned → home"][0]
    np.testing.assert_allclose(total, 1 / p["retry_days"][0], rtol=1e-5)


def test_as_many_try_as_the_share_says_after_some_gave_up_at_the_border():
    p = parameters(removal)
    got = out(p=p)["returned → north_repeat"].sum(0) * p["retry_days"]
    wait, give_up = p["repeat_wait_days"][0], p["repeat_give_up_per_day"][0]
    tries = (1 / wait) / (1 / wait + give_up)
    np.testing.assert_allclose(got[GTM] * tries, p["retry_share"], rtol=1e-4)
    np.testing.assert_allclose(got[MEX] * tries, p["retry_share_mexican"], rtol=1e-4)


@pytest.mark.parametrize("base", [0.05, 0.3, 0.9])
def test_a_ban_lowers_retries_as_much_as_published_and_shares_stay_shares(base):
    p = parameters(removal, retry_share=base, retry_share_mexican=base)
    plain = tries(p)
    np.testing.assert_allclose(plain, base, rtol=1e-5)
    barred = tries(p, us__asylum__bar=np.ones((22, 3)))
    odds = base / (1 - base) * np.exp(-0.37)
    np.testing.assert_allclose(barred, odds / (1 + odds), rtol=1e-4)
    expelled = tries(p, us__title42__expulsion=np.ones((22, 3)))
    assert (barred < plain).all()
    assert (plain < expelled).all()
    assert (expelled < 1).all()


def test_a_quarter_fewer_try_again_after_a_full_sanction():
    """parameters.csv d_sanction_full: from 0.242 by 0.046 to 0.081."""
    p = parameters(removal, retry_share_mexican=0.242)
    after = tries(p, us__prosecution=1)[MEX, 0]  # single adults
    assert 0.046 < 0.242 - after < 0.081


def test_stipends_and_returns_inland_touch_only_those_named():
    p = parameters(removal)
    plain = tries(p)
    paid = tries(p, mx__return_stipends=mask("VEN"))
    inland = tries(p, us__interior_repatriation=mask("MEX"))
    assert (paid[VEN] < plain[VEN]).all()
    assert (inland[MEX] < plain[MEX]).all()
    np.testing.assert_array_equal(paid[:VEN], plain[:VEN])
    np.testing.assert_array_equal(inland[3:], plain[3:])


def test_off_nobody_tries_again_and_neither_beds_nor_documents_matter():
    off = neutral(removal)
    held = {"ice_detained": np.full((1, 66, 1), 500.0)}
    got = out(held, off, us__ice__beds=30000)
    assert got["returned → north_repeat"].max() == 0
    np.testing.assert_allclose(
        got["ice_detained → returned"], (off["detained_removed"] / off["detained_days"])[0], 1e-5
    )
    np.testing.assert_allclose(
        got["ice_detained → released"],
        ((1 - off["detained_removed"]) / off["detained_days"])[0],
        1e-5,
    )


def test_a_dearer_fee_moves_trying_again_by_what_debt_does():
    p = parameters(removal, debt_push=0.5, retry_share=0.2)
    owed = np.zeros((66, 1), np.float32)
    owed[VEN] = 0.5 * np.log(2.0)
    got = np.asarray(retry(now().law, p, owed))
    odds = 0.25 * 2**0.5
    np.testing.assert_allclose(got[VEN], odds / (1 + odds), rtol=1e-4)
    np.testing.assert_allclose(got[GTM], 0.2, rtol=1e-4)

    def back(debt, dearer):
        p = parameters(removal, debt_push=debt)
        fee = p["fee_base"] * np.where(np.arange(22) == VEN // 3, dearer, 1.0)[:, None]
        got = removal.function(now({"fee": fee}), p)
        return np.asarray(got["returned → north_repeat"]).sum((0, 2))

    assert back(0.5, 2.0)[VEN] > back(0.5, 1.0)[VEN]
    assert back(-0.5, 2.0)[VEN] < back(-0.5, 1.0)[VEN]
    assert back(0.5, 2.0)[GTM] == back(0.5, 1.0)[GTM]
    np.testing.assert_array_equal(back(0.0, 2.0), back(0.0, 1.0))


def test_the_share_who_try_holds_whatever_is_heard_at_the_border():
    p = parameters(removal, heard_sanction=0.4, sanction_effect=0.0)
    got = removal.function(now(dotted(us__prosecution=1)), p)
    came = np.asarray(got["returned → north_repeat"]).sum((0, 2))[GTM] * p["retry_days"][0]
    give_up = p["repeat_give_up_per_day"][0] * np.exp(0.4)
    tries = 1 / (1 + p["repeat_wait_days"][0] * give_up)
    assert came * tries == pytest.approx(p["retry_share"][0], rel=1e-4)
