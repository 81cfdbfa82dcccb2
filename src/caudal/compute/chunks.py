"""Members in chunks of one padded size: how they are cut, filled up, picked and put together again.

A chunk knows nothing of the others, and a member nothing of its company: in a chunk of CHUNK it runs
to the same bits whoever runs beside it. That is what lets a draw's history serve all of its members.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

import jax
import numpy as np

from caudal.compute import cache

cache.enable()  # before the engine: Numba reads its setting when it is imported

from caudal.engine.graph import Model  # noqa: E402
from caudal.engine.simulate import Chunk, Forcing, Months, Sampler, Simulator, State  # noqa: E402
from caudal.engine.state import joined as together  # noqa: E402

CHUNK = 16
"""Members that run together; the last chunk is padded, so that one compiled function serves all."""

LARGE, MANY = 2 * CHUNK, 256
"""Chunks of `expected` ensembles from so many members on: a member costs a tenth less, to the same
bits; below, a first run would wait longer for a second shape to compile than it gains."""

Progress = Callable[[int, int], None]

_SIMULATORS: dict[tuple[int, int], Simulator] = {}
_BUILDING = Lock()
_COMPILED: set[tuple[Simulator, int, Sampler]] = set()
_COMPILING = Lock()


def simulator(model: Model, substeps: int = 1) -> Simulator:
    """The compiled functions of a model, once a process."""
    with _BUILDING:
        # the simulator holds its model, so that the id stays the model's own
        return _SIMULATORS.setdefault((id(model), substeps), Simulator(model, substeps))


def lay_out(engine: Simulator, forcing: Forcing) -> None:
    """Cut a forcing into blocks, before threads would each do it at the same time."""
    for block in range(0, len(forcing.months), engine.months):
        forcing.block(block, engine.months)


def compiled(
    engine: Simulator, state: State, chunk: Chunk, forcing: Forcing, seed: int, sampler: Sampler
) -> None:
    """Run one day, once a process and shape, before threads would each compile at the same time."""
    key = (engine, len(chunk.numbers), sampler)
    with _COMPILING:
        if key not in _COMPILED:
            engine.advance(state, chunk, forcing, state.day + 1, seed, sampler)
            _COMPILED.add(key)


def parts(numbers: np.ndarray, size: int = CHUNK) -> list[np.ndarray]:
    """Numbers cut into chunks of a size, the last one shorter."""
    return [numbers[i : i + size] for i in range(0, len(numbers), size)]


def size_of(members: int, sampler: Sampler) -> int:
    """The size of chunks that serves an ensemble best: one of `expected` alone is not filled up."""
    if sampler == "expected" and members == 1:
        return 1
    return LARGE if sampler == "expected" and members >= MANY else CHUNK


def padded(numbers: np.ndarray, size: int = CHUNK) -> np.ndarray:
    """A chunk filled up with its last number."""
    return np.concatenate([numbers, np.repeat(numbers[-1:], size - len(numbers))])


def joined(months: Sequence[Months]) -> Months:
    """Months that follow one another as one."""
    return together([part for part in months if len(part.people)])


def side_by_side(months: Sequence[Months]) -> Months:
    """Months of several chunks as one, along the member axis."""
    return together(months, axis=-1)


def first_members(months: Months, members: int) -> Months:
    """Without the members that only fill the chunk."""
    return months.changed(lambda v: v[..., :members])


def picked(states: Sequence[State], at: Sequence[tuple[int, int]]) -> State:
    """The state of a chunk whose members stand where others stand: `at` has (state, place) of each."""

    def pick(*arrays: np.ndarray) -> np.ndarray:
        return np.stack([np.asarray(arrays[s])[..., i] for s, i in at], -1)

    carry = jax.tree.map(pick, *(state.carry for state in states))
    return State(carry, pick(*(state.ended for state in states)), states[0].day)
