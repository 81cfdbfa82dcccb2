"""GET /corridor: the shipped movements beside the counts, for each group, as JSON and as a table."""

from __future__ import annotations

from io import StringIO

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


def test_a_city_says_where_its_ports_lists_stand(api):
    told = api.get("/api/v1/corridor").json()
    at = {s["at"]: s["lists_at"] for s in told["standing"]}
    assert at["mx-rio-grande-valley"] == at["mx-del-rio"] == at["mx-laredo"] == "mx-laredo"
    assert at["mx-san-diego"] == "mx-san-diego"
    assert at["south"] == ""
    lists = {s["at"] for s in told["stocks"] if s["id"].startswith("lists.")}
    assert {place for place in at.values() if place} == lists


def test_published_figures_of_people_who_wait_stand_beside(api):
    told = api.get("/api/v1/corridor/waiting").json()["figures"]
    figures = {row["id"]: row for row in told}
    tijuana = figures["waiting-tijuana-2022-12"]
    assert (tijuana["places"], tijuana["value"]) == (["mx-san-diego"], 9000)
    assert "mx-rio-grande-valley" in figures["waiting-three-2022-12"]["places"]
    assert figures["waiting-2023-05"]["places"] == []
    assert "appointments-wait" not in figures  # days, not people
    for row in told:
        assert row["inside90"] == (row["lo90"] <= row["value"] <= row["hi90"])


def test_the_table_has_everyone_of_a_city(api):
    told = api.get("/api/v1/corridor").json()
    text = api.get("/api/v1/corridor", params={"format": "csv"}).text
    frame = pd.read_csv(StringIO(text))
    rows = frame[frame["what"] == "standing"]
    tijuana = rows[rows["source_place"] == "mx-san-diego"]
    line = next(s for s in told["standing"] if s["at"] == "mx-san-diego")
    assert tijuana["hi90"].tolist() == line["hi90"]
    parts = frame[(frame["what"] == "stock") & (frame["source_place"] == "mx-san-diego")]
    assert parts.groupby("month")["hi90"].sum().iloc[-1] > line["hi90"][-1]  # bands do not add up
