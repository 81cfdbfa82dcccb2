"""Loops of the corridor that run through several mechanisms; those of one stand in its own file."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.world import UNITS

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

ADULTS = slice(UNITS.index("single_adult"), None, len(UNITS))


def test_a_shortfall_of_beds_is_let_go_and_believed(world):
    """Capacity shortfall → release → perception: no ICE beds from March 2019 on, all else alike."""
    full = {"us.ice.beds": [("2019-03", "2020-03", 0.0)]}
    # what befell cohorts is heard of: its weight is a hypothesis, so it is given one
    p = {"experience_weight": np.full_like(world.p["experience_weight"], 0.5)}
    usual = world.play("2019-03", "2020-03", p=p)
    short = world.play("2019-03", "2020-03", levers=full, p=p)
    pair = [r.tally("releases", "2019-04", "2019-12", unit="single_adult") for r in (usual, short)]
    assert (pair[1] > 1.05 * pair[0]).all()
    heard = [r.signal("experience", "2020-02")[ADULTS].mean(0) for r in (usual, short)]
    assert (heard[1] > heard[0]).all()
    believed = [r.signal("belief", "2020-02")[ADULTS].mean(0) for r in (usual, short)]
    assert (believed[1] > believed[0]).all()


def test_people_expelled_are_counted_again(world):
    """Expulsion → retry → counted again: expelled at once, the same people make more encounters."""
    usual = world.play("2020-02", "2020-12")
    never = world.play("2020-02", "2020-12", {"us-title-42": "off"})
    months = ("2020-06", "2020-11")
    per_first = []
    for run in (usual, never):
        seen, again = (run.tally(n, *months, nationality="GTM") for n in
                       ("encounters_land", "encounters_repeat"))  # fmt: skip
        per_first.append(seen / (seen - again))
    assert (per_first[0] > 1.1 * per_first[1]).all()
