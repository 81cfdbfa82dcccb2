"""A history run once and kept, from which other courses of events go on where they first differ.

A `History` is one chunk of members under one forcing. `play` runs it and keeps the state at every
stop: the start of each block of months, the day after the last count, and any day that is asked for.
A `Course` says what is other: law and drivers (its forcing), constants, weather. `fork` finds the
first day on which it differs, starts from the last state kept before it and runs on:

    past = History(corridor, posterior, forcing(corridor, corridor.law, end), np.arange(16))
    past.play()
    other = Course(forcing(corridor, law, end))
    months = past.fork(other)               # its Months, from the first one on
    ds = past.dataset(months)               # or its Dataset

Many chunks and many forks are a work for an engine: `compute.forks`.

What a fork gives is what the whole run would have given, bit for bit: all before the first day that
differs is the history's, and a run may stop on any day and go on. So two courses differ by what
differs between them only: constants, weather and chance of member m are the same in both.

Member m is draw m modulo the draws until the last count, with the seed of the past; beyond it the
member's own weather and chance, keyed by (seed, member), as in `compute.run.simulate`. With
`until` no later than the last count, members beyond the draws are the first ones again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import xarray as xr

from caudal.compute.chunks import CHUNK, compiled, joined, lay_out, padded, parts, simulator
from caudal.compute.content import Corridor
from caudal.compute.forcing import month_ends, shortened
from caudal.compute.past import Pasts
from caudal.compute.posterior import Posterior
from caudal.compute.states import shelf
from caudal.engine.simulate import Chunk, Forcing, Months, Sampler, State


@dataclass(frozen=True)
class Course:
    """A course of events that may differ from a history.

    forcing  law and drivers from the corridor's beginning, as long as the history's or shorter
    change   what makes the chunk another: of its constants `p` (name → (*dims, member)) and its
             `weather` (name → (month, *dims, member)), in new arrays of the same shapes; None: nothing
    since    the first day on which changed constants hold, in days since the corridor begins; weather
             holds from where its months first differ
    """

    forcing: Forcing
    change: Callable[[Chunk], Chunk] | None = None
    since: int = 0


class History:
    """One chunk of members through a history, its state kept at every stop.

    numbers  of the members, at most `size`; a shorter chunk is filled up with its last
    seed     of what lies beyond the last count
    fixed    constants that are the same in all members, name → (*dims,)
    stops    days, besides block starts and the last count, on which a state is kept: where forks begin,
             so that they need not run a part of the history again
    past     the same history of the members' draws until the last count, where it has been run; None:
             it is looked for where such are kept (`states`)
    """

    def __init__(
        self,
        corridor: Corridor,
        posterior: Posterior,
        forcing: Forcing,
        numbers: np.ndarray,
        *,
        seed: int = 0,
        sampler: Sampler = "expected",
        fixed: Mapping[str, np.ndarray] | None = None,
        stops: Sequence[int] = (),
        past: Pasts | None = None,
        size: int = CHUNK,
    ) -> None:
        self.corridor, self.forcing, self.numbers = corridor, forcing, numbers
        self._seeds = (posterior.seed, seed)
        self._sampler: Sampler = sampler
        filled = padded(numbers, size)
        self.chunk: Chunk = chunk_of(
            corridor, posterior, filled, len(forcing.months), seed, fixed or {}
        )
        self._draws = filled % posterior.draws
        self._past, self._posterior = past, posterior
        self._fixed = fixed or {}
        counted = month_ends(corridor.begins, posterior.months)[-1]
        self._turn = (counted - forcing.start).days
        self.engine = simulator(corridor.model)
        self.stops = _stops(forcing, self.engine.months, (self._turn, *stops))
        self.states: list[State] = [self.engine.start(size, list(forcing.rules), self.chunk.p)]
        self.parts: list[Months] = []

    def warm(self) -> None:
        """Compile, and lay out the forcing, before threads would each do it at the same time."""
        lay_out(self.engine, self.forcing)
        how = (self.chunk, self.forcing, self._seeds[1], self._sampler)
        compiled(self.engine, self.states[0], *how)

    def play(self, tick: Callable[[], None] | None = None) -> Months:
        """Run the history to its forcing's end, or give back what was run; tick is called each stop."""
        for until in self.stops[len(self.parts) :]:
            state = self.states[-1]
            state, months = self._taken(state.day, until) or self._advance(
                state, self.chunk, self.forcing, until
            )
            self.states.append(state)
            self.parts.append(months)
            if tick is not None:
                tick()
        return joined(self.parts)

    def parting(self, course: Course) -> int:
        """The first day on which a course differs from the history; all days if it does not."""
        first = differs(self.forcing, course.forcing)
        if course.change is None:
            return first
        changed = course.change(self.chunk)
        if any(not np.array_equal(v, changed.p[k]) for k, v in self.chunk.p.items()):
            first = min(first, course.since)
        for name, path in self.chunk.weather.items():
            apart = (path != changed.weather[name]).reshape(len(path), -1).any(1)
            if apart.any():  # a month leans toward the next one, so it differs already
                month = max(int(np.argmax(apart)) - 1, 0)
                days = self.forcing.months[month][0] if month < len(self.forcing.months) else first
                first = min(first, days)
        return first

    def fork(
        self, course: Course, until: int | None = None, tick: Callable[[], None] | None = None
    ) -> Months:
        """The course's months from the corridor's beginning; `play` comes first.

        until  day after the last that is wanted (the end of its month is run to); None: the course's
               last. tick is called at the end of each block that is run.
        """
        end = course.forcing.days if until is None else _month_end(course.forcing, until)
        if self.parting(course) >= end:
            return _first(joined(self.parts), self.forcing, end)
        return self.branch(course, until, tick)[1]

    def branch(
        self, course: Course, until: int | None = None, tick: Callable[[], None] | None = None
    ) -> tuple[State, Months]:
        """`fork`, and where the members stand then."""
        end = course.forcing.days if until is None else _month_end(course.forcing, until)
        first = self.parting(course)
        at = next(i for i, stop in enumerate(self.stops) if stop > min(first, end - 1))
        chunk = course.change(self.chunk) if course.change else self.chunk
        before = chunk._replace(p=self.chunk.p)  # constants turn on a day of their own
        state, parts = self.states[at], self.parts[:at]
        if first == 0:  # what triggers there are, and where some signals start, may be other too
            p = chunk.p if course.since == 0 else before.p
            members = len(self.chunk.numbers)
            state = self.engine.start(members, list(course.forcing.rules), p)
        for stop in _stops(course.forcing, self.engine.months, (self._turn, course.since), end):
            if stop > state.day:
                here = chunk if state.day >= course.since else before
                state, months = self._advance(state, here, course.forcing, stop)
                parts.append(months)
                if tick is not None:
                    tick()
        return state, joined(parts)

    def dataset(self, months: Months, start: date | None = None) -> xr.Dataset:
        """Results as named variables (member, month, …), from month `start` (default: the first)."""
        begins = self.corridor.begins
        skip = (start.year - begins.year) * 12 + start.month - begins.month if start else 0
        ds = self.corridor.dataset(months, skip, self.chunk.numbers)
        return ds.isel(member=slice(0, len(self.numbers)))

    def _taken(self, day: int, until: int) -> tuple[State, Months] | None:
        """What was run already, from a day on."""
        if self._past is None:
            self._past = self._found()
        first, last = (sum(sum(m) <= d for m in self.forcing.months) for d in (day, until))
        return self._past.taken(self._draws, until, first, last)

    def _found(self) -> Pasts:
        """What is kept of this history until the last count."""
        if self.forcing.days < self._turn:
            return Pasts([])
        counted = shortened(self.forcing, self._turn)
        place = shelf(self.corridor, counted, self._seeds[0], self._sampler, keeps=False)
        how = (len(counted.months), 0, self._fixed)
        chunks = [
            p for p in parts(np.arange(self._posterior.draws)) if np.isin(p, self._draws).any()
        ]
        found = [
            place.load(chunk_of(self.corridor, self._posterior, padded(chunk), *how))
            for chunk in chunks
        ]
        return Pasts([past for past in found if past is not None])

    def _advance(
        self, state: State, chunk: Chunk, forcing: Forcing, until: int
    ) -> tuple[State, Months]:
        past = state.day < self._turn
        chunk = chunk._replace(numbers=self._draws) if past else chunk
        seed = self._seeds[0 if past else 1]
        return self.engine.advance(state, chunk, forcing, until, seed, self._sampler)


