"""`issue`: each series from its own last count, what is told of a forecast, and what is refused."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caudal.corridor import Corridor
from caudal.errors import CaudalError
from caudal.forecast.correct import Correction
from caudal.forecast.corrections import read, shipped, write
from caudal.forecast.issue import issue
from caudal.forecast.issued import Forecast, choose
from caudal.forecast.score import LEVELS
from forecast_worlds import MONTHS, ORIGIN, early

pytestmark = pytest.mark.unit


def held(corridor: Corridor, persist: float, share: float) -> dict[str, Correction]:
    """The same correction for every predictand, without stretching."""
    return {p.name: Correction(persist, share, np.ones((3, 2))) for p in corridor.predictands()}


@pytest.fixture(scope="module")
def corridor(tmp_path_factory: pytest.TempPathFactory) -> Corridor:
    return early(tmp_path_factory.mktemp("draws"))


@pytest.fixture(scope="module")
def kept(corridor: Corridor) -> Forecast:
    """Forecast under which the last count persists whole: known beforehand."""
    return issue(
        corridor, months=3, members=5, seed=1, corrections=held(corridor, 1.0, 0.0),
        today=date(2020, 1, 25),
    )  # fmt: skip


def test_each_series_goes_on_from_its_own_last_count(kept: Forecast) -> None:
    rows = kept.rows()
    first = {r["target"]: r for r in reversed(rows)}
    assert (first["southwest"]["month"], first["southwest"]["horizon"]) == ("2020-01", 1)
    assert first["southwest"]["kind"] == "forecast"
    # Mexico's December is not out on the day, so it is nowcast
    mexican = first["mexican_events"]
    assert (mexican["month"], mexican["horizon"], mexican["kind"]) == ("2019-12", 0, "nowcast")
    assert mexican["last_month"] == "2019-11"
    assert {r["horizon"] for r in rows if r["target"] == "mexican_events"} == {0, 1, 2, 3}
    assert {"children_in_care", "darien"}.isdisjoint(first), "not yet counted then"
    assert kept.about["origin_date"] == "2019-12-31"


def test_with_the_last_count_held_it_is_the_median_of_every_month(kept: Forecast) -> None:
    for row in kept.rows():
        assert row["median"] == pytest.approx(row["last_count"], rel=0.02, abs=0.6), row
        assert row["lo90"] <= row["lo50"] <= row["median"] <= row["hi50"] <= row["hi90"]
    total = next(r for r in kept.rows() if r["target"] == "southwest")
    # CBP: 40,565 encounters at the southwest land border in December 2019
    assert total["last_count"] == 40565
    assert total["lo90"] < total["hi90"]


def test_quantiles_are_the_standard_ones_and_do_not_cross(kept: Forecast) -> None:
    table = kept.quantiles()
    assert list(table.columns) == ["target", "cell", "month", "horizon", "quantile", "value"]
    for _, task in table.groupby(["target", "cell", "month"]):
        assert np.array_equal(task["quantile"], LEVELS)
        assert (np.diff(task.value) >= 0).all()
        assert np.isfinite(task.value).all()
    rows = {(r["target"], r["cell"], r["month"]): r["median"] for r in kept.rows()}
    halves = table[table["quantile"] == 0.5]
    told = {(t.target, t.cell, t.month): t.value for t in halves.itertuples()}
    assert told.keys() == rows.keys()
    assert all(told[k] == pytest.approx(rows[k], abs=0.051) for k in told)


def test_parts_are_those_whose_counts_add_up(kept: Forecast) -> None:
    sums = kept.sums()
    assert {s["parts"] for s in sums} == {"nationality", "unit", "area", "component"}
    assert [s["horizon"] for s in sums if s["parts"] == "unit"] == [1, 2, 3]
    # each part's median is its last count, so sums lie near the total; they are of draws, not medians
    assert all(0.8 < s["sum"] / s["total"] < 1.5 for s in sums)


def test_only_some_cells(kept: Forecast) -> None:
    some = kept.only(
        choose(kept.predictands, ["nationality/HND", "unit/family", "nationality/GTM"])
    )
    assert {(r["target"], r["cell"]) for r in some.rows()} == {
        ("nationality", "HND"), ("nationality", "GTM"), ("unit", "family"),
    }  # fmt: skip
    whole = [r for r in kept.rows() if r["cell"] == "HND"]
    assert [r for r in some.rows() if r["cell"] == "HND"] == whole


@pytest.mark.slow
def test_uncorrected_the_middle_is_the_run_without_shocks(
    corridor: Corridor, kept: Forecast
) -> None:
    with pytest.warns(UserWarning, match="not corrected by past forecasts.*southwest"):
        bare = issue(corridor, months=3, members=5, seed=1)
    as_run = issue(corridor, months=3, members=5, seed=1, corrections=held(corridor, 0.0, 1.0))
    for name, draws in bare.draws.items():
        assert np.array_equal(draws, as_run.draws[name])
    assert bare.about["corrected"] == []
    assert bare.about["id"] != as_run.about["id"]
    assert not np.allclose(bare.draws["southwest"], kept.draws["southwest"])


@pytest.mark.slow
def test_months_that_are_counted_already_are_not_forecast(corridor: Corridor) -> None:
    later = replace(corridor, read_on=date(2020, 2, 25))
    with pytest.warns(UserWarning, match=r"counts newer than the learned draws.*up to 2019-12"):
        told = issue(later, months=3, members=2, corrections=held(corridor, 1.0, 0.0))
    rows = [r for r in told.rows() if r["target"] == "southwest"]
    assert [r["horizon"] for r in rows] == [2, 3]
    assert rows[0]["last_month"] == "2020-01"


@pytest.mark.slow
def test_a_scenario_may_change_only_what_is_to_come(corridor: Corridor, tmp_path: Path) -> None:
    def scenario(text: str) -> str:
        path = tmp_path / "mine.yaml"
        path.write_text(f"name: mine\ntitle: {{en: M, es: M}}\nextends: baseline\n{text}\n")
        return str(path)

    def run(name: str) -> Forecast:
        by = held(corridor, 0.5, 1.0)
        return issue(corridor, months=6, members=2, scenario=name, corrections=by)

    base, changed = run("baseline"), run(scenario("policies: {us-title-42: off}"))
    months = base.draws["southwest"].mean((0, 2)), changed.draws["southwest"].mean((0, 2))
    assert months[0][0] == months[1][0]
    assert months[0][-1] != months[1][-1]
    for text, told in (
        ("policies: {us-mpp: off}", "before 2020-01, and no count followed that"),
        ("parameters: {stop_rate_per_day: 0.01}", "it sets parameters"),
    ):
        with pytest.raises(CaudalError, match=told):
            run(scenario(text))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"months": 0}, "--months: 0; allowed: 1 to 24"),
        ({"months": 25}, "--months: 25; allowed: 1 to 24"),
        ({"members": 0}, "--members: 0; allowed: 1 to"),
        ({"seed": -1}, "--seed: -1; allowed: 0 to"),
        ({"scenario": "baselin"}, "unknown scenario 'baselin'"),
    ],
)
def test_what_cannot_be_is_refused(corridor: Corridor, asked: dict[str, Any], told: str) -> None:
    with pytest.raises(CaudalError) as refused:
        issue(corridor, **asked)
    assert told in str(refused.value)


def test_an_unknown_target_is_told_the_nearest() -> None:
    predictands = Corridor().predictands()
    with pytest.raises(CaudalError, match=r"unknown target 'darian'; allowed: 'darien' is"):
        choose(predictands, ["darian"])
    with pytest.raises(CaudalError, match="nationality has no cell 'VEM'; allowed: 'VEN' is"):
        choose(predictands, ["nationality/VEM"])
    assert list(choose(predictands, [])) == [p.name for p in predictands]


def test_corrections_come_back_from_their_file(corridor: Corridor, tmp_path: Path) -> None:
    path = tmp_path / "correction.json"
    write({"unit": Correction(0.25, 0.5, np.array([[1.0, 1.5]]))}, path, {"code": "x"})
    assert read(path)["unit"].persist == 0.25
    assert read(path)["unit"].stretch.tolist() == [[1.0, 1.5]]
    assert [p.name for p in tmp_path.iterdir()] == ["correction.json"]
    path.write_text('{"predictands": {"unit": {"persist": 1}}}')
    with pytest.raises(CaudalError, match="not readable as corrections"):
        read(path)
    assert shipped(corridor) == {}


def test_the_world_of_these_tests_is_what_it_says(corridor: Corridor) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        seen = corridor.observed(corridor.begins, date(2020, 6, 1))
    assert seen.last("unit") == ORIGIN == MONTHS - 1
