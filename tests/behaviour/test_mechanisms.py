"""What the first mechanisms must show: one claim about the world a test, in its words."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.groups import mask
from caudal.corridor.world import NATIONALITIES, UNITS

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]  # one compilation of the whole corridor


def land(played, *months, **only):
    return played.tally("encounters_land", *months, **only)


def test_october_2022_falls_on_venezuelans_and_not_at_first_on_others(world):
    new = world.play("2022-08", "2023-01")
    old = world.play(
        "2022-08", "2023-01",
        {"us-parole-venezuela-2022": "off", "mx-acceptance-venezuela": "off"},
    )  # fmt: skip

    def change(month, nationality):
        return (
            land(new, month, nationality=nationality) / land(old, month, nationality=nationality)
            - 1
        )

    assert (change("2022-11", "VEN") < -0.05).all()
    for other in ("GTM", "HND", "CUB", "NIC", "ECU", "COL", "MEX"):
        assert np.abs(change("2022-11", other)).max() < 0.02, other


def test_january_2023_falls_on_cubans_haitians_nicaraguans(world):
    new = world.play("2022-11", "2023-05")
    old = world.play("2022-11", "2023-05", {"us-chnv-parole": "off", "mx-acceptance-chn": "off"})

    def change(nationality):
        months = ("2023-02", "2023-03")
        return (
            land(new, *months, nationality=nationality)
            / land(old, *months, nationality=nationality)
            - 1
        )

    for hit in ("CUB", "HTI", "NIC"):
        assert (change(hit) < -0.05).all(), hit
    for other in ("GTM", "HND", "ECU", "MEX"):
        assert np.abs(change(other)).max() < 0.03, other


def test_ending_title_42_lowers_the_repeat_share(world):
    overlay = dict(world.corridor.scenario("title-42-ends-2022-05").policies)
    stays, ends = world.play("2022-02", "2022-11"), world.play("2022-02", "2022-11", overlay)
    shares = [
        p.tally("encounters_repeat", "2022-08", "2022-10") / land(p, "2022-08", "2022-10")
        for p in (stays, ends)
    ]
    assert (shares[1] < 0.8 * shares[0]).all()
    assert (ends.tally("expulsions", "2022-08", "2022-10") < 1).all()


def test_usable_beds_decide_how_many_children_crowd_cbp_custody(world):
    """8,000 or 13,200 beds, under about 600 children a day in March 2021, set as weather."""
    central = mask("GTM", "HND", "SLV")
    children = np.zeros((len(NATIONALITIES), len(UNITS)), np.float32)
    children[:, UNITS.index("unaccompanied_child")] = 1.1 * central
    sky = {"departure": [("2021-01", 1.1 * central)], "unit": [("2021-01", children)]}
    limited = world.play("2021-01", "2021-04", sky=sky)
    nominal = world.play(
        "2021-01", "2021-04", sky=sky,
        overlay={"us-hhs-capacity": {"design": {"us.hhs.usable_beds": [
            {"from": "2020-04-01", "value": 13200, "known_on": "2021-03-19"}]}}},
    )  # fmt: skip
    arrivals = (
        sum(
            land(limited, "2021-03", nationality=n, unit="unaccompanied_child")
            for n in ("GTM", "HND", "SLV")
        )
        / 31
    )
    assert 300 < np.median(arrivals) < 1000  # the premise
    crowds = [p.tally("children_in_cbp_custody", "2021-03") for p in (limited, nominal)]
    assert (crowds[0] > crowds[1]).all()
    assert np.median(crowds[0]) > 2 * np.median(crowds[1])
    assert np.median(crowds[0]) > 2000
    care = [p.tally("children_in_care", "2021-03") for p in (limited, nominal)]
    assert (care[0] < care[1]).all()


def test_those_who_do_not_try_again_lower_the_repeat_share(world):
    usual = world.play("2018-04", "2019-01")
    none = world.play(
        "2018-04", "2019-01",
        p={k: 0 * world.p[k] for k in ("retry_share", "retry_share_mexican")},
    )  # fmt: skip
    shares = [
        p.tally("encounters_repeat", "2018-10", "2018-12") / land(p, "2018-10", "2018-12")
        for p in (usual, none)
    ]
    assert (shares[1] < 0.6 * shares[0]).all()
