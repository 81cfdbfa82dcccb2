"""The hub: what stands in its files, against the rules of hubverse's schemas, version 5."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest
import yaml

from caudal.compute.files import write_together
from caudal.corridor import Corridor
from caudal.engine.observation import Predictand
from caudal.errors import CaudalError
from caudal.forecast.hub import hub_files, late_by, model_output
from caudal.forecast.issued import Forecast

pytestmark = pytest.mark.unit

LEVELS = [0.01, 0.025, *(round(0.05 * i, 2) for i in range(1, 20)), 0.975, 0.99]
"""The 23 of the COVID-19 and influenza forecast hubs (Bracher et al. 2021)."""
ABOUT = {
    "corridor": "us-mexico", "issued_on": "2025-06-20", "origin_date": "2025-05-31",
    "code_version": "0.1.0+x", "data_vintage": "y",
}  # fmt: skip


def made_up(origin: int = 94, months: int = 2, seed: int = 0, **about: str) -> Forecast:
    """Random draws of every predictand; Mexican events lag by two months."""
    predictands: tuple[Predictand, ...] = tuple(Corridor().predictands())
    rng = np.random.default_rng(seed)
    last = {p.name: origin - 2 * (p.name == "mexican_events") for p in predictands}
    draws = {
        p.name: np.abs(rng.normal(3, 2, (len(p.labels), origin + months - last[p.name], 400)))
        for p in predictands
    }
    counts = {p.name: np.full((origin + 1, len(p.labels)), 20.0) for p in predictands}
    begins = Corridor().begins
    return Forecast(predictands, begins, origin, last, draws, counts, {**ABOUT, **about})


def allowed(values: dict[str, Any]) -> list[Any]:
    """Values of a task id or output type id, required and optional."""
    return [*(values["required"] or []), *(values.get("optional") or [])]


def test_the_model_output_obeys_the_tasks(tmp_path: Path) -> None:
    written = write_together(tmp_path, hub_files(made_up(), tmp_path), "--hub")
    path = next(p for p in written if p.suffix == ".csv")
    assert path.relative_to(tmp_path).as_posix() == (
        "model-output/caudal-us_mexico/2025-05-31-caudal-us_mexico.csv"
    )
    table = pd.read_csv(path)
    tasks = json.loads((tmp_path / "hub-config/tasks.json").read_text())
    (round_,) = tasks["rounds"]
    assert set(table.output_type) == {"quantile"}
    assert not table.isna().any().any()
    rows = 0
    for task in round_["model_tasks"]:
        (target,) = allowed(task["task_ids"]["target"])
        mine = table[table.target == target]
        rows += len(mine)
        assert set(task["task_ids"]) | {"output_type", "output_type_id", "value"} == set(table)
        for name, values in task["task_ids"].items():
            assert set(mine[name]) <= set(allowed(values)), name
            assert set(values["required"] or []) <= set(mine[name]), name
        asked = task["output_type"]["quantile"]
        assert asked["output_type_id"] == {"required": LEVELS}
        assert (mine.value >= asked["value"]["minimum"]).all()
        for _, one in mine.groupby(["cell", "horizon"]):
            assert one.output_type_id.tolist() == LEVELS
            assert (np.diff(one.value) >= 0).all(), "quantiles must not cross"
            assert one.target_end_date.nunique() == 1
    assert rows == len(table)
    assert not table.duplicated(["target", "cell", "horizon", "output_type_id"]).any()


def test_horizons_count_months_from_the_origin(tmp_path: Path) -> None:
    table = model_output(made_up())
    for row in table.drop_duplicates(["target", "horizon"]).itertuples():
        origin, end = date.fromisoformat(row.origin_date), date.fromisoformat(row.target_end_date)
        assert (end.year - origin.year) * 12 + end.month - origin.month == row.horizon
        assert (end + timedelta(days=1)).day == 1
    late = table[table.target == "mexican_events"]
    assert sorted(late.horizon.unique()) == [-1, 0, 1, 2]
    assert sorted(table[table.target == "southwest"].horizon.unique()) == [1, 2]


def test_tasks_have_what_the_schema_requires(tmp_path: Path) -> None:
    tasks = json.loads(hub_files(made_up(), tmp_path)["hub-config/tasks.json"])
    assert set(tasks) <= {
        "schema_version", "rounds", "output_type_id_datatype", "derived_task_ids",
    }  # fmt: skip
    assert re.search(r"/v5\.\d\.\d/tasks-schema\.json$", tasks["schema_version"])
    (round_,) = tasks["rounds"]
    assert {"round_id_from_variable", "round_id", "model_tasks", "submissions_due"} <= set(round_)
    assert round_["submissions_due"] == {"relative_to": "origin_date", "start": 0, "end": 31}
    for task in round_["model_tasks"]:
        assert set(task) == {"task_ids", "output_type", "target_metadata"}
        assert round_["round_id"] in task["task_ids"]
        assert set(tasks["derived_task_ids"]) <= set(task["task_ids"])
        for values in task["task_ids"].values():
            assert set(values) == {"required", "optional"}
            assert len(set(allowed(values))) == len(allowed(values)) > 0
        assert set(task["output_type"]["quantile"]) == {"output_type_id", "value", "is_required"}
        (meta,) = task["target_metadata"]
        assert {
            "target_id", "target_name", "target_units", "target_type", "target_keys",
            "is_step_ahead", "time_unit",
        } <= set(meta)  # fmt: skip
        assert meta["target_keys"] == {"target": meta["target_id"]}
        assert meta["target_type"] in ("continuous", "discrete")
        assert len(meta["target_id"]) <= 30
        assert len(meta["target_name"]) <= 100


def test_the_hubverses_own_reader_reads_every_row(tmp_path: Path) -> None:
    hubdata = pytest.importorskip("hubdata")
    june = made_up(95, 3, origin_date="2025-06-30", issued_on="2025-07-20")
    for one in (made_up(), june):
        write_together(tmp_path, hub_files(one, tmp_path), "--hub")
    read = hubdata.connect_hub(tmp_path).get_dataset().to_table().to_pandas()
    assert set(read.pop("model_id")) == {"caudal-us_mexico"}
    ours = pd.concat([model_output(made_up()), model_output(june)], ignore_index=True)
    for name in ("origin_date", "target_end_date"):
        ours[name] = pd.to_datetime(ours[name]).dt.date
    key = [c for c in ours if c != "value"]
    read, ours = (t.sort_values(key, ignore_index=True)[[*key, "value"]] for t in (read, ours))
    pd.testing.assert_frame_equal(read, ours, check_dtype=False)


def test_the_metadata_fit_their_schema(tmp_path: Path) -> None:
    files = hub_files(made_up(), tmp_path)
    schema = json.loads(files["hub-config/model-metadata-schema.json"])
    told = yaml.safe_load(files["model-metadata/caudal-us_mexico.yml"])
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(told, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**told, "model_abbr": "us-mexico"}, schema)
    assert f"{told['team_abbr']}-{told['model_abbr']}" == "caudal-us_mexico"
    admin = json.loads(files["hub-config/admin.json"])
    assert {
        "schema_version", "name", "maintainer", "contact", "repository", "file_format", "timezone",
    } == set(admin)  # fmt: skip
    assert admin["file_format"] == ["csv"]


def test_a_hub_goes_on_round_by_round(tmp_path: Path) -> None:
    write_together(tmp_path, hub_files(made_up(), tmp_path), "--hub")
    june = made_up(95, 3, origin_date="2025-06-30", issued_on="2025-07-20")
    admin = tmp_path / "hub-config/admin.json"
    admin.write_text("filled in")
    write_together(tmp_path, hub_files(june, tmp_path), "--hub")
    assert admin.read_text() == "filled in"
    outputs = sorted(p.name for p in tmp_path.glob("model-output/*/*.csv"))
    assert [name[:10] for name in outputs] == ["2025-05-31", "2025-06-30"]
    tasks = json.loads((tmp_path / "hub-config/tasks.json").read_text())
    ids = tasks["rounds"][0]["model_tasks"][0]["task_ids"]
    assert ids["origin_date"]["optional"] == ["2025-05-31", "2025-06-30"]
    assert ids["target_end_date"]["optional"] == [
        "2025-06-30", "2025-07-31", "2025-08-31", "2025-09-30",
    ]  # fmt: skip
    # what this round no longer forecasts stays a task of the hub
    fewer = replace(june, predictands=june.predictands[:1])
    again = json.loads(hub_files(fewer, tmp_path)["hub-config/tasks.json"])
    assert len(again["rounds"][0]["model_tasks"]) == len(june.predictands)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: t["rounds"][0]["model_tasks"][1]["task_ids"]["cell"].update(required=["A"]),
         "asks for other things"),
        (lambda t: t["rounds"].clear(), "asks for other things"),
        (lambda t: t.pop("rounds"), "not readable"),
    ],
)  # fmt: skip
def test_anothers_hub_is_left_alone(tmp_path: Path, change: Any, told: str) -> None:
    write_together(tmp_path, hub_files(made_up(), tmp_path), "--hub")
    path = tmp_path / "hub-config/tasks.json"
    tasks = json.loads(path.read_text())
    change(tasks)
    path.write_text(json.dumps(tasks))
    with pytest.raises(CaudalError, match=told):
        hub_files(made_up(), tmp_path)


def test_a_round_closes_31_days_after_its_month() -> None:
    assert late_by(made_up(issued_on="2025-07-01")) == 0
    assert late_by(made_up(issued_on="2025-07-02")) == 1


def test_files_come_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mine")
    before = {"a/x.txt": "1", "b": "2"}
    assert write_together(tmp_path, before, "--out") == [tmp_path / "a/x.txt", tmp_path / "b"]
    (tmp_path / "d").mkdir()
    for texts in ({"c/y.txt": "1", "d": "2"}, {"c/y.txt": "1", "b/z": "2"}):
        with pytest.raises(CaudalError, match="--out"):
            write_together(tmp_path, {"b": "3", **texts}, "--out")
        assert sorted(p.name for p in tmp_path.rglob("*")) == ["a", "b", "d", "x.txt"]
        assert (tmp_path / "b").read_text() == "2"
