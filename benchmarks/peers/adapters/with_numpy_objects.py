"""NumPy, one array entry per person: the fastest plain way to keep everybody apart. A reference.

A day is one uniform number a person. The waiting list is served in the order of the day of arrival
(ties within a day by the person's number).
"""

from __future__ import annotations

import numpy as np
from common import BORDER, DAYS, PLACES, Job, daily, forward, hazards, job, report

LIST, THROUGH = PLACES, PLACES + 1


def whole(asked: Job, seed: int) -> list[np.ndarray]:
    """The year, member after member: people by class at its end."""
    return [
        one(asked, onward, np.random.default_rng((seed, m)))
        for m, onward in enumerate(forward(asked.members))
    ]


def one(asked: Job, onward: float, rng: np.random.Generator) -> np.ndarray:
    """One member."""
    ways = [daily(w) for w in hazards(asked.border, onward)]
    ahead = np.array([w.get(i + 1, 0.0) for i, w in enumerate(ways)] + [0.0, 0.0])
    moving = np.array([sum(w.values()) for w in ways] + [0.0, 0.0])
    place = np.zeros(asked.people, np.int8)
    queue, head = np.empty(asked.people, np.int32), 0
    waiting = 0
    for _ in range(DAYS):
        if asked.border:
            served = min(BORDER, waiting)
            place[queue[head : head + served]] = THROUGH
            head, waiting = head + served, waiting - served
        u = rng.random(asked.people, np.float32)
        goes, leaves = u < ahead[place], u < moving[place]
        if asked.border:
            came = np.flatnonzero(goes & (place == PLACES - 1))
            queue[head + waiting : head + waiting + len(came)] = came
            waiting += len(came)
        place += 2 * goes.astype(np.int8) - leaves.astype(np.int8)
    return np.bincount(place, minlength=PLACES + 2 * asked.border)


if __name__ == "__main__":
    asked = job()
    report("numpy", asked, lambda seed: whole(asked, seed))
