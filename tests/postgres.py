"""A PostgreSQL of the test's own, from the system's packages; skipped where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from served import free_port

NOBODY = "nobody"


def _program(name: str) -> str | None:
    """The program, from the path or from where Debian keeps it; of the newest version."""
    if found := shutil.which(name):
        return found
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(places[-1]) if places else None


@dataclass(frozen=True)
class Cluster:
    """A server that runs: a call gives a new database's URL; it can be stopped and started again."""

    port: int
    control: Callable[..., None]

    def __call__(self) -> str:
        return _fresh(self.port)

    def stop(self) -> None:
        """At once, as in a crash: connections are cut."""
        self.control("-m", "immediate", "stop")

    def start(self) -> None:
        """On the same port, with the same databases."""
        self.control("start")


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A server started for the test and ended with it.

    PostgreSQL does not run as root: there it runs as `nobody`.
    """
    initdb, control = _program("initdb"), _program("pg_ctl")
    if initdb is None or control is None:
        pytest.skip(
            "needs initdb and pg_ctl on the path or in /usr/lib/postgresql (apt: postgresql)"
        )
    root = os.geteuid() == 0
    if root and shutil.which("setpriv") is None:
        pytest.skip("needs setpriv (apt: util-linux): PostgreSQL does not run as root")
    # not under pytest's own folders: nobody else may look into those
    place = Path(tempfile.mkdtemp(prefix="caudal-postgres-"))
    if root:
        shutil.chown(place, NOBODY)
    port = free_port()

    def call(*words: str) -> None:
        as_other = ["setpriv", f"--reuid={NOBODY}", "--clear-groups"] if root else []
        subprocess.run([*as_other, *words], check=True, capture_output=True, cwd=place)

    data = place / "data"
    call(initdb, "-D", str(data), "-U", "caudal", "--auth=trust", "--no-sync", "-E", "UTF8")
    options = f"-p {port} -k {place} -c listen_addresses=127.0.0.1 -c fsync=off"
    where = ("-D", str(data), "-o", options, "-l", str(place / "log"), "-w")
    made = Cluster(port, lambda *words: call(control, *where, *words))
    made.start()
    try:
        yield made
    finally:
        with suppress(subprocess.CalledProcessError):  # stopped already
            made.stop()
        shutil.rmtree(place, ignore_errors=True)


def _fresh(port: int) -> str:
    import psycopg

    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"postgresql://caudal@127.0.0.1:{port}/postgres", autocommit=True) as one:
        one.execute(f"CREATE DATABASE {name}")
    return f"postgresql+psycopg://caudal@127.0.0.1:{port}/{name}"
