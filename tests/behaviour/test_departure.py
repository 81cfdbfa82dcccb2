"""What departure must show: shocks come late and only to those hit; waves go on; routes substitute."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]


def land(played, *months, **only):
    return played.tally("encounters_land", *months, **only)


def test_hurricanes_raise_honduran_encounters_two_to_six_months_later(world):
    hit = world.play("2020-11", "2021-08")
    calm = world.play("2020-11", "2021-08", dict(world.corridor.scenario("no-hurricanes").policies))
    months = ["2020-11", "2020-12", *(f"2021-0{m}" for m in range(1, 8))]

    def effect(nationality):
        pairs = [[land(p, m, nationality=nationality) for p in (hit, calm)] for m in months]
        return np.array([a / b - 1 for a, b in pairs])

    for struck in ("HND", "GTM", "NIC"):
        found = effect(struck)
        assert (found[0] < 0.1 * found.max(0)).all(), struck  # hardly anything in that month
        assert (found[2:7] > 0).all(), struck  # January to May 2021
        assert (found.argmax(0) >= 2).all(), struck
    most = effect("HND").max(0)
    for other in ("ECU", "SLV", "MEX"):
        assert (np.abs(effect(other)) < 0.1 * most).all(), other


def test_a_wave_goes_on_after_the_crisis_that_began_it(world):
    """Clemens: those who came help others. Half a year of crisis in Honduras, its price left out."""
    crisis = {
        "a-crisis": {
            "name": {"en": "Crisis", "es": "Crisis"}, "actor": "honduras/events", "kind": "event",
            "instrument": "a test", "who": {"nationality": ["HND"]},
            "design": {"event.origin_crisis": [
                {"from": "2022-01-01", "until": "2022-07-01", "value": 1, "known_on": "2022-01-01"}]},
        }
    }  # fmt: skip
    p = {
        "crisis_push": 0 * world.p["crisis_push"] + 1.0,
        "affordability": 0 * world.p["affordability"],
    }

    def more(push):
        here = p | {"network_push": push}
        pair = [world.play("2022-01", "2022-10", x, p=here) for x in (crisis, {})]
        return [
            np.divide(*(x.tally("departures", m, nationality="HND") for x in pair)) - 1
            for m in ("2022-04", "2022-08")
        ]

    during, after = more(world.p["network_push"])
    _, alone = more(0 * world.p["network_push"])
    assert (after > 0.01).all()
    assert (np.abs(alone) < 0.5 * after).all()
    assert (after < 0.2 * during).all()  # a tail, not a second crisis


def test_the_visa_of_january_2022_moves_venezuelans_to_the_darien_within_nine_months(world):
    visa = world.play("2021-11", "2022-11")
    none = world.play("2021-11", "2022-11", {"mx-visa-venezuela": "off"})
    darien = [
        p.tally("darien_crossings", "2022-02", "2022-09", nationality="VEN") for p in (visa, none)
    ]
    assert (darien[0] > 1.2 * darien[1]).all()
    left = [p.tally("departures", "2022-02", "2022-09", nationality="VEN") for p in (visa, none)]
    assert (left[0] < left[1]).all()  # some stay
    assert (left[0] > 0.6 * left[1]).all()  # most take the costlier way
    others = [
        p.tally("darien_crossings", "2022-02", "2022-09", nationality="HTI") for p in (visa, none)
    ]
    np.testing.assert_allclose(*others, rtol=0.02)


def test_charters_stopped_for_haitians_send_some_through_the_darien(world):
    stopped = world.play("2023-09", "2024-04", p={"charter_bar": np.abs(world.p["charter_bar"])})
    fly = world.play(
        "2023-09", "2024-04", {"ht-charter-ban-2023": "off"},
        p={"charter_bar": np.abs(world.p["charter_bar"])},
    )  # fmt: skip
    months = ("2024-01", "2024-03")
    pair = [p.tally("darien_crossings", *months, nationality="HTI") for p in (stopped, fly)]
    assert (pair[0] > pair[1]).all()


def test_closed_borders_of_the_pandemic_keep_people_home_while_they_are_closed(world):
    closing = {"border_closing": np.abs(world.p["border_closing"])}
    shut = world.play("2020-02", "2021-01", p=closing)
    open_ = world.play("2020-02", "2021-01", {"event-pandemic-borders-2020": "off"}, p=closing)
    pair = [p.tally("departures", "2020-04", "2020-07", nationality="HND") for p in (shut, open_)]
    assert (pair[0] < pair[1]).all()
    gap = [
        1 - np.divide(*(p.tally("departures", m, nationality="HND") for p in (shut, open_)))
        for m in ("2020-05", "2020-12")
    ]
    assert (np.abs(gap[1]) < 0.3 * gap[0]).all()


def test_more_aid_lowers_departures_slowly_and_little(world):
    more = {"aid_effect": np.abs(world.p["aid_effect"])}
    doubled = dict(world.corridor.scenario("root-cause-aid-doubled").policies)
    pair = [world.play("2021-07", "2024-07", x, p=more) for x in ({}, doubled)]

    def fewer(month):
        return 1 - np.divide(*(p.tally("departures", month, nationality="HND") for p in pair[::-1]))

    soon, late = fewer("2021-09"), fewer("2024-06")
    assert (late > soon).all()
    assert (late < 0.15).all()
