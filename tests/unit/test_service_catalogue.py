"""The catalogue: one job done once, whoever dies in between; both databases; migrations."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import SQLAlchemyError

from caudal.errors import CaudalError
from caudal.service.catalogue import MOST_TRIES, Catalogue
from caudal.service.refusals import Refused
from caudal.service.tables import jobs, metadata
from postgres import cluster

pytestmark = pytest.mark.unit
LEASE = 60.0


@pytest.fixture(scope="module")
def postgres():
    """A PostgreSQL from the system's packages: each call gives a new database's URL."""
    with cluster() as fresh:
        yield fresh


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue(request, tmp_path):
    """An empty catalogue of each kind."""
    if request.param == "sqlite":
        made = Catalogue(f"sqlite:///{tmp_path}/deep/catalogue.sqlite")
    else:
        made = Catalogue(request.getfixturevalue("postgres")())
    made.prepare()
    yield made
    made.close()


def _submit(catalogue: Catalogue, name: str = "a" * 12, most: int = 10):
    return catalogue.submit(name, "run", {"scenario": "baseline"}, 100, most)


def _alone(name: str) -> str:
    return name * 12


def test_migrations_make_what_the_code_expects(catalogue):
    catalogue.prepare()  # twice is once
    with catalogue.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_job_goes_from_queued_to_done_and_the_same_one_is_not_queued_twice(catalogue):
    job, new = _submit(catalogue)
    assert (job["status"], new, job["request"]) == ("queued", True, {"scenario": "baseline"})
    assert _submit(catalogue)[1] is False
    mine = catalogue.claim("w1", LEASE)
    assert (mine["id"], mine["status"], mine["tries"]) == (_alone("a"), "running", 1)
    assert catalogue.claim("w2", LEASE) is None
    assert catalogue.renew(mine["id"], "w1", LEASE, 0.5) == "go on"
    assert catalogue.job(mine["id"])["progress"] == 0.5
    assert catalogue.finish(mine["id"], "w1", "done")
    assert catalogue.job(mine["id"])["status"] == "done"
    assert _submit(catalogue) == (catalogue.job(mine["id"]), False)
    assert catalogue.counts() == {"done": 1}
    assert catalogue.newest("run")["id"] == mine["id"]
    catalogue.forget(mine["id"])
    assert catalogue.job(mine["id"]) is None


def test_a_full_queue_refuses(catalogue):
    for name in "ab":
        _submit(catalogue, _alone(name), most=2)
    with pytest.raises(Refused) as told:
        _submit(catalogue, _alone("c"), most=2)
    assert told.value.status == 429
    assert catalogue.counts() == {"queued": 2}


def test_the_longest_waiting_is_claimed_first(catalogue):
    for name in "cab":
        _submit(catalogue, _alone(name))
    assert [catalogue.claim("w", LEASE)["id"][0] for _ in range(3)] == ["c", "a", "b"]


def test_what_a_dead_worker_held_is_queued_again_and_it_can_no_longer_end_it(catalogue):
    _submit(catalogue)
    job = catalogue.claim("dead", LEASE)
    assert catalogue.release() == 0  # its lease still runs
    assert catalogue.release(gone=["dead"]) == 1
    assert catalogue.renew(job["id"], "dead", LEASE, 0.9) == "lost"
    assert not catalogue.finish(job["id"], "dead", "done")
    again = catalogue.claim("w2", LEASE)
    assert (again["id"], again["tries"]) == (job["id"], 2)
    assert not catalogue.finish(job["id"], "dead", "failed", {"where": "x"})
    assert catalogue.finish(job["id"], "w2", "done")
    assert catalogue.release(gone=["dead", "w2"]) == 0


def test_a_lease_that_ran_out_is_released_unless_its_worker_is_known_to_live(catalogue):
    _submit(catalogue)
    catalogue.claim("slow", -1.0)
    assert catalogue.release(kept=["slow"]) == 0
    assert catalogue.release() == 1
    assert catalogue.job(_alone("a"))["status"] == "queued"


def test_a_job_that_kills_its_workers_fails_in_the_end(catalogue):
    _submit(catalogue)
    for _ in range(MOST_TRIES):
        assert catalogue.claim("w", LEASE) is not None
        catalogue.release(gone=["w"])
    job = catalogue.job(_alone("a"))
    assert (job["status"], job["tries"]) == ("failed", MOST_TRIES)
    assert "died" in job["error"]["found"]
    again, new = _submit(catalogue)  # asked for again, it gets a new chance
    assert (again["status"], again["tries"], new) == ("queued", 0, True)


def test_a_stop_of_the_server_is_not_the_jobs_fault(catalogue):
    _submit(catalogue)
    for _ in range(MOST_TRIES + 2):
        catalogue.claim("w", LEASE)
        catalogue.release(gone=["w"], blame=False)
    assert (catalogue.job(_alone("a"))["status"], catalogue.job(_alone("a"))["tries"]) == (
        "queued",
        0,
    )


def test_cancelled_at_once_while_waiting_and_soon_while_running(catalogue):
    for name in "ab":
        _submit(catalogue, _alone(name))
    assert catalogue.cancel(_alone("b"))["status"] == "cancelled"
    job = catalogue.claim("w", LEASE)
    assert catalogue.cancel(job["id"])["status"] == "running"
    assert catalogue.renew(job["id"], "w", LEASE, 0.1) == "cancel"
    catalogue.release(gone=["w"])  # it died before it could say so
    assert catalogue.job(job["id"])["status"] == "cancelled"
    assert catalogue.cancel("f" * 12) is None


def test_of_many_who_claim_at_once_each_job_has_one(catalogue):
    names = [f"{i:012x}" for i in range(12)]
    for name in names:
        _submit(catalogue, name, most=100)
    taken: list[str] = []

    def take(worker: str) -> None:
        while (job := catalogue.claim(worker, LEASE)) is not None:
            taken.append(job["id"])

    threads = [threading.Thread(target=take, args=(f"w{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == names


def test_scenarios_are_stored_once(catalogue):
    for _ in range(2):
        catalogue.keep_scenario("0" * 12, "name: x\n")
    assert catalogue.scenario("0" * 12) == "name: x\n"
    assert catalogue.scenario("1" * 12) is None
    assert catalogue.stored() == [("0" * 12, "name: x\n")]


def test_a_place_that_cannot_be_had_is_told_in_one_line(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises((CaudalError, OSError)):
        Catalogue(f"sqlite:///{tmp_path}/file/c.sqlite").prepare()
    with pytest.raises(CaudalError) as told:
        Catalogue("postgresql+psycopg://nobody:secret@127.0.0.1:1/none").prepare()
    assert "--store" in str(told.value)
    assert "secret" not in str(told.value)


def test_every_column_of_the_table_is_answered_or_kept_inside(catalogue):
    _submit(catalogue)
    assert set(catalogue.job(_alone("a"))) == {c.name for c in jobs.columns}


@pytest.mark.parametrize("replaced", [False, True])
def test_sqlites_file_that_is_lost_is_told_by_open_connections_too(tmp_path, replaced: bool):
    file = tmp_path / "catalogue.sqlite"
    made = Catalogue(f"sqlite:///{file}")
    made.prepare()
    _submit(made)  # its connection stays in the pool
    for path in tmp_path.glob("catalogue.sqlite*"):
        path.unlink()
    if replaced:
        (tmp_path / "new").touch()
        (tmp_path / "new").replace(file)
    with pytest.raises(SQLAlchemyError):
        made.job("a" * 12)
    assert file.exists() is replaced, "nothing empty is made in its place"
    file.touch()
    made.prepare()
    assert _submit(made)[1], "it serves on once it is prepared again"
    made.close()
