"""Histories played lately, for whoever asks again what would have changed in the same past.

A comparison needs its base's history and one fork a scenario. The base is the same in question after
question, so that a process that is asked many keeps it and only forks. What a kept history gives is
bit for bit what it would give anew: it serves a base whose law, drivers, constants, chance and members
are the same for as long as that base goes on, and it may go on longer (`compute.fork`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np

from caudal.compute.fork import History, differs
from caudal.engine.forcing import Forcing

MOST = 6
"""Histories kept, a chunk each: as many as one base in all draws that were learned takes."""


@dataclass(frozen=True)
class _One:
    key: tuple[Any, ...]
    fixed: Mapping[str, np.ndarray]
    past: History

    def serves(self, key: tuple[Any, ...], base: Forcing, fixed: Mapping[str, np.ndarray]) -> bool:
        mine = self.past.forcing
        return (
            self.key == key
            and mine.days >= base.days
            and set(fixed) == set(self.fixed)
            and all(np.array_equal(v, self.fixed[k]) for k, v in fixed.items())
            and differs(mine, base) == base.days
        )


@dataclass
class Kept:
    """The histories of this process, the latest last; asked and told from any thread."""

    most: int = MOST
    _lock: Lock = field(default_factory=Lock)
    _all: list[_One] = field(default_factory=list)

    def find(
        self, key: tuple[Any, ...], base: Forcing, fixed: Mapping[str, np.ndarray],
        numbers: Sequence[int] | np.ndarray,
    ) -> History | None:  # fmt: skip
        """A played history of these members under this base, or None."""
        wanted = (*key, *map(int, numbers))
        with self._lock:
            found = next((k for k in reversed(self._all) if k.serves(wanted, base, fixed)), None)
            if found is not None:  # the latest asked for goes last
                self._all.remove(found)
                self._all.append(found)
        return found.past if found else None

    def keep(self, key: tuple[Any, ...], fixed: Mapping[str, np.ndarray], past: History) -> None:
        """Keep a played history; the one longest not asked for makes room."""
        one = _One((*key, *map(int, past.numbers)), dict(fixed), past)
        with self._lock:
            self._all = [*(k for k in self._all if k.key != one.key), one][-self.most :]

    def forget(self) -> None:
        """Let all of them go."""
        with self._lock:
            self._all = []


KEPT = Kept()
