"""The folder of a run: whole, readable again, or not there at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr
import yaml
from test_report_tables import BOTH, counts, tiny

from caudal.errors import CaudalError
from caudal.report import summarise, write_run

pytestmark = pytest.mark.unit

SCENARIO = {"name": "línea base", "policies": {}}
RECIPE = {"run_id": "abc", "command": "caudal run"}


def write(folder: Path, **changes) -> Path:
    ds = tiny()
    parts = {
        "ds": ds, "summary": summarise(ds, counts(("both", "2025-01", 21)), [BOTH]),
        "scenario": SCENARIO, "recipe": RECIPE, "report": "<p>ñ</p>",
        "tables": {"extra": pd.DataFrame({"a": [1]})},
    }  # fmt: skip
    return write_run(folder, **{**parts, **changes})


def tree(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


def test_everything_is_there_and_reads_back(tmp_path):
    folder = write(tmp_path / "runs" / "abc")
    assert tree(tmp_path / "runs") == [
        "abc", "abc/recipe.json", "abc/report.html", "abc/results.nc", "abc/scenario.yaml",
        "abc/tables", "abc/tables/extra.csv", "abc/tables/summary.csv",
    ]  # fmt: skip
    with xr.open_dataset(folder / "results.nc", engine="h5netcdf") as back:
        xr.testing.assert_equal(back.load(), tiny())
        assert {**back.attrs, **tiny().attrs} == back.attrs
        assert not back["people"].encoding.get("zlib")
        assert back["people"].dtype == "float32"
    assert yaml.safe_load((folder / "scenario.yaml").read_text(encoding="utf-8")) == SCENARIO
    assert json.loads((folder / "recipe.json").read_text(encoding="utf-8")) == RECIPE
    table = pd.read_csv(folder / "tables" / "summary.csv")
    assert table.loc[0, ["month", "observed", "median"]].tolist() == ["2025-01-01", 21, 22]
    assert (folder / "report.html").read_text(encoding="utf-8") == "<p>ñ</p>"


def test_a_scenario_given_as_text_is_kept_to_the_letter(tmp_path):
    text = "# why\nname: x\n"
    folder = write(tmp_path / "abc", scenario=text)
    assert (folder / "scenario.yaml").read_text(encoding="utf-8") == text


def test_an_earlier_run_is_replaced_whole(tmp_path):
    write(tmp_path / "abc")
    write(tmp_path / "abc", tables={}, report="new")
    assert "abc/tables/extra.csv" not in tree(tmp_path)
    assert (tmp_path / "abc" / "report.html").read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["abc"]


def test_same_inputs_same_bytes(tmp_path):
    one, two = write(tmp_path / "one"), write(tmp_path / "two")
    for name in ("results.nc", "recipe.json", "scenario.yaml", "tables/summary.csv"):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_below_a_regular_file_nothing_can_be_written(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CaudalError) as caught:
        write(tmp_path / "file" / "runs" / "abc")
    assert "\n" not in str(caught.value)
    assert "a writable folder" in str(caught.value)
    assert tree(tmp_path) == ["file"]


def test_a_file_in_the_way_is_kept(tmp_path):
    (tmp_path / "abc").write_text("mine")
    with pytest.raises(CaudalError, match="a file is in the way"):
        write(tmp_path / "abc")
    assert tree(tmp_path) == ["abc"]
    assert (tmp_path / "abc").read_text() == "mine"


def test_somebodys_folder_is_kept(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("mine")
    with pytest.raises(CaudalError, match="a folder that is not a run"):
        write(tmp_path / "home")
    assert tree(tmp_path) == ["home", "home/letter.txt"]


@pytest.mark.parametrize("earlier", [False, True])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_midway_leaves_no_trace(tmp_path, monkeypatch, earlier, error):
    if earlier:
        write(tmp_path / "new" / "abc", report="old")
    before = tree(tmp_path)

    def fail(*_args, **_kwargs):
        raise error

    monkeypatch.setattr(pd.DataFrame, "to_csv", fail)
    expected = CaudalError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        write(tmp_path / "new" / "abc", report="new")
    assert tree(tmp_path) == before
    if earlier:
        assert (tmp_path / "new" / "abc" / "report.html").read_text() == "old"


def test_a_failed_swap_puts_the_earlier_run_back(tmp_path, monkeypatch):
    write(tmp_path / "abc", report="old")
    before, replace, calls = tree(tmp_path), os.replace, []

    def second_fails(source, target):
        calls.append(source)
        if len(calls) == 2:
            raise OSError(13, "Permission denied")
        replace(source, target)

    monkeypatch.setattr(os, "replace", second_fails)
    with pytest.raises(CaudalError, match="permission denied"):
        write(tmp_path / "abc", report="new")
    assert tree(tmp_path) == before
    assert (tmp_path / "abc" / "report.html").read_text() == "old"
