"""Effects: the document, paired runs that fork, and how they are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import effects as script
import numpy as np
import pandas as pd
import pytest
import yaml

from caudal.ask import effects_told as told
from caudal.ask.effects import Runs, at_prior, run
from caudal.ask.effects_asked import effects, load
from caudal.ask.quantities import quantity
from caudal.compute.run import simulate
from caudal.corridor import corridor
from caudal.errors import CaudalError
from run_worlds import corridor_with, made_up

pytestmark = pytest.mark.unit

SMALL = {
    "quantities": {
        "encounters": {"of": "encounters", "reduce": "sum", "unit": "n", "en": "E", "es": "E"},
        "waiting": {"of": "waiting_north", "reduce": "mean", "unit": "n", "en": "W", "es": "W"},
    },
    "questions": [
        {"id": "message", "en": "Q?", "es": "¿Q?", "identified_by": {"en": "x", "es": "x"},
         "bundle": "autumn", "part": "message"},
        {"id": "caravan", "en": "Q?", "es": "¿Q?", "identified_by": {"en": "x", "es": "x"},
         "scenario": "SCENARIO", "period": [date(2018, 10, 16), date(2019, 2, 1)],
         "expected": "fewer", "also": ["waiting"], "constants": ["warning_talk"]},
    ],
    "bundles": [
        {"id": "autumn", "en": "B", "es": "B", "period": [date(2018, 10, 16), date(2019, 2, 1)],
         "expected": "fewer", "parts": [
             {"id": "message", "en": "M", "es": "M", "expected": "fewer",
              "constants": ["warning_talk"], "policies": {"us-message-2018-caravans": "off"}},
             {"id": "troops", "en": "T", "es": "T", "expected": "fewer",
              "constants": ["hardening_response"], "policies": {"us-troops-2018": "off"}}]},
    ],
}  # fmt: skip


@pytest.fixture
def document(tmp_path):
    """Writes a changed copy of SMALL and reads it; its scenario takes the caravan of 2018 out."""
    other = tmp_path / "without.yaml"
    other.write_text(
        "name: without\ntitle: {en: T, es: T}\nextends: baseline\n"
        "policies: {event-caravan-honduras-2018-10: off}\n"
    )

    def write(change=lambda d: None):
        made = yaml.safe_load(yaml.safe_dump(SMALL).replace("SCENARIO", str(other)))
        change(made)
        path = tmp_path / "asked.yaml"
        path.write_text(yaml.safe_dump(made, sort_keys=False))
        asked, marks = load(path)
        return asked, effects(asked, marks, corridor())

    return write


# ---- the document -------------------------------------------------------------------------------


def test_the_ten_questions_are_asked_in_both_languages_and_each_has_an_answer():
    asked, marks = load(script.ASKED)
    found = {e.id: e for e in effects(asked, marks, corridor())}
    assert [q.id for q in asked.questions] == [
        "title-42-end", "remain-in-mexico", "lawful-pathways-rule", "mexican-effort-2024",
        "june-2024-rule", "panama", "cbp-one", "hurricanes", "us-labour-demand", "announcements",
    ]  # fmt: skip
    for q in asked.questions:
        effect = found[f"{q.bundle}/{q.part}" if q.bundle else q.id]
        assert effect.constants
        assert q.es.startswith("¿")
        assert q.identified_by.es != q.identified_by.en
        assert effect.policies or effect.drivers
    assert [b.id for b in asked.bundles] == ["january-2023", "may-2023", "january-2025"]


def test_a_joint_effect_takes_out_what_its_parts_take_out(document):
    _, made = document()
    by_id = {e.id: e for e in made}
    assert list(by_id) == ["caravan", "autumn", "autumn/message", "autumn/troops"]
    assert set(by_id["autumn"].policies) == {"us-message-2018-caravans", "us-troops-2018"}


def part(made):
    return made["bundles"][0]["parts"][1]


@pytest.mark.parametrize(
    ("change", "where", "found"),
    [
        (lambda d: d["questions"][1].update(also=["waitin"]), "also", "unknown name 'waitin'"),
        (lambda d: d["questions"][1].update(constants=["inertt"]), "constants", "'inertt'"),
        (lambda d: d["questions"][1].pop("scenario"), "questions[1]", "asks nothing"),
        (lambda d: d["questions"][1].update(period=[date(2019, 2, 1), date(2019, 2, 1)]),
         "questions[1]", "2019-02-01 to 2019-02-01"),
        (lambda d: d["questions"][0].update(part="massage"), "part", "'massage'"),
        (lambda d: d["questions"][0].update(bundle="autmn"), "bundle", "'autmn'"),
        (lambda d: part(d).update(policies={"us-message-2018-caravans": "off"}), "bundles[0]",
         "two parts change 'us-message-2018-caravans'"),
        (lambda d: part(d).update(scenario="baseline"), "parts[1]", "autumn/troops"),
        (lambda d: d["questions"][1].update(expected="less"), "expected", "'less'"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(document, change, where, found):
    with pytest.raises(CaudalError) as caught:
        document(change)
    assert found in str(caught.value)
    assert where in str(caught.value)


# ---- the runs -----------------------------------------------------------------------------------


def test_a_forked_run_is_the_whole_run_and_does_not_depend_on_others(document, tmp_path):
    asked, made = document()
    posterior = made_up(draws=4, months=20)
    here = corridor_with(tmp_path, posterior)
    found = run(here, posterior, made, asked.quantities, members=3)
    scenario = asked.questions[1].scenario
    whole = {
        name: simulate(here, replace(here.scenario(name), horizon=0), members=3, end="2019-03")
        for name in ("baseline", scenario)
    }
    for name in ("encounters", "waiting"):
        runs = found["caravan", name]
        for values, of in ((runs.was, "baseline"), (runs.without, scenario)):
            other = quantity(
                asked.quantities[name].expression, made[0].period, whole[of].dataset(), "test"
            )
            np.testing.assert_array_equal(values, other)
    assert (found["caravan", "waiting"].people != 0).all()
    alone = run(here, posterior, made[2:3], asked.quantities, members=2)
    # months and groups are added up in double precision, in an order that hangs on how many members
    # stand beside; that the runs themselves are the same bits is held by test_fork
    np.testing.assert_allclose(
        alone["autumn/message", "encounters"].people,
        found["autumn/message", "encounters"].people[:2],
        rtol=1e-12,
    )


def test_runs_refuse_what_was_not_drawn_or_counted(document):
    asked, made = document()
    posterior = made_up(draws=4, months=14)
    with pytest.raises(CaudalError, match="2 to 4"):
        run(corridor(), posterior, made, asked.quantities, members=5)
    with pytest.raises(CaudalError, match="until 2018-09-01"):
        run(corridor(), posterior, made, asked.quantities, members=2)


def test_at_the_prior_only_constants_move():
    posterior = made_up(draws=4, months=3)
    moved = replace(posterior, z={k: v + 1 for k, v in posterior.z.items()})
    prior = at_prior(moved, corridor())
    expected = corridor().priors["far_response"].positions(4, posterior.seed)
    np.testing.assert_allclose(prior.z["far_response"], expected, rtol=1e-6)
    assert prior.weather is moved.weather


# ---- how they are told --------------------------------------------------------------------------

RNG = np.random.default_rng(1)
FOUR = RNG.standard_normal((4, 40))


def runs_of(people: np.ndarray, without: float = 1000.0) -> Runs:
    return Runs(without + people, np.full_like(people, without))


def test_percent_is_against_the_history_without():
    runs = Runs(np.array([150.0, 5.0]), np.array([100.0, 0.0]))
    assert runs.people.tolist() == [50, 5]
    np.testing.assert_array_equal(runs.percent, [50, np.nan])


@pytest.mark.parametrize(
    ("half", "double", "answer"),
    [(10.0, 12.0, "yes"), (10.0, -1.0, "no"), (10.0, 40.0, "no"), (None, 12.0, "not run")],
)
def test_an_effect_holds_where_both_medians_do(half, double, answer):
    found = {"posterior": 10 + 6 * FOUR[0], "half": half, "double": double}
    runs = {k: runs_of(v + np.zeros(40)) for k, v in found.items() if v is not None}
    assert told.holds(runs) == answer


def bundle_of(document, message: np.ndarray, troops: np.ndarray, prior: float):
    """Rows where both parts' effects are those under the posterior, and `prior` times wider before."""
    asked, made = document()

    def found(width: float):
        out = {("autumn/message", "encounters"): runs_of(width * message),
               ("autumn/troops", "encounters"): runs_of(width * troops),
               ("autumn", "encounters"): runs_of(width * (message + troops) + 7)}  # fmt: skip
        caravan = runs_of(message)
        return out | {("caravan", q): caravan for q in ("encounters", "waiting")}

    rows = told.told(asked, made, {"prior": found(prior), "posterior": found(1.0)},
                     {"warning_talk": {"mean": 0.0, "sd": 0.5}})  # fmt: skip
    return pd.DataFrame(rows, columns=list(told.COLUMNS))


