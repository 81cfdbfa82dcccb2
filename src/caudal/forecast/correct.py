"""From a run ahead to a forecast of counts: what past forecasts have taught about runs.

On the scale g(x) = log(x + 10), with r the run if no shocks come (the median of its members; with
shocks, a sum of many parts would drift upward, for each part may grow more than it can shrink), f the
run as fitted in the origin's month and y the count of it, the forecast's middle is

    f + share × (r[h] − f) + persist^h × (y − f),

the run's expected change, weighed by how much of such changes has come true, and the part of the last
misfit that lasts; members lie about it as they lie about their median, counts scatter about members
(gamma–Poisson), and all that is stretched by a factor for each horizon. `share` and `persist` minimise
the absolute error, the factors the weighted interval score, of forecasts from earlier origins whose
months have since been counted: a rolling window, so nothing of a later month enters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caudal.engine.observation import Predictand
from caudal.forecast.score import LEVELS

FEW = 10.0
"""Added to counts before the log, as in learning: a small nationality's zero is not minus infinity."""
DRAWS = 400
PERSIST = np.array([0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0])
SHARE = np.array([0.0, 0.25, 0.5, 0.75, 1.0, 1.25])
STRETCH = np.exp(np.linspace(-0.7, 0.7, 21))
"""What is tried of each."""
WINDOW = 25
"""Months whose mean count puts a cell into its size class."""
FEWEST = 6
"""Origins below which a horizon takes its stretch from the one before."""


@dataclass(frozen=True)
class Correction:
    """Numbers of one predictand: persist, share, and stretch (size class, horizon)."""

    persist: float
    share: float
    stretch: np.ndarray

    def reaching(self, horizons: int) -> np.ndarray:
        """Stretch for so many horizons, (size class, horizon); beyond the last learned, the last."""
        lacking = max(0, horizons - self.stretch.shape[1])
        return np.pad(self.stretch, ((0, 0), (0, lacking)), "edge")[:, :horizons]


@dataclass(frozen=True)
class Run:
    """What a run said of one predictand from one or more origins, g scale.

    middle (origin, horizon, cell); fitted (origin, cell); away (origin, horizon, cell, draw):
    members and the scatter of counts about their median; draws go round the members.
    """

    middle: np.ndarray
    fitted: np.ndarray
    away: np.ndarray


def read(
    predictand: Predictand, ahead: np.ndarray, still: np.ndarray, fitted: np.ndarray, seed: int = 0
) -> Run:
    """What a run said, from counts.

    ahead (origin, horizon, cell, member); still (origin, horizon, cell), without shocks; fitted
    (origin, cell, member), the origin's month.
    """
    rng = np.random.default_rng(seed)
    members = ahead[..., np.arange(DRAWS) % ahead.shape[-1]].astype(np.float64)
    spread = predictand.dispersion
    mean = members * rng.gamma(1 / spread**2, spread**2, members.shape) if spread else members
    scattered = g(rng.poisson(mean) if predictand.counts else mean)
    away = scattered - np.median(scattered, -1, keepdims=True)
    return Run(g(still), np.median(g(fitted), -1), away)


def learn(run: Run, seen: np.ndarray, last: np.ndarray, classes: np.ndarray) -> Correction:
    """What forecasts from past origins teach.

    seen (origin, horizon, cell) g of what was counted, NaN where it is not yet; last (origin, cell)
    g of the origin's counts; classes (cell,) size class, 0 …
    """
    horizons = run.middle.shape[1]
    tried = [(a, b) for a in PERSIST for b in SHARE]
    errors = [np.abs(seen - middle(run, last, a, b)) for a, b in tried]
    apart = float(np.mean([_origins(seen[:, h]) / (h + 1) for h in range(horizons)]))
    weight = _weights(np.array([_mean(e) for e in errors]), apart)
    persist, share = weight @ np.array(tried)
    centre = middle(run, last, persist, share)
    offsets = np.quantile(run.away, LEVELS, axis=-1)  # (level, origin, horizon, cell)
    logs = np.zeros((int(classes.max()) + 1, horizons))
    for h in range(horizons):
        apart = _origins(seen[:, h]) / (h + 1)
        pooled = _stretch(seen[:, h], centre[:, h], offsets[:, :, h], apart)
        for kind in range(len(logs)):
            own = classes == kind
            mine = _stretch(seen[:, h, own], centre[:, h, own], offsets[:, :, h, own], apart)
            # a size class speaks for itself by half: its cells move together
            logs[kind, h] = (mine + pooled) / 2
        if h and _origins(seen[:, h]) < FEWEST:
            logs[:, h] = logs[:, h - 1]
    return Correction(float(persist), float(share), np.exp(_smooth(logs)))


def middle(run: Run, last: np.ndarray, persist: float, share: float) -> np.ndarray:
    """Middle of the forecast, (origin, horizon, cell)."""
    months = np.arange(1, run.middle.shape[1] + 1)[None, :, None]
    fitted = run.fitted[:, None]
    lack = last[:, None] - fitted
    return fitted + share * (run.middle - fitted) + persist**months * lack


