"""A history that was kept gives what one run for the question gives, bit for bit."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from caudal.ask.compare import compare
from caudal.ask.compared import Measure
from caudal.compute import kept as keeping
from caudal.compute.asked import asked
from caudal.compute.forcing import forcing
from caudal.compute.kept import keep, kept
from caudal.corridor.compared import compared
from run_worlds import corridor_with, made_up

pytestmark = [pytest.mark.twin, pytest.mark.slow]
END = date(2019, 3, 1)


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    return corridor_with(tmp_path_factory.mktemp("draws"), made_up(months=12))


@pytest.fixture(autouse=True)
def _nothing_left():
    yield
    keeping._kept.clear()


def _differences(here):
    document = here.scenario("baseline").as_yaml().replace("name: baseline", "name: other")
    from caudal.policy.scenario import read_scenario

    other = read_scenario(document + "policies:\n  us-metering: off\n", [])
    measures = [Measure(**fields) for fields in compared()]
    made = compare(
        here, measures, "baseline", [other], members=3, start="2018-05", end="2018-08",
        weather="as-inferred",
    )  # fmt: skip
    return made.dataset


def test_a_comparison_is_the_same_whether_its_base_was_kept_or_run(here):
    fresh = _differences(here)
    keep(here, END)
    again = _differences(here)
    for name in ("base_monthly", "difference_monthly", "level"):
        np.testing.assert_array_equal(fresh[name].values, again[name].values, err_msg=name)
    assert np.abs(fresh["difference_monthly"].values).max() > 0


def test_only_the_same_history_is_given(here):
    a = asked(here, "baseline", members=3, end=date(2018, 9, 1))
    outside = forcing(here, a.law, a.end)
    how = {"seed": 0, "sampler": "expected", "fixed": {}}
    few = np.arange(3)
    assert kept(here, outside, few, **how) is None
    keep(here, END)
    assert kept(here, outside, few, **how) is not None
    assert kept(here, outside, np.arange(1, 4), **how) is None
    assert kept(here, outside, few, **{**how, "seed": 1}) is None
    assert kept(here, outside, few, **{**how, "sampler": "sampled"}) is None
    assert kept(here, outside, few, **{**how, "fixed": {"x": 1}}) is None
    longer = forcing(here, a.law, date(2019, 6, 1))
    assert kept(here, longer, few, **how) is None
    law = here.law.overlaid({"us-metering": "off"})
    assert kept(here, forcing(here, law, a.end), few, **how) is None
