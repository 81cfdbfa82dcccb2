"""What a service says and does while its disk is full, its database away, or a worker dies."""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from caudal.cli.serve import placed
from caudal.errors import CaudalError
from caudal.service import pool as pools
from caudal.service import store as stores
from caudal.service import worker
from caudal.service.catalogue import Catalogue
from caudal.service.kinds.common import made_with
from caudal.service.pool import Pool
from caudal.service.settings import Limits, default_store
from caudal.service.store import Store
from caudal.service.watch import Lines
from postgres import cluster
from service_apps import client

pytestmark = pytest.mark.unit
AWAY = OperationalError("SELECT 1", {}, Exception("connection refused\nat secret://place"))


@pytest.fixture
def place(tmp_path: Path) -> Any:
    """A catalogue and a store with one job claimed by w."""
    catalogue, store = Catalogue(f"sqlite:///{tmp_path}/c.sqlite"), Store(tmp_path)
    catalogue.prepare()
    store.prepare()
    catalogue.submit("a" * 12, "run", {"made_with": made_with()}, 1, 10)
    yield SimpleNamespace(catalogue=catalogue, store=store, job=catalogue.claim("w", 60.0))
    catalogue.close()


def test_a_database_that_is_away_is_told_once_in_one_line(place, monkeypatch, caplog):
    monkeypatch.setattr(pools, "LOOK_S", 0.001)
    pool = Pool(place.catalogue, place.store, 0, Limits())
    left = [25]
    over = threading.Event()

    def release() -> None:
        left[0] -= 1
        if left[0] >= 5:
            raise AWAY
        if left[0] == 0:
            over.set()
            pool._over.set()

    monkeypatch.setattr(pool, "_release", release)
    monkeypatch.setattr(pool, "_prune", lambda: None)
    with caplog.at_level(logging.INFO, "caudal.service.jobs"):
        pool._look_after()
    assert over.is_set()
    first, last = [Lines().format(r) for r in caplog.records]
    assert "the catalogue does not answer (connection refused)" in first
    assert "Traceback" not in first
    assert "again" in last


def test_a_worker_that_died_is_told(place, monkeypatch, caplog):
    pool = Pool(place.catalogue, place.store, 1, Limits())
    started = SimpleNamespace(is_alive=lambda: True, start=lambda: None)
    monkeypatch.setattr(pool, "_context", SimpleNamespace(Process=lambda **_: started))
    dead = SimpleNamespace(is_alive=lambda: False, join=lambda _: None, exitcode=-9)
    pool._workers = {"h:1:x": dead}
    monkeypatch.setattr(pool, "_started", -1e9)
    assert pool.problems() == ["no worker is alive"]
    pool._fill()
    told = json.loads(Lines().format(caplog.records[-1]))
    assert (told["says"], told["exit"]) == ("a worker has died, another one starts", -9)
    assert pool.alive() == 1


def test_without_room_no_job_is_begun_and_the_service_says_so(place, monkeypatch, caplog):
    pool = Pool(place.catalogue, place.store, 1, Limits())
    pool._workers = {"w": SimpleNamespace(is_alive=lambda: True)}
    assert pool.problems() == []
    monkeypatch.setattr(stores, "SPARE", 10**18)
    assert "MB left on the disk of results" in pool.problems()[0]
    for name in ("watch_parent", "warm"):
        monkeypatch.setattr(worker, name, lambda: None)
    monkeypatch.setattr(worker.signal, "signal", lambda *_: None)
    monkeypatch.setattr("caudal.service.watch.log_to_stderr", lambda: None)
    waited = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(worker.time, "sleep", sleep)
    monkeypatch.setattr(worker.Catalogue, "claim", lambda *_: pytest.fail("a job was begun"))
    with pytest.raises(KeyboardInterrupt):
        worker.main(place.catalogue.url, str(place.store.folder.parent), "w2")
    assert [r.getMessage()[:15] for r in caplog.records] == ["no job is begun"]


@pytest.mark.parametrize(
    "fault",
    [OSError(28, "No space left on device"), RuntimeError("errno = 28, 'No space left on device'")],
)
def test_a_disk_that_fills_is_named_and_not_the_jobs_size(place, monkeypatch, fault):
    def do(request, folder, tell):
        raise fault

    monkeypatch.setattr(worker, "kind", lambda name: SimpleNamespace(do=do))
    worker.work(place.catalogue, place.store, place.job, "w")
    job = place.catalogue.job("a" * 12)
    assert (job["status"], job["error"]["found"]) == ("failed", "the server's disk is full")


