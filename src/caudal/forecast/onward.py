"""Every learned draw run through the history once, then each member on from where its draw stands.

Member m continues draw m modulo the draws, as in `compute.run`, and on the same paths: what a run
kept of the history serves a forecast, on any engine. Beside the members go the same draws on without
shocks: what is expected if nothing new happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from caudal.compute.chunks import CHUNK, parts
from caudal.compute.content import Corridor
from caudal.compute.engines import Progress, Workers, engine_of, in_order
from caudal.compute.engines.work import Tick, part_of
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.past import Past, Pasts
from caudal.compute.posterior import Posterior
from caudal.compute.states import shelf
from caudal.compute.stretches import Ahead, Counted
from caudal.engine.simulate import Chunk, Forcing, Months

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
    workers: Workers = 2,
    progress: Progress | None = None,
) -> Onward:
    """Run to the end of the forcing, which goes beyond the months that the draws cover.

    posterior  with a value of every parameter (`Posterior.completed`)
    outside    as history was until the last of those months
    seed       of what lies beyond the last count
    """
    engine, size = engine_of(workers), min(members, posterior.draws)
    counted = _counted(corridor, posterior)
    draws, every = parts(np.arange(size)), parts(np.arange(members))
    few = parts(np.arange(min(size, STILL)))
    run, total = len(draws) * counted.steps, len(draws) * counted.steps + len(every) + len(few)
    told = part_of(progress, 0, total)
    past = in_order(engine.map(Behind(counted), draws, steps=counted.steps, progress=told))
    ends = Pasts([end for end, _ in past])
    how = (corridor, posterior, outside, "expected", {}, seed, ends, CHUNK)
    told = part_of(progress, run, total)
    ahead = in_order(engine.map(Before(Ahead(*how)), every, progress=told))
    told = part_of(progress, run + len(every), total)
    still = in_order(engine.map(Before(Still(*how)), few, progress=told))
    return Onward(
        _joined([counts for _, counts in past]),
        _joined(ahead),
        {name: np.median(values, -1) for name, values in _joined(still).items()},
    )


def _counted(corridor: Corridor, posterior: Posterior) -> Counted:
    """The draws through the months that they cover, with the law and the drivers as they were."""
    past = forcing(corridor, corridor.law, month_ends(corridor.begins, posterior.months)[-1])
    kept = shelf(corridor, past, posterior.seed, "expected", keeps=True)
    return Counted(corridor, posterior, past, past.days, "expected", {}, kept)


@dataclass(frozen=True)
class Behind:
    """The counted months: where draws stand at last, and what the runs count."""

    counted: Counted

    def ready(self) -> Any:
        """As of what is run."""
        return self.counted.ready()

    def one(self, ready: Any, item: np.ndarray, tick: Tick) -> tuple[Past, Arrays]:
        """A chunk of draws: (their ends, counts by predictand (month, cell, draw))."""
        past = self.counted.one(ready, item, tick)
        if past.months is None:
            raise RuntimeError("a past that was asked for whole came without its months")
        return past.end(), _told(self.counted.corridor, past.months, len(item))


@dataclass(frozen=True)
class Before:
    """The months ahead: what the runs count."""

    ahead: Ahead

    def ready(self) -> Any:
        """As of what is run."""
        return self.ahead.ready()

    def one(self, ready: Any, item: np.ndarray, tick: Tick) -> Arrays:
        """A chunk of members: counts by predictand (month, cell, member)."""
        return _told(self.ahead.corridor, self.ahead.one(ready, item, tick), len(item))


@dataclass(frozen=True)
class Still(Ahead):
    """Members whose weather moves on without shocks."""

    def chunk(self, members: np.ndarray) -> Chunk:
        """Members with such weather, one month more than is run."""
        corridor, posterior = _calm(self.corridor, self.posterior)
        months = len(self.forcing.months) + 1
        return posterior.future(corridor, members, months, self.seed)


def _calm(corridor: Corridor, posterior: Posterior) -> tuple[Any, Posterior]:
    """Both with weather that moves without shocks, towards its slow mean only."""
    calm = {k: replace(v, sd=0.0) for k, v in corridor.processes.items()}
    return SimpleNamespace(priors=corridor.priors, processes=calm), replace(posterior, sd={})


def _joined(told: Sequence[Arrays]) -> Arrays:
    """Chunks side by side."""
    return {n: np.concatenate([one[n] for one in told], -1) for n in told[0]}


def _told(corridor: Corridor, months: Months, members: int) -> Arrays:
    """Each predictand of each completed month, (month, cell, member)."""
    by_month = [
        {k: v[i][..., :members] for k, v in months.tallies.items()}
        for i in range(len(months.people))
    ]
    return {p.name: np.stack([p.predict(t) for t in by_month]) for p in corridor.predictands()}
