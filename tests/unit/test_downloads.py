"""What is taken away: CSV for spreadsheets, R and Python; NetCDF by the CF conventions; citations."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from caudal.corridor.variables import VARIABLES
from caudal.data.spreadsheet import RISKY, csv_text
from caudal.report.cf import CONVENTIONS, citation, conventional, units
from caudal.report.files import write_netcdf
from caudal.service.answers import csv_bytes

pytestmark = pytest.mark.unit

FRAME = pd.DataFrame(
    {
        "month": pd.to_datetime(["2024-01-01", "2024-02-01", "2024-03-01"]),
        "title_es": ["Personas, «en espera» en México", '=HYPERLINK("http://x")', "@cmd|' /C calc'!A0"],
        "people": [-12.5, 0.1 + 0.2, np.nan],
        "number": [-3, 0, 7],
        "nothing": [None, "\tx", "a\nb"],
    }
)  # fmt: skip


def test_csv_reads_back_the_same() -> None:
    back = pd.read_csv(io.StringIO(csv_text(FRAME)), parse_dates=["month"], dtype={"nothing": str})
    pd.testing.assert_series_equal(back["month"], FRAME["month"], check_dtype=False)
    assert [float(x) for x in back["number"]] == [-3, 0, 7], "a negative number is no formula"
    rows = list(csv.reader(io.StringIO(csv_text(FRAME))))
    assert float(rows[2][2]) == 0.1 + 0.2, "every digit is there"
    assert rows[3][2] == ""
    assert [row[0] for row in rows[1:]] == ["2024-01-01", "2024-02-01", "2024-03-01"]
    assert rows[1][1] == FRAME.title_es[0]
    assert rows[3][4] == "a\nb", "a line break stays inside its cell"


def test_no_text_of_a_csv_is_a_formula() -> None:
    """By the rules of spreadsheets: a cell is run where its text begins with one of six signs."""
    frame = pd.DataFrame({f"{sign}head": [f"{sign}1+1", "plain"] for sign in RISKY})
    for text in (csv_text(frame), csv_bytes(frame, hxl=False).decode("utf-8")):
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert len(cells) == 3 * len(RISKY)
        assert [c for c in cells if c.startswith(RISKY)] == []
    assert "\r" not in csv_text(frame) + csv_text(FRAME)
    assert not csv_text(FRAME).startswith("\ufeff"), "R would take it for a part of the first name"


def made_up() -> xr.Dataset:
    values = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
    dims = ("member", "month", "area")
    return xr.Dataset(
        {
            "encounters": (dims, values, {"units": "encounters per month", "long_name": "Met"}),
            "waiting": (dims, values, {"units": "people, mean of the month"}),
            "share": (("member",), values[:, 0, 0], {"units": "share", "note": None}),
        },
        coords={"member": [0, 1], "area": ["a", "b"],
                "month": pd.date_range("2024-01-01", periods=3, freq="MS")},
        attrs={"title": "Mine", "code_version": "0.1.0+ab", "run_id": "0123456789ab",
               "data_vintage": "ba9876543210", "recipe_command": "caudal run baseline"},
    )  # fmt: skip


def test_a_file_says_what_cf_asks_for(tmp_path: Path) -> None:
    before = made_up()
    write_netcdf(before, tmp_path / "a.nc")
    assert before.encounters.attrs["units"] == "encounters per month", "in memory the words stay"
    with xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf") as ds:
        xr.testing.assert_equal(ds.load(), made_up())
        assert ds.attrs["Conventions"] == CONVENTIONS
        for name in ("title", "source", "institution", "history", "references", "license"):
            assert ds.attrs[name]
        assert ds.attrs["run_id"] == "0123456789ab"
        assert ds.encounters.attrs["units"] == "month-1"
        assert ds.encounters.attrs["units_words"] == "encounters per month"
        assert ds.encounters.attrs["cell_methods"] == "month: sum"
        assert ds.waiting.attrs["cell_methods"] == "month: mean"
        assert "cell_methods" not in ds.share.attrs
        assert ds.month.attrs["standard_name"] == "time"
        assert ds.month.encoding["units"] == "days since 1970-01-01"
        assert ds.member.attrs["standard_name"] == "realization"
        assert all(ds[v].attrs["long_name"] for v in (*ds.data_vars, *ds.coords))


def test_every_unit_of_a_run_is_one_that_udunits_reads() -> None:
    made = {name: units(v.units) for name, v in VARIABLES.items()}
    assert set(made.values()) <= {"1", "day", "month-1", "day month-1"}
    assert made["encounters"] == "month-1"
    names = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
    assert [n for n in made if not names.fullmatch(n)] == [], "names as CF wants them (2.3)"


def test_a_citation_names_version_run_and_data() -> None:
    told = citation(made_up().attrs)
    assert told.startswith("The Caudal authors: Caudal")
    assert told.endswith("version 0.1.0+ab, run 0123456789ab, data ba9876543210")
    assert conventional(made_up()).attrs["references"] == told
