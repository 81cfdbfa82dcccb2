"""What the page is told of past forecasts."""

from __future__ import annotations

import json

import pytest

from caudal.forecast.baselines import NAMES
from caudal.report import skill_payload
from caudal.report.strings import strings
from report_sample import sample_payload
from skill_worlds import small_tables

pytestmark = pytest.mark.unit


def test_the_page_gets_what_the_tables_say():
    tables = small_tables()
    told = skill_payload(tables)
    assert told is not None
    assert [mode["mode"] for mode in told["modes"]] == ["blind", "aware"]
    mode = told["modes"][1]
    rows = tables["skill"]
    rows = rows[
        (rows["mode"] == "aware") & (rows["target"] == "southwest") & (rows["horizon"] == "3")
    ]
    best = rows[rows["best"]].set_index("scale")
    shown = [r for r in mode["ratios"] if (r["target"], r["horizon"]) == ("southwest", 3)]
    assert [r["against"] for r in shown].count("best") == 1
    one = next(r for r in shown if r["against"] == "best")
    assert one["baseline"] == best.loc["log", "baseline"]
    assert one["ratio"] == pytest.approx(best.loc["log", "ratio"], rel=1e-3)
    assert next(r for r in shown if r["against"] != "best")["baseline"] == "log_random_walk"
    cells = tables["coverage"]
    cells = cells[(cells["mode"] == "aware") & cells["target"].isin(["small", "middle", "large"])]
    assert mode["cells"] == 72
    assert mode["contain"] == cells.loc[~cells["horizon"].str.contains("-"), "contains"].sum()
    for group in mode["pit"]:
        assert sum(group["shares"]) == pytest.approx(1, abs=0.01)
    json.dumps(told, allow_nan=False)


def test_nothing_scored_nothing_told():
    tables = small_tables()
    assert skill_payload({name: table.iloc[:0] for name, table in tables.items()}) is None
    few = {**tables, "pit": tables["pit"].iloc[:0], "coverage": tables["coverage"].iloc[:0]}
    told = skill_payload(few)
    assert told is not None
    assert told["modes"][0]["cells"] is None
    assert told["modes"][0]["pit"] == []
    assert sample_payload(members=2)["skill"]["modes"][0]["origins"] == 14


def test_every_baseline_has_a_name_in_both_languages():
    for words in strings().values():
        assert {f"baseline.{name}" for name in NAMES} <= words.keys()
