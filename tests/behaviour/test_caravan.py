"""Caravans: a way of travelling. They arrive, are turned back or dissolve; nobody departs for one."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

LEVERS = (
    "event.caravan_honduras", "event.caravan_tapachula", "gt.caravan_dispersal",
    "mx.caravan_dispersal",
)  # fmt: skip


def called(world, since, until, **levers):
    """A play with these caravan levers (dots as __) and no other."""
    given = {name: [] for name in LEVERS}
    given |= {name.replace("__", "."): [window] for name, window in levers.items()}
    return world.play(since, until, levers=given, else_zero=True)


def test_a_call_adds_no_departures(world):
    week = ("2018-10-13", "2018-10-20", 1.0)
    call = called(world, "2018-10", "2018-12", event__caravan_honduras=week)
    none = called(world, "2018-10", "2018-12")
    assert (call.tally("caravan_joined", "2018-10") > 0).all()
    assert (none.tally("caravan_joined", "2018-10") == 0).all()
    for month in ("2018-10", "2018-11"):
        # beliefs, fees and the like may move by a little
        pair = [p.tally("departures", month) for p in (call, none)]
        np.testing.assert_allclose(*pair, rtol=5e-3)


def test_a_caravan_of_the_kind_of_october_2018_reaches_the_border(world):
    week = ("2018-10-13", "2018-10-20", 1.0)
    call = called(world, "2018-10", "2019-02", event__caravan_honduras=week)
    none = called(world, "2018-10", "2019-02")
    joined = call.tally("caravan_joined", "2018-10")
    fewer = none.tally("mexican_events", "2018-10", "2019-01") - call.tally(
        "mexican_events", "2018-10", "2019-01"
    )
    assert (fewer > 0).all()  # together they are not stopped one by one
    lost = [
        sum(p.stock("home", m) for m in ("2018-10", "2018-11", "2018-12", "2019-01"))
        for p in (call, none)
    ]
    assert (lost[0] - lost[1] < 0.3 * joined).all()
    # they come later than they would have come alone
    more = [p.tally("encounters_land", "2018-12", "2019-01") for p in (call, none)]
    assert (more[0] > more[1]).all()


def test_a_caravan_of_the_kind_of_january_2021_is_turned_back_in_guatemala(world):
    call = ("2021-01-14", "2021-01-16", 1.0)
    turned = called(
        world, "2021-01", "2021-03", event__caravan_honduras=call,
        gt__caravan_dispersal=("2021-01-15", "2021-01-25", 1.0),
    )  # fmt: skip
    left = called(world, "2021-01", "2021-03", event__caravan_honduras=call)
    joined = turned.tally("caravan_joined", "2021-01")
    home = turned.stock("home", "2021-01") - left.stock("home", "2021-01")
    assert (home > 0.5 * joined).all()
    assert np.median(home / joined) > 0.75
    assert (turned.stock("caravan", "2021-01") < 0.1 * joined).all()


def test_a_caravan_of_the_kind_of_december_2023_dissolves_in_the_south(world):
    call = ("2023-12-20", "2023-12-25", 1.0)
    stopped = called(
        world, "2023-12", "2024-03", event__caravan_tapachula=call,
        mx__caravan_dispersal=("2023-12-24", "2024-01-20", 1.0),
    )  # fmt: skip
    left = called(world, "2023-12", "2024-03", event__caravan_tapachula=call)
    joined = stopped.tally("caravan_joined", "2023-12")
    assert (stopped.stock("caravan", "2024-01") < 0.1 * joined).all()
    assert np.median(stopped.stock("caravan", "2024-01") / joined) < 0.02
    assert (left.stock("caravan", "2024-01") > 3 * stopped.stock("caravan", "2024-01")).all()
    south = [p.tally("held_south", "2024-01") for p in (stopped, left)]
    assert (south[0] > south[1]).all()
    home = [p.stock("home", "2024-01") for p in (stopped, left)]
    assert (home[0] - home[1] < 0.1 * joined).all()  # dissolved, not turned back
