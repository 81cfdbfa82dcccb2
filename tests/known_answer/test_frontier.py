"""The search for a frontier against frontiers that are known."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.ask.frontier import Judged, Point, frontier, tried

pytestmark = pytest.mark.known_answer

GRID = 21


def schaffer(points):
    """x² and (x − 2)² (Schaffer 1985): the frontier is 0 ≤ x ≤ 2. Here x = index/10 − 2."""
    x = [point[0] / 10 - 2 for point in points]
    return [Judged((v**2, (v - 2) ** 2)) for v in x]


def zdt1(points, least: float = 0.0):
    """Zitzler, Deb, Thiele (2000), ZDT1: the frontier is f₂ = 1 − √f₁ where all but x₁ are 0.

    least  a limit, f₁ ≥ least
    """
    out = []
    for point in points:
        x = np.array(point) / (GRID - 1)
        g = 1 + 9 * x[1:].mean()
        aims = (float(x[0]), float(g * (1 - np.sqrt(x[0] / g))))
        out.append(Judged(aims, (least - aims[0],)))
    return out


def test_all_are_tried_where_there_are_few():
    seen, whole = tried(schaffer, [61], population=20, generations=5)
    assert whole
    assert len(seen) == 61
    assert frontier(seen) == [(i,) for i in range(20, 41)]


@pytest.mark.parametrize("least", [0.0, 0.33])
def test_nsga2_finds_the_known_frontier(least: float):
    asked: list[Point] = []

    def judge(points):
        asked.extend(points)
        return zdt1(points, least)

    seen, whole = tried(judge, [GRID] * 4, population=40, generations=60, seed=1)
    assert not whole
    assert len(asked) == len(set(asked)) == len(seen) <= 40 * 60 + 1
    front = frontier(seen)
    first = int(np.ceil(least * (GRID - 1)))
    assert {point[0] for point in front} >= set(range(first, GRID - 1))
    assert all(sum(point[1:]) <= 1 for point in front)
    on_it = [point for point in front if not any(point[1:])]
    assert len(on_it) >= 0.9 * (GRID - first)
    for point in on_it:
        f1, f2 = seen[point].aims
        np.testing.assert_allclose(f2, 1 - np.sqrt(f1))
        assert f1 >= least


def test_the_same_seed_finds_the_same():
    one, two, other = (
        tried(zdt1, [GRID] * 3, population=8, generations=3, seed=s)[0] for s in (4, 4, 5)
    )
    assert one == two
    assert one != other
    assert (0, 0, 0) in one
