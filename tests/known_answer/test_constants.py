"""Constants from residuals, against the exact posteriors of linear-Gaussian problems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

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
from caudal.learn.correlated import covariance, sizes

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
    return Evidence("made up", np.stack(values, -1), cells, **kind)


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


def test_lasting_residuals_count_as_generalised_least_squares_has_them():
    a, g, residual = linear(1)
    moved = learn([evidence(residual, lasting=0.3)], GIVEN)
    c = np.kron(np.eye(SERIES), 0.7 * np.eye(TIMES) + 0.3)
    mean, covariance = exact(a, g, np.linalg.inv(c))
    np.testing.assert_allclose(moved.mean, mean, atol=1e-10)
    np.testing.assert_allclose(moved.covariance, covariance, atol=1e-10)


def test_prediction_errors_leave_the_weather_out_exactly():
    # y[t] = z × step[t] + w[t] + e[t], w a random walk: Kalman's errors against all at once
    rng = np.random.default_rng(2)
    q, r, n = 0.8, 0.5, 40
    step = (np.arange(n) >= 15).astype(float)
    whole = q**2 * np.minimum.outer(np.arange(1, n + 1), np.arange(1, n + 1)) + r**2 * np.eye(n)
    y = 0.7 * step + np.linalg.cholesky(whole) @ rng.standard_normal(n)

    def errors(z: float) -> np.ndarray:
        level, spread, out = 0.0, 0.0, []
        for t in range(n):
            spread += q**2
            size = spread + r**2
            out.append((y[t] - z * step[t] - level) / np.sqrt(size))
            level += spread / size * (y[t] - z * step[t] - level)
            spread *= r**2 / size
        return np.array(out)[None]

    moved = learn([evidence(lambda z: errors(float(z["a"])))], GIVEN)
    inverse = np.linalg.inv(whole)
    precision = 1 + step @ inverse @ step
    assert moved.mean[0] == pytest.approx(step @ inverse @ y / precision)
    assert moved.sd[0] == pytest.approx(precision**-0.5)


def test_sizes_and_correlation_are_found_in_the_residuals():
    # two cells of two kinds, 4000 months: the estimate of their covariance is near the true one
    rng = np.random.default_rng(7)
    within, apart = np.array([[1.0, 0.5], [0.5, 1.0]]), np.array([[0.3, 0.2], [0.2, 0.3]])
    true = np.kron(np.eye(2), within - apart) + np.kron(np.ones((2, 2)), apart)
    scale = np.array([1.0, 3.0, 0.2, 1.0])
    unit = np.linalg.cholesky(true) @ rng.standard_normal((4, 4000))
    np.testing.assert_allclose(sizes(scale[:, None] * unit), scale, rtol=0.04)
    np.testing.assert_allclose(covariance(unit, 2), true, atol=0.06)
    assert np.isinf(sizes(np.full((1, 5), np.nan))).all()


def test_what_is_said_twice_counts_once():
    once = np.random.default_rng(8).standard_normal((1, 60))
    rise = np.linspace(-1, 1, 60)

    def told(times: int) -> Moved:
        values = [evidence(lambda z: np.repeat(once + rise * z["a"], times, 0), kinds=times)]
        return learn(values, GIVEN)

    assert told(3).sd[0] == pytest.approx(told(1).sd[0], rel=0.1)


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


def test_values_of_cells_are_learned_apart_from_one_pair_of_histories():
    rng = np.random.default_rng(5)
    a, g = rng.standard_normal((6, TIMES)), rng.standard_normal((6, 1))
    own = {"c": prior("c", 3, dims=("cell",))}
    given = directions(own, ["c"], "cell", 3)
    assert given == [Direction("c", None, 3)]
    z = design(own, given)["c"]
    cells = np.arange(6) // 2
    values = a[..., None] + g[..., None] * z[cells][:, None]
    moved = learn([Evidence("by cell", values, cells)], given)
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


def test_residuals_that_last_count_less():
    rng = np.random.default_rng(6)
    white = rng.standard_normal((40, 500))
    # false alarm: each bound is five standard errors of 20 000 residuals away
    assert weigh_down(white) == pytest.approx(1.0, abs=0.07)
    lasting = np.zeros_like(white)
    for t in range(1, white.shape[1]):
        lasting[:, t] = 0.5 * lasting[:, t - 1] + np.sqrt(0.75) * white[:, t]
    assert weigh_down(lasting) == pytest.approx(1 / 3, abs=0.04)
    assert weigh_down(np.array([[1.0, np.nan]])) == 1.0


def test_one_wild_residual_says_little():
    calm = np.random.default_rng(9).standard_normal((1, 60))
    wild = calm.copy()
    wild[0, 7] = 40.0
    given, judged = (
        learn([evidence(lambda z: wild + 0.5 * z["a"], kinds=kinds)], GIVEN) for kinds in (0, 1)
    )
    without = learn([evidence(lambda z: calm + 0.5 * z["a"], kinds=1)], GIVEN)
    assert given.mean[0] < -1.0
    assert judged.mean[0] == pytest.approx(without.mean[0], abs=0.2)


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


def test_where_two_rounds_disagree_the_second_is_less_sure():
    first = learn([evidence(linear()[2])], GIVEN)
    second = replace(first, mean=first.mean + np.eye(len(first.mean))[0] * 0.4)
    wider = second.wider(first)
    np.testing.assert_allclose(wider.sd[0] ** 2, first.sd[0] ** 2 + 0.16)
    np.testing.assert_allclose(wider.covariance[1:], first.covariance[1:])
    np.testing.assert_array_equal(wider.mean, second.mean)
    # a value that the first round did not vary stood at its prior's centre
    alone = replace(first, names=("other", *first.names[1:]))
    np.testing.assert_allclose(
        second.wider(alone).sd[0] ** 2, first.sd[0] ** 2 + second.mean[0] ** 2
    )
