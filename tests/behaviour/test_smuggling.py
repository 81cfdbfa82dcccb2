"""What smuggling must show: dearer under enforcement, not stopped by it; it learns and forgets."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.world import NATIONALITIES

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

HND, MEX = NATIONALITIES.index("HND"), NATIONALITIES.index("MEX")


@pytest.fixture(scope="module")
def pair(world):
    """Mexico's effort of 2024 and a calm one."""
    calm = dict(world.corridor.scenario("mexico-calm-2024").policies)
    return world.play("2023-11", "2024-11"), world.play("2023-11", "2024-11", calm)


def test_enforcement_raises_the_fee_of_those_whom_it_meets(pair):
    hard, calm = (p.signal("fee", "2024-06") for p in pair)
    assert (hard[HND] > calm[HND]).all()
    # Mexicans pass no checkpoint; what little moves comes from the line
    assert (np.abs(hard[MEX] / calm[MEX] - 1) < 0.2 * (hard[HND] / calm[HND] - 1) + 0.01).all()


def test_revenue_holds_up_where_the_dearer_way_is_still_taken(world, pair):
    """Fee by fee: what one client pays rises; the sum responds too (its sign is an elasticity)."""
    paid = [
        p.signal("fee", "2024-06")[HND] * p.signal("smuggler_share", "2024-06")[HND] for p in pair
    ]
    revenue = [
        each * p.tally("departures", "2024-06", nationality="HND")
        for each, p in zip(paid, pair, strict=True)
    ]
    change = np.abs(revenue[0] / revenue[1] - 1)
    assert (change > 1e-3).all()
    assert (change < 0.5).all()


def test_a_fee_that_rises_keeps_some_from_leaving(world):
    dear = {"affordability": np.abs(world.p["affordability"])}
    free = {"affordability": 0 * world.p["affordability"]}
    left = {}
    for name, p in {"dear": dear, "free": free}.items():
        calm = dict(world.corridor.scenario("mexico-calm-2024").policies)
        hard, soft = (
            world.play("2023-11", "2024-11", p=p),
            world.play("2023-11", "2024-11", calm, p=p),
        )
        left[name] = hard.tally("departures", "2024-06", nationality="HND") / soft.tally(
            "departures", "2024-06", nationality="HND"
        )
    assert (left["dear"] < left["free"]).all()


def test_smugglers_adapt_to_enforcement_that_lasts(world, pair):
    hard, calm = pair
    early, late = (hard.signal("adaptation", m) for m in ("2024-02", "2024-06"))
    assert (late > early).all()
    assert (late > calm.signal("adaptation", "2024-06")).all()
    assert (late < world.p["adaptation_bound"]).all()
