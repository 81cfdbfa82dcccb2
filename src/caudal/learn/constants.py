"""Constants from the weather that they leave over.

Given constants z, the counts fix the innovations: ε(z). The weather being marginalised, z is as
likely as its innovations are under their prior,

    p(counts | z) ∝ N(ε(z); 0, C),     ε_j(z) ≈ a_j + g_j · z over the ensemble,

so a policy is credited only with what would otherwise ask for unlikely weather. Slopes g that do
not stand out of the ensemble's sampling noise count as zero; without that, every constant would
seem learned, an inert one too. Cells of one month share a common shock (correlation `common`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

FALSE_ALARMS = 0.01
"""Chance that any slope at all of a constant that does nothing counts."""


@dataclass(frozen=True)
class Moved:
    """Posterior of some constants on their standard-normal positions: mean (k,), covariance (k, k)."""

    names: tuple[str, ...]
    mean: np.ndarray
    covariance: np.ndarray

    @property
    def sd(self) -> np.ndarray:
        """Posterior standard deviations against a prior of one."""
        return np.sqrt(np.diag(self.covariance))


def weigh(
    z: np.ndarray, innovations: Sequence[np.ndarray], names: Sequence[str], common: float = 0.0
) -> Moved:
    """Posterior of constants from standardised innovations.

    z (constant, member) positions; innovations: one array (cell, member) a month, standard normal
    under the prior with correlation `common` between cells.
    """
    k, n = z.shape
    if n - k - 1 < 1:  # too few members for any slope to stand out of their noise
        return Moved(tuple(names), np.zeros(k), np.eye(k))
    design = np.concatenate([np.ones((1, n)), z])
    inverse = np.linalg.inv(design @ design.T)
    precision, pull = np.eye(k), np.zeros(k)
    tests = sum(len(month) for month in innovations)
    notice = stats.t.ppf(1 - FALSE_ALARMS / (2 * max(1, tests)), n - k - 1)
    for month in innovations:
        fit = month @ design.T @ inverse
        rest = month - fit @ design
        error = np.sqrt((rest**2).sum(1, keepdims=True) / (n - k - 1) * np.diag(inverse))
        at, slope = fit[:, 0], fit[:, 1:]
        slope = np.where(np.abs(slope) > notice * np.maximum(error[:, 1:], 1e-9), slope, 0.0)
        cells = len(month)
        c = (1 - common) * np.eye(cells) + common
        weight = np.linalg.solve(c, slope)
        precision += slope.T @ weight
        pull -= weight.T @ at
    covariance = np.linalg.inv(precision)
    return Moved(tuple(names), covariance @ pull, covariance)


def redraw(z: Mapping[str, np.ndarray], moved: Moved) -> dict[str, np.ndarray]:
    """Positions moved to the posterior: each member keeps its place in the ensemble."""
    before = np.stack([z[name] for name in moved.names])
    after = moved.mean[:, None] + np.linalg.cholesky(moved.covariance) @ before
    return {**z, **dict(zip(moved.names, after, strict=True))}
