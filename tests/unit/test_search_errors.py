"""What cannot be asked of sensitivity and search is told in one line, before any time is spent."""

from __future__ import annotations

from pathlib import Path

import pytest

from caudal.ask.search import Question, question, search
from caudal.ask.search_levers import load, turns
from caudal.ask.sensitivity_asked import plan
from caudal.cli import main
from caudal.corridor import HERE, Corridor
from caudal.corridor.compared import compared
from caudal.errors import CaudalError

pytestmark = pytest.mark.unit

PATH = HERE / "search.yaml"
MONTHS = ["--from", "2024-01", "--to", "2024-03"]
TWO = ["--minimise", "encounters,harm.deaths"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--outcome", "encountres"], "'encounters' is the nearest name"),
        (["--outcome", "encounters,us.encounters.southwest"], "given twice"),
        (["--constants", "departure_bas"], "unknown constant 'departure_bas'"),
        (["--constants", "fee_base,fee_base"], "a constant twice"),
        (["--method", "fast"], "unknown word 'fast'; allowed: morris, sobol"),
        (["--method", "sobol"], " with sobol; allowed: at most 12"),
        (
            ["--method", "sobol", "--constants", "fee_base", "--samples", "9"],
            "a power of two: 8, 16",
        ),
        (["--samples", "500"], ",000 runs; allowed: at most 20,000: --samples "),
        (["--by", "sector"], "allowed: constant, mechanism"),
        (["--draws", "1000"], "1 to 96"),
        (["--scenario", "nowhere"], "unknown scenario 'nowhere'"),
    ],
)
def test_sensitivity(words: list[str], told: str, capsys: pytest.CaptureFixture[str]):
    assert main(["sensitivity", *MONTHS, *words]) == 2
    line = capsys.readouterr().err
    assert told in line
    assert line.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--levers", "appointment", *TWO], "'appointments' is the nearest name"),
        (["--levers", "us.ice.beds", *TWO], "allowed: us.ice.beds=LOW:HIGH:STEP"),
        (["--levers", "appointments=0:20000:500", *TWO], "0 to 20000; allowed: 0 to 10000"),
        (["--levers", "appointments=0:2000", *TWO], "LOW:HIGH:STEP, as 0:4000:500"),
        (["--levers", "appointments=0:2000:0", *TWO], "at most 101 values"),
        (["--levers", "appointments,us.appointments.daily=0:9:1", *TWO], "turn one lever"),
        (["--levers", "aid", "--minimise", "encounters"], "no frontier"),
        (["--levers", "aid", *TWO, "--maximise", "encounters"], "also to be made small"),
        (["--levers", "aid", *TWO, "--subject-to", "harm.deaths<100"], "OUTCOME<=NUMBER"),
        (["--levers", "aid", *TWO, "--subject-to", "deth<=100"], "unknown outcome 'deth'"),
        (["--levers", "aid", *TWO, "--members", "1"], "2 to 96"),
        (["--levers", "aid,judges,children-beds,detention-beds", *TWO, "--generations", "200",
          "--population", "200"], "runs; allowed: at most 20,000"),
        (["--levers", "aid", *TWO, "--to", "2034-01"], "months after the last count"),
        (["--levers", "aid", *TWO, "--from", "2016-01"], "from 2018-01"),
    ],
)  # fmt: skip
def test_search(words: list[str], told: str, capsys: pytest.CaptureFixture[str]):
    assert main(["search", *MONTHS, *words]) == 2
    line = capsys.readouterr().err
    assert told in line
    assert line.count("\n") == 1


def test_places_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "frontier-01.yaml").write_text("mine")
    asked = ["search", "--levers", "aid", *TWO, *MONTHS]
    assert main([*asked, "--write", str(tmp_path)]) == 2
    assert "holds a frontier already" in capsys.readouterr().err
    assert main([*asked, "--out", str(tmp_path)]) == 2
    assert main(["sensitivity", *MONTHS, "--out", str(tmp_path)]) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["frontier-01.yaml"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("lever: us.appointment", "unknown lever 'us.appointment'"),
        ("lever: us.appointments.daily, who: {unit: [family]}", "no axis 'unit' here"),
        ("lever: us.asylum.bar, who: {unit: [families]}", "unknown unit 'families'"),
        ("lever: us.asylum.bar, range: [0, 2]", "0 to 2"),
        ("lever: us.asylum.bar, strep: 1", "unknown field 'strep'"),
    ],
)
def test_a_faulty_list_of_levers_names_its_line(tmp_path: Path, text: str, told: str):
    file = tmp_path / "search.yaml"
    rest = {"range": "[0, 1]", "step": "1", "kind": "visa", "en": "a", "es": "a"}
    more = ", ".join(f"{k}: {v}" for k, v in rest.items() if f"{k}:" not in text)
    file.write_text(f"levers:\n  one:\n    {{{text}, {more}}}\n", encoding="utf-8")
    with pytest.raises(CaudalError, match=told) as raised:
        load(file, Corridor().law)
    assert "search.yaml:3" in raised.value.where


def test_limits_are_read_and_judged():
    here = Corridor()
    asked = question(
        turns(["aid"], PATH, here.law), compared(), ["encounters"], ["mx.claims"],
        ["harm.deaths<=110%", "people.waiting>=1,000"],
    )  # fmt: skip
    assert [o.id for o in asked.outcomes] == [
        "us.encounters.southwest", "mx.claims", "harm.deaths", "people.waiting",
    ]  # fmt: skip
    base = [[100.0] * 3, [5.0] * 3, [10.0] * 3, [2000.0] * 3]
    run = [[90.0, 90, 1e9], [7.0, 8, 9], [11.0, 11, 12], [900.0, 900, 900]]
    import numpy as np

    judged = asked.judged(np.array(run), np.array(base))
    assert judged.aims == (90, -8)
    assert judged.breaches == pytest.approx((0, 100))
    assert not judged.kept


def test_plans_and_questions_are_checked_in_python_too():
    here = Corridor()
    with pytest.raises(CaudalError, match="no constant"):
        plan(here, [], start="2024-01", end="2024-02", constants=[])  # type: ignore[arg-type]
    with pytest.raises(CaudalError, match="workers"):
        search(here, Question((), (), ()), start="2024-01", end="2024-02", workers=0)  # type: ignore[arg-type]


def test_the_levers_are_listed(capsys: pytest.CaptureFixture[str]):
    assert main(["search"]) == 0
    told = capsys.readouterr().out
    assert "appointments" in told
    assert "ID=LOW:HIGH:STEP" in told
