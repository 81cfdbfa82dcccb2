"""Compare: pairs of runs, jumps of the weather, what is told, what is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from caudal.ask.compare import compare
from caudal.ask.compare_jumps import Jump, fading, jumps, onsets, without
from caudal.ask.compare_told import COLUMNS, months, rows
from caudal.ask.compared import Measure, chosen, direction, errors
from caudal.cli import main
from caudal.compute.run import simulate
from caudal.corridor import corridor
from caudal.corridor.compared import by_published_rates, compared
from caudal.corridor.world import NATIONALITIES
from caudal.engine.forcing import Forcing
from caudal.engine.weather import Path, Process
from caudal.errors import CaudalError
from run_worlds import corridor_with, made_up

pytestmark = pytest.mark.unit

MEASURES = {f["id"]: Measure(**f) for f in compared()}
FEW = [MEASURES[name] for name in ("us.encounters.southwest", "people.waiting", "harm.deaths")]
SPAN = {"start": "2018-10", "end": "2019-02"}
OCTOBER = 15
"""October 2018, in months since July 2017."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("scenarios")


@pytest.fixture(scope="module")
def here(folder) -> Any:
    """Six draws, 20 months counted; in October 2018 Hondurans' departures jump."""
    made = made_up(draws=6, months=20)
    made.weather["departure"][OCTOBER:, NATIONALITIES.index("HND")] = 0.5
    return corridor_with(folder, made)


def scenario(folder, name: str, changes: str) -> str:
    path = folder / f"{name}.yaml"
    path.write_text(f"name: {name}\ntitle: {{en: T, es: T}}\nextends: baseline\n{changes}\n")
    return str(path)


@pytest.fixture(scope="module")
def without_caravan(folder) -> str:
    return scenario(folder, "no-caravan", "policies: {event-caravan-honduras-2018-10: off}")


@pytest.fixture(scope="module")
def made(here, without_caravan):
    return compare(here, FEW, "baseline", [without_caravan], members=9, independent=True, **SPAN)


# ---- the pairs ----------------------------------------------------------------------------------


def test_both_arms_are_the_runs_of_their_scenarios(here, made, without_caravan):
    ds = made.dataset.sel(weather="as-inferred")
    assert ds.sizes["member"] == 6  # nine members of six draws: three would come again
    for name, of in (("baseline", "base"), (without_caravan, "level")):
        alone = simulate(here, replace(here.scenario(name), horizon=0), members=6,
                         start=SPAN["start"], end=SPAN["end"]).dataset()  # fmt: skip
        counted = (
            alone["encounters"].astype(np.float64).sum(["area", "nationality", "unit", "month"])
        )
        told = ds[of].sel(outcome="us.encounters.southwest").values.ravel()
        np.testing.assert_allclose(told, counted, rtol=1e-6)
        days = np.array([31, 30, 31, 31])
        waiting = alone["waiting_north"].sum("sector").values @ days / days.sum()
        np.testing.assert_allclose(
            ds[of].sel(outcome="people.waiting").values.ravel(), waiting, rtol=1e-5
        )


def test_differences_are_scenario_less_base(made):
    ds = made.dataset
    np.testing.assert_array_equal(ds["difference"], ds["level"] - ds["base"])
    np.testing.assert_allclose(ds["relative"], ds["difference"] / ds["base"])
    people = ds.sel(outcome="us.encounters.southwest")
    np.testing.assert_allclose(
        people["difference_monthly"].sum("month"), people["difference"], rtol=1e-3, atol=0.5
    )
    assert str(made.asked.arms[1].parts) in ds["parts"].values
    assert "--from 2018-10 --to 2019-02 --members 6" in ds.attrs["recipe_command"]


def test_the_recipe_asks_for_a_document_at_hand_as_the_file_it_would_be(here, without_caravan):
    document = here.scenario(without_caravan)
    ds = compare(here, FEW, "baseline", [document], members=2, **SPAN).dataset
    assert ds.attrs["recipe_command"].startswith("caudal compare baseline no-caravan.yaml --from")
    assert "caudal.compare('baseline', 'no-caravan.yaml', " in ds.attrs["recipe_python"]


