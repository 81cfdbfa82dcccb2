"""Blocks: what was not counted moves nothing, and each count is compared with its like."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from caudal.compute.forcing import forcing
from caudal.corridor import corridor
from caudal.corridor.errors import ERRORS
from caudal.corridor.groups import N_GROUPS
from caudal.corridor.informs import blocks
from caudal.corridor.observed import SERIES_OF, Observed
from caudal.corridor.world import NATIONALITIES, UNITS
from caudal.learn.smoother import Settings, Smoother

pytestmark = pytest.mark.unit
MEMBERS = 5
SIZES = {
    "encounters_land": (9, N_GROUPS), "encounters_ports": (4, N_GROUPS), "expulsions": (9, N_GROUPS),
    "mpp_returns": (9, N_GROUPS), "mexican_events": (1, N_GROUPS), "mexican_returns": (1, N_GROUPS),
    "darien_crossings": (1, N_GROUPS), "honduras_entries": (1, N_GROUPS), "unseen": (9, 1),
    "children_in_care": (1, 1),
}  # fmt: skip


@pytest.fixture(scope="module")
def tallies() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {k: rng.uniform(5, 500, (*size, MEMBERS)) for k, size in SIZES.items()}


@pytest.fixture(scope="module")
def counted() -> Observed:
    return corridor().observed(date(2017, 7, 1), date(2025, 6, 1))


def told(tallies: dict[str, np.ndarray], member: int) -> dict[str, np.ndarray]:
    """Counts as they would be published of one member's month."""
    one = {k: v[..., member] for k, v in tallies.items()}

    def group(name: str) -> np.ndarray:
        return one[name].sum(0).reshape(len(NATIONALITIES), len(UNITS))

    land, ports = group("encounters_land"), group("encounters_ports")
    stopped = group("mexican_events").sum(1)
    return {
        "land_nationality": land.sum(1), "port_nationality": ports.sum(1),
        "nationality_unit": land + ports, "unit": (land + ports).sum(0), "land_unit": land.sum(0),
        "area": np.concatenate([one[f"encounters_{w}"].sum(1) for w in ("land", "ports")]),
        "land_expelled_unit": group("expulsions").sum(0), "mexican_events": stopped,
        "mexican_returns": one["mexican_returns"].sum(), "darien": group("darien_crossings").sum(1),
        "honduras": group("honduras_entries").sum(1), "gotaways": one["unseen"].sum(),
        "mpp": one["mpp_returns"].sum(), "in_care": one["children_in_care"].sum(),
    }  # fmt: skip


def test_a_run_agrees_with_its_own_counts(tallies):
    for block in blocks():
        run = block.predict(tallies)
        for member in range(MEMBERS):
            seen, error = block.observe(told(tallies, member))
            assert run.shape == (*seen.shape, MEMBERS), block.name
            there = ~np.isnan(seen)
            assert np.allclose(run[..., member][there], seen[there]), block.name
            assert (error > 0).all()
            assert np.isfinite(error).all()


def test_what_is_missing_is_missing_and_has_an_error_all_the_same(tallies):
    nothing = {k: np.full_like(np.asarray(v), np.nan) for k, v in told(tallies, 0).items()}
    for block in blocks():
        seen, error = block.observe(nothing)
        assert np.isnan(seen).all(), block.name
        assert np.isfinite(error).all(), block.name


def test_every_block_reads_arrays_that_exist_and_weather_that_exists(counted):
    here = corridor()
    shapes = {w.name: here.model.shape(w.dims) for m in here.model.mechanisms for w in m.weather}
    for block in blocks():
        for month in (3, 27, 33, 61, 90):
            seen, _ = block.observe({k: v[month] for k, v in counted.arrays.items()})
            for name, values in block.weather.items():
                assert len(seen) * values == int(np.prod(shapes[name])), (block.name, name)
            for name, values in block.shared.items():
                assert values == int(np.prod(shapes[name])), (block.name, name)
    assert {e.of or n for n, e in ERRORS.items()} <= set(SERIES_OF)
    assert set(counted.arrays) == set(SERIES_OF)


def test_errors_grow_as_counts_get_small(tallies):
    plenty = {k: v * 1000 for k, v in told(tallies, 0).items()}
    few = {k: v / 20 for k, v in told(tallies, 0).items()}
    for block in blocks():
        (seen, small), (_, large) = block.observe(few), block.observe(plenty)
        there = ~np.isnan(seen)
        assert (small[there] > large[there]).all(), block.name


def _learned(counts: Observed, members: int = 4) -> dict[str, np.ndarray]:
    """Innovations of October 2017 when its counts are taken in."""
    here = corridor()
    first = 3
    outside = forcing(here, here.law, date(2017, 12, 1))
    smoother = Smoother(here, outside, Settings(members=members, chunk=members))
    sizes = {k: np.full(smoother.dims[k], 0.2) for k, p in here.processes.items() if p.adaptive}
    smoother.run(counts, first, first + 1, lambda month: sizes)
    return smoother.innovations[first]


def test_a_total_says_nothing_beside_its_parts(tallies):
    by_name = {b.name: b for b in blocks()}
    counts = told(tallies, 0)
    parts = {"ports": "port_nationality", "units": "nationality_unit"}
    for name, part in parts.items():
        assert np.isnan(by_name[name].observe(counts)[0]).all()
        alone = {**counts, part: np.full_like(counts[part], np.nan)}
        assert np.isfinite(by_name[name].observe(alone)[0]).all()


@pytest.mark.slow
def test_a_series_that_is_missing_adds_nothing(counted):
    cut = counted.until(5)

    def without(*names: str) -> Observed:
        return Observed(
            cut.start,
            {k: np.full_like(v, np.nan) if k in names else v for k, v in cut.arrays.items()},
        )

    none = _learned(without(*(n for n in cut.arrays if n != "gotaways")))
    whole, partly = _learned(cut), _learned(without("darien", "honduras", "in_care"))
    # in October 2017 none of them was counted: to say so in so many words changes no bit
    for name, values in whole.items():
        assert np.array_equal(values, partly[name]), name
    # and what was counted does move what it speaks of, and nothing else
    deaf = _learned(without("mexican_returns"))
    assert not np.allclose(whole["return_share"], deaf["return_share"])
    assert np.array_equal(deaf["return_share"], none["return_share"])
    for name, values in whole.items():
        assert name == "return_share" or np.array_equal(values, deaf[name]), name
    # who was stopped, by nationality, speaks of each one's stops and of the effort that all share
    deaf = _learned(without("mexican_events", "mexican_returns"))
    for name in ("stop", "effort"):
        assert not np.allclose(whole[name], deaf[name]), name
