"""Constants from residuals, against the exact posteriors of linear-Gaussian problems."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from caudal.engine.priors import Prior
from caudal.learn.constants import (
    Direction,
    Evidence,
    Moved,
    design,
    directions,
    draw,
    learn,
    weigh_down,
)

pytestmark = pytest.mark.known_answer

SERIES, TIMES = 4, 15


def prior(name: str, *shape: int, dims: tuple[str, ...] = (), sd: float = 1.0) -> Prior:
    return Prior(name, "normal", np.zeros(shape), sd, "1", "made up", dims)


PRIORS = {p.name: p for p in (prior("a"), prior("b", 2, dims=("kind",)), prior("inert"))}
GIVEN = directions(PRIORS, list(PRIORS), "cell", 3)
NAMES = ("a", "b[0]", "b[1]", "inert")


def evidence(residual: Callable[[dict[str, np.ndarray]], np.ndarray], at=None, **kind) -> Evidence:
    """A kind of residual, r(z) (series, time), in the histories that `design` lays out."""
    z = design(PRIORS, GIVEN, at)
    members = z["a"].shape[-1]
    values = [residual({k: v[..., m] for k, v in z.items()}) for m in range(members)]
    cells = np.full(len(values[0]), -1)
    return Evidence("made up", np.stack(values, -1), cells, **{"judge": False, **kind})


def linear(seed: int = 0) -> tuple[np.ndarray, np.ndarray, Callable]:
    """Residuals a + G z of the first three values; the fourth does nothing."""
    rng = np.random.default_rng(seed)
    a, g = rng.standard_normal((SERIES, TIMES)), 0.3 * rng.standard_normal((SERIES, TIMES, 3))
    return a, g, lambda z: a + g @ np.array([z["a"], *z["b"]])


def exact(a: np.ndarray, g: np.ndarray, inverse: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Posterior mean and covariance of z ~ N(0, I), given that a + G z ~ N(0, inverse⁻¹)."""
    g = np.concatenate([g.reshape(-1, 3), np.zeros((a.size, 1))], 1)
    covariance = np.linalg.inv(np.eye(4) + g.T @ inverse @ g)
    return -covariance @ g.T @ inverse @ a.ravel(), covariance


@pytest.mark.parametrize("missing", [False, True])
def test_posterior_is_that_of_the_linear_model(missing):
    a, g, residual = linear()
    there = np.ones_like(a, bool)
    if missing:
        there[1, 3:9] = there[2] = False
    moved = learn([evidence(lambda z: np.where(there, residual(z), np.nan))], GIVEN)
    mean, covariance = exact(a[there], g[there], np.eye(int(there.sum())))
    assert moved.names == NAMES
    np.testing.assert_allclose(moved.mean, mean, atol=1e-12)
    np.testing.assert_allclose(moved.covariance, covariance, atol=1e-12)


@pytest.mark.parametrize(("kind", "rho"), [("common", 0.6), ("lasting", 0.3)])
def test_correlated_residuals_count_as_generalised_least_squares_has_them(kind, rho):
    a, g, residual = linear(1)
    moved = learn([evidence(residual, **{kind: rho})], GIVEN)
    same = np.eye(TIMES) if kind == "common" else np.eye(SERIES)
    shared = (1 - rho) * np.eye(TIMES + SERIES - len(same)) + rho
    c = np.kron(shared, same) if kind == "common" else np.kron(same, shared)
    mean, covariance = exact(a, g, np.linalg.inv(c))
    np.testing.assert_allclose(moved.mean, mean, atol=1e-10)
    np.testing.assert_allclose(moved.covariance, covariance, atol=1e-10)


def test_innovations_and_misfit_together_leave_the_weather_out_exactly():
    # y = z + w + e: the likeliest w given z, and what it leaves, say of z what y says without w
    rng = np.random.default_rng(2)
    q, r, n = 0.8, 0.5, 20
    y = 0.7 + rng.standard_normal((1, n))
    weather = evidence(lambda z: q * (y - z["a"]) / (q**2 + r**2))
    left = evidence(lambda z: (y - z["a"]) * (1 - q**2 / (q**2 + r**2)) / r)
    moved = learn([weather, left], GIVEN)
    precision = 1 + n / (q**2 + r**2)
    assert moved.mean[0] == pytest.approx(y.sum() / (q**2 + r**2) / precision)
    assert moved.sd[0] == pytest.approx(precision**-0.5)


def test_about_another_point_a_linear_problem_has_the_same_posterior():
    _, _, residual = linear(3)
    at = {"a": 0.4, "b[1]": -1.1}
    about_centre = learn([evidence(residual)], GIVEN)
    about_at = learn([evidence(residual, at)], GIVEN, at)
    np.testing.assert_allclose(about_at.mean, about_centre.mean, atol=1e-12)
    np.testing.assert_allclose(about_at.covariance, about_centre.covariance, atol=1e-12)


def test_an_inert_constant_is_left_alone_and_an_unbent_one_has_no_bend():
    moved = learn([evidence(linear(4)[2])], GIVEN)
    assert (moved.mean[3], moved.sd[3], moved.information[3]) == (0.0, 1.0, 0.0)
    assert moved.bend[3] == np.inf
    np.testing.assert_allclose(moved.bend[:3], 0.0, atol=1e-6)
    assert moved.spoken_of(1e-9) == {"a", "b"}