def apply(run: Run, last: np.ndarray, classes: np.ndarray, by: Correction) -> np.ndarray:
    """Forecast draws on the log1p scale, (origin, cell, horizon, draw)."""
    factor = by.reaching(run.middle.shape[1])[classes].T[None, :, :, None]
    x = middle(run, last, by.persist, by.share)[..., None] + factor * run.away
    return np.log1p(np.maximum(np.exp(x) - FEW, 0.0)).swapaxes(1, 2)


def g(count: np.ndarray) -> np.ndarray:
    """Log of a count plus a few."""
    return np.log(count + FEW)


def size_classes(counts: np.ndarray, classes: int = 3) -> np.ndarray:
    """Terciles of cells by their mean count, smallest first; counts (month, cell) → (cell,)."""
    cells = counts.shape[1]
    if cells < 2 * classes:
        return np.zeros(cells, int)
    rank = np.argsort(np.argsort(np.nan_to_num(np.nanmean(counts, 0))))
    return rank * classes // cells


def _origins(seen: np.ndarray) -> int:
    """From how many origins something has been counted since."""
    return int(np.isfinite(seen.reshape(len(seen), -1)).any(1).sum()) if len(seen) else 0


def _mean(x: np.ndarray) -> float:
    return float(np.nanmean(x)) if np.isfinite(x).any() else 1.0


def _weights(losses: np.ndarray, n: float) -> np.ndarray:
    """How much to believe in each of some settings, by their mean losses over n observations.

    As if errors were Laplace's. The cells of an origin move together and count once, and forecasts of
    h months overlap with h − 1 others and count for 1/h. With none, all are believed alike.
    """
    weight = (losses.min() / losses) ** n
    return weight / weight.sum()


def _stretch(seen: np.ndarray, centre: np.ndarray, offsets: np.ndarray, n: float) -> float:
    """Log of the factor on offsets (level, origin, cell) that pinball losses speak for; 0 if none."""
    there = np.isfinite(seen)
    if not there.any():
        return 0.0
    error, lies = (seen - centre)[there], offsets[:, there]
    levels = LEVELS[:, None]
    losses = []
    for factor in STRETCH:
        under = error - factor * lies
        losses.append(np.mean(np.maximum(levels * under, (levels - 1) * under)))
    return float(_weights(np.array(losses), n) @ np.log(STRETCH))


def _smooth(logs: np.ndarray) -> np.ndarray:
    """Mean over neighbouring horizons."""
    wide = np.pad(logs, ((0, 0), (1, 1)), mode="edge")
    return (wide[:, :-2] + wide[:, 1:-1] + wide[:, 2:]) / 3


def rolling(
    run: Run, counts: np.ndarray, origins: np.ndarray, first: int, late: int = 0
) -> tuple[np.ndarray, dict[int, Correction]]:
    """Forecasts from each origin ≥ first, corrected by what earlier ones had taught by then.

    counts (month, cell); late: how many months later than the origin's encounters they come out.
    Draws (origin, cell, horizon, draw) on the log1p scale, and each origin's correction.
    """
    out, learned = [], {}
    for i, origin in enumerate(origins):
        if origin < first:
            continue
        past = origins < origin
        earlier = Run(run.middle[past], run.fitted[past], run.away[past])
        by = _taught(earlier, counts[: origin - late + 1], origins[past])
        here = Run(run.middle[i : i + 1], run.fitted[i : i + 1], run.away[i : i + 1])
        last = last_counts(counts[: origin - late + 1], np.array([origin]), here.fitted)
        out.append(apply(here, last, _classes(counts[: origin - late + 1]), by))
        learned[int(origin)] = by
    return np.concatenate(out), learned


def latest(run: Run, counts: np.ndarray, origins: np.ndarray) -> Correction:
    """What every forecast teaches of which something has been counted since."""
    return _taught(run, counts, origins)


def last_counts(counts: np.ndarray, origins: np.ndarray, fitted: np.ndarray) -> np.ndarray:
    """g of the origins' counts, (origin, cell); as fitted where they are not out."""
    there = origins < len(counts)
    seen = g(counts[np.minimum(origins, len(counts) - 1)])
    seen = np.where(there[:, None], seen, np.nan)
    return np.where(np.isnan(seen), fitted, seen)


def _classes(counts: np.ndarray) -> np.ndarray:
    return size_classes(counts[-WINDOW:])


def _taught(run: Run, counts: np.ndarray, origins: np.ndarray) -> Correction:
    months = origins[:, None] + np.arange(1, run.middle.shape[1] + 1)
    seen = g(counts[np.minimum(months, len(counts) - 1)])
    seen = np.where((months < len(counts))[..., None], seen, np.nan)
    return learn(run, seen, last_counts(counts, origins, run.fitted), _classes(counts))
