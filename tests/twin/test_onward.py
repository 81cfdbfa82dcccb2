"""Draws run through the history once and continued, against every member run through all of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caudal.compute.forcing import forcing, month_ends
from caudal.compute.posterior import load
from caudal.compute.run import simulate
from caudal.forecast.onward import _calm, onward
from run_worlds import corridor_with, made_up

pytestmark = pytest.mark.twin


@pytest.mark.slow
def test_continued_is_run_through_bit_for_bit(tmp_path: Path) -> None:
    corridor = corridor_with(tmp_path, made_up(draws=18, months=8))
    end = month_ends(corridor.begins, 11)[-1]
    whole = simulate(corridor, members=37, seed=3, end=end).months
    posterior, _ = load(corridor.posterior).completed(corridor.priors)
    outside = forcing(corridor, corridor.law, end)
    steps: list[tuple[int, int]] = []
    runs = onward(
        corridor, posterior, outside, 37, 3, progress=lambda done, of: steps.append((done, of))
    )
    assert sorted(steps)[-1] == (len(steps), len(steps))
    for p in corridor.predictands():
        by_month = [{k: v[i] for k, v in whole.tallies.items()} for i in range(11)]
        all_ = np.stack([p.predict(t) for t in by_month])
        assert np.array_equal(runs.past[p.name], all_[:8, :, :18]), p.name
        assert np.array_equal(runs.ahead[p.name], all_[8:]), p.name
        assert runs.still[p.name].shape == all_[8:].shape[:2]
    # members of one draw share its past and part ways after it
    later = runs.ahead["southwest"][-1, 0]
    assert not np.array_equal(later[:18], later[18:36])


def test_without_shocks_weather_only_returns_to_its_mean() -> None:
    posterior = made_up(draws=2, months=8)
    for values in posterior.weather.values():
        values[-1] = 0.3
    from caudal.corridor import Corridor

    corridor = Corridor()
    calm, still = _calm(corridor, posterior)
    made = still.future(calm, np.arange(2), 12, 0).weather
    for name, process in corridor.processes.items():
        level, mean = 0.3, 0.0
        for month in range(9, 12):
            level += process.revert * (mean - level)
            mean += process.learn * (level - mean)
            assert made[name][month] == pytest.approx(np.full_like(made[name][month], level)), name
