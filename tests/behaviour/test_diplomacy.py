"""What the bargain between governments must show: one claim a test, in its words."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from caudal.compute.forcing import forcing
from caudal.engine.simulate import Chunk

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

BARGAIN = {
    "us.pressure_on_mexico", "us.tariff_threat", "us.quiet_requests", "us.offers_to_mexico",
    "us.campaign", "us.harsher_government_expected", "mx.effort_commitment", "mx.guard_north",
    "mx.operations_suspended", "mx.demands", "mx.campaign",
}  # fmt: skip


def act(lever, start, end, value=1):
    """A document that sets one lever between two days."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    made = {"known_on": first, "unverified": True, "note": "made for a test"}
    entry = {"from": first, "until": last, "value": value, **made}
    return {
        "name": {"en": "An act", "es": "Un acto"},
        "actor": "united-states/president",
        "kind": "pressure",
        "instrument": "made for a test",
        "design": {lever: [entry]},
    }


def acts(world, *made, keep=False):
    """An overlay: these acts, and (unless kept) no other that moves the bargain."""
    old = {
        d.id: "off" for d in world.corridor.law.documents if not keep and set(d.design) & BARGAIN
    }
    return {**old, **{f"test-act-{i}": a for i, a in enumerate(made)}}


def test_the_tariff_threat_of_2019_raises_effort_which_decays_after(world):
    threat = world.play("2019-03", "2021-01")
    none = world.play(
        "2019-03", "2021-01",
        {"us-pressure-2019-tariff-threat": "off", "us-mx-declaration-2019": "off"},
    )  # fmt: skip
    months = ["2019-04", "2019-05", "2019-06", "2019-08", "2019-12", "2020-06", "2020-12"]
    more = np.array([threat.signal("mx_effort", m) - none.signal("mx_effort", m) for m in months])
    assert (more[0] == 0).all()  # nobody knew
    assert (more[2] > more[1]).all()
    peak = more[3]  # the review period ends on 5 September 2019
    assert (peak > more[1]).all()
    # down to where the commitment of June 2019, in force to November 2020, holds both
    assert (np.diff(more[3:], axis=0) < 1e-3).all()
    assert (more[-1] < 0.6 * peak).all()
    events = [p.tally("mexican_events", "2019-07", "2019-09") for p in (threat, none)]
    assert (events[0] > events[1]).all()


def test_effort_halves_in_the_time_that_the_drift_gives_it(world):
    """A threat of 25 % for three months of 2018; what it added to effort halves in drift × ln 2."""
    p = {k: np.abs(world.p[k]) for k in ("effort_per_tariff",)}
    made = act("us.tariff_threat", "2018-03-01", "2018-06-01", 25)
    threat = world.play("2018-02", "2019-03", acts(world, made), p=p)
    none = world.play("2018-02", "2019-03", acts(world), p=p)
    at = {m: threat.signal("mx_resolve", m) - none.signal("mx_resolve", m)
          for m in ("2018-05", "2018-06", "2018-12")}  # fmt: skip
    assert (at["2018-05"] > 0.1).all()
    days = (date(2018, 12, 31) - date(2018, 6, 30)).days
    half_life = days * np.log(2) / np.log(at["2018-06"] / at["2018-12"])
    np.testing.assert_allclose(half_life, np.log(2) * world.p["effort_drift_days"], rtol=0.05)
    assert (half_life > 30).all()
    assert (half_life < 730).all()


def test_the_same_pressure_moves_effort_alike_under_either_government(world):
    """Effort drifts fast here, so that what earlier acts left behind is gone."""
    p = {"effort_drift_days": np.full_like(world.p["effort_drift_days"], 20.0)}
    reached = []
    for year in (2018, 2022):  # a president of each party, the same act for nine months
        made = act("us.pressure_on_mexico", f"{year}-03-01", f"{year}-12-01", 1)
        run = world.play(f"{year}-02", f"{year}-12", acts(world, made), p=p)
        reached.append(run.signal("mx_resolve", f"{year}-11"))
    np.testing.assert_allclose(*reached, rtol=0.03)
    assert (reached[0] > 1).all()