def test_bend_is_the_squared_part_over_the_straight_part():
    moved = learn([evidence(lambda z: np.full((2, 5), 0.5 * z["a"] + 0.15 * z["a"] ** 2))], GIVEN)
    assert moved.bend[0] == pytest.approx(0.3)


def test_a_series_that_may_be_off_teaches_by_its_changes_only():
    rise = np.linspace(-1, 1, TIMES)
    learned = [
        learn([evidence(lambda z, s=shift: (rise * z["a"] + s)[None], level=True)], GIVEN)
        for shift in (0.0, 3.0)
    ]
    np.testing.assert_allclose(learned[0].mean, learned[1].mean, atol=1e-12)
    flat = learn([evidence(lambda z: np.full((1, TIMES), z["a"] - 1.0), level=True)], GIVEN)
    assert (flat.mean[0], flat.sd[0]) == (0.0, 1.0)


def test_values_of_cells_are_learned_apart_from_one_pair_of_histories():
    rng = np.random.default_rng(5)
    a, g = rng.standard_normal((6, TIMES)), rng.standard_normal((6, 1))
    own = {"c": prior("c", 3, dims=("cell",))}
    given = directions(own, ["c"], "cell", 3)
    assert given == [Direction("c", None, 3)]
    z = design(own, given)["c"]
    cells = np.arange(6) // 2
    values = a[..., None] + g[..., None] * z[cells][:, None]
    moved = learn([Evidence("by cell", values, cells, judge=False)], given)
    for cell in range(3):
        mine = cells == cell
        precision = 1 + TIMES * (g[mine] ** 2).sum()
        assert moved.mean[cell] == pytest.approx(-(g[mine] * a[mine]).sum() / precision)
        assert moved.sd[cell] == pytest.approx(precision**-0.5)
    np.testing.assert_allclose(moved.covariance - np.diag(moved.sd**2), 0, atol=1e-12)


def test_what_is_without_spread_or_has_too_many_values_is_not_varied():
    own = {
        "fixed": prior("fixed", sd=0.0), "wide": prior("wide", 9, dims=("sector",)), "a": prior("a"),
    }  # fmt: skip
    assert directions(own, list(own), "cell", 3) == [Direction("a", 0)]


def test_residuals_that_vary_or_last_more_than_they_may_count_less():
    rng = np.random.default_rng(6)
    white = rng.standard_normal((40, 500))
    # false alarm: each bound is five standard errors of 20 000 residuals away
    assert weigh_down(0.5 * white) == pytest.approx(1.0, abs=0.04)
    assert weigh_down(2.0 * white) == pytest.approx(0.25, abs=0.02)
    lasting = np.zeros_like(white)
    for t in range(1, white.shape[1]):
        lasting[:, t] = 0.5 * lasting[:, t - 1] + np.sqrt(0.75) * white[:, t]
    assert weigh_down(lasting) == pytest.approx(1 / 3, abs=0.03)
    assert weigh_down(np.array([[1.0, np.nan]])) == 1.0


def test_one_wild_residual_says_little():
    a = np.zeros((1, TIMES))
    a[0, 7] = 40.0
    calm = learn([evidence(lambda z: np.zeros((1, TIMES)) + 0.5 * z["a"])], GIVEN)
    told = {
        judge: learn([evidence(lambda z: a + 0.5 * z["a"], judge=judge)], GIVEN)
        for judge in (False, True)
    }
    assert told[False].mean[0] < -3.0
    assert abs(told[True].mean[0]) < 0.5
    assert told[True].sd[0] > calm.sd[0]


def test_draws_move_with_their_place_and_what_was_not_learned_stays():
    covariance = np.array([[0.25, 0.1], [0.1, 0.5]])
    moved = Moved(
        ("a", "b[1]"), np.array([1.0, -2.0]), covariance, {}, {}, np.zeros(2)
    )  # fmt: skip
    first = {k: np.moveaxis(p.positions(4000, 9), 0, -1) for k, p in PRIORS.items()}
    drawn = draw(PRIORS, moved, 4000, 9)
    np.testing.assert_array_equal(drawn["inert"], first["inert"])
    np.testing.assert_array_equal(drawn["b"][0], first["b"][0])
    np.testing.assert_allclose(drawn["a"], 1 + 0.5 * first["a"])
    both = np.stack([drawn["a"], drawn["b"][1]])
    # five standard errors of 4000 draws
    np.testing.assert_allclose(both.mean(1), moved.mean, atol=0.06)
    np.testing.assert_allclose(np.cov(both), covariance, atol=0.06)


def test_a_posterior_comes_back_from_its_arrays():
    moved = learn([evidence(linear()[2])], GIVEN)
    again = Moved.of(moved.arrays())
    assert again.names == moved.names
    assert again.weights == moved.weights
    for part in ("mean", "covariance", "bend"):
        np.testing.assert_array_equal(getattr(again, part), getattr(moved, part))
    np.testing.assert_array_equal(again.informed["made up"], moved.informed["made up"])
