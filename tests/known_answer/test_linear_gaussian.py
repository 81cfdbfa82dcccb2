"""Assimilation where the answer is known: log counts that are linear in the weather, normal errors.

A world of departures only: what is counted of month t is base × days × exp(w[t]), so that its log is
linear in the weather and the exact answer is Kalman's (1960) filter with the smoother of Rauch, Tung
and Striebel (1965), and of constants generalised least squares. Members draw, so means and spreads
come with the error of their number: with 1,500 members a bound of four standard errors is met by a
right smoother in 9,999 of 10,000 cases.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from caudal.engine.declare import Flow, Stock, Tally, Weather, mechanism
from caudal.engine.forcing import Forcing
from caudal.engine.graph import Model
from caudal.engine.observation import Block
from caudal.engine.priors import Prior
from caudal.engine.weather import Process
from caudal.learn.constants import design, directions, learn
from caudal.learn.fit import surprises
from caudal.learn.smoother import Settings, Smoother
from engine_worlds import calm

pytestmark = pytest.mark.known_answer

MONTHS, MEMBERS, CELLS = 12, 1500, 2
BASE = 50.0
FOUR = 4.0
"""Standard errors allowed: of a mean sd/√n, of a standard deviation sd/√2n."""


@mechanism(
    flows=(Flow("outside", "road"), Flow("road", "gone")),
    weather=(Weather("w", "how many", ("cell",)),),
    drivers=("rule",),
    parameters=("base", "response", "inert"),
)
def departing(now, p):
    push = now.weather["w"] + p["base"] - p["response"] * now.driver["rule"]
    hazard = np.full((1, CELLS, 1), 0.1, np.float32)
    return {"outside → road": (BASE * jnp.exp(push))[None], "road → gone": hazard}


PRIORS = {
    name: Prior(name, "normal", np.zeros(len(dims) * (CELLS,)), sd, "log", "made up", dims)
    for name, sd, dims in (("base", 0.3, ("cell",)), ("response", 0.5, ()), ("inert", 1.0, ()))
}
RULE = np.zeros((MONTHS, CELLS))
RULE[4:, 0], RULE[7:, 1] = 1.0, 1.0
"""Of month and cell: a rule that holds for the first cell from the fifth month, then for both."""


def world(process: Process, error: float) -> Any:
    stocks = (Stock("road", "on the road"), Stock("gone", "gone", final=True))
    tallies = (Tally("came", "departures", ("outside → road",)),)
    block = Block(
        "count",
        lambda t: np.log(t["came"][0] / BASE)[:, None],
        lambda o: (o["y"][:, None], np.full((CELLS, 1), error)),
        {"w": 1},
    )
    return SimpleNamespace(
        model=Model(stocks, (departing,), tallies, CELLS, {"cell": CELLS}),
        priors=PRIORS, processes={"w": process}, blocks=lambda: [block],
        learned=lambda: list(PRIORS), apart=("cell", CELLS),
    )  # fmt: skip


def outside() -> Forcing:
    calm_ = calm(sum((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)))
    rule = np.concatenate([np.repeat(RULE[[m]], n, 0) for m, (_, n) in enumerate(calm_.months)])
    return calm(calm_.days, driver={"rule": rule})


def counts(process: Process, error: float, days: np.ndarray, seed: int) -> np.ndarray:
    """A truth of the process and its errors, (month, cell), in logs; one month was not counted."""
    rng = np.random.default_rng(seed)
    level, mean, out = np.zeros(CELLS), np.zeros(CELLS), []
    for month in range(MONTHS):
        sd = process.start_sd if month == 0 else process.sd
        level = level + process.revert * (mean - level) + sd * rng.standard_normal(CELLS)
        mean = mean + process.learn * (level - mean)
        out.append(np.log(days[month]) + level + error * rng.standard_normal(CELLS))
    out[4][0] = np.nan
    return np.stack(out)


def kalman(y: np.ndarray, process: Process, error: float) -> tuple[np.ndarray, ...]:
    """Means and sds of the level, filtered and smoothed, for y (month,) less its constant.

    State (level, slow mean): x[t] = F x[t−1] + g ε[t],   y[t] = (1, 0) x[t] + e[t].
    """
    r, learn = process.revert, process.learn
    f = np.array([[1 - r, r], [learn * (1 - r), learn * r + 1 - learn]])
    g, h = np.array([[1.0], [learn]]), np.array([[1.0, 0.0]])
    x, p, past = np.zeros(2), np.zeros((2, 2)), []
    for month, seen in enumerate(y):
        q = (process.start_sd if month == 0 else process.sd) ** 2
        x0, p0 = f @ x, f @ p @ f.T + q * g @ g.T
        gain = np.zeros((2, 1)) if np.isnan(seen) else p0 @ h.T / (h @ p0 @ h.T + error**2)
        x, p = x0 + (gain * np.nan_to_num(seen - h @ x0))[:, 0], p0 - gain @ h @ p0
        past.append((x0, p0, x, p))
    smooth = [(x, p)]
    for (_, _, x, p), (x0, p0, _, _) in zip(past[-2::-1], past[:0:-1], strict=True):
        back = p @ f.T @ np.linalg.pinv(p0)
        later, spread = smooth[-1]
        smooth.append((x + back @ (later - x0), p + back @ (spread - p0) @ back.T))
    smooth.reverse()
    return tuple(
        np.array(value)
        for value in (
            [x[0] for *_, x, _ in past], [np.sqrt(p[0, 0]) for *_, p in past],
            [x[0] for x, _ in smooth], [np.sqrt(p[0, 0]) for _, p in smooth],
        )
    )  # fmt: skip


RANDOM_WALK = Process(sd=0.25, start_sd=0.6, revert=0.0)
DRAWN_BACK = Process(sd=0.25, start_sd=0.6, revert=0.2, learn=0.1)


def learned(process: Process, error: float, seed: int, **settings: Any):
    """The smoother's members, (month, cell, member), and the counts less what is constant in them."""
    days = np.array([n for _, n in outside().months], float)
    y = counts(process, error, days, seed)
    given = Settings(members=MEMBERS, chunk=MEMBERS, seed=seed, threads=1, **settings)
    z = {k: np.zeros((*p.centre.shape, MEMBERS)) for k, p in PRIORS.items()}
    smoother = Smoother(world(process, error), outside(), given, z=z)
    smoother.run(SimpleNamespace(arrays={"y": y}), 0, MONTHS, lambda month: {})
    return smoother.weather["w"][:MONTHS].astype(np.float64), y - np.log(days)[:, None]


