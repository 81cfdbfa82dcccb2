"""What a forecast has to beat: simple forecasts on the same counts, as published at each origin.

Each gives draws of log1p counts, (series, horizon, draw), for the nationalities and then the total,
which has a forecast of its own. Series are drawn independently of each other, which an energy score
sees. Settings were chosen on months before October 2021 (`baselines_tuning`, decision 0008).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from caudal.compute.content import Corridor
from caudal.forecast.baselines_counts import Counts, gaussian
from caudal.forecast.baselines_tuning import retuned
from caudal.forecast.baselines_walk import PLAIN, TUNED
from caudal.forecast.vintage import Vintage

NAMES = ("log_random_walk", "tuned_walk", "rolling_walk")
"""Every baseline, in the order of tables."""
AWARE: tuple[str, ...] = ()
"""Those that are given the later calendar of policies: fair against the policy-aware mode only."""


def forecasts(
    counts: Counts, origin: int, horizons: int = 12, draws: int = 400, seed: int = 0
) -> dict[str, np.ndarray]:
    """Every baseline's draws from one origin, name → (series, horizon, draw).

    Only months up to the origin are read.
    """
    known = counts.until(origin)
    logs = known.logs()
    rng = np.random.default_rng([seed, origin])
    return {
        "log_random_walk": gaussian(*PLAIN.ahead(logs, horizons), draws, rng),
        "tuned_walk": gaussian(*TUNED.ahead(logs, horizons), draws, rng),
        "rolling_walk": gaussian(*retuned(known, origin).ahead(logs, horizons), draws, rng),
    }


def all_origins(
    corridor: Corridor,
    origins: Sequence[int],
    horizons: int = 12,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, np.ndarray]:
    """Every baseline from every origin (months since the corridor begins).

    name → (origin, series, horizon, draw).
    """
    vintage = Vintage(corridor, max(origins) + 1 + horizons)
    parts = []
    for done, origin in enumerate(origins):
        parts.append(forecasts(published(vintage, origin), origin, horizons))
        if progress:
            progress(done + 1, len(origins))
    return {name: np.stack([part[name] for part in parts]) for name in NAMES}


def published(vintage: Vintage, origin: int) -> Counts:
    """The counts that were out when those of the origin's month came out."""
    arrays = vintage.counts(origin).arrays
    seen = {p.name: p.observe(arrays) for p in vintage.corridor.predictands()}
    total = next(iter(seen.values()))
    return Counts(total[:, 0], seen["nationality"], arrays["land_nationality"])
