"""The frontier of a few choices under several aims and limits, by NSGA-II or by trying all.

A point is a tuple of indices, one for each choice. What comes of it is *judged*: aims, all to be made
small, and breaches, each at most 0 where its limit is kept. Point a dominates b if a is nowhere worse
and somewhere better; the frontier is every point that was tried, keeps all limits, and is dominated by
no other. Where all points together are no more than the tries asked for, all are tried and the frontier
is exact; else NSGA-II (Deb et al. 2002, IEEE Trans. Evol. Comput. 6, 182–197; pymoo) looks for it, and
points that it did not try may dominate some that it found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple

import numpy as np

from caudal.errors import CaudalError

Point = tuple[int, ...]
ROUNDING = 1e-9


class Judged(NamedTuple):
    """What came of a point: aims to be made small, and breaches of limits (0 or less: kept)."""

    aims: tuple[float, ...]
    breaches: tuple[float, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether all limits are kept."""
        return all(breach <= ROUNDING for breach in self.breaches)


Judge = Callable[[Sequence[Point]], Sequence[Judged]]


def tried(
    judge: Judge, sizes: Sequence[int], *, population: int, generations: int, seed: int = 0
) -> tuple[dict[Point, Judged], bool]:
    """Every point that was tried with its judgement, and whether these are all there are.

    judge  of new points, never asked of one twice; sizes: how many indices each choice has
    The first point, all zeros, is always among them.
    """
    seen: dict[Point, Judged] = {}

    def look(points: Sequence[Point]) -> list[Judged]:
        new = [point for point in dict.fromkeys(points) if point not in seen]
        seen.update(zip(new, judge(new), strict=True) if new else ())
        return [seen[point] for point in points]

    whole = prod(sizes) <= population * generations
    if whole:
        look(list(product(*(range(size) for size in sizes))))
    else:
        look([(0,) * len(sizes)])
        _evolve(look, sizes, population, generations, seed, seen)
    return seen, whole


def frontier(seen: Mapping[Point, Judged]) -> list[Point]:
    """The points of the frontier, by their first aim, then the next, then their indices.

    Of points with equal aims all stand.
    """
    kept = [point for point, judged in seen.items() if judged.kept]
    if not kept:
        return []
    aims = np.array([seen[point].aims for point in kept])
    front = [
        point
        for point, own in zip(kept, aims, strict=True)
        if not ((aims <= own).all(1) & (aims < own).any(1)).any()
    ]
    return sorted(front, key=lambda point: (*seen[point].aims, *point))


def _evolve(
    look: Callable[[Sequence[Point]], list[Judged]], sizes: Sequence[int], population: int,
    generations: int, seed: int, seen: Mapping[Point, Judged],
) -> None:  # fmt: skip
    try:
        from pymoo.algorithms.moo.nsga2 import NSGA2
        from pymoo.core.problem import Problem
        from pymoo.operators.crossover.sbx import SBX
        from pymoo.operators.mutation.pm import PM
        from pymoo.operators.repair.rounding import RoundingRepair
        from pymoo.operators.sampling.rnd import IntegerRandomSampling
        from pymoo.optimize import minimize
    except ImportError:
        allowed = "pip install 'caudal[science]'"
        raise CaudalError("search", "pymoo is not installed", allowed) from None
    first = next(iter(seen.values()))

    class Levers(Problem):
        def __init__(self) -> None:
            super().__init__(
                n_var=len(sizes), n_obj=len(first.aims), n_ieq_constr=len(first.breaches),
                xl=np.zeros(len(sizes), int), xu=np.array(sizes) - 1, vtype=int,
            )  # fmt: skip

        def _evaluate(self, x: np.ndarray, out: Any, *args: Any, **how: Any) -> None:
            judged = look([tuple(int(i) for i in row) for row in x])
            out["F"] = np.array([one.aims for one in judged])
            if first.breaches:
                out["G"] = np.array([one.breaches for one in judged])

    repair = RoundingRepair()
    algorithm = NSGA2(
        pop_size=population, sampling=IntegerRandomSampling(),
        crossover=SBX(prob=1.0, eta=3, vtype=float, repair=repair),
        mutation=PM(prob=1.0, eta=3, vtype=float, repair=repair), eliminate_duplicates=True,
    )  # fmt: skip
    minimize(Levers(), algorithm, ("n_gen", generations), seed=seed, verbose=False)
