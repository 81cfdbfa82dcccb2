"""People are conserved on any graph, in both samplers."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.engine import kernel
from caudal.engine.declare import Flow, Gate, Mechanism, Stock, Tally
from caudal.engine.graph import Model
from caudal.engine.step import Carry, move

pytestmark = pytest.mark.property

GROUPS, MEMBERS = 3, 3


@st.composite
def models(draw):
    """A ring of two to four stocks of one or two places, more flows across it, maybe a gate.

    Some flows change the group, some of those within their stock.
    """
    number = draw(st.integers(2, 4))
    names = [f"s{i}" for i in range(number)]
    stocks = [Stock(n, n, ("x", "y") if draw(st.booleans()) else ("",)) for n in names]
    ends = {(names[i], names[(i + 1) % number]) for i in range(number)} | {("outside", "s0")}
    ends |= set(draw(st.lists(st.sampled_from([(a, b) for a in names for b in names if a != b]),
                              max_size=3)))  # fmt: skip
    gates = ()
    if draw(st.booleans()):
        into = draw(st.lists(st.sampled_from(names), min_size=2, max_size=3))
        gates = (Gate("gate", "a gate", {f"to{i}": n for i, n in enumerate(into)}),)
        ends.add((draw(st.sampled_from(names)), "gate"))
    flows = tuple(Flow(a, b) for a, b in sorted(ends))
    become = st.tuples(*[st.integers(0, GROUPS - 1)] * GROUPS)
    changes = draw(st.lists(st.tuples(st.sampled_from(names), become), max_size=number))
    flows += tuple(
        Flow(names[i], to, regroup=groups, label="others") for i, (to, groups) in enumerate(changes)
    )
    made = Mechanism("m", lambda now, p: {}, flows=flows, gates=gates)
    return Model(tuple(stocks), (made,), (Tally("t", "", (flows[0].name,), ()),), GROUPS, {})


@st.composite
def steps(draw):
    """A model, people in it, hazards of every flow (zeros among them) and shares of its gate."""
    model = draw(models())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = draw(st.sampled_from([0.01, 1.0, 20.0]))
    wide = {p.flow: 1 if p.branches else p.edges for p in (*model.paths, *model.departures)}
    # where a way has one place, or a hazard is the same for all groups or members, that axis is 1
    axes = draw(st.sampled_from([(GROUPS, MEMBERS), (1, MEMBERS), (GROUPS, 1), (1, 1)]))

    def hazard(edges):
        h = rng.exponential(scale, (edges, *axes))
        return (h * (rng.uniform(size=h.shape) > 0.3)).astype(np.float32)

    out = {flow: hazard(edges) for flow, edges in wide.items()}
    for name, gate in model.gates.items():
        share = rng.dirichlet(np.ones(len(gate.branches)), size=(GROUPS, MEMBERS))
        for i, branch in enumerate(gate.branches):
            out[f"{name}.{branch}"] = share[None, ..., i].astype(np.float32)
    people = rng.poisson(draw(st.sampled_from([0.5, 30.0, 1e5])), (model.n_rows, GROUPS, MEMBERS))
    return model, people.astype(np.float32), out


def carry(model: Model, people: np.ndarray) -> Carry:
    tally = jnp.zeros((1, MEMBERS))
    return Carry(jnp.asarray(people), {}, {}, {}, tally, tally, {})


def total(array) -> np.ndarray:
    """Everyone, by member."""
    return np.asarray(array, np.float64).sum((0, 1))


@settings(max_examples=25, deadline=None)
@given(steps())
def test_expected_people_are_conserved_and_never_negative(step):
    model, people, out = step
    came = sum(
        total(np.broadcast_to(out[p.flow] * _shares(p, out), (p.edges, GROUPS, MEMBERS)))
        for p in model.departures
    )
    plain = move(model, carry(model, people), out, 1.0)
    fast = kernel.move(kernel.Tables.of_model(model), carry(model, people), out, 1.0)
    for after in (np.asarray(plain.people), np.asarray(fast.people)):
        np.testing.assert_allclose(total(after), total(people) + came, rtol=2e-6)
        assert after.min() >= -1e-5 * max(1.0, people.max())
    size = 1e-5 * max(1.0, people.max())
    np.testing.assert_allclose(plain.people, fast.people, rtol=1e-5, atol=size)
    np.testing.assert_allclose(plain.month, fast.month, rtol=1e-5, atol=size)


def _shares(path, out):
    share = np.float32(1)
    for name in path.factors[1:]:
        share = share * out[name]
    return share


@settings(max_examples=25, deadline=None)
@given(steps(), st.integers(0, 1000))
def test_sampled_people_are_whole_and_each_accounted_for(step, number):
    model, people, out = step
    departing = Tally("t", "", tuple(dict.fromkeys(p.flow for p in model.departures)), ())
    model = replace(model, tallies=(departing,))
    tables = kernel.Tables.of_model(model)
    done = kernel.move(tables, carry(model, people), out, 1.0, (9, number), np.arange(MEMBERS))
    after = np.asarray(done.people, np.float64)
    np.testing.assert_array_equal(after, np.rint(after))
    assert after.min() >= 0
    came = np.asarray(done.month, np.float64)[0]
    np.testing.assert_array_equal(total(after), total(people) + came)
    shut = {**out, **{p.flow: np.zeros_like(out[p.flow]) for p in model.paths}}
    still = kernel.move(tables, carry(model, people), shut, 1.0, (9, number), np.arange(MEMBERS))
    assert (np.asarray(still.people) >= people).all()
    np.testing.assert_array_equal(total(still.people), total(people) + came)
