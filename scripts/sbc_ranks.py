"""Is the place of the truth among its draws uniform? Tests by group of quantities.

Four tests a group, the first two of every single quantity, the others of the group as a whole:

    bins      χ² of ten bins of the places of one quantity over refits
    curve     Kolmogorov–Smirnov of the same places: the largest gap of their empirical curve
    middle    t-test of the refits' means of Φ⁻¹(place): are draws too low or too high?
    width     t-test of the refits' means of |place − ½|: are they too narrow (above ¼) or too wide?

Quantities of one refit hang together, so that a group's places are never thrown together as if
independent: the tests of a group take one number a refit. A group's p is the least of its tests'
times their number (Bonferroni), groups are taken together by Holm's steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

BINS = 10
LEVEL = 0.01
"""Chance that any group at all is rejected of a learner that is right."""


def places(truth: np.ndarray, draws: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Place of each truth (refit,) among its draws (refit, draw), in (0, 1), ties broken by chance."""
    below = (draws < truth[:, None]).sum(1)
    ties = (draws == truth[:, None]).sum(1)
    return (below + (ties + 1) * rng.uniform(size=len(truth))) / (draws.shape[1] + 1)


@dataclass(frozen=True)
class Verdict:
    """What the tests say of a group: p of each, of all together, after Holm's correction."""

    group: str
    quantities: int
    p: dict[str, float]
    corrected: float = 1.0
    worst: str = ""

    @property
    def rejected(self) -> bool:
        """At the level, all groups taken together."""
        return self.corrected < LEVEL

    @property
    def least(self) -> float:
        """p of the group: the least of its tests', times their number."""
        return min(1.0, len(self.p) * min(self.p.values()))


def judged(group: str, by_name: Mapping[str, np.ndarray]) -> Verdict:
    """Tests of one group; by_name: quantity → places (refit,)."""
    names, u = list(by_name), np.stack(list(by_name.values()))
    counts = np.stack([np.histogram(row, BINS, (0, 1))[0] for row in u])
    bins = np.array([stats.chisquare(row).pvalue for row in counts])
    curve = np.array([stats.kstest(row, "uniform").pvalue for row in u])
    normal = stats.norm.ppf(u).mean(0)
    off = np.abs(u - 0.5).mean(0) - 0.25
    p = {
        "bins": min(1.0, len(u) * float(bins.min())),
        "curve": min(1.0, len(u) * float(curve.min())),
        "middle": float(stats.ttest_1samp(normal, 0.0).pvalue),
        "width": float(stats.ttest_1samp(off, 0.0).pvalue),
    }
    return Verdict(group, len(u), p, worst=names[int(np.argmin(np.minimum(bins, curve)))])


def holm(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The same with p corrected for the number of groups by Holm's step-down rule (1979)."""
    order = sorted(range(len(verdicts)), key=lambda i: verdicts[i].least)
    out, least = list(verdicts), 0.0
    for step, i in enumerate(order):
        v = verdicts[i]
        least = max(least, min(1.0, v.least * (len(verdicts) - step)))
        out[i] = Verdict(v.group, v.quantities, v.p, least, v.worst)
    return out
