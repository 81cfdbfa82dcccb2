"""Children: beds, sponsors and hours in custody, one claim a test."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.groups import mask
from caudal.corridor.world import NATIONALITIES, UNITS

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

CHILD, BEDS, CHECKS = "unaccompanied_child", "us.hhs.usable_beds", "us.hhs.sponsor_checks"
CENTRAL = mask("GTM", "HND", "SLV")


def many_children(since, level=1.1):
    """Weather under which many children of the north of Central America come."""
    children = np.zeros((len(NATIONALITIES), len(UNITS)), np.float32)
    children[:, UNITS.index(CHILD)] = level * CENTRAL
    return {"departure": [(since, level * CENTRAL)], "unit": [(since, children)]}


def with_beds(world, until, *steps):
    """Many children from January 2021 on, usual checks of sponsors, and beds [(from, until, beds)]."""
    levers = {BEDS: list(steps), CHECKS: [("2021-01", until, 0)]}
    return world.play("2021-01", until, levers=levers, sky=many_children("2021-01"))


def test_usable_beds_decide_how_many_children_crowd_cbp_custody(world):
    """8,000 or 13,200 beds, under about 600 children a day in March 2021, set as weather."""
    beds, sky = "us.hhs.usable_beds", many_children("2021-01")
    limited = world.play(
        "2021-01", "2021-04", levers={beds: [("2021-01", "2021-04", 8000)]}, sky=sky
    )
    nominal = world.play(
        "2021-01", "2021-04", levers={beds: [("2021-01", "2021-04", 13200)]}, sky=sky
    )
    arrivals = (
        sum(
            limited.tally("encounters_land", "2021-03", nationality=n, unit=CHILD)
            for n in ("GTM", "HND", "SLV")
        )
        / 31
    )
    assert 300 < np.median(arrivals) < 1000  # the premise
    crowds = [p.tally("children_in_cbp_custody", "2021-03") for p in (limited, nominal)]
    assert (crowds[0] > crowds[1]).all()
    assert np.median(crowds[0]) > 2 * np.median(crowds[1])
    assert np.median(crowds[0]) > 2000
    care = [p.tally("children_in_care", "2021-03") for p in (limited, nominal)]
    assert (care[0] < care[1]).all()


def test_with_beds_free_children_leave_custody_within_72_hours_and_without_them_they_do_not(world):
    """Mean hours by Little's law: children held / children who leave a day."""

    def hours(level):
        played = with_beds(world, "2021-04", ("2021-01", "2021-04", level))
        held = played.tally("children_in_cbp_custody", "2021-03")
        return 24 * held / (played.tally("children_transferred", "2021-03") / 31)

    assert (hours(50000) < 72).all()
    crowded = hours(8000)
    assert np.median(crowded) > 72
    assert (crowded >= hours(50000)).all()


def test_emergency_sites_empty_the_border_stations(world):
    """More beds from 28 March on, as in 2021: custody falls within weeks while as many come.

    It falls in every crowded draw, and by more than half in most: some have more children than beds.
    """
    few = [("2021-01", "2021-06", 8000)]
    more = [("2021-01", "2021-03-28", 8000), ("2021-03-28", "2021-06", 22000)]
    runs = [with_beds(world, "2021-06", *steps) for steps in (few, more)]
    before = [p.tally("children_in_cbp_custody", "2021-02") for p in runs]
    np.testing.assert_array_equal(*before)
    after = [p.tally("children_in_cbp_custody", "2021-05") for p in runs]
    crowded = after[0] > 2000
    assert crowded.sum() > 4  # the premise, in most members
    assert (after[1][crowded] < 0.7 * after[0][crowded]).all()
    assert (after[1][crowded] < 0.5 * after[0][crowded]).mean() > 0.6


def test_stricter_checks_of_sponsors_keep_children_longer(world):
    """The same children come; care fills and fewer reach a sponsor in the first months.

    That checks lengthen stays is the hypothesis: the factor is kept from falling below 1.2.
    """
    p = {"sponsor_check_factor": np.maximum(1.2, world.p["sponsor_check_factor"])}
    span = ("2022-05", "2022-10")
    strict = world.play(*span, levers={CHECKS: [(*span, 1)]}, p=p)
    usual = world.play(*span, levers={CHECKS: [(*span, 0)]}, p=p)
    care = [p.tally("children_in_care", "2022-09") for p in (strict, usual)]
    assert (care[0] > 1.05 * care[1]).all()
    placed = [p.stock("us_children", "2022-05") for p in (strict, usual)]
    assert (placed[0] < placed[1]).all()
