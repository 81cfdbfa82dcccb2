"""Targets: series that speak of constants directly, against the exact posterior of a linear model."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from caudal.engine.observation import Target
from caudal.engine.priors import Prior
from caudal.learn import targets
from caudal.learn.constants import Moved, design, directions, learn

pytestmark = pytest.mark.known_answer

SLOPE, ERROR = 0.8, 0.5
SEEN = np.array([[1.0, 1.4, 0.9], [-2.0, np.nan, -2.2]])
"""Two cells over three times; one time of the second was not published."""
PRIORS = {
    "lean": Prior("lean", "normal", np.zeros(2), 1.0, "1", "made up", ("cell",)),
    "inert": Prior("inert", "normal", np.zeros(()), 1.0, "1", "made up"),
}
GIVEN = directions(PRIORS, list(PRIORS), "cell", 2)
CHUNK = 2


def spoken(monkeypatch, lasting: float = 0.0) -> Moved:
    """Two values of `lean` with a series each, and `inert`, of which no series speaks."""
    z = design(PRIORS, GIVEN)["lean"]
    shown = np.broadcast_to(SLOPE * z[:, None], (2, 3, z.shape[-1]))

    def histories(smoother, months):
        assert months == 12
        for first in range(0, shown.shape[-1], CHUNK):
            yield SimpleNamespace(shown=shown[..., first : first + CHUNK])

    target = Target("a series", ("lean",), lambda run: run.shown, lambda: SEEN, ERROR, lasting)
    monkeypatch.setattr(targets, "_histories", histories)
    return learn(targets.spoken_of(cast(Any, None), [target], 12, 2), GIVEN)


@pytest.mark.parametrize("lasting", [0.0, 0.7])
def test_each_value_moves_to_its_exact_posterior(monkeypatch, lasting):
    moved = spoken(monkeypatch, lasting)
    assert moved.names == ("lean[0]", "lean[1]", "inert")
    for i, seen in enumerate(SEEN):
        there = seen[~np.isnan(seen)]
        # a fault that lasts over the times: errors of equal correlation
        inverse = np.linalg.inv(ERROR**2 * ((1 - lasting) * np.eye(len(there)) + lasting))
        precision = 1 + SLOPE**2 * inverse.sum()
        assert moved.mean[i] == pytest.approx(SLOPE * (inverse @ there).sum() / precision)
        assert moved.sd[i] == pytest.approx(precision**-0.5)


def test_what_no_series_speaks_of_stays_where_it_was(monkeypatch):
    moved = spoken(monkeypatch)
    assert (moved.mean[2], moved.sd[2]) == (0.0, 1.0)


def test_a_fault_that_lasts_leaves_more_to_learn(monkeypatch):
    alone, lasting = spoken(monkeypatch), spoken(monkeypatch, 0.7)
    assert (lasting.sd[:2] > 1.2 * alone.sd[:2]).all()


def test_series_that_do_not_come_by_cell_belong_to_none(monkeypatch):
    run = SimpleNamespace(shown=np.zeros((1, 3, 5)))
    monkeypatch.setattr(targets, "_histories", lambda *_: iter([run]))
    target = Target("one", (), lambda r: r.shown, lambda: np.ones((1, 3)), 2.0, 0.3)
    (kind,) = targets.spoken_of(cast(Any, None), [target], 12, 22)
    assert kind.cells.tolist() == [-1]
    np.testing.assert_array_equal(kind.values, np.full((1, 3, 5), -0.5))
    assert (kind.lasting, kind.kinds) == (0.3, 0)
