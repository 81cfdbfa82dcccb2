"""The engine against exact solutions: Markov chains, Erlang waits, infinite-server queues."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.stats import chi2

from caudal.engine.declare import Flow, Mechanism, Stock, Tally, stages
from caudal.engine.graph import Model
from caudal.engine.simulate import Simulator, people_accounted
from engine_worlds import calm, chunk, moving, queue, ring, with_people

pytestmark = [pytest.mark.known_answer, pytest.mark.usefixtures("either_step")]

DAYS = 20


def chain_after(substeps: int) -> np.ndarray:
    simulator = Simulator(ring(), substeps=substeps, months=1)
    state = with_people(simulator, 1, np.array([[1000.0], [0.0], [500.0]]))
    state, _ = simulator.advance(state, chunk(), calm(31), DAYS)
    return state.carry.people[:, 0, 0].astype(np.float64)


def test_markov_chain_comes_to_its_exact_solution_at_first_order():
    rates = np.zeros((3, 3))
    for i, j, h in ((0, 1, 0.3), (1, 0, 0.1), (1, 2, 0.2), (2, 0, 0.05)):
        rates[i, j] += h
        rates[i, i] -= h
    exact = np.array([1000.0, 0.0, 500.0]) @ expm(rates * DAYS)
    error = {n: np.abs(chain_after(n) - exact).max() for n in (1, 4)}
    assert error[1] < 0.05 * 1500
    assert error[4] < 0.3 * error[1]  # first order: a quarter of the step, a quarter of the error
    assert chain_after(4).sum() == pytest.approx(1500, rel=1e-6)


def test_a_day_is_the_step_of_the_discrete_chain():
    step = np.zeros((3, 3))
    hazards = ((0, 1, 0.3), (1, 0, 0.1), (1, 2, 0.2), (2, 0, 0.05))
    for i in range(3):
        total = sum(h for s, _, h in hazards if s == i)
        step[i, i] = np.exp(-total)
        for s, j, h in hazards:
            if s == i:
                step[i, j] = (1 - np.exp(-total)) * h / total
    exact = np.array([1000.0, 0.0, 500.0]) @ np.linalg.matrix_power(step, DAYS)
    np.testing.assert_allclose(chain_after(1), exact, rtol=1e-5)


def change_of_group() -> Model:
    """One stock, two groups: 0 becomes 1 at 0.3 a day, 1 becomes 0 at 0.1."""
    flows = (
        Flow("a", "a", regroup=(1, 1), label="one"),
        Flow("a", "a", regroup=(0, 0), label="zero"),
        Flow("outside", "a"),
    )
    hazards = {
        "a → a as one": np.array([0.3, 0.0], np.float32)[None, :, None],
        "a → a as zero": np.array([0.0, 0.1], np.float32)[None, :, None],
        "outside → a": np.zeros((1, 2, 1), np.float32),
    }
    made = Mechanism("change", lambda now, p: hazards, flows=flows)
    # final only to be allowed no way out; kept off a month's end below
    return Model((Stock("a", "a", final=True),), (made,), (), 2, {})


def test_people_who_change_group_are_a_markov_chain():
    """Of two groups: in steps of a day the discrete chain, as the step shrinks exp(Qt)."""
    rates = np.array([[-0.3, 0.3], [0.1, -0.1]])
    start, days, ends = np.array([[1000.0, 200.0]]), 12, {}
    for substeps in (1, 8):
        simulator = Simulator(change_of_group(), substeps, months=1)
        state, _ = simulator.advance(with_people(simulator, 1, start), chunk(), calm(31), days)
        ends[substeps] = state.carry.people[0, :, 0]
    daily = np.array([[np.exp(-0.3), 1 - np.exp(-0.3)], [1 - np.exp(-0.1), np.exp(-0.1)]])
    np.testing.assert_allclose(ends[1], start[0] @ np.linalg.matrix_power(daily, days), rtol=1e-5)
    exact = start[0] @ expm(rates * days)
    np.testing.assert_allclose(ends[8], exact, rtol=0.01)
    assert np.abs(ends[8] - exact).max() < 0.2 * np.abs(ends[1] - exact).max()


def test_sampled_people_who_change_group_stay_whole_and_have_the_chains_mean():
    """Independent people: each of 1,000 is Binomial. |z| < 4.5 twice: alarm once in 70,000."""
    members, days = 400, 12
    simulator = Simulator(change_of_group(), months=1)
    start = with_people(simulator, members, np.array([[1000.0, 0.0]]))
    state, _ = simulator.advance(start, chunk(members), calm(31), days, 5, "sampled")
    people = state.carry.people[0].astype(np.float64)
    np.testing.assert_array_equal(people.sum(0), 1000)
    np.testing.assert_array_equal(people, np.rint(people))
    daily = np.array([[np.exp(-0.3), 1 - np.exp(-0.3)], [1 - np.exp(-0.1), np.exp(-0.1)]])
    stays = np.linalg.matrix_power(daily, days)[0, 0]
    sd = np.sqrt(1000 * stays * (1 - stays))
    assert abs(people[0].mean() - 1000 * stays) < 4.5 * sd / np.sqrt(members)
    assert abs(people[0].std(ddof=1) / sd - 1) < 4.5 / np.sqrt(2 * members)


def test_erlang_stages_have_the_stated_mean_and_shape():
    number, mean, substeps = 3, 6.0, 8
    wait, links = stages("wait", number, "a wait")
    flows = {(f.source, f.target): number / mean for f in links}
    flows |= {("wait_3", "done"): number / mean, ("done", "wait_1"): 0.0}
    stocks = (*wait, Stock("done", "over"))
    tally = Tally("over", "people whose wait is over", ("wait_3 → done",))
    simulator = Simulator(Model(stocks, (moving(flows),), (tally,), 1, {}), substeps, months=1)
    state = with_people(simulator, 1, np.array([[1.0], [0], [0], [0]]))
    still = [1.0]
    for day in range(1, 60):
        state, _ = simulator.advance(state, chunk(), calm(59), day)
        still.append(float(state.carry.people[:3].sum()))
    # E[T] = ∫ S dt and E[T²] = 2 ∫ t S dt, by the trapezoid rule over days
    t = np.arange(60.0)
    first = np.trapezoid(still, t)
    variance = 2 * np.trapezoid(t * np.array(still), t) - first**2
    # a step of 1/8 day adds half a step a stage to the mean: 3 × 1/16 of a day in 6
    assert first == pytest.approx(mean + number / substeps / 2, rel=0.01)
    assert variance == pytest.approx(mean**2 / number, rel=0.05)


def test_infinite_server_queue_is_poisson():
    """M/M/∞ in steps of a day: people waiting are Poisson with mean λ / (1 − exp(−μ)).

    False-alarm rate of the two tests together: 0.2 %.
    """
    arrive, leave, groups, members = 3.0, 0.25, 40, 60
    simulator = Simulator(queue(groups), months=1)
    p = chunk(members, arrive=arrive, leave=leave, gust_sd=0.0, gust_days=1.0)
    state, _ = simulator.advance(simulator.start(members), p, calm(59), 40, 7, "sampled")
    waiting = state.carry.people[0].ravel().astype(np.float64)
    mean = arrive / (1 - np.exp(-leave)) * (1 - np.exp(-leave * 40))
    cells = groups * members
    assert abs(waiting.mean() - mean) < 3.3 * np.sqrt(mean / cells)
    # the index of dispersion of Poisson counts times (cells − 1) is chi-squared
    dispersion = (cells - 1) * waiting.var(ddof=1) / waiting.mean()
    low, high = chi2.ppf([0.0005, 0.9995], cells - 1)
    assert low < dispersion < high


def test_expected_queue_holds_what_littles_law_says():
    simulator = Simulator(queue(), substeps=8, months=3)
    p = chunk(1, arrive=20.0, leave=0.1, gust_sd=0.0, gust_days=1.0)
    _, months = simulator.advance(simulator.start(1), p, calm(181), 181)
    assert months.tallies["left"][-1].sum() == pytest.approx(20 * 30, rel=1e-4)  # June
    assert months.tallies["queue"][-1].sum() == pytest.approx(20 / 0.1, rel=0.01)


def test_ended_people_are_handed_out_month_by_month_and_kept_in_the_account():
    simulator = Simulator(queue(), months=3)
    p = chunk(2, arrive=50.0, leave=0.5, gust_sd=0.2, gust_days=3.0)
    state, months = simulator.advance(simulator.start(2), p, calm(90), 90, 3, "sampled")
    came = months.tallies["came"].sum((0, 1, 2))
    np.testing.assert_array_equal(people_accounted(state), came)
    np.testing.assert_array_equal(months.people[:, 1].sum(0), state.ended[1].sum(0))


def test_a_stopped_flow_leaves_everybody_where_they_are():
    stocks = (Stock("a", "a"), Stock("b", "b"))
    still = moving({("a", "b"): 0.0, ("b", "a"): 0.0, ("outside", "a"): 0.0})
    simulator = Simulator(Model(stocks, (still,), (), 1, {}), months=1)
    start = with_people(simulator, 1, np.array([[7.0], [5.0]]))
    for how in ("expected", "sampled"):
        state, _ = simulator.advance(start, chunk(), calm(31), 20, 0, how)
        np.testing.assert_array_equal(state.carry.people[:, 0, 0], [7, 5])
