"""The desk as a queue, against theory: fluid limit above capacity, infinite servers below it.

Arrivals are constant, so results are exact up to single precision: no statistics.
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from caudal.corridor.mechanisms.processing import share_served
from caudal.corridor.world import SECTORS
from caudal.engine.declare import Flow, Mechanism, Stock, Tally
from caudal.engine.graph import Model
from caudal.engine.simulate import Simulator, State
from engine_worlds import calm, chunk

pytestmark = pytest.mark.known_answer

AGENTS = np.full(len(SECTORS), 100.0)
"""With one person per agent and day: 100 a day in each sector, 900 in all."""


def desk() -> Simulator:
    """Arrivals by sector, the field, the desk."""
    flows = (Flow("outside", "field"), Flow("field", "done"))

    def queue(now, p):
        served = share_served(now, p)
        return {
            "outside → field": p["arrive"][:, None],
            "field → done": -jnp.log1p(-served)[:, None] / now.dt,
        }

    names = ("arrive", "agents", "processed_per_agent_day", "flexible_share", "desk_surge",
             "surge_days", "field_days")  # fmt: skip
    made = Mechanism("queue", queue, flows=flows, parameters=names)
    stocks = (Stock("field", "in the field", SECTORS), Stock("done", "processed", final=True))
    tally = Tally("served", "taken to the desk", ("field → done",))
    return Simulator(Model(stocks, (made,), (tally,), 1, {"sector": len(SECTORS)}), months=3)


def play(arrive, days, *, flexible=0.0, surge=0.0, start: float | np.ndarray = 0.0):
    """(people in the field by sector, served by whole month and sector)."""
    simulator = desk()
    p = chunk(1, arrive=np.asarray(arrive, float), agents=AGENTS, processed_per_agent_day=1.0,
              flexible_share=flexible, desk_surge=surge, surge_days=3.0, field_days=0.5)  # fmt: skip
    state = simulator.start(1)
    people = np.array(state.carry.people)
    people[: len(SECTORS), 0, 0] = start
    state = State(state.carry._replace(people=people), state.ended, state.day)
    state, months = simulator.advance(state, p, calm(90), days)
    served = months.tallies.get("served", np.zeros((0, len(SECTORS), 1, 1)))
    return np.asarray(state.carry.people)[: len(SECTORS), 0, 0], served[:, :, 0, 0]


def test_above_capacity_the_queue_grows_by_what_is_not_served():
    arrive = np.full(len(SECTORS), 40.0)
    arrive[4] = 130.0
    early, _ = play(arrive, 31)
    late, served = play(arrive, 59)
    assert late[4] - early[4] == pytest.approx(28 * 30.0, rel=1e-4)  # February: 130 come, 100 go
    assert served[1, 4] == pytest.approx(28 * 100.0, rel=1e-4)


def test_below_capacity_it_is_a_queue_with_servers_for_all():
    arrive = np.full(len(SECTORS), 40.0)
    waiting, served = play(arrive, 59)
    # M/M/∞ in steps of a day: λ / (1 − exp(−μ)), with μ = 1 / 0.5 days
    np.testing.assert_allclose(waiting, 40.0 / (1 - np.exp(-2.0)), rtol=1e-4)
    np.testing.assert_allclose(served[1], 28 * 40.0, rtol=1e-4)


def test_a_crowd_drains_at_the_capacity():
    start = np.zeros(len(SECTORS))
    start[6] = 1500.0
    after, _ = play(np.zeros(len(SECTORS)), 10, start=start)
    assert after[6] == pytest.approx(1500 - 10 * 100, rel=1e-4)
    gone, _ = play(np.zeros(len(SECTORS)), 31, start=start)
    assert gone[6] < 1e-3


def test_flexible_agents_serve_wherever_people_wait():
    start = np.zeros(len(SECTORS))
    start[6] = 5000.0
    alone, _ = play(np.zeros(len(SECTORS)), 4, start=start)
    helped, _ = play(np.zeros(len(SECTORS)), 4, start=start, flexible=0.5)
    assert 5000 - alone[6] == pytest.approx(4 * 100, rel=1e-4)
    assert 5000 - helped[6] == pytest.approx(
        4 * (50 + 450), rel=1e-3
    )  # half of all 900, and its own


def test_the_desk_stretches_while_the_line_is_long():
    start = np.full(len(SECTORS), 1e5)  # beyond all measure: the stretch is full
    stretched, _ = play(np.zeros(len(SECTORS)), 4, start=start, surge=0.5)
    np.testing.assert_allclose(1e5 - stretched, 4 * 150.0, rtol=2e-3)
