"""Checkpoints: they hold on the package, and each kind of check fails when a number is spoilt."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from caudal.cli import main
from caudal.corridor.sources import verify as verify_module
from caudal.corridor.sources.build import build_table
from caudal.corridor.sources.registry import CANONICAL, SERIES, canonical, role
from caudal.corridor.sources.verify import CHECKPOINTS, verify
from caudal.data.checks import load_checkpoints, run_checks, select
from caudal.data.store import open_series
from caudal.errors import CaudalError

pytestmark = pytest.mark.unit

ITEMS = {item["id"]: item for item in load_checkpoints(CHECKPOINTS)}


def test_every_checkpoint_holds_on_the_package() -> None:
    outcomes = verify()
    assert [o for o in outcomes if not o.ok] == []
    assert len(outcomes) > 120
    assert len({o.id for o in outcomes}) == len(outcomes)


def spoilt(series_id: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable:
    """An opener that gives one series changed."""
    return lambda asked: change(open_series(asked)) if asked == series_id else open_series(asked)


def rows(frame: pd.DataFrame, **where: object) -> pd.Series:
    mask = pd.Series(True, index=frame.index)
    for column, value in where.items():
        mask &= frame[column] == (pd.Timestamp(str(value)) if column == "month" else value)
    assert mask.any(), "the rows to spoil must exist"
    return mask


def one_more(**where: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[frame.index[rows(frame, **where)][0], "people"] += 1
        return frame

    return change


def drop(**where: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda frame: frame[~rows(frame, **where)]


@pytest.mark.parametrize(
    ("check", "series_id", "change"),
    [
        ("cbp.area.2023-12", "us.encounters.area", one_more(month="2023-12")),
        ("cbp.area.units", "us.encounters.area", drop(unit="family")),
        ("cbp.area.children", "us.encounters.area",
         drop(unit="unaccompanied_child", month="2021-10")),
        ("cbp.area.last", "us.encounters.area", drop(month="2025-05")),
        ("ohss.tens", "us.bookouts", one_more(outcome="mpp_return")),
        ("hhs.2023-12", "us.children", drop(month="2023-12")),
        ("wdi.ven.gdp", "driver.wdi", lambda f: f.fillna({"value": 0.0})),
        ("geo.places", "geo.places", drop(place="Necoclí")),
        ("eoir.balance", "us.courts", drop(fiscal_year=2022)),
        ("cross.area-state", "us.encounters.state", one_more(month="2022-05")),
        ("cross.area-state", "us.encounters.state", drop(month="2022-05")),
        ("cross.state-nationwide", "us.encounters.nationwide", drop(month="2022-05")),
        ("cbp.nationwide.fy2022", "us.encounters.nationwide", one_more(month="2022-05")),
        ("cross.area-ohss.area", "us.encounters.area",
         drop(month="2022-05", area="yuma")),
        ("cross.honduras", "hn.entries", one_more(month="2022-05")),
    ],
)  # fmt: skip
def test_a_spoilt_number_is_found(
    check: str, series_id: str, change: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    assert run_checks([ITEMS[check]], open_series)[0].ok
    assert not run_checks([ITEMS[check]], spoilt(series_id, change))[0].ok


def test_nothing_to_compare_is_a_failure() -> None:
    item = {**ITEMS["cross.honduras"], "period": "1999"}
    assert not run_checks([item], open_series)[0].ok


def test_equal_levels_fail_a_check_of_difference() -> None:
    item = ITEMS["eoir.shape"]
    same = {**item, "compare": [item["compare"][0], item["compare"][0]]}
    assert not run_checks([same], open_series)[0].ok


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("FY2024", "2023-10", "2024-09"),
        ("2024", "2024-01", "2024-12"),
        ("2024-03", "2024-03", "2024-03"),
        ("FY2023..2023-11", "2022-10", "2023-11"),
    ],
)
def test_periods(period: str, first: str, last: str) -> None:
    months = select(open_series("mx.events"), period=period)["month"]
    assert (f"{months.min():%Y-%m}", f"{months.max():%Y-%m}") == (first, last)


def test_faults_of_the_document_are_told(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("checkpoints: [{id: a}, {id: a}]", encoding="utf-8")
    with pytest.raises(CaudalError, match="'a' twice"):
        load_checkpoints(path)
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(CaudalError, match="no list of checkpoints"):
        load_checkpoints(path)
    with pytest.raises(CaudalError, match="no field or column 'people'"):
        run_checks([{"id": "x", "says": "", "series": "driver.wdi", "expected": 1}], open_series)
    with pytest.raises(CaudalError, match="FY2021, 2021"):
        select(open_series("mx.events"), period="spring")


# The registry of canonical sources.


@pytest.mark.parametrize(
    ("event", "margin", "month", "series"),
    [
        ("us.encounters", "nationality", "2019-09", "us.encounters.ohss"),
        ("us.encounters", "nationality", "2019-10", "us.encounters.area"),
        ("us.encounters", "component", "2017-09", "us.encounters.ohss"),
        ("us.encounters", "component", "2017-10", "us.encounters.area"),
        ("us.encounters.border_patrol", "area", "2019-09", "us.encounters.border_patrol.sector"),
        ("mx.events", "nationality", "2024-01", "mx.events"),
    ],
)
def test_who_answers(event: str, margin: str, month: str, series: str) -> None:
    span = canonical(event, margin, month)
    assert span is not None
    assert span.series == series


def test_nobody_answers_before_the_first_month_and_unknown_events_are_refused() -> None:
    assert canonical("us.encounters", "nationality", "2013-09") is None
    with pytest.raises(CaudalError, match=r"us\.encounters by nationality"):
        canonical("us.encounters", "colour", "2020-01")


def test_canonical_series_hold_rows_where_they_answer() -> None:
    for (event, margin), spans in CANONICAL.items():
        for span in spans:
            frame = select(open_series(span.series), dict(span.where))
            assert len(frame) > 0, f"{event} by {margin}: {span}"
            time = SERIES[span.series].time
            if time in ("month", "date"):
                assert f"{frame[time].min():%Y-%m}" <= span.start or span.start == "2017-10", span


def test_overlapping_files_are_checks() -> None:
    for series_id in ("us.encounters.state", "us.encounters.nationwide", "us.encounters.sbo",
                      "us.encounters.ohss.usbp"):  # fmt: skip
        assert role(series_id) == "check"
        assert SERIES[series_id].about.role == "check"


# The command.


def test_command_prints_the_agreed_fields(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "check", "--json"]) == 0
    checks = json.loads(capsys.readouterr().out)["checks"]
    assert {frozenset(c) for c in checks} == {frozenset({"id", "expected", "found", "ok"})}
    assert next(c for c in checks if c["id"] == "cbp.area.2023-12")["found"] == 301_981


def test_command_fails_with_status_1_and_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(
        "checkpoints: [{id: wrong, says: a false total, series: pa.darien, period: '2023', "
        "expected: 520086}]",
        encoding="utf-8",
    )
    monkeypatch.setattr(verify_module, "CHECKPOINTS", path)
    assert main(["data", "check"]) == 1
    told = capsys.readouterr().out
    assert "FAIL wrong: a false total: expected 520,086, found 520,085" in told
    assert "2 checks, 1 failed" in told


def test_commands_list_and_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["series"]
    area = next(r for r in rows if r["id"] == "us.encounters.area")
    assert (area["first"], area["last"], area["role"]) == ("2017-10", "2025-05", "canonical")
    assert main(["data", "show", "pa.darien", "--from", "2023", "--to", "2024", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert sum(r["people"] for r in shown["rows"]) == 520_085
    assert shown["series"]["publisher"].startswith("Servicio Nacional")
    assert main(["data", "show", "pa.darien", "--from", "2023-08", "--to", "2023-09", "--csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "month,nationality,people"
    assert all(line.startswith("2023-08-01,") for line in lines[1:])
    assert main(["data", "show", "us.gotaways.known"]) == 0
    told = capsys.readouterr().out
    assert "issue        inconsistent" in told
    assert "the last 40 of 222 rows" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["show", "pa.darienn"], "series: 'pa.darienn'; allowed: pa.darien"),
        (["show", "pa.darien", "--from", "soon"], "--from: 'soon'; allowed: 2023"),
        (["show", "pa.darien", "--from", "2050"], "no rows from 2050"),
        (["show", "geo.places", "--to", "2020"], "this series has no time"),
        (["check", "--raw", "/no/such/folder"], "--raw: /no/such/folder is no folder"),
        (["refresh", "nope", "--file", "x.csv"], "series: 'nope'"),
        (["refresh", "pa.darien", "--file", "x.csv"], "x.csv: no such file"),
    ],
)
def test_what_is_given_wrongly_is_one_line_and_status_2(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", *words]) == 2
    line = capsys.readouterr().err
    assert told in line
    assert line.count("\n") == 1


RAW = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.mark.slow
@pytest.mark.skipif(
    not RAW.is_dir(),
    reason="needs shared/data beside the checkout: the publishers' files are not shipped",
)
def test_building_again_gives_the_same_bytes() -> None:
    ok = {o.id: o.ok for o in verify(RAW)}
    same = [s for s in SERIES if ok[f"raw.{s}.hash"]]
    if not same:
        pytest.skip("no file of shared/data has its recorded hash: another edition")
    assert [s for s in same if not ok[f"raw.{s}.build"]] == []


def test_a_raw_folder_without_a_file_says_which(tmp_path: Path) -> None:
    with pytest.raises(CaudalError, match=r"irreg_darien_nat\.csv: no such file"):
        build_table(SERIES["pa.darien"], tmp_path)
