"""Queues in the United States and at its ports against theory: the mechanisms' own hazards.

Each queue is the mechanism's function in a loop over days with constant arrivals, one exit a day as
the step takes it. Theory: the infinite-server queue M/G/∞ (mean = rate × mean stay), Little's law
(L = λW), the fluid limit of M/M/s (min(λ, sμ) served; the rest grows at λ − sμ), and Erlang's C for
what the fluid limit leaves out (Kleinrock 1975, Queueing Systems I, chapters 2 and 3).
"""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.mechanisms.children import children
from caudal.corridor.mechanisms.cities import cities
from caudal.corridor.mechanisms.legal_pathways import legal_pathways, turns
from hand_made import now, parameters

pytestmark = pytest.mark.known_answer

OFFICES = np.array([0.4, 0.1, 0.2, 0.3])


def appointments(arrivals, offered, days):
    """Waiting by day and office, and people served by day, from an empty queue."""
    p = parameters(legal_pathways, port_office_share=OFFICES[:, None])
    given = {"us.appointments.daily": offered}
    queue, waiting, served = np.zeros(4), [], []
    for _ in range(days):
        people = {"app_queue": np.repeat(queue[:, None, None], 66, 1) / 66}
        hazard = np.asarray(turns(now(people, given), p))[:, 0]
        out = queue * -np.expm1(-hazard)
        queue = queue - out + arrivals
        waiting.append(queue.copy())
        served.append(out.sum())
    return np.array(waiting), np.array(served), float(p["port_days"][0])


def test_a_queue_within_its_appointments_is_one_with_infinitely_many_servers():
    """λ = 900 < 1,450: L = λ × days at the port, whichever office people choose."""
    arrivals = 900 * np.array([0.7, 0.0, 0.1, 0.2])  # more come to one office than its own slots
    waiting, served, days = appointments(arrivals, 1450, 120)
    # a day's step holds people half a day longer: 1 / (1 − exp(−1/T)) for T
    np.testing.assert_allclose(waiting[-1].sum(), 900 / -np.expm1(-1 / days), rtol=0.01)
    np.testing.assert_allclose(served[-1], 900, rtol=1e-3)


def test_a_queue_beyond_its_appointments_grows_as_the_fluid_limit():
    """λ = 2,000 > 1,450: 1,450 a day are served and the line grows by 550 a day."""
    waiting, served, _ = appointments(2000 * OFFICES, 1450, 400)
    np.testing.assert_allclose(served[-100:], 1450, rtol=0.02)
    growth = (waiting[-1] - waiting[-201]).sum() / 200
    np.testing.assert_allclose(growth, 550, rtol=0.02)


def test_the_wait_in_a_long_line_is_the_line_over_the_rate():
    """270,000 waiting for 1,450 a day: 186 days by Little's law (parameters.csv t_cbpone)."""
    p = parameters(legal_pathways, port_office_share=OFFICES[:, None])
    line = 270000 * OFFICES
    people = {"app_queue": np.repeat(line[:, None, None], 66, 1) / 66}
    hazard = np.asarray(turns(now(people, {"us.appointments.daily": 1450}), p))[:, 0]
    np.testing.assert_allclose(1 / hazard, 270000 / 1450, rtol=1e-3)


def care(arrivals, beds, days):
    """Children held by CBP and in HHS care by day, from nobody, with `beds` that can be used."""
    p = parameters(children, beds_kept_free=0.0)
    given = {"us.hhs.usable_beds": beds, "us.hhs.beds": beds}
    held, cared, out = 0.0, 0.0, []
    for _ in range(days):
        people = {"cbp_children": held / 66, "hhs_care": cared / 66}
        got = children.function(now(people, given), p)
        to_care = held * -np.expm1(-np.asarray(got["cbp_children → hhs_care"])[0, 0, 0])
        to_sponsor = cared * -np.expm1(-np.asarray(got["hhs_care → us_children"])[0, 0, 0])
        held, cared = held + arrivals - to_care, cared + to_care - to_sponsor
        out.append((held, cared))
    return np.array(out), {k: float(v[0]) for k, v in p.items()}


def erlang_c_waiting(load, servers):
    """Mean number in line of M/M/s at offered load a < s, by the recursion of Erlang's B."""
    b = 1.0
    for n in range(1, servers + 1):
        b = load * b / (n + load * b)
    c = b / (1 - load / servers * (1 - b))
    return c * load / (servers - load)


def test_with_beds_enough_care_is_an_infinite_server_queue_and_nobody_waits_for_a_bed():
    """λ = 150 a day, 8,000 beds, 34 days: load 5,100; Erlang's C leaves nobody in line either."""
    out, p = care(150, 8000, 500)
    assert erlang_c_waiting(150 * p["care_days"], 8000) < 1e-6
    stay = 1 / -np.expm1(-1 / p["care_days"])
    np.testing.assert_allclose(out[-1, 1], 150 * stay, rtol=0.01)
    np.testing.assert_allclose(
        out[-1, 0], 150 / -np.expm1(-1 / p["child_transfer_days"]), rtol=0.01
    )


def test_with_too_few_beds_every_bed_is_full_and_custody_grows_as_the_fluid_limit():
    """λ = 565 a day (parameters.csv uc_rate) and 8,000 beds of 34 days: 235 a day find one."""
    out, p = care(565, 8000, 300)
    np.testing.assert_allclose(out[-1, 1], 8000, rtol=0.02)
    growth = (out[-1, 0] - out[-101, 0]) / 100
    np.testing.assert_allclose(growth, 565 - 8000 / p["care_days"], rtol=0.02)


def test_near_capacity_the_line_is_no_shorter_than_the_fluid_limit_and_ends_where_theory_ends():
    """At nine tenths of capacity the line is that of transfer alone: M/M/s has none with s so large."""
    load = 0.9 * 8000
    p = parameters(children)
    out, own = care(load / p["care_days"][0], 8000, 600)
    free = (8000 - out[-1, 1]) / own["bed_turnover_days"]
    assert free > 0
    alone = load / own["care_days"] / -np.expm1(-1 / own["child_transfer_days"])
    np.testing.assert_allclose(out[-1, 0], alone, rtol=0.02)
    assert erlang_c_waiting(load, 8000) < 1.0


def test_the_load_of_a_city_is_arrivals_times_mean_stay():
    """A hundred adults a day of one nationality, as released: Little's law."""
    p = parameters(cities)
    got = cities.function(now({"tx.bussing": [1, 0, 0, 0]}), p)
    share = np.asarray(got["released.city"])[0, 0, 0]
    leave = -np.expm1(-np.asarray(got["city_shelter → us_released"])[0, 0, 0])
    load = 0.0
    for _ in range(4000):
        load += 100 * share - load * leave
    limit = float(p["city_limit_heeded"][0]) / 10000
    mean_stay = 1 / (1 / float(p["city_days"][0]) + limit)
    np.testing.assert_allclose(load, 100 * share * mean_stay, rtol=0.01)
