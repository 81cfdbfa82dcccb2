"""Forks: what goes on from a kept history is what the whole run would have been, bit for bit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from caudal.compute.chunks import parts
from caudal.compute.engines import Threads
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.fork import Course, History, differs
from caudal.compute.forks import Forks
from caudal.compute.past import Pasts
from caudal.compute.run import joined, simulate
from caudal.engine.forcing import Forcing
from caudal.engine.simulate import Chunk, Months
from run_worlds import corridor_with, made_up

pytestmark = pytest.mark.property

COUNTED, MONTHS = 20, 26
CHANGE = {"event-caravan-honduras-2018-10": "off"}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("draws")
    return corridor_with(folder, made_up(draws=4, months=COUNTED))


@pytest.fixture(scope="module")
def end(here: Any) -> date:
    return month_ends(here.begins, MONTHS)[-1]


@pytest.fixture(scope="module")
def played(here: Any, end: date) -> History:
    """Six members of four draws, to six months beyond the last count."""
    outside = forcing(here, here.law, end)
    posterior = made_up(draws=4, months=COUNTED)
    one = History(here, posterior, outside, np.arange(6), seed=3, stops=(470,))
    one.warm()
    one.play()
    return one


@dataclass(frozen=True)
class Datasets(Forks):
    """Histories and the forks of CHANGE as they are told."""

    def course(self, name: str) -> Course:
        law = self.corridor.law.overlaid(CHANGE)
        return Course(forcing(self.corridor, law, month_ends(self.corridor.begins, 10)[-1]))

    def told(self, past: History, course: Course | None, name: str | None) -> Any:
        months = past.play() if course is None else past.fork(course)
        return past.dataset(months, self.corridor.reports_from)


def same(one: Months, two: Months, members: int = 6, months: int | None = None) -> bool:
    pairs = [(one.people, two.people)]
    for which in ("tallies", "signals", "measures"):
        a, b = getattr(one, which), getattr(two, which)
        assert set(a) == set(b)
        pairs += [(a[k], b[k]) for k in a]
    return all(
        np.array_equal(a[:months, ..., :members], b[:months, ..., :members]) for a, b in pairs
    )


def whole(past: History, course: Course, first: Chunk | None = None) -> Months:
    """The same without a fork: from the first day on, as `History` would if it were the history."""
    other = object.__new__(History)
    other.__dict__.update(past.__dict__)
    other.forcing, other.parts = course.forcing, []
    other._past = Pasts([])  # nothing that another test has kept of the history that it is not
    other.chunk = first or past.chunk
    other.states = [past.engine.start(16, list(course.forcing.rules), other.chunk.p)]
    return other.play()


def test_the_history_is_the_run_of_its_scenario(here: Any, played: History, end: date):
    baseline = replace(here.scenario("baseline"), horizon=0)
    run = simulate(here, baseline, members=6, seed=3, end=end)
    assert same(joined(played.parts), run.months)
    assert [s.day for s in played.states[1:]] == sorted({*played.stops})
    assert 470 in played.stops


@pytest.mark.parametrize("months", [MONTHS, 18])
def test_a_fork_of_the_law_is_the_whole_run(here: Any, played: History, months: int):
    end = month_ends(here.begins, months)[-1]
    scenario = replace(here.scenario("baseline"), policies=CHANGE, horizon=0)
    run = simulate(here, scenario, members=6, seed=3, end=end)
    course = Course(forcing(here, here.law.overlaid(CHANGE), end))
    months_run = played.fork(course)
    assert same(months_run, run.months)
    assert len(months_run.people) == months
    assert not same(months_run, joined(played.parts), months=months)
    cut = played.fork(course, until=500)
    assert len(cut.people) == 17
    assert same(cut, run.months, months=17)


def test_what_does_not_differ_is_the_history(here: Any, played: History):
    assert same(played.fork(Course(played.forcing)), joined(played.parts))
    shorter = forcing(here, here.law, month_ends(here.begins, 10)[-1])
    assert len(played.fork(Course(shorter)).people) == 10


def harder(chunk: Chunk) -> Chunk:
    return chunk._replace(p={**chunk.p, "stop_rate_per_day": 2 * chunk.p["stop_rate_per_day"]})


@pytest.mark.parametrize("since", [0, 400, 470, 640])
def test_constants_turn_on_their_day(played: History, since: int):
    course = Course(played.forcing, harder, since)
    assert played.parting(course) == since
    forked = played.fork(course)
    if since == 0:
        assert same(forked, whole(played, course, harder(played.chunk)))
        return
    # by hand: one state that stops on the day, and goes on with other constants
    state, parts = played.states[0], []
    for until in sorted({*played.stops, since}):
        chunk = harder(played.chunk) if state.day >= since else played.chunk
        state, months = played._advance(state, chunk, played.forcing, until)
        parts.append(months)
    assert same(forked, joined(parts))
    month = next(i for i, (f, n) in enumerate(played.forcing.months) if f + n > since)
    assert same(forked, joined(played.parts), months=month)
    assert not same(forked, joined(played.parts))


def test_weather_parts_in_the_month_before_that_leans_toward_it(played: History):
    def calmer(chunk: Chunk) -> Chunk:
        path = chunk.weather["departure"].copy()
        path[15:] -= 1
        return chunk._replace(weather={**chunk.weather, "departure": path})

    course = Course(played.forcing, calmer)
    assert played.parting(course) == played.forcing.months[14][0]
    forked = played.fork(course)
    assert same(forked, whole(played, course, calmer(played.chunk)))
    assert same(forked, joined(played.parts), months=14)
    assert not same(forked, joined(played.parts), months=16)


def test_law_and_constants_may_part_on_different_days(here: Any, played: History):
    end = month_ends(here.begins, MONTHS)[-1]
    law = forcing(here, here.law.overlaid(CHANGE), end)
    both = played.fork(Course(law, harder, since=600))
    only = played.fork(Course(law))
    turned = next(i for i, (f, n) in enumerate(law.months) if f + n > 600)
    assert same(both, only, months=turned)
    assert not same(both, only)


def test_threads_change_nothing_and_members_keep_their_numbers(here: Any, end: date):
    posterior = made_up(draws=20, months=COUNTED)
    outside = forcing(here, here.law, month_ends(here.begins, 10)[-1])
    work = Datasets(here, posterior, outside, parts(np.arange(18)), {})
    found = work.all(Threads(2), [None, "without"])
    runs = found[None]
    assert [list(ds.member.values) for ds in runs] == [list(range(16)), [16, 17]]
    assert str(runs[0].month.values[0])[:7] == "2018-01"
    alone = History(here, posterior, outside, np.array([17]))
    np.testing.assert_array_equal(
        alone.dataset(alone.play()).encounters.isel(month=-1).values[0],
        runs[1].encounters.isel(month=-1).values[1],
    )

    (ours, _), (theirs, _) = found["without"], runs
    other = alone.dataset(alone.fork(work.course("without")), here.reports_from)
    np.testing.assert_array_equal(found["without"][1].encounters[1], other.encounters[0])
    assert ours.month.equals(theirs.month)


def test_the_first_day_that_differs():
    law = {"a": np.zeros((10, 2)), "b": np.ones(10)}
    one = Forcing(start=date(2018, 1, 1), days=10, law=law, on={"t": {"a": np.zeros((10, 2))}})
    assert differs(one, one) == 10
    later = np.zeros((10, 2))
    later[7:, 1] = 1
    assert differs(one, replace(one, law={**law, "a": later})) == 7
    both = replace(one, law={**law, "a": later}, on={"t": {"a": np.eye(10, 2)[::-1]}})
    assert differs(one, both) == 7
    assert differs(one, replace(one, law={"b": law["b"]})) == 0
