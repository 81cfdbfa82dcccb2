"""Reading over REST: every answer has the shape that OpenAPI tells, and the numbers of the library."""

from __future__ import annotations

import io
import os
import re

import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from caudal.data.store import list_series, open_series
from caudal.report.strings import WEB
from caudal.service import present, shapes
from caudal.service.answers import json_bytes
from caudal.service.routes.page import Files
from service_apps import client, refused

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with client(tmp_path_factory.mktemp("store")) as made:
        yield made


READ = [
    ("/healthz", shapes.Alive),
    ("/readyz", shapes.Alive),
    ("/api/v1/series", shapes.SeriesList),
    ("/api/v1/series/us.gotaways.known?from=2023&to=2023-03", shapes.SeriesTable),
    ("/api/v1/series/geo.outlines", shapes.SeriesTable),
    ("/api/v1/series/us.gotaways.known/vintages", shapes.Vintages),
    ("/api/v1/policies?as_known=2021-03-17", shapes.PolicyList),
    ("/api/v1/policies/us-title-42", shapes.OnePolicy),
    ("/api/v1/timeline?actor=mexico&from=2023-01-01&to=2024-01-01", shapes.Timeline),
    ("/api/v1/levers", shapes.Levers),
    ("/api/v1/scenarios", shapes.ScenarioList),
    ("/api/v1/scenarios/title-42-stays-a-year", shapes.Scenario),
    ("/api/v1/skill", shapes.Skill),
    ("/api/v1/headlines?used=false", shapes.Headlines),
    ("/api/v1/claims", shapes.Claims),
    ("/api/v1/claims/a000-threat-raised-effort", shapes.Claim),
    ("/api/v1/claims/a000-mexico-relaxed/drawn", shapes.Drawn),
    ("/api/v1/series/us.ice.detained/chart?by=record", shapes.SeriesChart),
    ("/api/v1/series/geo.outlines/chart", shapes.SeriesChart),
    ("/api/v1/model", shapes.Model),
    ("/api/v1/now?history=12", shapes.Now),
    ("/api/v1/jobs", shapes.Jobs),
    ("/api/v1/runs", shapes.Jobs),
]


@pytest.mark.parametrize(("path", "shape"), READ, ids=[path for path, _ in READ])
def test_answers_have_the_shape_that_is_told(api, path, shape):
    answer = api.get(path)
    assert answer.status_code == 200, answer.text[:500]
    shape.model_validate_json(answer.content)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_openapi_tells_the_same_shapes(api):
    told = api.get("/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    for path, shape in READ:
        bare = path.partition("?")[0]
        names = [p for p in told["paths"] if _fits(p, bare)]
        refs = [
            told["paths"][n]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            for n in names
        ]
        assert any(ref.get("$ref", "").endswith(f"/{shape.__name__}") for ref in refs), path


def _fits(pattern: str, path: str) -> bool:
    a, b = pattern.split("/"), path.split("/")
    return len(a) == len(b) and all(x == y or x.startswith("{") for x, y in zip(a, b, strict=True))


def test_the_documentation_names_every_route(api):
    from pathlib import Path

    text = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text("utf-8")
    told = api.get("/openapi.json").json()["paths"]
    missing = [
        f"{method.upper()} {path}"
        for path, methods in told.items()
        for method in methods
        if f"`{method.upper()} {path.removeprefix('/api/v1')}`" not in text
    ]
    assert missing == []
    known = {f"{m.upper()} {p.removeprefix('/api/v1')}" for p, ms in told.items() for m in ms}
    written = {
        line.split("`")[1]
        for line in text.splitlines()
        if line.startswith(("| `GET", "| `POST", "| `DEL"))
    }
    assert written - known == set()


def test_a_series_is_the_librarys_in_every_format(api):
    name, query = "us.gotaways.known", "from=2023&to=2024"
    frame = open_series(name)
    frame = frame[(frame["month"] >= "2023") & (frame["month"] < "2024")].reset_index(drop=True)
    rows = api.get(f"/api/v1/series/{name}?{query}").json()["rows"]
    assert [r["month"] for r in rows] == [f"2023-{m:02}" for m in range(1, 13)]
    assert [r["people"] for r in rows] == frame["people"].tolist()
    text = api.get(f"/api/v1/series/{name}?{query}&format=csv").text
    read = pd.read_csv(io.StringIO(text), parse_dates=["month"])
    assert read["people"].tolist() == frame["people"].tolist()
    packed = api.get(f"/api/v1/series/{name}?{query}&format=parquet")
    assert packed.headers["content-disposition"] == f'attachment; filename="{name}.parquet"'
    pd.testing.assert_frame_equal(
        pd.read_parquet(io.BytesIO(packed.content)), frame, check_dtype=False
    )


def test_hxl_is_a_second_line_of_hashtags(api):
    text = api.get("/api/v1/series/mx.events?format=csv&hxl=1&from=2024").text
    head, tags, first = text.splitlines()[:3]
    assert head == "month,nationality,people"
    assert tags == "#date+month,#country+origin+code,#affected+num"
    assert first.startswith("2024-01-01,")


def test_rows_are_picked_by_columns_and_an_unknown_one_is_told(api):
    base = "/api/v1/series/mx.events?from=2024-01&to=2024-02"
    whole = api.get(base).json()["rows"]
    one = api.get(f"{base}&nationality=VEN").json()["rows"]
    assert one == [r for r in whole if r["nationality"] == "VEN"]
    two = api.get(f"{base}&nationality=VEN&nationality=CUB").json()["rows"]
    assert {r["nationality"] for r in two} == {"VEN", "CUB"}
    assert "VEN" in refused(api.get(f"{base}&nationality=VENZ"), 422)["allowed"]
    assert "nationality" in refused(api.get(f"{base}&nationalty=VEN"), 422)["allowed"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/series/us.gotaway", 404),
        ("/api/v1/series/..%2f..%2fetc%2fpasswd", 404),
        ("/api/v1/series/us.gotaways.known?vintage=000000000000", 404),
        ("/api/v1/series/us.gotaways.known?from=2023-13", 422),
        ("/api/v1/series/us.gotaways.known?from=9999", 422),
        ("/api/v1/series/us.gotaways.known?format=xlsx", 422),
        ("/api/v1/series/geo.places?from=2023", 422),
        ("/api/v1/policies/us-title-43", 404),
        ("/api/v1/policies?as_known=2021-02-30", 422),
        ("/api/v1/timeline?actor=atlantis", 422),
        ("/api/v1/scenarios/base-line", 404),
        ("/api/v1/claims/none", 404),
        ("/api/v1/claims?kind=rumour", 404),
        ("/api/v1/now?history=0", 422),
        ("/api/v1/runs/000000000000", 404),
        ("/api/v1/runs/ZZZ", 422),
        ("/nothing", 404),
        ("/app/../../../etc/passwd", 404),
        ("/app/%2e%2e/strings.json", 404),
    ],
)
def test_what_is_not_there_is_told_in_three_parts(api, path, status):
    told = refused(api.get(path), status)
    assert told["where"]
    assert told["found"]


