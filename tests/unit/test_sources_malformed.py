"""Every way a publisher's file may be spoilt: one clear error that says where, or a named issue."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from caudal.corridor.sources import cbp, covariates, gotaways, hhs, institutions, iom, usbp
from caudal.corridor.sources.formats import HEADERS
from caudal.corridor.sources.registry import SERIES
from caudal.data.issues import Reading
from caudal.errors import CaudalError

pytestmark = pytest.mark.unit

MONTHS = [f"{m:%Y-%m-%d}" for m in pd.date_range("2023-10-01", periods=6, freq="MS")]
ABBREVIATIONS = ["OCT", "NOV", "DEC", "JAN", "FEB", "MAR"]


@dataclass(frozen=True)
class Publication:
    """A small good file: its rows of cells, which columns hold counts and dates, a bad date."""

    name: str
    read: Callable[[Path], Reading]
    rows: list[list[str]]
    count: str
    date: str
    bad: str
    separator: str = ","
    bom_is_theirs: bool = False

    @property
    def header(self) -> list[str]:
        return list(HEADERS[self.name])

    def write(self, path: Path, rows: list[list[str]] | None = None, header: str = "") -> Path:
        def cell(text: str) -> str:
            return f'"{text}"' if self.separator in text else text

        lines = [header or self.separator.join(self.header)]
        lines += [self.separator.join(map(cell, row)) for row in rows or self.rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def changed(self, column: str, row: int, value: str) -> list[list[str]]:
        rows = [list(r) for r in self.rows]
        rows[row][self.header.index(column)] = value
        return rows


def _n(i: int, scale: int = 7) -> str:
    return str(300 + scale * i)


def _publications() -> list[Publication]:
    sectors = [("Tucson Sector", "MEX"), ("Tucson Sector", "VEN"), ("Del Rio Sector", "MEX"),
               ("Del Rio Sector", "VEN")]  # fmt: skip
    area = [
        [m, m, "U.S. Border Patrol", a, "Title 8", "Apprehensions", u, n, _n(i) + ".0", "2024"]
        for i, (m, (a, n), u) in enumerate(product(MONTHS, sectors, ["FMUA", "Single Adults"]))
    ]
    state = [
        ["2024", "FYTD", m, "Southwest Land Border", s, "FMUA", c, "Title 8", _n(i)]
        for i, (m, s, c) in enumerate(product(ABBREVIATIONS, ["TX", "AZ"], ["MEXICO", "OTHER"]))
    ]
    regions = [("Southwest Land Border", "TX"), ("Northern Land Border", "ME"), ("Other", "FL")]
    nationwide = [
        ["2024", "FYTD", m, r, s, "FMUA", c, "Title 8", _n(i)]
        for i, (m, (r, s), c) in enumerate(product(ABBREVIATIONS, regions, ["OTHER"]))
    ]
    sbo = [
        ["2024", "FYTD", m, c, "UAC", n, "Title 8", "Apprehensions", _n(i)]
        for i, (m, c, n) in enumerate(
            product(ABBREVIATIONS, ["U.S. Border Patrol", "Office of Field Operations"],
                    ["Mexico", "Other"])
        )
    ]  # fmt: skip
    mexico = [[m, n, _n(i) + ".0"] for i, (m, n) in enumerate(product(MONTHS, ["USA", "VEN"]))]
    darien = [[m, m, n, _n(i) + ".0"] for i, (m, n) in enumerate(product(MONTHS, ["COL", "VEN"]))]
    away = [[f"{pd.Timestamp(m):%b-%y}", f"{12_000 + i:,}", _n(i)] for i, m in enumerate(MONTHS)]
    children = [
        [f"{d:%B %d, %Y}", _n(i), _n(i), _n(i), f"{9_000 + i:,}", _n(i)]
        for i, d in enumerate(pd.bdate_range("2024-01-01", periods=30))
    ]
    jobs = [[m, f"{7000 + i}.0"] for i, m in enumerate(MONTHS)]
    nyc = [[a, m, _n(i), "number of unduplicated individuals", "ll79 new report"]
           for i, (m, a) in enumerate(product(MONTHS, ["dhs", "herrcs"]))]  # fmt: skip
    return [
        Publication("CBP southwest encounters by area", cbp.read_area, area, "n", "t",
                    "2024-13-01"),
        Publication("CBP nationwide encounters by state", cbp.read_state, state,
                    "Encounter Count", "Month (abbv)", "MAI"),
        Publication("CBP nationwide encounters by state", cbp.read_nationwide, nationwide,
                    "Encounter Count", "Month (abbv)", "MAI"),
        Publication("CBP southwest border encounters", cbp.read_sbo, sbo, "Encounter Count",
                    "Fiscal Year", "24"),
        Publication("nationality by month (Mexico or Honduras)", iom.read_mexico, mexico, "n", "t",
                    "2024-01-15"),
        Publication("Darién crossings by nationality", iom.read_darien, darien, "n", "t", "enero"),
        Publication("known got-aways", gotaways.read_gotaways, away, "Gotaways", "", "2024-01",
                    bom_is_theirs=True),
        Publication("HHS unaccompanied children, daily", hhs.read_daily, children,
                    "Children in CBP custody", "Date", "32 January 2024"),
        Publication("US job openings", covariates.read_job_openings, jobs, "value", "date", "?"),
        Publication("New York shelter users by agency", institutions.read_shelters, nyc, "count",
                    "date", "2024"),
    ]  # fmt: skip


PUBLICATIONS = _publications()
each = pytest.mark.parametrize("pub", PUBLICATIONS, ids=[p.name for p in PUBLICATIONS])


def refused(pub: Publication, path: Path) -> str:
    """The one line with which the reader refuses the file."""
    with pytest.raises(CaudalError) as caught:
        pub.read(path)
    line = str(caught.value)
    assert "\n" not in line
    assert caught.value.where.startswith(str(path))
    assert caught.value.allowed, "every refusal says what is allowed"
    return line


@each
def test_good_file_is_read(pub: Publication, tmp_path: Path) -> None:
    frame = pub.read(pub.write(tmp_path / "good.csv")).frame
    assert len(frame) > 0
    assert frame.notna().all().all()


@each
def test_wrong_header(pub: Publication, tmp_path: Path) -> None:
    header = pub.separator.join(["colour", *pub.header[1:]])
    line = refused(pub, pub.write(tmp_path / "a.csv", header=header))
    assert ":1: wrong header" in line
    assert "'colour'" in line


@each
def test_another_publication(pub: Publication, tmp_path: Path) -> None:
    for other in PUBLICATIONS:
        if other.header != pub.header:
            line = refused(pub, other.write(tmp_path / "a.csv"))
            assert f"this looks like {other.name}" in line


@each
def test_columns_in_another_order_are_read_by_name(pub: Publication, tmp_path: Path) -> None:
    want = pub.read(pub.write(tmp_path / "good.csv")).frame
    flipped = pub.separator.join(pub.header[::-1])
    got = pub.read(pub.write(tmp_path / "a.csv", [r[::-1] for r in pub.rows], flipped)).frame
    pd.testing.assert_frame_equal(got, want)


@each
def test_rows_in_another_order_are_the_same_table(pub: Publication, tmp_path: Path) -> None:
    want = pub.read(pub.write(tmp_path / "good.csv")).frame
    got = pub.read(pub.write(tmp_path / "a.csv", pub.rows[::-1])).frame
    pd.testing.assert_frame_equal(got, want)


@each
def test_doubled_file(pub: Publication, tmp_path: Path) -> None:
    assert "duplicated rows" in refused(pub, pub.write(tmp_path / "a.csv", pub.rows * 2))


@each
def test_cut_inside_a_row(pub: Publication, tmp_path: Path) -> None:
    path = pub.write(tmp_path / "a.csv")
    whole = path.read_text(encoding="utf-8")
    last = whole.rstrip("\n").rindex("\n")
    path.write_text(whole[: last + 4], encoding="utf-8")
    line = refused(pub, path)
    assert f":{len(pub.rows) + 1}:" in line
    assert "cut short" in line


@each
def test_latin_1(pub: Publication, tmp_path: Path) -> None:
    path = pub.write(tmp_path / "a.csv")
    data = path.read_bytes().split(b"\n")
    data[2] = data[2][:-1] + b"\xe9"
    path.write_bytes(b"\n".join(data))
    assert ":3: a byte that is not UTF-8 (Latin-1?)" in refused(pub, path)


@each
def test_byte_order_mark_is_cut_and_named(pub: Publication, tmp_path: Path) -> None:
    want = pub.read(pub.write(tmp_path / "good.csv"))
    path = pub.write(tmp_path / "a.csv")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    got = pub.read(path)
    pd.testing.assert_frame_equal(got.frame, want.frame)
    named = "byte_order_mark" in [issue.name for issue in got.issues]
    assert named is not pub.bom_is_theirs


@each
@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("-4", "a count, not negative"),
        ("12.5", "a whole number"),
        ("many", "a whole number"),
        ("inf", "a whole number"),
        ("", "blank; allowed: a whole number"),
    ],
)
def test_no_count(pub: Publication, tmp_path: Path, value: str, told: str) -> None:
    path = pub.write(tmp_path / "a.csv", pub.changed(pub.count, 2, value))
    line = refused(pub, path)
    assert f":4 field '{pub.count}'" in line
    assert told in line


@each
def test_absurd_count(pub: Publication, tmp_path: Path) -> None:
    line = refused(pub, pub.write(tmp_path / "a.csv", pub.changed(pub.count, 3, "98765432")))
    assert "98,765,432" in line
    assert "10 times" in line


@each
def test_impossible_date(pub: Publication, tmp_path: Path) -> None:
    line = refused(pub, pub.write(tmp_path / "a.csv", pub.changed(pub.date, 1, pub.bad)))
    assert f":3 field '{pub.date}'" in line
    assert pub.bad in line


@each
def test_empty_file_and_header_alone(pub: Publication, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("", encoding="utf-8")
    assert "no rows" in refused(pub, path)
    path.write_text(pub.separator.join(pub.header) + "\n", encoding="utf-8")
    assert "no rows" in refused(pub, path)


@each
def test_no_file(pub: Publication, tmp_path: Path) -> None:
    assert "no such file" in refused(pub, tmp_path / "absent.csv")


MONTHLY = [p for p in PUBLICATIONS if p.date in ("t", "Month (abbv)", "")]


@pytest.mark.parametrize("pub", MONTHLY, ids=[p.name for p in MONTHLY])
def test_a_month_in_the_middle_is_missing(pub: Publication, tmp_path: Path) -> None:
    column = pub.header.index(pub.date)
    gone = pub.rows[len(pub.rows) // 2][column]
    rows = [r for r in pub.rows if r[column] != gone]
    assert "every month from first to last" in refused(pub, pub.write(tmp_path / "a.csv", rows))


GROUPED = [p for p in PUBLICATIONS if p.read in (cbp.read_area, cbp.read_state, cbp.read_sbo,
                                                 cbp.read_nationwide,
                                                 iom.read_mexico, iom.read_darien)]  # fmt: skip


@pytest.mark.parametrize("pub", GROUPED, ids=[p.name for p in GROUPED])
def test_last_month_is_cut_between_rows(pub: Publication, tmp_path: Path) -> None:
    """Whole rows only, but the last month lacks a group that every other month has."""
    line = refused(pub, pub.write(tmp_path / "a.csv", pub.rows[:-1]))
    assert "truncated?" in line


def test_documented_duplicates_are_summed_and_named(tmp_path: Path) -> None:
    pub = next(p for p in PUBLICATIONS if p.read is iom.read_mexico)
    reading = pub.read(pub.write(tmp_path / "a.csv", [*pub.rows, [MONTHS[0], "VEN", "5.0"]]))
    issue = next(i for i in reading.issues if i.name == "duplicated")
    hit = reading.frame[issue.mask].iloc[0]
    assert (hit["nationality"], hit["people"]) == ("VEN", 307 + 5)
    assert issue.mask.sum() == 1


def test_honduras_and_mexico_are_not_taken_for_one_another(tmp_path: Path) -> None:
    rows = [[m, n, "500"] for m, n in product(MONTHS, ["USA", "HND", "VEN"])]
    pub = next(p for p in PUBLICATIONS if p.read is iom.read_mexico)
    path = pub.write(tmp_path / "mexico.csv", rows)
    with pytest.raises(CaudalError, match="this looks like Mexico"):
        iom.read_honduras(path)
    path = pub.write(tmp_path / "honduras.csv", [r for r in rows if r[1] == "VEN"])
    with pytest.raises(CaudalError, match="this looks like Honduras"):
        iom.read_mexico(path)


def test_taiwan_for_china_in_honduras_is_named_not_repaired(tmp_path: Path) -> None:
    rows = [[m, n, "500"] for m, n in product(MONTHS, ["VEN", "TWN"])]
    pub = next(p for p in PUBLICATIONS if p.read is iom.read_mexico)
    reading = iom.read_honduras(pub.write(tmp_path / "a.csv", rows))
    odd = next(i for i in reading.issues if i.name == "inconsistent")
    assert set(reading.frame[odd.mask]["nationality"]) == {"OOO"}
    assert not reading.frame["nationality"].eq("CHN").any()


def test_sector_sums_must_hold(tmp_path: Path) -> None:
    columns = HEADERS["Border Patrol monthly encounters by sector"]
    row = dict.fromkeys(columns, "10") | {"month": "10", "fy": "2020", "southwest_border": "90"}
    path = tmp_path / "usbp.csv.gz"

    def text(**change: str) -> bytes:
        cells = {**row, **change}
        return f"{'|'.join(columns)}\n{'|'.join(cells[c] for c in columns)}\n".encode()

    path.write_bytes(gzip.compress(text()))
    assert usbp.read_monthly(path).frame["people"].sum() == 90
    path.write_bytes(gzip.compress(text(tucson="11")))
    with pytest.raises(CaudalError, match="the sum of the nine sectors"):
        usbp.read_monthly(path)
    path.write_bytes(gzip.compress(text())[:-9])
    with pytest.raises(CaudalError, match="cut short"):
        usbp.read_monthly(path)


def test_every_series_with_a_text_file_refuses_another_publication(tmp_path: Path) -> None:
    stray = tmp_path / "stray.csv"
    stray.write_text("a,b\n1,2\n", encoding="utf-8")
    for series in SERIES.values():
        with pytest.raises(CaudalError):
            series.read(stray)
