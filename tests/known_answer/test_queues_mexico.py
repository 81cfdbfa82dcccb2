"""Mexico's queues against theory: COMAR is M/M/s below its capacity and a fluid above it.

The functions of the mechanisms stand in a model of one queue; nothing else of the corridor does.
"""

from __future__ import annotations

from math import factorial

import numpy as np
import pytest

from caudal.corridor.mechanisms.interdiction import let_go
from caudal.corridor.mechanisms.mexican_protection import decided
from caudal.engine.declare import Flow, Mechanism, Stock, Tally
from caudal.engine.graph import Model
from caudal.engine.simulate import Simulator
from engine_worlds import calm, chunk

pytestmark = pytest.mark.known_answer
ONE = np.ones((1, 1, 1), np.float32)


def queue(parameters: tuple[str, ...], leaving) -> Model:
    """Arrivals `arrive` a day; leaving(people, p) is the hazard out."""

    def flow(now, p):
        return {
            "outside → queue": p["arrive"] * ONE,
            "queue → out": leaving(now.people["queue"].sum((0, 1)), p) * ONE,
        }

    flows = (Flow("outside", "queue"), Flow("queue", "out"))
    made = Mechanism("flow", flow, flows=flows, parameters=("arrive", *parameters))
    stocks = (Stock("queue", "waiting"), Stock("out", "done", final=True))
    tallies = (Tally("waiting", "people waiting", ("queue",)), Tally("done", "", ("queue → out",)))
    return Model(stocks, (made,), tallies, 1, {})


def comar() -> Model:
    """The queue of the refugee commission."""
    return queue(("clerks", "days"), lambda n, p: decided(n, p["clerks"] / p["days"], p["days"]))


def erlang_c_mean(arrive: float, days: float, clerks: int) -> float:
    """Mean number in an M/M/s system (Erlang's C formula)."""
    load = arrive * days
    use = load / clerks
    tail = load**clerks / factorial(clerks) / (1 - use)
    empty = 1 / (sum(load**k / factorial(k) for k in range(clerks)) + tail)
    return load + empty * tail * use / (1 - use)


def test_below_capacity_it_is_an_m_m_s_queue():
    """Sampled, 400 members over 89 days after a month. Error of the mean and step: within 5 %.

    The standard error is about 1 % (the queue forgets in some ten days), so a false alarm is rarer
    than 0.1 %.
    """
    arrive, days, clerks = 1.5, 2.0, 4
    simulator = Simulator(comar(), substeps=8, months=4)
    p = chunk(400, arrive=arrive, clerks=clerks, days=days)
    _, months = simulator.advance(simulator.start(400, p=p.p), p, calm(120), 120, 5, "sampled")
    mean = months.tallies["waiting"][1:].sum((1, 2)).mean()
    exact = erlang_c_mean(arrive, days, clerks)
    assert exact > 1.3 * arrive * days  # people do wait: not just Little's law
    assert mean == pytest.approx(exact, rel=0.05)


def test_above_capacity_it_grows_by_what_cannot_be_decided():
    arrive, clerks, days = 386.0, 5805.0, 45.0  # 140,982 claims a year; 129 decisions a day
    simulator = Simulator(comar(), months=12)
    p = chunk(1, arrive=arrive, clerks=clerks, days=days)
    _, months = simulator.advance(simulator.start(1, p=p.p), p, calm(365), 365)
    done = months.tallies["done"].sum((1, 2, 3))
    assert done[-1] == pytest.approx(31 * clerks / days, rel=2e-3)
    full = months.tallies["waiting"].sum((1, 2, 3))
    growth = (full[-1] - full[-2]) / 30.5  # between the middles of the two months
    assert growth == pytest.approx(arrive - clerks / days, rel=5e-3)
    assert full[-1] / (clerks / days) > 240  # the wait passes eight months within a year


def test_a_full_station_settles_where_the_overflow_equals_what_is_too_much():
    """n solves arrive = n / days + n − places, for those beyond are let go at the rate of a day."""
    arrive, days, places = 4000.0, 10.0, 6000.0
    model = queue(("days", "places"), lambda n, p: 1 / p["days"] + let_go(n, p["places"]))
    simulator = Simulator(model, substeps=16, months=4)
    for factor in (0.1, 1.0):
        p = chunk(1, arrive=factor * arrive, days=days, places=places)
        _, months = simulator.advance(simulator.start(1, p=p.p), p, calm(120), 120)
        found = months.tallies["waiting"][-1].sum()
        free, full = factor * arrive * days, (factor * arrive + places) / (1 + 1 / days)
        assert found == pytest.approx(free if free < places else full, rel=0.02)