def differs(one: Forcing, other: Forcing) -> int:
    """The first day on which law, what is announced, rules or drivers differ; else all days of both."""
    first = min(one.days, other.days)
    for part in ("law", "announced", "on", "rules", "driver"):
        a, b = _flat(getattr(one, part)), _flat(getattr(other, part))
        if set(a) != set(b):
            return 0
        for name, values in a.items():
            apart = (values[:first] != b[name][:first]).reshape(first, -1).any(1)
            first = int(np.argmax(apart)) if apart.any() else first
            if not first:
                return 0
    return first


def _flat(arrays: Mapping[str, Any], head: str = "") -> dict[str, np.ndarray]:
    out = {}
    for name, values in arrays.items():
        inner = isinstance(values, Mapping)
        out |= _flat(values, f"{head}{name}/") if inner else {head + name: np.asarray(values)}
    return out


def chunk_of(
    corridor: Corridor,
    posterior: Posterior,
    members: np.ndarray,
    months: int,
    seed: int,
    fixed: Mapping[str, np.ndarray],
) -> Chunk:
    """Members as the engine wants them, with weather for so many months and constants fixed."""
    # one month of weather more than is run: the last month leans toward the next one
    made = posterior.future(corridor, members, months + 1, seed)
    p = {k: _fixed(v, fixed.get(k)) for k, v in made.p.items()}
    return made._replace(p=p)


def _fixed(values: np.ndarray, given: np.ndarray | None) -> np.ndarray:
    if given is None:
        return values
    return np.broadcast_to(given[..., None], values.shape).astype(np.float32)


def _stops(forcing: Forcing, size: int, more: Sequence[int], end: int | None = None) -> list[int]:
    """Ends of the blocks of months, the days asked for besides, and the end."""
    end = forcing.days if end is None else end
    ends = [sum(forcing.months[i - 1]) for i in range(size, len(forcing.months), size)]
    return sorted({day for day in (*ends, *more) if 0 < day < end} | {end})


def _first(months: Months, forcing: Forcing, end: int) -> Months:
    """The months that are over by a day."""
    over = sum(sum(month) <= end for month in forcing.months)
    return months.changed(lambda v: v[:over])


def _month_end(forcing: Forcing, until: int) -> int:
    """Days to the end of the month that the day before `until` is in."""
    return next(sum(month) for month in forcing.months if sum(month) >= until)
