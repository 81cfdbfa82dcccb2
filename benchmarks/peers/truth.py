"""What is right: the exact chain of each engine's own semantics, a reference queue, a filter.

Engines differ in what a day is. `STEPS` says which chain each kind of step must follow:

    competing    leaves with 1 − exp(−Σh), to each place in proportion to its hazard
    linear       leaves with Σh (the Poisson events of tau leaping have this mean)
    repeated     competing, but who arrives may move again the same day at the same chance
    continuous   the matrix exponential of the hazards

and `BORDERS` how the first 300 a day are let in: exactly, or drawn with that mean (binomial or
Poisson). Whoever stood on the list in the morning may cross; order within the list moves no count.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import linalg, stats

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "adapters"))

from common import (  # noqa: E402
    BORDER,
    DAYS,
    FILTER,
    PLACES,
    WORKLOADS,
    Job,
    daily,
    forward,
    hazards,
)

FALSE_ALARM = 1e-4
"""A sampled row that is right is called wrong once in 10,000."""
TOLERANCE = 1e-3
"""Largest relative error of an expected count that is called right."""
DRAWS = 400
"""Runs of the reference queue from which the distribution of crossings is taken."""
REFERENCE = HERE / "filter_reference.json"
"""Log-likelihoods of a large NumPy filter, the spread of small ones: `python truth.py` writes it."""
PARTICLES, REPLICATES = 20_000, 20


@dataclass(frozen=True)
class Verdict:
    """right: whether the check is passed; value: p of a test, or a relative error; said: which."""

    right: bool
    value: float
    said: str


def step(kind: str, border: bool, onward: float) -> np.ndarray:
    """Chances of a day from class to class; the waiting list keeps whom it has."""
    size = PLACES + border
    ways = hazards(border, onward)
    rates = np.zeros((size, size))
    for place, there in enumerate(ways):
        for target, hazard in there.items():
            rates[place, target] = hazard
    rates -= np.diag(rates.sum(1))
    if kind == "linear":
        return np.eye(size) + rates
    if kind == "continuous":
        return linalg.expm(rates)
    moves = np.zeros((size, size))
    for place, there in enumerate(ways):
        for target, chance in daily(there).items():
            moves[place, target] = chance
    stays = np.diag(1 - moves.sum(1))
    if kind == "repeated":
        return np.linalg.solve(np.eye(size) - moves, stays)
    return moves + stays


def exact(kind: str, border: bool, onward: float) -> np.ndarray:
    """Where a person is after the year, by class."""
    return np.linalg.matrix_power(step(kind, border, onward), DAYS)[0]


def queue(arrivals: np.ndarray, let: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """The reference queue: who has crossed by the end, of arrivals (day, run).

    let: how many of those waiting in the morning are let in that day.
    """
    waiting = np.zeros_like(arrivals[0])
    crossed = np.zeros_like(waiting)
    for came in arrivals:
        served = let(waiting)
        crossed = crossed + served
        waiting = waiting - served + came
    return crossed


BORDERS: dict[str, Callable[[np.random.Generator], Callable[[np.ndarray], np.ndarray]]] = {
    "exact": lambda rng: lambda waiting: np.minimum(BORDER, waiting),
    "binomial": lambda rng: (
        lambda waiting: rng.binomial(
            waiting.astype(np.int64), np.minimum(1.0, BORDER / np.maximum(waiting, 1))
        )
    ),
    "poisson": lambda rng: (
        lambda waiting: np.minimum(rng.poisson(np.minimum(BORDER, waiting)), waiting)
    ),
}


def arrivals(kind: str, people: int, onward: float) -> np.ndarray:
    """People expected at the list by day."""
    table = step(kind, True, onward)
    there = np.zeros(PLACES + 1)
    there[0] = people
    out = []
    for _ in range(DAYS):
        after = there @ table
        out.append(after[-1] - there[-1])
        there = after
    return np.array(out)


def crossings(kind: str, border: str, people: int, onward: float, runs: int) -> np.ndarray:
    """Crossed by the year's end in so many runs of the reference queue, each with its own arrivals."""
    rng = np.random.default_rng(people)
    shares = arrivals(kind, 1, onward)
    days = np.append(shares, 1 - shares.sum())
    came = rng.multinomial(people, days / days.sum(), runs).T[:-1]
    return queue(came, BORDERS[border](rng))


def expected_border(kind: str, people: int, onward: float) -> np.ndarray:
    """Expected people by class, the border applied to expected people (day by day)."""
    came = arrivals(kind, people, onward)
    if kind == "continuous":
        return _expected_border_continuous(people, onward)
    crossed = float(queue(came, lambda waiting: np.minimum(BORDER, waiting)))
    there = people * exact(kind, True, onward)
    return np.array([*there[:-1], there[-1] - crossed, crossed])


