"""The settings that are shipped are those that the tuning chooses."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor import corridor
from caudal.forecast import baselines_pooled, baselines_tuning
from caudal.forecast.baselines import published
from caudal.forecast.baselines_counts import Counts
from caudal.forecast.baselines_walk import TUNED
from caudal.forecast.vintage import Vintage

pytestmark = [pytest.mark.unit, pytest.mark.slow]

LAST = baselines_tuning.LAST


@pytest.fixture(scope="module")
def counts() -> Counts:
    """Counts as published when those of September 2021 came out."""
    return published(Vintage(corridor(), LAST + 1), LAST)


def test_no_later_month_is_there_to_tune_on(counts):
    assert len(counts.total) == LAST + 1
    assert corridor().begins.year * 12 + corridor().begins.month - 1 + LAST == 2021 * 12 + 8


def test_the_walk_is_the_best_of_its_grid(counts):
    assert baselines_tuning.tuned(counts) == TUNED


def test_the_prior_of_the_regression_is_the_best_of_those_tried(counts):
    scores = baselines_tuning.tuned_prior(counts)
    assert min(scores, key=lambda prior: scores[prior]) == baselines_pooled.PRIOR


def test_a_choice_anew_uses_no_later_month(counts):
    origin = LAST - 8
    other = Counts(*(values.copy() for values in (
        counts.total, counts.nationality, counts.between_ports
    )))  # fmt: skip
    for values in (other.total, other.nationality, other.between_ports):
        values[origin + 1 :] *= np.linspace(1, 9, len(values) - origin - 1).reshape(
            -1, *[1] * (values.ndim - 1)
        )
    assert baselines_tuning.retuned(other, origin) == baselines_tuning.retuned(counts, origin)
