"""Unit choice on a hand-made day: pull as pure substitution, parting in two halves, off."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

import hand_made
from caudal.corridor.groups import FAMILIES
from caudal.corridor.mechanisms.unit_choice import unit_choice
from hand_made import MEMBERS, group

pytestmark = pytest.mark.unit

neutral, now, parameters = (
    partial(f, members=MEMBERS) for f in (hand_made.neutral, hand_made.now, hand_made.parameters)
)

PARTING = [flow.name for flow in unit_choice.flows]
UNITS = [group("HND", u) for u in ("single_adult", "family", "unaccompanied_child")]


def believed(adult: float, family: float, child: float) -> np.ndarray:
    """The same belief by unit for every nationality, (66, MEMBERS)."""
    return np.tile(np.float32([adult, family, child])[:, None], (22, MEMBERS))


def test_the_pull_is_what_a_unit_gains_over_the_others():
    p = parameters(
        unit_choice,
        unit_response=0.5,
        detained_share=0.0,
        mexican_returned=0.0,
        separation_fear=0.0,
    )
    pull = np.asarray(
        unit_choice.function(now({"belief": believed(0.1, 0.4, 1.0)}), p)["unit_pull"]
    )
    np.testing.assert_allclose(pull[UNITS, 0], [-0.2, -0.05, 0.25], atol=1e-6)
    np.testing.assert_allclose(pull.reshape(22, 3, -1).sum(1), 0.0, atol=1e-6)


def test_nothing_is_pulled_while_the_years_before_go_on():
    p = parameters(unit_choice)
    usual = 1 - p["detained_share"] * p["detained_removed"]
    belief = np.ones((66, MEMBERS), np.float32)
    belief[[UNITS[0]]] = usual
    pull = unit_choice.function(now({"belief": belief}), p)["unit_pull"]
    np.testing.assert_allclose(np.asarray(pull)[UNITS], 0.0, atol=1e-6)


def test_the_threat_of_separation_lowers_families_only():
    p = parameters(unit_choice, separation_fear=0.3)
    threat = unit_choice.function(now({"us.family_separation": 1.0}), p)["unit_pull"]
    calm = unit_choice.function(now(), p)["unit_pull"]
    np.testing.assert_allclose(
        threat - calm, np.broadcast_to(-0.3 * FAMILIES, (66, MEMBERS)), atol=1e-6
    )


def test_families_part_where_children_get_in_and_they_do_not():
    p = parameters(
        unit_choice, part_per_day=0.01, part_crowding=0.0, family_children=0.6, child_risk=1.0
    )
    out = unit_choice.function(now({"belief": believed(0.1, 0.2, 0.9)}), p)
    family = UNITS[1]
    np.testing.assert_allclose(  # hope 0.9 − 0.1
        out["mpp → north_first as unaccompanied_child"][:, family], 0.6 * 0.01 * 0.8, rtol=1e-5
    )
    np.testing.assert_allclose(
        out["north_repeat → north_first as unaccompanied_child"][:, family], 0.6 * 0.01 * 0.6,
        rtol=1e-5,
    )  # fmt: skip
    np.testing.assert_allclose(
        out["north_repeat → north_repeat as single_adult"][:, family], 0.4 * 0.01 * 0.6, rtol=1e-5
    )
    for name in PARTING:
        assert (np.asarray(out[name])[:, np.ravel(FAMILIES) == 0] == 0).all(), name


@pytest.mark.parametrize("belief", [(0.5, 0.5, 0.5), (0.1, 0.1, 0.3), (1.0, 1.0, 1.0)])
def test_expelled_families_stay_together_where_children_fare_no_better(belief):
    p = parameters(unit_choice, child_risk=1.0)
    out = unit_choice.function(now({"belief": believed(*belief)}), p)
    assert (np.asarray(out["north_repeat → north_first as unaccompanied_child"]) == 0).all()


def test_a_crowded_camp_parts_more_families():
    p = parameters(unit_choice)
    few = unit_choice.function(now({"mpp": 0.1}), p)
    many = unit_choice.function(now({"mpp": 100.0}), p)
    name = "mpp → north_first as unaccompanied_child"
    assert (np.asarray(many[name])[:, UNITS[1]] > np.asarray(few[name])[:, UNITS[1]]).all()


def test_off_nobody_is_pulled_and_nobody_parts():
    view = now({"us.family_separation": 1.0}, {"belief": believed(0.0, 0.1, 1.0)})
    for name, value in unit_choice.function(view, neutral(unit_choice)).items():
        assert (np.asarray(value) == 0).all(), name