def test_what_published_rates_make_is_named():
    named = by_published_rates(corridor())
    assert {"harm.deaths", "harm.kidnapped.floor", "cost.public", "people.custody.family"} <= named
    assert not named & {"us.encounters.southwest", "people.waiting", "us.releases", "mx.claims"}
    assert named <= set(MEASURES)


def test_constants_that_a_scenario_fixes_hold_in_its_arm_alone(here, folder):
    fixed = scenario(folder, "stops", "parameters: {stop_rate_per_day: 0.2}")
    other = scenario(folder, "stops-more", "parameters: {stop_rate_per_day: 0.3}")
    made = compare(here, FEW, fixed, [other, "baseline"], members=2, **SPAN)
    for name, of in ((other, "level"), ("baseline", "level"), (fixed, "base")):
        alone = simulate(here, replace(here.scenario(name), horizon=0), members=2,
                         start=SPAN["start"], end=SPAN["end"]).dataset()  # fmt: skip
        told = made.dataset[of].sel(weather="as-inferred", outcome="harm.deaths")
        if of == "level":
            told = told.sel(scenario=here.scenario(name).name)
        np.testing.assert_allclose(told, alone["deaths"].sum(["danger", "month"]), rtol=1e-5)


def test_beyond_the_last_count_every_member_is_its_own(here, without_caravan):
    made = compare(here, FEW, "baseline", [without_caravan], members=8, start="2019-01",
                   end="2019-06", weather="as-inferred")  # fmt: skip
    base = made.dataset["base"].sel(outcome="us.encounters.southwest").values.ravel()
    assert len(np.unique(base)) == 8


def test_unpaired_runs_share_nothing(made):
    apart = made.dataset["independent"].sel(outcome="us.encounters.southwest").values.ravel()
    level = made.dataset["level"].sel(weather="as-inferred", outcome="us.encounters.southwest")
    assert not np.intersect1d(apart, level.values.ravel()).size


# ---- jumps --------------------------------------------------------------------------------------


def test_the_arm_without_the_policy_loses_the_jump(made):
    hnd = NATIONALITIES.index("HND")
    assert made.jumps["baseline"] == ()
    assert Jump("departure", (hnd,), OCTOBER, 0.5) in made.jumps["no-caravan"]
    ds = made.dataset
    inferred, calm = (ds.sel(weather=w) for w in ("as-inferred", "without-jumps"))
    np.testing.assert_array_equal(inferred["base"], calm["base"])
    people = {"outcome": "us.encounters.southwest"}
    assert (calm["level"].sel(people) < inferred["level"].sel(people)).all()


def test_a_jump_elsewhere_or_at_another_time_stays(here):
    hnd, mex = (NATIONALITIES.index(n) for n in ("HND", "MEX"))
    about = np.arange(len(NATIONALITIES)) == hnd
    found = {OCTOBER: {"nationality": about}}
    for cell, month, taken in ((hnd, OCTOBER, 1), (hnd, OCTOBER + 1, 1), (hnd, OCTOBER + 2, 0),
                               (hnd, 5, 0), (mex, OCTOBER, 0)):  # fmt: skip
        posterior = made_up(draws=6, months=20)
        posterior.weather["departure"][month:, cell] = 0.5
        assert jumps(here, posterior, found, 20) == [Jump("departure", (cell,), month, 0.5)] * taken
        assert jumps(here, posterior, found, month) == []  # after the comparison's end
    assert len(jumps(here, posterior, {OCTOBER: {}}, 20)) == 1  # steps that are about everybody


