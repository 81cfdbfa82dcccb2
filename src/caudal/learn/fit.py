"""Fit a corridor to its counts: weather given constants, constants by the weather they leave over.

    1  smooth the history with constants drawn from their priors
    2  move the constants to where that weather is least unlikely (`constants`), and those that
       some series bears on directly to where it is least far off (`targets`)
    3  smooth again with those constants; keep a set of draws

Every draw is a run of the model; run again from its file it ends in the same state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from caudal.compute.content import Corridor
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.posterior import Posterior
from caudal.learn.constants import Moved, redraw, weigh
from caudal.learn.smoother import Learned, Settings, Smoother
from caudal.learn.targets import learn_targets

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Fitted:
    """A posterior and what the counts did to the constants."""

    posterior: Posterior
    moved: dict[str, Moved]


def first_counted(observed: Any) -> int:
    """First month (number since the corridor begins) whose counts are taken in."""
    return int(np.flatnonzero(~np.isnan(observed.arrays["unit"]).any(1))[0])


def spread(
    corridor: Corridor, observed: Any, settings: Settings
) -> Callable[[int], dict[str, np.ndarray]]:
    """Innovation sd of adaptive processes for a month, from the counts of the months before it."""
    logs = observed.logs()
    starts = {k: p.sd for k, p in corridor.processes.items() if p.adaptive}
    return lambda month: {
        k: trailing_spread(logs, month, settings, start) for k, start in starts.items()
    }


def fit(
    corridor: Corridor,
    settings: Settings | None = None,
    progress: Progress | None = None,
    about: Mapping[str, Any] | None = None,
) -> Fitted:
    """Fit to everything counted so far."""
    settings = settings or Settings()
    observed = corridor.observed(corridor.begins, date(2100, 1, 1))
    last = observed.last("unit") + 1
    end = month_ends(corridor.begins, last)[-1]
    observed = observed.until(last)
    outside = forcing(corridor, corridor.law, end)
    first = first_counted(observed)
    sizes = spread(corridor, observed, settings)

    def smooth(label: str, z: Any, given: Settings) -> tuple[Learned, Smoother]:
        smoother = Smoother(corridor, outside, given, z=z)

        def tell(done: int, of: int) -> None:
            if progress is not None:
                progress(label, done, of)

        return smoother.run(observed, first, last, sizes, progress=tell), smoother

    # twice the members for the constants: slopes must stand out of the ensemble's noise
    wider = replace(settings, members=2 * settings.members)
    _, draft = smooth("weather, constants from priors", None, wider)
    z, moved = learn_constants(corridor, draft, wider)
    z = {name: positions[..., : settings.members] for name, positions in z.items()}
    z, direct = learn_targets(draft, corridor.targets(), last, z)
    moved |= direct
    # the shipped history may look further back: it is for describing, not for scoring
    learned, final = smooth(
        "weather, constants learned", z, replace(settings, lag=settings.lag + 1)
    )
    posterior = Posterior(
        z=learned.z,
        weather={k: v[: last + 1] for k, v in final.weather.items()},
        mean={k: p.mean for k, p in learned.paths.items()},
        sd=learned.sd,
        seed=settings.seed,
        months=last,
        about={
            **(about or {}),
            "settings": {k: v for k, v in settings.__dict__.items()},
            "constants": {
                name: {"mean": round(float(m), 3), "sd": round(float(s), 3)}
                for part in moved.values()
                for name, m, s in zip(part.names, part.mean, part.sd, strict=True)
            },
        },
    )
    return Fitted(posterior, moved)


def learn_constants(
    corridor: Corridor, smoother: Smoother, settings: Settings
) -> tuple[dict[str, np.ndarray], dict[str, Moved]]:
    """Posterior positions of the constants that some weather speaks of; the others as they were."""
    z, moved = dict(smoother.z), {}
    months = sorted(smoother.innovations)[1:]
    for weather, names in corridor.judged_by().items():
        innovations = [
            np.concatenate(
                [
                    (smoother.innovations[m][w] / smoother.scale(m, w)).reshape(
                        -1, settings.members
                    )
                    for w in weather.split(" + ")
                ]
            )
            for m in months
        ]
        before = np.stack([smoother.z[name].reshape(settings.members) for name in names])
        common = max(corridor.processes[w].common for w in weather.split(" + "))
        part = weigh(before, innovations, names, common)
        moved[weather] = part
        keep = [i for i, name in enumerate(names) if name != "inert"]
        kept = Moved(
            tuple(names[i] for i in keep), part.mean[keep], part.covariance[np.ix_(keep, keep)]
        )
        z = redraw(z, kept)
    return z, moved


def trailing_spread(logs: np.ndarray, month: int, settings: Settings, start: float) -> np.ndarray:
    """Spread of month-to-month changes over the last months before `month`, (cell,).

    logs (month, cell), NaN where not counted; `start` where there is too little to go by.
    """
    past = logs[max(0, month - settings.window - 1) : month]
    change = np.diff(past, axis=0)
    few = (~np.isnan(change)).sum(0) < 6
    with np.errstate(invalid="ignore"):
        size = np.sqrt(np.nanmean(np.where(np.isnan(change), np.nan, change) ** 2, 0))
    sd = np.where(few, start, settings.spread * np.nan_to_num(size, nan=start))
    return np.clip(sd, settings.least_sd, settings.most_sd)
