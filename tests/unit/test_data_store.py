"""The package of built tables, the store, and taking in a newer file."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from caudal.cli import main
from caudal.corridor.sources.registry import SERIES, find
from caudal.data import package, store
from caudal.data.issues import Issue, Reading
from caudal.data.package import BuiltTable
from caudal.data.refresh import refresh
from caudal.data.vintage import Provenance
from caudal.errors import CaudalError

pytestmark = pytest.mark.unit

GOTAWAYS = "us.gotaways.known"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_DATA", str(tmp_path / "user"))


def digest(folder: Path) -> str:
    """One hash of every file below a folder."""
    told = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()


def official(frame: pd.DataFrame, path: Path) -> Path:
    """Known got-aways as their publisher writes them."""
    lines = ['﻿"","Gotaways","Arrests"'] + [
        f'"{r.month:%b-%y}","{int(r.people):,}","{int(r.arrests)} "' for r in frame.itertuples()
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The present table with one month more and one number revised."""
    frame = store.open_series(GOTAWAYS)
    frame.loc[len(frame)] = [pd.Timestamp("2024-04-01"), 19_876, 128_900]
    frame.loc[10, "people"] += 250
    return official(frame, tmp_path / "newer.csv")


# The package as shipped.


def test_every_series_of_the_registry_is_in_the_package() -> None:
    assert set(SERIES) <= set(store.list_series())
    for series_id, series in SERIES.items():
        frame = store.open_series(series_id)
        assert set(series.keys) | set(series.values) <= set(frame.columns), series_id
        assert not frame.duplicated(list(series.keys)).any(), series_id
        assert len(frame) > 0


def test_provenance_says_all_that_a_reader_needs() -> None:
    for series_id in store.list_series():
        about = store.provenance(series_id)
        for name in ("publisher", "title", "definition", "unit", "grain", "licence"):
            assert getattr(about, name), f"{series_id}: {name}"
        if series_id.startswith("figures"):  # each row names its own source
            assert "source_url" in store.open_series(series_id)
        else:
            assert about.address.startswith("http"), series_id
        assert about.read_on >= "2026-11"
        assert all(len(h) == 64 for h in about.files.values())
        assert about.files, series_id
        assert about.role in ("canonical", "check", "context")
        assert about.delay_days >= 0


def test_masks_lie_on_their_tables() -> None:
    for series_id in SERIES:
        frame = store.open_series(series_id)
        for issue in store.issues(series_id):
            assert len(issue.mask) == len(frame), series_id
    blank = next(i for i in store.issues("us.encounters.area") if i.name == "missing")
    frame = store.open_series("us.encounters.area")
    assert (frame[blank.mask]["month"] < "2019-10-01").all()
    assert (frame[~blank.mask]["area"] != "").all()


def test_package_is_small_and_names_no_machine() -> None:
    folder = store.package_folder()
    assert sum(p.stat().st_size for p in folder.iterdir()) <= 8e6
    text = (folder / package.DESCRIPTOR).read_text(encoding="utf-8")
    for word in ("/work/", "/home/", "/root/", "/tmp/"):
        assert word not in text


def test_package_is_valid_frictionless() -> None:
    frictionless = pytest.importorskip(
        "frictionless", reason="needs frictionless: pip install frictionless"
    )
    report = frictionless.Package(str(store.package_folder() / package.DESCRIPTOR)).validate()
    assert report.valid, report.flatten(["name", "type", "message"])[:5]


def test_types_of_columns() -> None:
    frame = store.open_series("us.encounters.area")
    assert frame["month"].dtype == "datetime64[ns]"
    assert frame["people"].dtype == "int64"
    assert frame["area"].isna().sum() == 0, "a blank dimension is an empty word, not missing"


def test_open_series_gives_a_copy() -> None:
    mine = store.open_series(GOTAWAYS)
    mine.loc[:, "people"] = 0
    assert store.open_series(GOTAWAYS)["people"].sum() > 0


