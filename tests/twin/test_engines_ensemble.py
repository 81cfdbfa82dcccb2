"""The corridor on every engine: the same bits in threads, processes, on two nodes of which one dies."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from caudal.compute import chunks
from caudal.compute.chunks import CHUNK
from caudal.compute.engines import Processes, Threads
from caudal.compute.forcing import month_ends
from caudal.compute.run import simulate
from caudal.compute.stretches import Ahead
from engines_works import Noise
from run_worlds import corridor_with, made_up

pytestmark = [pytest.mark.twin, pytest.mark.slow, pytest.mark.gate]

COUNTED, MONTHS, MEMBERS = 7, 9, 70


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return corridor_with(tmp_path_factory.mktemp("draws"), made_up(draws=18, months=COUNTED))


def run(
    here: Any, workers: Any, store: Path | None = None, members: int = MEMBERS, **how: Any
) -> xr.Dataset:
    end = month_ends(here.begins, MONTHS)[-1]
    made = simulate(here, members=members, seed=3, end=end, workers=workers, store=store, **how)
    return made.dataset()


@pytest.fixture(scope="module")
def quiet(here: Any) -> xr.Dataset:
    """In threads, in memory."""
    return run(here, Threads(2)).load()


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Two nodes of one core each, and an engine on them."""
    pytest.importorskip("ray")
    monkeypatch.setenv("PYTHONPATH", ":".join(sys.path))  # nodes find the works of the tests too
    from ray.cluster_utils import Cluster

    from caudal.compute.engines.cluster import Ray

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    made.second = made.add_node(num_cpus=1)  # type: ignore[attr-defined]
    import ray

    try:
        yield made, Ray(2, made.address)
    finally:
        ray.shutdown()
        made.shutdown()


def test_processes_and_files_give_the_same_bits(here: Any, quiet: xr.Dataset, tmp_path: Path):
    xr.testing.assert_identical(run(here, Processes(2)).load(), quiet)
    xr.testing.assert_identical(run(here, Threads(1), tmp_path).load(), quiet)
    xr.testing.assert_identical(run(here, Processes(2), tmp_path / "two").load(), quiet)


def test_larger_chunks_give_the_same_bits(
    here: Any, quiet: xr.Dataset, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(chunks, "MANY", MEMBERS)
    sizes: list[int] = []
    real = Ahead.one

    def one(self: Ahead, ready: Any, item: np.ndarray, tick: Any) -> Any:
        sizes.append(self.size)
        return real(self, ready, item, tick)

    monkeypatch.setattr(Ahead, "one", one)
    xr.testing.assert_identical(run(here, Threads(2)).load(), quiet)
    assert set(sizes) == {chunks.LARGE}


def test_a_run_that_was_killed_runs_only_what_is_missing(
    here: Any, quiet: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from caudal.compute.stretches import Told

    done: list[int] = []
    real = Told.one

    def one(self: Told, ready: Any, item: np.ndarray, tick: Any) -> Any:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(int(item[0]))
        return real(self, ready, item, tick)

    monkeypatch.setattr(Told, "one", one)
    with pytest.raises(KeyboardInterrupt):
        run(here, Threads(1), tmp_path)
    (folder,) = tmp_path.iterdir()
    kept = {int(path.name.split("-")[1]) for path in folder.glob("members-*.npz")}
    assert kept
    assert kept <= set(done)
    before = set(done)
    done[:] = [-1, -1, -1]
    xr.testing.assert_identical(run(here, Threads(1), tmp_path).load(), quiet)
    assert set(done) - {-1} == {0, 16, 32, 48, 64} - kept
    assert before >= kept


def test_items_of_a_node_that_was_killed_are_done_again_and_counted_once(
    tmp_path: Path, cluster: Any
):
    nodes, engine = cluster
    assert engine.workers == 2
    log, go = tmp_path / "log", tmp_path / "go"
    log.touch()

    def kill() -> None:
        until = time.monotonic() + 300
        try:
            while len(at_work(log)) < 2 and time.monotonic() < until:
                time.sleep(0.05)
            nodes.remove_node(nodes.second, allow_graceful=False)
            # its worker outlives the node by a moment, and must not end what it holds
            while not any(map(gone, at_work(log))) and time.monotonic() < until:
                time.sleep(0.05)
        finally:
            go.touch()

    killer = threading.Thread(target=kill)
    killer.start()
    found = list(engine.map(Noise(7, log, go=go), range(40)))
    killer.join()
    assert len(at_work(log)) > 1
    assert sorted(i for i, _ in found) == list(range(40))
    assert len(log.read_text().splitlines()) > 40  # what the node had under way was done again
    alone = dict(Threads(1).map(Noise(7), range(40)))
    assert all(np.array_equal(value, alone[i]) for i, value in found)


def at_work(log: Path) -> set[str]:
    """The processes that have begun an item."""
    return {line.split()[1] for line in log.read_text().splitlines() if " " in line}


def gone(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    return False


def test_a_run_on_two_nodes_of_which_one_is_killed(
    here: Any, quiet: xr.Dataset, tmp_path: Path, cluster: Any
):
    """Once the first chunk is kept and others are not: the same bits as a quiet run."""
    nodes, engine = cluster
    store, kept = tmp_path / "ray", []

    def kill(*_: int) -> None:
        there = len(list(store.glob("*/members-*.npz")))
        if there and not kept:
            kept.append(there)
            nodes.remove_node(nodes.second, allow_graceful=False)

    xr.testing.assert_identical(run(here, engine, store, progress=kill).load(), quiet)
    (there,) = kept
    assert 0 < there < -(-MEMBERS // CHUNK), "killed in the middle of the run"


SCRIPT = """
import resource, sys
sys.path[:0] = [{tests!r}]
from pathlib import Path
from test_engines_ensemble import corridor_with, made_up, run
from caudal.report.files import write_netcdf
folder = Path({folder!r})
here = corridor_with(folder, made_up(draws=18, months=7))
ds = run(here, 1, folder, members={members})
write_netcdf(ds, folder / "results.nc")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def peak_mb(members: int, folder: Path) -> float:
    folder.mkdir()
    script = SCRIPT.format(tests=str(Path(__file__).parent), folder=str(folder), members=members)
    paths = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, **paths}, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    return float(done.stdout.split()[-1])


def test_memory_does_not_grow_with_the_ensemble(tmp_path: Path):
    """Fifteen times the members, of which each takes 20 kB a month in memory: under 60 MB more."""
    few, many = peak_mb(64, tmp_path / "few"), peak_mb(960, tmp_path / "many")
    assert many - few < 60
