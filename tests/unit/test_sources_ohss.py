"""The OHSS workbooks: grouped headers, footnotes, X and NA, months in fiscal order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from caudal.corridor.sources import ohss, ohss_series
from caudal.errors import CaudalError

pytestmark = pytest.mark.unit

FAMILY = "SWB Encounters by Family Status"
MONTHS = ["October", "November", "December"]


def workbook(path: Path, **change: Any) -> Path:
    """A workbook with every sheet that Caudal reads; `change` alters the family sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name in ohss.SHEETS:
        sheet = book.create_sheet(name)
        sheet.append(["Return to Table of Contents."])
        sheet.append([f"{name}: Fiscal Year 2024 YTD"])
        if name == FAMILY:
            sheet.append([None, None, "USBP", None, "OFO2", None])
            sheet.append(["Fiscal Year", "Month", "Total", "Single Adults1", "Total",
                          "Family Unit Individuals3"])  # fmt: skip
            sheet.append(["2024 YTD", "Total", 600, 300, 200, "NA"])
            for month in MONTHS:
                sheet.append([None, month, 200, 100, "X", "NA"])
        else:
            sheet.append(["Fiscal Year", "Month", "Total", "Mexico", "Other"])
            sheet.append([2024, "Total", 60, 30, 30])
            for month in MONTHS:
                sheet.append([None, month, 20, 10, 10])
        sheet.append(["X Not applicable."])
        sheet.append(["1Counts are rounded."])
    for cell, value in change.items():
        book[FAMILY][cell] = value
    book.save(path)
    return path


def test_groups_footnotes_and_flags(tmp_path: Path) -> None:
    table = ohss.read_monthly_tables(workbook(tmp_path / "a.xlsx"))
    rows = table[(table["sheet"] == FAMILY) & table["month"].notna()]
    first = rows[rows["month"] == "2023-10-01"]
    assert list(first["group"]) == ["USBP", "USBP", "OFO", "OFO"]
    assert list(first["measure"]) == ["Total", "Single Adults", "Total", "Family Unit Individuals"]
    assert list(first["flag"]) == ["", "", "X", "NA"]
    assert first["people"].isna().tolist() == [False, False, True, True]
    total = table[(table["sheet"] == FAMILY) & table["month"].isna()]
    assert total["people"].iloc[0] == 600
    assert set(total["fiscal_year"]) == {2024}


def test_na_is_a_missing_number_and_x_no_row(tmp_path: Path) -> None:
    reading = ohss_series.read_unit(workbook(tmp_path / "a.xlsx"))
    frame = reading.frame
    ports = frame[frame["component"] == "field_operations"]
    assert set(ports["unit"]) == {"family"}, "X cells leave no row"
    assert ports["people"].isna().all()
    missing = next(i for i in reading.issues if i.name == "missing")
    assert missing.mask.equals(frame["people"].isna())
    rounded = next(i for i in reading.issues if i.name == "rounded")
    assert rounded.mask.all()


def test_remainder_of_named_citizenships_is_rest_not_cbps_other(tmp_path: Path) -> None:
    frame = ohss_series.read_cbp_one(workbook(tmp_path / "a.xlsx")).frame
    assert set(frame["nationality"]) == {"", "MEX", "REST"}


def test_hundred_citizenships_gather_into_the_22(tmp_path: Path) -> None:
    frame = ohss_series.read_nationality(workbook(tmp_path / "a.xlsx")).frame
    finer = frame[frame["table"] == "top_100"]
    assert set(finer["nationality"]) == {"", "MEX", "OOO"}


@pytest.mark.parametrize(
    ("cell", "value", "told"),
    [
        ("B7", "October", "October first, then each month in turn"),
        ("B6", "Nonsense", "October first, then each month in turn"),
        ("C6", -10, "a count, X or NA"),
        ("C6", 12.5, "a count, X or NA"),
        ("C6", "about 200", "a count, X or NA"),
        ("C6", None, "blank; allowed: a count, X or NA"),
        ("C6", 90_000_000, "10 times"),
        ("A4", "Year", "no header row"),
    ],
)
def test_spoilt_cells_are_told_with_sheet_and_row(
    tmp_path: Path, cell: str, value: object, told: str
) -> None:
    with pytest.raises(CaudalError) as caught:
        ohss.read_monthly_tables(workbook(tmp_path / "a.xlsx", **{cell: value}))
    line = str(caught.value)
    assert f"sheet {FAMILY!r}" in line
    assert told in line
    if cell.startswith("C") and told.startswith("a count"):
        assert "row 6" in line


def test_truncated_workbook_and_other_files(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(CaudalError, match="not a whole Excel workbook"):
        ohss.read_monthly_tables(path)
    with pytest.raises(CaudalError, match="no such file"):
        ohss.read_monthly_tables(tmp_path / "absent.xlsx")


def test_the_two_workbooks_are_not_taken_for_one_another(tmp_path: Path) -> None:
    tables, margins = workbook(tmp_path / "a.xlsx"), key_measures(tmp_path / "b.xlsx")
    with pytest.raises(CaudalError, match="this looks like the OHSS Border Patrol key measures"):
        ohss.read_monthly_tables(margins)
    with pytest.raises(CaudalError, match="this looks like the OHSS monthly tables"):
        ohss_series.read_usbp_margins(tables)


def key_measures(path: Path, odd: object = None) -> Path:
    """The other workbook: three margins of Border Patrol's encounters."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    margins = {
        ohss.KHSM_SHEET: ("Citizenship", ["Mexico", "Nepal", "Yemen"]),
        "Monthly Rgn and Fam Status": (
            "Family Status",
            ["Single Adults", "Unaccompanied Children"],
        ),
        "Monthly Rgn and Sector": ("Sector", ["Tucson, AZ", "Yuma, AZ"]),
    }
    for name, (title, words) in margins.items():
        sheet = book.create_sheet(name)
        sheet.append(["Fiscal\nYear", "Month", "Region", title, "Quantity"])
        for year in (2012, 2024):
            for month in ("01 October", "02 November"):
                for i, word in enumerate(words):
                    sheet.append([year, month, "Southwest Land Border", word, 100 + 10 * i])
                sheet.append([year, month, "Coastal Border", words[0], 10])
    if odd is not None:
        book[ohss.KHSM_SHEET]["E2"] = odd
    book.save(path)
    return path


def test_margins_since_2013_southwest_only(tmp_path: Path) -> None:
    frame = ohss_series.read_usbp_margins(key_measures(tmp_path / "a.xlsx")).frame
    assert frame["month"].min() == pd.Timestamp("2023-10-01")
    citizens = frame[(frame["margin"] == "nationality") & (frame["month"] == "2023-10-01")]
    assert dict(zip(citizens["nationality"], citizens["people"], strict=True)) == {
        "MEX": 100,
        "OOO": 230,
    }
    assert set(frame[frame["margin"] == "area"]["area"]) == {"tucson", "yuma"}


def test_margin_with_a_spoilt_count(tmp_path: Path) -> None:
    with pytest.raises(CaudalError, match="row 2"):
        ohss_series.read_usbp_margins(key_measures(tmp_path / "a.xlsx", odd=-10))
