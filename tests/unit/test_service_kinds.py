"""Each kind of job, asked for over REST and done by a real worker: its result has the told shape."""

from __future__ import annotations

import io
import time
from typing import Any

import pandas as pd
import pytest

from caudal.service import shapes
from caudal.service.kinds import KINDS
from service_apps import client, refused

pytestmark = [pytest.mark.unit, pytest.mark.slow]
PATIENCE_S = 900
WITHOUT = """name: no-metering
title: {en: No metering, es: Sin lista de espera}
extends: baseline
policies:
  us-metering: off
"""
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "run": ("/runs", {"members": 2, "to": "2018-03"}),
    "compare": (
        "/compare",
        {"scenarios": [WITHOUT], "members": 2, "from": "2018-05", "to": "2018-07",
         "outcomes": ["us.encounters.southwest"], "weather": "as-inferred"},
    ),
    "attribute": (
        "/attribute",
        {"from": "2018-03", "to": "2018-05", "factors": ["caravans", "us-pressure"], "members": 2},
    ),
    "forecast": ("/forecast", {"months": 1, "members": 2}),
    "as-of": ("/as-of", {"day": "2021-03-17"}),
    "journeys": (
        "/journeys",
        {"from": "2018-06", "months": 2, "members": 1, "travellers": 200, "count": 2},
    ),
    "claims": ("/claims/check", {"members": 2}),
}  # fmt: skip


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    """An application with one worker process."""
    with client(tmp_path_factory.mktemp("store"), workers=1, writes_per_s=1000) as made:
        yield made


def _done(api: Any, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ask, and wait until the job has ended."""
    answer = api.post(f"/api/v1{path}", json=body)
    assert answer.status_code == 202, answer.text
    shapes.Job.model_validate_json(answer.content)
    until = time.monotonic() + PATIENCE_S
    while True:
        answer = api.get(f"/api/v1/jobs/{answer.json()['id']}")
        job = answer.json()
        if job["status"] not in ("queued", "running"):
            assert (job["status"], job["progress"], job["tries"]) == ("done", 1.0, 1), job["error"]
            shapes.Job.model_validate_json(answer.content)
            return job
        assert time.monotonic() < until, job
        time.sleep(0.2)


def test_every_kind_is_asked_for_and_has_a_shape():
    assert set(ASKED) == set(KINDS) == set(shapes.FOUND)


@pytest.mark.parametrize(
    "of", [k if k != "claims" else pytest.param(k, marks=pytest.mark.gate) for k in ASKED]
)
def test_a_job_is_done_and_its_result_has_the_told_shape(api, of):
    path, body = ASKED[of]
    job = _done(api, path, body)
    assert job["kind"] == of
    found = api.get(f"/api/v1/jobs/{job['id']}/result")
    told = shapes.FOUND[of].model_validate_json(found.content)
    _tells(of, told)
    again = api.post(f"/api/v1{path}", json=body)  # the same question is answered from the store
    assert (again.status_code, again.json()["ended"]) == (200, job["ended"])


def _tells(of: str, told: Any) -> None:
    """Something that only a result of this question has."""
    if of == "run":
        assert told.members == 2
    elif of == "compare":
        assert [row.outcome for row in told.rows] == ["us.encounters.southwest"]
        assert told.comparison.scenarios == ["no-metering"]
        assert told.documents["no-metering"]
    elif of == "attribute":
        parts = sum(row.mean for row in told.rows if row.kind != "change")
        assert parts == pytest.approx(next(r.mean for r in told.rows if r.kind == "change"))
        assert {"caravans", "us-pressure"} <= {row.id for row in told.rows}
    elif of == "forecast":
        assert max(row["horizon"] for row in told.rows) == 1
    elif of == "as-of":
        assert told.day == "2021-03-17"
        assert told.known.counts
    elif of == "journeys":
        assert len(told.journeys) == 2
    else:
        assert all(claim.words.es for claim in told.claims)
        assert "supported" in {claim.verdict for claim in told.claims}


def test_a_run_can_be_taken_in_every_form(api):
    run = _done(api, "/runs", {"members": 1, "from": "2018-02", "to": "2018-04"})["id"]
    base = f"/api/v1/runs/{run}/results"
    whole = api.get(base)
    read = shapes.Results.model_validate_json(whole.content)
    assert read.months == ["2018-02", "2018-03"]
    outcome = "us.encounters.southwest"
    one = api.get(f"{base}?outcome={outcome}&format=csv&hxl=1")
    lines = one.text.splitlines()
    assert lines[1].startswith("#")
    packed = api.get(f"{base}?outcome={outcome}&format=parquet")
    frame = pd.read_parquet(io.BytesIO(packed.content))
    line = next(o for o in read.outcomes if o.id == outcome)
    assert frame["median"].tolist() == pytest.approx(line.median, rel=1e-3)
    by_group = api.get(f"{base}?outcome={outcome}&group=HND&group=GTM").json()["outcomes"][0]
    assert 0 < by_group["median"][0] < line.median[0]
    assert api.get(f"{base}?format=netcdf").content[:4] == b"\x89HDF"
    part = api.get(f"{base}?format=netcdf&outcome={outcome}&from=2018-03")
    assert 0 < len(part.content) < len(api.get(f"{base}?format=netcdf").content)
    refused(api.get(f"{base}?group=atlantis"), 422)
    refused(api.get(f"{base}?from=2019-01"), 422)
    recipe = shapes.Recipe.model_validate_json(api.get(f"/api/v1/runs/{run}/recipe").content)
    assert recipe.run_id == run


def test_the_report_of_a_run_is_one_page_that_loads_nothing(api):
    hostile = WITHOUT.replace("en: No metering", "en: </script><script>alert(1)</script>")
    run = _done(api, "/runs", {"members": 1, "to": "2018-03", "scenario": hostile})["id"]
    answer = api.get(f"/api/v1/runs/{run}/report.html")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Sin lista de espera" in answer.text
    assert "alert(1)" in answer.text
    assert "<script>alert" not in answer.text
    assert run in answer.text
    policy = answer.headers["content-security-policy"]
    assert "script-src 'sha256-" in policy
    assert "connect-src" not in policy
    assert "default-src 'none'" in policy


def test_a_run_of_other_code_has_no_report_but_its_numbers(api, monkeypatch):
    from caudal.service.routes import runs

    run = _done(api, "/runs", {"members": 1, "to": "2018-02"})["id"]
    monkeypatch.setattr(runs, "made_with", lambda: "another version")
    assert "other code" in refused(api.get(f"/api/v1/runs/{run}/report.html"), 409)["found"]
    assert api.get(f"/api/v1/runs/{run}/results").status_code == 200


def test_where_journeys_of_a_run_ended(api):
    run = _done(api, "/runs", {"members": 1, "to": "2019-10"})["id"]
    answer = api.get(f"/api/v1/runs/{run}/outcomes")
    read = shapes.Ended.model_validate_json(answer.content)
    assert read.year == 2019
    side = shapes.Side.model_validate_json(api.get(f"/api/v1/runs/{run}/outcomes/years").content)
    assert {year.fiscal_year for line in side.outcomes for year in line.years} >= {2018, 2019}
