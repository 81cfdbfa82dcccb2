"""DHS Office of Homeland Security Statistics: the monthly tables workbook, as one long table.

Each sheet has a title, sometimes a row of group names over the columns, a header row that begins
with "Fiscal Year", and rows of a fiscal-year total followed by its months. All counts are rounded
to ten; "X" means not applicable (no programme yet), "NA" means not available. `ohss_series`
turns the long table into Caudal's series.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from caudal.corridor.sources.names import MONTH_NAMES, fiscal_month
from caudal.data.validate import not_absurd
from caudal.errors import CaudalError

SHEETS = (
    "CBP Encounter by Type + Region", "SWB Encounters by Citizenship",
    "SWB Encounters by Family Status", "SWB Enc by Sector+Field Ofc", "Nationwide USBP",
    "Nationwide OFO", "SWB USBP", "CBP One Appointments", "CBP SWB Book-Outs by Agency",
    "CBP SWB Book-Outs by Family", "CBP SWB Book-Outs by Citp", "ICE Book-Ins by Citizenship",
    "ICE Book-Ins by Arrest Agency", "DHS Repats by Type", "DHS Removals by Citizenship",
    "DHS Enf Returns by Citizenship", "DHS Adm Returns by Citizens", "SWB CF Filed by Citp",
    "SWB CF Completed by Result", "Nationwide CF Filed by Citp", "Nationwide CF by Result",
    "CHNV I-134", "CHNV Travel Authorization", "CHNV Paroles",
)  # fmt: skip
"""The sheets that Caudal reads; the workbook may have more."""

KHSM_SHEET = "Monthly Rgn and Citp"
YEAR = re.compile(r"(20\d\d)( YTD)?\d?$")
FOOTNOTE = re.compile(r"(?<=[A-Za-z)])\d+$")


def open_workbook(path: Path, needed: tuple[str, ...], name: str) -> Any:
    """The workbook, if it has the sheets of the publication `name`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except FileNotFoundError as problem:
        raise CaudalError(str(path), "no such file", "a readable file") from problem
    except Exception as problem:
        raise CaudalError(
            str(path),
            "not a whole Excel workbook (cut short, or another format?)",
            f"the workbook of {name}",
        ) from problem
    lost = [sheet for sheet in needed if sheet not in book.sheetnames]
    if lost:
        others = {
            "the OHSS monthly tables": "SWB Encounters by Citizenship",
            "the OHSS Border Patrol key measures": KHSM_SHEET,
        }
        like = [k for k, sheet in others.items() if sheet in book.sheetnames and k != name]
        found = f"this looks like {like[0]}" if like else f"no sheet {lost[0]!r}"
        raise CaudalError(str(path), found, f"the workbook of {name}")
    return book


@lru_cache(maxsize=4)
def _long(path: str, stamp: float) -> pd.DataFrame:
    book = open_workbook(Path(path), SHEETS, "the OHSS monthly tables")
    return pd.concat([_sheet(path, book[name], name) for name in SHEETS], ignore_index=True)


def read_monthly_tables(path: Path) -> pd.DataFrame:
    """The workbook as rows (sheet, fiscal_year, month, group, measure, people, flag).

    month: first day, NaT in the rows of fiscal-year totals; group: the name over the column, ""
    where there is none; people: float64, NaN where the flag ("X", "NA") stands for a number.
    """
    if not path.exists():
        raise CaudalError(str(path), "no such file", "a readable file")
    return _long(str(path), path.stat().st_mtime).copy()


def cells(sheet: Any, where: str, **part: int) -> list[tuple[Any, ...]]:
    """Every row of a sheet; it is unpacked only now, so that only now one sees that it is spoilt."""
    try:
        return list(sheet.iter_rows(values_only=True, **part))
    except Exception as problem:
        raise CaudalError(where, "not readable (cut short?)", "the publisher's sheet") from problem


def _sheet(path: str, sheet: Any, name: str) -> pd.DataFrame:
    where = f"{path} sheet {name!r}"
    rows = cells(sheet, where)
    head = next((i for i, r in enumerate(rows) if r and r[0] == "Fiscal Year"), None)
    if head is None or rows[head][1] != "Month":
        raise CaudalError(where, "no header row", "a row beginning Fiscal Year, Month")
    columns = [(j, _clean(c)) for j, c in enumerate(rows[head]) if j > 1 and c not in (None, "")]
    groups = _groups(rows[head - 1] if head else (), len(rows[head]))
    out: list[tuple[Any, ...]] = []
    year, expected = 0, 0
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        if all(cell in (None, "") for cell in row):
            continue
        began = YEAR.match(str(row[0] or ""))
        if row[0] is not None and not began:
            break  # the footnotes
        if began:
            year, expected = int(began[1]), 0
        label = str(row[1]).strip()
        if label == "Total":
            month = None
        else:
            number_of_month = MONTH_NAMES.get(label, 0)
            if number_of_month != (9 + expected) % 12 + 1 or not year:
                raise CaudalError(
                    f"{where} row {number}",
                    f"month {label!r}",
                    "October first, then each month in turn",
                )
            expected += 1
            month = fiscal_month(year, number_of_month)
        for j, measure in columns:
            value, flag = _cell(row[j] if j < len(row) else None, f"{where} row {number}")
            out.append((name, year, month, groups[j], measure, value, flag))
    if not out or expected == 0:
        raise CaudalError(where, "no months", "a table of months by fiscal year")
    frame = pd.DataFrame(
        out, columns=["sheet", "fiscal_year", "month", "group", "measure", "people", "flag"]
    )
    frame["month"] = pd.to_datetime(frame["month"]).astype("datetime64[ns]")
    not_absurd(frame[frame["month"].notna()], "people", where)
    return frame


def _clean(text: object) -> str:
    return FOOTNOTE.sub("", str(text).replace("\n", " ").strip())


def _groups(row: tuple[Any, ...], width: int) -> list[str]:
    """Group names spread to the right until the next one."""
    names, current = [], ""
    for j in range(width):
        cell = row[j] if j < len(row) else None
        if j > 1 and cell not in (None, ""):
            current = _clean(cell)
        names.append(current)
    return names


def _cell(cell: object, where: str) -> tuple[float, str]:
    text = "" if cell is None else str(cell).strip()
    if text in ("X", "NA", "-", "D"):
        return float("nan"), text
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        value = float("nan")
    if not (value >= 0 and value % 1 == 0):
        raise CaudalError(where, repr(text) if text else "blank", "a count, X or NA")
    return value, ""
