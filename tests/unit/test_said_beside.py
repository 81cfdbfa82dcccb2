"""What `compare`, `policies` and `attribute` say beside their tables, so that none is misread."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from caudal.ask.compared import Measure, chosen
from caudal.cli import main
from caudal.cli.attribute import unexplained
from caudal.cli.compare import whole
from caudal.cli.compare_words import (
    direction,
    horizon,
    name_of,
    number_of,
    of_base,
    published,
    side_by_side,
    still,
)
from caudal.corridor.compared import compared
from caudal.report.compared_page import compared_page

pytestmark = pytest.mark.unit

HEAD = "name: mine\ntitle: {en: T, es: T}\nextends: baseline\npolicies:\n"
BEDS = """  us-beds:
    name: {en: Fewer beds, es: Menos camas}
    actor: united-states/congress
    kind: capacity
    instrument: None
    supersedes: [us-ice-beds]
    WHO
    design:
      us.ice.beds:
        - {from: DAY, value: 60000, known_on: 2026-02-01}
"""


def row(**more):
    return {
        "scenario": "s", "weather": "as-inferred", "outcome": "x", "title": "X", "unit": "people",
        "group": "people", "base": 1000.0, "median": 0.05, "lo90": 0.0, "hi90": 40.0,
        "direction": "more", "probability": 0.5, **more,
    }  # fmt: skip


@pytest.fixture
def ds():
    base = np.array([[[500.0, 1000.0, 1000.0, 9000.0]]])
    return xr.Dataset(
        {
            "base": (("weather", "outcome", "member"), base),
            "difference": (
                ("scenario", "weather", "outcome", "member"), np.array([[[[0.0, 0.05, 20.0, 40.0]]]]),
            ),
        },
        coords={"scenario": ["s"], "weather": ["as-inferred"], "outcome": ["x"]},
    )  # fmt: skip


def write(folder: Path, text: str) -> str:
    path = folder / "mine.yaml"
    path.write_text(HEAD + text, "utf-8")
    return str(path)


def test_half_more_is_told_apart_from_a_coins_toss(ds):
    assert direction(row(), ds) == "more: 50%, none: 50%"
    assert direction(row(direction="none"), ds) == "no difference"


def test_what_counts_as_none_is_written_as_none():
    written = number_of(row(), whole)
    assert [written(x) for x in (0.0, -0.05, 0.2)] == ["0", "≈ 0", "0.2"]


def test_a_detail_names_its_id_and_a_base_its_range(ds):
    assert name_of(row(group="", title="Venezuela")) == "Venezuela (x)"
    assert of_base(row(), ds, "baseline", whole) == (
        "baseline itself, x: 1,000, 90 % 575 to 7,800."
    )


def test_what_was_counted_stands_beside_the_base(ds):
    head = row(outcome="us.encounters.southwest")
    assert published(date(2025, 2, 1), date(2025, 6, 1), head) == 47_209
    assert published(date(2025, 2, 1), date(2025, 8, 1), head) is None
    assert published(date(2025, 2, 1), date(2025, 6, 1), row()) is None
    assert of_base(row(), ds, "b", whole, 47_209.0).endswith("; counted: 47,209.")


def compared_rows(far):
    same = {"title_es": "X", "unit_es": "personas", "lo50": 0.0, "hi50": 1.0, "relative_median": 0.0,
            "relative_lo50": 0.0, "relative_hi50": 0.0, "relative_lo90": 0.0, "relative_hi90": 0.0,
            "se_paired": 1.0, "se_independent": 2.0}  # fmt: skip
    return [row(scenario=s, weather=w, hi90=far if w == "without-jumps" else 40.0, **same)
            for s in ("s", "t") for w in ("as-inferred", "without-jumps")]  # fmt: skip


def page_of(far):
    month = {f"{of}_{k}": 809_206.0 for of in ("base", "scenario")
             for k in ("median", "lo50", "hi50", "lo90", "hi90")}  # fmt: skip
    text = {"en": "T", "es": "T"}
    return compared_page({
        "base": {"name": "b", "title": text},
        "scenarios": [{"name": n, "title": text, "note": None, "parts": "2026-03-01"} for n in "st"],
        "from": "2026-03", "to": "2027-03", "members": 4, "weathers": ["as-inferred", "without-jumps"],
        "rows": compared_rows(far), "outcomes": ["x"], "jumps": {},
        "months": {(n, "x"): {w: [{"month": "2026-03", **month}]
                              for w in ("as-inferred", "without-jumps")} for n in "st"},
        "recipe": {"command": "c", "python": "p", "data_vintage": "d", "code_version": "v",
                   "run_id": "r"},
    })  # fmt: skip


def test_the_report_draws_one_answer_once_and_sets_scenarios_side_by_side():
    once, twice = page_of(40.0), page_of(90.0)
    assert "Side by side" in once
    assert "Lado a lado" in once
    assert twice.count("<svg") > once.count("<svg")
    assert ">1,000,000<" in once


def test_several_scenarios_stand_in_one_table():
    told = [row(), row(scenario="t", median=-50.0, lo90=-60.0, hi90=5.0), row(weather="other")]
    names, lines = side_by_side(told, "as-inferred", whole)
    assert names == ["s", "t"]
    assert lines == [["X", "people", "1,000", "≈ 0 (0 to 40)", "-50 (-60 to 5)"]]


def test_only_zeros_are_silence():
    assert still([row(direction="none")])
    assert not still([row(direction="none"), row()])
    assert horizon(date(2026, 3, 1), date(2026, 6, 1), "baseline").startswith("3 months")


def test_a_name_up_to_a_dot_means_all_that_begin_so():
    measures = [Measure(**f) for f in compared()]
    found = [m.id for m in chosen(measures, ["us.encounters.unit", "harm.deaths"])]
    assert sorted(found) == [
        "harm.deaths", "us.encounters.unit.family", "us.encounters.unit.single_adult",
        "us.encounters.unit.unaccompanied_child",
    ]  # fmt: skip
    assert [m.id for m in chosen(measures, ["us.releases"])] == ["us.releases"]


def test_a_diff_tells_the_law_that_a_new_document_overrides(tmp_path, capsys):
    mine = write(tmp_path, BEDS.replace("WHO", "who: {}").replace("DAY", "2026-03-01"))
    assert main(["policies", "diff", "baseline", mine]) == 0
    said = capsys.readouterr().out
    assert "not set → 60000" in said
    assert "of all documents: 100,000 → 60,000 (until then us-ice-beds)" in said


def test_a_diff_says_when_a_group_reaches_no_lever_and_which_days_it_compares(tmp_path, capsys):
    who = "who: {nationality: [VEN]}"
    mine = write(tmp_path, BEDS.replace("WHO", who).replace("DAY", "2036-03-01"))
    assert main(["policies", "diff", "baseline", mine]) == 0
    said = capsys.readouterr()
    assert "us-beds: 'who' names nationality, but none of its levers knows it" in said.err
    assert "from 2018-01-01 until 2030-01-01" in said.out
    assert main(["policies", "diff", "baseline", mine, "--lang", "es", "--to", "2037-01-01"]) == 0
    assert "60,000" in capsys.readouterr().out


def test_one_file_is_checked_be_it_a_scenario_or_a_policy(tmp_path, capsys):
    mine = write(tmp_path, "  us-cbp-one: {ended: 2026-03-01}\n")
    assert main(["policies", "check", mine]) == 0
    assert capsys.readouterr().out.startswith("scenario 'mine' holds")
    shipped = Path(__file__).parents[2] / "src/caudal/corridor/policies/us-mpp.yaml"
    assert main(["policies", "check", str(shipped)]) == 0
    assert capsys.readouterr().out.startswith("policy 'us-mpp' holds")
    assert main(["policies", "check", write(tmp_path, "  us-cbp-1: off\n")]) == 2
    assert "mine.yaml:5" in capsys.readouterr().err


def test_policies_as_csv_hold_a_line_for_each_stretch_with_its_source(capsys):
    assert main(["policies", "list", "--kind", "appointments", "--csv"]) == 0
    said = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert said["value"].tolist() == [750, 1000, 1250, 1450]
    assert said["publisher"].iloc[1] == "PBS NewsHour"
    assert said["unverified"].tolist() == [True, False, True, False]


def test_a_shown_source_has_its_day(capsys):
    assert main(["policies", "show", "us-ice-beds"]) == 0
    line = next(x for x in capsys.readouterr().out.splitlines() if x.startswith("[trac-2025-07]"))
    assert re.search(r"contracted capacity \(20\d\d-\d\d-\d\d\) https", line)


def test_a_large_share_of_weather_is_said_to_be_unknown():
    told = [{"id": "everything-else", "mean": 17.0}, {"id": "weather", "mean": -77.0},
            {"id": "change", "mean": -83.0}]  # fmt: skip
    said = unexplained(told, "Encounters", "2025-05")
    assert "does not know why for 93%" in said[0]
    assert "--list" in said[1]
    assert unexplained([{"id": "weather", "mean": 1.0}, told[-1]], "E", "2025-05") == []