def test_another_method_is_refused_and_told(api):
    answer = api.put("/api/v1/series")
    assert "PUT" in refused(answer, 405)["found"]
    assert answer.headers["allow"] == "GET"
    assert api.put("/api/v1/runs").headers["allow"] == "GET, POST"
    assert api.put("/api/v1/jobs/000000000000").headers["allow"] == "DELETE, GET"
    # an address of its own, though it would fit /claims/{claim_id} too
    assert api.put("/api/v1/claims/check").headers["allow"] == "POST"


def test_every_amount_that_a_government_sets_has_its_unit_in_both_languages(api):
    amounts = [v for v in api.get("/api/v1/levers").json()["levers"] if v["unit"][:4] != "1 = "]
    assert len(amounts) > 20
    assert all(v["unit_es"] and v["unit_es"] != v["unit"] for v in amounts)


def test_an_answer_that_is_had_already_is_not_sent_again(api):
    first = api.get("/api/v1/levers")
    tag = first.headers["etag"]
    again = api.get("/api/v1/levers", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert api.get("/api/v1/levers", headers={"if-none-match": '"x"'}).status_code == 200
    plain = api.get("/api/v1/levers", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == first.content


def test_now_holds_counts_where_counted_and_forecasts_only_where_not(api):
    told = api.get("/api/v1/now?history=24").json()
    line = told["outcomes"][0]
    assert line["id"] == "us.encounters.southwest"
    assert told["through"] in line["months"]
    for seen, median in zip(line["observed"], line["median"], strict=True):
        assert seen is None or median is None
    last = open_series("us.encounters.area")["month"].max()
    assert told["through"] == f"{last:%Y-%m}"
    change = next(c for c in told["changed"] if c["outcome"] == line["id"])
    assert change["count"] == line["observed"][line["months"].index(told["through"])]


def test_a_forecast_stands_in_the_months_not_yet_counted_and_says_whether_it_is_current():
    bare = present.now(None, history=2)
    assert bare["forecast"] is None
    last = pd.Period(bare["through"], "M")
    row = {"target": "southwest", "cell": "all", "median": 5.0, "lo50": 4.0, "hi50": 6.0,
           "lo90": 3.0, "hi90": 7.0}  # fmt: skip
    rows = [{**row, "month": str(last)}, {**row, "month": str(last + 1)}]
    about = {"id": "x", "issued_on": "2025-01-01", "origin": str(last), "members": 2,
             "command": "caudal forecast", "data_vintage": bare["data_vintage"],
             "code_version": "another"}  # fmt: skip
    told = present.now({"forecast": about, "rows": rows}, history=2)
    shapes.Now.model_validate_json(json_bytes(told))
    line = told["outcomes"][0]
    assert line["months"] == [str(last - 1), str(last), str(last + 1)]
    assert line["median"] == [None, None, 5.0]  # what is counted is not forecast
    assert line["observed"][-1] is None
    assert told["forecast"]["current"] is False
    about["code_version"] = bare["code_version"]
    assert present.now({"forecast": about, "rows": rows}, history=2)["forecast"]["current"]


def test_every_series_can_be_had(api):
    for row in api.get("/api/v1/series").json()["series"]:
        assert row["id"] in list_series()


def test_the_page_is_there_and_loads_nothing_from_elsewhere(api):
    page = api.get("/")
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert "http://" not in page.text.replace("http://www.w3.org", "")
    assert "https://" not in page.text
    assert api.get("/app/main.js").headers["content-type"].startswith("text/javascript")
    assert set(api.get("/strings.json").json()) == {"en", "es"}


def test_the_page_asks_beside_itself_so_that_a_proxy_may_put_it_under_a_path(api):
    rooted = re.compile(r"""["'`]/(?:app|vendor|words|strings|api)\b""")
    files = [*(WEB / "app").rglob("*.js"), *(WEB / "app").rglob("*.html")]
    assert len(files) > 20
    assert [f.name for f in files if rooted.search(f.read_text("utf-8"))] == []
    assert not rooted.search(api.get("/").text)


def test_the_pages_files_are_zipped_and_not_sent_twice(api):
    packed = api.get("/app/style.css", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    plain = api.get("/app/style.css", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content
    assert plain.headers["cache-control"] == "private, no-cache"
    again = api.get("/app/style.css", headers={"if-none-match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert api.head("/app/style.css").status_code == 200
    refused(api.post("/app/style.css"), 405)


def test_libraries_are_named_by_their_content_and_then_kept_for_a_year(api):
    named = ["/" + n for n in re.findall(r'src="(vendor/[^"]+)"', api.get("/").text)]
    assert len(named) == 2
    for address in named:
        assert "immutable" in api.get(address).headers["cache-control"]
        other = address.partition("?")[0] + "?v=000000000000"
        assert "immutable" not in api.get(other).headers["cache-control"]


def test_a_file_that_was_changed_is_read_again(tmp_path):
    (tmp_path / "a.js").write_text("1")
    app = Starlette(routes=[Mount("/x", Files(directory=tmp_path))])
    with TestClient(app) as api:
        assert api.get("/x/a.js").text == "1"
        (tmp_path / "a.js").write_text("2")
        os.utime(tmp_path / "a.js", ns=(0, 0))
        assert api.get("/x/a.js").text == "2"


def test_numbers_for_prometheus_tell_routes_and_not_addresses(api):
    api.get("/api/v1/policies/us-title-42")
    api.get("/whatever/%3Cscript%3E")
    text = api.get("/metrics").text
    assert 'route="/api/v1/policies/{policy_id}"' in text
    assert "whatever" not in text
    assert 'caudal_jobs{status="queued"} 0.0' in text


def test_skill_tables_are_cut_down_as_asked(api):
    asked = "/api/v1/skill?table=skill&table=coverage&target=area:big-bend&mode=blind&baseline=best"
    told = api.get(f"{asked}&horizon=12&scale=log").json()
    assert [(r["target"], r["mode"], r["horizon"], r["best"]) for r in told["skill"]] == [
        ("area:big-bend", "blind", "12", True)
    ]
    assert {r["nominal"] for r in told["coverage"]} == {0.5, 0.9}
    assert told["pit"] == told["scores"] == []
    wrong = api.get("/api/v1/skill?target=area:big-bent")
    assert wrong.status_code == 404
    assert "area:big-bend" in wrong.json()["error"]["allowed"]
    assert api.get("/api/v1/skill?baseline=nobody").status_code == 404


def test_headlines_are_the_shipped_table_with_its_coverage(api):
    whole = api.get("/api/v1/headlines").json()
    unused = [row for row in whole["headlines"] if not row["used"]]
    inside = [row for row in unused if row["lo90"] <= row["value"] <= row["hi90"]]
    found = whole["coverage90"]
    assert whole["figures"] == len(whole["headlines"]) > found["figures"] == len(unused)
    assert found["inside"] == sum(row["inside90"] for row in unused)
    assert abs(found["inside"] - len(inside)) <= 1  # the table has four digits
    assert found["lo"] < found["share"] < found["hi"]
    assert api.get("/api/v1/headlines?used=true").json()["coverage90"] == found
