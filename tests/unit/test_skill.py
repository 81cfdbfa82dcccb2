"""Skill tables of made-up forecasts: a perfect one, the walk itself, one that is too sure."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caudal.errors import CaudalError
from caudal.forecast import skill
from caudal.forecast.skill import Forecasts
from skill_worlds import SIZES, first, world

pytestmark = pytest.mark.unit


@cache
def made(sure: float = 1.0) -> dict[str, pd.DataFrame]:
    return skill.tables([world(sure)], {"code_version": "x"})


def pick(table: pd.DataFrame, **where: object) -> pd.DataFrame:
    for name, value in where.items():
        table = table[table[name] == value]
    return table


def test_groups_are_by_size_before_the_first_origin():
    targets, groups = skill.nationality_targets(SIZES[::-1])  # the last is the largest
    assert targets["largest"] == list(range(10, 22))
    assert targets["southwest"] == [22]
    assert [len(groups[name]) for name in ("small", "middle", "large")] == [8, 7, 7]
    assert groups["large"] == list(range(15, 22))
    assert sorted(i for group in groups.values() for i in group) == targets["nationalities"]


def test_every_horizon_and_range_has_one_best_baseline():
    table = made()["skill"]
    keys = ["mode", "target", "horizon", "scale"]
    assert (table.groupby(keys)["best"].sum() == 1).all()
    every = {*map(str, range(1, 13)), *skill.RANGES}
    for target, told in (("nationalities", every), ("largest", {*skill.SHORT})):
        assert set(pick(table, target=target)["horizon"]) == told
    assert set(table["target"]) == {"nationalities", "largest", "southwest"}
    ours = pick(table, target="nationalities", scale="log", best=True)
    assert set(ours["baseline"]) == {"log_random_walk"}


def test_a_perfect_forecast_beats_the_wide_one_and_not_the_walk():
    table = pick(made()["skill"], target="nationalities", scale="log")
    for row in pick(table, baseline="wide").itertuples():
        assert skill.verdict(row.lo, row.hi) == "better"
    for row in pick(table, baseline="log_random_walk").itertuples():
        assert row.ratio == pytest.approx(1, abs=0.02)
    origins = pick(table, baseline="wide").set_index("horizon")["origins"]
    assert (origins["9"], origins["10"], origins["7-12"]) == (38, 35, 38)


def test_one_that_is_too_sure_is_worse_and_its_coverage_is_flagged():
    table = pick(made(2.5)["skill"], target="nationalities", scale="log", best=True)
    assert {skill.verdict(row.lo, row.hi) for row in table.itertuples()} == {"worse"}
    held = skill.contained(made(2.5)["coverage"]).set_index("of")
    assert held.loc["terciles", "cells"] == 72  # 12 horizons, 3 terciles, 2 shares
    assert held.loc["terciles", "contain"] == 0
    fair = skill.contained(made()["coverage"]).set_index("of")
    assert (
        fair.loc["terciles", "contain"] > 45
    )  # docs/skill.md says what to expect of a perfect one


def test_pit_shares_add_up_and_show_a_trough():
    shares = made()["pit"].groupby(["mode", "target", "horizon"])["share"].sum()
    np.testing.assert_allclose(shares, 1)
    trough = pick(made(2.5)["pit"], target="nationalities", horizon="3-6")["share"].to_numpy()
    assert len(trough) == skill.BINS
    assert trough[[0, -1]].sum() > 0.4
    flat = pick(made()["pit"], target="nationalities", horizon="3-6")["share"].to_numpy()
    assert abs(flat - 0.1).max() < 0.06


def test_turning_points_add_up():
    table = made()["turning"]
    assert (table["hits"] + table["misses"] == table["moves"]).all()
    assert (table["false_alarms"] <= table["counts"] - table["moves"]).all()
    # a walk of 0.3 a month moves by 30 % or more up with probability 0.19 (1 − Φ(log 1.3 / 0.3))
    row = pick(table, target="nationalities", method="caudal", horizon="1", move="rise").iloc[0]
    assert row["moves"] / row["counts"] == pytest.approx(0.19, abs=0.05)
    assert row["hits"] + row["false_alarms"] == 0  # so it is never called
    assert row["brier"] == pytest.approx(0.19 * 0.81, abs=0.03)


def test_scores_are_proper_in_the_mean():
    table = pick(made(2.5)["scores"], target="nationalities", horizon="1-6").set_index("method")
    for score in ("crps", "wis_log", "wis_natural", "log_score", "energy"):
        assert table.loc["log_random_walk", score] < table.loc["caudal", score], score
        assert table.loc["log_random_walk", score] < table.loc["wide", score], score
    assert table.loc["log_random_walk", "cover90"] == pytest.approx(0.9, abs=0.03)


def test_modes_stay_apart():
    few = [first(world(), 3), first(world(2.5, mode="aware"), 3)]
    both, alone = skill.tables(few), [skill.tables([part]) for part in few]
    for name in skill.TABLES:
        stacked = pd.concat([t[name] for t in alone], ignore_index=True)
        pd.testing.assert_frame_equal(both[name], stacked)


def test_written_whole_and_read_again(tmp_path):
    folder = tmp_path / "skill"
    (folder).mkdir()
    (folder / "other.csv").write_text("stays\n")
    skill.write(folder, made())
    again = skill.read(folder)
    assert set(again) == set(skill.TABLES)
    for name, table in made().items():
        assert list(again[name].columns) == list(table.columns)
        assert (folder / f"{name}.csv").stat().st_size < 200_000
    np.testing.assert_allclose(again["skill"]["ratio"], made()["skill"]["ratio"], rtol=1e-3)
    assert sorted(p.name for p in folder.iterdir()) == sorted(
        ["other.csv", skill.SUMS, *(f"{name}.csv" for name in skill.TABLES)]
    )


def test_tables_of_two_backtests_are_not_read_as_one(tmp_path, monkeypatch):
    """Killed between two tables: the checksums, which take their place first, tell."""
    skill.write(tmp_path, made())
    real, moved = Path.replace, []

    def killed(self, place):
        moved.append(place)
        if len(moved) == 3:
            raise KeyboardInterrupt
        return real(self, place)

    other = {name: table.iloc[:-1] for name, table in made().items()}
    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        skill.write(tmp_path, other)
    monkeypatch.setattr(Path, "replace", real)
    with pytest.raises(CaudalError, match=r"csv: not the table.*stopped.*caudal backtest --write"):
        skill.read(tmp_path)
    skill.write(tmp_path, other)
    assert len(skill.read(tmp_path)["skill"]) == len(other["skill"])


def test_nothing_is_half_written(tmp_path):
    skill.write(tmp_path, made())
    before = (tmp_path / "skill.csv").read_bytes()
    broken = {"skill": made()["pit"], "coverage": None}
    with pytest.raises(AttributeError):
        skill.write(tmp_path, broken)  # type: ignore[arg-type]
    assert (tmp_path / "skill.csv").read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_refuses_what_does_not_fit(tmp_path):
    good = world()
    with pytest.raises(CaudalError, match="no method 'caudal'"):
        Forecasts("blind", {"wide": good.draws["wide"]}, good.came, good.last, {}, {})
    with pytest.raises(CaudalError, match="draws of caudal"):
        Forecasts("blind", {"caudal": good.draws["wide"][:5]}, good.came, good.last, {}, {})
    with pytest.raises(CaudalError, match=r"no scores yet.*caudal backtest --write"):
        skill.read(tmp_path)
