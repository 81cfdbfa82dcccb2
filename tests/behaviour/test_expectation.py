"""What expectation must show: belief outruns the law, is corrected, and brings people forward."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.corridor.groups import unfold
from caudal.corridor.world import NATIONALITIES, UNITS

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

QUIET = {"us-message-2021-welcome": "off", "us-citizenship-act-2021": "off"}
"""January 2021 without words: nobody says that entry will be easier, nothing is proposed."""


def land(played, *months, **only):
    return played.tally("encounters_land", *months, **only)


def seen(played, signal, month, nationality, unit):
    """A signal of one group at a month's end, by member."""
    value = unfold(np.moveaxis(played.signal(signal, month), 0, -1))
    return value[:, NATIONALITIES.index(nationality), UNITS.index(unit)]


def positive(world, *names):
    """The strengths named, folded to the side of the claim."""
    return {name: np.abs(world.p[name]) for name in names}


def test_a_rule_announced_for_a_coming_day_brings_people_forward(world):
    """Title 42 told on 20 April 2020 for 20 May: a rush before, fewer leave after."""
    late = {"us-title-42": {"started": "2020-05-20", "known_on": "2020-04-20"}}
    told = world.play("2020-02", "2020-08", late)
    deaf = world.play("2020-02", "2020-08", late, p={"rush_response": 0 * world.p["rush_response"]})
    assert (told.signal("rush", "2020-03").max(0) == 0).all()
    assert (told.signal("rush", "2020-04").max(0) > 0).all()
    pair = [land(p, "2020-04") for p in (told, deaf)]
    assert (pair[0] > pair[1]).all()
    never = world.play("2020-02", "2020-08", {"us-title-42": {"started": "2021-05-20"}})
    left = [p.tally("departures", "2020-06") for p in (told, never)]
    assert (left[0] < left[1]).all()


def test_a_government_that_sounds_open_raises_departures_though_the_law_is_the_same(world):
    """If words count at all (strengths folded), they count before any rule has changed."""
    p = positive(world, "welcome_talk", "proposal_talk")
    loud = world.play("2021-01", "2022-01", p=p)
    quiet = world.play("2021-01", "2022-01", QUIET, p=p)
    for month in ("2021-01", "2021-02"):
        np.testing.assert_allclose(
            loud.signal("strictness", month), quiet.signal("strictness", month), atol=1e-6
        )
    pair = [
        seen(x, "belief", "2021-02", "HND", "single_adult")
        - seen(x, "experience", "2021-02", "HND", "single_adult")
        for x in (loud, quiet)
    ]
    assert (pair[0] > pair[1]).all()  # belief outruns what befalls those who go
    for nationality in ("GTM", "HND"):
        pair = [x.tally("departures", "2021-02", nationality=nationality) for x in (loud, quiet)]
        assert (pair[0] > pair[1]).all(), nationality


def test_words_without_deeds_wear_off(world):
    p = positive(world, "welcome_talk", "proposal_talk")
    loud = world.play("2021-01", "2022-01", p=p)
    quiet = world.play("2021-01", "2022-01", QUIET, p=p)

    def gap(month):
        pair = [seen(x, "belief", month, "HND", "single_adult") for x in (loud, quiet)]
        return pair[0] - pair[1]

    assert (gap("2021-02") > 0).all()
    assert (np.abs(gap("2021-12")) < 0.5 * gap("2021-02")).all()


def test_what_befell_those_who_went_corrects_what_the_rules_promise(world):
    """Title 42 turned back fewer families than its text: those who heed experience learn so."""
    heeds = world.play("2020-06", "2021-12", p={"experience_weight": 0 * world.p["heed"] + 0.6})
    reads = world.play("2020-06", "2021-12", p={"experience_weight": 0 * world.p["heed"]})
    pair = [seen(x, "belief", "2021-11", "HND", "family") for x in (heeds, reads)]
    assert (pair[0] > pair[1]).all()
    pair = [
        x.tally("departures", "2021-11", nationality="HND", unit="family") for x in (heeds, reads)
    ]
    assert (pair[0] > pair[1]).all()


def test_smugglers_shorten_the_way_from_a_softer_rule_to_departures(world):
    """Title 42 ends in May 2022; with smugglers' briefing and boasting more leave at once.

    Playing down the old rule is left out of both: it raised departures before the end.
    """
    ends = dict(world.corridor.scenario("title-42-ends-2022-05").policies)
    plain = {"playing_down": 0 * world.p["playing_down"]}
    silent = plain | {k: 0 * world.p[k] for k in ("boast", "brief_speed")}

    def rise(p):
        softer, same = (world.play("2022-02", "2022-11", x, p=p) for x in (ends, {}))
        return [
            softer.tally("departures", m, nationality="HND")
            / same.tally("departures", m, nationality="HND")
            for m in ("2022-06", "2022-07")
        ]

    told, heard = rise(plain), rise(silent)
    for first, second in zip(told, heard, strict=True):
        assert (first > second).all()
        assert (second > 1).all()


def test_an_end_that_is_announced_is_believed_before_its_day(world):
    """The end of Title 42 announced for 23 May 2022 and blocked on the 20th."""
    hopes = world.play("2022-03", "2022-09")
    waits = world.play("2022-03", "2022-09", p={"promise_weight": 0 * world.p["promise_weight"]})
    pair = [seen(p, "belief", "2022-04", "HND", "single_adult") for p in (hopes, waits)]
    assert (pair[0] > pair[1]).all()
    pair = [seen(p, "belief", "2022-08", "HND", "single_adult") for p in (hopes, waits)]
    np.testing.assert_allclose(*pair, atol=0.02)
