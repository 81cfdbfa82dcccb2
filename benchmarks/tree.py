"""What a process and all that it started hold and use, as Linux counts it (/proc)."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

EVERY_S = 0.25


def family(root: int) -> list[int]:
    """A process and all that descend from it and still run."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            fields = stat.read_text().rpartition(") ")[2].split()
            parents[int(stat.parent.name)] = int(fields[1])
    found = [root]
    for pid in found:  # grows while it is gone through
        found += [child for child, above in parents.items() if above == pid]
    return found


def held(root: int) -> float:
    """GiB held by a process and its family; what several share is counted once."""
    total = 0
    for pid in family(root):
        with suppress(OSError, ValueError, StopIteration):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024**2


def processor(root: int) -> float:
    """Processor seconds of a process and its family, and of those that they have waited for."""
    total, tick = 0.0, os.sysconf("SC_CLK_TCK")
    for pid in family(root):
        with suppress(OSError, ValueError, IndexError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
            total += sum(int(ticks) for ticks in fields[11:15]) / tick
    return total


class Peak:
    """The most that a family holds while this is open: looked at four times a second."""

    def __init__(self, root: int) -> None:
        self.gib = 0.0
        self._root, self._over = root, Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(EVERY_S):
            self.gib = max(self.gib, held(self._root))
