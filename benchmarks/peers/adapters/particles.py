"""What the particle filters share that are written here, around engines that have none. Needs NumPy."""

from __future__ import annotations

import numpy as np
from common import FILTER


def weighed(counted: float, seen: np.ndarray, rng: np.random.Generator) -> tuple[float, np.ndarray]:
    """A month's log-likelihood, and the members that survive it (systematic resampling).

    counted  people counted that month; seen: the same by member (member)
    """
    members = len(seen)
    gap = np.log(counted + 1) - np.log(seen.astype(np.float64) + 1)
    weight = np.exp(-0.5 * (gap / FILTER["count_sd"]) ** 2)
    likely = np.log(weight.mean()) - np.log(FILTER["count_sd"] * np.sqrt(2 * np.pi))
    edges = np.cumsum(weight) / weight.sum()
    kept = np.searchsorted(edges, (rng.random() + np.arange(members)) / members)
    return float(likely), np.minimum(kept, members - 1)
