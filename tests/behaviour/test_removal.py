"""Removal: deals on flights, beds, and who tries again, one claim a test."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.groups import mask

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

FLIGHTS, BEDS = "origin.removal_flights", "us.ice.beds"


def repeat_share(played, *months, **only):
    return played.tally("encounters_repeat", *months, **only) / played.tally(
        "encounters_land", *months, **only
    )


def test_a_deal_on_flights_makes_removal_visible_for_that_nationality_only(world):
    """Venezuela from October 2023: more are removed from detention, and others as before."""
    all_others = 1 - mask("VEN")
    sky = {"departure": [("2023-08", 2.0 * mask("VEN"))]}
    span = ("2023-10", "2024-02")
    deal = world.play("2023-08", "2024-02", levers={FLIGHTS: [(*span, np.ones(22))]}, sky=sky)
    none = world.play("2023-08", "2024-02", levers={FLIGHTS: [(*span, all_others)]}, sky=sky)
    months = ("2023-11", "2024-01")
    removed = [p.tally("removals", *months, nationality="VEN") for p in (deal, none)]
    assert (removed[0] > 1.02 * removed[1]).all()
    small = (removed[0] - removed[1]) / deal.tally("encounters_land", *months, nationality="VEN")
    assert (small < 0.5).all()  # small but visible
    for other in ("ECU", "GTM"):
        pair = [p.tally("removals", *months, nationality=other) for p in (deal, none)]
        np.testing.assert_allclose(pair[0], pair[1], rtol=0.05)


def test_fewer_beds_mean_fewer_detained_and_more_let_go(world):
    few = world.play("2018-03", "2019-01", levers={BEDS: [("2018-03", "2019-01", 500)]})
    many = world.play("2018-03", "2019-01", levers={BEDS: [("2018-03", "2019-01", 90000)]})
    held = [p.stock("ice_detained", "2018-12") for p in (few, many)]
    assert (held[0] < 0.7 * held[1]).all()
    let_go = [p.tally("releases", "2018-10", "2018-12") for p in (few, many)]
    assert (let_go[0] > let_go[1]).all()
    back = [p.tally("removals", "2018-10", "2018-12") for p in (few, many)]
    assert (back[0] < back[1]).all()


def test_those_who_do_not_try_again_lower_the_repeat_share(world):
    usual = world.play("2018-04", "2019-01")
    none = world.play(
        "2018-04", "2019-01",
        p={k: 0 * world.p[k] for k in ("retry_share", "retry_share_mexican")},
    )  # fmt: skip
    shares = [repeat_share(p, "2018-10", "2018-12") for p in (usual, none)]
    assert (shares[1] < 0.6 * shares[0]).all()


def test_the_repeat_share_under_title_42_is_a_multiple_of_that_before(world):
    """Published, twelve months: 0.07 (FY2019), 0.12, 0.14 before; 0.27 to 0.38 under Title 42.

    So about double by the nearest pair and five times by the farthest. TRAC's 0.60 with any arrest
    in twenty years is another quantity. Draws of the prior, no count used.
    """
    before = repeat_share(world.play("2018-01", "2019-01"), "2018-01", "2018-12")
    under = repeat_share(world.play("2020-03", "2021-03"), "2020-06", "2021-02")
    assert (under > 1.3 * before).all()
    assert 1.3 < np.median(under / before) < 0.38 / 0.07
    assert 0.05 < np.median(before) < 0.2
    assert 0.15 < np.median(under) < 0.45


def test_ending_title_42_lowers_the_repeat_share(world):
    overlay = dict(world.corridor.scenario("title-42-ends-2022-05").policies)
    stays, ends = world.play("2022-02", "2022-11"), world.play("2022-02", "2022-11", overlay)
    shares = [repeat_share(p, "2022-08", "2022-10") for p in (stays, ends)]
    assert (shares[1] < 0.8 * shares[0]).all()
    assert (ends.tally("expulsions", "2022-08", "2022-10") < 1).all()


def test_returns_inland_and_stipends_lower_retries_of_those_they_reach(world):
    """Hypotheses of the mechanism, so their effects are folded to the positive side.

    Prosecution acts on the desk too; what it does to retries alone is a unit test.
    """
    p = {k: np.abs(world.p[k]) + 0.05 for k in ("interior_effect", "stipend_effect")}
    span = ("2018-07", "2019-01")

    def again(levers, nationality):
        played = world.play(*span, levers=levers, p=p)
        return played.tally("encounters_repeat", "2018-10", "2018-12", nationality=nationality)

    off = {
        "us.interior_repatriation": [(*span, 0)],
        "mx.return_stipends": [(*span, 0)],
    }  # fmt: skip
    for lever, value, hit, other in (
        ("us.interior_repatriation", mask("MEX"), "MEX", "GTM"),
        ("mx.return_stipends", mask("GTM"), "GTM", "HND"),
    ):
        on = {**off, lever: [(*span, value)]}
        assert (again(on, hit) < again(off, hit)).all(), lever
        np.testing.assert_allclose(again(on, other), again(off, other), rtol=0.05)