@pytest.mark.parametrize(
    ("series_id", "day", "time", "last"),
    [
        ("us.encounters.area", "2023-02-20", "month", "2022-12-01"),  # 20 days after the month
        ("us.encounters.area", "2023-02-21", "month", "2023-01-01"),
        ("us.children.daily", "2023-12-08", "date", "2023-12-06"),
        ("us.ice.removals", "2024-12-29", "fiscal_year", 2023),
        ("us.ice.removals", "2024-12-30", "fiscal_year", 2024),
        ("driver.homicide", "2024-01-01", "year", 2022),
    ],
)
def test_only_what_was_out_on_a_day(series_id: str, day: str, time: str, last: object) -> None:
    frame = store.open_series(series_id, published_by=day)
    newest = pd.Timestamp(last) if isinstance(last, str) else last
    assert frame[time].max() == newest
    assert len(frame) <= len(store.open_series(series_id))


def test_unknown_series_names_near_ones() -> None:
    with pytest.raises(CaudalError, match=r"us\.gotaways\.known"):
        store.open_series("us.gotaways")
    with pytest.raises(CaudalError, match=r"us\.gotaways\.known"):
        find("us.gotaways")


def test_outlines_are_a_map() -> None:
    outlines = store.open_map("geo.outlines")
    names = {f["id"] for f in outlines["features"]}
    assert {"MEX", "USA", "PAN", "GTM"} <= names
    with pytest.raises(CaudalError, match="a map, not a table"):
        store.open_series("geo.outlines")


# Writing a package.


def small(people: list[int]) -> BuiltTable:
    frame = pd.DataFrame(
        {
            "month": pd.date_range("2024-01-01", periods=len(people), freq="MS", unit="ns"),
            "people": people,
        }
    )
    about = Provenance("x.y", "P", "T", "D", "people", "month", "https://p.example", "MIT",
                       "2026-11", 1)  # fmt: skip
    issue = Issue("revised", frame["people"] > 5, "large")
    return BuiltTable(about, ("month",), Reading(frame, (issue,)), {"people": "Count"})


def test_written_and_read_back(tmp_path: Path) -> None:
    package.write_package(tmp_path / "p", [small([1, 9, 2])], {"name": "p"})
    resource = package.read_descriptor(tmp_path / "p")["resources"][0]
    back = package.read_table(tmp_path / "p", resource)
    pd.testing.assert_frame_equal(back.reading.frame, small([1, 9, 2]).reading.frame)
    assert back.reading.issues[0].mask.tolist() == [False, True, False]
    assert back.provenance == small([1]).provenance


def test_a_failure_while_writing_leaves_the_old_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "p"
    package.write_package(folder, [small([1, 2])], {"name": "p"})
    before = digest(folder)

    def full(*_: object) -> dict:
        raise OSError("no space left")

    monkeypatch.setattr(package, "_resource", full)
    with pytest.raises(OSError, match="no space"):
        package.write_package(folder, [small([3])], {"name": "p"})
    assert digest(folder) == before
    assert [p.name for p in tmp_path.iterdir()] == ["p"], "no temporary folder is left"


def test_a_table_that_was_tampered_with_is_refused(tmp_path: Path) -> None:
    package.write_package(tmp_path / "p", [small([1, 2])], {"name": "p"})
    resource = package.read_descriptor(tmp_path / "p")["resources"][0]
    path = tmp_path / "p" / resource["path"]
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(CaudalError, match="differ from the package's hash"):
        package.read_table(tmp_path / "p", resource)


# Refreshing.


def test_refresh_says_what_changes_and_stores_a_vintage(newer: Path, tmp_path: Path) -> None:
    shipped = digest(store.package_folder())
    before = store.open_series(GOTAWAYS)
    change = refresh(find(GOTAWAYS), newer, today=date(2026, 12, 1))
    assert (change.added, change.revised, change.last) == (1, 1, "2024-04")
    assert change.largest is not None
    assert change.largest["after"] - change.largest["before"] == 250
    after = store.open_series(GOTAWAYS)
    assert len(after) == len(before) + 1
    assert after["people"].sum() == before["people"].sum() + 250 + 19_876
    about = store.provenance(GOTAWAYS)
    assert about.read_on == "2026-12-01"
    assert hashlib.sha256(newer.read_bytes()).hexdigest() in about.files.values()
    assert [v.is_users for v in store.vintages(GOTAWAYS)] == [False, True]
    assert digest(store.package_folder()) == shipped
    assert not list((tmp_path / "user").rglob(".*")), "no temporary file is left"


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    change = refresh(find(GOTAWAYS), official(store.open_series(GOTAWAYS), tmp_path / "same.csv"))
    assert (change.added, change.revised, change.stored) == (0, 0, None)
    assert not (tmp_path / "user").exists()


