"""`caudal run`: the folder it writes, what it prints, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import yaml

import caudal.corridor
from caudal.cli import main
from caudal.corridor import Corridor
from caudal.corridor.limits import ACTORS, LIMITS
from caudal.report.outcomes import GROUPS
from caudal.report.strings import strings
from run_worlds import corridor_with, made_up

pytestmark = pytest.mark.unit

SHORT = ("--members", "3", "--to", "2018-04")


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Corridor:
    """A corridor whose counts end in February 2018: a short run has a past and a future."""
    return corridor_with(tmp_path_factory.mktemp("draws"), made_up(draws=2, months=8))


@pytest.fixture(autouse=True)
def here(learned: Corridor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(caudal.corridor, "corridor", lambda: learned)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def scenario(text: str) -> str:
    head = "name: mine\ntitle: {en: Mine, es: Mío}\nextends: baseline\n"
    Path("mine.yaml").write_text(head + text, encoding="utf-8")
    return "mine.yaml"


def test_a_run_writes_one_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *SHORT, "--seed", "4"]) == 0
    printed = capsys.readouterr().out.strip().splitlines()
    folders = list(Path("runs").iterdir())
    assert len(folders) == 1
    folder = folders[0]
    assert printed[-1] == str(folder / "report.html")
    assert any("2018-02" in line for line in printed), "the table shows the last count"
    assert {p.name for p in folder.iterdir()} == {
        "report.html", "results.nc", "recipe.json", "scenario.yaml", "tables",
    }  # fmt: skip

    recipe = json.loads((folder / "recipe.json").read_text())
    assert recipe["run_id"] == folder.name
    assert recipe["command"] == (
        "caudal run baseline --members 3 --seed 4 --sampler expected --from 2018-01 --to 2018-04"
    )
    assert recipe["code_version"].startswith(caudal.__version__)
    with xr.open_dataset(folder / "results.nc", engine="h5netcdf") as ds:
        assert dict(ds.sizes) == {
            "member": 3, "month": 3, "area": 13, "nationality": 22, "unit": 3, "sector": 9,
            "stock": 31, "city": 4, "danger": 11, "field_office": 4, "mode": 4, "payer": 8,
        }  # fmt: skip
        assert ds.attrs["first_forecast_month"] == "2018-03"
        assert ds.attrs["run_id"] == folder.name
        assert ds.attrs["recipe_command"] == recipe["command"]
        assert ds.attrs["scenario"] == "baseline"
        assert all(np.isfinite(a.values).all() for a in ds.data_vars.values())
        assert float(ds.encounters.sum()) > 0
    table = pd.read_csv(folder / "tables" / "summary.csv")
    assert list(table.groupby("phase").month.unique().map(sorted)["forecast"]) == ["2018-03-01"]


def test_the_recipe_gives_the_same_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *SHORT, "--quiet", "--out", "first"]) == 0
    assert capsys.readouterr().out.strip() == "first/report.html"
    recipe = json.loads(Path("first/recipe.json").read_text())
    assert main(["reproduce", "first"]) == 0, "its command gives the same, bit for bit"
    space: dict[str, object] = {}
    exec(recipe["python"], space)
    with xr.open_dataset("first/results.nc", engine="h5netcdf") as one:
        again = space["ds"]
        assert isinstance(again, xr.Dataset)
        xr.testing.assert_equal(one, again)
        assert one.attrs["run_id"] == again.attrs["run_id"]


def test_json_has_the_run_and_every_outcome(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *SHORT, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == {"run", "groups", "outcomes"}
    assert list(printed["groups"]) == list(GROUPS)
    assert {i for ids in printed["groups"].values() for i in ids} <= {
        o["id"] for o in printed["outcomes"]
    }
    assert set(printed["run"]) == {
        "command", "python", "data_vintage", "code_version", "run_id", "members", "folder",
        "report",
    }  # fmt: skip
    assert Path(printed["run"]["report"]).is_file()
    first = printed["outcomes"][0]
    assert first["id"] == "us.encounters.southwest"
    assert [m["month"] for m in first["months"]] == ["2018-01", "2018-02", "2018-03"]
    assert set(first["months"][0]) == {
        "month", "phase", "observed", "median", "lo50", "hi50", "lo90", "hi90",
    }  # fmt: skip


def test_a_scenario_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    path = scenario("parameters: {stop_rate_per_day: 0.5}\nhorizon: 1\n")
    assert main(["run", path, "--members", "2", "--quiet", "--out", "mine run"]) == 0
    told = yaml.safe_load(Path("mine run/scenario.yaml").read_text(encoding="utf-8"))
    assert told["parameters"] == {"stop_rate_per_day": 0.5}
    command = json.loads(Path("mine run/recipe.json").read_text())["command"]
    assert command.startswith("caudal run 'mine run/scenario.yaml' --members 2")
    with xr.open_dataset("mine run/results.nc", engine="h5netcdf") as ds:
        assert ds.sizes["month"] == 3, "two counted months and a horizon of one"


def test_a_fixed_parameter_moves_what_it_should() -> None:
    path = scenario("parameters: {stop_rate_per_day: 0.5}\n")
    assert main(["run", *SHORT, "--quiet", "--out", "base"]) == 0
    assert main(["run", path, *SHORT, "--quiet", "--out", "hard"]) == 0
    with (
        xr.open_dataset("base/results.nc", engine="h5netcdf") as base,
        xr.open_dataset("hard/results.nc", engine="h5netcdf") as hard,
    ):
        stopped = [float(ds.mexican_events.sum()) for ds in (base, hard)]
    assert stopped[1] > stopped[0]


def test_limits_are_told_in_both_languages() -> None:
    assert all(set(text) == {"en", "es"} and all(text.values()) for text in LIMITS)
    assert main(["run", *SHORT, "--quiet", "--out", "r"]) == 0
    page = Path("r/report.html").read_text(encoding="utf-8")
    for text in LIMITS:
        assert json.dumps(text["es"], ensure_ascii=False)[1:-1] in page


def test_every_actor_has_a_name_in_both_languages() -> None:
    for words in strings().values():
        for document in Corridor().law.documents:
            parts = [p for p in document.actor.split("/") if p != "tamaulipas"]
            known = all(f"actor.{part}" in words for part in parts)
            assert known or document.actor in ACTORS, document.actor


BAD_OPTIONS = [
    (["--from", "2017-12"], "--from: 2017-12 is before the first month; allowed: from 2018-01"),
    (["--from", "2018-03", "--to", "2018-03"], "--to: end 2018-03 not after start 2018-03"),
    (["--from", "2018-05", "--to", "2018-03"], "--to: end 2018-03 not after start 2018-05"),
    (["--to", "2020-04"], "--to: 2020-04 is more than 24 months after the last count"),
    (["--to", "2018-04-15"], "--to: '2018-04-15' is inside a month"),
    (["--to", "soon"], "--to: 'soon' is no month; allowed: YYYY-MM"),
    (["--members", "0"], "--members: 0; allowed: 1 to"),
    (["--seed", "-1"], "--seed: -1; allowed: 0 to"),
    (["--sampler", "exact"], "--sampler: unknown sampler 'exact'; allowed: expected, sampled"),
    (["baselin"], "unknown scenario 'baselin'"),
    (["--members", "many"], "Invalid value for '--members'"),
]


@pytest.mark.parametrize(("options", "told"), BAD_OPTIONS, ids=str)
def test_a_bad_option_is_told_in_one_line(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *options]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    assert told in shown.err
    assert not Path("runs").exists()


BAD_SCENARIOS = [
    ("parameters: {stop_rate_per_dya: 1}\n", "mine.yaml:4", "'stop_rate_per_day' is the nearest"),
    ("parameters: {stop_rate_per_day: -1}\n", "mine.yaml:4", "0 or more"),
    ("parameters: {stop_rate_per_day: [1, 2]}\n", "mine.yaml:4", "a number"),
    ("parameters: {stop_rate_per_day: fast}\n", "mine.yaml:4", "a number"),
    ("parameters: {stop_rate_per_day: .nan}\n", "mine.yaml:4", "0 or more"),
    ("policies: {us-title-43: off}\n", "mine.yaml:4", "'us-title-42' is the nearest"),
    ("drivers: {job_openings: off}\n", "drivers.job_openings", "us_job_openings"),
    ("dates: {start: 2017-11-01}\n", "mine.yaml:4", "from 2018-01"),
    ("horizon: 36\n", "mine.yaml:4", "24 months after the last count"),
    ("dates: {start: 2019-01-01, end: 2018-06-01}\n", "mine.yaml:4", "before start"),
]


@pytest.mark.parametrize(
    ("text", "where", "told"), BAD_SCENARIOS, ids=[b[0] for b in BAD_SCENARIOS]
)
def test_a_bad_scenario_is_told_in_one_line(
    text: str, where: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", scenario(text)]) == 2
    shown = capsys.readouterr()
    assert shown.err.count("\n") == 1
    assert where in shown.err
    assert told in shown.err
    assert not Path("runs").exists()


@pytest.mark.parametrize("place", ["taken", "taken/run", "/proc/caudal/run"])
def test_an_unwritable_place_is_told_in_one_line(
    place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("taken").write_text("mine")
    assert main(["run", *SHORT, "--quiet", "--out", place]) == 2
    shown = capsys.readouterr()
    assert shown.err.count("\n") == 1
    assert shown.err.startswith(f"caudal: --out {place}: ")
    assert Path("taken").read_text() == "mine"
    assert [p.name for p in Path().iterdir()] == ["taken"]


def test_a_folder_of_ones_own_is_never_replaced_and_refused_before_anything_is_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caudal.compute.run.simulate", None)
    Path("notes").mkdir()
    Path("notes/a.txt").write_text("mine")
    assert main(["run", *SHORT, "--quiet", "--out", "notes"]) == 2
    assert "a folder that is not a run" in capsys.readouterr().err
    assert [p.name for p in Path("notes").iterdir()] == ["a.txt"]


def test_draws_with_another_weather_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    posterior = made_up(draws=2, months=8)
    posterior.weather.pop("departure")
    foreign = corridor_with(tmp_path, posterior)
    monkeypatch.setattr(caudal.corridor, "corridor", lambda: foreign)
    assert main(["run", *SHORT]) == 2
    shown = capsys.readouterr().err
    assert "weather 'departure' was not learned; allowed: draws that know it" in shown
    assert shown.count("\n") == 1


def test_a_parameter_newer_than_the_draws_stands_at_its_prior_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    posterior = made_up(draws=2, months=8)
    posterior.z.pop("stop_rate_per_day")
    older = corridor_with(tmp_path, posterior)
    monkeypatch.setattr(caudal.corridor, "corridor", lambda: older)
    assert main(["run", *SHORT, "--quiet", "--out", "new"]) == 0
    shown = capsys.readouterr()
    assert shown.err.startswith("caudal: note: 1 of the parameters was not learned from the counts")
    assert "(stop_rate_per_day)" in shown.err
    assert shown.err.count("\n") == 1
    assert "aprendieron de los recuentos" in Path("new/report.html").read_text(encoding="utf-8")
    with xr.open_dataset("new/results.nc", engine="h5netcdf") as ds:
        assert ds.attrs["parameters_from_priors"] == "stop_rate_per_day"
        assert float(ds.mexican_events.sum()) > 0

    # a scenario that says what it is leaves nothing to be drawn
    fixed = scenario("parameters: {stop_rate_per_day: 0.02}\n")
    assert main(["run", fixed, *SHORT, "--quiet", "--out", "fixed"]) == 0
    assert "not learned" not in capsys.readouterr().err
    with xr.open_dataset("fixed/results.nc", engine="h5netcdf") as ds:
        assert "parameters_from_priors" not in ds.attrs
