"""Where prior and counts balance: one linear step for cells that share some of their weather.

Cells c have innovations of their own, x_c, and some in common, s (how often people are stopped: by
nationality, and Mexico's effort for all). With answers y_c ≈ H_c x_c + G_c s the step solves

    (P_c⁻¹ + H_cᵀ R⁻¹ H_c) x_c + H_cᵀ R⁻¹ G_c s                 = H_cᵀ R⁻¹ lack_c + P_c⁻¹ back_c
    Σ_c G_cᵀ R⁻¹ H_c x_c + (P_s⁻¹ + Σ_c G_cᵀ R⁻¹ G_c) s          = Σ_c G_cᵀ R⁻¹ lack_c + P_s⁻¹ back_s

exactly, cells eliminated one by one (Schur's complement). Were what is common learned from a total and
what is own from shares, cell by cell, their split would wander: nothing would hold a common drift of
all cells against the shared weather. In trials on the small corridor both were then worse than their
prior, though ranks did not reject them (docs/calibration.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Cell:
    """One cell's answers, counts and prior.

    own, shared      answers of its counts to its own and to the shared innovations, (count, value)
    inverse_r        1 / error² of its counts, (count,)
    lack             what the counts, errors drawn, are above the run, (count, member)
    inverse_p, back  1 / sd² of its own innovations, (value,), and how far the members' draws of
                     them lie from where they are, (value, member)
    """

    own: np.ndarray
    shared: np.ndarray
    inverse_r: np.ndarray
    lack: np.ndarray
    inverse_p: np.ndarray
    back: np.ndarray


def balance(
    cells: Sequence[Cell], inverse_p: np.ndarray, back: np.ndarray
) -> tuple[list[np.ndarray], np.ndarray]:
    """Steps of every cell's own innovations (value, member), and of the shared ones.

    inverse_p (value,), back (value, member): of the shared innovations; of length 0 where none are.
    """
    members = back.shape[-1]
    left, right = np.diag(inverse_p), inverse_p[:, None] * back
    solved = []
    for c in cells:
        weighed, common = c.own.T * c.inverse_r, c.shared.T * c.inverse_r
        across = weighed @ c.shared
        alone = np.linalg.solve(
            np.diag(c.inverse_p) + weighed @ c.own,
            np.concatenate([weighed @ c.lack + c.inverse_p[:, None] * c.back, across], 1),
        )
        solved.append(alone)
        left = left + common @ c.shared - across.T @ alone[:, members:]
        right = right + common @ c.lack - across.T @ alone[:, :members]
    shared = np.linalg.solve(left, right)
    return [s[:, :members] - s[:, members:] @ shared for s in solved], shared
