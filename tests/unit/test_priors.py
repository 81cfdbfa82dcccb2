"""Parameters: forms, keyed draws, what was known, and every malformed entry."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pytest

from caudal.corridor import corridor
from caudal.engine.priors import load
from caudal.errors import CaudalError

pytestmark = pytest.mark.unit

GOOD = "{prior: {normal: [1.0, 0.5]}, unit: share, source: a book}"


def read(tmp_path, text, derived=None):
    path = tmp_path / "priors.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, derived or {"centre": np.array([2.0, 4.0])})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("m:\n  a: {prior: {nromal: [1, 2]}, unit: x, source: y}", "a field 'prior': unknown form"),
        ("m:\n  a: {prior: {normal: [1, 2]}, source: y}", "m.a field 'unit': missing"),
        ("m:\n  a: {prior: {normal: [1, 2]}, unit: x}", "m.a field 'source': missing"),
        ("m:\n  a: {unit: x, source: y}", "m.a field 'prior': missing"),
        (f"m:\n  a: {GOOD}\nk:\n  a: {GOOD}", "k.a: declared twice"),
        ("m:\n  a: {prior: {derived: centr, sd: 1}, unit: x, source: y}", "unknown 'centr'"),
        ("m: {a: [", "not readable as YAML"),
    ],
)  # fmt: skip
def test_a_malformed_entry_is_one_clear_error(tmp_path, text, told):
    with pytest.raises(CaudalError, match=re.escape(told)) as raised:
        read(tmp_path, text)
    assert "priors.yaml" in str(raised.value)


def test_forms_have_the_stated_median(tmp_path):
    p = read(
        tmp_path,
        """m:
  n: {prior: {normal: [1.0, 0.5]}, unit: x, source: y}
  l: {prior: {lognormal: [8.0, 0.3]}, unit: x, source: y}
  g: {prior: {logitnormal: [[0.2, 0.7], 0.4]}, unit: x, source: y}
  f: {prior: {fixed: 3.0}, unit: x, source: y}
  d: {prior: {derived: centre, as: lognormal, sd: 0.1}, unit: x, source: y}
""",
    )
    zero = {k: v.at(np.zeros((1, *v.centre.shape)))[0] for k, v in p.items()}
    np.testing.assert_allclose(zero["n"], 1.0)
    np.testing.assert_allclose(zero["l"], 8.0, rtol=1e-6)
    np.testing.assert_allclose(zero["g"], [0.2, 0.7], rtol=1e-6)
    np.testing.assert_allclose(zero["d"], [2.0, 4.0], rtol=1e-6)
    np.testing.assert_allclose(p["l"].at(np.ones(1)), 8.0 * np.exp(0.3), rtol=1e-6)
    odds = np.log(0.2 / 0.8) + 0.4
    np.testing.assert_allclose(p["g"].at(np.ones((1, 2)))[0, 0], 1 / (1 + np.exp(-odds)), rtol=1e-6)
    np.testing.assert_allclose(p["f"].at(p["f"].positions(5, 1)), 3.0)


def test_draws_are_keyed_by_seed_and_name(tmp_path):
    alone = read(tmp_path, f"m:\n  a: {GOOD}")["a"].positions(6, 3)
    beside = read(tmp_path, f"m:\n  new: {GOOD}\n  a: {GOOD}")
    np.testing.assert_array_equal(alone, beside["a"].positions(6, 3))
    np.testing.assert_array_equal(alone[:4], beside["a"].positions(4, 3))
    assert not np.array_equal(alone, beside["new"].positions(6, 3))
    assert not np.array_equal(alone, beside["a"].positions(6, 4))


def test_before_a_source_was_known_the_prior_is_its_wide_default(tmp_path):
    p = read(tmp_path, "m:\n  a: {prior: {normal: [5, 0.1]}, wide: {normal: [0, 2]}, unit: x, "
                       "source: y, known_on: 2021-06-01}")["a"]  # fmt: skip
    assert (p.as_known(date(2021, 5, 31)).centre, p.as_known(date(2021, 5, 31)).sd) == (0.0, 2.0)
    assert p.as_known(date(2021, 6, 1)) is p


def test_every_prior_learned_after_2018_has_a_wide_default_or_early_counts():
    """Else a backtest of 2018 would know what was published later.

    `area_base` and `port_office_share` come from counts of 2020; they have no wide default yet.
    """
    late = {
        name for name, p in corridor().priors.items()
        if p.known_on > date(2018, 1, 1) and p.wide is None
    }  # fmt: skip
    assert late <= {"area_base", "port_office_share"}


def test_shapes_are_those_of_the_stated_axes():
    here = corridor()
    axes = {**here.model.axes, "route": 5}
    for name, prior in here.priors.items():
        assert prior.centre.shape == tuple(axes[d] for d in prior.dims), name
        assert np.isfinite(prior.centre).all(), name
        assert (prior.wide is None) or prior.wide.sd >= prior.sd, name
