"""What a forecast has to beat: simple forecasts on the same counts, as published at each origin.

Each gives draws of log1p counts, (series, horizon, draw), for the nationalities and then the total,
which has a forecast of its own. Series are drawn independently of each other, which an energy score
sees. Settings: `baselines_tuning`, decision 0008.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import numpy as np
import pandas as pd

from caudal.compute.content import Corridor
from caudal.compute.engines import Workers, tasks
from caudal.data.store import open_series
from caudal.errors import CaudalError
from caudal.forecast import baselines_policy, baselines_pooled
from caudal.forecast.baselines_counts import Counts, gaussian
from caudal.forecast.baselines_policy import calendar
from caudal.forecast.baselines_series import ahead, ensemble, models
from caudal.forecast.baselines_tuning import retuned, retuned_keep
from caudal.forecast.baselines_walk import PLAIN, TUNED
from caudal.forecast.vintage import ISSUED_AFTER, Vintage

NAMES = (
    "log_random_walk", "tuned_walk", "rolling_walk", "seasonal_naive", "auto_arima", "auto_ets",
    "auto_theta", "ensemble", "pooled_regression", "shifted_walk", "shifted_log_walk",
)  # fmt: skip
"""Every baseline, in the order of tables."""
MEMBERS = ("seasonal_naive", "auto_arima", "auto_ets", "auto_theta")
"""Those of which `ensemble` is the average, quantile by quantile."""
AWARE = ("shifted_walk", "shifted_log_walk")
"""Those that are given the later calendar of policies: fair against the policy-aware mode only."""

LEADS = ("darien", "mexican_events")
FURTHER = {"entries": "hn.entries"}
"""Counts further back on the way: among those for learning, and from series of their own."""


def forecasts(
    counts: Counts, origin: int, horizons: int = 12, draws: int = 400, seed: int = 0
) -> dict[str, np.ndarray]:
    """Every baseline's draws from one origin, name → (series, horizon, draw).

    Only months up to the origin are read; the calendar of policies as designed by those in AWARE,
    which are left out where there is none. Raises CaudalError for an origin without enough past.
    """
    least = baselines_pooled.least_origin(horizons)
    if not least <= origin < len(counts.total):
        raise CaudalError("origin", str(origin), f"{least} … {len(counts.total) - 1}")
    known = counts.until(origin)
    logs = known.logs()
    told = {
        "log_random_walk": PLAIN.ahead(logs, horizons),
        "tuned_walk": TUNED.ahead(logs, horizons),
        "rolling_walk": retuned(known, origin).ahead(logs, horizons),
        **{name: ahead(model, logs, horizons) for name, model in models().items()},
        "pooled_regression": baselines_pooled.ahead(known, horizons),
    }
    if known.known is not None and known.designed is not None:
        for name, walk in zip(AWARE, (TUNED, PLAIN), strict=True):
            keep = retuned_keep(known, origin, walk)
            told[name] = baselines_policy.ahead(logs, *known.calendars(), horizons, walk, keep)
    made = {
        name: gaussian(*given, draws, _stream(seed, origin, name)) for name, given in told.items()
    }
    members = [made[name] for name in MEMBERS]
    made["ensemble"] = ensemble(members, _stream(seed, origin, "ensemble"))
    return {name: made[name] for name in NAMES if name in made}


def _stream(seed: int, origin: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, origin, NAMES.index(name)])


def all_origins(
    corridor: Corridor,
    origins: Sequence[int],
    horizons: int = 12,
    progress: Callable[[int, int], None] | None = None,
    workers: Workers = 2,
) -> dict[str, np.ndarray]:
    """Every baseline from every origin (months since the corridor begins).

    name → (origin, series, horizon, draw). AutoARIMA takes nearly all of the time. Origins are items
    of an engine, and draws the same on any.
    """
    vintage = Vintage(corridor, max(origins) + 1 + horizons)
    given = [(published(vintage, origin), origin, horizons) for origin in origins]
    parts = tasks(_forecasts, given, workers, progress)
    return {name: np.stack([part[name] for part in parts]) for name in NAMES}


def _forecasts(given: tuple[Counts, int, int]) -> dict[str, np.ndarray]:
    return forecasts(*given)


def published(vintage: Vintage, origin: int) -> Counts:
    """The counts that were out when those of the origin's month came out."""
    observed = vintage.counts(origin)
    outcomes = {p.name: p for p in vintage.corridor.predictands()}
    seen = {name: p.observe(observed.arrays) for name, p in outcomes.items()}
    leads = {name: observed.arrays[name] for name in LEADS}
    issued = vintage.ends()[origin] + timedelta(days=ISSUED_AFTER)
    for name, series in FURTHER.items():
        leads[name] = by_nationality(
            open_series(series, issued), vintage, outcomes["nationality"].labels
        )
    total = next(iter(seen.values()))[:, 0]
    law, day = vintage.corridor.law, vintage.ends()[origin] - timedelta(days=1)
    known, designed = (
        calendar(one, vintage.corridor.begins, vintage.months, outcomes["nationality"].labels)
        for one in (law.as_known(day), law.as_designed(day))
    )
    between = observed.arrays["land_nationality"]
    return Counts(total, seen["nationality"], between, leads, known, designed)


def by_nationality(
    table: pd.DataFrame, vintage: Vintage, nationalities: Sequence[str]
) -> np.ndarray:
    """People of a published table by month of the corridor and nationality; NaN where not out."""
    months = pd.date_range(vintage.corridor.begins, periods=vintage.months, freq="MS")
    wide = table.pivot_table("people", "month", "nationality", aggfunc="sum", fill_value=0)
    wide = wide.reindex(columns=list(nationalities), fill_value=0)
    return wide.reindex(index=months).to_numpy(np.float64)
