"""A command in a child process: run and waited for, watched at its files, killed, cut short."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE_S = 600.0
WRITES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "shutil.rmtree"}
MOST_KILLS = 4
"""Kills before a place is left alone once."""


@dataclass
class Ended:
    """How a child ended: its exit status (negative: the signal), what it said, seconds it took."""

    status: int
    said: str
    seconds: float

    @property
    def clear(self) -> bool:
        """Whether it ended as a command should that cannot go on: status 2, one line that says why."""
        lines = [line for line in self.said.splitlines() if line.startswith("caudal: ")]
        told = len(lines) >= 1 and "fault of Caudal's" not in self.said
        return self.status == 2 and told and "Traceback" not in self.said


def forked(
    words: list[str],
    place: Path,
    world: Callable[[Path], None],
    *,
    inside: Callable[[], None] | None = None,
    meanwhile: Callable[[int], None] | None = None,
) -> Ended:
    """Run a command line in a child, in a process group of its own, and wait for it.

    inside     done in the child before it begins; meanwhile: done here with the child's number
    """
    log = place.parent / f"{place.name}.log"
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setsid()
            with log.open("wb") as file:
                os.dup2(file.fileno(), 1)
                os.dup2(file.fileno(), 2)
            os.chdir(place.parent)
            world(place)
            if inside is not None:
                inside()
            from caudal.cli import main

            status = main(words)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    if meanwhile is not None:
        meanwhile(child)
    status = waited(child)
    said = log.read_text("utf-8", "replace") if log.exists() else ""
    return Ended(status, said, time.monotonic() - began)


def waited(child: int) -> int:
    """The exit status of a child; one that outlives PATIENCE_S is killed and raises TimeoutError."""
    until = time.monotonic() + PATIENCE_S
    while True:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > until:
            killed(child)
            os.waitpid(child, 0)
            raise TimeoutError(f"process {child} took more than {PATIENCE_S} s")
        time.sleep(0.01)


def killed(child: int) -> None:
    """Kill -9 a child and all that it started."""
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:  # not yet a group of its own, or gone
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def watching(place: Path, act: Callable[[int], None]) -> Callable[[], None]:
    """Before each operation on files under a place that changes something: act(how many so far)."""

    def install() -> None:
        count, under = 0, f"{place}{os.sep}"

        def hook(event: str, given: tuple[Any, ...]) -> None:
            nonlocal count
            if event == "open":
                if not isinstance(given[2], int) or not given[2] & (
                    os.O_WRONLY | os.O_RDWR | os.O_CREAT
                ):
                    return
            elif event not in WRITES:
                return
            if any(
                isinstance(g, (str, os.PathLike)) and str(g).startswith(under) for g in given[:2]
            ):
                count += 1
                act(count)

        sys.addaudithook(hook)

    return install


def kill_at(operation: int) -> Callable[[int], None]:
    """Kill this process group before the n-th operation."""

    def act(count: int) -> None:
        if count == operation:
            os.killpg(0, signal.SIGKILL)

    return act


def cut_at(size: int) -> Callable[[], None]:
    """End the process in the middle of the write that takes a file beyond `size` bytes."""

    def install() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return install


def exited(child: int) -> bool:
    """Whether a child has ended and waits to be asked how."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
