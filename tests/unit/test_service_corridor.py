"""GET /corridor: the shipped movements beside the counts, for each group, as JSON and as a table."""

from __future__ import annotations

import pandas as pd
import pytest

from caudal.data.store import open_series
from caudal.service import shapes
from service_apps import client, refused

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with client(tmp_path_factory.mktemp("store")) as made:
        yield made


def test_the_map_is_as_described(api):
    told = shapes.CorridorMap.model_validate_json(api.get("/api/v1/corridor").content)
    places = {p.id for p in told.places}
    assert all({f.source, f.target} <= places for f in told.flows)
    assert all(len(line.median) == len(told.months) for line in (*told.flows, *told.stocks))
    assert told.months[0] == "2018-01"
    assert told.forecast in told.months


def test_counts_are_the_publishers(api):
    told = api.get("/api/v1/corridor", params={"who": "VEN"}).json()
    frame = open_series("pa.darien")
    mine = frame[(frame["nationality"] == "VEN") & (frame["month"] == pd.Timestamp(2022, 9, 1))]
    darien = next(c for c in told["counts"] if c["id"] == "darien")
    at = told["months"].index("2022-09")
    assert darien["observed"][at] == mine["people"].sum() > 0
    areas = [c for c in told["counts"] if c["id"].startswith(("sector.", "office."))]
    border = next(c for c in told["counts"] if c["id"] == "border")
    assert border["observed"][at] == sum(c["observed"][at] for c in areas)


def test_what_no_publisher_tells_apart_is_null(api):
    told = api.get("/api/v1/corridor", params={"who": "family"}).json()
    darien = next(c for c in told["counts"] if c["id"] == "darien")
    assert set(darien["observed"]) == {None}
    assert max(darien["beside"]["median"]) > 0


def test_the_table_holds_the_same_numbers(api):
    told = api.get("/api/v1/corridor").json()
    text = api.get("/api/v1/corridor", params={"format": "csv", "hxl": 1}).text.splitlines()
    assert text[1].startswith("#date+month,")
    head = text[0].split(",")
    flow = told["flows"][1]
    row = next(r for r in text if f",{flow['id']}," in r and r.startswith(told["months"][40]))
    assert float(row.split(",")[head.index("median")]) == flow["median"][40]


def test_an_unknown_group_is_refused(api):
    told = refused(api.get("/api/v1/corridor", params={"who": "VENN"}), 422)
    assert told["allowed"] == "'VEN' is the nearest name"
