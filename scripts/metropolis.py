"""A small sampler for posteriors of a few dimensions: many chains of random-walk Metropolis at once.

    propose x' = x + 2.38 / √d × N(0, Σ),   accept with probability min(1, p(x') / p(x))

Σ is the inverse curvature at the mode, then the chains' own covariance after warming up. With
sixty-four chains run as one array, ten dimensions take a second or two and nothing but NumPy.
R-hat compares chains, and the effective number of draws is what their means' spread says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

LogDensity = Callable[[np.ndarray], np.ndarray]
"""(chain, d) → (chain,)."""


@dataclass(frozen=True)
class Draws:
    """Draws (draw, d) of all chains; rhat and ess (d,), the worst of which say how far to trust."""

    values: np.ndarray
    rhat: np.ndarray
    ess: np.ndarray


def sample(
    log_density: LogDensity, start: np.ndarray, *, seed: int, chains: int = 64, steps: int = 2000
) -> Draws:
    """Draws from exp(log_density), after as many steps of warming up; every fourth step is kept."""
    rng = np.random.default_rng(seed)

    def loss(x: np.ndarray) -> float:
        value = -float(log_density(x[None])[0])
        return value if np.isfinite(value) else 1e12

    mode = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 4000 * len(start)}).x
    spread = _inverse_curvature(loss, mode)
    x = mode + 1.5 * rng.standard_normal((chains, len(mode))) @ np.linalg.cholesky(spread).T
    density = log_density(x)
    kept = []
    for stage in range(3):  # two of warming up, each of which improves Σ, and one that counts
        root = 2.38 / np.sqrt(len(mode)) * np.linalg.cholesky(spread)
        path = []
        for step in range(steps if stage == 2 else steps // 2):
            new = x + rng.standard_normal(x.shape) @ root.T
            value = log_density(new)
            value = np.where(np.isfinite(value), value, -np.inf)
            yes = np.log(rng.random(chains)) < value - density
            x, density = np.where(yes[:, None], new, x), np.where(yes, value, density)
            if step % 4 == 3:
                path.append(x)
        kept = np.array(path)
        spread = np.atleast_2d(np.cov(kept[len(kept) // 2 :].reshape(-1, len(mode)).T))
    return Draws(kept.reshape(-1, len(mode)), *_agreement(kept))


def _inverse_curvature(loss: Callable[[np.ndarray], float], at: np.ndarray) -> np.ndarray:
    """Inverse Hessian by central differences, made safe where it is flat."""
    d = len(at)
    unit = np.eye(d) * 1e-3 * np.maximum(1.0, np.abs(at))
    hessian = np.empty((d, d))
    for i in range(d):
        for j in range(d):
            corners = (
                loss(at + unit[i] + unit[j]) - loss(at + unit[i] - unit[j])
                - loss(at - unit[i] + unit[j]) + loss(at - unit[i] - unit[j])
            )  # fmt: skip
            hessian[i, j] = corners / (4 * unit[i, i] * unit[j, j])
    values, vectors = np.linalg.eigh((hessian + hessian.T) / 2)
    return vectors @ np.diag(1 / np.maximum(values, 1e-2)) @ vectors.T


def _agreement(kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """R-hat and the effective number of draws of (step, chain, d), from halves of chains."""
    half = len(kept) // 2
    parts = np.concatenate([kept[:half], kept[half : 2 * half]], 1)
    within = parts.var(0, ddof=1).mean(0)
    between = parts.mean(0).var(0, ddof=1)
    whole = within * (half - 1) / half + between
    ess = np.minimum(parts.shape[1] * whole / between, parts.shape[0] * parts.shape[1])
    return np.sqrt(whole / within), ess
