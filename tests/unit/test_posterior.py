"""Learned draws as a file, and what continues them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from caudal.compute.asked import fits
from caudal.compute.posterior import load, save
from caudal.corridor import corridor
from caudal.errors import CaudalError
from run_worlds import made_up

pytestmark = pytest.mark.unit


@pytest.fixture
def made():
    """Draws as a fit leaves them, without a fit."""
    return made_up(draws=3, months=2)


@pytest.fixture(scope="module")
def shipped():
    return load(corridor().posterior)


def test_the_shipped_draws_are_whole(shipped):
    here = corridor()
    assert set(shipped.z) == set(here.priors), "parameters came or went: run `caudal fit`"
    assert set(shipped.weather) == set(here.processes)
    assert all(len(v) == shipped.months + 1 for v in shipped.weather.values())
    assert all(np.isfinite(v).all() for v in (*shipped.z.values(), *shipped.weather.values()))
    assert here.posterior.stat().st_size < 8e6


def test_the_inert_constant_was_left_alone(shipped):
    told = shipped.about["constants"].get("inert", {"mean": 0.0, "sd": 1.0})
    assert told["sd"] >= 0.95
    assert abs(told["mean"]) < 0.2
    # its draws are those of its prior, wherever the record names it or not
    drawn = np.moveaxis(corridor().priors["inert"].positions(shipped.draws, shipped.seed), 0, -1)
    np.testing.assert_allclose(shipped.z["inert"], drawn, atol=0.2)


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


def test_what_was_not_learned_stands_at_its_prior_and_moves_nothing_else(made):
    here = corridor()
    whole, none = made.completed(here.priors)
    assert none == ()
    names = ("stop_rate_per_day", "return_base", "inert")
    assert {here.priors[n].centre.ndim for n in names} == {0, 1}, "one with an axis, too"
    older = replace(made, z={k: v for k, v in made.z.items() if k not in names[:2]})
    older.z["inert"] = np.zeros((3, made.draws), np.float32)  # it had an axis then
    again, told = older.completed(here.priors)
    assert told == tuple(sorted(names))
    for name, prior in here.priors.items():
        assert again.z[name].shape == (*prior.centre.shape, made.draws)
        if name not in names:
            np.testing.assert_array_equal(again.z[name], whole.z[name])
    # the positions that a fit with this seed starts from
    for name in names:
        start = here.priors[name].positions(made.draws, made.seed)
        np.testing.assert_allclose(again.z[name], np.moveaxis(start, 0, -1), rtol=1e-6)
    assert set(again.past(here, np.arange(2)).p) == set(here.priors)


def test_a_constant_without_spread_is_not_told(made):
    here = corridor()
    fixed = next(name for name, prior in here.priors.items() if prior.sd == 0)
    older = replace(made, z={k: v for k, v in made.z.items() if k != fixed})
    again, told = older.completed(here.priors)
    assert told == ()
    assert fixed in again.z


@pytest.mark.parametrize("change", ["absent", "another shape"])
def test_draws_must_know_the_weather(made, change):
    here = corridor()
    fits(here, made)
    sky = dict(made.weather)
    if change == "absent":
        sky.pop("stop")
    else:
        sky["stop"] = sky["stop"][:, :5]
    with pytest.raises(CaudalError, match="weather 'stop' was not learned"):
        fits(here, replace(made, weather=sky))


def test_the_future_keeps_the_past_and_is_keyed_by_member(shipped):
    here = corridor()
    shipped, _ = shipped.completed(here.priors)
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
