"""Frontiers: nothing is dominated and all limits are kept; levers: nothing else changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caudal.ask.frontier import Judged, frontier
from caudal.ask.search import document_of, overlay
from caudal.ask.search_levers import Turn, load, turns
from caudal.corridor import HERE, Corridor
from caudal.policy.scenario import load_scenario
from caudal.policy.vocabulary import mask

pytestmark = pytest.mark.property

PATH = HERE / "search.yaml"
START, END = date(2017, 7, 1), date(2025, 6, 1)
small = st.integers(-3, 3).map(float)


@given(st.lists(st.tuples(small, small, small, small), max_size=40))
def test_no_point_is_dominated_and_all_limits_are_kept(rows):
    seen = {(i,): Judged(row[:2], row[2:]) for i, row in enumerate(rows)}
    front = frontier(seen)

    def dominates(a, b) -> bool:
        one, two = seen[a].aims, seen[b].aims
        return all(x <= y for x, y in zip(one, two, strict=True)) and one != two

    assert len(set(front)) == len(front)
    for point in front:
        assert max(seen[point].breaches) <= 1e-9
        assert not any(dominates(other, point) for other in front)
    for point, judged in seen.items():
        if max(judged.breaches) <= 0 and point not in front:
            assert any(dominates(other, point) for other in front)
    assert front == sorted(front, key=lambda p: (*seen[p].aims, *p))


@pytest.fixture(scope="module")
def here() -> Corridor:
    return Corridor()


@pytest.fixture(scope="module")
def every(here: Corridor) -> dict[str, Turn]:
    known, _ = load(PATH, here.law)
    return {turn.name: turn for turn in turns(list(known), PATH, here.law)}


def tables(law: Any) -> list[tuple[dict[str, np.ndarray], dict[str, Any]]]:
    """Levers by day, in force and announced, triggers off and on."""
    out = []
    for made in (law.compile(START, END), law.compile_announced(START, END, 30)):
        on = {
            t: {k: v[made.segment] for k, v in tabs.items()} for t, tabs in made.triggered.items()
        }
        out.append(({k: v[made.segment] for k, v in made.table.items()}, on))
    return out


@pytest.fixture(scope="module")
def before(here: Corridor) -> Any:
    return tables(here.law)


@pytest.mark.slow
@pytest.mark.parametrize("day", [date(2019, 7, 1), date(2024, 1, 1)])
def test_a_turned_lever_has_its_value_from_the_day_on_and_nothing_else_moves(
    here: Corridor, every: dict[str, Turn], before: Any, day: date
):
    n = (day - START).days
    for turn in every.values():
        index = 1 if day.year == 2019 else len(turn.values)
        value = np.float32(turn.value(index))
        after = tables(here.law.overlaid(turn.overlay(here.law, day, index)))
        cells = mask(here.law.levers[turn.lever].dims, dict(turn.who), here.law.vocabulary)
        for (old, _), (new, on) in zip(before, after, strict=True):
            for lever, values in old.items():
                if lever != turn.lever:
                    assert np.array_equal(values, new[lever]), (turn.name, lever)
            mine = new[turn.lever]
            assert np.array_equal(mine[:n], old[turn.lever][:n]), turn.name
            assert (mine[n:][:, cells] == value).all(), turn.name
            assert np.array_equal(mine[:, ~cells], old[turn.lever][:, ~cells]), turn.name
            for tabs in on.values():
                if turn.lever in tabs:
                    assert (tabs[turn.lever][n:][:, cells] == value).all(), turn.name


def test_a_document_gives_the_law_that_was_searched(
    here: Corridor, every: dict[str, Turn], tmp_path: Path
):
    base = here.scenario("safe-pathways-package")
    law = base.law(here.law)
    levers = [every[n] for n in ("appointments", "parole-places", "asylum-bar", "venezuela-visa")]
    day, point = date(2024, 3, 1), (3, 2, 1, 2)
    made = document_of(base, law, levers, day, point, 7)
    file = tmp_path / f"{made.name}.yaml"
    text = made.as_yaml()
    file.write_text(text, encoding="utf-8")
    assert "&id" not in text
    read = load_scenario(str(file), [tmp_path])
    again = read.law(here.law)
    assert again.fingerprint() == law.overlaid(overlay(levers, law, day, point)).fingerprint()
    assert again.fingerprint() != law.fingerprint()
    assert made.title.en.startswith("Frontier point 7: Appointments at the ports: 1000;")


def test_all_left_alone_is_the_law(here: Corridor, every: dict[str, Turn]):
    levers = list(every.values())
    assert overlay(levers, here.law, date(2022, 1, 1), (0,) * len(levers)) == {}
