"""Learned draws as a file, and what continues them."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.compute.posterior import load, save
from caudal.corridor import corridor
from caudal.errors import CaudalError

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def shipped():
    return load(corridor().posterior)


def test_the_shipped_draws_are_whole(shipped):
    here = corridor()
    assert set(shipped.z) == set(here.priors)
    assert set(shipped.weather) == set(here.processes)
    assert all(len(v) == shipped.months + 1 for v in shipped.weather.values())
    assert all(np.isfinite(v).all() for v in (*shipped.z.values(), *shipped.weather.values()))
    assert here.posterior.stat().st_size < 8e6


def test_the_inert_constant_was_left_alone(shipped):
    told = shipped.about["constants"]["inert"]
    assert told["sd"] >= 0.95
    assert abs(told["mean"]) < 0.2


def test_round_trip(shipped, tmp_path):
    path = tmp_path / "draws.npz"
    save(shipped, path)
    again = load(path)
    np.testing.assert_array_equal(again.weather["departure"], shipped.weather["departure"])
    assert again.about == shipped.about
    assert [p.name for p in tmp_path.iterdir()] == ["draws.npz"]


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut short"])
def test_a_broken_file_is_one_clear_error(tmp_path, content):
    path = tmp_path / "draws.npz"
    path.write_bytes(content)
    with pytest.raises(CaudalError, match="not readable as draws"):
        load(path)


def test_no_file_says_what_to_do(tmp_path):
    with pytest.raises(CaudalError, match="caudal fit"):
        load(tmp_path / "draws.npz")


def test_the_future_keeps_the_past_and_is_keyed_by_member(shipped):
    here = corridor()
    draws = np.arange(4)
    ahead = shipped.future(here, draws, shipped.months + 12, seed=3)
    past = shipped.past(here, draws)
    counted = shipped.months + 1
    np.testing.assert_array_equal(
        ahead.weather["departure"][:counted], past.weather["departure"][:counted]
    )
    one = shipped.future(here, draws[2:3], shipped.months + 12, seed=3)
    np.testing.assert_array_equal(one.weather["unit"][..., 0], ahead.weather["unit"][..., 2])
    other = shipped.future(here, draws, shipped.months + 12, seed=4)
    assert not np.array_equal(other.weather["unit"][-1], ahead.weather["unit"][-1])
