"""The balance cell by cell against one dense system of all cells."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.engine.observation import Block
from caudal.learn.balance import Cell, balance
from caudal.learn.update import BOUND, LEAST_BOUND, Sky, update

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


def test_a_step_of_counts_that_are_linear_is_that_of_the_whole_system():
    # counts of three cells, two of each, one month: own @ x + common × s; answers are learned exactly
    rng = np.random.default_rng(3)
    rows, counts, members, error = 3, 2, 40, 0.3
    own, common = rng.normal(size=(rows, counts, 2)), rng.normal(size=(rows, counts))
    sizes = {"apart": np.full((rows, 2, members), 0.4), "shared": np.full(members, 0.2)}

    def some(part: float = 1.0) -> dict[str, np.ndarray]:
        return {k: part * v * rng.normal(size=v.shape) for k, v in sizes.items()}

    def run(x: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {"y": np.einsum("cij,cjm->cim", own, x["apart"]) + common[..., None] * x["shared"]}

    moved, drawn, nudge = some(), some(), some(0.2)
    before = {k: v.copy() for k, v in moved.items()}
    seen = 0.3 * rng.normal(size=(rows, counts))
    noise = error * rng.normal(size=(rows, counts, members))
    block = Block(
        "all", lambda t: t["y"], lambda o: (o["y"], np.full((rows, counts), error)),
        {"apart": 2}, shared={"shared": 1},
    )  # fmt: skip
    plain, nudged = run(before), run({k: v + nudge[k] for k, v in before.items()})
    sky = Sky({0: moved}, {0: drawn}, {0: nudge}, {0: sizes})
    update(block, [{"y": seen}], noise[:, None], [plain], [nudged], sky)

    def flat(x: dict[str, np.ndarray]) -> np.ndarray:
        return np.concatenate([x["apart"].reshape(-1, members), x["shared"][None]])

    h = np.zeros((rows * counts, rows * 2 + 1))
    for c in range(rows):
        h[c * counts : (c + 1) * counts, c * 2 : c * 2 + 2] = own[c]
    h[:, -1] = common.reshape(-1)
    p = 1 / flat(sizes)[:, 0] ** 2
    lack = (seen[..., None] + noise - plain["y"]).reshape(-1, members)
    right = h.T @ lack / error**2 + p[:, None] * (flat(drawn) - flat(before))
    step = np.linalg.solve(np.diag(p) + h.T @ h / error**2, right)
    bound = np.maximum(BOUND * flat(sizes), LEAST_BOUND)
    assert (np.abs(flat(before) + step) < bound).all()
    np.testing.assert_allclose(flat(moved), flat(before) + step, rtol=1e-9, atol=1e-9)
