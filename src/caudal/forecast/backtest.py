"""One month ahead, from each month: what the corridor would have said, and how good it was.

From each origin (a counted month) the corridor is run one month on, under the law as known on the
origin's last day, with drivers as published by then, constants learned from counts before the first
origin (their priors as known then), and weather learned from counts up to the origin. The months'
counts come out within 31 days of the month's end, before those of the next month; series that come
later than that are left out. What the last count was above or below the run is expected to persist
in part.

Two small things a forecaster of the day lacked: the months up to the origin are fitted with job
openings of which the last one or two were not out yet, and with counts as last revised. The baseline
is a random walk of the log with the spread of its last two years, from the same counts. Every setting
was chosen on months before the first origin.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from caudal.compute.content import Corridor
from caudal.compute.forcing import forcing, month_ends
from caudal.forecast.score import covered, ratio, weighted_interval_score
from caudal.learn.fit import first_counted, learn_constants, spread
from caudal.learn.smoother import Settings, Smoother

LARGEST = 12
PERSISTENCE, FEW = 0.6, 10.0
"""Share of the last month's misfit (log of a count plus a few) that is expected in the next one."""
LATE = ("gotaways", "mpp")
"""Counts published long after their month; a forecast of the time could not have used them."""


@dataclass(frozen=True)
class Backtest:
    """Forecast draws and what came, on the natural scale.

    origins: months forecast from; names: targets (nationalities, "rest", "southwest");
    draws, walk (origin, target, draw): the corridor's and the random walk's; came (origin, target).
    """

    origins: list[date]
    names: list[str]
    draws: np.ndarray
    walk: np.ndarray
    came: np.ndarray

    def table(self) -> pd.DataFrame:
        """Skill rows: mode, target, horizon, scale, ratio with 90 % interval, coverage."""
        rows = []
        for target in ("nationalities", "southwest"):
            pick = [
                i for i, n in enumerate(self.names) if (n == "southwest") == (target == "southwest")
            ]
            for scale in ("log", "natural"):
                change = np.log1p if scale == "log" else (lambda x: x)
                came, draws, walk = (change(a[:, pick]) for a in (self.came, self.draws, self.walk))
                ours = weighted_interval_score(came, draws)
                theirs = weighted_interval_score(came, walk)
                middle, low, high = ratio(ours, theirs)
                rows.append(
                    {
                        "mode": "blind", "target": target, "horizon": 1, "scale": scale,
                        "ratio": middle, "lo": low, "hi": high,
                        "cover50": float(covered(came, draws, 0.5).mean()),
                        "cover90": float(covered(came, draws, 0.9).mean()),
                        "walk_cover50": float(covered(came, walk, 0.5).mean()),
                        "walk_cover90": float(covered(came, walk, 0.9).mean()),
                        "origins": len(self.origins),
                    }
                )  # fmt: skip
        return pd.DataFrame(rows)


def one_month_ahead(
    corridor: Corridor,
    first_origin: date,
    last_origin: date,
    labels: list[str],
    settings: Settings | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Backtest:
    """Forecast the month after each origin. labels: names of the nationalities, in array order."""
    settings = settings or Settings()
    ends = month_ends(corridor.begins, 240)
    number = {end: i for i, end in enumerate(ends)}
    first, last = (number[_next(day)] for day in (first_origin, last_origin))
    observed = corridor.observed(corridor.begins, ends[last + 1])
    counted = replace(observed, arrays={k: v.copy() for k, v in observed.arrays.items()})
    for name in LATE:
        counted.arrays[name][first - 6 :] = np.nan
    priors = {k: v.as_known(first_origin) for k, v in corridor.priors.items()}
    smoother = Smoother(
        corridor, forcing(corridor, corridor.law, ends[last]), settings, priors=priors
    )
    sizes = spread(corridor, counted, settings)
    forecasts: dict[int, np.ndarray] = {}

    def after(month: int, here: Smoother) -> None:
        if month < first:
            return
        known = ends[month] - timedelta(days=1)
        outside = forcing(corridor, corridor.law, ends[month + 1], known=known)
        fitted, ahead = map(
            corridor.encounters_by_nationality, here.forecast(outside, month + 1, sizes(month + 1))
        )
        counts = observed.arrays["nationality_unit"][month].sum(1)
        lack = np.log(counts + FEW) - np.median(np.log(fitted + FEW), 1)
        forecasts[month] = ahead * np.exp(PERSISTENCE * lack)[:, None]

    start = first_counted(counted)
    draft = Smoother(
        corridor, forcing(corridor, corridor.law, ends[first]), settings, priors=priors
    )
    draft.run(counted, start, first + 1, sizes, progress=progress)
    smoother.z, _ = learn_constants(corridor, draft, settings)
    smoother.run(counted, start, last + 1, sizes, after=after, progress=progress)
    return _gather(observed, forecasts, labels, settings, corridor, first)


def _gather(
    observed: Any, forecasts: dict[int, np.ndarray], labels: list[str], settings: Settings,
    corridor: Corridor, first: int,
) -> Backtest:  # fmt: skip
    counts = observed.arrays["nationality_unit"].sum(2)
    before = np.nansum(counts[first - 24 : first], 0)
    largest = np.argsort(-before)[:LARGEST]
    rest = np.array([i for i in range(len(labels)) if i not in set(largest.tolist())])
    rng = np.random.default_rng(settings.seed)

    def targets(by_nation: np.ndarray) -> np.ndarray:
        """(nationality, …) → (target, …): the largest, the rest, all."""
        return np.concatenate(
            [by_nation[largest], by_nation[rest].sum(0)[None], by_nation.sum(0)[None]]
        )

    draws, walks, came = [], [], []
    for month, run in forecasts.items():
        draws.append(targets(run))
        past = np.log1p(targets(counts[: month + 1].T))
        step = np.nanstd(np.diff(past[:, -25:], axis=1), axis=1)
        walks.append(
            np.expm1(past[:, -1:] + step[:, None] * rng.standard_normal((len(past), 4000)))
        )
        came.append(targets(counts[month + 1]))
    names = [*(labels[i] for i in largest), "rest", "southwest"]
    starts = [corridor.begins, *month_ends(corridor.begins, max(forecasts))]
    return Backtest(
        [starts[m] for m in forecasts], names, np.stack(draws),
        np.stack(walks), np.stack(came),
    )  # fmt: skip


def _next(day: date) -> date:
    return (day.replace(day=28) + timedelta(4)).replace(day=1)