def test_an_onset_says_whom_it_is_about(here):
    levers = {"a": SimpleNamespace(dims=("nationality", "sector")), "b": SimpleNamespace(dims=())}
    law = np.zeros((90, 3, 2))
    law[40:, 1, 0] = 1
    was = Forcing(start=date(2018, 1, 1), days=90, law={"a": law, "b": law[:, 1, 0]})
    arm = replace(was, law={"a": 0 * law, "b": 0 * law[:, 1, 0]})
    (about,) = onsets(levers, was, arm).values()
    assert {k: v.tolist() for k, v in about.items()} == {
        "nationality": [False, True, False], "sector": [True, False],
    }  # fmt: skip


def steps(*values: float) -> Forcing:
    """Ninety days from January 2018; a lever changes on day 40."""
    law = np.array([values[0]] * 40 + [values[1]] * 50)
    return Forcing(start=date(2018, 1, 1), days=90, law={"a": law})


@pytest.mark.parametrize(
    ("arm", "found"),
    [((0, 1), []), ((0, 0), [1]), ((1, 1), [1]), ((0, 0.5), [1]), ((0, 2), []), ((1, 0), [1])],
)
def test_an_onset_is_a_step_that_the_arm_does_not_make(arm, found):
    assert list(onsets({}, steps(0, 1), steps(*arm))) == found
    assert list(onsets({}, steps(0, 0), steps(*arm))) == []  # the arm's own steps are none


def test_what_is_left_of_a_jump_fades_as_the_process_does():
    process = Process(sd=1.0, revert=0.1, learn=0.2)
    with_it = Path(np.zeros(3), np.zeros(3)).step(process, 1.0, np.array([1.0, -2.0, 0.5]))
    left = fading(np.array([1.0, -2.0, 0.5]), 5, process.revert, process.learn)
    for month in range(5):
        np.testing.assert_allclose(left[month], with_it.level, rtol=1e-6)
        with_it = with_it.step(process, 1.0, np.zeros(3))


def test_taking_a_jump_out_leaves_all_other_changes():
    path = np.random.default_rng(3).standard_normal((8, 2, 4)).astype(np.float32)
    chunk = SimpleNamespace(weather={"w": path})
    chunk._replace = lambda weather: weather
    calm = SimpleNamespace(processes={"w": Process(sd=1.0, revert=0.0)})
    out: Any = without(calm, [Jump("w", (1,), 3, 0.0)])(chunk)  # type: ignore[arg-type]
    np.testing.assert_array_equal(out["w"][:, 0], path[:, 0])
    change, was = np.diff(out["w"][:, 1], axis=0), np.diff(path[:, 1], axis=0)
    np.testing.assert_allclose(change[2], 0, atol=1e-6)
    np.testing.assert_allclose(np.delete(change, 2, 0), np.delete(was, 2, 0), atol=1e-5)


# ---- what is told -------------------------------------------------------------------------------


def test_rows_hold_intervals_direction_and_errors(made):
    told = rows(made.dataset)
    assert all(tuple(row) == COLUMNS for row in told)
    assert len(told) == 2 * len(FEW)
    first = told[0]
    draws = made.dataset["difference"].values[0, 0, 0]
    assert first["lo90"] == pytest.approx(np.quantile(draws, 0.05))
    assert first["se_paired"] == pytest.approx(draws.std(ddof=1) / np.sqrt(6))
    assert first["se_independent_run"] > 0
    assert np.isnan(told[len(FEW)]["se_independent_run"])
    by_month = months(made.dataset, "no-caravan", "as-inferred", "harm.deaths")
    assert [r["month"] for r in by_month] == ["2018-10", "2018-11", "2018-12", "2019-01"]


def test_standard_errors_of_pairs_and_of_strangers():
    rng = np.random.default_rng(0)
    base = rng.standard_normal(4000)
    paired, apart = errors(base, base + 0.1 * rng.standard_normal(4000), 4000)
    assert paired == pytest.approx(0.1 / np.sqrt(4000), rel=0.1)
    assert apart == pytest.approx(np.sqrt(2.01 / 4000), rel=0.1)


