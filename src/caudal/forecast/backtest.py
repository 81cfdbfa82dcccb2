"""Forecasts from every past month, and what came: the whole comparison, resumable pass by pass.

    1  constants: for every year of origins, learned from counts published at the first of them, with
       priors as known then; for years of origins before the first that is scored, the priors
       themselves. The first year tries every constant, later ones those of which counts had something
       to say then
    2  passes (`hindcast`): weather learned as counts came out, the corridor run on from each origin,
       blind and with the later calendar of policies
    3  correction (`correct`): what earlier forecasts taught about runs by then
    4  baselines on the same counts, and scores (`skill`)

Passes, and constants of other years than the first, do not wait for one another: they are done at the
same time, on any engine, and kept as they are finished (`stages`). What no vintage records: counts are
taken as last revised.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from caudal.compute.content import Corridor
from caudal.compute.engines import Workers, engine_of
from caudal.compute.forcing import month_ends
from caudal.engine.observation import Predictand
from caudal.forecast import baselines, correct, skill
from caudal.forecast.baselines_counts import gaussian
from caudal.forecast.baselines_walk import PLAIN
from caudal.forecast.hindcast import Pass
from caudal.forecast.stages import (
    HORIZONS,
    MODES,
    Constants,
    Origins,
    Progress,
    finished,
    known_priors,
    telling,
    warm_up_parts,
)
from caudal.forecast.vintage import Mode, Vintage
from caudal.learn.constants import Moved, draw
from caudal.learn.fit import SAID
from caudal.learn.smoother import Arrays, Settings

YEAR = 12
WARM_UP = 24
"""Months of forecasts before the first that is scored; the correction learns from them."""
SCORED = "nationality"


@dataclass(frozen=True)
class Hindcasts:
    """Every pass, one after the other; counts on the natural scale by predictand (month, cell)."""

    corridor: Corridor
    passes: Pass
    counts: Arrays
    late: Mapping[str, int]
    first: int

    def run(self, predictand: Predictand, mode: Mode) -> correct.Run:
        """What the runs said of a predictand."""
        name = predictand.name
        return correct.read(
            predictand,
            self.passes.ahead[mode][name],
            self.passes.still[mode][name],
            self.passes.fitted[name][:, 0],
        )

    def corrected(self, predictand: Predictand, mode: Mode) -> np.ndarray:
        """Forecast draws from the scored origins, log1p, (origin, cell, horizon, draw)."""
        name = predictand.name
        return correct.rolling(
            self.run(predictand, mode), self.counts[name], self.passes.origins, self.first,
            self.late[name],
        )[0]  # fmt: skip

    def came(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """log1p of the counts that came, (origin, cell, horizon), and of the last, (origin, cell)."""
        origins = self.passes.origins[self.passes.origins >= self.first]
        months = origins[:, None] + np.arange(1, HORIZONS + 1)
        logs = np.log1p(self.counts[name])
        inside = np.minimum(months, len(logs) - 1)
        came = np.where((months < len(logs))[..., None], logs[inside], np.nan)
        return came.swapaxes(1, 2), logs[origins]


def hindcasts(
    corridor: Corridor,
    first_origin: date,
    last_origin: date,
    settings: Settings | None = None,
    work: Path | None = None,
    progress: Progress | None = None,
    workers: Workers = 2,
) -> Hindcasts:
    """Every forecast from `first_origin` to `last_origin` (first days of months), and the warm-up.

    work     folder for what is finished; None: nothing is kept
    workers  how many, or an engine; nothing but the time depends on it
    """
    settings, engine = settings or Settings(), engine_of(workers)
    number = {end: i for i, end in enumerate(month_ends(corridor.begins, 240))}
    first, last = (number[_next(day)] for day in (first_origin, last_origin))
    whole = corridor.observed(corridor.begins, date(2100, 1, 1))
    counted = whole.last("unit") + 1
    years = list(range(first, last + 1, YEAR))

    def made(label: str, *parts: Constants | Origins) -> list[Arrays]:
        return finished(corridor, parts, settings, engine, work, progress, label)

    def origins(start: int, learned: Arrays) -> Origins:
        z = draw(known_priors(corridor, start), Moved.of(learned), settings.members, settings.seed)
        return Origins(start, min(start + YEAR - 1, last), z)

    before = warm_up_parts(corridor, first, WARM_UP, settings)
    *warm, learned = made("warm-up, constants of the first year", *before, Constants(first))
    names = tuple(sorted(Moved.of(learned).spoken_of(SAID)))
    others = [Constants(start, names) for start in years[1:]]
    one, *moved = made("first year, constants of others", origins(first, learned), *others)
    rest = made("other years", *map(origins, years[1:], moved))
    parts = [Pass.of(arrays) for arrays in (*warm, one, *rest)]
    predictands = corridor.predictands()
    counts = {p.name: p.observe(whole.arrays)[:counted] for p in predictands}
    known = Vintage(corridor, last + 2).counts(last)
    held = {p.name: p.observe(known.arrays) for p in predictands}

    def months(values: np.ndarray) -> int:
        return int(np.isfinite(values[: last + 1]).all(1).sum())

    late = {name: months(values) - months(held[name]) for name, values in counts.items()}
    return Hindcasts(corridor, Pass.joined(parts), counts, late, first)


def forecasts(
    made: Hindcasts, progress: Progress | None = None, workers: Workers = 2
) -> list[skill.Forecasts]:
    """What is scored: all nationalities and the total against every baseline, the rest against two."""
    out = []
    origins = made.passes.origins[made.passes.origins >= made.first]
    total, *others = made.corridor.predictands()
    named = next(p for p in others if p.name == SCORED)
    came, last = (
        np.concatenate(pair, 1)
        for pair in zip(made.came(SCORED), made.came(total.name), strict=True)
    )
    sizes = np.nansum(made.counts[SCORED][made.first - 2 * YEAR : made.first], 0)
    targets, groups = skill.nationality_targets(sizes)
    theirs = baselines.all_origins(
        made.corridor, origins.tolist(), HORIZONS, telling(progress, "baselines"), workers
    )
    for mode in MODES:
        draws = np.concatenate([made.corrected(named, mode), made.corrected(total, mode)], 1)
        fair = {k: v for k, v in theirs.items() if mode == "aware" or k not in baselines.AWARE}
        out.append(skill.Forecasts(mode, {skill.OURS: draws, **fair}, came, last, targets, groups))
        for predictand in others:
            if predictand.name != SCORED:
                out.append(_small(made, predictand, mode))
    return out


def _small(made: Hindcasts, predictand: Predictand, mode: Mode) -> skill.Forecasts:
    """A set of series against the log random walk alone."""
    draws = made.corrected(predictand, mode)
    came, last = made.came(predictand.name)
    origins = made.passes.origins[made.passes.origins >= made.first]
    logs, rng = np.log1p(made.counts[predictand.name]).T, np.random.default_rng(0)
    ahead = [PLAIN.ahead(logs[:, : m + 1], HORIZONS) for m in origins]
    walk = np.stack([gaussian(mean, sd, draws.shape[-1], rng) for mean, sd in ahead])
    targets = {predictand.name: list(range(len(predictand.labels)))}
    if len(predictand.labels) > 1:
        targets |= {f"{predictand.name}:{label}": [i] for i, label in enumerate(predictand.labels)}
    made_of = {skill.OURS: draws, "log_random_walk": walk}
    return skill.Forecasts(mode, made_of, came, last, targets, {})


def latest(made: Hindcasts, mode: Mode = "blind") -> dict[str, correct.Correction]:
    """What all forecasts so far teach about runs, by predictand: for the forecasts to come."""
    return {
        p.name: correct.latest(made.run(p, mode), made.counts[p.name], made.passes.origins)
        for p in made.corridor.predictands()
    }


def warm_up(
    corridor: Corridor, first: int, settings: Settings, work: Path | None,
    progress: Progress | None, workers: Workers = 2,
) -> list[Pass]:  # fmt: skip
    """The passes before the first origin that is scored, which teach the correction, year by year."""
    parts = warm_up_parts(corridor, first, WARM_UP, settings)
    made = finished(corridor, parts, settings, engine_of(workers), work, progress, "warm-up")
    return [Pass.of(arrays) for arrays in made]


def constants(
    corridor: Corridor, origin: int, names: Collection[str] | None, settings: Settings,
    work: Path | None, progress: Progress | None, workers: Workers = 2,
) -> Moved:  # fmt: skip
    """Posterior of the constants, from what was published at an origin."""
    part = Constants(origin, tuple(sorted(names)) if names else None)
    engine = engine_of(workers)
    (made,) = finished(corridor, [part], settings, engine, work, progress, "constants")
    return Moved.of(made)


def _next(day: date) -> date:
    return month_ends(day.replace(day=1), 1)[0]