@pytest.mark.parametrize(
    ("together", "prior", "answer"),
    [(0.0, 2.0, "alone"), (5.0, 2.0, "jointly"), (-5.0, 2.0, "jointly"), (0.0, 1.05, "jointly")],
)
def test_parts_are_told_apart_by_the_written_rule(document, together, prior, answer):
    troops = together * FOUR[0] + FOUR[1]
    rows = bundle_of(document, FOUR[0], troops, prior)
    parts = rows[rows.kind == "part"]
    assert (parts.reported == answer).all()
    (pair,) = rows[rows.kind == "correlation"].itertuples()
    assert pair.effect == pytest.approx(np.corrcoef(FOUR[0], troops)[0, 1])
    interaction = rows[rows.kind == "interaction"]
    np.testing.assert_allclose(interaction.effect, 7.0, atol=1e-9)
    asked, _ = document()
    name, _ = script.answered(rows, "message", "encounters")
    assert ("jointly" in name) == (answer == "jointly")
    assert asked.questions[0].part == "message"


def test_contraction_verdict_and_constants_of_a_row(document):
    rows = bundle_of(document, FOUR[0], FOUR[1], 2.5)
    row = rows[(rows.asked == "autumn/message") & (rows.variant == "posterior")].iloc[0]
    assert row.contraction == pytest.approx(1 - 1 / 2.5**2)
    assert row.rests_on == "the counts"
    assert row.constants == "warning_talk 0.75"
    assert row.question == "message"
    assert script.sign(row) == "fewer, the draws lean the other way"
    same = rows[(rows.asked == "caravan") & (rows.variant == "posterior")].iloc[0]
    assert (same.contraction, same.rests_on) == (0.0, "the prior")
    other = rows[(rows.asked == "autumn/troops") & (rows.variant == "posterior")].iloc[0]
    assert other.constants == "hardening_response –"


# ---- the script -----------------------------------------------------------------------------------


def test_draws_of_another_variance_are_refused(tmp_path, capsys):
    corridor_with(tmp_path, made_up(draws=2, months=3))
    status = script.main(
        ["--draws", str(tmp_path / "draws.npz"), "--half", str(tmp_path / "draws.npz")]
    )
    assert status == 2
    assert "--half" in capsys.readouterr().err
