"""`caudal forecast`: what it prints and writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import caudal.corridor
from caudal.cli import main
from forecast_worlds import Early, early

pytestmark = pytest.mark.unit

SHORT = ["forecast", "--members", "2", "--months", "2"]


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Early:
    return early(tmp_path_factory.mktemp("draws"))


@pytest.fixture(autouse=True)
def here(learned: Early, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(caudal.corridor, "corridor", lambda: learned)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_tables_files_and_hub(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SHORT, "--out", "mine", "--hub", "hub"]) == 0
    shown = capsys.readouterr()
    assert "southwest, encounters per month; last count 2019-12" in shown.out
    assert "40,565" in shown.out
    assert "nationality/HND" in shown.out
    assert "2019-12 *" in shown.out, "Mexican events of December are nowcast"
    assert "their sums differ from the total by up to" in shown.out
    assert "the 90 % interval is rough" in shown.err
    assert "not corrected by past forecasts" in shown.err
    assert "by the contract (docs/forecast.md) it is late" in shown.err
    assert sorted(p.name for p in Path("mine").iterdir()) == ["forecast.csv", "forecast.json"]
    document = json.loads(Path("mine/forecast.json").read_text())
    assert document["forecast"]["origin"] == "2019-12"
    assert document["forecast"]["command"] == "caudal forecast --months 2 --members 2 --seed 0"
    table = pd.read_csv("mine/forecast.csv")
    assert set(table.target) == {t["id"] for t in document["targets"]}
    assert len(table) == 23 * len(document["rows"])
    assert Path("hub/hub-config/tasks.json").exists()

    assert main([*SHORT, "--target", "nationality/VEN", "--json", "--out", "mine"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {(r["target"], r["cell"]) for r in printed["rows"]} == {("nationality", "VEN")}
    assert printed["rows"] == [r for r in document["rows"] if r["cell"] == "VEN"]
    assert set(pd.read_csv("mine/forecast.csv").cell) == {"VEN"}


BAD = [
    (["--target", "darian"], "--target: unknown target 'darian'; allowed: 'darien' is the nearest"),
    (["--target", "unit/familly"], "unit has no cell 'familly'; allowed: 'family' is the nearest"),
    (["--months", "0"], "--months: 0; allowed: 1 to 24"),
    (["--months", "25"], "--months: 25; allowed: 1 to 24"),
    (["--members", "0"], "--members: 0; allowed: 1 to"),
    (["--seed", "-1"], "--seed: -1; allowed: 0 to"),
    (["--scenario", "baselin"], "unknown scenario 'baselin'"),
    (["--scenario", "mexico-calm-2024", "--hub", "hub"], "'mexico-calm-2024' is a what-if"),
    (["--out", "taken"], "--out taken: taken is not a folder"),
    (["--out", "/proc/caudal"], "--out /proc/caudal: "),
    (["--hub", "taken/hub"], "--hub taken/hub: taken is not a folder"),
    (["--out", "notes"], "--out notes: a folder that is no forecast"),
]


@pytest.mark.parametrize(("options", "told"), BAD, ids=str)
def test_what_cannot_be_is_told_in_one_line(
    options: list[str], told: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("taken").write_text("mine")
    Path("notes").mkdir()
    Path("notes/a.txt").write_text("mine")
    assert main(["forecast", *options]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert told in shown.err
    assert shown.err.count("\n") == 1
    assert sorted(p.name for p in here.rglob("*")) == ["a.txt", "notes", "taken"]
