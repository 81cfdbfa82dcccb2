"""Runs ahead with a turn of policy and without it: the same but for the turn's documents."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from caudal.corridor import corridor
from caudal.forecast.hindcast import hindcast
from caudal.forecast.stress import MODES, WITH, WITHOUT, laid_out
from caudal.learn.smoother import Settings

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

SMALL = Settings(members=16, chunk=16)
DECEMBER_2019, FEBRUARY_2020 = 29, 31


def test_without_title_42_more_are_counted_and_without_nothing_all_is_the_same():
    here = corridor()
    turns = {
        DECEMBER_2019: SimpleNamespace(documents=(), date=date(2020, 1, 1)),
        FEBRUARY_2020: SimpleNamespace(documents=("us-title-42",), date=date(2020, 3, 21)),
    }
    z = {
        k: np.moveaxis(p.positions(SMALL.members, SMALL.seed), 0, -1)
        for k, p in here.priors.items()
    }
    made = hindcast(
        here, here.priors, z, sorted(turns), 3, MODES, SMALL,
        outside=lambda vintage, month, mode: laid_out(
            vintage, month, turns[month] if mode == WITHOUT else None
        ),
    )  # fmt: skip
    assert made.origins.tolist() == [DECEMBER_2019, FEBRUARY_2020]
    given, lacking = (made.ahead[mode]["southwest"] for mode in (WITH, WITHOUT))
    assert np.array_equal(given[0], lacking[0])
    # members share their noise, so the document is all that tells the two apart
    assert not np.array_equal(given[1, 1:], lacking[1, 1:])
    care = made.ahead[WITH]["children_in_care"], made.ahead[WITHOUT]["children_in_care"]
    # children were expelled under Title 42: without it more of them come into care
    assert np.median(care[1][1, 2] / care[0][1, 2]) > 1.05
