"""One series is built from its own file; all other tables keep their bytes."""

from __future__ import annotations

import gzip
import shutil
import sys
from pathlib import Path

import pytest

from caudal.corridor.sources.registry import SERIES
from caudal.data.store import package_folder

pytestmark = pytest.mark.unit

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import one_series  # noqa: E402

MINE = "driver.us_job_openings"


def test_one_series_is_built_and_the_others_stay(tmp_path, capsys):
    folder = shutil.copytree(package_folder(), tmp_path / "series")
    before = {p.name: p.read_bytes() for p in folder.glob("*.gz")}
    there = gzip.decompress(before[f"{MINE}.csv.gz"]).decode().splitlines()[1:]
    file = tmp_path / "raw" / SERIES[MINE].files[0]
    file.parent.mkdir(parents=True)
    rows = ["date,value", *there[:-1]]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert one_series.main([str(tmp_path / "raw"), MINE, str(folder)]) == 0
    after = {p.name: p.read_bytes() for p in folder.glob("*.gz")}
    assert {n for n in before if before[n] != after.get(n)} == {f"{MINE}.csv.gz"}
    assert len(gzip.decompress(after[f"{MINE}.csv.gz"]).decode().splitlines()) == len(there)
    assert "still to tell" not in capsys.readouterr().out


def test_what_is_not_told_and_not_declared_is_named(capsys):
    found = "\n".join(one_series.untold("xx.beds", package_folder()))
    for file in ("spanish.yaml", "measured.yaml", "series_called.yaml"):
        assert file in found
    assert one_series.main([".", "xx.beds"]) == 2
    assert "'xx.beds' is not declared" in capsys.readouterr().err
