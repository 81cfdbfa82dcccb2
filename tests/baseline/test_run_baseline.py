"""The baseline run's numbers, frozen on purpose: a change that moves them must say so."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from freeze import FILE, frozen, moved, numbers, write

pytestmark = pytest.mark.baseline

HOW = "if that was meant: python tests/baseline/freeze.py, and a `regression` changelog fragment"


def test_the_baseline_run_gives_the_frozen_numbers() -> None:
    """Within half a per cent and five people: other machines round differently."""
    assert FILE.exists(), "not frozen yet: python tests/baseline/freeze.py"
    told = moved(frozen(), numbers())
    assert told == "", f"{HOW}\n\n{told}"


def made(version: str, **columns: list[float]) -> pd.DataFrame:
    table = pd.DataFrame(columns, index=pd.Index(["2020-12", "2021-01", "2021-02"], name="month"))
    table.attrs["version"] = version
    return table


def test_what_moved_is_listed_by_quantity_and_year(tmp_path: Path) -> None:
    old = made("1.0+a", encounters=[1000.0, 1000.0, 2000.0], waiting_north=[0.0, 100.0, 300.0])
    new = made("1.1+b", encounters=[1004.0, 1100.0, 2000.0], waiting_north=[9.0, 100.0, 300.0])
    assert moved(old, new).splitlines() == [
        "1.0+a → 1.1+b: 2 of 6 numbers moved",
        "",
        "| result | before | now | unit | moved | months |",
        "|---|---|---|---|---|---|",
        "| encounters, 2021 | 3,000 | 3,100 | in 2 months | +3.3% | 1 |",
        "| waiting_north, 2020 | 0 | 9 | people | from nothing | 1 |",
    ]
    assert moved(old, old) == ""
    assert moved(old, new.drop(columns="encounters")) == "other months or quantities: encounters"
    write(old, tmp_path / "run.csv")
    kept = frozen(tmp_path / "run.csv")
    pd.testing.assert_frame_equal(kept, old)
    assert kept.attrs["version"] == "1.0+a"
