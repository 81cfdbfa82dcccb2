"""Children: the formulas of the mechanism, on states made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.mechanisms.children import children
from hand_made import neutral, now, parameters

pytestmark = pytest.mark.unit


def one(n, groups=66):
    """n people of the last group of Honduras' three: (1, 66, 1)."""
    out = np.zeros((1, groups, 1))
    out[0, 8] = n
    return out


def plain(held, care, beds, nominal, checks, p):
    """Ten lines with the equations as they stand in the docstring."""
    leave = 1 / (p["care_days"] * p["sponsor_check_factor"] ** checks)
    free = beds - p["beds_kept_free"] * min(beds, nominal) - care
    places = max(0.0, free / p["bed_turnover_days"] + leave * care)
    return min(1 / p["child_transfer_days"], places / (held + 1)), leave


@pytest.mark.parametrize(
    ("held", "care", "beds", "checks"),
    [
        (100, 2000, 16000, 0),
        (5000, 7400, 8000, 0),
        (5000, 7700, 8000, 0),
        (300, 9000, 8000, 1),
        (0, 0, 0, 0),
    ],
)
def test_hazards_are_those_of_the_formula(held, care, beds, checks):
    p = parameters(children)
    view = now(
        {"cbp_children": one(held), "hhs_care": one(care)},
        {"us.hhs.usable_beds": beds, "us.hhs.beds": 13200, "us.hhs.sponsor_checks": checks},
    )
    got = children.function(view, p)
    want = plain(held, care, beds, 13200, checks, {k: float(v[0]) for k, v in p.items()})
    np.testing.assert_allclose(np.asarray(got["cbp_children → hhs_care"])[0, 0, 0], want[0], 1e-4)
    np.testing.assert_allclose(np.asarray(got["hhs_care → us_children"])[0, 0, 0], want[1], 1e-4)


def test_without_beds_nobody_is_taken_in_and_with_many_everyone_within_the_limit():
    none = now({"cbp_children": one(4000), "us.hhs.usable_beds": 0})
    many = now({"cbp_children": one(4000), "us.hhs.usable_beds": 50000})
    p = parameters(children)
    assert children.function(none, p)["cbp_children → hhs_care"].max() == 0
    np.testing.assert_allclose(
        children.function(many, p)["cbp_children → hhs_care"].max(), 1 / p["child_transfer_days"][0]
    )


def test_emergency_sites_fill_to_the_last_bed():
    """Beds kept free are of the nominal ones: as many for 13,200 and for 20,000 usable."""
    p = parameters(children, bed_turnover_days=1.0, child_transfer_days=1e-3)

    def places(beds):
        given = {"us.hhs.usable_beds": beds, "us.hhs.beds": 13200}
        view = now({"cbp_children": one(9e4)}, given)
        return float(children.function(view, p)["cbp_children → hhs_care"].max()) * (9e4 + 1)

    np.testing.assert_allclose(places(20000) - places(13200), 6800, rtol=1e-3)


def test_off_means_no_shortage_and_no_checks():
    off = neutral(children)
    given = {"us.hhs.usable_beds": 8000, "us.hhs.sponsor_checks": 1}
    got = children.function(now({"cbp_children": one(50), "hhs_care": one(7990)}, given), off)
    np.testing.assert_allclose(
        got["cbp_children → hhs_care"].max(), 1 / off["child_transfer_days"][0]
    )
    np.testing.assert_allclose(got["hhs_care → us_children"].max(), 1 / off["care_days"][0])
