"""One step of the smoother for one kind of count: where prior and counts balance, member by member.

    δ = (P⁻¹ + Hᵀ R⁻¹ H)⁻¹ [Hᵀ R⁻¹ (y + e − ŷ) + P⁻¹ (ε drawn − ε)]

ε are the innovations of the window's months that the block informs, P their prior variance, ŷ the run,
y + e the counts with the member's own error, R its variance. H, how counts answer to innovations, is
regressed from pairs of runs that differ in their innovations only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from caudal.engine.observation import Block

Arrays = dict[str, np.ndarray]

BOUND, LEAST_BOUND = 3.5, 0.75
"""An innovation moves no farther than so many of its sd, or this: the linear step errs far away."""


@dataclass(frozen=True)
class Sky:
    """Weather's innovations in a window of months, month → weather → (*dims, member).

    moved   as they stand: `update` writes into them
    drawn   the members' own prior draws
    nudged  how the second run of each pair differs
    scale   their prior sd
    """

    moved: Mapping[int, Arrays]
    drawn: Mapping[int, Arrays]
    nudged: Mapping[int, Arrays]
    scale: Mapping[int, Arrays]

    def gather(self, source: Mapping[int, Arrays], block: Block, cells: int) -> np.ndarray:
        """Values of a block's weather over the window, (cell, value, member)."""
        return np.concatenate(
            [
                source[m][k].reshape(cells, values, source[m][k].shape[-1])
                for m in self.moved
                for k, values in block.weather.items()
            ],
            1,
        )


def update(
    block: Block, counts: Sequence[Arrays], noise: np.ndarray, plain: Sequence[Arrays],
    nudged: Sequence[Arrays], sky: Sky,
) -> None:  # fmt: skip
    """Move the innovations of a window's months towards what one block counted in them.

    counts  by month; noise (cell, month, count, member): the members' draws of their errors
    plain   tallies by month of the runs as they stand; nudged: of the first members' second runs
    """
    seen, error = (np.stack(a, 1) for a in zip(*(block.observe(c) for c in counts), strict=True))
    there = ~np.isnan(seen)
    if not there.any() or not block.weather:
        return
    run = np.stack([block.predict(t) for t in plain], 1)
    answer = np.stack([block.predict(t) for t in nudged], 1)
    answer -= run[..., : answer.shape[-1]]
    lack = np.where(there[..., None], seen[..., None] + noise - run, 0.0)
    cells, members = len(seen), run.shape[-1]
    away, given, drawn, scale = (
        sky.gather(source, block, cells) for source in (sky.nudged, sky.moved, sky.drawn, sky.scale)
    )
    scale = scale[..., 0]
    for cell in range(cells):
        k = there[cell].reshape(-1)
        if not k.any():
            continue
        y = np.clip(answer[cell].reshape(-1, answer.shape[-1])[k], -2.0, 2.0)
        x = away[cell][:, : y.shape[-1]]
        h = np.linalg.lstsq(x.T, y.T, rcond=1e-6)[0].T
        inverse_r = 1.0 / error[cell].reshape(-1)[k] ** 2
        inverse_p = 1.0 / np.maximum(scale[cell], 1e-6) ** 2
        left = np.diag(inverse_p) + (h.T * inverse_r) @ h
        right = (h.T * inverse_r) @ lack[cell].reshape(-1, members)[k]
        right += inverse_p[:, None] * (drawn[cell] - given[cell])
        step = np.linalg.solve(left, right)
        at = 0
        for month in sky.moved:
            for name, values in block.weather.items():
                part = sky.moved[month][name].reshape(cells, values, members)[cell]
                most = np.maximum(BOUND * scale[cell][at : at + values, None], LEAST_BOUND)
                part[:] = np.clip(part + step[at : at + values], -most, most)
                at += values
