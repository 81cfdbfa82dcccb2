"""The runs of a comparison: the base's history, and one fork of it for each scenario and weather.

A base whose history this process keeps is not played again (`caudal.compute.kept`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from caudal.ask.compare_asked import WEATHERS, Arm, Asked
from caudal.ask.compare_jumps import Jump, without
from caudal.ask.compared import Measure
from caudal.compute.chunks import CHUNK
from caudal.compute.engines import Engine, in_order
from caudal.compute.engines.work import Progress, Tick
from caudal.compute.fork import Course, History, differs
from caudal.compute.kept import kept
from caudal.compute.posterior import Posterior
from caudal.compute.run import Runnable
from caudal.engine.simulate import Chunk

INFERRED, CALM = WEATHERS
Told = dict[tuple[int, str], np.ndarray]
"""(arm, weather) → its outcomes by month, (outcome, member, month)."""


@dataclass(frozen=True)
class Plan:
    """What is run: every arm under every weather, chunk by chunk; `jumps` of each arm's weather."""

    corridor: Runnable
    asked: Asked
    measures: tuple[Measure, ...]
    jumps: Sequence[Sequence[Jump]]

    def run(
        self, independent: bool, engine: Engine, progress: Progress | None
    ) -> tuple[Told, dict[int, np.ndarray]]:
        """Every arm under every weather, and each scenario with independent draws if asked for."""
        n = self.asked.members
        parts = [np.arange(i, min(i + CHUNK, n)) for i in range(0, n, CHUNK)]
        items = [(part, others) for others in (False, True)[: 1 + independent] for part in parts]
        steps = self._steps(independent)
        done = in_order(engine.map(self, items, steps=steps, progress=progress))
        return _side_by_side(done[: len(parts)]), _side_by_side(done[len(parts) :])

    def ready(self) -> None:
        """Compile before threads would each do it at the same time."""
        first = np.arange(min(CHUNK, self.asked.members))
        if self._kept(first) is None:
            self._history(first, self.asked.arms[0], self.asked.posterior).warm()

    def one(self, ready: None, item: tuple[np.ndarray, bool], tick: Tick) -> dict[Any, np.ndarray]:
        """A chunk of members: paired with the base, or with draws and noise of their own."""
        numbers, others = item
        return self._others(numbers, tick) if others else self._chunk(numbers, tick)

    def _chunk(self, numbers: np.ndarray, tick: Tick) -> dict[Any, np.ndarray]:
        past = self._kept(numbers)
        if past is None:
            past = self._history(numbers, self.asked.arms[0], self.asked.posterior)
            past.play(tick)
        out: Told = {}
        for i, arm in enumerate(self.asked.arms):
            for kind in WEATHERS:
                course = self._course(i, arm, kind)
                if kind == CALM and not self.jumps[i]:
                    if CALM in self.asked.weather:
                        out[i, kind] = out[i, INFERRED]
                elif kind in self.asked.weather or not self.jumps[i]:
                    out[i, kind] = self._told(past, past.fork(course, tick=tick))
        return {k: v for k, v in out.items() if k[1] in self.asked.weather}

    def _course(self, i: int, arm: Arm, kind: str) -> Course:
        base = self.asked.arms[0]
        refix = arm.fixed if set(arm.fixed) | set(base.fixed) else None
        calm = without(self.corridor, self.jumps[i]) if kind == CALM and self.jumps[i] else None

        def change(chunk: Chunk) -> Chunk:
            if refix is not None:  # drawn anew, then fixed as this scenario fixes
                drawn = self.asked.posterior.past(self.corridor, chunk.numbers % self._draws).p
                fixed = {
                    k: np.broadcast_to(v[..., None], drawn[k].shape).astype(np.float32)
                    for k, v in refix.items()
                }
                chunk = chunk._replace(p={**drawn, **fixed})
            return calm(chunk) if calm else chunk

        return Course(arm.forcing, change if calm or refix is not None else None)

    @property
    def _draws(self) -> int:
        return self.asked.posterior.draws

    def _kept(self, numbers: np.ndarray) -> History | None:
        """The base's history where this process has run it already."""
        base, todo = self.asked.arms[0], self.asked
        return kept(
            self.corridor, base.forcing, numbers, seed=todo.seed, sampler=todo.sampler,
            fixed=base.fixed,
        )  # fmt: skip

    def _others(self, numbers: np.ndarray, tick: Tick) -> dict[int, np.ndarray]:
        """Each scenario under the next member's draw and noise of another seed."""
        shifted = _shifted(self.asked.posterior)
        out = {}
        for i, arm in enumerate(self.asked.arms[1:], 1):
            past = self._history(numbers, arm, shifted, self.asked.seed + 1)
            out[i] = self._told(past, past.play(tick))
        return out

    def _history(
        self, numbers: np.ndarray, arm: Arm, posterior: Posterior, seed: int | None = None
    ) -> History:
        todo = self.asked
        start = arm.forcing.start
        stops = [(a.parts - start).days for a in todo.arms if a.parts is not None]
        return History(
            self.corridor, posterior, arm.forcing, numbers, fixed=arm.fixed, sampler=todo.sampler,
            stops=stops, seed=todo.seed if seed is None else seed,
        )  # fmt: skip

    def _told(self, past: History, months: Any) -> np.ndarray:
        ds = past.dataset(months, self.asked.start)
        return np.stack([m.monthly(ds) for m in self.measures]).astype(np.float32)

    def _steps(self, independent: bool) -> int:
        """About how often a chunk ticks."""
        todo, base = self.asked, self.asked.arms[0].forcing
        stops = [sum(month) for month in base.months[11::12]] + [base.days]
        total = len(stops)
        for i, arm in enumerate(todo.arms):
            parts = differs(base, arm.forcing)
            runs = int(i > 0 and INFERRED in todo.weather) + int(bool(self.jumps[i]))
            total += runs * sum(stop > parts for stop in stops)
        return max(total, (len(todo.arms) - 1) * len(stops) * independent)


def _shifted(posterior: Posterior) -> Posterior:
    """The same draws, each in the place of the one before it, with noise of another seed."""

    def roll(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {k: np.roll(v, -1, -1) for k, v in arrays.items()}

    return replace(
        posterior, z=roll(posterior.z), weather=roll(posterior.weather),
        mean=roll(posterior.mean), seed=posterior.seed + 1,
    )  # fmt: skip


def _side_by_side(parts: Sequence[Mapping[Any, np.ndarray]]) -> dict[Any, np.ndarray]:
    return {k: np.concatenate([p[k] for p in parts], 1) for k in (parts[0] if parts else {})}
