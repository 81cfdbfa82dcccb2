"""Forecasts of turns of policy held against counts: every number by hand on made-up turns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from caudal.corridor import corridor
from caudal.forecast import stress, stress_tables
from caudal.forecast.hindcast import Pass
from caudal.forecast.stress import Told, months_between, without
from stress_worlds import AHEAD, DRAWS, MEMBERS, event, world

pytestmark = pytest.mark.unit


def test_a_size_is_after_over_before_and_the_effect_is_paired():
    row = stress_tables.size(world())
    assert row["before"] == 1000
    assert row["observed"] == pytest.approx(0.4)
    assert row["predicted"] == pytest.approx(0.5)
    # draws are evenly spread: their 5 % and 95 % points lie at nine tenths of the ends
    assert row["lo90"] == pytest.approx(0.5 * np.exp(-0.9 * 1.645 * 0.3), rel=1e-3)
    assert row["factor"] == pytest.approx(np.exp(2 * 0.9 * 1.645 * 0.3), rel=1e-3)
    assert row["sign"]
    assert row["inside"]
    assert row["narrow"]
    # the same shocks in both: no spread though the runs have one
    assert row["effect"] == pytest.approx(0.5)
    assert row["effect_hi90"] - row["effect_lo90"] < 1e-9


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"after": 1300.0}, {"sign", "inside"}),
        ({"after": 100.0}, {"inside"}),
        ({"spread": 0.6}, {"narrow"}),
    ],
)
def test_what_is_wrong_is_called_wrong(changes, wrong):
    row = stress_tables.size(world(**changes))
    assert {name for name in ("sign", "inside", "narrow") if not row[name]} == wrong


def test_a_group_not_hit_is_judged_by_the_effect_on_it():
    calm = stress_tables.spared(world())
    assert [(r["cell"], r["little"], r["forecast_little"]) for r in calm] == [("B", True, True)]
    assert calm[0]["effect"] == pytest.approx(0.0)
    moved = world()
    given = {"land": np.stack([moved.given["land"][0], moved.without["land"][1] * 1.2])}
    row = stress_tables.spared(replace(moved, given=given))[0]
    assert row["effect"] == pytest.approx(0.2, abs=0.01)
    assert not row["little"]
    # the forecast itself did not move: both are told, and they are not the same
    assert row["forecast"] == pytest.approx(0.0)


def test_shares_are_of_the_months_after_and_add_up():
    rows = stress_tables.shares(world())
    assert [r["before"] for r in rows] == [0.5, 0.5]
    assert [r["predicted"] for r in rows] == pytest.approx([1 / 3, 2 / 3])
    assert [r["observed"] for r in rows] == pytest.approx([0.4 / 1.4, 1 / 1.4])
    assert all(r["inside"] for r in rows)


def rebounding(said, came) -> Told:
    """Medians and counts of A by month from May 2020, of 1000 before."""
    told = world(rebound=date(2020, 12, 1))
    draws, counts = told.draws["land"].copy(), told.counts["land"].copy()
    draws[0] = np.array(said, float)[:, None] + np.linspace(-20, 20, DRAWS)
    counts[4:12, 0] = came
    return replace(told, draws={"land": draws}, counts={"land": counts})


FALL = [900, 300, 400, 500, 640, 660, 900, 950]


@pytest.mark.parametrize(
    ("said", "regained", "right"),
    [
        (FALL, date(2020, 10, 1), True),  # half back is 650: passed in the sixth month
        ([300, 300, 700, 800, 800, 800, 800, 800], date(2020, 7, 1), True),
        ([300, 700, 800, 800, 800, 800, 800, 800], date(2020, 6, 1), False),
        ([300] * 8, None, False),
        ([1000] * 8, None, False),
        ([950, 950, 1000, 1000, 1000, 1000, 1000, 1000], None, False),
    ],
)
def test_a_rebound_is_timed_by_half_of_the_fall(said, regained, right):
    row = stress_tables.rebound(rebounding(said, FALL))
    assert row["regained_observed"] == date(2020, 10, 1)
    assert row["regained"] == regained
    assert row["right"] is right
    assert row["lowest_observed"] == pytest.approx(0.3)


def test_a_month_that_was_not_counted_leaves_timing_open():
    row = stress_tables.rebound(rebounding(FALL, [900, 300, np.nan, 500, 640, 660, 900, 950]))
    assert row["regained_observed"] is None
    assert not row["right"]


def test_the_verdict_counts_only_what_is_scored():
    told = [world(), world(after=1300.0), world(spread=0.6), world(after=1300.0, scored=False)]
    made = stress_tables.tables(told, {"code_version": "1"})
    assert set(made) == set(stress_tables.TABLES)
    assert made["sizes"]["code_version"].unique().tolist() == ["1"]
    said = stress_tables.verdict(made)
    assert (said["turns"], said["right_sign"], said["inside"]) == (3, 2, 2)
    assert said["inside_and_narrow"] == 1
    assert (said["spared"], said["moved_little"]) == (3, 3)
    assert said["shares"] == 6
    assert (said["rebounds"], said["rebounds_right"]) == (0, 0)
    # shares of A: 1/3 said; 0.286 (twice) and 0.565 came; 0.5 before
    missed = 2 * (1 / 3 - 0.4 / 1.4) + (1.3 / 2.3 - 1 / 3)
    moved = 2 * (0.5 - 0.4 / 1.4) + (1.3 / 2.3 - 0.5)
    assert said["shares_error_to_no_change"] == pytest.approx(missed / moved, rel=1e-2)


def test_the_law_without_a_turn_goes_on_as_it_was_the_day_before():
    law = corridor().law
    turn = next(e for e in corridor().stress() if e.id == "title-42-end-2023-05")
    less = without(law, turn.documents, turn.date)
    after = date(2023, 6, 15)
    assert not law.on(after)["us.title42.expulsion"].any()
    assert less.on(after)["us.title42.expulsion"].all()
    assert law.on(after)["us.asylum.bar"].any()
    assert not less.on(after)["us.asylum.bar"].any()
    assert "us-circumvention-of-lawful-pathways" not in less
    eve = date(2023, 5, 11)
    for lever in law.levers:
        assert np.array_equal(law.on(eve)[lever], less.on(eve)[lever]), lever


def test_months_are_counted_over_years():
    assert months_between(date(2021, 12, 1), date(2022, 2, 1)) == 2
    assert stress.horizons_needed(event()) == 3
    assert stress.horizons_needed(event(rebound=date(2021, 1, 1))) == 9


def test_tables_are_plain_frames():
    made = stress_tables.tables([world(rebound=date(2020, 12, 1))])
    assert all(isinstance(t, pd.DataFrame) and len(t) for t in made.values())


def a_pass(origins, counts, shift=0.0):
    """A pass whose runs stay at the origin's counts, times exp(shift) without the turn."""
    rng = np.random.default_rng(0)
    fitted, ahead, still, other = {}, {}, {}, {}
    for name, values in counts.items():
        here = values[origins]  # (origin, cell)
        fitted[name] = np.repeat(here[:, None, :, None], MEMBERS, -1)
        still[name] = np.repeat(here[:, None], AHEAD, 1)
        noise = np.exp(0.2 * rng.standard_normal((*still[name].shape, MEMBERS)))
        ahead[name] = still[name][..., None] * noise
        other[name] = ahead[name] * np.exp(shift)
    modes = {stress.WITH: ahead, stress.WITHOUT: other}
    return Pass(np.array(origins), fitted, modes, dict.fromkeys(modes, still))


