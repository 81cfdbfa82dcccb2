"""The list of turns on which forecasts are tested: what it says, and what it refuses."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest

from caudal.corridor import corridor
from caudal.corridor.stress import STRESS_FILE, load
from caudal.errors import CaudalError

pytestmark = pytest.mark.unit

ENOUGH_DAYS = 25


def test_months_follow_the_rule_at_the_head_of_the_file():
    for event in corridor().stress():
        month = event.date.replace(day=1)
        last = month - timedelta(days=1)
        assert event.before == ((last.replace(day=1) - timedelta(days=1)).replace(day=1),
                                last.replace(day=1)), event.id  # fmt: skip
        in_force = monthrange(month.year, month.month)[1] - event.date.day + 1
        following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
        assert event.after[0] == (month if in_force >= ENOUGH_DAYS else following), event.id
        assert len(event.after) == 2


def test_the_six_turns_are_scored_and_two_rebounds_timed():
    events = corridor().stress()
    began = [(e.date.year, e.date.month) for e in events if e.scored]
    assert began == [(2022, 10), (2023, 1), (2023, 5), (2024, 1), (2024, 6), (2025, 1)]
    assert [e.rebound for e in events if e.rebound] == [date(2022, 9, 1), date(2023, 12, 1)]
    assert all(e.published.en and e.published.es and e.published.url for e in events)


def test_no_cell_is_both_hit_and_spared_and_all_but_leaves_out_whom_it_names():
    for event in corridor().stress():
        for group in event.spared:
            if group.predictand == event.hit.predictand:
                assert not set(group.cells) & set(event.hit.cells)
    mexico = next(e for e in corridor().stress() if e.id == "mexico-2024-01")
    assert len(mexico.hit.cells) == 21
    assert "MEX" not in mexico.hit.cells


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("documents: [mx-visa-venezuela]", "documents: [mx-visa-venezuella]", "nearest"),
        ("documents: [mx-visa-venezuela]", "documents: [us-zero-tolerance]", "says nothing from"),
        ("before: [2021-11, 2021-12]", "before: [2021-10, 2021-12]", "follow one another"),
        ("before: [2021-11, 2021-12]", "before: [2021-10, 2021-11]", "2021-12 as the last"),
        ("before: [2021-11, 2021-12]", "before: [2021-13, 2021-12]", "YYYY-MM"),
        ("after: [2022-02, 2022-03]", "after: [2021-12, 2022-01]", "2022-01 or later"),
        ("hit: {nationality: [VEN]}", "hit: {nation: [VEN]}", "unknown predictand 'nation'"),
        ("hit: {nationality: [VEN]}", "hit: {nationality: [VNZ]}", "unknown cell 'VNZ'"),
        ("rebound: 2022-09", "rebound: 2022-01", "after 2022-01"),
        ("id: venezuela-2022-10", "id: visa-2022-01", "twice"),
        ("scored: false", "scoredd: false", "nearest name"),
    ],
)
def test_a_fault_is_told_with_file_line_and_what_is_allowed(tmp_path, old, new, said):
    text = STRESS_FILE.read_text()
    assert old in text
    path = tmp_path / "stress.yaml"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(CaudalError) as problem:
        load(corridor().law, path)
    assert "stress.yaml:" in str(problem.value)
    assert said in str(problem.value)
