"""Indices of Ishigami's function, and through runs of a tiny model with an inert constant."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from caudal.ask.indices import COLUMNS, Method, design, indices, rows
from caudal.ask.outcomes import Outcome
from caudal.ask.sensitivity import run
from caudal.ask.sensitivity_asked import Plan
from caudal.compute.posterior import Posterior
from caudal.corridor import corridor
from caudal.engine.priors import Prior
from caudal.errors import CaudalError
from engine_worlds import START, calm, queue

pytestmark = pytest.mark.known_answer


def ishigami(points: np.ndarray) -> np.ndarray:
    """sin x₁ + 7 sin² x₂ + 0.1 x₃⁴ sin x₁ over [−π, π]³."""
    x = -np.pi + 2 * np.pi * points
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_of_ishigami():
    """Values and tolerances of SALib's own test; theory: 0.3139, 0.4424, 0; 0.5576, 0.4424, 0.2437."""
    made = design("sobol", ("a", "b", "c"), 2048, seed=1)
    assert len(made.points) == rows("sobol", 3, 2048) == 2048 * 5
    told = indices(made, ishigami(made.points))
    np.testing.assert_allclose(told["first"], [0.31, 0.44, 0.00], atol=5e-2)
    np.testing.assert_allclose(told["total"], [0.55, 0.44, 0.24], atol=5e-2)
    np.testing.assert_allclose(told["first"], [0.3139, 0.4424, 0.0], atol=0.03)
    np.testing.assert_allclose(told["total"], [0.5576, 0.4424, 0.2437], atol=0.03)
    assert (told["first_low"] < told["first"]).all()
    assert (told["first"] < told["first_high"]).all()
    together = design("sobol", ("a", "b", "c"), 2048, seed=1, groups=("g", "h", "g"))
    grouped = indices(together, ishigami(together.points))
    assert list(grouped.index) == ["g", "h"]
    np.testing.assert_allclose(grouped["first"], [0.55, 0.44], atol=5e-2)
    np.testing.assert_allclose(grouped["total"], [0.55, 0.44], atol=5e-2)


def test_morris_of_ishigami():
    """Every effect on the grid of four levels, by hand; and SALib's literal values from 10,000
    trajectories, 7.767792, 7.875, 6.308785, which err by some 1 %."""
    made = design("morris", ("a", "b", "c"), 400, seed=3)
    assert len(made.points) == rows("morris", 3, 400) == 1600
    told = indices(made, ishigami(made.points))
    np.testing.assert_allclose(told["mu_star"], [7.767792, 7.875, 6.308785], rtol=0.12)
    exact = []
    for factor in range(3):
        grid = np.array(list(product([0, 1 / 3], *[[0, 1 / 3, 2 / 3, 1]] * 2)))
        low = np.roll(grid, factor, axis=1)
        high = low + np.eye(3)[factor] * 2 / 3
        exact.append(np.abs(ishigami(high) - ishigami(low)).mean() * 1.5)
    np.testing.assert_allclose(told["mu_star"], exact, rtol=0.12)
    np.testing.assert_allclose(exact, [7.767792, 7.875, 6.308785], rtol=0.03)
    np.testing.assert_allclose(told["mu_star"]["b"], 7.875)
    together = design("morris", ("a", "b", "c"), 400, seed=3, groups=("g", "h", "g"))
    grouped = indices(together, ishigami(together.points))
    np.testing.assert_allclose(grouped["mu_star"]["h"], 7.875)
    assert np.isnan(grouped.loc["g", "sigma"])


@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_what_never_moves_has_no_index(method: Method):
    made = design(method, ("a", "b"), 8)
    told = indices(made, np.full(len(made.points), 3.0))
    assert list(told.columns) == list(COLUMNS[method])
    assert (told == 0).all(axis=None)


def test_samples_that_cannot_be():
    with pytest.raises(CaudalError, match="a power of two: 8, 16"):
        design("sobol", ("a",), 12)
    with pytest.raises(CaudalError, match="2 or more"):
        design("morris", ("a",), 1)


def prior(name: str, median: float, sd: float = 0.5) -> Prior:
    return Prior(name, "lognormal", np.log(np.array(median)), sd, "1", "test", mechanism="flow")


