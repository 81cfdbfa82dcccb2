"""The desk of the example corridor against queueing theory (docs/example-corridor.md).

`expected`: a fluid first-come queue with a daily cap, known exactly. `sampled`: a queue in discrete
time that serves a batch a day, whose stationary distribution is that of a Markov chain.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pytest
from scipy import stats

from caudal.engine.forcing import Forcing
from caudal.engine.simulate import Chunk, Simulator, State
from strait.world import GROUPS, model

pytestmark = pytest.mark.known_answer

FALSE_ALARM = 1e-3
"""Of each statistical test below; seeds are fixed, so that it is met once and for all."""


@cache
def simulator() -> Simulator:
    return Simulator(model(), months=12)


def play(
    arrive: float,
    cap: np.ndarray,
    *,
    members: int = 1,
    camp_days: float = 12.0,
    leave: float = 0.0,
    how: str = "expected",
    seed: int = 5,
    stops: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """People on the list at the end of each day, and those let in that day, (day, member).

    arrive  people a day; cap (day,); stops: look only every so many days. Nobody is kept at home,
    nothing is noise.
    """
    days = len(cap)
    value = {
        "base": np.full(len(GROUPS), arrive / len(GROUPS)), "season": 0.0, "deter": 0.0,
        "gust_sd": 0.0, "gust_days": 4.0, "camp_days": camp_days, "leave_per_day": leave,
        "desk_used": 1.0, "hears_days": 30.0,
    }  # fmt: skip
    p = {k: np.repeat(np.asarray(v, np.float32)[..., None], members, -1) for k, v in value.items()}
    calm = {"departure": np.zeros((1, len(GROUPS), members), np.float32)}
    outside = Forcing(
        date(2021, 1, 1), days, law={"desk.daily_cap": cap, "desk.closed": np.zeros(days)},
        driver={"day_of_year": np.ones(days)},
    )  # fmt: skip
    engine = simulator()
    state: State = engine.start(members, p=p)
    rows, lists, gone = engine.model.rows, [], []
    let_in = np.zeros(members)
    for day in range(stops, days + 1, stops):
        state, _ = engine.advance(state, Chunk(np.arange(members), p, calm), outside, day, seed,
                                  how)  # type: ignore[arg-type]  # fmt: skip
        people = np.asarray(state.carry.people, np.float64)
        lists.append(people[rows["list"]].sum((0, 1)))
        so_far = people[rows["crossed"]].sum((0, 1)) + state.ended[rows["crossed"]].sum((0, 1))
        gone.append(so_far - let_in)
        let_in = so_far
    return np.stack(lists), np.stack(gone)


def recursion(arrive: float, cap: np.ndarray, camp_days: float, leave: float) -> np.ndarray:
    """People on the list at the end of each day, by hand in double precision."""
    camp = listed = 0.0
    out = []
    for c in cap:
        called = -np.log1p(-min(c / max(listed, 1e-6), 1 - 1e-6))
        staying = np.exp(-(called + leave))
        onto = 1 / camp_days + leave
        moved = camp * -np.expm1(-onto)
        listed = listed * staying + moved / camp_days / onto
        camp = camp - moved + arrive
        out.append(listed)
    return np.array(out)


@pytest.mark.parametrize("leave", [0.0, 0.004])
def test_the_list_follows_the_recursion_through_overload_closure_and_recovery(leave):
    cap = np.repeat([50.0, 0.0, 90.0, 60.0], [100, 60, 120, 60])
    found, _ = play(60.0, cap, leave=leave)
    np.testing.assert_allclose(found[:, 0], recursion(60.0, cap, 12.0, leave), rtol=3e-4, atol=0.05)


def test_above_the_cap_the_list_grows_by_what_is_not_called():
    found, let_in = play(60.0, np.full(200, 50.0))
    # the camp has filled within ten of its stays: from then on 60 come, 50 go
    np.testing.assert_allclose(np.diff(found[120:, 0]), 10.0, atol=0.02)
    np.testing.assert_allclose(let_in[120:, 0], 50.0, rtol=1e-3)


def test_whoever_joins_the_list_waits_as_long_as_it_is_over_the_cap():
    """First come, first called: the wait is read off the curves of those who came and those called.

    Person number n joins when n have come and is let in when n have been called (Newell 1982).
    """
    found, let_in = play(60.0, np.full(300, 50.0))
    called = let_in[:, 0].cumsum()
    came = called + found[:, 0]
    days = np.arange(1.0, 301.0)
    for join in (120, 150, 200):
        turn = np.interp(came[join], called, days) - days[join]
        assert turn == pytest.approx(found[join, 0] / 50.0, abs=0.05)


def test_a_closure_leaves_a_list_that_takes_as_long_as_fluids_do():
    """60 a day for 60 days without a desk: 3600 wait, and 90 a day clear 30 of them a day.

    The 60 who come on a day are on the list at its end and called on the next, closure or not.
    """
    cap = np.repeat([90.0, 0.0, 90.0], [150, 60, 150])
    found, _ = play(60.0, cap)
    after = found[209, 0] - found[149, 0]
    assert after == pytest.approx(60 * 60.0, rel=2e-3)
    cleared = 210 + int(np.flatnonzero(found[210:, 0] < 61.0)[0])
    assert cleared - 210 == pytest.approx(3600 / 30.0, abs=1.0)
    # Little's law over the busy period: the area under the list is people × days of their wait
    waited = (found[150:cleared, 0] - 60.0).sum()
    assert waited == pytest.approx(3600 * 60 / 2 + 3600 * 120 / 2, rel=0.02)


def chain(rate: float, cap: int, call: str, most: int = 400) -> np.ndarray:
    """Stationary distribution of the list at a day's end: those not called, and those who come.

    call  "all": min(list, cap) are called; "each": everybody with probability cap / list
    """
    size = np.arange(most)
    come = stats.poisson.pmf(size, rate)
    step = np.zeros((most, most))
    for q in size:
        if call == "all" or q <= cap:
            left = np.zeros(most)
            left[max(q - cap, 0)] = 1.0
        else:
            left = stats.binom.pmf(size, q, 1 - cap / q)
        step[q] = np.convolve(left, come)[:most]
    step /= step.sum(1, keepdims=True)
    share = np.full(most, 1.0 / most)
    for _ in range(12):  # squaring: 2 ** 12 days
        step = step @ step
    return share @ step


def bailey(rate: float, cap: int) -> float:
    """Mean list of the queue that serves up to `cap` of it a day (Bailey 1954), Poisson arrivals.

    By the roots z of z^cap = exp(rate (z − 1)) inside the unit circle, found by iteration.
    """
    roots = []
    for k in range(1, cap):
        z = 0j
        for _ in range(2000):
            z = np.exp(2j * np.pi * k / cap) * np.exp(rate * (z - 1) / cap)
        roots.append(z)
    left = sum(1 / (1 - z) for z in roots).real
    return left - (cap * (cap - 1) - rate**2) / (2 * (cap - rate)) + rate


def test_the_solver_of_the_chain_gives_baileys_mean():
    share = chain(8.0, 10, "all")
    assert share @ np.arange(len(share)) == pytest.approx(bailey(8.0, 10), rel=1e-6)


def test_whole_people_wait_as_the_stationary_chain_says():
    """`sampled`: 900 independent lists after 120 days, against the chain of binomial calls."""
    members = 900
    found, _ = play(
        8.0, np.full(120, 10.0), members=members, camp_days=0.02, how="sampled", stops=120
    )
    last = found[-1].astype(int)
    share = chain(8.0, 10, "each")
    mean = share @ np.arange(len(share))
    spread = np.sqrt(share @ (np.arange(len(share)) - mean) ** 2)
    assert stats.norm.sf(abs(last.mean() - mean) / (spread / np.sqrt(members))) > FALSE_ALARM / 2
    edges = np.searchsorted(share.cumsum(), np.linspace(0.05, 0.95, 15))
    seen = np.bincount(np.searchsorted(edges, last), minlength=16)
    wanted = np.bincount(np.searchsorted(edges, np.arange(len(share))), share, minlength=16)
    there = wanted > 0
    assert stats.chisquare(seen[there], wanted[there] * members).pvalue > FALSE_ALARM
    # calls that are ten on average make a longer list than a desk that calls just ten: by 2 %
    assert mean / bailey(8.0, 10) == pytest.approx(1.018, abs=0.002)
