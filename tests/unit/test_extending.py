"""The worked pages of docs/extending run: their documents load, their code does what it says."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import typer
import xarray as xr
from typer.testing import CliRunner

from caudal.errors import CaudalError

pytestmark = pytest.mark.unit

PAGES = Path(__file__).resolve().parents[2] / "docs" / "extending"


def blocks(page: str, language: str) -> list[str]:
    text = (PAGES / f"{page}.md").read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def run(page: str, **given: Any) -> dict[str, Any]:
    """The page's Python, block after block, as one module."""
    module = ModuleType(f"docs_extending_{page}")
    sys.modules[module.__name__] = module
    names = vars(module)
    names.update(given)
    try:
        for block in blocks(page, "python"):
            exec(compile(block, f"docs/extending/{page}.md", "exec"), names)
    finally:
        del sys.modules[module.__name__]
    return names


def test_the_policy_is_law_between_its_dates(tmp_path: Path) -> None:
    document, scenario = blocks("policy", "yaml")
    name = re.search(r"^id: (\S+)", document, re.MULTILINE)
    assert name is not None
    (tmp_path / f"{name[1]}.yaml").write_text(document, encoding="utf-8")
    law = run("policy", folder=tmp_path)["law"]
    # Each line of the page that tells a value.
    lines = re.findall(
        r'(law\.\S.*?\.value\("[\w.]+"\))\s+# ([\d.]+)', "".join(blocks("policy", "python"))
    )
    assert len(lines) == 4
    for asked, value in lines:
        assert eval(asked, {"law": law, "date": date}) == float(value), asked

    from caudal.corridor import corridor

    file = tmp_path / "trains-run.yaml"
    file.write_text(scenario, encoding="utf-8")
    changed = corridor().law.overlaid(corridor().scenario(str(file)).policies)
    day = date(2023, 9, 20)
    assert corridor().law.on(day).value("mx.trains_stopped") == 1
    assert changed.on(day).value("mx.trains_stopped") == 0


def test_the_series_is_read_and_a_bad_file_refused(tmp_path: Path) -> None:
    names = run("series")
    text = blocks("series", "text")[0]
    path = tmp_path / "beds.csv"
    path.write_text(text, encoding="utf-8")
    declared = names["BEDS"]
    reading = declared.read(path)
    assert list(reading.frame.columns) == [*declared.keys, *declared.values]
    assert reading.frame["beds"].tolist() == [500, 500, 520]
    assert reading.issues[0].mask.tolist() == [False, False, True]
    for old, new in (("455", "45.5"), ("2024-02", "2024-04"), ("Beds", "Places")):
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(CaudalError):
            declared.read(path)


def test_the_mechanism_turns_people_back_while_the_lever_is_set() -> None:
    names = run("mechanism")
    january, february = names["turned"].reshape(2, -1)
    np.testing.assert_array_equal(january, 0)
    # The road holds arrivals × days = 500 people without the checkpoint, 100 / (0.2 + 0.1) with it.
    assert (february > 28 * 0.1 * 100 / 0.3).all()
    assert (february < 28 * 0.1 * 500).all()
    people = names["state"].ended.sum() + np.asarray(names["state"].carry.people).sum()
    assert people == pytest.approx(2 * 100 * 59, rel=1e-4)
    assert names["seen"].measures["held_up"].shape[0] == 2


def test_the_question_is_answered_and_refuses_what_is_not_there(monkeypatch) -> None:
    names = run("question")
    peak = names["peak"]
    months = np.array(["2024-01", "2024-02", "2024-03"], "datetime64[M]").astype("datetime64[ns]")
    values = np.array(
        [[[1, 2], [5, 5], [0, 1]], [[9, 9], [5, 5], [0, 1]], [[0, 0], [1, 1], [0, 0]]]
    )
    run_of = xr.Dataset({"x": (("member", "month", "unit"), values)}, {"month": months})
    found = peak(run_of, "x")
    assert (found.month, found.share) == ("2024-02", pytest.approx(2 / 3))
    with pytest.raises(CaudalError, match="'y'"):
        peak(run_of, "y")

    monkeypatch.setattr("caudal.simulate", lambda scenario, members: run_of)
    app = typer.Typer()
    app.command()(names["peaks"])
    told = CliRunner().invoke(app, ["x", "--json"])
    assert json.loads(told.output) == {"variable": "x", "month": "2024-02", "share": 2 / 3}
    assert "2024-02" in CliRunner().invoke(app, ["x"]).output