def test_differences_too_small_to_count_have_no_direction():
    base = np.full(4, 1e6)
    assert direction(np.array([1.0, 2.0, -3.0, 4.0]), base)[0] == "none"
    assert direction(np.array([-500.0, -700.0, 0.0, 900.0]), base) == ("fewer", 0.5)


def test_months_are_taken_together_by_the_written_rule():
    values, days = np.array([[1.0, 4.0]]), np.array([30.0, 10.0])
    of = {over: Measure("x", "x", "x", over, "", "", "v") for over in ("sum", "mean", "days")}
    assert of["sum"].period(values, days) == 5
    assert of["mean"].period(values, days) == pytest.approx(70 / 40)
    assert of["days"].period(values, days) == 70
    assert of["mean"].period(np.array([[1.0, np.nan]]), days) == 1


def test_every_outcome_of_a_run_is_there_once_and_can_be_read(here):
    ds = simulate(here, replace(here.scenario("baseline"), horizon=0), members=1).dataset()
    assert len(MEASURES) == len(compared())
    read = {m.variable for m in MEASURES.values()}
    assert set(ds.data_vars) - read == {"mode_share"}
    for measure in MEASURES.values():
        assert measure.monthly(ds).shape == (1, ds.sizes["month"]), measure.id
        assert measure.over in ("sum", "mean", "days")
        assert measure.es
        assert measure.unit_es
    groups = [m.group for m in MEASURES.values()]
    assert groups[0] == "enforcement"
    assert "" not in groups[: groups.index("")]


# ---- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"scenarios": []}, "at least one scenario"),
        ({"scenarios": ["baseline"]}, "'baseline' twice"),
        ({"scenarios": ["no-huricanes"]}, "no-hurricanes"),
        ({"scenarios": ["no-hurricanes"]}, "is as 'baseline' before 2019-02"),
        ({"members": 1}, "--members"),
        ({"weather": "calm"}, "without-jumps"),
        ({"sampler": "exact"}, "--sampler"),
        ({"start": "2017-10"}, "from 2018-01"),
        ({"end": "2031-01"}, "--to"),
        ({"start": "2019-05"}, "not after start"),
    ],
)
def test_a_fault_is_told_before_anything_runs(here, without_caravan, change, told):
    given = {"scenarios": [without_caravan], "members": 2, **SPAN, **change}
    with pytest.raises(CaudalError) as caught:
        compare(here, FEW, "baseline", given.pop("scenarios"), **given)
    assert told in str(caught.value)


def test_contradicting_overlays_name_their_file(here, folder):
    torn = scenario(
        folder, "torn", "policies: {us-title-42: {started: 2023-01-01, ended: 2022-01-01}}"
    )
    with pytest.raises(CaudalError, match=r"torn\.yaml"):
        compare(here, FEW, "baseline", [torn], members=2, **SPAN)


def test_an_unknown_outcome_is_told_the_nearest():
    with pytest.raises(CaudalError, match=r"us\.expulsions"):
        chosen(MEASURES.values(), ["us.expulsion"])
    assert [m.id for m in chosen(MEASURES.values(), ["harm.deaths"])] == ["harm.deaths"]


# ---- the faces ----------------------------------------------------------------------------------


@pytest.fixture
def shipped(here, monkeypatch):
    monkeypatch.setattr("caudal.corridor.corridor", lambda: here)


COMMAND = ["--from", "2018-10", "--to", "2018-12", "--members", "2"]


def test_the_command_prints_a_table_and_writes_whole_files(
    shipped, without_caravan, tmp_path, capsys
):
    words = ["compare", "baseline", without_caravan, *COMMAND]
    assert main([*words, "--out", str(tmp_path / "kept"), "--html", str(tmp_path / "p.html")]) == 0
    told = capsys.readouterr().out
    for part in (
        "Encounters at the",
        "paired",
        "Taken out of the weather",
        "no difference",
    ):
        assert part in told
    assert not re.search(r"\b(best|better|worst|worse|winner)\b", told)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["kept", "p.html"]
    kept = {p.name for p in (tmp_path / "kept").rglob("*")}
    assert {"results.nc", "summary.csv", "months.csv", "report.html"} <= kept
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert "Qué habrían cambiado" in page
    assert "What other decisions" in page
    assert "<script" not in page
    assert not re.search(r"(src|href)=\"?https?:", page)
    for name in ("a.nc", "a.csv"):
        only = ["--outcome", "harm.deaths", "--out", str(tmp_path / name)]
        assert main([*words, *only]) == 0
        assert (tmp_path / name).stat().st_size


