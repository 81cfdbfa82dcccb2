"""What harm and costs must show: one claim a test, in its words."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.stocks import STOCKS, TALLIES
from caudal.corridor.world import DANGERS, PAYERS, SECTORS
from caudal.engine.graph import Model
from caudal.engine.simulate import Chunk, Simulator
from engine_worlds import switched_off

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]  # one compilation of the whole corridor


def test_harm_and_costs_change_nothing_else(world):
    base = world.play("2019-01", "2019-04")
    p = switched_off(world.model, "harm", switched_off(world.model, "costs", world.p))
    off = world.play("2019-01", "2019-04", p=p)
    assert (off.months.people == base.months.people).all()
    for name, value in base.months.tallies.items():
        assert (off.months.tallies[name] == value).all(), name
    for name, value in base.months.signals.items():
        assert (off.months.signals[name] == value).all(), name
    assert not off.months.measures["public_cost"].any()
    assert not off.months.measures["deaths"].any()


def test_without_harm_and_costs_the_corridor_is_the_same_people(world):
    kept = [m for m in world.model.mechanisms if m.name not in ("harm", "costs")]
    bare = Simulator(
        Model(STOCKS, kept, TALLIES, world.model.groups, dict(world.model.axes)), 1, 12
    )
    days, members = 92, len(next(iter(world.p.values())).T)
    runs = []
    for simulator in (bare, world.simulator):
        chunk = Chunk(np.arange(members), world.p, world.weather())
        start = simulator.start(members, list(world.base.rules), world.p)
        runs.append(simulator.advance(start, chunk, world.base, days, 1))
    (one, months), (other, measured) = runs
    # another program may round its last bit otherwise; nothing more may differ
    assert np.allclose(one.carry.people, other.carry.people, rtol=1e-5, atol=1e-6)
    assert np.allclose(
        months.tallies["encounters_land"], measured.tallies["encounters_land"], rtol=1e-5, atol=1e-6
    )


def test_deaths_follow_who_crosses_the_darien(world):
    open_way = world.play("2022-07", "2022-11").measure("deaths", "2022-08", "2022-10")
    closed = world.play(
        "2022-07", "2022-11", p={k: 10 * world.p[k] for k in ("darien_turn_back",)}
    ).measure("deaths", "2022-08", "2022-10")
    assert (open_way >= 0).all()
    assert (open_way[DANGERS.index("darien")] > 0).all()
    assert (closed[DANGERS.index("darien")] <= open_way[DANGERS.index("darien")] + 1e-6).all()


def test_remain_in_mexico_raises_kidnappings_where_people_wait(world):
    mpp = world.play("2019-01", "2020-01")
    none = world.play("2019-01", "2020-01", {"us-mpp": "off"})
    tamaulipas = [SECTORS.index(s) for s in ("laredo", "rio-grande-valley")]
    for name in ("kidnappings_floor", "kidnappings_ceiling", "assaults"):
        more = [r.measure(name, "2019-10", "2019-12")[tamaulipas].sum(0) for r in (mpp, none)]
        assert (more[0] > more[1]).all(), name


def test_floor_never_exceeds_ceiling(world):
    played = world.play("2019-01", "2020-01")
    floor, ceiling = (
        played.measure(f"kidnappings_{k}", "2019-02", "2019-12") for k in ("floor", "ceiling")
    )
    assert (floor <= ceiling).all()
    assert (ceiling > 1.2 * floor).mean() > 0.8  # the width is the finding


def test_more_detention_costs_more_and_pays_the_detainer(world):
    base = world.play("2019-01", "2019-07")
    p = {"detained_share": np.minimum(0.95, 3 * world.p["detained_share"])}
    more = world.play("2019-01", "2019-07", p=p)
    cost = [r.measure("public_cost", "2019-05", "2019-06") for r in (more, base)]
    detention = PAYERS.index("us-detention")
    assert (cost[0][detention] > cost[1][detention]).all()


def test_expulsion_returns_more_people_with_a_need(world):
    expel = world.play("2021-02", "2021-07")
    hear = world.play("2021-02", "2021-07", {"us-title-42": "off"})
    returned = [
        r.measure("protection_returned", "2021-04", "2021-06").sum(0) for r in (expel, hear)
    ]
    assert (returned[0] > returned[1]).mean() > 0.8


def test_separation_is_counted_beside_the_harm(world):
    apart = world.play("2018-04", "2018-07")
    none = world.play("2018-04", "2018-07", {"us-zero-tolerance": "off"})
    counts = [r.tally("separations", "2018-05", "2018-06") for r in (apart, none)]
    assert (counts[0] > counts[1]).all()
