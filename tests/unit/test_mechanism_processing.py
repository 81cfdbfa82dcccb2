"""Processing by hand: regimes in their order, the cap, screening, beds, crowding, the queue."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.groups import mask, unfold
from caudal.corridor.mechanisms.processing import passing, processing
from caudal.corridor.world import NATIONALITIES, SECTORS
from hand_made import dotted, neutral, now, parameters

pytestmark = pytest.mark.unit

RGV = SECTORS.index("rio-grande-valley")
GTM, MEX, VEN, CUB = (NATIONALITIES.index(n) for n in ("GTM", "MEX", "VEN", "CUB"))
ADULT, FAMILY, CHILD = range(3)
DESK = ("expelled", "lateral", "south", "flown", "mpp", "children", "returned", "custody")
OUT = ("released", "crowded", "detained", "returned", "mexico", "third_country")
ALL = np.ones((22, 3))


def ask(people=None, *, p=None, **levers):
    """What the mechanism gives, groups unfolded: (place, nationality, unit)."""
    view = now(people or {}, dotted(**levers))
    given = processing.function(view, p or parameters(processing))
    return {
        k: unfold(np.broadcast_to(np.asarray(v)[..., 0], (np.shape(v)[0], 66)))
        for k, v in given.items()
    }


def taken(*nationalities):
    """Mexico takes these back everywhere."""
    return np.broadcast_to(mask("MEX", *nationalities)[:, None, None], (22, 3, len(SECTORS)))


def expel(*nationalities, **levers):
    return {"us__title42__expulsion": ALL, "mx__acceptance": taken(*nationalities)} | levers


def test_the_regimes_in_plain_lines():
    p = {k: v[..., 0] for k, v in parameters(processing).items()}
    enrolled = np.ones((22, 3, 9))
    out = ask(**expel("GTM", us__mpp__enrolment=enrolled, us__children__exempt=1.0))
    for nation, unit, accepted in ((GTM, ADULT, 1.0), (VEN, FAMILY, 0.0), (MEX, ADULT, 1.0),
                                   (GTM, CHILD, 1.0)):  # fmt: skip
        pool = 0.0 if unit == CHILD else 1 / (1 + np.exp(-p["title42_applied"][unit]))
        expelled = pool * accepted
        flown = pool * (1 - accepted) * p["title42_flown"]
        left = 1 - expelled - flown
        mpp = left / (1 + np.exp(-p["mpp_applied"]))
        left -= mpp
        returned = left * p["mexican_returned"] if nation == MEX else 0.0
        left -= returned
        want = {
            "expelled": expelled, "flown": flown, "mpp": mpp, "returned": returned,
            "children": left * (unit == CHILD), "custody": left * (unit != CHILD),
            "lateral": 0.0, "south": 0.0,
        }  # fmt: skip
        for branch, share in want.items():
            got = out[f"desk.{branch}"][RGV, nation, unit]
            assert got == pytest.approx(share, abs=1e-6), (nation, unit, branch)


def test_shares_sum_to_one_with_every_lever_pulled():
    rng = np.random.default_rng(2)
    people = {"cbp_custody": rng.exponential(300, (1, 66, 1)), "field": np.full((9, 66, 1), 9.0),
              "ice_detained": np.full((1, 66, 1), 300.0)}  # fmt: skip
    out = ask(
        people, us__lateral_flights=np.eye(9)[RGV], us__southern_flights=1.0, us__prosecution=1.0,
        us__expulsion_flights=mask("HTI"), us__interior_repatriation=mask("MEX"),
        us__screening__fast=1.0, us__screening__standard=1.5, us__asylum__bar=ALL,
        mx__removals_accepted=mask("MEX", "VEN"), us__third_country_transfer=mask("HND"),
        us__third_country__daily=8.0, mx__acceptance_cap_monthly=500.0,
        **expel("GTM", "VEN"),
    )  # fmt: skip
    for gate, branches in (("desk", DESK), ("custody_out", OUT)):
        shares = np.stack([np.broadcast_to(out[f"{gate}.{b}"], (9, 22, 3)) for b in branches])
        np.testing.assert_allclose(shares.sum(0), 1.0, atol=1e-5)
        assert shares.min() > -1e-6


def test_the_cap_binds_on_the_deals_nationalities_only():
    people = {"field": np.full((9, 66, 1), 50.0), "cbp_custody": np.full((1, 66, 1), 100.0)}
    deals = expel("VEN", "CUB", "GTM", mx__removals_accepted=mask("MEX", "VEN", "GTM"),
                  us__asylum__bar=ALL)  # fmt: skip
    free, capped = ask(people, **deals), ask(people, mx__acceptance_cap_monthly=3040.0, **deals)
    four = [NATIONALITIES.index(n) for n in ("CUB", "HTI", "NIC", "VEN")]

    def sent(out):
        served = 1 - np.exp(-out["field → desk"])
        by_desk = (50.0 * served * out["desk.expelled"])[:, four].sum()
        by_custody = 100.0 * out["cbp_custody → custody_out"] * out["custody_out.mexico"]
        return by_desk + by_custody[:, four].sum()

    assert sent(free) > 150
    assert sent(capped) == pytest.approx(100.0, rel=1e-3)
    for share in ("desk.expelled", "custody_out.mexico"):
        np.testing.assert_allclose(capped[share][:, GTM], free[share][:, GTM])
    assert (
        sent(ask(mx__acceptance_cap_monthly=3040.0, **deals)) > 150
    )  # nobody waits: it does not bind


def test_lateral_flights_take_whom_mexico_refuses_here_and_takes_elsewhere():
    refused = {"mx__acceptance__youngest_child_years": 7.0 * np.eye(9)[RGV]}
    p = parameters(processing, lateral_share=0.5)
    flies = {"us__lateral_flights": np.eye(9)[RGV]}
    none = ask(p=p, **expel("GTM", **refused))
    flown = ask(p=p, **expel("GTM", **refused, **flies))
    stopped = ask(p=p, **expel("GTM", **refused, **flies, mx__lateral_refused=1.0))
    assert none["desk.lateral"].max() == 0
    assert flown["desk.lateral"][RGV, GTM, FAMILY] > 0.1
    assert flown["desk.lateral"][RGV, MEX].max() == 0
    assert np.delete(flown["desk.lateral"], RGV, 0).max() == 0
    np.testing.assert_allclose(
        flown["desk.expelled"][RGV, GTM], none["desk.expelled"][RGV, GTM], rtol=1e-6
    )
    assert stopped["desk.lateral"][RGV, GTM, FAMILY] == 0
    # and they are put down elsewhere
    on = flown["lateral → north_repeat"][:, 0, 0]
    assert on[RGV] < 1e-5 < on[SECTORS.index("el-paso")]


def test_southern_flights_move_expulsions_south():
    p = parameters(processing, southern_share=0.25)
    none = ask(p=p, **expel("GTM"))
    some = ask(p=p, us__southern_flights=[0.0, 1.0, 0.0], **expel("GTM"))
    moved = some["desk.south"][RGV, GTM]
    np.testing.assert_allclose(moved[FAMILY], 0.25 * none["desk.expelled"][RGV, GTM, FAMILY], 1e-5)
    assert moved[ADULT] == 0
    assert some["desk.south"][:, MEX].max() == 0
    both = some["desk.south"] + some["desk.expelled"]
    np.testing.assert_allclose(both, none["desk.expelled"], rtol=1e-5)


def test_flights_home_expel_those_whom_mexico_does_not_take():
    haiti = NATIONALITIES.index("HTI")
    some, none = ask(us__expulsion_flights=mask("HTI"), **expel()), ask(**expel())
    assert some["desk.flown"][RGV, haiti, ADULT] > 3 * none["desk.flown"][RGV, haiti, ADULT]
    np.testing.assert_array_equal(some["desk.flown"][:, CUB], none["desk.flown"][:, CUB])
    inland = ask(us__interior_repatriation=mask("MEX"), **expel())
    assert inland["desk.flown"][RGV, MEX, ADULT] > none["desk.flown"][RGV, MEX, ADULT]


def test_a_screening_is_passed_at_the_published_rates():
    p = parameters(processing, claims_fear=1.0, claims_fear_unasked=0.2, pass_significant=0.83,
               pass_reasonable=0.46, pass_probable=0.5)  # fmt: skip
    for standard, rate in ((0, 0.83), (0.5, 0.645), (1, 0.46), (2, 0.5 * 0.2)):
        assert float(passing(np.float32(standard), p)[0]) == pytest.approx(rate, abs=1e-6)


def test_a_stricter_standard_removes_more_of_those_barred():
    removed = []
    for standard in (0.0, 1.0, 2.0):
        out = ask(us__asylum__bar=ALL, us__screening__standard=standard)
        removed.append(out["custody_out.returned"][0, GTM, FAMILY])
    assert removed[0] < removed[1] < removed[2]
    assert ask()["custody_out.returned"][0, GTM, FAMILY] == 0  # no bar, no quick removal
    # nobody is flown to a country that takes no flights
    barred = ask(us__asylum__bar=ALL)
    assert barred["custody_out.returned"][0, VEN].max() == 0


def test_when_ices_beds_are_full_adults_are_released():
    full = {"ice_detained": np.full((1, 66, 1), 1000.0)}
    some = ask(us__ice__beds=40000.0), ask(full, us__ice__beds=40000.0)
    assert some[0]["custody_out.detained"][0, GTM, ADULT] > 0.1
    assert some[1]["custody_out.detained"].max() == 0
    assert (
        some[1]["custody_out.released"][0, GTM, ADULT]
        > some[0]["custody_out.released"][0, GTM, ADULT]
    )


def test_prosecution_detains_more_adults_and_no_family():
    out, usual = ask(us__prosecution=1.0), ask()
    assert out["custody_out.detained"][0, GTM, ADULT] > usual["custody_out.detained"][0, GTM, ADULT]
    assert out["custody_out.detained"][0, :, FAMILY].max() == 0


def test_crowding_releases_only_beyond_the_places():
    p = parameters(processing, holding_places=6600.0, crowd_release_per_day=0.4, custody_days=2.0)
    below = ask({"cbp_custody": np.full((1, 66, 1), 99.0)}, p=p)
    above = ask({"cbp_custody": np.full((1, 66, 1), 200.0)}, p=p)
    assert below["custody_out.crowded"].max() == 0
    excess = 1 - 6600 / 13201
    hazard = above["cbp_custody → custody_out"][0, GTM, FAMILY]
    assert hazard == pytest.approx(0.5 + 0.4 * excess, rel=1e-5)
    assert above["custody_out.crowded"][0, GTM, FAMILY] * hazard == pytest.approx(
        0.4 * excess, rel=1e-4
    )
    assert above["custody_out.crowded"][0, MEX].max() == 0


def test_no_more_go_to_third_countries_than_agreed():
    people = {"cbp_custody": np.full((1, 66, 1), 500.0)}
    out = ask(people, us__third_country_transfer=mask("HND", "SLV"), us__third_country__daily=8.0)
    leaving = 500.0 * out["cbp_custody → custody_out"] * out["custody_out.third_country"]
    assert leaving.sum() == pytest.approx(8.0, rel=0.01)
    assert ask(people, us__third_country__daily=8.0)["custody_out.third_country"].max() == 0


def test_families_are_separated_only_while_parents_are_prosecuted():
    child, adult = (
        "cbp_custody → cbp_children as unaccompanied_child",
        "cbp_custody → ice_detained as single_adult",
    )
    out = ask(us__family_separation=1.0)
    assert (out[child][0, :, FAMILY] > 0).all()
    assert (out[adult][0, :, FAMILY] > 0).all()
    assert out[child][0, :, ADULT].max() == 0
    assert ask()[child].max() == 0


def test_off_expels_removes_and_keeps_waiting_nobody():
    p = neutral(processing)
    people = {"field": np.full((9, 66, 1), 1e4), "cbp_custody": np.full((1, 66, 1), 1e4)}
    out = ask(
        people, p=p, us__asylum__bar=ALL, us__asylum__suspended=1.0, us__screening__fast=1.0,
        us__family_separation=1.0, us__mpp__enrolment=np.ones((22, 3, 9)),
        us__lateral_flights=1.0, us__southern_flights=1.0, **expel("GTM"),
    )  # fmt: skip
    for share in ("desk.expelled", "desk.flown", "desk.lateral", "desk.south", "desk.mpp",
                  "custody_out.returned", "custody_out.mexico", "custody_out.crowded"):  # fmt: skip
        assert out[share].max() < 1e-6, share
    np.testing.assert_allclose(out["field → desk"], 1 / float(p["field_days"][0]), rtol=1e-4)


def test_coaching_moves_claims_with_the_share_who_have_a_smuggler():
    p = parameters(processing, claims_coached=1.0, claims_fear=0.5, pass_significant=0.8,
               smuggler_share_base=0.5)  # fmt: skip
    more = passing(np.float32(0), p, np.float32([[0.5], [-0.5]]))
    want = 0.8 / (1 + np.exp(-np.array([[0.5], [-0.5]])))
    np.testing.assert_allclose(np.asarray(more), want, rtol=1e-5)
    # from the standard at which officers no longer ask, coaching is of no use
    assert np.ptp(np.asarray(passing(np.float32(2), p, np.float32([[0.5], [-0.5]])))) == 0

    def removed(coached, share):
        p = parameters(processing, claims_coached=coached, smuggler_share_base=0.5)
        shares = np.full((22, 1), 0.5)
        shares[GTM] = share
        rules = dotted(us__asylum__bar=ALL, origin__removal_flights=np.ones(22))
        given = processing.function(now({"smuggler_share": shares}, rules), p)
        return np.asarray(given["custody_out.returned"])[0, ::3, 0]

    coached, usual = removed(1.0, 0.9), removed(1.0, 0.5)
    assert coached[GTM] < usual[GTM]  # more claim and pass, so fewer are removed
    np.testing.assert_array_equal(np.delete(coached, GTM), np.delete(usual, GTM))
    np.testing.assert_array_equal(removed(0.0, 0.9), removed(0.0, 0.5))