def test_data_vintage_changes_with_a_refresh(newer: Path) -> None:
    before = store.data_vintage()
    refresh(find(GOTAWAYS), newer)
    assert store.data_vintage() != before


def spoilt(frame: pd.DataFrame, fault: str) -> pd.DataFrame:
    """A table that its reader accepts and the present vintage refuses."""
    if fault == "older":
        return frame[frame["month"] < "2023-01-01"]
    if fault == "gap":
        late = frame[frame["month"] >= "2024-01-01"].copy()
        late["month"] += pd.DateOffset(years=1)
        return late
    if fault == "vanished":
        return frame[frame["month"] != "2023-05-01"]
    return frame.assign(people=frame["people"] * 200)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("older", "cut short?"),
        ("gap", "no gap after 2024-03"),
        ("vanished", "no rows for 2023-05"),
        ("absurd", "at most 10 times"),
    ],
)
def test_refused_files_leave_everything_untouched(
    tmp_path: Path, newer: Path, fault: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refresh(find(GOTAWAYS), newer, today=date(2026, 12, 1))
    shipped, own = digest(store.package_folder()), digest(tmp_path / "user")
    frame = pd.read_csv(newer, thousands=",", names=["month", "people", "arrests"], skiprows=1)
    frame["month"] = pd.to_datetime(frame["month"], format="%b-%y")
    path = official(spoilt(frame, fault), tmp_path / "bad.csv")
    told = told.replace("2024-03", "2024-04")
    assert main(["data", "refresh", GOTAWAYS, "--file", str(path)]) == 2
    line = capsys.readouterr().err
    assert told in line
    assert line.count("\n") == 1
    assert digest(store.package_folder()) == shipped
    assert digest(tmp_path / "user") == own


def test_a_large_cell_may_not_vanish(tmp_path: Path) -> None:
    """Between whole months, a truncated file may lack one cell: more than a revision takes away."""
    frame = store.open_series("mx.events")
    last = frame["month"] == frame["month"].max()
    victim = frame[last].sort_values("people").index[-4]
    rows = frame.drop(victim).assign(nationality=lambda f: f["nationality"].replace("OOO", "USA"))
    path = tmp_path / "mexico.csv"
    pd.DataFrame({"t": rows["month"].dt.strftime("%Y-%m-%d"), "nat": rows["nationality"],
                  "n": rows["people"]}).to_csv(path, index=False)  # fmt: skip
    with pytest.raises(CaudalError, match="truncated"):
        refresh(find("mx.events"), path)


def test_command_refreshes_and_says_so(newer: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "refresh", GOTAWAYS, "--file", str(newer)]) == 0
    told = capsys.readouterr().out
    assert "1 rows added, 1 values revised, now to 2024-04" in told
    assert "stored in" in told
    assert main(["data", "refresh", GOTAWAYS, "--file", str(newer), "--json"]) == 0
    row = json.loads(capsys.readouterr().out)["refresh"]
    assert (row["added"], row["revised"], row["stored"]) == (0, 0, None)


# Spanish.


def test_everything_said_about_a_series_has_spanish() -> None:
    from caudal.corridor.sources.spanish import spanish

    texts = spanish()
    for series_id in store.list_series():
        about = store.provenance(series_id)
        said = [about.definition, about.unit, about.grain, about.licence, about.publisher,
                about.title, about.delay_note, about.through]  # fmt: skip
        if series_id in SERIES:
            said += [issue.meaning for issue in store.issues(series_id)]
        for text in filter(None, said):
            assert texts.get(text, "").strip(), f"{series_id}: no Spanish for {text!r}"
        assert texts[about.definition] != about.definition


def test_no_spanish_is_left_over() -> None:
    """A text that no series says any more must go, so that the file cannot rot."""
    import yaml

    from caudal.corridor.sources.spanish import FILE

    document = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    assert set(document["definitions"]) == set(store.list_series())
    abouts = [store.provenance(s) for s in store.list_series()]
    assert set(document["units"]) == {a.unit for a in abouts}
    assert set(document["licences"]) == {a.licence for a in abouts}
    assert set(document["delays"]) == {a.delay_note for a in abouts} - {""}
    assert set(document["words"]) == {w for a in abouts for w in a.grain.split(" × ")}
