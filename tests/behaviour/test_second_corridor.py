"""The example corridor goes through the same commands: learned, run, forecast and compared."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest

import caudal
from caudal.cli import main
from caudal.compute.posterior import load, save
from strait import Strait, corridor
from strait.counts import Observed

pytestmark = [pytest.mark.behaviour, pytest.mark.slow]

STRAIT = "examples/strait"


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch, pytestconfig):
    monkeypatch.chdir(pytestconfig.rootpath)


def told(capsys, *words: str) -> dict:
    assert main(["--corridor", STRAIT, *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_run_writes_a_report_of_the_strait_alone(tmp_path, capsys):
    out = tmp_path / "run"
    made = told(capsys, "run", "--members", "4", "--from", "2023-06", "--out", str(out))
    assert made["run"]["command"].startswith("caudal --corridor examples/strait run baseline")
    assert made["outcomes"][0]["id"] == "vara.crossings"
    page = (out / "report.html").read_text("utf-8")
    data = page.split('id="caudal-data">')[1].split("</script>")[0]
    said = json.loads(data)
    assert said["title"]["es"].startswith("El estrecho de Vara")
    assert {s["series"] for s in said["sources"]} == {
        "vara.arrivals", "vara.crossings", "vara.list", "vara.returns",
    }  # fmt: skip
    assert all(isinstance(s["definition"], dict) for s in said["sources"])  # in both languages
    counted = [o for o in said["outcomes"] if o["observed"]]
    assert len(counted) == 8
    own = {k: v for k, v in said.items() if k != "strings"}
    for word in ("Mexico", "México", "us.encounters", "Border Patrol"):
        assert word not in json.dumps(own, ensure_ascii=False)


def test_forecast_goes_on_from_its_own_counts(capsys):
    made = told(capsys, "forecast", "--months", "2", "--members", "16")
    assert made["forecast"]["corridor"] == "strait-of-vara"
    assert made["forecast"]["origin"] == "2023-12"
    assert {t["publisher"] for t in made["targets"]} == {"The port of Sella (invented)"}
    first = next(r for r in made["rows"] if r["target"] == "crossings")
    # 60 a day at nine tenths, for 31 days, from a list that is long
    assert first["lo90"] < 60 * 0.9 * 31 < first["hi90"]


def test_compare_says_what_the_cap_and_a_closure_change(capsys):
    made = told(
        capsys, "compare", "baseline", "double-cap", "closed-two-months", "--members", "8",
        "--to", "2023-07", "--weather", "as-inferred",
    )  # fmt: skip
    moved = {(r["scenario"], r["outcome"]): r["direction"] for r in made["rows"]}
    assert moved["double-cap", "vara.list"] == "fewer"
    assert moved["double-cap", "vara.arrivals"] == "more"  # who hears of a shorter wait sets out
    assert moved["closed-two-months", "vara.crossings"] == "fewer"
    assert moved["closed-two-months", "vara.wait"] == "more"


def test_the_python_function_says_the_same_as_the_command(capsys):
    made = caudal.compare(
        "baseline", "double-cap", corridor=STRAIT, members=4, end="2023-04", outcomes=["vara.list"]
    )
    rows = told(
        capsys, "compare", "baseline", "double-cap", "--members", "4", "--to", "2023-04",
        "--outcome", "vara.list",
    )["rows"]  # fmt: skip
    median = float(made["difference"].sel(weather="as-inferred").median())
    assert rows[0]["median"] == pytest.approx(median)


@dataclass(frozen=True)
class Short(Strait):
    """The strait as if counting had ended after a year."""

    def observed(self, start: date, end: date, known: date | None = None) -> Observed:
        """The first twelve months only."""
        return super().observed(start, end, known).until(12)


def test_a_short_fit_moves_what_was_counted_and_nothing_else(tmp_path):
    from caudal.forecast.issue import issue
    from caudal.learn.fit import fit
    from caudal.learn.smoother import Settings

    here = Short(posterior=tmp_path / "draws.npz")
    # as many members as there are histories of constants: one compiled call serves both
    fitted = fit(here, Settings(members=17, chunk=17), rounds=1)
    moved = dict(zip(fitted.moved.names, fitted.moved.sd, strict=True))
    assert moved["inert"] == pytest.approx(1.0)
    assert moved["leave_per_day"] < 0.8  # of two thousand on the list, a few go home each day
    save(fitted.posterior, here.posterior)
    with pytest.warns(UserWarning, match="not corrected by past forecasts"):
        told = issue(here, months=2, members=16)
    assert told.about["origin"] == "2020-12"


def test_the_shipped_draws_are_whole_and_their_intervals_hold_what_counts_were_made_with():
    """Constants that the counts speak of: the truth lies within 2.6 posterior sd (99 %) of the mean."""
    from strait.make_counts import TRUTH

    here = corridor()
    posterior = load(here.posterior)
    assert set(posterior.z) == set(here.priors)
    for name, value in TRUTH.items():
        prior, said = here.priors[name], posterior.about["constants"]
        working = {"lognormal": np.log, "logitnormal": lambda x: np.log(x / (1 - x))}
        at = working.get(prior.form, np.asarray)(np.asarray(value, np.float64))
        true = np.atleast_1d((at - prior.centre) / prior.sd)
        names = [name] if true.size == 1 else [f"{name}[{i}]" for i in range(true.size)]
        for one, z in zip(names, true, strict=True):
            assert abs(z - said[one]["mean"]) < 2.6 * said[one]["sd"], one
            assert said[one]["sd"] < 0.7, one


def test_the_page_of_the_example_holds_the_tables_of_today(pytestconfig):
    from strait.recovered import constants, over_worlds

    page = (pytestconfig.rootpath / "docs" / "example-corridor.md").read_text("utf-8")
    for table in (constants(corridor()), over_worlds()):
        for row in table:
            assert row in page