def _expected_border_continuous(people: int, onward: float) -> np.ndarray:
    """The same as differential equations, min(300, waiting) a day, solved to eight digits."""
    from scipy.integrate import solve_ivp

    rates = np.zeros((PLACES + 2, PLACES + 2))
    for place, there in enumerate(hazards(True, onward)):
        for target, hazard in there.items():
            rates[place, target] += hazard
            rates[place, place] -= hazard
    start = np.zeros(PLACES + 2)
    start[0] = people

    def flow(_: float, now: np.ndarray) -> np.ndarray:
        served = min(BORDER, now[PLACES])
        return now @ rates + np.array([0.0] * PLACES + [-served, served])

    done = solve_ivp(flow, (0, DAYS), start, "DOP853", rtol=1e-9, atol=1e-6, max_step=5.0)
    return done.y[:, -1]


def judge_chain(counts: np.ndarray, how: str, kind: str, people: int) -> Verdict:
    """The chain: χ² of where people are (sampled), largest relative error (expected)."""
    wanted = people * exact(kind, False, forward(1)[0])
    if how == "expected":
        return relative(counts[0], wanted)
    value = chi_square(counts[0], wanted)
    return Verdict(value > FALSE_ALARM, value, "p of χ² against the exact chain")


def judge_border(counts: np.ndarray, how: str, kind: str, border: str, people: int) -> Verdict:
    """The border, one member or many: where people are, and how many have crossed.

    Sampled: the smaller p of two tests, doubled: χ² of people by place (and at or past the list),
    members added up; and how many crossed, against runs of the reference queue.
    """
    ahead = forward(len(counts))
    if how == "expected":
        wanted = np.array([expected_border(kind, people, a) for a in ahead])
        worst = max(
            (relative(c, w) for c, w in zip(counts, wanted, strict=True)), key=lambda v: v.value
        )
        return worst
    wanted = np.sum([people * exact(kind, True, a) for a in ahead], 0)
    there = np.column_stack([counts[:, :-2], counts[:, -2:].sum(1)]).sum(0)
    places = chi_square(there, wanted)
    runs = max(20, DRAWS // len(ahead))
    drawn = [crossings(kind, border, people, a, runs) for a in ahead]
    gap = counts[:, -1].sum() - sum(d.mean() for d in drawn)
    spread = sum(max(d.var(ddof=1), 0.25) * (1 + 1 / runs) for d in drawn)
    crossed = 2 * stats.norm.sf(abs(gap) / np.sqrt(spread))
    value = min(1.0, 2 * min(places, crossed))
    return Verdict(value > FALSE_ALARM, value, "p of χ² and of crossings against a reference queue")


def chi_square(found: np.ndarray, wanted: np.ndarray) -> float:
    """p of Pearson's χ²; people lost or made count as a class of their own."""
    if abs(found.sum() - wanted.sum()) > 1e-6 * wanted.sum():
        return 0.0
    return float(stats.chi2.sf(((found - wanted) ** 2 / wanted).sum(), len(wanted) - 1))


def relative(found: np.ndarray, wanted: np.ndarray) -> Verdict:
    """Largest relative error of the counts, those below one person aside."""
    seen = wanted >= 1
    error = float(np.max(np.abs(found - wanted)[seen] / wanted[seen]))
    return Verdict(error <= TOLERANCE, error, "largest relative error of a count")


def judge_filter(loglik: float, how: str, people: int) -> Verdict:
    """Two-sided p of a log-likelihood, from the reference and the spread of filters of this size."""
    known = json.loads(REFERENCE.read_text(encoding="utf-8"))[how][str(people)]
    # the log of an unbiased estimate is low by half its variance
    gap = loglik - (known["loglik"] - known["sd"] ** 2 / 2)
    p = float(2 * stats.t.sf(abs(gap) / known["sd"], REPLICATES - 1))
    return Verdict(p > FALSE_ALARM, p, "p of the log-likelihood against a large filter")


def reference(how: str, people: int) -> dict[str, float]:
    """Log-likelihood of a large filter, and the standard deviation of filters of the usual size."""
    from with_numpy_counts import filtered

    many = filtered(Job("filter", how, people, PARTICLES, 0), 1)
    usual = Job("filter", how, people, FILTER["members"], 0)
    few = [filtered(usual, seed) for seed in range(2, REPLICATES + 2)]
    return {"loglik": round(many, 4), "sd": round(float(np.std(few, ddof=1)), 4)}


if __name__ == "__main__":
    known = {
        how: {str(n): reference(how, n) for n in WORKLOADS["people"]}
        for how in ("expected", "sampled")
    }
    temporary = REFERENCE.with_suffix(".tmp")
    temporary.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")
    os.replace(temporary, REFERENCE)
