"""Histories of chunks of members and what is read of their forks, as a work for any engine.

An item is a fork's name and a chunk's number, or None and a chunk's number for the history itself:

    @dataclass(frozen=True)
    class Without(Forks):
        scenarios: tuple[Scenario, ...]
        def course(self, name): ...         # what is other in the fork of that name
        def told(self, past, course, name): ...     # what is read of it, under a chunk of members

    work = Without(corridor, posterior, forcing(...), parts(np.arange(96)), {}, scenarios)
    found = work.all(engine, [None, 0, 1])          # name → what was told, by chunk

A history is played once in each process that comes to its chunk, and kept there for its other forks.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from caudal.compute.content import Corridor
from caudal.compute.engines import Engine, in_order
from caudal.compute.engines.work import Kept, Progress, Tick
from caudal.compute.fork import Course, History
from caudal.compute.posterior import Posterior
from caudal.engine.simulate import Forcing

COURSES = 2
"""Courses of events that a process keeps: forks of one name follow one another."""


class Ready(NamedTuple):
    """What a process keeps: histories by chunk, the last few courses by name."""

    histories: Kept[int, History]
    courses: Kept[Any, Course]


@dataclass(frozen=True)
class Forks(ABC):
    """Chunks of members through a history, and through its forks.

    posterior  with a value of every constant (`Posterior.completed`); forcing: of the history
    parts      the members of each chunk; how: as `History` takes it
    """

    corridor: Corridor
    posterior: Posterior
    forcing: Forcing
    parts: Sequence[np.ndarray]
    how: Mapping[str, Any]

    @abstractmethod
    def course(self, name: Any) -> Course:
        """What is other in a fork."""

    @abstractmethod
    def told(self, past: History, course: Course | None, name: Any) -> Any:
        """What is read of a fork, or of the history itself (None), under a chunk of members."""

    def all(
        self, engine: Engine, names: Sequence[Any], progress: Progress | None = None
    ) -> dict[Any, list[Any]]:
        """What was told of each name, chunk by chunk; the history's is None.

        progress  called with (forks of chunks done, in all)
        """
        items = self.items(names)
        found = in_order(engine.map(self, items, progress=progress))
        chunks = len(self.parts)
        return {name: found[i * chunks : (i + 1) * chunks] for i, name in enumerate(names)}

    def items(self, names: Sequence[Any]) -> list[tuple[Any, int]]:
        """All chunks of each name, name after name."""
        return [(name, i) for name in names for i in range(len(self.parts))]

    def ready(self) -> Ready:
        """Nothing yet: what an item needs is made when the first one needs it."""
        return Ready(Kept(len(self.parts), self._played), Kept(COURSES, self.course))

    def one(self, ready: Ready, item: tuple[Any, int], tick: Tick) -> Any:
        """What is told of a chunk under a fork."""
        name, i = item
        past = ready.histories[i]
        return self.told(past, None if name is None else ready.courses[name], name)

    def _played(self, i: int) -> History:
        past = History(self.corridor, self.posterior, self.forcing, self.parts[i], **self.how)
        past.warm()
        past.play()
        return past
