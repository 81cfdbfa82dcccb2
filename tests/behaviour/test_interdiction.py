"""Interdiction: effort bottles people up in the south, stops the same people again, and rebounds."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]


def land(played, *months, **only):
    return played.tally("encounters_land", *months, **only)


def test_mexicos_effort_of_2024_holds_people_in_the_south(world):
    calm_overlay = dict(world.corridor.scenario("mexico-calm-2024").policies)
    hard = world.play("2023-11", "2024-07")
    calm = world.play("2023-11", "2024-07", calm_overlay)
    months = ("2024-03", "2024-05")
    south = [p.tally("held_south", *months) for p in (hard, calm)]
    assert (south[0] > south[1]).all()
    # in most draws more stops a person; where buses take people off the road they may be fewer
    per_departure = [p.tally("mexican_events", *months) / p.tally("departures", *months)
                     for p in (hard, calm)]  # fmt: skip
    assert np.mean(per_departure[0] > per_departure[1]) >= 0.75
    assert np.median(per_departure[0] / per_departure[1]) > 1.2
    # encounters of those who cross Mexico fall; Mexicans are not stopped by it
    pair = [land(p, "2024-02", "2024-04", nationality="HND") for p in (hard, calm)]
    assert (pair[0] < pair[1]).all()
    pair = [land(p, "2024-02", "2024-02", nationality="MEX") for p in (hard, calm)]
    np.testing.assert_allclose(pair[0], pair[1], rtol=0.02)


def test_when_effort_relaxes_those_held_up_come_within_months(world):
    hard = world.play("2022-01", "2022-10", sky={"effort": [("2022-01", 1.0), ("2022-05", 0.0)]})
    calm = world.play("2022-01", "2022-10")

    def against_calm(tally, month):
        return hard.tally(tally, month, nationality="HND") / calm.tally(
            tally, month, nationality="HND"
        )

    assert (against_calm("encounters_land", "2022-04") < 0.95).all()
    assert (against_calm("held_south", "2022-04") > 1).all()
    set_out = against_calm("departures", "2022-04")
    back = np.max([against_calm("encounters_land", f"2022-0{m}") for m in (5, 6, 7)], 0)
    assert (back > set_out).all()  # more come than had set out meanwhile
    assert np.mean(back > 1) >= 0.75  # in most draws more than if effort had never risen


def test_people_bussed_south_are_stopped_again(world):
    bussed = world.play(
        "2023-03",
        "2023-10",
        levers={"mx.bussing_south": [("2023-03", "2023-10", 1.0)]},
        else_zero=True,
    )
    letters = world.play("2023-03", "2023-10", levers={"mx.bussing_south": []}, else_zero=True)
    moved = [p.tally("moved_south", "2023-07", "2023-09") for p in (bussed, letters)]
    assert (moved[0] > moved[1]).all()
    per_departure = [
        p.tally("mexican_events", "2023-07", "2023-09")
        / p.tally("departures", "2023-06", "2023-08")
        for p in (bussed, letters)
    ]
    # the rate at which people are stopped is the same: the more events are the same people
    assert (per_departure[0] > per_departure[1]).all()


def test_families_and_children_are_in_shelters_since_2021_and_not_in_stations(world):
    played = world.play("2020-11", "2021-06")
    assert (played.tally("dif_held", "2020-11", "2020-12") == 0).all()
    assert (played.tally("dif_held", "2021-04") > 0).all()
    for unit in ("family", "unaccompanied_child"):
        before, after = (played.tally("held_mexico", m, unit=unit) for m in ("2020-12", "2021-05"))
        assert (before > 0).all()
        assert (after < 0.05 * before).all()


def test_people_without_a_place_are_let_go_and_fewer_are_returned(world):
    """A tenth of the places that the same people would fill."""
    usual = world.play("2022-01", "2022-07")
    filled = usual.tally("held_mexico", "2022-05")
    few = world.play("2022-01", "2022-07", p={"station_places": 0.1 * filled})
    share = [
        p.tally("mexican_returns", "2022-05", unit="single_adult")
        / p.tally("mexican_events", "2022-05", unit="single_adult")
        for p in (few, usual)
    ]
    assert (share[0] < 0.7 * share[1]).all()
    # nobody beyond the places for longer than a day or so
    a_day = few.tally("mexican_events", "2022-05") / 31
    assert (few.tally("held_mexico", "2022-05") < 0.1 * filled + 1.5 * a_day).all()


def test_a_suspension_of_operations_ends_most_returns(world):
    usual = world.play("2023-10", "2024-01", levers={"mx.operations_suspended": []}, else_zero=True)
    purse = world.play(
        "2023-10",
        "2024-01",
        levers={"mx.operations_suspended": [("2023-12", "2024-01", 1.0)]},
        else_zero=True,
    )
    share = [
        p.tally("mexican_returns", "2023-12") / p.tally("mexican_events", "2023-12")
        for p in (purse, usual)
    ]
    assert (share[0] < share[1]).all()
    assert np.median(share[0] / share[1]) < 0.5


def test_the_guard_in_the_north_stops_people_who_had_come_so_far(world):
    """At the same effort: what the Guard is worth as an act of effort is `diplomacy`'s."""
    p = {"effort_per_guard": 0 * world.p["effort_per_guard"]}
    guard = {"mx.guard_north": [("2022-02", "2022-05", 1.0)]}
    pair = [
        world.play("2022-02", "2022-05", levers=g, else_zero=True, p=p).tally(
            "mexican_events", "2022-03", "2022-04"
        )
        for g in (guard, {"mx.guard_north": []})
    ]
    assert (pair[0] > pair[1]).all()
