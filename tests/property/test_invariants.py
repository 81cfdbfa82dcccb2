"""What must hold of every run, whatever the numbers: the same bits where nothing differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caudal.compute.chunks import CHUNK
from caudal.compute.files import read_arrays
from caudal.compute.forcing import forcing
from caudal.compute.run import Result, joined, months_between, simulate, simulator
from caudal.compute.store import state_arrays, state_from, write_arrays
from caudal.corridor import Corridor
from caudal.engine.simulate import Forcing, Months
from caudal.policy.scenario import Scenario
from run_worlds import corridor_with, first_day, made_up

pytestmark = pytest.mark.property

END = date(2025, 6, 1)


@pytest.fixture(scope="module")
def corridor(tmp_path_factory: pytest.TempPathFactory) -> Corridor:
    return corridor_with(tmp_path_factory.mktemp("draws"))


def under(corridor: Corridor, policies: dict[str, Any]) -> Scenario:
    """The baseline with changed policies."""
    base = corridor.scenario("baseline")
    return replace(base, policies={**base.policies, **policies})


def run(corridor: Corridor, policies: dict[str, Any] | None = None, **more: Any) -> Result:
    settings: dict[str, Any] = {"members": 4, "end": END, "workers": 1} | more
    return simulate(corridor, under(corridor, policies or {}), **settings)


def same(one: Months, two: Months, months: int | None = None) -> bool:
    """Whether two runs agree bit for bit in (the first months of) everything they report."""
    parts = [(one.people, two.people)]
    for which in ("tallies", "signals"):
        a, b = getattr(one, which), getattr(two, which)
        assert set(a) == set(b)
        parts += [(a[k], b[k]) for k in a]
    return all(np.array_equal(a[:months], b[:months]) for a, b in parts)


@pytest.fixture(scope="module")
def baseline(corridor: Corridor) -> Result:
    return run(corridor)


def test_an_empty_overlay_changes_no_bit(corridor: Corridor, baseline: Result) -> None:
    law = corridor.law.overlaid({})
    plain, empty = (forcing(corridor, x, END) for x in (corridor.law, law))
    assert forcings_equal(plain, empty)
    assert same(baseline.months, run(corridor, {}).months)


def forcings_equal(one: Forcing, two: Forcing) -> bool:
    def flat(f: Forcing) -> dict[str, np.ndarray]:
        on = {f"{t}/{k}": v for t, levers in f.on.items() for k, v in levers.items()}
        told = {f"announced/{k}": v for k, v in f.announced.items()}
        return {**f.law, **told, **on, **f.rules, **f.driver}

    a, b = flat(one), flat(two)
    return set(a) == set(b) and all(np.array_equal(a[k], b[k]) for k in a)


CHANGES: dict[str, dict[str, Any]] = {
    "us-title-42": {"us-title-42": {"ended": date(2022, 5, 23), "known_on": date(2022, 4, 1)}},
    "us-mpp": {"us-mpp": "off"},
    "us-chnv-parole": {"us-chnv-parole": "off"},
    "mx-effort-2024": {"mx-effort-2024": "off"},
    "us-proclamation-10888": {"us-proclamation-10888": {"shift_days": 45}},
}
KNOWN = {"us-title-42": date(2022, 4, 1)}


@pytest.mark.parametrize("policy", CHANGES)
def test_nothing_moves_before_a_change_is_in_force_or_known(
    policy: str, corridor: Corridor, baseline: Result
) -> None:
    changed = run(corridor, CHANGES[policy])
    day = KNOWN.get(policy) or first_day(corridor.law, policy)
    before = months_between(corridor.begins, day)
    assert before > 6
    assert same(baseline.months, changed.months, before)
    assert not same(baseline.months, changed.months)


DISJOINT = (
    {"us-mpp": "off"},
    {"mx-effort-2024": "off"},
    {"pa-darien-closure-2024": {"shift_days": 60}},
)


def test_disjoint_overlays_commute(corridor: Corridor) -> None:
    a, b, c = DISJOINT
    one = corridor.law.overlaid(a).overlaid(b).overlaid(c)
    two = corridor.law.overlaid(c).overlaid(b).overlaid(a)
    assert forcings_equal(forcing(corridor, one, END), forcing(corridor, two, END))
    assert not forcings_equal(forcing(corridor, one, END), forcing(corridor, corridor.law, END))
    forward, back = {**a, **b, **c}, {**c, **b, **a}
    assert same(run(corridor, forward).months, run(corridor, back).months)


@pytest.mark.parametrize("sampler", ["expected", "sampled"])
def test_one_and_two_workers_agree_bit_for_bit(corridor: Corridor, sampler: str) -> None:
    """Two chunks, the last one short, on one thread and on two."""
    end = date(2018, 1 + 6 * (sampler == "expected") + 1, 1)
    members = CHUNK + 3
    runs = [
        run(corridor, members=members, end=end, sampler=sampler, workers=workers)
        for workers in (1, 2)
    ]
    assert same(runs[0].months, runs[1].months)


@pytest.mark.parametrize("sampler", ["expected", "sampled"])
def test_a_member_is_the_same_in_any_company(corridor: Corridor, sampler: str) -> None:
    few = run(corridor, members=2, end=date(2018, 3, 1), sampler=sampler)
    many = run(corridor, members=CHUNK + 2, end=date(2018, 3, 1), sampler=sampler)
    for name, value in few.months.tallies.items():
        assert np.array_equal(value, many.months.tallies[name][..., :2]), name


def test_the_past_does_not_depend_on_the_users_seed(tmp_path: Path) -> None:
    corridor = corridor_with(tmp_path, made_up(months=12))
    one, two = (run(corridor, seed=s, end=date(2019, 1, 1)) for s in (1, 2))
    assert same(one.months, two.months, 12)
    assert not same(one.months, two.months, 13)
    assert one.id != two.id


def test_members_beyond_the_draws_share_their_past_and_not_their_future(tmp_path: Path) -> None:
    corridor = corridor_with(tmp_path, made_up(draws=2, months=12))
    months = run(corridor, members=4, end=date(2019, 1, 1)).months
    seen = months.tallies["encounters_land"].sum((1, 2))
    assert np.array_equal(seen[:12, 0], seen[:12, 2])
    assert not np.array_equal(seen[:12, 0], seen[:12, 1])
    assert seen[12, 0] != seen[12, 2]


def test_results_do_not_depend_on_the_horizon(corridor: Corridor, baseline: Result) -> None:
    short = run(corridor, end=date(2019, 3, 1))
    assert same(short.months, baseline.months, len(short.months.people))


@pytest.mark.parametrize("sampler", ["expected", "sampled"])
def test_a_run_saved_on_day_900_goes_on_bit_for_bit(
    sampler: Any, corridor: Corridor, tmp_path: Path
) -> None:
    """Day 900 lies inside a month; the sampled run goes three months beyond, the other a year."""
    engine = simulator(corridor.model)
    outside = forcing(corridor, corridor.law, date(2021, 1, 1))
    posterior = made_up()
    chunk = posterior.past(corridor, np.arange(CHUNK) % posterior.draws)
    last = 900 + (365 if sampler == "expected" else 90)

    def start() -> Any:
        # the sampled run takes over what an expected one has filled: whole people, and no history
        state = engine.start(CHUNK, list(outside.rules), chunk.p)
        if sampler == "expected":
            return state
        state, _ = engine.advance(state, chunk, outside, 860, 3)
        whole = np.round(np.asarray(state.carry.people))
        return replace(state, carry=state.carry._replace(people=whole))

    whole_state, whole = engine.advance(start(), chunk, outside, last, 3, sampler)
    state, before = engine.advance(start(), chunk, outside, 900, 3, sampler)
    write_arrays(tmp_path / "state.npz", state_arrays(state))
    found = state_from(read_arrays(tmp_path / "state.npz"))
    state, after = engine.advance(found, chunk, outside, last, 3, sampler)
    assert same(whole, joined([before, after]))
    assert np.array_equal(state.ended, whole_state.ended)
    for part in ("people", "signals", "noise", "triggers", "rates", "month"):
        one, two = getattr(whole_state.carry, part), getattr(state.carry, part)
        if not isinstance(one, dict):
            one, two = {"": one}, {"": two}
        assert set(one) == set(two)
        assert all(np.array_equal(one[k], two[k]) for k in one), part
