"""What every baseline starts from: counts as published at an origin, on the log scale, and draws.

Rows of all arrays are the series that are scored: the nationalities in their order, then the total.
The log scale is log1p of a month's count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.stats import norm

from caudal.errors import CaudalError

VOLATILITY_MONTHS = 24
"""Last monthly changes that tell a series' volatility, as in the one-month-ahead table of
`forecast.backtest` (`Settings.spread` of learning looks back as far)."""


@dataclass(frozen=True)
class Counts:
    """Monthly counts as published at one origin, natural scale, months first, NaN = not counted.

    total          (month,)
    nationality    (month, nationality)
    between_ports  (month, nationality): part of `nationality` that is counted from earlier on
    leads          name → (month, nationality): counts further back on the way
    known          policies in force (kind, nationality, month) by what was known; `baselines_policy`
    designed       the same as decided then and later, beyond the origin: for the aware mode only
    """

    total: np.ndarray
    nationality: np.ndarray
    between_ports: np.ndarray
    leads: Mapping[str, np.ndarray] = field(default_factory=dict)
    known: np.ndarray | None = None
    designed: np.ndarray | None = None

    def until(self, origin: int) -> Counts:
        """Nothing but the months up to the origin, and the calendar as designed."""
        end = origin + 1
        return replace(
            self,
            total=self.total[:end],
            nationality=self.nationality[:end],
            between_ports=self.between_ports[:end],
            leads={name: values[:end] for name, values in self.leads.items()},
            known=None if self.known is None else self.known[..., :end],
        )

    def calendars(self) -> tuple[np.ndarray, np.ndarray]:
        """Policies in force as known and as designed; CaudalError where there are none."""
        if self.known is None or self.designed is None:
            raise CaudalError("counts", "no calendar of policies", "`known` and `designed`")
        return self.known, self.designed

    def logs(self) -> np.ndarray:
        """log1p of the counts, (series, month).

        Before its first full count a nationality is carried back by the monthly changes of its
        count between ports; where nothing is counted in full, it is the count between ports.
        """
        full, part = np.log1p(self.nationality), np.log1p(self.between_ports)
        counted = np.flatnonzero(~np.isnan(full).any(1))
        if len(counted):
            first = counted[0]
            part = np.maximum(part + full[first] - part[first], 0.0)
        whole = np.where(np.isnan(full), part, full)
        return np.concatenate([whole.T, np.log1p(self.total)[None]])


def volatility(logs: np.ndarray, months: int = VOLATILITY_MONTHS) -> np.ndarray:
    """Root mean square of the last monthly changes, (series,) per month; a walk has no drift."""
    return np.sqrt(np.nanmean(np.diff(logs[:, -months - 1 :], axis=1) ** 2, axis=1))


def spread(draws: int) -> np.ndarray:
    """Standard normal quantiles at the middles of `draws` equal shares, in order."""
    return norm.ppf((np.arange(draws) + 0.5) / draws)


def gaussian(mean: np.ndarray, sd: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Draws of log1p counts, (series, horizon, draw), not below 0, with the given normal margins.

    mean, sd  (series, horizon). Each margin is met exactly (its quantiles, shuffled), so scores
    have no noise of drawing; over the horizons a draw moves as a random walk does, and series are
    drawn independently of each other.
    """
    return np.maximum(mean[..., None] + sd[..., None] * spread(draws)[ranks(mean, draws, rng)], 0.0)


def ranks(shape_of: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Ranks of random walks among `draws`, (series, horizon, draw), for an array of that shape."""
    walks = rng.standard_normal((*shape_of.shape, draws)).cumsum(axis=1)
    return walks.argsort(axis=-1).argsort(axis=-1)
