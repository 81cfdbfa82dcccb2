"""One step of the smoother for one kind of count: where prior and counts balance, member by member.

    δ = (P⁻¹ + Hᵀ R⁻¹ H)⁻¹ [Hᵀ R⁻¹ (y + e − ŷ) + P⁻¹ (ε drawn − ε)]

ε are the innovations of the window's months that the block informs, P their prior variance, ŷ the run,
y + e the counts with the member's own error, R its variance. H, how counts answer to innovations, is
regressed from pairs of runs that differ in their innovations only. Cells are solved one by one, with
what they share in common (`balance`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from caudal.engine.observation import Block
from caudal.learn.balance import Cell, balance

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

    def gather(
        self, source: Mapping[int, Arrays], named: Mapping[str, int], rows: int
    ) -> np.ndarray:
        """Values of some weather over the window, (row, value, member); a row is a cell, or all."""
        first = next(iter(next(iter(source.values())).values()))
        parts = [
            source[m][k].reshape(rows, values, source[m][k].shape[-1])
            for m in self.moved
            for k, values in named.items()
        ]
        return np.concatenate([np.empty((rows, 0, first.shape[-1])), *parts], 1)

    def prior(self, named: Mapping[str, int], rows: int) -> tuple[np.ndarray, np.ndarray]:
        """Their prior sd (row, value), and how far they are from the members' draws of them."""
        back = self.gather(self.drawn, named, rows) - self.gather(self.moved, named, rows)
        return self.gather(self.scale, named, rows)[..., 0], back

    def move(
        self, named: Mapping[str, int], rows: int, row: int, step: np.ndarray, sd: np.ndarray
    ) -> None:
        """Move one row by a step (value, member), within bounds."""
        at = 0
        for month in self.moved.values():
            for name, values in named.items():
                part = month[name].reshape(rows, values, -1)[row]
                most = np.maximum(BOUND * sd[at : at + values, None], LEAST_BOUND)
                part[:] = np.clip(part + step[at : at + values], -most, most)
                at += values


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
    if not there.any() or not (block.weather or block.shared):
        return
    run = np.stack([block.predict(t) for t in plain], 1)
    answer = np.stack([block.predict(t) for t in nudged], 1)
    answer -= run[..., : answer.shape[-1]]
    lack = np.where(there[..., None], seen[..., None] + noise - run, 0.0)
    rows = len(seen)
    away, away_shared = (
        sky.gather(sky.nudged, named, n)[..., : answer.shape[-1]]
        for named, n in ((block.weather, rows), (block.shared, 1))
    )
    sd, back = sky.prior(block.weather, rows)
    (sd_shared,), (back_shared,) = sky.prior(block.shared, 1)
    told, cells = [int(c) for c in np.flatnonzero(there.reshape(rows, -1).any(1))], []
    for c in told:
        k = there[c].reshape(-1)
        y = np.clip(answer[c].reshape(len(k), -1)[k], -2.0, 2.0)
        x = np.concatenate([away[c], away_shared[0]])
        h = np.linalg.lstsq(x.T, y.T, rcond=1e-6)[0].T
        cells.append(
            Cell(
                own=h[:, : len(away[c])],
                shared=h[:, len(away[c]) :],
                inverse_r=1.0 / error[c].reshape(-1)[k] ** 2,
                lack=lack[c].reshape(len(k), -1)[k],
                inverse_p=_inverse(sd[c]),
                back=back[c],
            )
        )
    steps, common = balance(cells, _inverse(sd_shared), back_shared)
    for c, step in zip(told, steps, strict=True):
        sky.move(block.weather, rows, c, step, sd[c])
    sky.move(block.shared, 1, 0, common, sd_shared)


def _inverse(sd: np.ndarray) -> np.ndarray:
    return 1.0 / np.maximum(sd, 1e-6) ** 2
