"""Every learned draw run through the history once, then each member on from where its draw stands.

Member m continues draw m modulo the draws, as in `compute.run`, which runs every member through the
whole history; here a draw's history serves all of its members. Both give the same numbers, bit for
bit. Beside the members go the same draws on without shocks: what is expected if nothing new happens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from types import SimpleNamespace
from typing import Any

import jax
import numpy as np

from caudal.compute.chunks import CHUNK
from caudal.compute.content import Corridor
from caudal.compute.posterior import Posterior
from caudal.compute.run import simulator
from caudal.engine.observation import Predictand
from caudal.engine.simulate import Chunk, Forcing, Months, State

Arrays = dict[str, np.ndarray]

STILL = 48
"""Draws run on without shocks, as many as in the forecasts from the past (`learn.smoother`)."""


@dataclass(frozen=True)
class Onward:
    """Counts as the runs give them, by predictand.

    past   every month up to the origin (month, cell, draw)
    ahead  the months after it (horizon, cell, member)
    still  those without shocks, median of draws (horizon, cell)
    """

    past: Arrays
    ahead: Arrays
    still: Arrays


def onward(
    corridor: Corridor,
    posterior: Posterior,
    outside: Forcing,
    members: int,
    seed: int,
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> Onward:
    """Run to the end of the forcing, which goes beyond the months that the draws cover.

    posterior  with a value of every parameter (`Posterior.completed`)
    seed       of what lies beyond the last count
    """
    engine, outcomes = simulator(corridor.model), corridor.predictands()
    origin = posterior.months
    turn, reach = sum(outside.months[origin - 1]), len(outside.months) + 1
    needed = np.arange(min(members, posterior.draws))
    stops = [sum(outside.months[i - 1]) for i in range(engine.months, origin, engine.months)]
    stops.append(turn)
    jobs = [_parts(needed), _parts(np.arange(members)), _parts(needed[:STILL])]
    total = len(jobs[0]) * len(stops) + len(jobs[1]) + len(jobs[2])
    done, lock = 0, Lock()

    def tick() -> None:
        nonlocal done
        with lock:
            done += 1
            if progress is not None:
                progress(done, total)

    def history(part: np.ndarray) -> tuple[State, Arrays]:
        chunk = posterior.past(corridor, part)
        state, outs = engine.start(CHUNK, list(outside.rules), chunk.p), []
        for until in stops:
            state, out = engine.advance(state, chunk, outside, until, posterior.seed)
            outs.append(_told(outcomes, out))
            tick()
        return state, {name: np.concatenate([o[name] for o in outs]) for name in outs[0]}

    def on(part: np.ndarray, still: bool) -> Arrays:
        made = _calm(corridor, posterior) if still else (corridor, posterior)
        chunk = made[1].future(made[0], part, reach, seed)
        state = _members(states, part % posterior.draws)
        out = engine.advance(state, chunk, outside, outside.days, seed)[1]
        tick()
        return _told(outcomes, out)

    _warm(engine, posterior.past(corridor, jobs[0][0]), outside, posterior.seed)
    with ThreadPoolExecutor(workers) as pool:
        past = list(pool.map(history, jobs[0]))
        states = [state for state, _ in past]
        ahead = list(pool.map(lambda part: on(part, False), jobs[1]))
        still = list(pool.map(lambda part: on(part, True), jobs[2]))
    quiet = _joined(still, len(needed[:STILL]))
    return Onward(
        _joined([told for _, told in past], len(needed)),
        _joined(ahead, members),
        {name: np.median(values, -1) for name, values in quiet.items()},
    )


def _parts(numbers: np.ndarray) -> list[np.ndarray]:
    """Chunks of one size, the last filled up by its last number, so that one compiled call serves."""
    parts = [numbers[i : i + CHUNK] for i in range(0, len(numbers), CHUNK)]
    return [np.concatenate([p, np.repeat(p[-1:], CHUNK - len(p))]) for p in parts]


def _joined(parts: Sequence[Arrays], members: int) -> Arrays:
    """Chunks side by side, without what only fills the last one."""
    return {n: np.concatenate([p[n] for p in parts], -1)[..., :members] for n in parts[0]}


def _told(outcomes: Sequence[Predictand], months: Months) -> Arrays:
    """Each predictand of each completed month, (month, cell, member)."""
    count = len(months.people)
    by_month = [{k: v[i] for k, v in months.tallies.items()} for i in range(count)]
    return {o.name: np.stack([o.predict(t) for t in by_month]) for o in outcomes}


def _members(states: Sequence[State], draws: np.ndarray) -> State:
    """The state of a chunk whose members stand where these draws stand."""
    chunk, place = draws // CHUNK, draws % CHUNK

    def pick(*arrays: np.ndarray) -> np.ndarray:
        return np.stack([arrays[c][..., i] for c, i in zip(chunk, place, strict=True)], -1)

    carry = jax.tree.map(pick, *(state.carry for state in states))
    return State(carry, pick(*(state.ended for state in states)), states[0].day)


def _calm(corridor: Corridor, posterior: Posterior) -> tuple[Any, Posterior]:
    """Both with weather that moves without shocks, towards its slow mean only."""
    calm = {k: replace(v, sd=0.0) for k, v in corridor.processes.items()}
    return SimpleNamespace(priors=corridor.priors, processes=calm), replace(posterior, sd={})


def _warm(engine: Any, chunk: Chunk, outside: Forcing, seed: int) -> None:
    """Compile, and lay out the forcing, before threads would each do it at the same time."""
    for block in range(0, len(outside.months), engine.months):
        outside.block(block, engine.months)
    state = engine.start(CHUNK, list(outside.rules), chunk.p)
    engine.advance(state, chunk, outside, 1, seed)
