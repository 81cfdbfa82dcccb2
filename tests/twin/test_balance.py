"""The balance cell by cell against one dense system of all cells."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.learn.balance import Cell, balance

pytestmark = pytest.mark.twin


def some_cells(rng: np.random.Generator, shared: int, members: int = 7) -> list[Cell]:
    return [
        Cell(
            own=rng.normal(size=(counts, values)),
            shared=rng.normal(size=(counts, shared)),
            inverse_r=rng.uniform(0.5, 4.0, counts),
            lack=rng.normal(size=(counts, members)),
            inverse_p=rng.uniform(0.5, 4.0, values),
            back=rng.normal(size=(values, members)),
        )
        for counts, values in ((3, 2), (1, 4), (5, 1))
    ]


@pytest.mark.parametrize("shared", [0, 1, 2])
def test_the_same_as_all_cells_in_one_system(shared):
    rng = np.random.default_rng(shared)
    cells = some_cells(rng, shared)
    inverse_p, back = rng.uniform(0.5, 4.0, shared), rng.normal(size=(shared, 7))
    steps, common = balance(cells, inverse_p, back)

    sizes = [len(c.inverse_p) for c in cells]
    starts = np.cumsum([0, *sizes])
    h = np.zeros((sum(len(c.lack) for c in cells), starts[-1] + shared))
    row = 0
    for c, at, size in zip(cells, starts, sizes, strict=False):
        h[row : row + len(c.lack), at : at + size] = c.own
        h[row : row + len(c.lack), starts[-1] :] = c.shared
        row += len(c.lack)
    r = np.concatenate([c.inverse_r for c in cells])
    p = np.concatenate([*(c.inverse_p for c in cells), inverse_p])
    right = (h.T * r) @ np.concatenate([c.lack for c in cells])
    right += p[:, None] * np.concatenate([*(c.back for c in cells), back])
    whole = np.linalg.solve(np.diag(p) + (h.T * r) @ h, right)
    np.testing.assert_allclose(np.concatenate([*steps, common]), whole, rtol=1e-9, atol=1e-12)


def test_what_all_cells_lack_is_put_to_what_they_share():
    # four cells, each lacking as much; own weather as free as the shared one: the shared takes 4/5
    one = np.ones((1, 1))
    cells = [Cell(one, one, np.array([1e6]), one, np.ones(1), 0 * one) for _ in range(4)]
    steps, common = balance(cells, np.ones(1), 0 * one)
    assert common[0, 0] == pytest.approx(0.8, abs=1e-4)
    assert steps[0][0, 0] == pytest.approx(0.2, abs=1e-4)
