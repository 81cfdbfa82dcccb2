"""Blocks: what was not counted moves nothing, and each count is compared with its like."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from caudal.corridor import corridor
from caudal.corridor.errors import ERRORS
from caudal.corridor.groups import N_GROUPS
from caudal.corridor.informs import SILENT_OF, blocks
from caudal.corridor.observed import SERIES_OF, Observed
from caudal.corridor.world import NATIONALITIES, UNITS
from caudal.learn.update import Sky, update

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
    assert set(SILENT_OF) <= {m.name for m in here.model.mechanisms}
    assert {e.of or n for n, e in ERRORS.items()} <= set(SERIES_OF)
    assert set(counted.arrays) == set(SERIES_OF)


def test_errors_grow_as_counts_get_small(tallies):
    plenty = {k: v * 1000 for k, v in told(tallies, 0).items()}
    few = {k: v / 20 for k, v in told(tallies, 0).items()}
    for block in blocks():
        (seen, small), (_, large) = block.observe(few), block.observe(plenty)
        there = ~np.isnan(seen)
        assert (small[there] > large[there]).all(), block.name


def _learned(counts: list[dict[str, np.ndarray]], runs: list[dict[str, np.ndarray]]):
    """Innovations of two months before and after every block has seen the months' counts."""
    rng = np.random.default_rng(1)
    here = corridor()
    shapes = {w.name: here.model.shape(w.dims) for m in here.model.mechanisms for w in m.weather}

    def drawn(size: float) -> dict[int, dict[str, np.ndarray]]:
        return {
            month: {k: size * rng.standard_normal((*s, MEMBERS)) for k, s in shapes.items()}
            for month in (0, 1)
        }

    given, nudges = drawn(0.2), drawn(0.1)
    ones = {m: {k: np.full_like(v, 0.2) for k, v in given[m].items()} for m in given}
    sky = Sky({m: {k: v.copy() for k, v in given[m].items()} for m in given}, given, nudges, ones)
    nudged = [{k: v * rng.uniform(0.9, 1.1, v.shape) for k, v in run.items()} for run in runs]
    for block in blocks():
        shape = block.observe(counts[0])[0].shape
        noise = 0.1 * rng.standard_normal((shape[0], 2, shape[1], MEMBERS))
        update(block, counts, noise, runs, nudged, sky)
    return given, sky.moved


def test_a_total_says_nothing_beside_its_parts(tallies):
    by_name = {b.name: b for b in blocks()}
    counts = told(tallies, 0)
    parts = {"ports": "port_nationality", "units": "nationality_unit"}
    for name, part in parts.items():
        assert np.isnan(by_name[name].observe(counts)[0]).all()
        alone = {**counts, part: np.full_like(counts[part], np.nan)}
        assert np.isfinite(by_name[name].observe(alone)[0]).all()


def test_what_was_not_counted_moves_nothing(tallies):
    counts = told(tallies, 0)
    nothing = {k: np.full_like(np.asarray(v), np.nan) for k, v in counts.items()}
    before, after = _learned([nothing, nothing], [tallies, tallies])
    for month, here in before.items():
        assert all(np.array_equal(v, after[month][k]) for k, v in here.items())
    # and what was counted moves its weather, and no other
    returns = {**nothing, **{k: counts[k] for k in ("mexican_returns", "mexican_events")}}
    _, after = _learned([returns, nothing], [tallies, tallies])
    moved = {k for k, v in before[0].items() if not np.array_equal(v, after[0][k])}
    own = {"departure", "unit", "stop", "route", "port"}
    assert moved == own | {"return_share", "effort", "exceptions"}


@pytest.mark.parametrize(
    ("array", "tally"),
    [("darien", "darien_crossings"), ("honduras", "honduras_entries"), ("gotaways", "unseen"),
     ("in_care", "children_in_care"), ("mpp", "mpp_returns")],
)  # fmt: skip
def test_a_month_that_is_missing_tells_nothing_of_the_run(tallies, array, tally):
    # whatever a run says of a month that was not counted, the same is learned
    counts = told(tallies, 0)
    missing = {**counts, array: np.full_like(np.asarray(counts[array]), np.nan)}
    other = {**tallies, tally: 3.0 * tallies[tally]}
    for counted, same in ((missing, True), (counts, False)):
        learned = [_learned([counts, counted], [tallies, run])[1] for run in (tallies, other)]
        equal = all(
            np.array_equal(v, learned[1][m][k]) for m in (0, 1) for k, v in learned[0][m].items()
        )
        assert equal == same, array
