"""Assimilation: each month's counts move the weather, and so the whole corridor.

A fixed-lag smoother by randomised maximum likelihood. Every member has its own constants, its own
draw of the innovations ε and its own draw e of the counts' errors. A month is run; then the
innovations of the last months move to where prior and counts balance for that member, block by block
(`update`), and those months are run again. How counts answer to innovations is learned from pairs of
runs that differ in their innovations only, so that constants cannot be mistaken for weather (Oliver,
He and Reynolds 1996; Chen and Oliver 2012). Stocks are never edited: every member remains a run of
the model in which people are conserved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from caudal.compute.content import Corridor
from caudal.engine.observation import Block
from caudal.engine.priors import Prior
from caudal.engine.simulate import Chunk, Forcing, Months, Simulator, State
from caudal.engine.weather import Path, Process, shocks
from caudal.learn.update import Sky, update

Arrays = dict[str, np.ndarray]

NUDGED = 96
"""Members from whose pairs of runs the answer of counts to innovations is regressed, at least."""


@dataclass(frozen=True)
class Settings:
    """How to learn.

    members   ensemble size; chunk: members per compiled call
    lag       months of innovations that a month's counts may move
    window    months over which the spread of departures' changes is measured
    spread    multiplies that spread
    variance  multiplies every innovation's variance: the freedom that the weather is given
    drawn     whether members draw innovations and errors of counts; without, each member finds the
              likeliest weather given its constants
    """

    members: int = 96
    chunk: int = 48
    lag: int = 2
    seed: int = 20180101
    window: int = 24
    spread: float = 1.1
    least_sd: float = 0.1
    most_sd: float = 1.0
    nudge: float = 0.5
    threads: int = 2
    variance: float = 1.0
    drawn: bool = True


@dataclass
class Learned:
    """What the smoother hands on, arrays with the member last.

    z         parameter → standard-normal positions (*dims, member)
    weather   name → (month, *dims, member)
    paths     name → level and slow mean at the end
    sd        adaptive process → its innovation sd at the end, (*dims,)
    """

    z: Arrays
    weather: Arrays
    paths: dict[str, Path]
    sd: Arrays


class Smoother:
    """Learns a corridor from its counts, month by month; `run` goes through the history."""

    def __init__(
        self,
        corridor: Corridor,
        forcing: Forcing,
        settings: Settings,
        priors: Mapping[str, Prior] | None = None,
        z: Arrays | None = None,
        processes: Mapping[str, Process] | None = None,
    ) -> None:
        self.corridor, self.forcing, self.settings = corridor, forcing, settings
        self.model = corridor.model
        self.priors = dict(priors or corridor.priors)
        self.processes = dict(processes or corridor.processes)
        self.simulator = Simulator(self.model, months=1)
        self.members = np.arange(settings.members)
        self.dims = {
            w.name: self.model.shape(w.dims) for m in self.model.mechanisms for w in m.weather
        }
        self.z = z or {
            k: np.moveaxis(v.positions(settings.members, settings.seed), 0, -1)
            for k, v in self.priors.items()
        }
        months = len(forcing.months) + 1
        self.weather = {
            k: np.zeros((months, *d, settings.members), np.float32) for k, d in self.dims.items()
        }
        self.misfit: dict[int, list[np.ndarray]] = {}
        self.surprise: dict[int, list[np.ndarray]] = {}
        self.innovations: dict[int, Arrays] = {}
        self.blocks: Sequence[Block] = corridor.blocks()

    def run(
        self,
        observed: Any,
        first: int,
        last: int,
        spread: Callable[[int], Arrays],
        after: Callable[[int, Smoother], None] | None = None,
        progress: Callable[[int, int], None] | None = None,
        late: Mapping[str, int] | None = None,
    ) -> Learned:
        """Assimilate months first … last − 1 (numbers since the forcing's start).

        late: count → after how many further months it is published; others are out with the first.

        spread(month) gives the innovation sd of adaptive processes by what was known before that
        month; after(month, self) is called when a month's counts are taken in.
        """
        lag = self.settings.lag
        self.paths = {
            k: Path(np.zeros((*d, len(self.members))), np.zeros((*d, len(self.members))))
            for k, d in self.dims.items()
        }
        base = self._advance(self._start(), 0, first)[0]
        base_paths, base_month = self.paths, first
        self.sd: dict[int, Arrays] = {}
        self.drawn: dict[int, Arrays] = {}
        self.errors: dict[int, list[np.ndarray]] = {}
        for month in range(first, last):
            self.sd[month] = spread(month)
            self.drawn[month] = self._draw(month, month == first)
            self.innovations[month] = {k: v.copy() for k, v in self.drawn[month].items()}
            self._assimilate(base, base_paths, base_month, month, observed, late or {})
            self.paths = self._move(base_paths, base_month, month + 1)
            if month - base_month + 1 >= lag:
                base, settled = self._advance(base, base_month, base_month + 1)
                self.misfit[base_month] = self._misfit(settled[0], observed, base_month)
                base_paths = self._move(base_paths, base_month, base_month + 1)
                base_month += 1
            self.base = base, base_paths, base_month
            if after is not None:
                after(month, self)
            if progress is not None:
                progress(month - first + 1, last - first)
        # one month more, drawn: those who set out late in the last month arrive in it
        self.sd[last] = spread(last)
        self.innovations[last] = self._draw(last, False)
        self.paths = self._move(base_paths, base_month, last + 1)
        return Learned(self.z, self.weather, self.paths, self.sd[last])

    def chunk(self, numbers: np.ndarray) -> Chunk:
        """Parameters and weather of some members, as the engine wants them."""
        p = {
            k: v.value(v.centre[..., None] + v.sd * self.z[k][..., numbers])
            for k, v in self.priors.items()
        }
        weather = {k: v[..., numbers] for k, v in self.weather.items()}
        # histories that are to differ by their constants only share the noise of their days
        noise = numbers if self.settings.drawn else np.zeros_like(numbers)
        return Chunk(noise, p, weather)

    def _start(self) -> list[State]:
        rules = list(self.forcing.rules)
        return [self.simulator.start(len(n), rules, self.chunk(n).p) for n in self._numbers()]

    def _numbers(self) -> list[np.ndarray]:
        size = self.settings.chunk
        return [self.members[i : i + size] for i in range(0, len(self.members), size)]

    def _advance(
        self, states: list[State], first: int, until: int, forcing: Forcing | None = None
    ) -> tuple[list[State], list[Arrays]]:
        """Run months first … until − 1 from states: the states after, each month's tallies."""
        if until <= first:
            return states, []
        forcing = forcing or self.forcing
        start, length = forcing.months[until - 1]

        def one(job: tuple[np.ndarray, State]) -> tuple[State, Months]:
            numbers, state = job
            return self.simulator.advance(
                state, self.chunk(numbers), forcing, start + length, self.settings.seed
            )

        with ThreadPoolExecutor(self.settings.threads) as pool:
            done = list(pool.map(one, zip(self._numbers(), states, strict=False)))
        tallies = [
            {k: np.concatenate([m.tallies[k][i] for _, m in done], -1) for k in done[0][1].tallies}
            for i in range(until - first)
        ]
        return [s for s, _ in done], tallies

    def ahead(
        self, forcing: Forcing, month: int, sd: Arrays, horizons: int, still: bool = False
    ) -> tuple[list[Arrays], list[Arrays]]:
        """Tallies of the last months as fitted, and of `horizons` months from `month` run on.

        still: no shocks come, and the first chunk of members will do.

        The run ahead is under another forcing. The last months are run again under it, for some who
        arrive in the first month set out in them. The weather moves by fresh innovations of spread
        `sd`, which are forgotten again. A month more is drawn than is run, as the last leans to it.
        """
        base, paths, first = self.base
        kept, until = self.innovations, month + horizons
        after = range(month, min(until + 1, len(forcing.months) + 1))
        self.sd |= dict.fromkeys(after, sd)
        drawn = {m: self._draw(m, False) for m in after}
        if still:
            drawn = {m: {k: np.zeros_like(v) for k, v in d.items()} for m, d in drawn.items()}
        self.innovations = {**kept, **drawn}
        self._move(paths, first, after[-1] + 1)
        tallies = self._advance(base[:1] if still else base, first, until, forcing)[1]
        self.innovations = kept
        return tallies[: month - first], tallies[month - first :]

    def _misfit(self, run: Arrays, observed: Any, month: int) -> list[np.ndarray]:
        """What a month as fitted leaves over of its counts, (cell, count, member) in error sds."""
        counts = {k: v[month] for k, v in observed.arrays.items()}
        errors = [block.observe(counts)[1][..., None] for block in self.blocks]
        off = self._off(run, observed, month)
        return [o / e for o, e in zip(off, errors, strict=True)]

    def _off(self, run: Arrays, observed: Any, month: int) -> list[np.ndarray]:
        """How far a month's run is from its counts, (cell, count, member) by block; NaN = no count."""
        counts = {k: v[month] for k, v in observed.arrays.items()}
        return [b.predict(run) - b.observe(counts)[0][..., None] for b in self.blocks]

    def _draw(self, month: int, start: bool) -> Arrays:
        drawn = {}
        for name, process in self.processes.items():
            seed = self.settings.seed
            if not self.settings.drawn:
                drawn[name] = np.zeros((*self.dims[name], len(self.members)))
                continue
            shock = shocks(name, process, self.dims[name], seed, month, self.members)
            sd = process.start_sd if start and process.start_sd else self._sd(month, name)
            drawn[name] = shock.astype(np.float64) * sd
        return drawn

    def _sd(self, month: int, name: str) -> np.ndarray | float:
        adaptive = self.sd[month].get(name)
        sd = self.processes[name].sd if adaptive is None else adaptive[..., None]
        return sd * np.sqrt(self.settings.variance)

    def _move(self, paths: dict[str, Path], first: int, until: int) -> dict[str, Path]:
        """Carry paths over months first … until − 1, writing their weather.

        The month after is written as if no shock came.
        """
        for month in range(first, until):
            moved = self.innovations[month]
            paths = {k: p.step(self.processes[k], 1.0, moved[k]) for k, p in paths.items()}
            for name, path in paths.items():
                self.weather[name][month] = path.level
        for name, path in paths.items():
            if until < len(self.weather[name]):
                still = path.step(self.processes[name], 0.0, np.zeros(1))
                self.weather[name][until] = still.level
        return paths

    def _assimilate(
        self, base: list[State], paths: dict[str, Path], first: int, month: int, observed: Any,
        late: Mapping[str, int],
    ) -> None:  # fmt: skip
        """Move the innovations of months first … month towards those months' counts."""
        window = range(first, month + 1)
        kept = self.innovations
        rng = np.random.Generator(np.random.Philox(key=[self.settings.seed, month]))
        nudges = {
            m: {
                k: rng.standard_normal(v.shape) * self.settings.nudge * self.scale(m, k)
                for k, v in kept[m].items()
            }
            for m in window
        }
        self._move(paths, first, month + 1)
        plain = self._advance(base, first, month + 1)[1]
        self.surprise[month] = self._off(plain[-1], observed, month)
        self.innovations = kept | {
            m: {k: v + nudges[m][k] for k, v in kept[m].items()} for m in window
        }
        self._move(paths, first, month + 1)
        pairs = -(-NUDGED // self.settings.chunk)
        nudged = self._advance(base[:pairs], first, month + 1)[1]
        self.innovations = kept
        counts = [
            {
                k: v[m] if m + late.get(k, 0) <= month else np.full_like(v[m], np.nan)
                for k, v in observed.arrays.items()
            }
            for m in window
        ]
        # by their size when they are out; what is not out yet is not compared
        self._draw_errors(month, {k: v[month] for k, v in observed.arrays.items()})
        sizes = {
            m: {k: self.scale(m, k) * np.ones_like(v) for k, v in kept[m].items()} for m in window
        }
        sky = Sky({m: kept[m] for m in window}, {m: self.drawn[m] for m in window}, nudges, sizes)
        for number, block in enumerate(self.blocks):
            noise = np.stack([self.errors[m][number] for m in window], 1)
            update(block, counts, noise, plain, nudged, sky)

    def _draw_errors(self, month: int, counts: Arrays) -> None:
        rng = np.random.Generator(np.random.Philox(key=[self.settings.seed + 1, month]))
        self.errors[month] = []
        for block in self.blocks:
            _, error = block.observe(counts)
            drawn = rng.standard_normal((*error.shape, len(self.members))) * error[..., None]
            self.errors[month].append(drawn * self.settings.drawn)

    def scale(self, month: int, name: str) -> np.ndarray:
        """Prior sd of the innovation of a month, broadcast against (*dims, member)."""
        process = self.processes[name]
        if month == min(self.drawn) and process.start_sd:
            return np.asarray(process.start_sd)
        return np.asarray(self._sd(month, name))
