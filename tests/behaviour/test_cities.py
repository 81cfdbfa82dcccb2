"""Cities: the load of their shelters, one claim a test."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.groups import mask
from caudal.corridor.world import CITIES

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

BUSES, LIMIT = "tx.bussing", "us.city.stay_limit_days"
NAMED = CITIES[:3]
SURGE = mask("VEN", "ECU", "COL", "NIC", "PER", "OOO")


def load(played, city, month):
    return played.tally("city_sheltered", month, place=city)


def play(world, buses, limits, low_from="2024-01"):
    """2022 to mid-2024: many newcomers come from 2022-06 on, and fewer from `low_from` on."""
    levers = {
        BUSES: [("2022-05", "2025-01", [0, 0, 0, 0]), ("2022-08", "2024-02", [buses] * 3 + [0])],
        LIMIT: [("2022-05", "2025-01", 10000)],
    }
    if limits:
        levers[LIMIT].append(("2023-10", "2025-01", [30, 60, 42, 10000]))
    sky = {"departure": [("2022-06", 2.0 * SURGE), (low_from, -1.0 * np.ones(22))]}
    return world.play("2022-05", "2025-01", levers=levers, sky=sky)


def test_shelters_filled_from_2022_and_emptied_in_2024(world):
    """The rise and fall: buses and releases raise the load; limits and fewer releases lower it.

    Higher in every draw, and more than twice as high in most: how much depends on the draw.
    """
    both = play(world, buses=1, limits=True)
    for city in NAMED:
        start, top, end = (load(both, city, m) for m in ("2022-06", "2023-09", "2024-12"))
        assert (top > start).all(), city
        assert (top > 2 * start).mean() >= 0.75, city
        assert (end < 0.5 * top).all(), city


def test_without_buses_fewer_come_to_the_cities_that_they_went_to(world):
    bus, none = play(world, buses=1, limits=False), play(world, buses=0, limits=False)
    for city in NAMED:
        assert (load(bus, city, "2023-09") > 1.2 * load(none, city, "2023-09")).all(), city
    elsewhere = load(bus, "elsewhere", "2023-09") / load(none, "elsewhere", "2023-09")
    assert (elsewhere <= 1).all()
    assert (elsewhere > 0.7).all()


def test_a_limit_on_stays_empties_shelters_sooner(world):
    free, limited = play(world, buses=1, limits=False), play(world, buses=1, limits=True)
    for city in NAMED:
        np.testing.assert_array_equal(load(free, city, "2023-08"), load(limited, city, "2023-08"))
        assert (load(limited, city, "2023-12") < load(free, city, "2023-12")).all(), city


def test_a_fall_in_releases_empties_shelters_without_any_limit(world):
    falls = play(world, buses=1, limits=False)
    stays = play(world, buses=1, limits=False, low_from="2024-12")
    for city in NAMED:
        assert (load(falls, city, "2024-11") < load(stays, city, "2024-11")).all(), city
