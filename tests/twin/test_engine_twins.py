"""The step against ten readable lines, and the sampled mean against the expected one."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.engine.declare import OUTSIDE, Stock
from caudal.engine.graph import Model
from caudal.engine.simulate import Simulator
from engine_worlds import border, calm, chunk, moving, queue, ring, with_people

pytestmark = [pytest.mark.twin, pytest.mark.usefixtures("either_step")]


def plain_days(model, days: int) -> tuple[np.ndarray, dict[str, float]]:
    """People (row, group) after some days, place by place and exit by exit; and tallies."""
    out = model.mechanisms[0].function(None, {})
    people = np.zeros((model.n_rows, model.groups))
    counts = {t.name: 0.0 for t in model.tallies}
    for _ in range(days):
        before, after = people, people.copy()
        for g in range(model.groups):
            exits = []  # (row from, row to, group to, hazard, names it is counted under)
            for path in (*model.departures, *model.paths):
                for e in range(path.edges):
                    h = np.broadcast_to(out[path.flow], (path.edges, 2, 1))[e, g, 0].astype(float)
                    for gate, branch in path.branches:
                        share = out[f"{gate}.{branch}"]
                        h = h * np.broadcast_to(share, (path.edges, 2, 1))[e, g, 0]
                    to = 0 if path.flow.endswith("as alone") else g
                    ends = path.source_rows[e], path.target_rows[e]
                    exits.append((*ends, to, h, path.passes))
            total = {r: sum(x[3] for x in exits if x[0] == r) for r in range(model.n_rows)}
            for source, target, to, h, names in exits:
                many = h  # from outside: people per day
                if source >= 0:
                    many = before[source, g] * (1 - np.exp(-total[source])) * h / total[source]
                    after[source, g] -= many
                after[target, to] += many
                for tally in model.tallies:
                    all_of = [set(entry.split(" & ")) for entry in tally.of]
                    counts[tally.name] += many if any(a <= names for a in all_of) else 0.0
        people = after
        counts["in_cities"] += people[model.rows["city"]].sum()
    return people, counts


def test_the_step_is_its_readable_twin():
    model, days = border(), 31
    people, counts = plain_days(model, days)
    simulator = Simulator(model, months=1)
    state, months = simulator.advance(simulator.start(2), chunk(2), calm(days), days)
    final = model.rows["in"]
    people[final], there = 0.0, people[final].copy()  # handed out at the month's end
    np.testing.assert_allclose(state.carry.people[..., 1], people, rtol=2e-5, atol=1e-4)
    np.testing.assert_allclose(state.ended[final, :, 0], there, rtol=2e-5)
    for name in ("seen", "let_in", "returned_alone", "held_from_line"):
        assert months.tallies[name][0, ..., 0].sum() == pytest.approx(counts[name], rel=2e-5)
    mean = months.tallies["in_cities"][0, ..., 0].sum()
    assert mean == pytest.approx(counts["in_cities"] / days, rel=2e-5)
    assert {p.source for p in model.departures} == {OUTSIDE}


def test_paths_pair_places_as_declared():
    model = border()
    pair = next(p for p in model.paths if p.flow == "office → city")
    names = model.row_names
    ends = [(names[a], names[b]) for a, b in zip(pair.source_rows, pair.target_rows, strict=True)]
    assert ends == [("office/one", "city/west"), ("office/two", "city/east")]
    back = next(p for p in model.paths if p.passes >= {"city → line", "desk.back"})
    np.testing.assert_array_equal(back.source_rows, back.target_rows)


def test_the_sampled_mean_is_the_expected_one():
    """Over 600 members every cell's mean lies within 4.5 standard errors: alarm once in 10,000."""
    model, members = border(), 600
    simulator = Simulator(model, months=1)
    expected, _ = simulator.advance(simulator.start(1), chunk(1), calm(31), 25)
    drawn, _ = simulator.advance(
        simulator.start(members), chunk(members), calm(31), 25, 3, "sampled"
    )
    people = drawn.carry.people.astype(np.float64)
    np.testing.assert_array_equal(people, np.rint(people))
    error = people.std(-1, ddof=1) / np.sqrt(members)
    away = np.abs(people.mean(-1) - expected.carry.people[..., 0])
    assert (away <= 4.5 * error + 1e-3).all()
    assert (error > 0).mean() > 0.9


def test_the_compiled_kernel_is_the_step_in_arrays():
    """The same to rounding: gates, regrouping, departures, tallies of events and of stocks, noise."""
    given = {"arrive": 50.0, "leave": 0.1, "gust_sd": 0.2, "gust_days": 5.0}
    for model, p in ((border(), {}), (queue(3), given)):
        ends = []
        for plain in (True, False):
            simulator = Simulator(model, months=2, plain=plain)
            members = chunk(5, **p)
            ends.append(simulator.advance(simulator.start(5), members, calm(59), 59, seed=3))
        (state, months), (kernel, counted) = ends
        for a, b in zip(state.carry, kernel.carry, strict=True):
            if not isinstance(a, dict):
                np.testing.assert_allclose(a, b, rtol=3e-6, atol=1e-4)
        for name, value in months.tallies.items():
            np.testing.assert_allclose(value, counted.tallies[name], rtol=3e-6, atol=1e-4)
            assert value.max() > 0


@pytest.mark.parametrize("hazard", [0.0, 1e-7, 0.049, 0.051, 0.7, 5.0, 88.0, 300.0])
def test_the_kernel_leaves_the_exact_share(hazard):
    stocks = (Stock("a", "a"), Stock("b", "b"))
    model = Model(stocks, (moving({("a", "b"): hazard, ("b", "a"): 0.0}),), (), 1, {})
    simulator = Simulator(model, months=1)
    begun = with_people(simulator, 3, np.array([[1000.0], [0.0]]))
    state, _ = simulator.advance(begun, chunk(3), calm(31), 1)
    np.testing.assert_allclose(state.carry.people[1, 0], -1000 * np.expm1(-hazard), rtol=1e-6)
    np.testing.assert_allclose(state.carry.people[:, 0].sum(0), 1000.0, rtol=1e-6)


def test_a_member_is_the_same_in_any_company():
    model, numbers = border(), [3, 8, 1, 6, 0, 2, 9, 7, 4, 5]
    simulator = Simulator(model, months=1)
    for how in ("expected", "sampled"):
        whole, _ = simulator.advance(simulator.start(10), chunk(numbers), calm(31), 31, 2, how)
        some, _ = simulator.advance(simulator.start(3), chunk(numbers[4:7]), calm(31), 31, 2, how)
        np.testing.assert_array_equal(whole.carry.people[..., 4:7], some.carry.people)


def test_whole_people_move_where_nobody_comes_from_outside():
    simulator = Simulator(ring(), months=1)
    begun = with_people(simulator, 2, np.array([[1000.0], [0.0], [0.0]]))
    state, _ = simulator.advance(begun, chunk(2), calm(31), 31, 1, "sampled")
    people = state.carry.people[:, 0]
    np.testing.assert_array_equal(people, np.round(people))
    np.testing.assert_array_equal(people.sum(0), 1000.0)
    assert (people > 0).all()
