"""Truths of the small corridor, and one refit of a truth: where it stands among the draws.

A truth is drawn with its own seed; the refit never sees anything of it but the counts. The place of
a true value among the draws of its posterior is uniform if the learner is right (Cook, Gelman and
Rubin 2006; Talts and others 2018).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from sbc_world import (
    AHEAD,
    BEGINS,
    FEW,
    FIRST,
    LAST,
    LEARNED,
    NATIONALITIES,
    PRIORS,
    PROCESS,
    Counts,
    Small,
    error,
    model,
    shown,
)

from caudal.compute.forcing import forcing, month_ends
from caudal.compute.posterior import Posterior
from caudal.engine.simulate import Chunk, Forcing, Simulator
from caudal.engine.weather import Path, Process, shocks
from caudal.learn import smoother, targets
from caudal.learn.fit import fit
from caudal.learn.smoother import Settings

Arrays = dict[str, np.ndarray]
MONTHS = LAST + AHEAD
LOOKED_AT = (FIRST, FIRST + 6, FIRST + 12, FIRST + 18, LAST - 1)
"""Months whose weather is ranked: the first and last counted, and those between."""


@dataclass(frozen=True)
class Truths:
    """Draws of the prior, the truth last: z (*dims, truth), weather (month, *dims, truth), and what
    would be counted: encounters and stopped, (month, nationality, truth)."""

    z: Arrays
    weather: Arrays
    counts: Arrays

    def corridor(self, number: int, processes: Mapping[str, Process]) -> Small:
        """The corridor as one truth's counts show it; months before and after are missing."""
        arrays = {k: v[:LAST, ..., number].copy() for k, v in self.counts.items()}
        arrays["unit"] = arrays["encounters"].sum(-1, keepdims=True)
        for values in arrays.values():
            values[:FIRST] = np.nan
        return Small(Counts(BEGINS, arrays), processes)


@cache
def simulator(months: int = 1) -> Simulator:
    """The small model, compiled once a process."""
    return Simulator(model(), months=months)


def compiled_once() -> None:
    """Let all smoothers of this process share the compiled model: compiling takes longer than a fit."""

    def shared(_: Any, months: int = 12) -> Simulator:
        return simulator(months)

    for room in (smoother, targets):
        room.Simulator = shared


@cache
def outside() -> Forcing:
    """Law and drivers to the end of the forecasts."""
    small = Small(Counts(BEGINS, {}), PROCESS)
    return forcing(small, small.law, month_ends(BEGINS, MONTHS)[-1])


def simulate(chunk: Chunk, seed: int) -> Arrays:
    """Tallies of every month, (month, 1, nationality, member)."""
    state = simulator().start(len(chunk.numbers), [], chunk.p)
    return simulator().advance(state, chunk, outside(), outside().days, seed)[1].tallies


def truths(number: int, seed: int, processes: Mapping[str, Process] = PROCESS) -> Truths:
    """`number` draws of constants, weather, daily noise and errors of counts."""
    members = np.arange(number)
    z = {k: np.moveaxis(v.positions(number, seed), 0, -1) for k, v in PRIORS.items()}
    p = {k: v.value(v.centre[..., None] + v.sd * z[k]) for k, v in PRIORS.items()}
    weather = {}
    for name, process in processes.items():
        shape = next(model().shape(w.dims) for m in model().mechanisms for w in m.weather
                     if w.name == name)  # fmt: skip
        path, levels = Path(np.zeros((*shape, number)), np.zeros((*shape, number))), []
        for month in range(MONTHS + 1):
            if month >= FIRST:
                sd = process.start_sd if month == FIRST and process.start_sd else process.sd
                path = path.step(process, sd, shocks(name, process, shape, seed, month, members))
            levels.append(path.level)
        weather[name] = np.stack(levels).astype(np.float32)
    tallies = simulate(Chunk(members, p, weather), seed)
    return Truths(z, weather, published(tallies, np.random.default_rng(seed)))


def published(tallies: Arrays, rng: np.random.Generator) -> Arrays:
    """Counts of runs, with the errors that the learner assumes of them."""
    counts = {}
    for name, log in shown(tallies).items():
        sd = error(name, np.exp(log) - FEW)
        counts[name] = np.maximum(0.0, np.exp(log + sd * rng.standard_normal(log.shape)) - FEW)
    return counts


@dataclass(frozen=True)
class Refit:
    """Of every quantity of one refit, by name: the truth, and the draws (draw,) of its posterior.

    inert  sd that the fit gives the inert constant, against a prior of one
    """

    truth: dict[str, float]
    draws: dict[str, np.ndarray]
    inert: float


def some(job: tuple[int, int, int, int, Settings]) -> list[Refit]:
    """Refits first … until − 1 of `number` truths of a seed: a job of `compute.engines.tasks`."""
    number, first, until, seed, settings = job
    compiled_once()
    known = truths(number, seed)
    return [refit(known, i, settings) for i in range(first, until)]


def refit(
    known: Truths, number: int, settings: Settings, processes: Mapping[str, Process] = PROCESS
) -> Refit:
    """Fit the counts of one truth and lay every quantity beside its draws."""
    settings = replace(settings, seed=settings.seed + 1 + number)
    small = known.corridor(number, processes)
    fitted = fit(small, settings)
    truth, draws = beside(known, number, small, fitted.posterior)
    moved = fitted.moved
    # a constant that the first round finds silent is left at its prior
    inert = moved.sd[moved.names.index("inert")] if "inert" in moved.names else 1.0
    return Refit(truth, draws, float(inert))


def beside(
    known: Truths, number: int, small: Small, fitted: Posterior
) -> tuple[dict[str, float], dict[str, np.ndarray]]:
    """The truth and a posterior's draws: constants, weather, counts of the months ahead.

    Names are "group: quantity".
    """
    truth, draws = {}, {}

    def put(name: str, true: np.ndarray, drawn: np.ndarray) -> None:
        """true (*cells,), drawn (*cells, draw)."""
        for cell in np.ndindex(true.shape):
            label = f"{name} {', '.join(NATIONALITIES[i] for i in cell)}".strip()
            truth[label], draws[label] = float(true[cell]), np.asarray(drawn[cell], np.float64)

    for name, prior in PRIORS.items():
        if prior.sd > 0:
            group = "learned" if name in LEARNED else "kept"
            put(f"constants {group}: {name}", known.z[name][..., number], fitted.z[name])
    for name, values in fitted.weather.items():
        for month in LOOKED_AT:
            put(f"{name}: month {month - FIRST + 1}",
                known.weather[name][month, ..., number], values[month])  # fmt: skip
    ahead = fitted.future(small, np.arange(fitted.draws), MONTHS + 1, fitted.seed)
    counts = published(simulate(ahead, fitted.seed), np.random.default_rng(fitted.seed))
    for horizon in range(1, AHEAD + 1):
        month = LAST - 1 + horizon
        came, drawn = known.counts["encounters"][month, :, number], counts["encounters"][month]
        put(f"forecast: horizon {horizon}", came, drawn)
        put(f"forecast: horizon {horizon} all", came.sum(0), drawn.sum(0))
    return truth, draws
