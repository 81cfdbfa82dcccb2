"""A server under trial: forked, asked, killed; and what is found in its store afterwards."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import faults_child
import faults_rows
from faults_worlds import Prints, digest

from served import PATIENCE_S, asked, free_port

JOBS = 4


class Server:
    """A forked `caudal serve`, in a process group of its own."""

    def __init__(self, place: Path, store: str = "", inside: Any = None) -> None:
        port = free_port()
        self.root, self.log = f"http://127.0.0.1:{port}/api/v1", place / "server.log"
        words = ["serve", "--port", str(port), "--store", store or str(place / "store")]
        self.child = os.fork()
        if self.child == 0:
            status = 1
            try:
                os.setsid()
                with self.log.open("ab") as file:
                    os.dup2(file.fileno(), 1)
                    os.dup2(file.fileno(), 2)
                os.environ["XDG_DATA_HOME"] = str(place / "data")
                forked_early()
                if inside is not None:
                    inside()
                from caudal.cli import main

                status = main(words)
            finally:
                os._exit(status)

    def ask(self, path: str, body: Any = None) -> Any:
        """Ask until it answers; a refusal other than "busy" is raised."""
        return asked(self.root + path, body, busy=(429, 503), alone=self._gone)

    def _gone(self) -> None:
        if faults_child.exited(self.child):
            raise RuntimeError(self.log.read_text("utf-8", "replace")[-600:])

    def done(self, names: list[str]) -> bool:
        """Wait until every one of these jobs has ended; whether all are done."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            found = {j["id"]: j["status"] for j in self.ask("/jobs")["jobs"]}
            if all(found.get(n) in ("done", "failed", "cancelled") for n in names):
                return all(found[n] == "done" for n in names)
            time.sleep(0.2)
        return False

    def kill(self) -> int:
        """As a power cut would; the exit status, where it had ended by itself."""
        faults_child.killed(self.child)
        _, status = os.waitpid(self.child, 0)
        return os.waitstatus_to_exitcode(status)


@contextmanager
def serving(place: Path, store: str = "", inside: Any = None) -> Any:
    """A server until the end of the block, or until it is killed."""
    one = Server(place, store, inside)
    try:
        yield one
    finally:
        with suppress(ChildProcessError):
            one.kill()


def forked_early() -> None:
    """Fork the worker now, with all that it imports; the server's first one takes its place.

    The server spawns workers, which then import for seconds: kills would hit little else.
    """
    import multiprocessing

    from caudal.service import pool, worker

    worker.warm = lambda: None
    context = multiprocessing.get_context("fork")
    theirs, ours = context.Pipe(duplex=False)
    early = context.Process(target=lambda: worker.main(*theirs.recv()), daemon=True)
    early.start()

    class Early:
        """The worker, as the pool starts and watches it."""

        is_alive, kill, join = early.is_alive, early.kill, early.join

        def __init__(self, target: Any, args: Any, daemon: bool) -> None:
            self.args = args

        def start(self) -> None:
            ours.send(self.args)

    class Context:
        """Gives it, once; a second one is spawned."""

        given = False

        def Process(self, **how: Any) -> Any:
            spawned = multiprocessing.get_context("spawn")
            first, Context.given = not Context.given, True
            return Early(**how) if first else spawned.Process(**how)

    pool.multiprocessing = SimpleNamespace(get_context=lambda _: Context())  # type: ignore[assignment]


def bodies(rng: random.Random) -> list[dict[str, Any]]:
    """Jobs that are asked for; of few seeds, so that the reference has them all."""
    seeds = rng.sample(range(6), JOBS)
    return [{"members": 1, "seed": seed, "to": "2018-02"} for seed in seeds]


def prints(place: Path) -> Prints:
    """What is in the store under the names of jobs."""
    folder = place / "store" / "results"
    found = folder.glob("[0-9a-f]*") if folder.is_dir() else ()
    return {one.name: digest(one) for one in found if len(one.name) == 12}


def sound(place: Path) -> bool:
    """Whether the catalogue, after a kill, is a database without a fault."""
    path = place / "store" / "catalogue.sqlite"
    if not path.exists():
        return True
    with sqlite3.connect(path) as one:
        return one.execute("pragma integrity_check").fetchone() == ("ok",)


def once(place: Path, wanted: Prints, rng: random.Random, store: str = "") -> bool:
    """Whether jobs asked of a server over this store come out right."""
    with serving(place, store) as server:
        names = [server.ask("/runs", body)["id"] for body in bodies(rng)]
        done = server.done(names)
    return done and not faults_rows.differ(prints(place), wanted, {})


def resumed(place: Path, names: list[str], wanted: Prints, store: str = "") -> bool:
    """Whether a server left alone over this store ends all that was asked, and right."""
    with serving(place, store) as server:
        there = {j["id"] for j in server.ask("/jobs")["jobs"]}
        if lost := set(names) - there:
            print(f"    serve: jobs lost {lost}", flush=True)
            return False
        done = server.done(sorted(there))
        for name in there:
            if server.ask(f"/runs/{name}/recipe")["run_id"] != name:
                return False
    found = prints(place)
    left = list((place / "store" / "results").glob(".*"))
    if wrong := faults_rows.differ(found, wanted, {}):
        print(f"    serve: wrong {wrong}", flush=True)
    return done and not wrong and set(found) >= set(names) and not left


def away(server: Server) -> bool:
    """Whether a server whose catalogue is away tells of it clearly: 503 and what to do."""
    until, last = time.monotonic() + 30, ""
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(server.root + "/jobs", timeout=60) as answer:
                last = answer.read().decode()[:200]
        except urllib.error.HTTPError as refused:
            told = json.load(refused)["error"]
            if refused.code == 503 and "catalogue" in told["where"] + told["found"]:
                return True
            last = f"{refused.code} {told}"
        time.sleep(0.5)
    print(f"    serve, catalogue away: {last}", flush=True)
    return False
