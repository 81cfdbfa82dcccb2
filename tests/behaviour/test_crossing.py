"""What crossing must show: one claim a test, in its words."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.world import NATIONALITIES, SECTORS

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

TRIGGER = "us-securing-the-border:us.encounters.between_ports.seven_day_average"
AVERAGE = TRIGGER.partition(":")[2]


def land(played, *months, **only):
    return played.tally("encounters_land", *months, **only)


def share_unseen(played, *months):
    unseen = played.tally("unseen", *months)
    return unseen / (unseen + land(played, *months))


def test_closing_one_sector_displaces_to_its_neighbours_and_not_all_of_it(world):
    tucson = np.eye(len(SECTORS), dtype=np.float32)[SECTORS.index("tucson")]
    closed = world.play(
        "2018-04",
        "2018-10",
        levers={"us.sector_hardened": [("2018-04", "2018-10", tucson)]},
        else_zero=True,
    )
    open_ = world.play("2018-04", "2018-10", levers={"us.sector_hardened": []}, else_zero=True)
    months = ("2018-06", "2018-09")
    change = {s: land(closed, *months, place=s) - land(open_, *months, place=s) for s in SECTORS}
    relative = {s: change[s] / land(open_, *months, place=s) for s in SECTORS}
    assert (relative["tucson"] < -0.1).all()
    assert (land(closed, *months, place="tucson") > 0).all()
    near = ("yuma", "el-paso")
    for s in near:
        assert (relative[s] > 0).all(), s
    far = [s for s in SECTORS if s not in (*near, "tucson")]
    for s in far:
        assert (relative[s] < np.minimum(*(relative[n] for n in near))).all(), s
    gained = sum(change[s] for s in SECTORS if s != "tucson")
    assert (gained < -change["tucson"]).all()


def test_more_arrivals_lower_detection(world):
    """Twice as many set out (weather); the agents are as many as before."""
    sky = {"departure": [("2019-02", np.full(len(NATIONALITIES), np.log(2)))]}
    usual, many = world.play("2019-02", "2019-08"), world.play("2019-02", "2019-08", sky=sky)
    pair = [p.tally("encounters_land", "2019-06", "2019-07") for p in (usual, many)]
    assert (pair[1] > 1.3 * pair[0]).all()  # the premise
    assert (many.signal("detection", "2019-07") < usual.signal("detection", "2019-07")).all()


def test_more_people_held_at_the_desk_lower_detection(world):
    """People held four times as long: the only difference, so only crowding can act."""
    quick = world.play("2019-05", "2019-09")
    slow = world.play("2019-05", "2019-09", p={"custody_days": 4 * world.p["custody_days"]})
    shares = [share_unseen(p, "2019-06", "2019-08") for p in (quick, slow)]
    assert (shares[1] > shares[0]).all()
    same = world.play(
        "2019-05", "2019-09",
        p={"custody_days": 4 * world.p["custody_days"], "crowding": 0 * world.p["crowding"]},
    )  # fmt: skip
    assert (
        same.tally("unseen", "2019-06", "2019-08") < slow.tally("unseen", "2019-06", "2019-08")
    ).all()


def test_a_desk_that_turns_everyone_back_raises_evasion(world):
    """Asylum suspended from one day to the next; those who mind where they are seen, hide."""
    shut = {"us.asylum.suspended": [("2018-05", "2018-10", 1.0)]}
    p = {"evade_response": np.abs(world.p["evade_response"])}
    mind = world.play("2018-05", "2018-10", levers=shut, else_zero=True, p=p)
    deaf = world.play(
        "2018-05",
        "2018-10",
        levers=shut,
        else_zero=True,
        p={"evade_response": 0 * p["evade_response"]},
    )
    assert (
        share_unseen(mind, "2018-07", "2018-09") > share_unseen(deaf, "2018-07", "2018-09")
    ).all()


def test_haitians_make_for_del_rio_in_september_2021(world):
    called = world.play("2021-09", "2021-10")
    not_called = world.play("2021-09", "2021-10", {"event-del-rio-2021": "off"})

    def there(played, nationality):
        return land(played, "2021-09", nationality=nationality, place="del-rio")

    more = there(called, "HTI") / there(not_called, "HTI")
    assert (more > 1.1).all()
    assert np.median(more) > 1.5
    np.testing.assert_allclose(there(called, "HND"), there(not_called, "HND"), rtol=0.05)


def test_the_rule_of_june_2024_comes_on_when_the_average_is_high(world):
    def june(level):
        sky = {"departure": [("2024-02", np.full(len(NATIONALITIES), level))]}
        return world.play("2024-02", "2024-07", sky=sky)

    busy, quiet = june(3.0), june(-1.5)
    assert (busy.signal(AVERAGE, "2024-05") > 2500).all()
    assert (busy.state.carry.triggers[TRIGGER][0] == 1).all()
    assert (quiet.signal(AVERAGE, "2024-05") < 2500).all()
    assert (quiet.state.carry.triggers[TRIGGER][0] == 0).all()
