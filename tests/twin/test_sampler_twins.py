"""The sampler against plain Python and against SciPy's distributions.

Every chi-square test here raises a false alarm once in ten thousand; there are fifteen of them, so
once in some 700 changes of the seed. The seed is fixed.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from caudal.engine import sampler

pytestmark = pytest.mark.twin

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
ALARM = 1e-4
DRAWS = 20_000


def mix(z: int) -> int:
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


def plain_stream(seed: int, *keys: int) -> int:
    """SplitMix64 in whole numbers of any size."""
    z = mix((seed + GOLDEN) & MASK)
    for key in keys:
        z = mix(z ^ mix((key + GOLDEN) & MASK))
    return z


@pytest.mark.parametrize("keys", [(0, 0, 0, 0), (1, 2, 3, 4), (20180101, 95, 3200, 2600)])
def test_streams_are_splitmix64(keys):
    assert int(sampler.stream(*keys)) == plain_stream(*keys)


def chi_square(draws: np.ndarray, frozen) -> float:
    """p-value of counts against a distribution, tails pooled to at least 10 expected draws."""
    values = np.arange(int(draws.min()), int(draws.max()) + 1)
    cuts, edges = [], [-1]
    for v in values:
        if DRAWS * (frozen.cdf(v) - frozen.cdf(edges[-1])) >= 10 and DRAWS * frozen.sf(v) >= 10:
            edges.append(int(v))
            cuts.append(v)
    edges.append(10**9)
    expected = DRAWS * np.diff([0.0, *frozen.cdf(edges[1:-1]), 1.0])
    seen = np.histogram(draws, bins=np.array([-1, *edges[1:-1], 10**9]) + 0.5)[0]
    return float(stats.chisquare(seen, expected).pvalue)


def streams():
    """One fresh stream a draw, as the kernel uses them."""
    return [np.uint64(sampler.stream(11, m, 5, 17)) for m in range(DRAWS)]


@pytest.mark.parametrize(
    ("n", "p"),
    [(1, 0.3), (20, 0.1), (300, 0.02), (5000, 0.0019), (60, 0.5), (60, 0.97), (400, 0.3),
     (100_000, 0.2), (2000, 0.995)],
)  # fmt: skip
def test_binomial_is_exact(n, p):
    draws = np.array([sampler.binomial(s, n, p)[1] for s in streams()])
    assert draws.min() >= 0
    assert draws.max() <= n
    assert chi_square(draws, stats.binom(n, p)) > ALARM


@pytest.mark.parametrize("mean", [0.02, 1.5, 9.9, 10.1, 500.0])
def test_poisson_is_exact(mean):
    draws = np.array([sampler.poisson(s, mean)[1] for s in streams()])
    assert chi_square(draws, stats.poisson(mean)) > ALARM


def test_nobody_is_drawn_from_nobody_and_certainty_is_certain():
    start = np.uint64(sampler.stream(1, 1, 1, 1))
    assert sampler.binomial(start, 0, 0.5)[1] == 0
    assert sampler.binomial(start, 9, 0.0)[1] == 0
    assert sampler.binomial(start, 9, 1.0)[1] == 9
    assert sampler.poisson(start, 0.0)[1] == 0
    assert sampler.poisson(start, 1e-30)[1] == 0
    few = np.full((1, 3), 1e-12, np.float32)
    sampler.arrive(few, 1.0, 1, np.arange(3), 1, 0)
    assert (few == 0).all()


def test_a_cell_with_four_exits_is_multinomial():
    """Three people, four exits and staying: all 35 outcomes against the multinomial."""
    hazards = np.array([0.1, 0.4, 0.2, 0.3], np.float32)
    moved = one_cell(3, hazards, DRAWS)
    leave = -np.expm1(-hazards.astype(float).sum())
    shares = [*(leave * hazards / hazards.sum()), 1 - leave]
    seen: dict[tuple[int, ...], int] = {}
    for exits in moved.astype(int).T:
        key = (*exits.tolist(), 3 - int(exits.sum()))
        seen[key] = seen.get(key, 0) + 1
    law = stats.multinomial(3, np.array(shares) / np.sum(shares))
    outcomes = [
        (a, b, c, d, 3 - a - b - c - d)
        for a in range(4) for b in range(4 - a) for c in range(4 - a - b)
        for d in range(4 - a - b - c)
    ]  # fmt: skip
    assert len(outcomes) == 35
    expected = DRAWS * law.pmf(outcomes)
    found = np.array([seen.pop(o, 0) for o in outcomes])
    assert not seen
    assert expected.min() > 5
    assert stats.chisquare(found, expected * found.sum() / expected.sum()).pvalue > ALARM


def one_cell(people: int, hazards: np.ndarray, members: int) -> np.ndarray:
    """Exits of one cell, (exit, member)."""
    moved = np.repeat(hazards[:, None], members, 1)
    many = np.full(members, people, np.float32)
    sampler.leave(many, moved, 1.0, 5, np.arange(members), 9, 0)
    return moved


def plain_leave(people, hazards, *, dt, seed, members, step, cell):
    """What `sampler.leave` does, in the order in which it is told, with the same streams."""
    moved = np.zeros_like(hazards)
    many = len(members)
    for k in range(len(people)):
        exits = [e for e in range(len(hazards)) if hazards[e, k] > 0]
        n = int(people[k])
        if not exits or n == 0:
            continue
        total = math.fsum(float(hazards[e, k]) for e in exits)
        state = np.uint64(sampler.stream(seed, members[k % many], step, cell + k // many))
        state, left = sampler.binomial(state, n, -math.expm1(-total * dt))
        for e in exits:
            if left == 0:
                break
            h = float(hazards[e, k])
            share = 1.0 if e == exits[-1] else min(1.0, h / total)
            state, took = sampler.binomial(np.uint64(state), left, share)
            moved[e, k] = took
            left -= took
            total -= h
    return moved


def test_leaving_is_its_readable_twin():
    rng = np.random.default_rng(8)
    groups, members = 3, np.array([4, 9, 0, 77, 3])
    cells = groups * len(members)
    for row, exits in enumerate((4, 1, 3)):
        people = (rng.poisson(30, cells) * rng.integers(0, 2, cells)).astype(np.float32)
        hazards = rng.exponential(0.4, (exits, cells)).astype(np.float32)
        hazards[rng.uniform(size=hazards.shape) < 0.3] = 0  # exits that are shut, the last one too
        drawn = hazards.copy()
        how = {"dt": 0.5, "seed": 12, "members": members, "step": 40, "cell": row * groups}
        sampler.leave(people, drawn, 0.5, 12, members, 40, row * groups)
        np.testing.assert_array_equal(drawn, plain_leave(people, hazards, **how))
        assert drawn.sum() > 0


def test_arriving_is_its_readable_twin():
    members, groups = np.array([4, 9, 0]), 2
    rates = np.random.default_rng(3).exponential(8.0, (2, groups * len(members)))
    rates = rates.astype(np.float32)
    drawn = rates.copy()
    sampler.arrive(drawn, 0.5, 12, members, 40, 6)
    for d in range(2):
        for k in range(rates.shape[1]):
            state = sampler.stream(12, members[k % 3], 40, 6 + d * groups + k // 3)
            assert drawn[d, k] == sampler.poisson(np.uint64(state), float(rates[d, k]) * 0.5)[1]


def test_another_cell_changes_nothing_here():
    hazards = np.array([0.2, 0.5], np.float32)
    alone = one_cell(40, hazards, 6)
    again = one_cell(40, hazards, 3)
    np.testing.assert_array_equal(alone[:, :3], again)