@pytest.mark.parametrize(
    "more",
    [["--outcome", "harm.death"], ["--out", "x.txt"], ["--html", "x.nc"], ["--out", "/nowhere/x.nc"],
     ["--weather", "none"]],
)  # fmt: skip
def test_bad_words_leave_nothing_behind(
    shipped, without_caravan, tmp_path, monkeypatch, more, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("caudal.compute.run.simulator", lambda *_: pytest.fail("it ran"))
    if "/nowhere/x.nc" in more:
        (tmp_path / "file").write_text("")
        more = ["--out", str(tmp_path / "file" / "x.nc")]
    assert main(["compare", "baseline", without_caravan, *COMMAND, *more]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] in ([], ["file"])


# ---- the ready scenarios ------------------------------------------------------------------------

TWELVE = (
    "title-42-ends-2022-05", "title-42-stays-a-year", "remain-in-mexico-never-ended",
    "remain-in-mexico-never", "no-hurricanes", "mexico-calm-2024", "no-tariff-threat-2019",
    "neutral-announcements-2021", "usable-beds-13200-march-2021", "no-panama-bussing",
    "safe-pathways-package", "enforcement-only-package", "root-cause-aid-doubled",
    "governments-respond",
)  # fmt: skip


def ready() -> list[str]:
    from caudal.corridor import HERE

    return sorted(p.stem for p in (HERE / "scenarios").glob("*.yaml"))


def test_the_ready_scenarios_are_there():
    assert set(TWELVE) <= set(ready())


@pytest.mark.gate
@pytest.mark.slow
def test_every_ready_scenario_can_be_compared():
    """Each moves something; what a scenario cannot reach stays still (docs/compare.md)."""
    names = [name for name in ready() if name != "baseline"]
    made = compare(corridor(), list(MEASURES.values()), "baseline", names, members=2,
                   start="2018-01", end="2026-02", weather="as-inferred")  # fmt: skip
    ds = made.dataset
    assert list(ds.scenario.values) == names
    few = ds.sel(outcome=[m.id for m in FEW])
    assert np.isfinite(few["difference"]).all()
    moved = (np.abs(ds["difference_monthly"]) > 0).any(["weather", "member", "month"])
    assert moved.any("outcome").all()
    # of the corridor's main outcomes all scenarios move some, but for the beds: no mechanism leads
    # from children in custody or care to who comes, waits or dies
    still = ~moved.sel(outcome=few.outcome).any("outcome")
    assert ds.scenario.values[still.values].tolist() == ["usable-beds-13200-march-2021"]


@pytest.mark.slow
def test_usable_beds_shorten_the_queue_in_custody_and_reach_nobody_on_the_way():
    reached = ("us.children.cbp_custody", "us.children.hhs_care", "cost.public")
    asked = [*FEW, *(MEASURES[name] for name in reached)]
    ds = compare(corridor(), asked, "baseline", ["usable-beds-13200-march-2021"], members=4,
                 start="2021-02", end="2021-04", weather="as-inferred").dataset  # fmt: skip
    by_month = ds["difference_monthly"].isel(scenario=0, weather=0)
    assert (by_month.sel(outcome=[m.id for m in FEW]) == 0).all()
    march = by_month.sel(outcome=list(reached), month="2021-03-01")
    assert (march.sel(outcome="us.children.cbp_custody") < 0).all()
    assert (march.sel(outcome="us.children.hhs_care") > 0).all()
    assert (by_month.sel(outcome=list(reached), month="2021-02-01") == 0).all()
