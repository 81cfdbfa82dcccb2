"""Effects, searches and backtests on processes and on Ray: the bits that threads give."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest

from caudal.ask.effects import run as effects
from caudal.ask.effects_asked import Effect, Quantity
from caudal.ask.outcomes import Outcome
from caudal.ask.search import Question, search
from caudal.ask.search_levers import turns
from caudal.compute.engines import Processes, Threads
from caudal.compute.posterior import load
from caudal.corridor import HERE, Corridor
from caudal.forecast.stages import Origins, finished, prior_positions
from caudal.learn.smoother import Settings
from run_worlds import corridor_with, made_up

pytestmark = [pytest.mark.twin, pytest.mark.slow, pytest.mark.gate]

FEW = Settings(members=16, chunk=16)
ENCOUNTERS = Outcome("e", "e", "e", "encounters", {"of": "encounters", "reduce": "sum"})
CLAIMS = Outcome("c", "c", "c", "people", {"of": "mexican_claims", "reduce": "sum"})


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return corridor_with(tmp_path_factory.mktemp("draws"), made_up(draws=18, months=20))


@pytest.fixture(scope="module")
def in_threads(here: Any) -> dict[str, np.ndarray]:
    return answers(here, Threads(2))


@pytest.fixture(params=["processes", "ray"])
def elsewhere(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "processes":
        yield Processes(2)
        return
    ray = pytest.importorskip("ray")
    from caudal.compute.engines.cluster import Ray

    try:
        yield Ray(2)
    finally:
        ray.shutdown()


def answers(here: Any, engine: Any) -> dict[str, np.ndarray]:
    """A small question of each kind."""
    span = (date(2018, 10, 16), date(2019, 2, 1))
    quantities = {"encounters": Quantity(of="encounters", reduce="sum", unit="n", en="E", es="E")}
    asked = [
        Effect(name, "question", "", "", span, "fewer", ("encounters",), (), {name: "off"}, {})
        for name in ("us-message-2018-caravans", "us-troops-2018")
    ]
    found = effects(here, load(here.posterior), asked, quantities, members=18, workers=engine)
    levers = turns(["us.barrier_building=0:1:1"], HERE / "search.yaml", here.law)
    wanted = Question(tuple(levers), ((ENCOUNTERS, "minimise"), (CLAIMS, "maximise")), ())
    front = search(here, wanted, start="2018-06", end="2018-08", members=18, workers=engine)
    corridor = Corridor()
    origins = Origins(20, 20, prior_positions(corridor, 20, FEW))
    (passed,) = finished(corridor, [origins], FEW, engine, None, None, "one origin")
    return {
        **{f"effect {key}": np.stack([r.was, r.without]) for key, r in found.items()},
        **{f"candidate {point}": values for point, values in front.values.items()},
        **{f"pass {name}": values for name, values in passed.items()},
    }


def test_every_question_has_the_same_answer_elsewhere(
    here: Any, in_threads: dict[str, np.ndarray], elsewhere: Any
):
    other = answers(here, elsewhere)
    assert other.keys() == in_threads.keys()
    for name, values in in_threads.items():
        np.testing.assert_array_equal(other[name], values, err_msg=name)
    assert any(len(set(v.ravel().tolist())) > 2 for v in in_threads.values())
