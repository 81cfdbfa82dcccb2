"""Shapley values of a game of n players: exact over all coalitions, or sampled over orders of joining.

A coalition is a number whose bit i says whether player i is in it. For a value v,

    contribution[i] = Σ over S without i of |S|! (n − |S| − 1)! / n! × (v(S + i) − v(S))

which is the mean, over all orders in which players may join, of what i adds when it joins (Shapley
1953). It is the only rule by which contributions sum to v(all) − v(none), players that do the same
get the same, one that never adds anything gets nothing, and two games add up. `first_in` is what a
player adds to nobody, `last_in` what it adds to all others.

Values are arrays with any axes after the first, the coalition; they are treated one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np

MOST_EXACT = 8
"""Players up to which all coalitions are run: 256 of them."""


@dataclass(frozen=True)
class Shares:
    """Contributions by player, (player, …), and the sampling error of their mean over the rest.

    error  standard error over sampled orders, (player,); 0 where all coalitions were run
    """

    value: np.ndarray
    first_in: np.ndarray
    last_in: np.ndarray
    error: np.ndarray


def exact(values: np.ndarray) -> Shares:
    """Contributions from the values of all coalitions, (2^n, …), in the order of their numbers."""
    n = len(values).bit_length() - 1
    masks = np.arange(len(values))
    sizes = np.array([mask.bit_count() for mask in range(len(values))])
    if n == 0:
        nothing = np.zeros((0, *values.shape[1:]))
        return Shares(nothing, nothing, nothing, np.zeros(0))
    weight = np.array([factorial(s) * factorial(n - s - 1) / factorial(n) for s in range(n)])
    out = []
    for i in range(n):
        without = masks[masks >> i & 1 == 0]
        added = values[without | 1 << i] - values[without]
        out.append(np.tensordot(weight[sizes[without]], added, 1))
    everyone = len(values) - 1
    return Shares(
        np.stack(out),
        _added(values, [(0, 1 << i) for i in range(n)]),
        _added(values, [(everyone ^ 1 << i, everyone) for i in range(n)]),
        np.zeros(n),
    )


def _added(
    values: np.ndarray | Mapping[int, np.ndarray], pairs: list[tuple[int, int]]
) -> np.ndarray:
    return np.stack([values[after] - values[before] for before, after in pairs])


def orders(players: int, pairs: int, seed: int) -> list[tuple[int, ...]]:
    """Orders of joining, each followed by its reverse: what one overstates, the other understates."""
    rng = np.random.default_rng(seed)
    out = []
    for _ in range(pairs):
        order = tuple(int(i) for i in rng.permutation(players))
        out += [order, order[::-1]]
    return out


def coalitions(players: int, joined: Sequence[Sequence[int]]) -> list[int]:
    """Every coalition that `sampled` needs, sorted: those met on the way, and first and last in."""
    everyone = (1 << players) - 1
    out = {0, everyone}
    for i in range(players):
        out |= {1 << i, everyone ^ 1 << i}
    for order in joined:
        mask = 0
        for i in order:
            mask |= 1 << i
            out.add(mask)
    return sorted(out)


def sampled(values: Mapping[int, np.ndarray], joined: Sequence[Sequence[int]]) -> Shares:
    """Contributions as means over orders; they sum to v(all) − v(none) in every order, so exactly.

    values  of each of `coalitions`, by its number; joined: from `orders`, pair by pair
    """
    n = len(joined[0])
    steps = np.zeros((len(joined), n, *values[0].shape))
    for row, order in zip(steps, joined, strict=True):
        mask = 0
        for i in order:
            row[i] = values[mask | 1 << i] - values[mask]
            mask |= 1 << i
    pairs = steps.reshape(len(joined) // 2, 2, *steps.shape[1:]).mean(1)
    # the error is that of the mean over everything but pairs and players
    means = pairs.reshape(*pairs.shape[:2], -1).mean(2)
    spread = means.std(0, ddof=1) if len(means) > 1 else np.full(n, np.nan)
    everyone = (1 << n) - 1
    return Shares(
        steps.mean(0),
        _added(values, [(0, 1 << i) for i in range(n)]),
        _added(values, [(everyone ^ 1 << i, everyone) for i in range(n)]),
        spread / np.sqrt(len(means)),
    )
