"""What every adapter shares: the workloads, the call, the clock, the line of JSON at the end.

An adapter is run in its engine's own environment as

    python adapters/with_NAME.py WORKLOAD HOW PEOPLE MEMBERS SECONDS

and prints one JSON object last: version, seconds of the best warm run and of the first (which may
compile), as the clock and as the processor count them, and counts (member, class) or loglik. Needs
the standard library only.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import NormalDist
from typing import Any

WORKLOADS: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[1] / "workloads.json").read_text(encoding="utf-8")
)
PLACES: int = WORKLOADS["places"]
FORWARD: float = WORKLOADS["forward_per_day"]
BACK: float = WORKLOADS["back_per_day"]
DAYS: int = WORKLOADS["days"]
MONTHS: list[int] = WORKLOADS["month_days"]
BORDER: int = WORKLOADS["border_per_day"]
FILTER: dict[str, Any] = WORKLOADS["filter"]

MOST_REPEATS = 7
SETTLED_SECONDS = 3.0
"""Warm runs are repeated until there are so many, or they have taken so long."""


@dataclass(frozen=True)
class Job:
    """One call: workload "chain", "border", "ensemble" or "filter"; how "expected" or "sampled"."""

    workload: str
    how: str
    people: int
    members: int
    seconds: float

    @property
    def border(self) -> bool:
        """Whether the chain ends in a waiting list."""
        return self.workload in ("border", "ensemble")


def forward(members: int) -> list[float]:
    """Forward hazard per day of each member: quantiles of a lognormal, so that members differ."""
    z = [NormalDist().inv_cdf((m + 0.5) / members) for m in range(members)]
    return [FORWARD * math.exp(WORKLOADS["members_log_sd"] * x) for x in z]


def hazards(border: bool, onward: float = FORWARD) -> list[dict[int, float]]:
    """By place (0 first): the places that can be reached and the hazard per day of going there.

    With a border, place number PLACES is the waiting list. onward: the hazard of going forward.
    """
    last = PLACES if border else PLACES - 1
    out = []
    for place in range(PLACES):
        ways = {place + 1: onward} if place < last else {}
        out.append(ways | ({place - 1: BACK} if place else {}))
    return out


def daily(ways: dict[int, float]) -> dict[int, float]:
    """Chances of a day from competing hazards: 1 − exp(−Σh), shared in proportion."""
    total = sum(ways.values())
    return {place: -math.expm1(-total) * h / total for place, h in ways.items()}


def job() -> Job:
    """The call's arguments."""
    workload, how, people, members, seconds = sys.argv[1:]
    return Job(workload, how, int(people), int(members), float(seconds))


def each(asked: Job, one: Callable[[Job, float, int], Any]) -> Callable[[int], list[Any]]:
    """What gives the members one after another: one(asked, forward hazard, seed of its own)."""
    return lambda seed: [
        one(asked, onward, 1000 * seed + m) for m, onward in enumerate(forward(asked.members))
    ]


def report(
    package: str,
    asked: Job,
    run: Callable[[int], Sequence[Any] | float],
    compiled: bool = False,
) -> None:
    """Run once, then again while time lasts, and print the line.

    run(seed) gives counts (member, class) or, for the filter, a log-likelihood. compiled: whether
    the first run compiles, so that a second one is worth its time even when the first was long.
    """
    begun, used = time.perf_counter(), time.process_time()
    result = run(1)
    first, first_used = time.perf_counter() - begun, time.process_time() - used
    enough = asked.seconds if compiled else min(asked.seconds, SETTLED_SECONDS)
    warm: list[tuple[float, float]] = []
    # by the processor, so that a busy machine does not leave out the warm runs
    while len(warm) < MOST_REPEATS and sum(p for _, p in warm) < SETTLED_SECONDS:
        if first_used >= enough:
            break
        begun, used = time.perf_counter(), time.process_time()
        result = run(len(warm) + 2)
        warm.append((time.perf_counter() - begun, time.process_time() - used))
    warm = warm or [(first, first_used)]
    line: dict[str, Any] = {
        "version": version(package),
        "seconds": min(w for w, _ in warm),
        "processor_seconds": min(p for _, p in warm),
        "first_seconds": first,
        "first_processor_seconds": first_used,
        "compiled": compiled,
    }
    if isinstance(result, float):
        line["loglik"] = result
    else:
        line["counts"] = [[float(x) for x in row] for row in result]
    print(json.dumps(line))
