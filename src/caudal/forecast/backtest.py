"""Forecasts from every past month, and what came: the whole comparison, resumable pass by pass.

    1  constants: for every year of origins, learned from counts published at the first of them, with
       priors as known then; for origins before the first that is scored, the priors themselves
    2  passes (`hindcast`): weather learned as counts came out, the corridor run on from each origin,
       blind and with the later calendar of policies
    3  correction (`correct`): what earlier forecasts taught about runs by then
    4  baselines on the same counts, and scores (`skill`)

Each set of constants and each pass is kept as a file, named after all that it rests on; a backtest
that was stopped goes on from there. What no vintage records: counts are taken as last revised.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from caudal.compute.content import Corridor
from caudal.compute.forcing import month_ends
from caudal.compute.store import code_version, run_id
from caudal.data.store import data_vintage
from caudal.engine.observation import Predictand
from caudal.forecast import baselines, correct, skill
from caudal.forecast.baselines_counts import gaussian
from caudal.forecast.baselines_walk import PLAIN
from caudal.forecast.hindcast import Pass, hindcast, lateness
from caudal.forecast.vintage import Mode, Vintage
from caudal.learn.constants import draw
from caudal.learn.fit import first_counted, learn_constants
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
    begins = max(first - WARM_UP, first_counted(whole) + YEAR, whole.first("nationality_unit"))
    plans = [(begins, first - 1, False)] if begins < first else []
    plans += [(m, min(m + YEAR - 1, last), True) for m in range(first, last + 1, YEAR)]
    parts = []
    for start, end, fitted in plans:
        label = f"origins {start}–{end}"
        z = _constants(corridor, start, fitted, settings, work, progress)
        key = {"z": _digest(z), "origins": [start, end], **_rests_on(settings)}
        known = _day(corridor, start if fitted else first)
        arrays = _kept(
            work, "pass", key,
            lambda z=z, start=start, end=end, known=known, label=label: hindcast(
                corridor, {k: p.as_known(known) for k, p in corridor.priors.items()}, z,
                range(start, end + 1), HORIZONS, MODES, settings, _telling(progress, label),
            ).arrays(),
        )  # fmt: skip
        parts.append(Pass.of(arrays))
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
        made.corridor, origins.tolist(), HORIZONS, _telling(progress, "baselines")
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
    walk = np.stack(
        [
            baselines.random_walk(
                made.counts[predictand.name][: m + 1], HORIZONS, draws.shape[-1], m
            )
            for m in origins
        ]
    )
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


def _constants(
    corridor: Corridor, origin: int, fitted: bool, settings: Settings, work: Path | None,
    progress: Progress | None,
) -> Arrays:  # fmt: skip
    """Positions of the constants for a pass whose first origin this is."""
    known = _day(corridor, origin)
    priors = {k: p.as_known(known) for k, p in corridor.priors.items()}
    if not fitted:
        n = settings.members
        return {k: np.moveaxis(p.positions(n, settings.seed), 0, -1) for k, p in priors.items()}

    def learn() -> Arrays:
        vintage = Vintage(corridor, origin + 2)
        counts = vintage.counts(origin)
        late = lateness(counts, corridor.observed(counts.start, vintage.ends()[-1]), origin)
        moved = learn_constants(
            corridor, priors, vintage.history(origin + 1), counts,
            (first_counted(counts), origin + 1), settings,
            targets=False, late=late, progress=progress,
        )  # fmt: skip
        return draw(priors, moved, settings.members, settings.seed)

    return _kept(work, "constants", {"origin": origin, **_rests_on(settings)}, learn)


def _kept(
    work: Path | None,
    kind: str,
    key: Mapping[str, Any],
    make: Callable[[], Mapping[str, np.ndarray]],
) -> Arrays:
    """Arrays from a file named after what they rest on, made and written whole if it is not there."""
    if work is None:
        return dict(make())
    path = work / f"{kind}-{run_id(key)}.npz"
    if not path.exists():
        arrays = make()
        work.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{os.getpid()}.{path.name}")
        np.savez_compressed(fresh, **arrays)
        fresh.replace(path)
    with np.load(path) as file:
        return {name: file[name] for name in file.files}


def _rests_on(settings: Settings) -> dict[str, Any]:
    """All that decides a pass: data, model, this code, settings (how many threads does not)."""
    digest = hashlib.sha256()
    here = Path(__file__).resolve().parent
    for path in (
        *sorted((here.parent / "learn").glob("*.py")),
        here / "hindcast.py",
        here / "vintage.py",
    ):
        digest.update(path.read_bytes())
    return {
        "data": data_vintage(),
        "code": code_version(),
        "learning": digest.hexdigest()[:12],
        "settings": asdict(replace(settings, threads=1)),
    }


def _digest(z: Mapping[str, np.ndarray]) -> str:
    digest = hashlib.sha256()
    for name in sorted(z):
        digest.update(name.encode() + np.asarray(z[name], np.float32).tobytes())
    return digest.hexdigest()[:12]


def _day(corridor: Corridor, month: int) -> date:
    return month_ends(corridor.begins, month + 1)[-1]


def _next(day: date) -> date:
    return month_ends(day.replace(day=1), 1)[0]


def _telling(progress: Progress | None, label: str) -> Callable[[int, int], None]:
    def tell(done: int, of: int) -> None:
        if progress is not None:
            progress(label, done, of)

    return tell
