"""epymorph: counts in compartments of one place, daily Poisson events (tau leaping).

A compartment is a place of the chain; events are Poisson(hazard × people), never more than are
there. The border is an event of rate min(300, waiting), so that 300 a day pass on average.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from common import (
    BACK,
    BORDER,
    DAYS,
    FILTER,
    FORWARD,
    MONTHS,
    PLACES,
    WORKLOADS,
    Job,
    forward,
    job,
    report,
)
from epymorph.kit import (
    AttributeDef,
    BasicSimulator,
    CompartmentModel,
    CustomScope,
    Shapes,
    SingleStrataRUME,
    TimeFrame,
    compartment,
    edge,
    init,
    mm,
)  # fmt: skip
from particles import weighed
from sympy import Min


class Chain(CompartmentModel):
    """The chain without a border."""

    compartments = tuple(compartment(f"p{i}") for i in range(PLACES))
    requirements = (AttributeDef("ahead", type=float, shape=Shapes.Scalar),)

    def edges(self, symbols: Any) -> list[Any]:
        places, (ahead,) = symbols.all_compartments, symbols.all_requirements
        return [
            *(edge(a, b, rate=ahead * a) for a, b in pairwise(places[:PLACES])),
            *(edge(b, a, rate=BACK * b) for a, b in pairwise(places[:PLACES])),
        ]


class Border(Chain):
    """The chain with a waiting list behind it."""

    compartments = (*Chain.compartments, compartment("waiting"), compartment("through"))

    def edges(self, symbols: Any) -> list[Any]:
        *_, last, waiting, through = symbols.all_compartments
        (ahead,) = symbols.all_requirements
        return [
            *super().edges(symbols),
            edge(last, waiting, rate=ahead * last),
            edge(waiting, through, rate=Min(float(BORDER), waiting)),
        ]


def simulate(
    border: bool, people: Any, ahead: float, begin: Any, days: int, rng: np.random.Generator
) -> Any:
    """So many days from people by class."""
    rume = SingleStrataRUME.build(
        ipm=Border() if border else Chain(), mm=mm.No(), scope=CustomScope(["corridor"]),
        init=init.Explicit(np.asarray(people, np.int64)[None]),
        time_frame=TimeFrame.of(begin, days), params={"ahead": ahead},
    )  # fmt: skip
    return BasicSimulator(rume).run(rng_factory=lambda: rng)


def whole(asked: Job, seed: int) -> list[Any]:
    """The year: people by member and class at its end."""
    start = np.zeros(PLACES + 2 * asked.border, np.int64)
    start[0] = asked.people
    rng = np.random.default_rng(seed)
    return [
        simulate(asked.border, start, a, WORKLOADS["start"], DAYS, rng).compartments[-1, 0]
        for a in forward(asked.members)
    ]


def filtered(asked: Job, seed: int) -> float:
    """Its own particle filter gives no likelihood: its simulator in a loop, as that filter has it."""
    rng, members = np.random.default_rng(seed), asked.members
    people = np.zeros((members, PLACES), np.int64)
    people[:, 0] = asked.people
    push, total, day = np.zeros(members), 0.0, date.fromisoformat(WORKLOADS["start"])
    for length, share in zip(MONTHS, FILTER["shares"], strict=True):
        push = push + rng.normal(0, FILTER["push_sd_per_month"], members)
        seen = np.zeros(members)
        for m in range(members):
            out = simulate(False, people[m], FORWARD * float(np.exp(push[m])), day, length, rng)
            people[m] = out.compartments[-1, 0]
            seen[m] = out.events[:, 0, FILTER["counted_place"] - 1].sum()
        day += timedelta(length)
        likely, kept = weighed(share * asked.people, seen, rng)
        total += likely
        people, push = people[kept], push[kept]
    return total


if __name__ == "__main__":
    asked = job()
    run = filtered if asked.workload == "filter" else whole
    report("epymorph", asked, lambda seed: run(asked, seed))
