"""What a first run would have to wait for, made ahead: compiled functions and the draws' pasts."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from caudal.compute import cache, chunks
from caudal.compute.asked import asked
from caudal.compute.chunks import CHUNK, LARGE
from caudal.compute.engines import Threads, in_order
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.fork import History
from caudal.compute.run import Progress, Runnable
from caudal.compute.states import SHIPPED
from caudal.compute.states import ship as write_shipped
from caudal.compute.stretches import Counted, counted_months
from caudal.engine.simulate import Sampler

SHAPES: tuple[tuple[Sampler, int], ...] = (
    ("expected", CHUNK), ("expected", 1), ("sampled", CHUNK), ("expected", LARGE),
)  # fmt: skip
"""Samplers and sizes of chunks that runs, forecasts and questions use."""


@dataclass(frozen=True)
class Made:
    """One thing that is there now: what it is, how many were made and how many there are."""

    what: str
    new: int
    there: int
    took_s: float


def compile_ahead(corridor: Runnable) -> Iterator[Made]:
    """Compile what runs use, or find it compiled, one shape after another."""
    a = asked(corridor)
    outside = forcing(corridor, a.law, month_ends(corridor.begins, 1)[-1])
    for sampler, size in SHAPES:
        begun, before = time.monotonic(), compiled()
        numbers = np.arange(size)
        History(corridor, a.posterior, outside, numbers, sampler=sampler, size=size).warm()
        members = f"{size} members" if size > 1 else "a lone member"
        yield Made(
            f"{sampler}, {members}", compiled() - before, compiled(), time.monotonic() - begun
        )


def make_pasts(
    corridor: Runnable, sampler: Sampler, workers: int = 2, progress: Progress | None = None
) -> Made:
    """Run every draw until the last count, or find it run. Raises CaudalError as `simulate` does."""
    begun = time.monotonic()
    work, items = _pasts(corridor, sampler)
    before = there(corridor, sampler)[0]
    for _ in Threads(workers).map(work, items, steps=work.steps, progress=progress):
        pass
    now = there(corridor, sampler)[0]
    return Made(
        f"{sampler}, draws until the last count", now - before, now, time.monotonic() - begun
    )


def there(corridor: Runnable, sampler: Sampler = "expected") -> tuple[int, int]:
    """How many draws' pasts this machine keeps, and of how many."""
    work, items = _pasts(corridor, sampler)
    kept = [item for item in items if work.shelf.has(work.chunk(item))]
    return sum(map(len, kept)), sum(map(len, items))


def compiled() -> int:
    """How many compiled functions this machine keeps, of this version and of others."""
    return sum(1 for _ in (cache.folder() / "jax").glob("*-cache"))


def _pasts(corridor: Runnable, sampler: Sampler) -> tuple[Counted, list[np.ndarray]]:
    a = asked(corridor, sampler=sampler)
    outside = forcing(corridor, a.law, a.counted)
    work = counted_months(corridor, a, outside, sampler)
    return work, chunks.parts(np.arange(a.posterior.draws))


def ship(corridor: Runnable, samplers: Sequence[Sampler]) -> Path:
    """Write where all draws stand at the last count beside the learned draws; returns the file."""
    ends = []
    for sampler in samplers:
        work, items = _pasts(corridor, sampler)
        made = in_order(Threads().map(work, items, steps=work.steps))
        last = (past.end() for past in made)
        ends += [(work.shelf, work.chunk(i), past) for i, past in zip(items, last, strict=True)]
    path = corridor.posterior.with_name(SHIPPED)
    write_shipped(path, ends)
    return path
