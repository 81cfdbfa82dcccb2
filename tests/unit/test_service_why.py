"""Why, outcomes and journeys over REST: what is shipped is whole, and in the jobs' own form."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import shown

from caudal.ask.attribute_told import COLUMNS
from caudal.service import shapes
from caudal.service.shipped import SHOWN
from service_apps import client

pytestmark = pytest.mark.unit
RESULTS = Path(__file__).resolve().parents[2] / "docs" / "results"


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with client(tmp_path_factory.mktemp("store")) as made:
        yield made


@pytest.mark.parametrize("name", shown.COPIED)
def test_the_shipped_tables_are_the_published_ones(name):
    assert (SHOWN / name).read_bytes() == (RESULTS / name).read_bytes(), "scripts/shown.py tables"


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("factors", shapes.Factors),
        ("attributions", shapes.Attributions),
        ("effects", shapes.Effects),
        ("journeys", shapes.Examples),
        ("outcomes", shapes.Ended),
        ("outcomes?year=2021&by=unit&group=HND", shapes.Ended),
        ("outcomes/years", shapes.Side),
        ("outcomes/months", shapes.Results),
    ],
)
def test_answers_have_the_shape_that_is_told(api, path, shape):
    answer = api.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text[:500]
    shape.model_validate_json(answer.content)


def test_parts_of_a_shipped_change_sum_to_what_was_counted(api):
    for made in api.get("/api/v1/attributions").json()["attributions"]:
        about, rows = made["attribution"], made["rows"]
        assert list(rows[0]) == list(COLUMNS)
        whole = about["counted_to"] - about["counted_from"]
        parts = sum(row["mean"] for row in rows if row["kind"] != "change")
        assert parts == pytest.approx(whole, rel=1e-4)
        assert rows[-1]["mean"] == pytest.approx(whole, rel=1e-4)


def test_standard_factors_are_known_and_none_is_also_part_of_a_group_asked_for(api):
    told = api.get("/api/v1/factors").json()
    groups = {g["id"]: g["of"] for g in told["groups"]}
    known = {f["id"] for f in told["factors"]} | groups.keys()
    parts = [part for name in told["standard"] for part in groups.get(name, [name])]
    assert set(told["standard"]) <= known
    assert len(parts) == len(set(parts))
    assert told["first"] == "2018-01" < told["last"]


def test_a_part_that_is_not_told_apart_is_answered_by_its_bundle(api):
    told = {q["id"]: q for q in api.get("/api/v1/effects").json()["questions"]}
    assert len(told) == 10
    rows = pd.read_csv(RESULTS / "effects.csv")
    joint = rows[(rows.asked == "january-2023") & (rows.kind == "bundle")]
    joint = joint[(joint.quantity == "encounters") & (joint.variant == "posterior")]
    cbp = told["cbp-one"]
    assert cbp["told"] == "jointly"
    assert cbp["answers"][0]["variants"]["posterior"]["effect"] == float(joint["effect"].iloc[0])
    assert told["title-42-end"]["told"] == "alone"
    rests = {q["answers"][0]["rests_on"] for q in told.values()}
    assert rests == {"both", "prior"}


def test_days_of_a_shipped_journey_are_those_between_its_lines(api):
    told = api.get("/api/v1/journeys").json()
    assert {e["about"]["unit"] for e in told["examples"]} == {u["id"] for u in told["units"]}
    for example in told["examples"]:
        assert sum(k["share"] for k in example["kinds"]) + example["about"]["other"] == (
            pytest.approx(1, abs=1e-6)
        )
        for one in example["journeys"]:
            assert sum(line["after"] for line in one["lines"]) == one["lines"][-1]["day"]
            assert all(line["stay"] or not line["after"] for line in one["lines"])


def test_the_shipped_year_balances_for_every_nationality(api):
    told = api.get("/api/v1/outcomes?year=2023").json()
    starts = {"before", "set_out"}
    for group in [g["id"] for g in told["groups"]] + ["all"]:
        mine = {r["flow"]: r["mean"] for r in told["rows"] if r["group"] == group}
        assert mine.keys() == {f["id"] for f in told["flows"]}
        came = sum(v for k, v in mine.items() if k in starts)
        went = sum(v for k, v in mine.items() if k not in starts)
        assert came == pytest.approx(went, rel=2e-3, abs=3)
    newest = api.get("/api/v1/outcomes").json()
    last = next(y for y in newest["years"] if y["year"] == newest["year"])
    assert last["whole"]
    assert not last["forecast"]


@pytest.mark.parametrize("query", ["year=2050", "group=family_of_two", "by=unit&group=XXX"])
def test_a_year_or_group_that_is_not_there_is_told(api, query):
    answer = api.get(f"/api/v1/outcomes?{query}")
    assert answer.status_code == 422
    assert answer.json()["error"]["allowed"]