def test_pressure_reaches_encounters_through_effort_alone(world):
    made = (act("us.pressure_on_mexico", "2018-03-01", "2018-09-01", 2),
            act("us.tariff_threat", "2018-03-01", "2018-09-01", 25),
            act("us.quiet_requests", "2018-03-01", "2018-09-01", 1))  # fmt: skip
    moved = ("effort_per_pressure", "effort_per_tariff", "effort_per_quiet")

    def runs(p):
        return [world.play("2018-02", "2018-11", acts(world, *a), p=p) for a in (made, ())]

    def north(run):
        return run.tally("encounters_land", "2018-05", "2018-09", nationality="HND")

    deaf = runs({k: 0 * world.p[k] for k in (*moved, "gt_effort_spill")})
    np.testing.assert_array_equal(north(deaf[0]), north(deaf[1]))
    heard = runs({k: 0.3 + np.abs(world.p[k]) for k in moved})
    assert (north(heard[0]) < north(heard[1])).all()


def test_quiet_requests_and_offers_raise_effort_and_demands_lower_it(world):
    p = {k: 0.05 + np.abs(world.p[k]) for k in ("effort_per_offer", "effort_per_quiet")}
    span = ("2023-02-01", "2023-08-01")
    pressed = act("us.pressure_on_mexico", *span)
    base, quiet, offer, demand = (
        world.play("2023-01", "2023-08", acts(world, pressed, *more), p=p).signal(
            "mx_resolve", "2023-07"
        )
        for more in (
            (),
            (act("us.quiet_requests", *span),),
            (act("us.offers_to_mexico", *span),),
            (act("mx.demands", *span),),
        )
    )
    assert (quiet > base).all()
    assert (offer > base).all()
    assert (demand < base).all()


@pytest.mark.parametrize(
    ("lever", "worth"),
    [("mx.campaign", "effort_election_mx"), ("us.campaign", "effort_election_us"),
     ("us.harsher_government_expected", "effort_anticipation")],
)  # fmt: skip
def test_a_clock_moves_effort_only_as_far_as_its_worth(world, lever, worth):
    made = act(lever, "2023-07-01", "2024-06-02", 1)

    def more(value):
        p = {
            worth: np.full_like(world.p[worth], value),
            "effort_drift_days": 20 + 0 * world.p[worth],
        }
        runs = [world.play("2023-06", "2024-06", acts(world, *a), p=p) for a in ((made,), ())]
        return runs[0].signal("mx_resolve", "2024-05") - runs[1].signal("mx_resolve", "2024-05")

    assert (more(0.0) == 0).all()
    np.testing.assert_allclose(more(0.3), 0.3, rtol=0.05)


def test_returns_without_notice_lower_coordination_until_notice_is_given_again(world):
    """Returns at thinly staffed crossings, February to June 2021."""
    run = world.play("2021-01", "2022-01")
    told = world.play("2021-01", "2022-01", {"us-returns-unannounced-2021": "off"})
    during, after = "2021-05", "2021-12"
    assert (run.signal("coordination", during) < told.signal("coordination", during)).all()
    assert (run.signal("coordination", after) > run.signal("coordination", during)).all()


def test_commitments_of_the_south_raise_the_effort_of_the_south_alone(world):
    made = act("gt.effort_commitment", "2018-03-01", "2018-12-01", 1)
    p = {"gt_effort_per_commitment": 0.05 + np.abs(world.p["gt_effort_per_commitment"])}
    run, none = (world.play("2018-02", "2018-12", acts(world, *a), p=p) for a in ((made,), ()))
    assert (run.signal("gt_effort", "2018-11") > none.signal("gt_effort", "2018-11")).all()
    np.testing.assert_array_equal(
        run.signal("mx_resolve", "2018-11"), none.signal("mx_resolve", "2018-11")
    )


def test_the_scenario_in_which_governments_respond_parts_from_history_on_its_day(world):
    """It begins on 1 January 2026: nothing differs before; dated pressure no longer acts after."""
    law = world.corridor.law.overlaid(dict(world.corridor.scenario("governments-respond").policies))
    end = date(2026, 7, 1)
    members, seed, signals = len(world.p["effort_rise_days"]), 20180101, []
    for played in (world.corridor.law, law):
        given = forcing(world.corridor, played, end)
        sky = {
            name: np.zeros((len(given.months), *value.shape[1:]), np.float32)
            for name, value in world.weather().items()
        }
        chunk = Chunk(np.arange(members), world.p, sky)
        start = world.simulator.start(members, list(given.rules), world.p)
        _, months = world.simulator.advance(start, chunk, given, given.days, seed)
        signals.append(months.signals)
    new_year = world.number("2026-01")
    for name in ("mx_effort", "salience", "us_demand"):
        written, free = (s[name] for s in signals)
        np.testing.assert_array_equal(written[:new_year], free[:new_year], err_msg=name)
        assert np.isfinite(free).all()
    effort = [s["mx_resolve"][new_year:] for s in signals]
    assert (effort[0][-1] != effort[1][-1]).all()