PRIORS = {
    p.name: p
    for p in (prior("arrive", 40.0), prior("leave", 0.2), prior("gust_days", 5.0),
              Prior("gust_sd", "normal", np.array(0.0), 0.0, "1", "test", mechanism="flow"))
}  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """A corridor of one queue; gusts have no size, so their length in days (gust_days) is inert."""

    name: str = "desk"
    address: str = ""
    posterior: Path = Path("none", "draws.npz")
    folder: Path = field(default_factory=lambda: corridor().folder)
    begins: date = START
    model: Any = field(default_factory=queue)
    priors: Any = field(default_factory=lambda: PRIORS)
    processes: Any = field(default_factory=dict)

    def dataset(self, months: Any, skip: int, members: np.ndarray) -> xr.Dataset:
        read = {k: np.moveaxis(months.tallies[k], -1, 0).sum((2, 3)) for k in ("left", "came")}
        there = pd.date_range(START, periods=len(months.people), freq="MS")[skip:]
        return xr.Dataset(
            {k: (("member", "month"), v[:, skip:]) for k, v in read.items()},
            coords={"member": members, "month": there},
        )


def asked(method: Method, samples: int, over: Any = "prior", draws: int = 1) -> Plan:
    names = ("arrive", "leave", "gust_days")
    posterior = Posterior(
        z={k: np.array([0.3, -0.2, 0.1], np.float32) for k in PRIORS},
        weather={}, mean={}, sd={}, seed=1, months=4, about={},
    )  # fmt: skip
    outcomes = tuple(
        Outcome(k, k, k, "people", {"of": k, "reduce": "sum"}) for k in ("left", "came")
    )
    return Plan(
        design(method, names, samples, seed=2), outcomes, (date(2018, 2, 1), date(2018, 4, 1)),
        over, "constant", draws, 0, "calm", {}, calm(120, driver={}), posterior,
    )  # fmt: skip


def test_an_inert_constant_has_none_and_one_that_does_all_has_all():
    told = run(Desk(), asked("sobol", 64))
    table = told.table.set_index(["outcome", "factor"])
    came = table.loc["came"]
    assert came.loc[["leave", "gust_days"], ["first", "total"]].abs().to_numpy().max() < 1e-12
    np.testing.assert_allclose(came.loc["arrive", ["first", "total"]].astype(float), 1, atol=0.1)
    left = table.loc["left"]
    assert left.loc["gust_days", "total"] == 0
    assert left.loc["arrive", "total"] > left.loc["leave", "total"] > 0
    assert told.about["runs"] == 64 * 5


def test_morris_gives_people_across_the_middle_nine_tenths():
    told = run(Desk(), asked("morris", 6, draws=2))
    table = told.table.set_index(["outcome", "factor"])
    assert table.loc[("left", "gust_days"), "mu_star"] == 0
    assert table.loc[("came", "leave"), "mu_star"] == 0
    # who comes in 59 days: arrive is lognormal(log 40, 0.5), its places the four levels
    from scipy.stats import norm

    level = 40 * np.exp(0.5 * norm.ppf(0.05 + 0.9 * np.array([0, 1 / 3, 2 / 3, 1])))
    effects = 59 * 1.5 * (level[2:] - level[:2])
    assert effects.min() * 0.999 < table.loc[("came", "arrive"), "mu_star"] < effects.max() * 1.001
    assert table.loc[("came", "arrive"), "mu"] == table.loc[("came", "arrive"), "mu_star"]
    assert list(told.as_learned) == ["left", "came"]
    own = 59 * 40 * np.exp(0.5 * np.array([0.3, -0.2]))
    np.testing.assert_allclose(told.as_learned["came"], own, rtol=1e-4)


def test_over_the_posterior_constants_move_as_far_as_the_draws_do():
    wide, narrow = (run(Desk(), asked("morris", 4, over)).table for over in ("prior", "posterior"))
    z = np.array([0.3, -0.2, 0.1])
    ratio = [t.set_index(["outcome", "factor"]).loc[("came", "arrive"), "mu_star"]
             for t in (narrow, wide)]  # fmt: skip
    assert 0.5 * z.std() < ratio[0] / ratio[1] < 2 * z.std()
