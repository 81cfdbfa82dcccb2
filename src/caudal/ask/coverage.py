"""How many published figures lie inside the model's intervals, and how sure that share is.

Coverage of a set of n figures with k inside comes with Wilson's interval [1]:

    (p + c²/2n ± c √(p(1 − p)/n + c²/4n²)) / (1 + c²/n),   p = k/n, c = 1.96.

It takes figures as independent, which those of one series are not: so coverage is also given with
one vote for each variable (the mean, over variables, of the share inside).

[1] E. B. Wilson (1927), J. Am. Stat. Assoc. 22, 209–212.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Coverage:
    """How many of a set of figures lie inside an interval.

    level    nominal share; share: that found, with Wilson's 95 % interval lo … hi
    by_variable  the share with one vote for each variable
    """

    level: float
    figures: int
    inside: int
    share: float
    lo: float
    hi: float
    by_variable: float


def coverage(level: float, found: Sequence[tuple[tuple[str, ...], bool]]) -> Coverage:
    """Coverage of figures, each with its variables and whether it lies inside."""
    inside, n = sum(is_in for _, is_in in found), len(found)
    lo, hi = wilson(inside, n)
    votes: dict[tuple[str, ...], list[bool]] = {}
    for variables, is_in in found:
        votes.setdefault(variables, []).append(is_in)
    by_variable = float(np.mean([np.mean(v) for v in votes.values()]))
    return Coverage(level, n, inside, inside / n, lo, hi, by_variable)


def wilson(inside: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share.

    >>> [round(x, 4) for x in wilson(15, 20)]
    [0.5313, 0.8881]
    """
    p, c2 = inside / n, NORMAL_95**2
    middle = (p + c2 / (2 * n)) / (1 + c2 / n)
    half = NORMAL_95 * math.sqrt(p * (1 - p) / n + c2 / (4 * n * n)) / (1 + c2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)
