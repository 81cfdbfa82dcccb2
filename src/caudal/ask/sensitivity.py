"""Sensitivity: which unknown constants an outcome hangs on, by SALib's designs over whole runs.

Each row of a design (`ask.indices`) is a member: one draw of what was learned, with the constants that
vary moved to their row's places. All else is the draw's own and the same in every row: its weather, its
chance, the constants that do not vary. With u a row's place in [0, 1] and Φ the normal distribution,

    over prior      z = Φ⁻¹(q)                  over posterior   z = mean + sd Φ⁻¹(q)
    morris          q = 0.05 + 0.9 u            sobol            q = u

z is a constant's place on its prior's standard-normal scale; mean and sd are those of the draws. A
constant with several values (by nationality, by sector) moves as one, all its values by the same q. The
history is run again from the first day in every row, for constants differ from the start.

What is held is part of the answer: the weather was learned beside the draw's own constants, so a row
does not follow the counts, and what a constant would have changed in the weather is not seen. An index
says what the model's outcome hangs on, not how far the counts leave it open; over the posterior it is
nearer to that, but constants that the counts tie together are moved as if they were free.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from caudal.ask.indices import COLUMNS, Method, indices
from caudal.ask.outcomes import Outcome
from caudal.ask.sensitivity_asked import Plan
from caudal.compute.chunks import CHUNK
from caudal.compute.content import Corridor
from caudal.compute.engines import Workers, engine_of
from caudal.compute.engines.work import Kept, Progress, Tick
from caudal.compute.fork import Course, History
from caudal.compute.store import versions
from caudal.engine.priors import Prior
from caudal.engine.simulate import Chunk

TAIL = 0.05
"""Morris moves constants across the middle nine tenths of where they may lie."""


@dataclass(frozen=True)
class Sensitivity:
    """What was found.

    table    a row for each outcome and factor, the one that matters most first: outcome, unit,
             factor, mechanism, the columns of `indices.COLUMNS`, and of a constant `left` (the draws'
             sd in the prior's; 1: the counts taught nothing) and `assumed` (its prior has no source)
    as_learned  outcome → its value under each draw's own constants, (draw,)
    about    how it was asked, what was held, and the versions that it rests on
    """

    table: pd.DataFrame
    as_learned: Mapping[str, np.ndarray]
    about: Mapping[str, Any]


def run(
    corridor: Corridor,
    asked: Plan,
    *,
    workers: Workers = 2,
    progress: Progress | None = None,
    estimate: Callable[[int, float], None] | None = None,
) -> Sensitivity:
    """Run the design and take the indices.

    workers   how many, or an engine; nothing but the time depends on it
    estimate  told once, when each worker has run a chunk: runs in all, seconds they may take
    Raises CaudalError where an outcome is no number in some row.
    """
    engine = engine_of(workers)
    firsts = [None, *range(0, len(asked.design.points), CHUNK)]
    items = [(draw, first) for draw in range(asked.draws) for first in firsts]
    began, parts = time.monotonic(), dict[int, np.ndarray]()
    for index, values in engine.map(Rows(corridor, asked), items, progress=progress):
        parts[index] = values
        if estimate is not None and len(parts) == engine.workers:
            left = len(items) - len(parts)
            estimate(asked.runs, (time.monotonic() - began) * left / engine.workers)
    own = [parts[draw * len(firsts)] for draw in range(asked.draws)]
    by_draw = [
        np.concatenate([parts[first + i] for i in range(1, len(firsts))], axis=1)
        for first in range(0, len(items), len(firsts))
    ]
    table = pd.concat(
        [
            _told(asked, corridor.priors, outcome, [values[i] for values in by_draw])
            for i, outcome in enumerate(asked.outcomes)
        ],
        ignore_index=True,
    )
    as_learned = {
        o.id: np.array([values[i, 0] for values in own]) for i, o in enumerate(asked.outcomes)
    }
    return Sensitivity(table, as_learned, _about(corridor, asked))


@dataclass(frozen=True)
class Rows:
    """Rows of the design under a draw, a chunk of them at a time; None: the draw's own constants.

    The history that they fork from is played once in each process, and the last one is kept.
    """

    corridor: Corridor
    asked: Plan

    def ready(self) -> Kept[int, History]:
        """Histories by draw, two at most."""
        return Kept(2, self._history)

    def one(
        self, ready: Kept[int, History], item: tuple[int, int | None], tick: Tick
    ) -> np.ndarray:
        """Every outcome at the rows from `first` on, (outcome, row)."""
        draw, first = item
        points = None if first is None else self.asked.design.points[first : first + CHUNK]
        return _read(ready[draw], points, self.asked)

    def _history(self, draw: int) -> History:
        asked = self.asked
        past = History(self.corridor, asked.posterior, asked.forcing, np.full(CHUNK, draw),
                       seed=asked.seed, fixed=asked.fixed)  # fmt: skip
        past.warm()
        past.play()
        return past


def _read(past: History, points: np.ndarray | None, asked: Plan) -> np.ndarray:
    """Every outcome at some rows of the design, (outcome, row); under the draw's own, of one member."""
    if points is None:
        months, count = past.play(), 1
    else:
        places, count = _places(asked.design.method, points), len(points)
        padded = np.concatenate([places, np.repeat(places[-1:], CHUNK - count, 0)])

        def change(chunk: Chunk) -> Chunk:
            return chunk._replace(p={**chunk.p, **_moved(past.corridor.priors, padded, asked)})

        months = past.fork(Course(asked.forcing, change))
    ds = past.dataset(months, asked.period[0]).isel(member=slice(0, count))
    return np.stack([outcome.of(ds, asked.period) for outcome in asked.outcomes])


def _places(method: Method, points: np.ndarray) -> np.ndarray:
    """Standard-normal quantiles of a design's points, of the same shape."""
    q = TAIL + (1 - 2 * TAIL) * points if method == "morris" else np.clip(points, 1e-6, 1 - 1e-6)
    return ndtri(q)


def _moved(priors: Mapping[str, Prior], places: np.ndarray, asked: Plan) -> dict[str, np.ndarray]:
    """The constants that vary at (member, name) quantiles: name → (*dims, member)."""
    out = {}
    for i, name in enumerate(asked.design.names):
        prior, z = priors[name], places[:, i]
        if asked.over == "posterior":
            draws = asked.posterior.z[name].astype(np.float64)
            z = draws.mean(-1)[..., None] + draws.std(-1)[..., None] * z
        value = prior.value(prior.centre[..., None] + prior.sd * z)
        out[name] = np.broadcast_to(value, (*prior.centre.shape, len(places)))
    return out


def _told(
    asked: Plan, priors: Mapping[str, Prior], outcome: Outcome, values: Sequence[np.ndarray]
) -> pd.DataFrame:
    """Rows of one outcome: the mean over draws, and an interval that holds those of all draws."""
    each = [indices(asked.design, v) for v in values]
    table = sum(each[1:], start=each[0]) / len(each)
    for column in table.columns:
        if column.endswith(("_low", "_high")):
            over = pd.concat([one[column] for one in each], axis=1)
            table[column] = over.min(axis=1) if column.endswith("_low") else over.max(axis=1)
    first = "mu_star" if asked.design.method == "morris" else "total"
    table = table.sort_values(first, ascending=False, kind="stable").reset_index()
    table.insert(0, "outcome", outcome.id)
    table.insert(1, "unit", outcome.unit)
    single = asked.by == "constant"
    mechanism = [priors[f].mechanism if single else f for f in table["factor"]]
    table.insert(3, "mechanism", mechanism)
    if single:
        draws = asked.posterior.z
        table["left"] = [float(draws[f].std(-1, ddof=1).mean()) for f in table["factor"]]
        table["assumed"] = [priors[f].assumed for f in table["factor"]]
    return table


def _about(corridor: Corridor, asked: Plan) -> dict[str, Any]:
    method = asked.design.method
    unit = "in the outcome's unit" if method == "morris" else "as shares of the outcome's variance"
    held = [
        f"Indices are {unit}, mean of {asked.draws} draw{'s' if asked.draws > 1 else ''}; intervals "
        "are 95 % of the design's own error, and hold those of all draws.",
        "Held: weather and chance as they were learned beside the draw's own constants, and every "
        "constant that does not vary. So no row follows the counts, and what a constant would have "
        "changed in the weather is not seen.",
        "A constant with several values (by nationality, by sector) moves as one.",
    ]
    return {
        "method": method, "over": asked.over, "by": asked.by, "runs": asked.runs,
        "draws": asked.draws, "seed": asked.seed, "scenario": asked.scenario,
        "from": f"{asked.period[0]:%Y-%m}", "to": f"{asked.period[1]:%Y-%m}",
        "columns": list(COLUMNS[method]), "held": held, **versions(corridor),
    }  # fmt: skip
