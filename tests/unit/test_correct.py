"""What past forecasts teach of runs, in worlds where the right lesson is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from caudal.engine.observation import Predictand
from caudal.forecast import correct
from caudal.forecast.correct import DRAWS, FEW, PERSIST, SHARE, Correction, Run

pytestmark = pytest.mark.unit

ORIGINS, CELLS, AHEAD, SD = 40, 6, 12, 0.2
NO_CLASSES = np.zeros(CELLS, int)


def paths(seed: int = 0, months: int = ORIGINS + AHEAD) -> np.ndarray:
    """g of counts that walk by SD a month, each cell by itself, (month, cell)."""
    steps = SD * np.random.default_rng(seed).standard_normal((months, CELLS))
    return np.log(2000.0) + steps.cumsum(0)


def ahead(path: np.ndarray) -> np.ndarray:
    """What came, (origin, horizon, cell)."""
    return np.stack([path[h : ORIGINS + h] for h in range(1, AHEAD + 1)], 1)


def still(path: np.ndarray, sure: float = 1.0, seed: int = 1) -> Run:
    """The run that is right about such paths: no change, and their spread; `sure` divides that."""
    rng = np.random.default_rng(seed)
    steps = SD / sure * rng.standard_normal((ORIGINS, AHEAD, CELLS, DRAWS))
    middle = np.broadcast_to(path[:ORIGINS, None], (ORIGINS, AHEAD, CELLS))
    return Run(middle.copy(), path[:ORIGINS].copy(), steps.cumsum(1))


def taught(run: Run, seen: np.ndarray, path: np.ndarray) -> Correction:
    return correct.learn(run, seen, path[:ORIGINS], NO_CLASSES)


@pytest.mark.parametrize("sure", [0.7, 1.0, 1.4])
def test_stretch_makes_up_for_a_spread_that_is_too_wide_or_too_narrow(sure):
    path = paths()
    by = taught(still(path, sure), ahead(path), path)
    assert by.stretch.shape == (1, AHEAD)
    # 240 cells at one month; at twelve, three or four spells of forecasts that do not overlap
    assert by.stretch[0, 0] == pytest.approx(sure, rel=0.12)
    assert np.exp(np.log(by.stretch[0]).mean()) == pytest.approx(sure, rel=0.3)


def test_a_run_that_misses_by_a_constant_factor_keeps_its_misfit():
    path = paths()
    came = ahead(path)
    run = Run(came - 0.7, path[:ORIGINS] - 0.7, still(path).away)
    by = taught(run, came, path)
    assert by.persist > 0.95
    assert by.share == pytest.approx(1.0, abs=0.1)


def test_a_misfit_that_is_gone_the_month_after_is_forgotten():
    path = paths()
    came = ahead(path)
    rng = np.random.default_rng(3)
    odd = 0.7 * rng.standard_normal((ORIGINS, CELLS))
    run = Run(came + 0.02 * rng.standard_normal(came.shape), path[:ORIGINS], still(path).away)
    assert correct.learn(run, came, path[:ORIGINS] + odd, NO_CLASSES).persist < 0.1


def test_changes_that_come_true_are_shared_and_those_that_are_noise_are_not():
    path = paths()
    came = ahead(path)
    noise = 0.5 * np.random.default_rng(2).standard_normal(came.shape)
    told = still(path)
    sure = taught(replace(told, middle=came + 0.01 * noise), came, path)
    assert sure.share == pytest.approx(1.0, abs=0.05)
    assert taught(replace(told, middle=told.middle + noise), came, path).share < 0.2


@pytest.mark.parametrize("origins", [0, ORIGINS])
def test_where_nothing_is_counted_all_that_is_tried_is_believed_alike(origins):
    run = still(paths())
    run = Run(run.middle[:origins], run.fitted[:origins], run.away[:origins])
    seen = np.full((origins, AHEAD, CELLS), np.nan)
    by = correct.learn(run, seen, run.fitted, NO_CLASSES)
    assert by.persist == pytest.approx(PERSIST.mean())
    assert by.share == pytest.approx(SHARE.mean())
    np.testing.assert_allclose(by.stretch, 1.0)


def test_draws_lie_about_the_middle_as_the_run_says_stretched_by_size_class():
    run = still(paths())
    classes = np.arange(CELLS) // 2
    stretch = np.array([0.5, 1.0, 2.0])[:, None] * np.ones(AHEAD)
    last = run.fitted + 0.3
    draws = correct.apply(run, last, classes, Correction(0.5, 1.0, stretch))
    assert draws.shape == (ORIGINS, CELLS, AHEAD, DRAWS)
    x = np.log(np.expm1(draws) + FEW)
    for cell, horizon in ((0, 0), (3, 1), (5, 11)):
        factor = stretch[classes[cell], horizon]
        middle = run.middle[:, horizon, cell] + 0.5 ** (horizon + 1) * 0.3
        wanted = middle[:, None] + factor * run.away[:, horizon, cell]
        np.testing.assert_allclose(x[:, cell, horizon], np.maximum(wanted, np.log(FEW)), atol=1e-9)


def test_a_later_count_changes_no_forecast():
    path, first = paths(), 20
    counts, origins = np.exp(path) - FEW, np.arange(ORIGINS)
    run = still(path)
    real, learned = correct.rolling(run, counts, origins, first)
    assert sorted(learned) == list(range(first, ORIGINS))
    for origin in (first, first + 7):
        altered = counts.copy()
        altered[origin + 1 :] = 7.0
        again, _ = correct.rolling(run, altered, origins, first)
        np.testing.assert_array_equal(again[: origin - first + 1], real[: origin - first + 1])
        assert not np.array_equal(again[origin - first + 1], real[origin - first + 1])


def test_a_count_that_is_published_later_is_not_used_before():
    path, first, late = paths(), 20, 2
    counts, origins = np.exp(path) - FEW, np.arange(ORIGINS)
    run = still(path)
    real, _ = correct.rolling(run, counts, origins, first, late)
    altered = counts.copy()
    altered[first - late + 1 :] = 7.0
    again, _ = correct.rolling(run, altered, origins, first, late)
    np.testing.assert_array_equal(again[0], real[0])
    assert not np.array_equal(again[1], real[1])


def test_a_last_count_that_is_not_out_is_taken_as_fitted():
    counts = np.array([[100.0, np.nan], [200.0, 50.0]])
    fitted = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    seen = correct.last_counts(counts, np.array([0, 1, 2]), fitted)
    g = correct.g(counts)
    np.testing.assert_array_equal(seen, [[g[0, 0], 2.0], [g[1, 0], g[1, 1]], [5.0, 6.0]])


def test_what_a_run_said_has_members_deviations_and_the_scatter_of_counts():
    rng = np.random.default_rng(4)
    members = np.exp(rng.normal(6.0, 0.3, (1, 2, 3, 16)))
    quiet, fitted = np.median(members, -1), members[:, 0]
    mean = Predictand("stock", ("a", "b", "c"), "people", "made up", len, len, 0.0, counts=False)
    run = correct.read(mean, members, quiet, fitted)
    np.testing.assert_allclose(run.middle, np.log(quiet + FEW))
    np.testing.assert_allclose(run.fitted, np.median(np.log(fitted + FEW), -1))
    assert run.away.shape == (1, 2, 3, DRAWS)
    logs = np.log(members + FEW)
    np.testing.assert_allclose(run.away[..., :16], logs - np.median(logs, -1, keepdims=True))
    # members all alike: what is left is a gamma–Poisson count's scatter
    flat = np.full((1, 500, 1, 8), 400.0)
    many = replace(mean, dispersion=0.1, counts=True)
    away = correct.read(many, flat, flat[..., 0], flat[:, 0]).away
    wanted = np.sqrt(400 + (0.1 * 400) ** 2) / (400 + FEW)
    assert np.std(away) == pytest.approx(wanted, rel=0.03)


def test_size_classes_are_terciles_of_the_mean_smallest_first():
    counts = np.array([[5.0, 300.0, 20.0, 1.0, 4000.0, 60.0]]) * np.ones((3, 1))
    assert correct.size_classes(counts).tolist() == [0, 2, 1, 0, 2, 1]
    assert correct.size_classes(counts[:, :2]).tolist() == [0, 0]
