"""Old results make room for new ones: never what waits or runs, and never in the middle of a read."""

from __future__ import annotations

import json

import pytest

from caudal.service.catalogue import Catalogue
from caudal.service.kinds.common import made_with
from caudal.service.prune import Pruner
from caudal.service.settings import Limits
from caudal.service.store import Store
from service_apps import client, refused

pytestmark = pytest.mark.unit
SIZE = 1_000


class Place:
    """A catalogue and a store with jobs named by one letter."""

    def __init__(self, folder):
        self.catalogue, self.store = (
            Catalogue(f"sqlite:///{folder}/catalogue.sqlite"),
            Store(folder),
        )
        self.catalogue.prepare()
        self.store.prepare()

    def done(self, letter: str, kind: str = "run") -> str:
        """A job that was done just now, with results of SIZE bytes."""
        name = letter * 12
        self.catalogue.submit(name, kind, {"made_with": made_with()}, 1, 100)
        assert self.catalogue.claim("w", 60.0)["id"] == name
        self.store.fill(name, lambda at: (at / "result.json").write_text("x" * SIZE) and None)
        assert self.catalogue.finish(name, "w", "done")
        return name

    def there(self) -> str:
        """Letters of the jobs whose results are there."""
        return "".join(sorted(path.name[0] for path in self.store.folder.iterdir()))

    def prune(self, **limits: int) -> int:
        """Prune with these limits."""
        return Pruner(self.catalogue, self.store, Limits(**limits)).prune()


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path)
    yield made
    made.catalogue.close()


def test_the_oldest_go_first_and_only_above_the_limit(place):
    for letter in "abcd":
        place.done(letter)
    assert place.prune(result_bytes=4 * SIZE) == 0
    assert place.prune(result_bytes=4 * SIZE - 1) == 1
    assert place.there() == "bcd"
    assert place.prune(ended_jobs=2) == 1
    assert place.there() == "cd"
    assert place.catalogue.job("a" * 12) is None
    assert place.catalogue.job("d" * 12)["status"] == "done"


def test_what_waits_or_runs_and_what_the_first_view_needs_stays(place):
    place.done("a", "forecast")
    place.done("b", "forecast")
    place.done("c", "claims")
    place.done("d")
    for letter in "ef":
        place.catalogue.submit(letter * 12, "run", {}, 1, 100)
    assert place.catalogue.claim("w", 60.0)["id"] == "e" * 12
    assert place.prune(result_bytes=0, ended_jobs=0) == 2
    assert place.there() == "bc"
    assert place.catalogue.counts() == {"done": 2, "running": 1, "queued": 1}


def test_jobs_without_results_count_too(place):
    for letter in "abc":
        place.catalogue.submit(letter * 12, "run", {}, 1, 100)
        place.catalogue.cancel(letter * 12)
    assert place.prune(ended_jobs=1) == 2
    assert [job["id"] for job in place.catalogue.list()] == ["c" * 12]


def test_one_asked_for_again_meanwhile_is_not_forgotten(place):
    name = place.done("a")
    ended = place.catalogue.job(name)["ended"]
    place.store.drop(name)
    place.catalogue.forget(name)
    place.done("a")
    place.catalogue.forget(name, ended)  # by the pruner that had listed the first one
    assert place.catalogue.job(name)["status"] == "done"


def test_an_open_file_can_be_read_to_its_end(place):
    name = place.done("a")
    with (place.store.place(name) / "result.json").open() as file:
        assert place.prune(result_bytes=0) == 1
        assert len(file.read()) == SIZE
    assert place.there() == ""


def test_what_is_gone_is_told_and_made_anew_when_asked_for(tmp_path):
    asked = {"members": 1, "to": "2018-02"}
    with client(tmp_path, writes_per_s=1000) as api:
        here = api.app.state.service
        name = api.post("/api/v1/runs", json=asked).json()["id"]
        here.catalogue.claim("w", 60.0)
        here.results.fill(name, lambda at: (at / "result.json").write_text(json.dumps({})) and None)
        here.catalogue.finish(name, "w", "done")
        assert api.post("/api/v1/runs", json=asked).status_code == 200
        assert api.get(f"/api/v1/jobs/{name}/result").json() == {}
        here.results.drop(name)  # as the pruner does, and then dies
        for path in ("recipe", "results", "results?format=netcdf", "report.html"):
            told = refused(api.get(f"/api/v1/runs/{name}/{path}"), 404)
            assert told["found"] == "its results were removed"
        again = api.post("/api/v1/runs", json=asked)
        assert (again.status_code, again.json()["status"]) == (202, "queued")
