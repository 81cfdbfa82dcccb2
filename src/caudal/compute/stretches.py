"""The two stretches of a run, each on a chunk: draws until the last count, then members from there.

Both are plain data at a module's top level, so that any engine can take them to another process:
`ready` makes once what all chunks need there, `one` does one chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from caudal.compute.asked import Asked
from caudal.compute.chunks import CHUNK, compiled, first_members, lay_out, padded, simulator
from caudal.compute.content import Corridor
from caudal.compute.forcing import forcing, shortened
from caudal.compute.fork import Course, History, chunk_of
from caudal.compute.past import Past, Pasts, since_reported
from caudal.compute.posterior import Posterior
from caudal.compute.states import Shelf, shelf
from caudal.engine.simulate import Chunk, Forcing, Months, Sampler, Simulator

Tick = Callable[[], None]


@dataclass(frozen=True)
class Counted:
    """Draws through the counted months.

    forcing  of all counted months; until: the day after the last that is wanted, a month's end
    shelf    where such pasts are kept
    base     forcing and shelf of a history that this one follows for a while, if there is such
    whole    whether results are wanted, or only where the draws stand at last
    alone    run the first draw only, in a chunk of one; what is kept was run in larger chunks, whose
             last bits differ, and a run must not depend on what happens to be kept
    """

    corridor: Corridor
    posterior: Posterior
    forcing: Forcing
    until: int
    sampler: Sampler
    fixed: Mapping[str, np.ndarray]
    shelf: Shelf
    base: tuple[Forcing, Shelf] | None = None
    whole: bool = True
    alone: bool = False

    def ready(self) -> Simulator:
        """The model's functions, and the forcing laid out."""
        engine = simulator(self.corridor.model)
        lay_out(engine, self.forcing)
        return engine

    @property
    def steps(self) -> int:
        """How often a chunk that has to be run ticks."""
        size = simulator(self.corridor.model).months
        return -(-sum(sum(month) <= self.until for month in self.forcing.months) // size)

    def one(self, ready: Simulator, item: np.ndarray, tick: Tick) -> Past:
        """A chunk of draws (draw,): kept, or gone on from where a kept one parts, or run."""
        if self.alone:
            return self._run(item, tick)
        key = self.chunk(item)
        found = self.shelf.load(key, self.whole) or self._forked(item, key, tick)
        if found is None:
            found = self._run(item, tick)
            if self.until == self.forcing.days:
                self.shelf.keep(key, found)
        return found

    def chunk(self, draws: np.ndarray) -> Chunk:
        """A chunk of draws as it is kept."""
        months = len(self.forcing.months)
        return chunk_of(self.corridor, self.posterior, padded(draws), months, 0, self.fixed)

    def _forked(self, draws: np.ndarray, key: Chunk, tick: Tick) -> Past | None:
        past = self.base[1].load(key) if self.base else None
        if past is None or self.base is None:
            return None
        history = self._history(self.base[0], draws, Pasts([past]))
        history.play()
        state, months = history.branch(Course(self.forcing), self.until, tick)
        return Past.of(history.numbers, [state], months, self._unreported)

    def _run(self, draws: np.ndarray, tick: Tick) -> Past:
        history = self._history(shortened(self.forcing, self.until), draws, Pasts([]))
        months = history.play(tick)
        return Past.of(history.numbers, history.states[1:], months, self._unreported)

    @property
    def _unreported(self) -> int:
        """Months before the first reported one."""
        first, begins = self.corridor.reports_from, self.corridor.begins
        return (first.year - begins.year) * 12 + first.month - begins.month

    def _history(self, forcing: Forcing, draws: np.ndarray, past: Pasts) -> History:
        history = History(
            self.corridor, self.posterior, forcing, draws[:1] if self.alone else draws,
            sampler=self.sampler, fixed=self.fixed, past=past, size=1 if self.alone else CHUNK,
        )  # fmt: skip
        if not past.parts:
            history.warm()
        return history


@dataclass(frozen=True)
class Ahead:
    """Members on from where their draws stand, to the end of a forcing.

    ends  where the draws stand; size: of the chunks; seed: of what lies beyond the last count
    """

    corridor: Corridor
    posterior: Posterior
    forcing: Forcing
    sampler: Sampler
    fixed: Mapping[str, np.ndarray]
    seed: int
    ends: Pasts
    size: int = CHUNK

    def ready(self) -> Simulator:
        """The model's functions, and the forcing laid out."""
        engine = simulator(self.corridor.model)
        lay_out(engine, self.forcing)
        return engine

    def one(self, ready: Simulator, item: np.ndarray, tick: Tick) -> Months:
        """A chunk of members, by their numbers (member,), at most `size`."""
        filled = padded(item, self.size)
        state, chunk = self.ends.end(filled % self.posterior.draws), self.chunk(filled)
        how = (chunk, self.forcing, self.seed, self.sampler)
        compiled(ready, state, *how)
        _, told = ready.advance(state, chunk, self.forcing, self.forcing.days, *how[2:])
        tick()
        return first_members(told, len(item))

    def chunk(self, members: np.ndarray) -> Chunk:
        """Members (member,) with their weather, to the end."""
        months = len(self.forcing.months)
        return chunk_of(self.corridor, self.posterior, members, months, self.seed, self.fixed)


@dataclass(frozen=True)
class Told:
    """The same as named variables, a third as large: what is sent and kept of a large ensemble.

    skip  months after the last count that are not reported
    """

    ahead: Ahead
    skip: int

    def ready(self) -> Simulator:
        """As of what is told."""
        return self.ahead.ready()

    def one(self, ready: Simulator, item: np.ndarray, tick: Tick) -> Any:
        """A chunk of members as a Dataset."""
        ahead = self.ahead
        arrived = ahead.ends.arrived(item % ahead.posterior.draws)
        told = since_reported(ahead.corridor.model, ahead.one(ready, item, tick), arrived)
        return ahead.corridor.dataset(told, self.skip, item)


def counted_months(
    corridor: Corridor, a: Asked, outside: Forcing, sampler: Sampler, whole: bool = True,
    alone: bool = False,
) -> Counted:  # fmt: skip
    """What was asked for until the last count, or until its end if that comes first.

    outside  law and drivers of all counted months, at least
    """
    turn, seed = (a.counted - outside.start).days, a.posterior.seed
    here, base = shortened(outside, turn), None
    plain = not a.document.policies and not a.document.drivers
    mine = shelf(corridor, here, seed, sampler, keeps=plain and not a.fixed)
    if not plain and not a.fixed:
        past = forcing(corridor, corridor.law, a.counted)
        theirs = shelf(corridor, past, seed, sampler, keeps=True)
        if theirs.name == mine.name:  # the scenario changes nothing until then
            mine = theirs
        else:
            base = (past, theirs)
    until = min(turn, (a.end - outside.start).days)
    return Counted(corridor, a.posterior, here, until, sampler, a.fixed, mine, base, whole, alone)
