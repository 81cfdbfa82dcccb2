"""Random corridors: graphs of stocks, gates and flows whose mechanism gives random hazards."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from caudal.engine.declare import OUTSIDE, Flow, Gate, Mechanism, Signal, Stock, Tally
from caudal.engine.graph import Model

SCALES = (0.0, 1e-3, 0.3, 30.0)
"""Hazards per day: none, rare, usual, and so high that nobody stays a day."""
ARRIVALS = (0.0, 0.4, 50.0, 2e4)
"""People per day from outside."""


def _hazards(model: Model, rng: np.random.Generator, quiet: float) -> dict[str, np.ndarray]:
    """Per day of every flow (edge, group, 1), and shares of every gate that sum to one."""
    out = {}
    for path in (*model.paths, *model.departures):
        shape = (path.edges, model.groups, 1)
        scale = rng.choice(ARRIVALS if path.source == OUTSIDE else SCALES)
        value = rng.exponential(1.0, shape) * scale * (rng.uniform(size=shape) > quiet)
        # paths through a gate share their flow's hazard: the first laid out sets its shape
        out.setdefault(path.flow, value.astype(np.float32))
        out[path.flow] = out[path.flow][: min(len(out[path.flow]), path.edges)]
    for gate in model.gates.values():
        share = rng.dirichlet(np.full(len(gate.branches), 0.5), model.groups)
        share[share < 0.02] = 0.0
        share /= share.sum(-1, keepdims=True)
        for i, branch in enumerate(gate.branches):
            out[f"{gate.name}.{branch}"] = share[:, i][None, :, None].astype(np.float32)
    return out


@st.composite
def corridors(draw: st.DrawFn) -> Model:
    """Two to five stocks of one to three places, some with gates, regrouping, loops and an end.

    The mechanism feeds a signal back into its hazards, so that they change from day to day.
    """
    groups = draw(st.integers(1, 3))
    number = draw(st.integers(2, 5))
    names = [f"s{i}" for i in range(number)]
    width = draw(st.integers(1, 3))
    wide = [draw(st.booleans()) for _ in names]
    places = tuple(f"p{i}" for i in range(width))
    stocks = [Stock(n, n, places if w else ("",)) for n, w in zip(names, wide, strict=True)]
    stocks.append(Stock("end", "where a journey ends", final=True))
    ends = {(names[i], names[(i + 1) % number]) for i in range(number)}
    ends |= {(OUTSIDE, draw(st.sampled_from(names))), (draw(st.sampled_from(names)), "end")}
    cross = [(a, b) for a in names for b in names if a != b]
    ends |= set(draw(st.lists(st.sampled_from(cross), max_size=4)))
    gates: tuple[Gate, ...] = ()
    if draw(st.booleans()):
        into = draw(st.lists(st.sampled_from([*names, "end"]), min_size=2, max_size=3, unique=True))
        gates = (Gate("gate", "a gate", {f"to{i}": n for i, n in enumerate(into)}),)
        narrow = [n for n, w in zip(names, wide, strict=True) if not w]
        ends.add((draw(st.sampled_from([*narrow, OUTSIDE])), "gate"))
    flows = tuple(Flow(a, b) for a, b in sorted(ends))
    become = st.tuples(*[st.integers(0, groups - 1)] * groups)
    for name in draw(st.lists(st.sampled_from(names), max_size=2, unique=True)):
        flows += (Flow(name, name, regroup=draw(become), label="others"),)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    quiet = draw(st.sampled_from([0.0, 0.4, 0.95]))
    given: dict[str, np.ndarray] = {}
    shares = {f"gate.{b}" for g in gates for b in g.branches}

    def function(now, p):
        pace = 0.5 + now.signal["crowd"] / (1.0 + now.signal["crowd"])
        people = sum(v.sum((0, 1)) for v in now.people.values())
        moved = {k: v if k in shares else v * pace for k, v in given.items()}
        return {**moved, "crowd": now.toward("crowd", people / 100.0, 5.0)}

    made = Mechanism(
        "random", function, flows=flows, gates=gates,
        signals=(Signal("crowd", "how many there are, of late", "hundreds"),),
        reads=tuple(names),
    )  # fmt: skip
    came = tuple(f.name for f in flows if f.source == OUTSIDE)
    tallies = (
        Tally("came", "people from outside", came, ("group",)),
        Tally("ended", "people whose journey ends", _into_end(flows, gates), ()),
        Tally("there", "people in the first stock", (names[0],)),
    )
    model = Model(tuple(stocks), (made,), tallies, groups, {})
    given |= _hazards(model, rng, quiet)
    return model


def _into_end(flows: tuple[Flow, ...], gates: tuple[Gate, ...]) -> tuple[str, ...]:
    through = [f"{g.name}.{b}" for g in gates for b, to in g.branches.items() if to == "end"]
    return (*(f.name for f in flows if f.target == "end"), *through)
