"""Tiny models for tests of the engine, and a forcing without law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from caudal.engine.declare import Flow, Gate, Measure, Mechanism, Noise, Signal, Stock, Tally
from caudal.engine.graph import Model
from caudal.engine.simulate import Chunk, Forcing, Simulator, State

START = date(2018, 1, 1)


def calm(days: int, **arrays: object) -> Forcing:
    """`days` days from January 2018 with nothing from outside but what is given."""
    return Forcing(START, days, law=arrays.pop("law", {}), **arrays)  # type: ignore[arg-type]


def chunk(members: int | Sequence[int] = 1, **p: object) -> Chunk:
    """Members with the given parameters, each the same for all."""
    numbers = np.arange(members) if isinstance(members, int) else np.asarray(members)
    wide = {
        k: np.repeat(np.asarray(v, np.float32)[..., None], len(numbers), -1) for k, v in p.items()
    }
    return Chunk(numbers, wide, {})


def with_people(simulator: Simulator, members: int, people: np.ndarray) -> State:
    """The start, with people (row, group) put in every member."""
    state = simulator.start(members)
    there = np.repeat(people.astype(np.float32)[..., None], members, -1)
    return State(state.carry._replace(people=there), state.ended, state.day)


def moving(flows: dict[tuple[str, str], float], groups: int = 1) -> Mechanism:
    """A mechanism of constant hazards, (source, target) → per day."""
    declared = tuple(Flow(a, b) for a, b in flows)
    hazards = {f.name: np.full((1, groups, 1), h, np.float32) for f, h in zip(
        declared, flows.values(), strict=True)}  # fmt: skip
    return Mechanism("moving", lambda now, p: hazards, flows=declared)


def ring() -> Model:
    """Three stocks that exchange people: a Markov chain in continuous time."""
    stocks = tuple(Stock(n, n) for n in "abc")
    flows = {("a", "b"): 0.3, ("b", "a"): 0.1, ("b", "c"): 0.2, ("c", "a"): 0.05}
    return Model(stocks, (moving(flows),), (Tally("ab", "moves", ("a → b",)),), 1, {})


def queue(groups: int = 1) -> Model:
    """Arrivals, a wait, an end: `arrive` people a day, `leave` the hazard; noise on arrivals.

    Measures: `burden` is people waiting (a sum over days: person-days), `length` the same as a mean.
    """
    flows = (Flow("outside", "waiting"), Flow("waiting", "gone"))

    def flow(now, p):
        rate = p["arrive"] * np.ones((1, groups, 1), np.float32)
        return {
            "outside → waiting": rate * _exp(now.noise["gusts"]),
            "waiting → gone": p["leave"] * np.ones((1, groups, 1), np.float32),
            "seen": now.toward("seen", now.rate["left"].sum((0, 1)), 7.0),
            "burden": now.people["waiting"].sum((0, 1)),
            "length": now.people["waiting"][0],
        }

    mechanism = Mechanism(
        "flow", flow, flows=flows, signals=(Signal("seen", "leaving a day", "people per day"),),
        measures=(
            Measure("burden", "days waited", "person-days"),
            Measure("length", "people waiting", "people", ("group",), how="mean"),
        ),
        noise=(Noise("gusts", "gusts", "gust_sd", "gust_days"),), reads=("left",),
        parameters=("arrive", "leave", "gust_sd", "gust_days"),
        off={"arrive": 0.0},
    )  # fmt: skip
    tallies = (
        Tally("left", "people who left", ("waiting → gone",)),
        Tally("came", "people who came", ("outside → waiting",)),
        Tally("queue", "people waiting", ("waiting",)),
    )
    stocks = (Stock("waiting", "in the queue"), Stock("gone", "served", final=True))
    return Model(stocks, (mechanism,), tallies, groups, {"group": groups})


def border() -> Model:
    """Places, pairs and two gates in a row; two groups. Constant hazards and shares."""
    stocks = (
        Stock("road", "on the road"),
        Stock("city", "in a city", ("east", "middle", "west")),
        Stock("office", "at an office", ("one", "two")),
        Stock("held", "held"),
        Stock("in", "let in", final=True),
    )
    rng = np.random.default_rng(3)
    share = rng.dirichlet(np.ones(5), size=2).T.astype(np.float32)[..., None]  # (5, group, 1)
    seen = rng.uniform(0.2, 0.8, (3, 2, 1)).astype(np.float32)
    held = rng.uniform(0.2, 0.8, (3, 2, 1)).astype(np.float32)
    one = np.ones((1, 2, 1), np.float32)
    given = {
        "outside → road": 40.0 * one,
        "road → where": 0.4 * one,
        "where.city": share[:3],
        "where.office": share[3:],
        "city → line": np.array([[[0.3], [0.1]], [[0.2], [0.6]], [[0.05], [0.9]]], np.float32),
        "line.seen": seen,
        "line.unseen": 1 - seen,
        "desk.held": held,
        "desk.back": 1 - held,
        "office → city": 0.07 * np.ones((2, 2, 1), np.float32),
        "office → in": 0.2 * np.ones((2, 2, 1), np.float32),
        "held → in": 0.5 * one,
        "held → road": 0.02 * one,
        "held → held as alone": np.array([[[0.0], [0.03]]], np.float32),
        "city → city eastward": 0.04 * np.ones((3, 2, 1), np.float32),
        "city → line as alone": np.array([[[0.0], [0.08]]], np.float32) * np.ones((3, 1, 1)),
    }
    mechanism = Mechanism(
        "border", lambda now, p: given,
        flows=(
            Flow("outside", "road"), Flow("road", "where"), Flow("city", "line"),
            Flow("office", "city", pairs=(2, 0)), Flow("office", "in"), Flow("held", "in"),
            Flow("held", "road"), Flow("held", "held", regroup=(0, 0), label="alone"),
            Flow("city", "city", pairs=(0, 0, 1), label="eastward"),
            Flow("city", "line", regroup=(0, 0), label="alone"),
        ),
        gates=(
            Gate("where", "city or office", {"city": "city", "office": "office"}),
            Gate("line", "seen or not", {"seen": "desk", "unseen": "in"}),
            Gate("desk", "held or sent back", {"held": "held", "back": "city"}),
        ),
    )  # fmt: skip
    tallies = (
        Tally("seen", "people seen", ("line.seen",)),
        Tally("returned_alone", "sent back", ("city → line as alone & desk.back",)),
        Tally("held_from_line", "held", ("city → line & line.seen & desk.held",), ()),
        Tally("let_in", "people let in", ("line.unseen", "office → in", "held → in"), ("group",)),
        Tally("in_cities", "people in cities", ("city",), ("place",)),
    )
    return Model(stocks, (mechanism,), tallies, 2, {})


def _exp(x):
    import jax.numpy as jnp

    return jnp.exp(x)


def switched_off(model: Model, name: str, p: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Parameters with one mechanism neutral: its `off` values in place, shapes unchanged."""
    off = model.mechanism(name).off
    return {k: np.full_like(v, off[k]) if k in off else v for k, v in p.items()}
