"""Works for tests of engines, at the top level of a module, where every process finds them."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from caudal.errors import CaudalError


@dataclass(frozen=True)
class Noise:
    """A thousand numbers keyed by the item; `log` gets a line each time one is begun.

    Nothing goes on before there is a file `go`.
    """

    seed: int
    log: Path | None = None
    wait: float = 0.0
    steps: int = 1
    go: Path | None = None

    def ready(self) -> int:
        return self.seed

    def one(self, ready: int, item: int, tick: Any) -> np.ndarray:
        if self.log is not None:
            with self.log.open("a", encoding="utf-8") as file:
                file.write(f"{item} {os.getpid()}\n")
        while self.go is not None and not self.go.exists():
            time.sleep(0.01)
        for _ in range(self.steps):
            time.sleep(self.wait / self.steps)
            tick()
        return np.random.Generator(np.random.Philox(key=[ready, item])).normal(size=1000)


@dataclass(frozen=True)
class Dies:
    """The process that first comes to `at` is killed; to every process, if `always`."""

    at: int
    marks: Path
    always: bool = False

    def ready(self) -> None:
        return None

    def one(self, ready: None, item: int, tick: Any) -> int:
        mark = self.marks / str(item)
        if item == self.at and (self.always or not mark.exists()):
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return item * item


@dataclass(frozen=True)
class Refuses:
    """Item 3 is an error of whoever asked."""

    def ready(self) -> None:
        return None

    def one(self, ready: None, item: int, tick: Any) -> int:
        if item == 3:
            raise CaudalError("item", "3", "any other")
        return item


@dataclass(frozen=True)
class Counts:
    """`log` gets a line each time it is made ready."""

    log: Path

    def ready(self) -> None:
        with self.log.open("a", encoding="utf-8") as file:
            file.write("ready\n")

    def one(self, ready: None, item: int, tick: Any) -> int:
        return item


def cubed(number: int) -> int:
    """A job of `tasks`."""
    return number**3
