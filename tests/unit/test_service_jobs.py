"""Jobs: done once, results whole or none, whatever happens to the worker or to the server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import pytest

from caudal.errors import CaudalError
from caudal.service import worker
from caudal.service.catalogue import Catalogue
from caudal.service.kinds import KINDS, kind
from caudal.service.kinds.common import Ask, made_with
from caudal.service.settings import Limits
from caudal.service.store import SUMS, Store
from postgres import cluster
from served import Served
from service_apps import client, refused

pytestmark = pytest.mark.unit
ID = "a" * 12


@pytest.fixture
def place(tmp_path):
    """A catalogue and a store with one job claimed by w."""
    catalogue, store = Catalogue(f"sqlite:///{tmp_path}/c.sqlite"), Store(tmp_path)
    catalogue.prepare()
    store.prepare()
    catalogue.submit(ID, "run", {"n": 1, "made_with": made_with()}, 1, 10)
    yield SimpleNamespace(catalogue=catalogue, store=store, job=catalogue.claim("w", 60.0))
    catalogue.close()


def _kind(monkeypatch, do):
    monkeypatch.setattr(worker, "kind", lambda name: SimpleNamespace(do=do))


def _work(place):
    worker.work(place.catalogue, place.store, place.job, "w")
    return place.catalogue.job(ID)


def test_what_is_done_is_there_whole(place, monkeypatch):
    def do(request, folder, tell):
        assert request == {"n": 1}
        tell(1, 2)
        (folder / "result.json").write_text("{}")

    _kind(monkeypatch, do)
    job = _work(place)
    assert (job["status"], job["progress"], job["error"]) == ("done", 1.0, None)
    assert sorted(p.name for p in place.store.place(ID).iterdir()) == [SUMS, "result.json"]
    assert place.store.whole(ID)


def test_results_whose_bytes_have_changed_are_not_whole(place, monkeypatch):
    def do(request, folder, tell):
        (folder / "result.json").write_text('{"people": 100}')

    _kind(monkeypatch, do)
    _work(place)
    path = place.store.place(ID) / "result.json"
    path.write_text('{"people": 900}')
    assert not place.store.whole(ID)
    path.unlink()
    assert not place.store.whole(ID)
    (path.parent / SUMS).unlink()  # of an older version, without checksums
    assert place.store.whole(ID)
    assert not place.store.whole("b" * 12)


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (CaudalError("--members", "0", "1 to 1000"), "0"),
        (ZeroDivisionError("secret"), "a fault of Caudal's (ZeroDivisionError)"),
    ],
)
def test_what_fails_leaves_nothing_and_says_why(place, monkeypatch, fault, found):
    def do(request, folder, tell):
        (folder / "half").write_text("x")
        raise fault

    _kind(monkeypatch, do)
    job = _work(place)
    assert (job["status"], job["error"]["found"]) == ("failed", found)
    assert list(place.store.folder.iterdir()) == []


def test_cancelled_while_running(place, monkeypatch):
    monkeypatch.setattr(worker, "BEAT_S", 0.02)
    place.catalogue.cancel(ID)

    def do(request, folder, tell):
        (folder / "half").write_text("x")
        until = time.monotonic() + 30
        while time.monotonic() < until:
            tell(1, 2)
            time.sleep(0.01)

    _kind(monkeypatch, do)
    assert _work(place)["status"] == "cancelled"
    assert list(place.store.folder.iterdir()) == []


def test_a_worker_that_lost_its_job_does_not_end_it(place, monkeypatch):
    monkeypatch.setattr(worker, "BEAT_S", 0.02)

    def do(request, folder, tell):
        place.catalogue.release(gone=["w"])
        place.catalogue.claim("other", 60.0)
        until = time.monotonic() + 30
        while time.monotonic() < until:
            tell(1, 2)
            time.sleep(0.01)

    _kind(monkeypatch, do)
    job = _work(place)
    assert (job["status"], job["worker"]) == ("running", "other")


def test_results_that_are_there_are_not_made_again(place, monkeypatch):
    place.store.fill(ID, lambda at: (at / "result.json").write_text("first") and None)

    def do(request, folder, tell):
        raise AssertionError("made again")

    _kind(monkeypatch, do)
    assert _work(place)["status"] == "done"
    assert (place.store.place(ID) / "result.json").read_text() == "first"


def test_other_code_than_was_asked_does_not_answer(place, monkeypatch):
    monkeypatch.setattr(worker, "made_with", lambda: "another version")
    job = _work(place)
    assert job["status"] == "failed"
    assert "changed" in job["error"]["found"]


def test_half_done_folders_of_processes_that_are_gone_are_swept(tmp_path):
    store = Store(tmp_path)
    store.prepare()
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for name in (f".work-{dead.pid}-x", f".work-{os.getpid()}-x"):
        (store.folder / name).mkdir()
    store.sweep()
    assert [p.name for p in store.folder.iterdir()] == [f".work-{os.getpid()}-x"]


def test_every_kind_can_be_planned_with_what_it_needs_least():
    least: dict[str, dict[str, Any]] = {
        "as-of": {"day": "2021-03-17"},
        "compare": {"scenarios": ["title-42-stays-a-year"]},
        "attribute": {"from": "2020-11", "to": "2021-03"},
    }
    for name in KINDS:
        body = kind(name).Body.model_validate(least.get(name, {}))
        assert set(type(body).model_fields)
        with pytest.raises(ValueError, match="extra"):
            kind(name).Body.model_validate({**least.get(name, {}), "nonsense": 1})


def test_an_article_brings_its_own_day():
    as_of = kind("as-of")
    ask = Ask(Limits(), lambda _: None)
    asked = as_of.plan(as_of.Body(article="a003"), ask)
    assert asked.request["day"] == "2024-05-15"
    assert asked.id != as_of.plan(as_of.Body(day="2024-05-15"), ask).id
    with pytest.raises(CaudalError, match="article"):
        as_of.plan(as_of.Body(article="a999"), ask)
    with pytest.raises(CaudalError, match="none"):
        as_of.plan(as_of.Body(), ask)


@pytest.fixture
def api(tmp_path):
    with client(tmp_path, writes_per_s=1000, queue=3) as made:
        yield made


def test_a_run_is_asked_for_once_cancelled_and_asked_for_again(api):
    asked = {"members": 2, "to": "2018-03"}
    first = api.post("/api/v1/runs", json=asked)
    assert first.status_code == 202
    name = first.json()["id"]
    assert api.post("/api/v1/runs", json=asked).json()["id"] == name
    explicit = {"scenario": "baseline", "members": 2, "seed": 0, "to": "2018-03", "from": "2018-01"}
    assert api.post("/api/v1/runs", json=explicit).json()["id"] == name
    assert [j["id"] for j in api.get("/api/v1/runs").json()["jobs"]] == [name]
    told = refused(api.get(f"/api/v1/runs/{name}/results"), 409)
    assert "queued" in told["found"]
    assert api.delete(f"/api/v1/runs/{name}").json()["status"] == "cancelled"
    text = api.get(f"/api/v1/runs/{name}/events").text
    assert text.startswith("event: end\n")
    assert json.loads(text.partition("data: ")[2])["status"] == "cancelled"
    assert api.post("/api/v1/runs", json=asked).json()["status"] == "queued"
    refused(api.get(f"/api/v1/jobs/{name}/result"), 409)
    other = api.post("/api/v1/as-of", json={"day": "2021-03-17"}).json()["id"]
    refused(api.get(f"/api/v1/runs/{other}"), 404)


def test_too_many_members_for_so_many_days_and_a_full_queue_are_refused(api):
    told = refused(api.post("/api/v1/runs", json={"members": 1000}), 413)
    assert "members" in told["allowed"]
    for seed in range(3):
        answer = api.post("/api/v1/runs", json={"members": 1, "seed": seed, "to": "2018-02"})
        assert answer.status_code == 202
    answer = api.post("/api/v1/runs", json={"members": 1, "seed": 3, "to": "2018-02"})
    assert "wait already" in refused(answer, 429)["found"]


def test_the_id_is_the_one_that_the_library_gives(api):
    from caudal.compute.run import asked
    from caudal.corridor import corridor

    here: Any = corridor()
    made = asked(here, "title-42-stays-a-year", members=3, seed=5, start="2021-01", end="2021-06")
    body = {"scenario": "title-42-stays-a-year", "members": 3, "seed": 5, "from": "2021-01",
            "to": "2021-06"}  # fmt: skip
    assert api.post("/api/v1/runs", json=body).json()["id"] == made.id
    document = here.scenario("title-42-stays-a-year").as_yaml()
    own = api.post("/api/v1/runs", json={**body, "scenario": document}).json()
    assert own["id"] == made.id  # the same law, whichever way it was said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("of", "jobs"),
    [
        ("sqlite", 6),
        pytest.param("sqlite", 50, marks=pytest.mark.gate),
        pytest.param("postgresql", 50, marks=pytest.mark.gate),
    ],
)
def test_killed_in_the_middle_and_started_again_every_job_ends_once(
    of, jobs, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with ExitStack() as stack:
        store = str(tmp_path / "store")
        if of == "postgresql":
            store = stack.enter_context(cluster())().replace("+psycopg", "")
        words = ("--workers", "2", "--store", store)
        served = stack.enter_context(Served(tmp_path / "first.log", *words))
        names = [
            served.ask("/runs", {"members": 1, "seed": seed, "to": "2018-02"})["id"]
            for seed in range(jobs)
        ]
        assert len(set(names)) == jobs
        served.wait(lambda found: sum(j["status"] == "done" for j in found) >= jobs // 4)
        served.kill()
        again = stack.enter_context(Served(tmp_path / "second.log", *words))
        found = again.wait(lambda found: all(j["status"] == "done" for j in found))
        assert sorted(j["id"] for j in found) == sorted(names)  # none lost, none twice
        for name in names:
            assert again.ask(f"/runs/{name}/recipe")["run_id"] == name
        ended = Counter(
            line["job"]
            for log in (served.log, again.log)
            for line in map(json.loads, filter(None, log.read_text().splitlines()[1:]))
            if line["says"] == "ends" and line["status"] == "done"
        )
        # whoever was killed between the end and the line that tells of it told nothing
        assert set(ended.values()) == {1}
        assert len(ended) >= jobs - 2
