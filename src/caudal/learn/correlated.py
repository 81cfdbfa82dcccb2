"""How residuals of one time belong together: by kind of count within a cell, and between cells.

A cell is what is learned on its own (a nationality, say); each has the same kinds of counts. The
covariance of what stands in one month, for cells c, d and kinds i, j, is taken to be

    cov(c i, d j) = W[i, j] where c = d, A[i, j] elsewhere,

estimated from all cells and months together, shrunk toward independence, and made positive.
"""

from __future__ import annotations

import numpy as np

LEAST_EIGENVALUE = 0.05
FAR = 3.0
"""Residuals beyond so many typical sizes count as that when sizes and correlations are estimated."""


def sizes(residuals: np.ndarray) -> np.ndarray:
    """Typical size of each series' residuals, (series, time) → (series,): root mean square, clipped.

    NaN = none; infinite for a series that is never there, which so weighs nothing.
    """
    there = np.isfinite(residuals)
    magnitude = np.where(there, np.abs(residuals), np.nan)
    out = np.full(len(residuals), np.inf)
    some = there.any(1)
    middle = 1.4826 * np.nanmedian(magnitude[some], 1, keepdims=True)
    clipped = np.minimum(magnitude[some], FAR * np.maximum(middle, 1e-9))
    out[some] = np.sqrt(np.nanmean(clipped**2, 1))
    return np.maximum(out, 1e-9)


def covariance(residuals: np.ndarray, kinds: int) -> np.ndarray:
    """Covariance of the series of one time, (series, series), from residuals (series, time).

    Residuals are of size one; series are ordered by cell, then kind.
    """
    series, times = residuals.shape
    cells = series // kinds
    there = np.isfinite(residuals).astype(float)
    z = np.where(there > 0, np.clip(residuals, -FAR, FAR), 0.0).reshape(cells, kinds, times)
    there = there.reshape(z.shape)
    within, pairs = (np.einsum("cit,cjt->ij", x, x) for x in (z, there))
    whole, all_pairs = (np.einsum("it,jt->ij", x.sum(0), x.sum(0)) for x in (z, there))
    own = np.divide(within, pairs, out=np.zeros_like(within), where=pairs > 0)
    apart = np.divide(
        whole - within, all_pairs - pairs, out=np.zeros_like(within), where=all_pairs > pairs
    )
    shrunk = min(0.5, kinds / max(1.0, float(np.median(np.diag(pairs)))))
    own = (1 - shrunk) * own
    np.fill_diagonal(own, 1.0)
    apart = (1 - shrunk) * apart
    # the covariance has the eigenvalues of these two; both must be positive
    rest, shared = _positive(own - apart), _positive(own + (cells - 1) * apart)
    apart = (shared - rest) / cells
    return np.kron(np.eye(cells), rest) + np.kron(np.ones((cells, cells)), apart)


def _positive(matrix: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return (vectors * np.maximum(values, LEAST_EIGENVALUE)) @ vectors.T
