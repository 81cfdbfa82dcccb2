"""Forecasts from every past month, and what came: the whole comparison, resumable pass by pass.

    1  constants: for every year of origins, learned from counts published at the first of them, with
       priors as known then; for years of origins before the first that is scored, the priors
       themselves. The first year tries every constant, later ones those of which counts had something
       to say then
    2  passes (`hindcast`): weather learned as counts came out, the corridor run on from each origin,
       blind and with the later calendar of policies
    3  correction (`correct`): what earlier forecasts taught about runs by then
    4  baselines on the same counts, and scores (`skill`)

Each set of constants and each pass is kept as a file, named after all that it rests on; a backtest
that was stopped goes on from there. What no vintage records: counts are taken as last revised.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from caudal.compute.content import Corridor
from caudal.compute.forcing import month_ends
from caudal.compute.store import kept
from caudal.engine.observation import Predictand
from caudal.engine.priors import Prior
from caudal.forecast import baselines, correct, skill
from caudal.forecast.baselines_counts import gaussian
from caudal.forecast.baselines_walk import PLAIN
from caudal.forecast.hindcast import Pass, hindcast, lateness
from caudal.forecast.vintage import Mode, Vintage
from caudal.learn.constants import Moved, draw
from caudal.learn.fit import SAID, first_counted, learn_constants, rests_on
from caudal.learn.smoother import Arrays, Settings

HORIZONS = 12
YEAR = 12
WARM_UP = 24
"""Months of forecasts before the first that is scored; the correction learns from them."""
MODES: tuple[Mode, ...] = ("blind", "aware")
SCORED = "nationality"

Progress = Callable[[str, int, int], None]


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
) -> Hindcasts:
    """Every forecast from `first_origin` to `last_origin` (first days of months), and the warm-up.

    work  folder for what is finished; None: nothing is kept
    """
    settings = settings or Settings()
    number = {end: i for i, end in enumerate(month_ends(corridor.begins, 240))}
    first, last = (number[_next(day)] for day in (first_origin, last_origin))
    whole = corridor.observed(corridor.begins, date(2100, 1, 1))
    counted = whole.last("unit") + 1
    parts = warm_up(corridor, first, settings, work, progress)
    names: frozenset[str] | None = None
    for start in range(first, last + 1, YEAR):
        moved = constants(corridor, start, names, settings, work, progress)
        names = names or moved.spoken_of(SAID)
        priors = known_priors(corridor, start)
        z = draw(priors, moved, settings.members, settings.seed)
        origins = range(start, min(start + YEAR - 1, last) + 1)
        parts.append(one_pass(corridor, origins, z, priors, settings, work, progress))
    predictands = corridor.predictands()
    counts = {p.name: p.observe(whole.arrays)[:counted] for p in predictands}
    known = Vintage(corridor, last + 2).counts(last)
    held = {p.name: p.observe(known.arrays) for p in predictands}

    def months(values: np.ndarray) -> int:
        return int(np.isfinite(values[: last + 1]).all(1).sum())

    late = {name: months(values) - months(held[name]) for name, values in counts.items()}
    return Hindcasts(corridor, Pass.joined(parts), counts, late, first)


def forecasts(made: Hindcasts, progress: Progress | None = None) -> list[skill.Forecasts]:
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
        made.corridor, origins.tolist(), HORIZONS, telling(progress, "baselines")
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
    corridor: Corridor, first: int, settings: Settings, work: Path | None, progress: Progress | None
) -> list[Pass]:
    """The passes before the first origin that is scored, which teach the correction, year by year.

    Constants are drawn from the priors known at a pass's first origin.
    """
    whole = corridor.observed(corridor.begins, date(2100, 1, 1))
    begins = max(first - WARM_UP, first_counted(whole) + YEAR, whole.first("nationality_unit"))
    made = []
    for start in range(begins, first, YEAR):
        priors = known_priors(corridor, start)
        z = prior_positions(corridor, start, settings)
        origins = range(start, min(start + YEAR, first))
        made.append(one_pass(corridor, origins, z, priors, settings, work, progress))
    return made


def one_pass(
    corridor: Corridor, origins: range, z: Arrays, priors: Mapping[str, Prior], settings: Settings,
    work: Path | None, progress: Progress | None,
) -> Pass:  # fmt: skip
    """Forecasts in all modes from months in a row, kept as a file."""
    start, end = origins[0], origins[-1]
    key = {"z": fingerprint(z), "origins": [start, end], **rests_on_all(corridor, settings)}
    tell = telling(progress, f"origins {start}–{end}")

    def make() -> Arrays:
        made = hindcast(corridor, priors, z, origins, HORIZONS, MODES, settings, tell)
        return made.arrays()

    return Pass.of(kept(work, "pass", key, make))


def known_priors(corridor: Corridor, month: int) -> dict[str, Prior]:
    """Priors as known at a month's end."""
    day = month_ends(corridor.begins, month + 1)[-1]
    return {name: prior.as_known(day) for name, prior in corridor.priors.items()}


def prior_positions(corridor: Corridor, month: int, settings: Settings) -> Arrays:
    """Positions of the constants drawn from those priors, (*dims, member)."""
    given = known_priors(corridor, month).items()
    return {k: np.moveaxis(p.positions(settings.members, settings.seed), 0, -1) for k, p in given}


def constants(
    corridor: Corridor, origin: int, names: Collection[str] | None, settings: Settings,
    work: Path | None, progress: Progress | None,
) -> Moved:  # fmt: skip
    """Posterior of the constants, from what was published at an origin."""

    def make() -> Arrays:
        vintage = Vintage(corridor, origin + 2)
        counts = vintage.counts(origin)
        late = lateness(counts, corridor.observed(counts.start, vintage.ends()[-1]), origin)
        return learn_constants(
            corridor, known_priors(corridor, origin), vintage.history(origin + 1), counts,
            (first_counted(counts), origin + 1), settings, names=names,
            targets=False, late=late, progress=progress,
        ).arrays()  # fmt: skip

    key = {"origin": origin, "names": sorted(names or ()), **rests_on_all(corridor, settings)}
    return Moved.of(kept(work, "constants", key, make))


def rests_on_all(corridor: Corridor, settings: Settings) -> dict[str, Any]:
    """All that decides a pass: data, model, learning, this code, settings."""
    digest = hashlib.sha256()
    for name in ("hindcast.py", "vintage.py"):
        digest.update(Path(__file__).with_name(name).read_bytes())
    return {**rests_on(corridor, settings), "forecast": digest.hexdigest()[:12]}


def fingerprint(z: Mapping[str, np.ndarray]) -> str:
    """A short hash of positions of constants."""
    digest = hashlib.sha256()
    for name in sorted(z):
        digest.update(name.encode() + np.asarray(z[name], np.float32).tobytes())
    return digest.hexdigest()[:12]


def _next(day: date) -> date:
    return month_ends(day.replace(day=1), 1)[0]


def telling(progress: Progress | None, label: str) -> Callable[[int, int], None]:
    """The progress of one stage, told under its label."""

    def tell(done: int, of: int) -> None:
        if progress is not None:
            progress(label, done, of)

    return tell
