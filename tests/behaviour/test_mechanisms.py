"""What the first mechanisms must show: one claim about the world a test, in its words."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.world import NATIONALITIES, SECTORS

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]  # one compilation of the whole corridor

TRIGGER = "us-securing-the-border:us.encounters.between_ports.seven_day_average"
AVERAGE = TRIGGER.partition(":")[2]


def land(played, *months, **only):
    return played.tally("encounters_land", *months, **only)


def test_tamaulipas_refusal_lowers_family_expulsions_opposite_tamaulipas_only(world):
    refuses = world.play("2021-01", "2021-02-10")
    takes = world.play("2021-01", "2021-02-10", {"mx-tamaulipas-families": "off"})
    north = [n in ("GTM", "HND", "SLV") for n in NATIONALITIES]

    def sent_back(played):  # families just expelled wait where they were put: (sector, member)
        return played.people("north_repeat", "family")[:, north].sum(1)

    change = sent_back(refuses) / sent_back(takes) - 1
    there = [s in ("rio-grande-valley", "laredo") for s in SECTORS]
    assert (change[there] < -0.1).all()
    assert np.abs(change[~np.array(there)]).max() < 0.2 * np.abs(change[there]).min()
    later = world.play("2021-01", "2021-04")
    never = world.play("2021-01", "2021-04", {"mx-tamaulipas-families": "off"})
    expelled = [p.tally("expulsions", "2021-02", "2021-03", unit="family") for p in (later, never)]
    assert (expelled[0] < expelled[1]).all()


def test_more_people_held_at_the_desk_lower_detection(world):
    """People held four times as long: the only difference, so only crowding can act."""
    quick = world.play("2019-05", "2019-09")
    slow = world.play("2019-05", "2019-09", p={"custody_days": 4 * world.p["custody_days"]})
    unseen = [
        p.tally("unseen", "2019-06", "2019-08")
        / (p.tally("unseen", "2019-06", "2019-08") + land(p, "2019-06", "2019-08"))
        for p in (quick, slow)
    ]
    assert (unseen[1] > unseen[0]).all()
    same = world.play(
        "2019-05", "2019-09",
        p={"custody_days": 4 * world.p["custody_days"], "crowding": 0 * world.p["crowding"]},
    )  # fmt: skip
    assert (
        same.tally("unseen", "2019-06", "2019-08") < slow.tally("unseen", "2019-06", "2019-08")
    ).all()


def test_the_rule_of_june_2024_comes_on_when_the_average_is_high(world):
    def june(level):
        sky = {"departure": [("2024-02", np.full(len(NATIONALITIES), level))]}
        return world.play("2024-02", "2024-07", sky=sky)

    busy, quiet = june(3.0), june(-1.5)
    assert (busy.signal(AVERAGE, "2024-05") > 2500).all()
    assert (busy.state.carry.triggers[TRIGGER][0] == 1).all()
    assert (quiet.signal(AVERAGE, "2024-05") < 2500).all()
    assert (quiet.state.carry.triggers[TRIGGER][0] == 0).all()
