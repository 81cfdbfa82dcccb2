"""Mexican protection: more stay when the north is shut; COMAR's queue; cards and codes."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]


def settled(played, *months):
    """People who settled in Mexico in those months."""
    return sum(played.stock("mexico_settled", m) for m in months)


def test_more_people_settle_and_claim_when_checkpoints_are_hard(world):
    hard = world.play("2022-03", "2022-09", sky={"effort": [("2022-03", 0.9)]})
    calm = world.play("2022-03", "2022-09")
    pair = [settled(p, "2022-07", "2022-08") for p in (hard, calm)]
    assert (pair[0] > pair[1]).all()
    pair = [p.tally("mexican_claims", "2022-06", "2022-08") for p in (hard, calm)]
    assert (pair[0] > pair[1]).all()


def test_people_in_the_south_stay_more_often_when_the_us_is_shut(world):
    """January 2025; against people there, for fewer come at all."""
    shut = world.play("2024-12", "2025-06")
    open_ = world.play("2024-12", "2025-06", {"us-proclamation-10888": "off"})
    rate = [
        p.tally("mexican_claims", "2025-03", "2025-05")
        / p.tally("held_south", "2025-03", "2025-05")
        for p in (shut, open_)
    ]
    south = [p.stock("south", "2025-05") for p in (shut, open_)]
    claims = [p.tally("mexican_claims", "2025-05") for p in (shut, open_)]
    assert (claims[0] / south[0] > claims[1] / south[1]).all(), rate


def test_comar_decides_no_more_than_it_can_and_the_rest_wait(world):
    more = world.play("2022-03", "2023-03", p={"claim_per_day": 5 * world.p["claim_per_day"]})
    usual = world.play("2022-03", "2023-03")
    can = world.p["comar_decisions_per_day"] * 31
    waiting = [p.tally("comar_waiting", "2023-02") for p in (more, usual)]
    assert (waiting[0] > waiting[1]).all()
    assert (more.tally("mexican_grants", "2022-08", "2023-02") <= can * 1.001).all()
    full = waiting[0] > world.p["comar_decisions_per_day"] * world.p["claim_days"]
    assert full.any()
    wait = waiting[0][full] / world.p["comar_decisions_per_day"][full]
    assert (wait > world.p["claim_days"][full]).all()


def test_hardly_any_cards_leave_hardly_any_papers(world):
    cut = world.play(
        "2023-10", "2024-10", else_zero=True,
        levers={"mx.humanitarian_cards": [("2023-10", "2024-01", 1.0), ("2024-01", "2024-10", 0.02)]},
    )  # fmt: skip
    before, after = cut.signal("papers", "2023-12"), cut.signal("papers", "2024-09")
    assert (after < 0.3 * before).all()
    assert np.median(after / before) < 0.1


def test_a_code_with_work_school_and_clinics_lets_more_settle_than_one_on_paper(world):
    code = {"mx.temporary_id": [("2022-03", "2022-07", 1.0)]}

    def play(levers, access):
        p = {"code_access": np.full_like(world.p["code_access"], access)}
        return settled(
            world.play("2022-03", "2022-07", levers=levers, else_zero=True, p=p),
            "2022-05",
            "2022-06",
        )

    none, paper, real = (
        play({"mx.temporary_id": []}, 1.0), play(code, 0.0), play(code, 1.0)
    )  # fmt: skip
    np.testing.assert_allclose(paper, none, rtol=1e-5)
    assert (real > paper).all()
