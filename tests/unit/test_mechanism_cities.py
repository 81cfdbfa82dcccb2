"""Cities: shares of the released and stays in shelters, on a law made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.mechanisms.cities import cities
from caudal.corridor.world import CITIES, NATIONALITIES
from hand_made import dotted, neutral, now, parameters

pytestmark = pytest.mark.unit

GTM, VEN = (3 * NATIONALITIES.index(n) for n in ("GTM", "VEN"))


def out(p=None, **levers):
    got = cities.function(now(dotted(**levers)), p or parameters(cities))
    return {k: np.asarray(v) for k, v in got.items()}


def test_shares_are_those_of_the_formula_and_sum_to_one():
    p = parameters(cities)
    got = out(p, tx__bussing=[1, 0, 0, 0])
    odds = p["city_base"][:, 0] * np.exp(p["city_bussing"] * np.array([1, 0, 0, 0]))
    for group, new in ((GTM, 0.0), (VEN, float(p["city_newcomer"][0]))):
        mine = odds * np.exp(new)
        np.testing.assert_allclose(got["released.city"][:, group, 0], mine / (1 + mine.sum()), 1e-5)
    np.testing.assert_allclose(got["released.city"].sum(0) + got["released.own"][0], 1, rtol=1e-5)


def test_buses_to_one_city_send_more_there_and_hardly_change_others():
    none, bus = out(), out(tx__bussing=[0, 1, 0, 0])
    chicago = CITIES.index("chicago")
    ratio = bus["released.city"] / none["released.city"]
    assert (ratio[chicago] > 3).all()
    assert (np.delete(ratio, chicago, 0) > 0.9).all()
    assert (np.delete(ratio, chicago, 0) < 1).all()


def test_families_stay_longer_and_a_limit_shortens_every_stay():
    p = parameters(cities)
    got = out(p)["city_shelter → us_released"]
    np.testing.assert_allclose(got[:, GTM] / got[:, GTM + 1], p["city_family_factor"][0], rtol=0.02)
    limit = out(p, us__city__stay_limit_days=[30, 10000, 10000, 10000])[
        "city_shelter → us_released"
    ]
    np.testing.assert_allclose(limit[0, GTM] - 1 / p["city_days"], 0.5 / 30, rtol=1e-4)
    np.testing.assert_array_equal(limit[1:], got[1:])


def test_off_everyone_goes_to_their_own_people():
    got = out(neutral(cities), tx__bussing=np.ones(4))
    assert got["released.city"].max() == 0
    assert got["released.own"].min() == 1
    assert got["city_shelter → us_released"].min() > 0  # a way out stays
