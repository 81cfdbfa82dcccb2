"""Weather as a process: slow latents that move from month to month.

    w[t] = w[t−1] + revert × (m[t−1] − w[t−1]) + sd[t] × ε[t]
    m[t] = m[t−1] + learn × (w[t] − m[t−1])

w drifts like a random walk and is drawn back a little towards its own slow mean m, so a shock fades
in part and a lasting change becomes the new normal. Innovations ε are standard normal, keyed by
(seed, member, month, name).
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np


@dataclass(frozen=True)
class Process:
    """How one weather moves. sd is the innovation's, on the log scale, per month.

    common is the correlation of innovations along the first axis (shocks that all share).
    adaptive: sd is learned from the last months of the counts, cell by cell, and `sd` is its start.
    """

    sd: float
    revert: float = 0.03
    learn: float = 0.05
    start_sd: float = 0.0
    common: float = 0.0
    adaptive: bool = False


@dataclass
class Path:
    """A process so far, for many members: level and slow mean, arrays (*dims, member)."""

    level: np.ndarray
    mean: np.ndarray

    def step(self, process: Process, sd: np.ndarray | float, shock: np.ndarray) -> Path:
        """One month on. sd broadcasts against (*dims, member)."""
        level = self.level + process.revert * (self.mean - self.level) + sd * shock
        return Path(level, self.mean + process.learn * (level - self.mean))


def shocks(
    name: str, process: Process, shape: tuple[int, ...], seed: int, month: int, members: np.ndarray
) -> np.ndarray:
    """Innovations of one month, standard normal, (*shape, member); keyed, so order does not matter."""
    out = np.empty((*shape, len(members)), np.float32)
    bits = np.random.Philox(key=0)
    rng, fresh = np.random.Generator(bits), bits.state
    for i, member in enumerate(members):
        key = [(int(seed) << 32) | crc32(name.encode()), (int(member) << 20) | int(month)]
        # a generator is set to its beginning under another key: a new one takes four times as long
        bits.state = {**fresh, "state": {**fresh["state"], "key": np.array(key, np.uint64)}}
        draw = rng.standard_normal((*shape, 1) if shape else (1, 1))[..., 0]
        if process.common and shape:
            shared = rng.standard_normal((1, *shape[1:]))
            draw = np.sqrt(1 - process.common) * draw + np.sqrt(process.common) * shared
        out[..., i] = draw if shape else draw[0]
    return out