def test_a_job_ends_although_the_catalogue_was_away_at_its_end(place, monkeypatch):
    monkeypatch.setattr(worker, "AWAY_S", 0.001)
    real, tries = place.catalogue.finish, []

    def finish(*words: Any) -> bool:
        tries.append(1)
        if len(tries) < 3:
            raise AWAY
        return real(*words)

    monkeypatch.setattr(place.catalogue, "finish", finish)
    monkeypatch.setattr(worker, "kind", lambda name: SimpleNamespace(do=lambda *_: None))
    worker.work(place.catalogue, place.store, place.job, "w")
    assert place.catalogue.job("a" * 12)["status"] == "done"
    monkeypatch.setattr(worker, "PATIENCE_S", 0.0)
    tries[:] = []
    with pytest.raises(OperationalError):
        worker._finish(place.catalogue, "a" * 12, "w", "done", None)


def test_a_lease_that_cannot_be_renewed_is_told_once(place, monkeypatch, caplog):
    monkeypatch.setattr(worker, "BEAT_S", 0.001)
    tries, enough = [], threading.Event()

    def renew(*_: Any) -> str:
        tries.append(1)
        if len(tries) > 10:
            enough.set()
        raise AWAY

    monkeypatch.setattr(place.catalogue, "renew", renew)
    with worker.Beat(place.catalogue, "a" * 12, "w") as beat:
        assert enough.wait(5)
    assert not beat.lost
    assert [r.getMessage() for r in caplog.records] == ["the lease was not renewed"]


def test_numbers_are_told_without_the_catalogue(tmp_path):
    with client(tmp_path) as api:
        assert 'caudal_jobs{status="done"} 0.0' in api.get("/metrics").text
        (tmp_path / "catalogue.sqlite").unlink()
        answer = api.get("/metrics")
        assert answer.status_code == 200
        assert "caudal_jobs{" not in answer.text
        assert "caudal_workers 0.0" in answer.text
        free = next(x for x in answer.text.splitlines() if x.startswith("caudal_results_free"))
        assert float(free.split()[1]) > 0


def test_a_line_of_the_log_says_its_moment_with_its_zone():
    record = logging.makeLogRecord({"name": "uvicorn.error", "msg": "up", "created": 0.0})
    told = json.loads(Lines().format(record))
    assert told["at"] == "1970-01-01T00:00:00.000+00:00"
    assert told["from"] == "uvicorn"


def test_where_a_service_keeps_things_is_the_same_for_every_command(tmp_path, monkeypatch):
    monkeypatch.delenv("CAUDAL_STORE", raising=False)
    assert placed(str(tmp_path)) == ("", tmp_path)
    asked = ("postgresql+psycopg://caudal@h/db", default_store())
    assert placed("postgresql://caudal@h/db") == asked
    assert placed("postgresql://u:p%40ss@h/db")[0].endswith("u:p%40ss@h/db")
    monkeypatch.setenv("CAUDAL_STORE", "postgres://caudal@h/db")
    assert placed("") == asked
    assert placed(str(tmp_path)) == ("", tmp_path)


@pytest.mark.parametrize("password", ["top/secret", "top@secret", "top#secret"])
def test_a_password_that_is_not_written_for_a_url_is_not_told(password):
    with pytest.raises(CaudalError) as refused:
        placed(f"postgresql://caudal:{password}@127.0.0.1/caudal")
    assert "%40" in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.gate
def test_a_database_made_without_a_language_serves(tmp_path):
    with cluster() as made:
        there = made().replace("+psycopg", "").rpartition("/")[0]
        with psycopg.connect(f"{there}/postgres", autocommit=True) as one:
            one.execute("CREATE DATABASE plain ENCODING 'SQL_ASCII' TEMPLATE template0 "
                        "LC_COLLATE 'C' LC_CTYPE 'C'")  # fmt: skip
        catalogue = Catalogue(f"{there.replace('://', '+psycopg://')}/plain")
        catalogue.prepare()
        catalogue.submit("a" * 12, "run", {"name": "año"}, 1, 10)
        job = catalogue.job("a" * 12)
        assert job is not None
        assert job["request"] == {"name": "año"}
        catalogue.close()
