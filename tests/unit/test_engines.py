"""Engines: the same results anywhere, each once, a few at a time; lost workers' items done again."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caudal.cli import main
from caudal.compute.engines import Local, Processes, Threads, engine, in_order, tasks
from caudal.compute.engines import local as places
from caudal.compute.engines import work as worker
from caudal.corridor import Corridor
from caudal.errors import CaudalError
from engines_works import Counts, Dies, Noise, Refuses, cubed

pytestmark = pytest.mark.unit

HERE = [Threads(1), Threads(3), Processes(2)]


@pytest.fixture(scope="module", autouse=True)
def _pool() -> Iterator[None]:
    yield
    from loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True, kill_workers=True)


def test_results_are_the_same_on_threads_and_processes():
    one, two, three = (in_order(e.map(Noise(7), range(9))) for e in HERE)
    assert np.array_equal(one, two)
    assert np.array_equal(one, three)
    assert not np.array_equal(one[0], one[1])


@pytest.mark.parametrize("where", [*HERE, 2])
def test_tasks_are_answered_in_their_order(where: Any):
    told: list[tuple[int, int]] = []
    assert tasks(cubed, [3, 1, 2], where, lambda *t: told.append(t)) == [27, 1, 8]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_work_that_comes_in_several_goes_is_made_ready_once(tmp_path: Path):
    for where in (Threads(2), Local(2)):
        one, other = Counts(tmp_path / "one"), Counts(tmp_path / "other")
        assert [in_order(where.map(one, [i])) for i in range(3)] == [[0], [1], [2]]
        in_order(where.map(other, [1]))
        in_order(where.map(one, [1]))  # one work is kept, and another had come between
        assert (tmp_path / "one").read_text() == "ready\n" * 2
        assert (tmp_path / "other").read_text() == "ready\n"
        (tmp_path / "one").unlink()
        (tmp_path / "other").unlink()


@pytest.mark.parametrize("where", HERE)
def test_each_item_is_handed_on_once_and_steps_add_up(where: Any):
    told: list[tuple[int, int]] = []
    found = [i for i, _ in where.map(Noise(1, steps=3), range(7), steps=3,
                                     progress=lambda *t: told.append(t))]  # fmt: skip
    assert sorted(found) == list(range(7))
    assert told[-1] == (21, 21)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.parametrize("where", HERE)
def test_nothing_to_do_is_done_at_once(where: Any):
    assert list(where.map(Noise(1), [])) == []


@pytest.mark.parametrize("where", [Threads(2), Processes(2)])
def test_who_takes_results_slowly_slows_the_work_down(where: Any, tmp_path: Path):
    log = tmp_path / "log"
    results = where.map(Noise(1, log), range(40))
    taken = [next(results) for _ in range(3)]
    begun = log.read_text().splitlines()
    assert len(taken) == 3
    assert len(begun) <= len(taken) + worker.AHEAD * where.workers
    results.close()
    after = log.read_text().splitlines()
    assert len(after) <= len(taken) + worker.AHEAD * where.workers


def test_items_of_a_process_that_died_are_done_again_and_counted_once(tmp_path: Path):
    found = list(Processes(2).map(Dies(5, tmp_path), range(12)))
    assert sorted(found) == [(i, i * i) for i in range(12)]
    assert (tmp_path / "5").exists()


def test_an_item_that_kills_every_process_is_one_error(tmp_path: Path):
    with pytest.raises(CaudalError, match="3 workers were lost"):
        list(Processes(2).map(Dies(5, tmp_path, always=True), range(12)))
    assert in_order(Processes(2).map(Noise(1), range(2)))  # the next work finds a pool


@pytest.mark.parametrize("where", HERE)
def test_what_an_item_raises_is_raised(where: Any):
    with pytest.raises(CaudalError, match="any other"):
        list(where.map(Refuses(), range(12)))


def test_what_progress_raises_ends_the_work(tmp_path: Path):
    class Cancelled(BaseException):
        pass

    def tell(done: int, total: int) -> None:
        if done > 4:
            raise Cancelled

    log = tmp_path / "log"
    with pytest.raises(Cancelled):
        list(Threads(2).map(Noise(1, log), range(60), progress=tell))
    assert len(log.read_text().splitlines()) < 60


def test_a_process_of_other_code_refuses(monkeypatch: pytest.MonkeyPatch):
    packed = worker.Packed.of(Noise(1))
    with pytest.raises(CaudalError, match=r"runs caudal .*, not older"):
        worker.do("k", lambda: replace(packed, code="older"), 1)
    with pytest.raises(worker.Lacking):
        worker.do("k", None, 1)
    assert worker.do("k", lambda: packed, 1).shape == (1000,)


def test_threads_serve_short_work_and_processes_long(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    class Seen(Processes):
        def map(self, work: Any, items: Any, **how: Any) -> Any:
            asked.append("processes")
            return Threads(2).map(work, items, **how)

    monkeypatch.setattr(places, "Processes", Seen)
    short = in_order(Local(2).map(Noise(1), range(9)))
    assert asked == []
    monkeypatch.setattr(places, "WORTH_S", -1.0)
    long = in_order(Local(2).map(Noise(1), range(9)))
    assert asked == ["processes"]
    assert np.array_equal(short, long)


def test_what_cannot_travel_stays_in_threads(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(places, "WORTH_S", -1.0)

    class Here(Noise):  # no other process finds a class inside a function
        pass

    assert len(in_order(Local(2).map(Here(1), range(9)))) == 9
    with pytest.raises(CaudalError, match="--engine threads"):
        list(Processes(2).map(Here(1), range(9)))


def test_a_corridor_travels_as_its_fields():
    here = Corridor()
    vars(here)["priors"] = "read already, and not sent"
    sent = pickle.dumps(here)
    assert len(sent) < 300
    assert pickle.loads(sent) == here


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (("cloud",), "unknown engine 'cloud'"),
        (("local", 0), "1 to 64"),
        (("local", 2, "head:6379"), "--engine ray"),
    ],
)
def test_engines_that_there_are_not(how: Any, said: str):
    with pytest.raises(CaudalError, match=said):
        engine(*how)


def test_without_ray_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main(["run", "--engine", "ray", "--members", "2"]) == 2
    assert "caudal[ray]" in capsys.readouterr().err
