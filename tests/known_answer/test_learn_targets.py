"""Targets against the exact posterior of a linear model, where there is one."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from caudal.engine.observation import Target
from caudal.learn import targets

pytestmark = pytest.mark.known_answer

MEMBERS, KEPT = 400, 100
SLOPE, ERROR = 0.8, 0.5
SEEN = np.array([[1.0, 1.4, 0.9], [-2.0, np.nan, -2.2]])
"""Two cells over three times; one time of the second was not published."""


def learn(monkeypatch, lasting=0.0):
    """Two values of `lean` with a series each, and `inert`, of which no series speaks."""
    rng = np.random.default_rng(5)
    z = {
        "lean": rng.standard_normal((2, MEMBERS)),
        "inert": rng.standard_normal((MEMBERS,)),
        "other": rng.standard_normal((MEMBERS,)),
    }
    shown = SLOPE * z["lean"][:, None] + 0.1 * rng.standard_normal((2, 3, MEMBERS))
    target = Target("a series", ("lean", "inert"), lambda _: shown, lambda: SEEN, ERROR, lasting)
    monkeypatch.setattr(targets, "_history", lambda *_: None)
    mine = {k: v[..., :KEPT] for k, v in z.items()}
    after, moved = targets.learn_targets(SimpleNamespace(z=z), [target], 12, mine)
    return z, after, moved["a series"]


def test_each_value_moves_to_its_exact_posterior(monkeypatch):
    _, _, moved = learn(monkeypatch)
    assert moved.names == ("lean[0]", "lean[1]", "inert")
    for i, seen in enumerate(SEEN):
        there = seen[~np.isnan(seen)]
        precision = 1 + len(there) * (SLOPE / ERROR) ** 2
        mean = (there * SLOPE / ERROR**2).sum() / precision
        assert moved.mean[i] == pytest.approx(mean, abs=0.06)
        assert moved.sd[i] == pytest.approx(precision**-0.5, rel=0.05)


def test_what_no_series_speaks_of_stays_where_it_was(monkeypatch):
    z, after, moved = learn(monkeypatch)
    assert moved.mean[2] == pytest.approx(0, abs=1e-6)
    assert moved.sd[2] == pytest.approx(1, abs=1e-6)
    np.testing.assert_array_equal(after["other"], z["other"][:KEPT])
    np.testing.assert_allclose(after["inert"], z["inert"][:KEPT], atol=1e-6)
    assert after["lean"].shape == (2, KEPT)


def test_a_fault_that_lasts_leaves_more_to_learn(monkeypatch):
    _, _, alone = learn(monkeypatch)
    _, _, lasting = learn(monkeypatch, lasting=0.7)
    assert (lasting.sd[:2] > 1.2 * alone.sd[:2]).all()
