"""People are conserved on any graph, in both samplers."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.engine import sampler
from caudal.engine.declare import Flow, Gate, Mechanism, Stock, Tally
from caudal.engine.graph import Model
from caudal.engine.step import Carry, expected_moves, settle

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
    """A model, people in it, and a hazard for every path (zeros among them)."""
    model = draw(models())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = draw(st.sampled_from([0.01, 1.0, 20.0]))

    def hazard(path):
        h = rng.exponential(scale, (path.edges, GROUPS, MEMBERS))
        return (h * (rng.uniform(size=h.shape) > 0.3)).astype(np.float32)

    people = rng.poisson(draw(st.sampled_from([0.5, 30.0, 1e5])), (model.n_rows, GROUPS, MEMBERS))
    return (
        model, people.astype(np.float32), [hazard(p) for p in model.paths],
        [10 * hazard(p) for p in model.departures],
    )  # fmt: skip


def carry(model: Model, people: np.ndarray) -> Carry:
    tally = {"t": np.zeros((1, 1, 1), np.float32)}
    return Carry(jnp.asarray(people), {}, {}, {}, {}, tally, {})


@settings(max_examples=25, deadline=None)
@given(steps())
def test_expected_people_are_conserved_and_never_negative(step):
    model, people, hazards, rates = step
    moved = expected_moves(model, jnp.asarray(people), [jnp.asarray(h) for h in hazards], 1.0)
    after = np.asarray(settle(model, carry(model, people), moved, rates, 1.0).people, np.float64)
    came = sum(r.astype(np.float64).sum((0, 1)) for r in rates)
    wanted = people.astype(np.float64).sum((0, 1)) + came
    np.testing.assert_allclose(after.sum((0, 1)), wanted, rtol=2e-6)
    assert after.min() >= -1e-5 * max(1.0, people.max())


@settings(max_examples=25, deadline=None)
@given(steps(), st.integers(0, 1000))
def test_sampled_people_are_whole_and_each_accounted_for(step, number):
    model, people, hazards, rates = step
    rows = np.concatenate([p.source_rows for p in model.paths])
    edges = np.argsort(rows, kind="stable").astype(np.int32)
    first = np.searchsorted(rows[edges], np.arange(model.n_rows + 1)).astype(np.int32)
    flat, came = np.concatenate(hazards), np.concatenate(rates)
    moved, departed = np.full_like(flat, -1), np.full_like(came, -1)
    members = np.arange(MEMBERS)
    sampler.draw(people, flat, first, edges, came, 1.0, 9, members, number, moved, departed)
    cut = np.cumsum([p.edges for p in model.paths])[:-1]
    cut2 = np.cumsum([p.edges for p in model.departures])[:-1]
    after = np.asarray(
        settle(
            model, carry(model, people), np.split(moved, cut), np.split(departed, cut2), 1.0
        ).people,
        np.float64,
    )
    np.testing.assert_array_equal(after, np.rint(after))
    assert after.min() >= 0
    wanted = people.astype(np.float64).sum((0, 1)) + departed.sum((0, 1))
    np.testing.assert_array_equal(after.sum((0, 1)), wanted)
    assert ((moved == 0) | (flat > 0)).all()
