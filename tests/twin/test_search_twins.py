"""What sensitivity and search read of their batches is what whole runs of the same give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caudal.ask.outcomes import Outcome
from caudal.ask.search import Question, search
from caudal.ask.search_levers import turns
from caudal.ask.search_told import about, documents, frame, records
from caudal.ask.sensitivity import _moved, _places, _read
from caudal.ask.sensitivity_asked import plan
from caudal.compute.chunks import CHUNK
from caudal.compute.fork import History
from caudal.compute.run import simulate
from caudal.corridor import HERE
from run_worlds import corridor_with, made_up

pytestmark = [pytest.mark.twin, pytest.mark.slow]

START, END = "2018-06", "2018-08"
ENCOUNTERS = Outcome("e", "e", "e", "encounters", {"of": "encounters", "reduce": "sum"})
CLAIMS = Outcome("c", "c", "c", "people", {"of": "mexican_claims", "reduce": "sum"})


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return corridor_with(tmp_path_factory.mktemp("draws"), made_up(draws=4, months=20))


def test_a_row_is_the_run_of_its_constants(here: Any):
    names = ["stop_rate_per_day", "response_own"]
    asked = plan(here, [ENCOUNTERS], start=START, end=END, constants=names, samples=2)
    points = asked.design.points
    assert points.shape == (6, 2)
    past = History(here, asked.posterior, asked.forcing, np.full(CHUNK, 0))
    values = _read(past, points, asked)
    moved = _moved(here.priors, _places("morris", points), asked)
    assert moved["response_own"].shape == (22, 6)
    for row in (0, 3):
        fixed = {name: value[..., row] for name, value in moved.items()}
        one = History(here, asked.posterior, asked.forcing, np.array([0]), fixed=fixed)
        np.testing.assert_array_equal(_read(one, None, asked)[:, 0], values[:, row])
    assert len(set(values[0])) > 2


def test_a_point_is_the_run_of_its_document(here: Any, tmp_path: Path):
    levers = turns(
        ["us.barrier_building=0:1:1", "darien-closed=0:1:1"], HERE / "search.yaml", here.law
    )
    asked = Question(tuple(levers), ((ENCOUNTERS, "minimise"), (CLAIMS, "maximise")), ())
    found = search(here, asked, start=START, end=END, members=3, population=4, generations=3)
    assert found.whole
    assert found.tried == 9
    last = next(p for p in reversed(found.points) if any(p))
    number = found.points.index(last)
    file = tmp_path / "one.yaml"
    file.write_text(documents(found)[f"frontier-{number + 1:02d}.yaml"], encoding="utf-8")
    run = simulate(here, str(file), members=3, start=START, end=END)
    again = np.stack([o.of(run.dataset(), found.period) for o in asked.outcomes])
    np.testing.assert_array_equal(again, found.values[last])
    base = simulate(here, "baseline", members=3, start=START, end=END)
    np.testing.assert_array_equal(ENCOUNTERS.of(base.dataset(), found.period), found.baseline[0])
    assert not np.array_equal(again, found.baseline)

    table = frame(found)
    assert len(table) == 2 * (1 + len(found.points))
    assert (table[table["point"] == 0]["change"] == 0).all()
    medians = table[(table["outcome"] == "e") & (table["point"] > 0)]["median"]
    assert medians.is_monotonic_increasing
    told = records(found)
    assert set(told[0]) == {"point", "levers", "scenario", "outcomes"}
    assert told[0]["scenario"] == "baseline"
    assert about(found)["notes"][0] == "All 9 candidates were tried."