def test_runs_become_forecasts_by_what_was_taught_and_keep_their_pairs():
    here = corridor()
    turn = next(e for e in here.stress() if e.id == "parole-2023-01")
    origin, learned = 65, 52
    whole = here.observed(here.begins, date(2100, 1, 1))
    counts = {p.name: np.nan_to_num(p.observe(whole.arrays)) for p in here.predictands()}
    past = a_pass(list(range(45, 51)), counts)
    other = months_between(here.begins, date(2023, 4, 1))
    ahead = a_pass([origin, other], counts, shift=0.7)
    (told,) = stress.told(here, {origin: turn}, past, ahead, learned)
    assert told.origin == origin
    assert set(told.draws) == {"southwest", "nationality", "unit", "area", "component"}
    assert told.draws["nationality"].shape == (22, AHEAD, 400)
    # runs that stay where counts are leave nothing to correct but their spread
    middle = np.median(told.draws["southwest"][0, 0])
    assert middle == pytest.approx(counts["southwest"][origin, 0], rel=0.05)
    row = stress_tables.size(told)
    assert row["group"] == "nationality: NIC, CUB, HTI, VEN"
    assert np.log(row["effect"]) == pytest.approx(-0.7, abs=1e-3)
    assert row["effect_hi90"] == pytest.approx(row["effect_lo90"], rel=1e-3)


def test_stages_are_learned_in_november_2021_and_run_from_the_month_before_each_turn(monkeypatch):
    here, asked = corridor(), {}

    def constants(corridor, origin, names, *rest):
        asked["constants"] = origin, names
        return "moved"

    def hindcast(corridor, priors, z, origins, horizons, modes, settings, tell, outside):
        asked["origins"], asked["horizons"], asked["modes"] = origins, horizons, modes
        return a_pass([0], {})

    monkeypatch.setattr(stress.backtest, "constants", constants)
    monkeypatch.setattr(stress.stages, "known_priors", lambda corridor, month: month)
    monkeypatch.setattr(stress.backtest, "warm_up", lambda corridor, first, *rest: [first])
    monkeypatch.setattr(stress.Pass, "joined", lambda parts: parts[0])
    monkeypatch.setattr(stress, "draw", lambda priors, moved, members, seed: {})
    monkeypatch.setattr(stress, "hindcast", hindcast)
    monkeypatch.setattr(stress, "told", lambda corridor, at, past, ahead, learned: (past, learned))
    assert stress.forecasts(here) == (51, 52)
    assert asked["constants"] == (52, None)
    assert asked["origins"] == [53, 62, 65, 69, 77, 82, 89]
    assert asked["horizons"] == 9
    assert asked["modes"] == ("aware", "without")
