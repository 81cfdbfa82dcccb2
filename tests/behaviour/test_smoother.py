"""Learning on counts that the model itself made: the truth is known, so following it can be judged."""

from __future__ import annotations

import numpy as np
import pytest

from caudal.compute.forcing import forcing, month_ends
from caudal.compute.posterior import load
from caudal.corridor import corridor
from caudal.corridor.groups import unfold
from caudal.corridor.observed import Observed
from caudal.engine.simulate import Simulator
from caudal.learn.fit import spread
from caudal.learn.smoother import Settings, Smoother

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

MONTHS, FIRST = 20, 3
SMALL = Settings(members=16, chunk=16)


def run(chunk, outside):
    simulator = Simulator(corridor().model, months=1)
    state = simulator.start(len(chunk.numbers), list(outside.rules), chunk.p)
    return simulator.advance(state, chunk, outside, sum(outside.months[-1]), SMALL.seed)[1].tallies


def by_nation(tally):
    """(month, place, 66, member) → (month, 22, 3, member)."""
    return np.moveaxis(unfold(np.moveaxis(tally.sum(1), 1, -1)), 1, -1)


def counts_of(tallies) -> Observed:
    """What would have been counted of a run of one member."""
    t = {k: v[..., :1] for k, v in tallies.items()}
    land, ports = (by_nation(t[k])[..., 0] for k in ("encounters_land", "encounters_ports"))
    area = np.concatenate(
        [t[k].sum(2)[..., 0] for k in ("encounters_land", "encounters_ports")], axis=1
    )
    counted = {
        "land_nationality": land.sum(2),
        "port_nationality": ports.sum(2),
        "nationality_unit": land + ports,
        "unit": (land + ports).sum(1),
        "land_unit": land.sum(1),
        "area": area,
        "mexican_events": by_nation(t["mexican_events"])[..., 0].sum(2),
        "mexican_returns": t["mexican_returns"].sum((1, 2))[..., 0],
        "darien": by_nation(t["darien_crossings"])[..., 0].sum(2),
    }
    real = corridor().observed(corridor().begins, month_ends(corridor().begins, MONTHS)[-1])
    rest = {k: np.full(v.shape, np.nan) for k, v in real.arrays.items()}
    assert counted.keys() <= rest.keys()
    return Observed(corridor().begins, {**rest, **counted})


def test_the_smoother_follows_a_truth_that_it_did_not_see():
    here = corridor()
    outside = forcing(here, here.law, month_ends(here.begins, MONTHS)[-1])
    shipped, _ = load(here.posterior).completed(here.priors)
    truth = run(shipped.past(here, np.array([5])), outside)
    counts = counts_of(truth)
    smoother = Smoother(here, outside, SMALL)
    prior = run(smoother.chunk(smoother.members), outside)
    smoother.run(counts, FIRST, MONTHS, spread(here, counts, SMALL))
    learned = run(smoother.chunk(smoother.members), outside)

    def error(tallies, name):
        middle = np.median(by_nation(tallies[name]).sum(2), -1)[FIRST + 2 :]
        real = by_nation(truth[name]).sum(2)[..., 0][FIRST + 2 :]
        large = real.mean(0) > 300
        return np.median(np.abs(np.log((middle + 10) / (real + 10)))[:, large])

    # the truth's constants are another draw's, so weather has to make up for them, month by month
    assert error(prior, "encounters_land") > 0.5
    assert error(learned, "encounters_land") < 0.12
    assert error(learned, "mexican_events") < 0.5 * error(prior, "mexican_events")
    spread_left = np.std(np.log(by_nation(learned["encounters_land"]).sum((1, 2))[-3:]), axis=-1)
    assert (spread_left < 0.25).all()
