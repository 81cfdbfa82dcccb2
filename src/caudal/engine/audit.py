"""Checks of a model that need numbers: what its mechanisms give at random states.

The graph checks what is declared; here the functions themselves are asked, at states, parameters
and laws drawn at random, whether gates' shares sum to one and hazards are finite and not negative.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from caudal.engine import book
from caudal.engine.graph import Model
from caudal.engine.priors import Prior
from caudal.engine.simulate import Simulator
from caudal.engine.step import Carry, Now

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Audit:
    """What was found.

    splits: flow into a gate → largest |Σ shares over all its ways, from one place − 1|; outside:
    branches with a share below 0 or above 1 (by more than single precision); bad: flows with a
    negative or not finite hazard, and measures that are not finite.
    """

    splits: dict[str, float]
    outside: tuple[str, ...]
    bad: tuple[str, ...]
    states: int


def draw_parameters(priors: Mapping[str, Prior], members: int, seed: int) -> dict[str, np.ndarray]:
    """Parameters of `members` draws from their priors, name → (*dims, member), float32."""
    return {
        name: np.moveaxis(prior.at(prior.positions(members, seed)), 0, -1)
        for name, prior in priors.items()
    }


def audit(
    model: Model,
    priors: Mapping[str, Prior],
    laws: Sequence[tuple[Arrays, Arrays]],
    drivers: Sequence[Arrays],
    *,
    members: int = 8,
    seed: int = 1,
) -> Audit:
    """Ask every mechanism at one random state per law (levers, announced levers) and its drivers.

    Arrays of laws and drivers come without a member axis.
    """
    rng = np.random.default_rng(seed)
    worst = {p.flow: 0.0 for p in (*model.paths, *model.departures) if p.branches}
    outside: set[str] = set()
    bad: set[str] = set()
    for number, (law, announced) in enumerate(laws):
        p = draw_parameters(priors, members, seed + number)
        carry = Simulator(model).start(members, (), p).carry
        now = _state(model, carry, law, announced, drivers[number % len(drivers)], rng=rng)
        out: dict[str, np.ndarray] = {}
        for made in model.mechanisms:
            given: Mapping[str, Any] = made.function(now, {k: p[k] for k in made.parameters})
            out.update({k: np.asarray(v, np.float64) for k, v in given.items()})
        worst = {f: max(w, _apart(model, f, out, members)) for f, w in worst.items()}
        outside |= {
            f"{gate.name}.{b}"
            for gate in model.gates.values()
            for b in gate.branches
            if not _is_share(out[f"{gate.name}.{b}"])
        }
        flows = [f.name for made in model.mechanisms for f in made.flows]
        bad |= {f for f in flows if not (np.isfinite(out[f]) & (out[f] >= 0)).all()}
        bad |= {m for m in model.measures if not np.isfinite(out[m]).all()}
    return Audit(worst, tuple(sorted(outside)), tuple(sorted(bad)), len(laws) * members)


def _apart(model: Model, flow: str, out: Arrays, members: int) -> float:
    """How far the shares of all ways of a flow, from one place, are from one: the worst cell."""
    ways = [p for p in (*model.paths, *model.departures) if p.flow == flow]
    total: dict[int, np.ndarray] = {}
    for path in ways:
        share = np.ones((path.edges, model.groups, members))
        for gate, branch in path.branches:
            share = share * out[f"{gate}.{branch}"]
        for row, value in zip(path.source_rows, share, strict=True):
            total[int(row)] = total.get(int(row), 0.0) + value
    return max(float(np.abs(value - 1).max()) for value in total.values())


def _is_share(value: np.ndarray) -> bool:
    return bool(((value >= -1e-6) & (value <= 1 + 1e-6)).all())


def _state(
    model: Model,
    carry: Carry,
    law: Arrays,
    announced: Arrays,
    driver: Arrays,
    *,
    rng: np.random.Generator,
) -> Now:
    """A random state: people and rates exponential around a thousand, signals above their start."""
    members = carry.people.shape[-1]
    people = rng.exponential(1000.0, carry.people.shape).astype(np.float32)
    weather = {w.name: w for made in model.mechanisms for w in made.weather}

    def last(arrays: Arrays) -> dict[str, np.ndarray]:
        return {k: np.asarray(v, np.float32)[..., None] for k, v in arrays.items()}

    def normal(sd: float, shape: tuple[int, ...]) -> np.ndarray:
        return (sd * rng.standard_normal(shape)).astype(np.float32)

    def sky() -> dict[str, np.ndarray]:
        return {k: normal(0.5, (*model.shape(w.dims), members)) for k, w in weather.items()}

    now: dict[str, Any] = {
        "people": {name: people[rows] for name, rows in model.rows.items()},
        "signal": {
            k: v + rng.uniform(0, 1, v.shape).astype(np.float32) for k, v in carry.signals.items()
        },
        "law": last(law),
        "announced": last(announced),
        "driver": last(driver),
        "weather": sky(),
        "coming": sky(),
        "noise": {k: normal(0.1, v.shape) for k, v in carry.noise.items()},
        "rate": {
            k: rng.exponential(100.0, v.shape).astype(np.float32)
            for k, v in book.events(model).split(carry.rates).items()
        },
    }
    return Now(**now, dt=1.0)
