"""What processing must show: one claim a test, in its words."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.groups import mask
from caudal.corridor.world import NATIONALITIES, SECTORS

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

NORTH = [n in ("GTM", "HND", "SLV") for n in NATIONALITIES]
DEALS = ("CUB", "HTI", "NIC", "VEN")


def put_back(played):
    """Families of the north of Central America just expelled, where they were put: (sector, member)."""
    return played.people("north_repeat", "family")[:, NORTH].sum(1)


def test_tamaulipas_refusal_lowers_family_expulsions_opposite_tamaulipas_only(world):
    refuses = world.play("2021-01", "2021-02-10")
    takes = world.play("2021-01", "2021-02-10", {"mx-tamaulipas-families": "off"})
    change = put_back(refuses) / put_back(takes) - 1
    there = [s in ("rio-grande-valley", "laredo") for s in SECTORS]
    assert (change[there] < -0.1).all()
    assert np.abs(change[~np.array(there)]).max() < 0.2 * np.abs(change[there]).min()
    later = world.play("2021-01", "2021-04")
    never = world.play("2021-01", "2021-04", {"mx-tamaulipas-families": "off"})
    expelled = [p.tally("expulsions", "2021-02", "2021-03", unit="family") for p in (later, never)]
    assert (expelled[0] < expelled[1]).all()


def test_lateral_flights_expel_elsewhere_whom_tamaulipas_refuses(world):
    flights = world.play("2021-02", "2021-05")
    none = world.play("2021-02", "2021-05", {"us-lateral-flights-2021": "off"})
    expelled = [
        p.tally("expulsions", "2021-04", unit="family", place="rio-grande-valley")
        for p in (flights, none)
    ]
    assert (expelled[0] > expelled[1]).all()
    west = [s in ("san-diego", "el-paso") for s in SECTORS]
    assert (put_back(flights)[west].sum(0) > put_back(none)[west].sum(0)).all()


def test_the_cap_on_whom_mexico_takes_binds(world):
    sky = {"departure": [("2022-12", 3.0 * mask(*DEALS))]}
    p = {"title42_flown": 0 * world.p["title42_flown"]}

    def sent(played, month):
        return sum(played.tally("expulsions", month, nationality=n) for n in DEALS)

    span = ("2022-12", "2023-04")
    free = world.play(
        *span, levers={"mx.acceptance_cap_monthly": [(*span, 1e6)]}, else_zero=True, sky=sky, p=p
    )
    cap = float(0.5 * sent(free, "2023-03").min())
    held = world.play(
        *span, levers={"mx.acceptance_cap_monthly": [(*span, cap)]}, else_zero=True, sky=sky, p=p
    )
    assert (sent(held, "2023-03") < 1.02 * cap * 31 / 30.4).all()
    assert (sent(free, "2023-03") > 1.5 * cap).all()
    others = [p.tally("expulsions", "2023-03", nationality="GTM") for p in (held, free)]
    np.testing.assert_allclose(*others, rtol=0.1)
    released = [p.tally("releases", "2023-03", nationality="CUB") for p in (held, free)]
    assert (released[0] > released[1]).all()


def test_a_stricter_standard_lowers_releases(world):
    span = ("2023-06", "2023-10")
    shares = []
    for standard in (0.0, 2.0):
        run = world.play(
            *span, levers={"us.screening.standard": [(*span, standard)]}, else_zero=True
        )
        months = ("2023-07", "2023-09")
        shares.append(run.tally("releases", *months) / run.tally("encounters_land", *months))
    assert (shares[1] < shares[0]).all()


def test_crowding_releases_come_only_when_custody_is_over_full(world):
    def spring(level):
        sky = {"departure": [("2019-02", np.full(len(NATIONALITIES), level))]}
        return world.play("2019-02", "2019-07", sky=sky)

    busy, quiet = spring(2.5), spring(-0.7)
    held = [p.tally("cbp_held", "2019-06") for p in (busy, quiet)]
    assert (held[0] > world.p["holding_places"]).all()  # the premise
    assert (held[1] < 0.8 * world.p["holding_places"]).all()
    assert (busy.tally("crowding_releases", "2019-06") > 100).all()
    assert (quiet.tally("crowding_releases", "2019-06") == 0).all()


def test_arrivals_beyond_the_desk_wait_in_the_field(world):
    """The same many people (weather), a desk that takes in a tenth, or as many as come."""
    sky = {"departure": [("2019-02", np.full(len(NATIONALITIES), 2.0))]}
    pace = world.p["processed_per_agent_day"]
    slow, quick = (
        world.play("2019-02", "2019-07", sky=sky, p={"processed_per_agent_day": k * pace})
        for k in (0.1, 100.0)
    )
    capacity = 0.1 * pace * world.p["agents"].sum(0) * (1 + world.p["desk_surge"])
    assert (slow.tally("encounters_land", "2019-06") / 30 > 1.2 * capacity).all()  # the premise
    months = ("2019-05", "2019-06")
    waiting = [slow.tally("field_waiting", m) for m in months]
    assert (waiting[1] > waiting[0]).all()
    assert (waiting[1] > 5 * quick.tally("field_waiting", "2019-06")).all()
    # as many are taken in as the desk can, and no more
    taken = slow.tally("cbp_held", "2019-06") / quick.tally("cbp_held", "2019-06")
    assert (taken < 1).all()


def test_families_are_separated_while_parents_are_prosecuted_and_not_after(world):
    run = world.play("2018-03", "2018-09")
    assert (run.tally("separations", "2018-05", "2018-06") > 0).all()
    for month in ("2018-03", "2018-08"):
        assert (run.tally("separations", month) == 0).all(), month
