"""Courts: dockets and hearings from Mexico, one claim a test."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

SUSPENDED, JUDGES, CAP = (
    "us.mpp.hearings_suspended", "us.courts.judges", "us.mpp.wind_down_daily",
)  # fmt: skip


def pending(played, month):
    return played.signal("court_border", month).sum(0) + played.signal("court_other", month)


def test_about_one_in_sixty_six_closed_cases_had_relief_whatever_the_enrolment(world):
    """641 of 41,888 closed cases (1.5 %); with a seventh enrolled the share is the same."""
    usual = world.play("2019-01", "2020-03")
    few = world.play("2019-01", "2020-03", p={"mpp_applied": world.p["mpp_applied"] - 2.0})
    closed = [p.measure("mpp_closed", "2019-07", "2020-02") for p in (usual, few)]
    assert (closed[1] < 0.5 * closed[0]).all()  # the premise
    shares = [
        p.measure("mpp_relief", "2019-07", "2020-02") / c
        for p, c in zip((usual, few), closed, strict=True)
    ]
    np.testing.assert_allclose(shares[0], shares[1], rtol=1e-3)
    assert (shares[0] > 0.008).all()
    assert (shares[0] < 0.03).all()
    absent = usual.measure("mpp_absentia", "2019-07", "2020-02") / closed[0]
    assert 0.44 < np.median(absent) < 0.75  # parameters.csv mpp_absentia: 0.44 to 0.67


def test_while_hearings_are_suspended_no_case_closes_and_the_docket_grows(world):
    held = world.play("2019-07", "2020-03", levers={SUSPENDED: [("2019-10", "2020-03", 0)]})
    frozen = world.play("2019-07", "2020-03", levers={SUSPENDED: [("2019-10", "2020-03", 1)]})
    assert (frozen.measure("mpp_closed", "2019-11", "2020-02") == 0).all()
    assert (held.measure("mpp_closed", "2019-11", "2020-02") > 0).all()
    docket = [p.signal("mpp_docket", "2020-02") for p in (frozen, held)]
    assert (docket[0] > docket[1]).all()


def test_the_wind_down_lets_people_in_only_while_cases_are_pending(world):
    """From February 2021, at most 300 a day; it ends when the docket is empty, not when camps are."""
    cap = world.play("2021-02", "2021-12", levers={CAP: [("2021-02-19", "2021-12", 300)]})
    none = world.play("2021-02", "2021-12", levers={CAP: [("2021-02", "2021-12", 0)]})
    docket = [p.signal("mpp_docket", "2021-06") for p in (cap, none)]
    assert (docket[0] < docket[1]).all()
    assert np.median(docket[0] / docket[1]) < 0.7
    more = [sum(p.stock("us_paroled", f"2021-{m:02d}") for m in range(2, 11)) for p in (cap, none)]
    let_in = more[0] - more[1]
    assert (let_in > 0).all()
    assert (let_in <= 1.05 * none.signal("mpp_docket", "2021-02") + 100).all()


def test_more_judges_shorten_the_wait(world):
    few = world.play("2018-01", "2020-01", levers={JUDGES: [("2018-01", "2020-01", 400)]})
    many = world.play("2018-01", "2020-01", levers={JUDGES: [("2018-01", "2020-01", 800)]})
    waits = [
        pending(p, "2019-12") / (12 * p.measure("court_completions", "2019-10", "2019-12"))
        for p in (many, few)
    ]
    assert (waits[0] < 0.6 * waits[1]).all()


def test_when_more_people_are_released_the_backlog_grows(world):
    """Two years with three times as many who set out, from places whose people are let in."""
    sky = {"departure": [("2022-02", 1.1 * np.ones(22))]}
    busy = world.play("2022-02", "2024-02", sky=sky)
    calm = world.play("2022-02", "2024-02")
    released = [p.tally("releases", "2023-01", "2023-12") for p in (busy, calm)]
    assert (released[0] > 1.5 * released[1]).all()
    assert (pending(busy, "2024-01") > pending(calm, "2024-01")).all()
    more = [pending(busy, m) - pending(calm, m) for m in ("2022-02", "2023-01", "2024-01")]
    assert (more[0] < more[1]).all()  # it takes time
    assert (more[2] > 0).all()