@pytest.mark.parametrize("process", [RANDOM_WALK, DRAWN_BACK], ids=["random walk", "drawn back"])
@pytest.mark.parametrize("error", [0.08, 0.4])
def test_with_all_months_open_it_is_the_exact_smoother(process, error):
    members, y = learned(process, error, seed=3, lag=MONTHS)
    for cell in range(CELLS):
        *_, mean, sd = kalman(y[:, cell], process, error)
        own = members[:, cell]
        assert (np.abs(own.mean(1) - mean) < FOUR * sd / np.sqrt(MEMBERS)).all()
        assert (np.abs(own.std(1) / sd - 1) < FOUR / np.sqrt(2 * MEMBERS)).all()


@pytest.mark.parametrize(
    ("lag", "error", "most"), [(2, 0.08, 0.02), (3, 0.08, 0.01), (3, 0.4, 0.2)]
)
def test_with_few_months_open_it_is_near_the_exact_filter(lag, error, most):
    # what lies before the lag is closed: small where counts say much (an error of 0.08 against a
    # month's 0.25), not small where they say little
    members, y = learned(RANDOM_WALK, error, seed=4, lag=lag)
    for cell in range(CELLS):
        mean, sd, *_ = kalman(y[:, cell], RANDOM_WALK, error)
        own = members[-1, cell]
        assert abs(own.mean() - mean[-1]) < FOUR * sd[-1] / np.sqrt(MEMBERS) + most * sd[-1]
        assert abs(own.std() / sd[-1] - 1) < FOUR / np.sqrt(2 * MEMBERS) + most


def test_members_that_draw_nothing_stand_at_the_mean():
    members, y = learned(RANDOM_WALK, 0.08, seed=5, lag=MONTHS, drawn=False)
    for cell in range(CELLS):
        *_, mean, sd = kalman(y[:, cell], RANDOM_WALK, 0.08)
        assert members[:, cell].std(1).max() < 0.01 * sd.min()
        np.testing.assert_allclose(members[:, cell].mean(1), mean, atol=0.01 * sd.min())


def test_freer_weather_is_that_of_a_larger_variance():
    members, y = learned(RANDOM_WALK, 0.4, seed=6, lag=MONTHS, variance=2.0)
    twice = Process(sd=0.25 * np.sqrt(2), start_sd=0.6, revert=0.0)
    for cell in range(CELLS):
        *_, mean, sd = kalman(y[:, cell], twice, 0.4)
        assert (np.abs(members[:, cell].mean(1) - mean) < FOUR * sd / np.sqrt(MEMBERS)).all()
        assert (np.abs(members[:, cell].std(1) / sd - 1) < FOUR / np.sqrt(2 * MEMBERS)).all()


def test_a_constant_that_does_nothing_surprises_nobody():
    process, error = RANDOM_WALK, 0.08
    days = np.array([n for _, n in outside().months], float)
    here = world(process, error)
    given = directions(PRIORS, here.learned(), *here.apart)
    settings = Settings(members=1 + 2 * len(given), lag=2, threads=1, drawn=False)
    smoother = Smoother(here, outside(), settings, z=design(PRIORS, given))
    y = counts(process, error, days, 3)
    smoother.run(SimpleNamespace(arrays={"y": y}), 0, MONTHS, lambda month: {})
    moved = learn(surprises(smoother, CELLS), given)
    inert = moved.names.index("inert")
    assert moved.mean[inert] == pytest.approx(0.0, abs=1e-6)
    assert moved.sd[inert] == pytest.approx(1.0, abs=1e-6)
    assert moved.sd[moved.names.index("response")] < 0.95
