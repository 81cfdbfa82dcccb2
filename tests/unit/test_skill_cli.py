"""What `caudal skill` prints of tables of made-up forecasts."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from caudal import corridor as content
from caudal.cli import main
from caudal.cli.skill import spans
from caudal.forecast import skill
from skill_worlds import first, world

pytestmark = pytest.mark.unit


@pytest.fixture
def shown(tmp_path, monkeypatch, capsys):
    """`caudal skill` with tables of a fair forecast (blind) and one that is too sure (aware)."""
    parts = [first(world(), 3), first(world(3, mode="aware"), 3)]
    skill.write(tmp_path, skill.tables(parts, {"code_version": "1", "data_vintage": "abc"}))
    here = replace(content.corridor(), skill=tmp_path)
    monkeypatch.setattr(content, "corridor", lambda: here)

    def call(*options: str, code: int = 0) -> str:
        assert main(["skill", *options]) == code
        printed = capsys.readouterr()
        return printed.out if code == 0 else printed.err

    return call


def test_first_lines_say_where_it_beats_and_where_not(shown):
    lines = " ".join(shown().split())
    assert "Blind (law as known), nationalities, log scale: cannot be told from the best" in lines
    worse = "nationalities, log scale: is worse than the best baseline at 1–3 months ahead"
    assert f"Given the later calendar of policies, {worse}; it does not beat it anywhere." in lines
    assert "code 1, data abc" in lines


def test_options_choose_rows(shown):
    told = json.loads(shown("--json", "--mode", "aware", "--target", "southwest"))
    assert {(r["mode"], r["target"], r["scale"]) for r in told["skill"]} == {
        ("aware", "southwest", "log")
    }
    assert all(row["best"] for row in told["skill"])
    assert {r["target"] for r in told["coverage"]} == {"southwest"}
    every = json.loads(shown("--json", "--baselines", "--target", "all", "--scale", "natural"))
    assert {r["baseline"] for r in every["skill"]} == {"log_random_walk", "wide"}
    assert {r["target"] for r in every["skill"]} == {"nationalities", "largest", "southwest"}
    assert {r["of"] for r in every["contained"]} >= {"terciles", "southwest"}


def test_coverage_and_turning_points_are_shown(shown):
    said = " ".join(shown("--coverage", "--target", "all", "--mode", "aware").split())
    assert "aware, terciles: the nominal share lies in the interval in 0 of 18 cells" in said
    assert "PIT: share in each tenth" in said
    assert "false_alarms" in shown("--turning")


@pytest.mark.parametrize("option", ["mode", "target", "scale"])
def test_refuses_what_no_row_has(shown, option):
    assert f"--{option}: 'nope'; allowed: " in shown(f"--{option}", "nope", code=2)


def test_months_in_words():
    assert spans([3, 1, 2, 7]) == "1–3, 7 months ahead"
    assert spans([1]) == "1 month ahead"
