"""`caudal reproduce`: a kept result made again is the same, or one is told what is not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xarray as xr

import caudal
from caudal.ask.reproduce import reproduce
from caudal.ask.reproduce_kept import kept, with_documents
from caudal.cli import main
from caudal.corridor import corridor
from caudal.errors import CaudalError
from caudal.report import write_run

pytestmark = pytest.mark.unit

COMMAND = "caudal run baseline --members 3 --seed 4 --sampler expected --from 2018-01 --to 2018-04"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a made-up run, in the folder one stands in; there is one more, out of sight."""
    from caudal.compute.store import code_version
    from caudal.data.store import data_vintage

    made = {"code_version": code_version(), "data_vintage": data_vintage()}
    dims, shape = ("member", "month", "nationality"), (3, 3, 2)
    values = np.random.default_rng(1).gamma(2.0, 50.0, shape)
    values[0, 0, 0] = np.nan
    ds = xr.Dataset(
        {"encounters": (dims, values), "mexican_events": (dims, values[::-1].astype(np.float32))},
        coords={"nationality": ["VEN", "HND"], "month": np.arange("2018-01", "2018-04", dtype="M8[M]")
                .astype("M8[ns]")},
        attrs={**made, "recipe_command": COMMAND, "run_id": "0123456789ab"},
    )  # fmt: skip
    summary = pd.DataFrame(
        {"outcome": ["a", "b"], "month": pd.to_datetime(["2018-01-01"] * 2), "median": [1.5, 0.1]}
    )
    payload = json.dumps({"recipe": {"command": COMMAND, **made}, "median": [0.1, None, 3]})
    report = f'<script type="application/json" id="caudal-data">{payload}</script>'
    for name in ("first", "runs/0123456789ab"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write_run(tmp_path / name, ds, summary, scenario="name: baseline\n",
                  recipe={"command": COMMAND, **made}, report=report)  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("caudal.service.settings.default_store", lambda: tmp_path / "store")
    monkeypatch.setattr("caudal.cli.main", lambda words: copied(tmp_path / "first", words))
    return tmp_path / "runs" / "0123456789ab"


def copied(first: Path, words: Sequence[str]) -> int:
    """Stands for the command line: the run, as it was at first (a real one: test_run_cli)."""
    assert ["caudal", *words[: words.index("--out")]] == COMMAND.split()
    shutil.copytree(first, words[words.index("--out") + 1])
    return 0


def changed(path: Path, **attributes: str) -> None:
    """The results once more with other attributes, or one number moved by a person."""
    with xr.open_dataset(path, engine="h5netcdf") as ds:
        ds.load()
    if not attributes:
        ds["mexican_events"].values.flat[7] += 1.0
    path.unlink()
    ds.assign_attrs(attributes).to_netcdf(path, engine="h5netcdf")


@pytest.mark.parametrize("which", ["0123456789ab", "runs/0123456789ab/report.html"])
def test_a_result_that_is_the_same_is_identical(
    run: Path, which: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reproduce", which]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == COMMAND
    assert said[1].startswith("identical: ")


def test_one_number_that_was_moved_is_found(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(run / "results.nc")
    assert main(["reproduce", str(run), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["reproduction"]["verdict"] == "differs"
    (found,) = told["differences"]
    assert (found["variable"], found["differing"], found["missing"]) == ("mexican_events", 1, 0)
    assert found["largest"] == pytest.approx(1.0, rel=1e-3)


def test_a_number_of_a_page_and_of_a_table(run: Path) -> None:
    page = (run / "report.html").read_text("utf-8").replace("0.1, null", "0.1, 0.0")
    Path("page.html").write_text(page, "utf-8")
    (found,) = caudal.reproduce("page.html").differences
    assert (found.variable, found.differing) == ("median[]", 1), "nothing is not none"
    frame = pd.read_csv(run / "tables" / "summary.csv", parse_dates=["month"])
    recipe = json.loads((run / "recipe.json").read_text("utf-8"))
    for value, verdict in ((0.1, "identical"), (np.nextafter(0.1, 1), "differs")):
        part = pa.Table.from_pandas(frame.assign(median=[1.5, value])[1:])
        told = {**(part.schema.metadata or {}), b"caudal": json.dumps(recipe).encode()}
        pq.write_table(part.replace_schema_metadata(told), "part.parquet")
        assert caudal.reproduce("part.parquet").verdict == verdict, value


def test_other_code_is_told_and_run_only_if_asked(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(run / "results.nc", code_version="0.0.1+00000000")
    called: list[Any] = []
    told = reproduce(run, lambda words: called.append(words) or 0, corridor())
    assert (told.verdict, called) == ("cannot", [])
    assert main(["reproduce", str(run)]) == 2
    assert "made with code version 0.0.1+00000000, here " in capsys.readouterr().out
    assert main(["reproduce", str(run), "--anyway"]) == 0, "the numbers are the same all the same"


def test_a_part_is_held_against_that_part(run: Path) -> None:
    with xr.open_dataset(run / "results.nc", engine="h5netcdf") as ds:
        ds[["encounters"]].isel(month=[1], nationality=[1, 0]).to_netcdf("a.nc", engine="h5netcdf")
        ds.isel(month=[0]).assign_coords(month=["2031-01"]).to_netcdf("b.nc", engine="h5netcdf")
    made = caudal.reproduce("a.nc")
    assert made.identical
    assert (made.variables, made.numbers) == (1, 6)
    assert [d.missing for d in caudal.reproduce("b.nc").differences] == [6, 6]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("rm -rf .", "a recipe that begins with 'rm -rf'"),
        ("caudal run baseline --out elsewhere", "a recipe with '--out'"),
        ("caudal --corridor os:getcwd run baseline", "a result of another corridor (os:getcwd)"),
        ("caudal fit", "a recipe that begins with 'caudal fit'"),
        ("caudal run 'baseline", "a recipe that is no command"),
        ("caudal run gone.yaml --members 2", "its scenario gone.yaml is not here"),
    ],
)
def test_a_recipe_is_only_text(
    run: Path, command: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(run / "results.nc", recipe_command=command)
    shutil.move(run / "results.nc", "alone.nc")
    before = sorted(Path().rglob("*"))
    assert main(["reproduce", "alone.nc"]) == 2
    printed = capsys.readouterr()
    assert told in printed.err
    assert printed.err.count("\n") == 1
    assert sorted(Path().rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b"a,b"), ("a.nc", b"nothing"), ("a.json", b"[1]"), ("a.json", b"{}"),
     ("a.html", b"<p>hello</p>"), ("a.parquet", b"PAR1"), ("empty", None), ("gone", None)],
)  # fmt: skip
def test_what_is_no_result_is_refused_in_one_line(
    tmp_path: Path, name: str, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / name
    if content is not None:
        place.write_bytes(content)
    elif name == "empty":
        place.mkdir()
    assert main(["reproduce", str(place)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_scenarios_of_ones_own_come_from_the_results_folder(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text("name: a\n---\nname: b\n---\nname: c\n", "utf-8")
    about = {"command": "caudal compare baseline gone/b.yaml c --members 2", "code_version": "1",
             "data_vintage": "2", "run_id": "3"}  # fmt: skip
    (tmp_path / "result.json").write_text(json.dumps({"comparison": about}), "utf-8")
    there = with_documents(kept(tmp_path), tmp_path)
    assert there.words[0::3] == ("compare", "c")
    assert there.words[1] == "baseline"
    assert Path(there.words[2]).read_text("utf-8") == "name: b\n"
    (tmp_path / "scenario.yaml").unlink()
    with pytest.raises(CaudalError, match=r"its scenario gone/b\.yaml is not here"):
        with_documents(kept(tmp_path), tmp_path)


def test_a_command_that_fails_is_told(run: Path) -> None:
    def fails(words: Sequence[str]) -> int:
        print("caudal: --members: 0", file=sys.stderr)
        return 2

    with pytest.raises(CaudalError, match=r"could not be run again \(--members: 0\)"):
        reproduce(run, fails, corridor())


@pytest.mark.gate
@pytest.mark.parametrize(
    "words",
    ["run title-42-ends-2022-05 --members 6 --seed 4 --quiet",
     "run --members 6 --sampler sampled --from 2026-01 --quiet",
     "compare baseline title-42-stays-a-year --members 6 --from 2022-01 --to 2023-12",
     "forecast --members 8 --months 4"],
)  # fmt: skip
def test_real_results_made_again_are_identical(tmp_path: Path, words: str) -> None:
    """Of the shipped corridor; made, and made again, each in a process of its own."""

    def caudal_says(*words: str) -> str:
        code = "import sys; from caudal.cli import main; sys.exit(main(sys.argv[1:]))"
        done = subprocess.run(
            [sys.executable, "-c", code, *words], cwd=tmp_path, check=False, capture_output=True,
            text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-2000:]
        return done.stdout

    caudal_says(*words.split(), "--out", "made")
    assert "identical: " in caudal_says("reproduce", "made")


@pytest.mark.gate
def test_processes_and_workers_change_no_bit(tmp_path: Path) -> None:
    """The shipped draws, in processes of their own, with 1, 2 and 5 threads and other hash seeds."""
    code = (
        "import sys, caudal; caudal.simulate(members=20, seed=3, sampler=sys.argv[2], end='2025-08',"
        "workers=int(sys.argv[1])).to_netcdf(sys.argv[3], engine='h5netcdf')"
    )
    for sampler in ("expected", "sampled"):
        made = []
        for workers in (1, 2, 5):
            path = tmp_path / f"{sampler}{workers}.nc"
            subprocess.run(
                [sys.executable, "-c", code, str(workers), sampler, str(path)],
                check=True, env={**os.environ, "PYTHONHASHSEED": str(workers)},
            )  # fmt: skip
            with xr.open_dataset(path, engine="h5netcdf") as ds:
                made.append(ds.load())
        for other in made[1:]:
            xr.testing.assert_identical(made[0], other)
        assert float(np.abs(made[0].encounters).sum()) > 0
