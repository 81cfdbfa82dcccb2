"""NumPy, counts: what a careful person writes in an hour. A reference, not a peer.

One array of people (class, member); a day is two binomial draws a class: who leaves, who of them
goes forward; without chance, two products.
"""

from __future__ import annotations

import numpy as np
from common import BACK, BORDER, DAYS, FILTER, FORWARD, MONTHS, PLACES, Job, forward, job, report
from particles import weighed


def day(
    people: np.ndarray, leaving: np.ndarray, onward: np.ndarray, rng: np.random.Generator | None
) -> tuple[np.ndarray, np.ndarray]:
    """One day of the chain: people (class, member) after it, and who moved forward.

    leaving: chance of leaving a class; onward: share of those who leave that goes forward.
    People are real numbers without `rng`, whole with it.
    """
    gone = people * leaving if rng is None else rng.binomial(people, leaving)
    ahead = gone * onward if rng is None else rng.binomial(gone, onward)
    people = people - gone
    people[1:] += ahead[:-1]
    people[:-1] += (gone - ahead)[1:]
    return people, ahead


def chances(border: bool, onward: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Chance of leaving and share going forward, (class, member); the list keeps whom it has."""
    size = PLACES + border
    ahead = np.where(np.arange(size)[:, None] < size - 1, onward, 0.0)
    back = np.full((size, 1), BACK)
    back[0], back[PLACES:] = 0.0, 0.0
    both = ahead + back
    return -np.expm1(-both), ahead / np.maximum(both, 1e-300)


def whole(asked: Job, seed: int) -> np.ndarray:
    """The year: people by member and class at its end."""
    rng = np.random.default_rng(seed) if asked.how == "sampled" else None
    leaving, onward = chances(asked.border, np.asarray(forward(asked.members)))
    people = np.zeros(leaving.shape, np.float64 if rng is None else np.int64)
    people[0] = asked.people
    through = np.zeros_like(people[0])
    for _ in range(DAYS):
        served = np.minimum(BORDER, people[-1]) if asked.border else 0
        people, _ = day(people, leaving, onward, rng)
        if asked.border:
            people[-1] -= served
            through = through + served
    return (np.vstack([people, through]) if asked.border else people).T


def filtered(asked: Job, seed: int) -> float:
    """A bootstrap particle filter over the months: the log-likelihood."""
    rng, members = np.random.default_rng(seed), asked.members
    sampled, here = asked.how == "sampled", FILTER["counted_place"] - 1
    people = np.zeros((PLACES, members), np.int64 if sampled else np.float64)
    people[0] = asked.people
    push, total = np.zeros(members), 0.0
    for length, share in zip(MONTHS, FILTER["shares"], strict=True):
        push = push + rng.normal(0, FILTER["push_sd_per_month"], members)
        leaving, onward = chances(False, FORWARD * np.exp(push))
        seen = np.zeros(members)
        for _ in range(length):
            people, ahead = day(people, leaving, onward, rng if sampled else None)
            seen += ahead[here]
        likely, kept = weighed(share * asked.people, seen, rng)
        total += likely
        people, push = people[:, kept], push[kept]
    return total


if __name__ == "__main__":
    asked = job()
    run = filtered if asked.workload == "filter" else whole
    report("numpy", asked, lambda seed: run(asked, seed))
