"""Diff, timeline, explanations, schema and the command line."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from caudal.cli.policies import app
from caudal.corridor import policies
from caudal.corridor.policies import VOCABULARY, law, levers
from caudal.corridor.scenarios import names, scenario
from caudal.errors import CaudalError
from caudal.policy.diff import diff
from caudal.policy.documents import schema
from caudal.policy.timeline import timeline

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
START, END = dt.date(2018, 1, 1), dt.date(2030, 1, 1)


def test_published_schema_is_current_and_every_document_satisfies_it():
    published = json.loads((ROOT / "docs/policy.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(schema()))
    validator = jsonschema.Draft202012Validator(published)
    for path in sorted(policies.FOLDER.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        validator.validate(json.loads(json.dumps(data, default=str)))
        assert data["id"] == path.stem


def test_schema_refuses_an_entry_that_is_neither_start_nor_end():
    path = policies.FOLDER / "us-pjes-injunction.yaml"
    data = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
    del data["design"]["us.children.exempt"][0]["from"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema())


def test_diff_of_equal_laws_is_empty():
    assert diff(law(), law().overlaid({}), START, END) == []


def test_diff_tells_one_longer_policy_in_both_languages():
    new = law().overlaid({"us-cbp-one": {"ended": dt.date(2025, 6, 1)}})
    (row,) = diff(law(), new, START, END)
    assert (row["document"], row["lever"], row["who"]) == (
        "us-cbp-one",
        "us.appointments.daily",
        {},
    )
    assert (row["from"], row["until"]) == (dt.date(2025, 1, 20), dt.date(2025, 6, 1))
    assert (row["old"], row["new"]) == (None, 1450)
    assert row["words"]["en"].endswith("from 2025-01-20 until 2025-06-01: not set → 1450")
    assert row["words"]["es"].endswith("desde 2025-01-20 hasta 2025-06-01: sin fijar → 1450")


def test_diff_names_groups_and_open_ends():
    new = law().overlaid({"us-circumvention-of-lawful-pathways": "off"})
    bar = next(r for r in diff(law(), new, START, END) if r["lever"] == "us.asylum.bar")
    assert bar["until"] is None
    assert "MEX" not in bar["who"]["nationality"]
    assert "all but MEX; single_adult, family" in bar["words"]["en"]
    assert "todos salvo MEX" in bar["words"]["es"]


def test_diff_tells_a_trigger():
    new = law().overlaid({"us-securing-the-border": "off"})
    rows = [r for r in diff(law(), new, START, END) if r["lever"] == "us.screening.standard"]
    assert [(r["old"], r["new"]) for r in rows] == [(2, None), (2, None)]
    assert "≥ 2500; off after 14 days below 1500" in rows[0]["old_while"]
    assert "28 days" in rows[1]["old_while"]


def test_shipped_scenarios_differ_only_where_they_say():
    for name in ("title-42-stays-a-year", "title-42-ends-2022-05", "mexico-calm-2024"):
        one = scenario(name)
        rows = diff(law(), one.law(law()), START, END)
        changed = {r["document"] for r in rows}
        assert changed <= set(one.policies)
        assert changed


def test_timeline_has_each_document_once_with_its_stretches():
    rows = {r["id"]: r for r in timeline(law())}
    assert set(rows) == set(law())
    title = rows["us-title-42"]
    assert {(s["from"], s["until"]) for s in title["spans"]} == {("2020-03-21", "2023-05-12")}
    assert [b["date"] for b in title["blocked"]] == ["2022-05-23", "2022-12-21"]
    assert [s["value"] for s in rows["us-cbp-one"]["spans"]] == [750, 1000, 1250, 1450]
    assert rows["pa-darien-closure-2024"]["spans"][0]["until"] is None
    assert json.loads(json.dumps(list(rows.values())))  # plain values only


def test_timeline_agrees_with_the_law_on_every_span():
    for row in timeline(law()):
        for span in row["spans"]:
            book = law().book(span["lever"])
            index = book.governing(row["id"], dt.date.fromisoformat(span["from"]))
            assert (index >= 0).any()
            if span["until"]:
                eve = dt.date.fromisoformat(span["until"]) - dt.timedelta(days=1)
                assert (book.governing(row["id"], eve) >= 0).any()


def test_explain_names_the_document_its_value_and_source():
    view = law().on(dt.date(2021, 4, 1))
    (row,) = view.explain("mx.acceptance.youngest_child_years", sector="laredo")
    assert (row["document"], row["value"], row["source"]) == (
        "mx-tamaulipas-families", 7, "axios-2021-03",
    )  # fmt: skip
    assert view.explain("mx.acceptance.youngest_child_years", sector="yuma") == []


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ({"sector": "el-pasa"}, "unknown sector 'el-pasa'; allowed: 'el-paso' is the nearest"),
        ({"port": "el-paso"}, "no axis 'port' here"),
        ({}, "sector missing"),
    ],
)
def test_a_wrong_cell_is_refused(cell, message):
    with pytest.raises(CaudalError) as raised:
        law().on(dt.date(2021, 4, 1)).value("mx.acceptance.youngest_child_years", **cell)
    assert message in str(raised.value)


def test_levers_are_told_in_both_languages_and_each_is_set_by_a_document_or_a_scenario():
    used = {lever for d in law().documents for lever in d.design}
    for name in names():
        changes = [c for c in scenario(name).policies.values() if isinstance(c, dict)]
        used |= {lever for c in changes if "kind" in c for lever in c["design"]}
    for lever in levers().values():
        assert lever.meaning.en
        assert lever.meaning.es != lever.meaning.en
        assert set(lever.dims) <= set(VOCABULARY)
    assert set(levers()) == used


def test_every_number_has_a_published_source_or_says_that_it_is_unverified():
    for document in law().documents:
        for _, _, entry in document.entries():
            if entry.unverified:
                assert entry.note, document.id
            else:
                assert document.sources[entry.source].url, document.id


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_command_line_json():
    listed = json.loads(run("list", "--json"))["policies"]
    assert len(listed) == len(law())
    assert set(listed[0]) == {
        "id", "name", "actor", "kind", "from", "until", "levers", "unverified",
    }  # fmt: skip
    shown = json.loads(run("show", "us-title-42", "--json"))["policy"]
    assert shown["id"] == "us-title-42"
    rows = json.loads(run("timeline", "--actor", "panama", "--json"))["timeline"]
    assert {r["id"] for r in rows} == {
        "pa-cr-buses-2023", "pa-darien-closure-2024", "us-pa-transfer-2025",
        "us-panama-removal-flights",
    }  # fmt: skip
    found = json.loads(run("diff", "baseline", "mexico-calm-2024", "--json"))["differences"]
    assert "mx-effort-2024" in {r["document"] for r in found}
    checked = json.loads(run("check", "--json"))
    assert checked["ok"]
    assert checked["fingerprint"] == law().fingerprint()


def test_command_line_as_known_hides_what_came_later():
    text = run("list", "--as-known", "2021-06-01")
    assert "us-title-42" in text
    assert "us-cbp-one" not in text
    assert "2023-05-12" not in text


def test_command_line_in_spanish():
    assert "Expulsiones del Título 42" in run("show", "us-title-42", "--lang", "es")
    assert "Sin diferencias" in run("diff", "baseline", "baseline", "--lang", "es")
    assert "Venezuela" in run("timeline", "--actor", "mexico", "--lang", "es")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("show", "us-title-43"), "unknown policy 'us-title-43'; allowed: 'us-title-42'"),
        (("list", "--kind", "vissa"), "unknown kind 'vissa'"),
        (("list", "--as-known", "2021-02-30"), "'2021-02-30' is no date"),
        (("list", "--lang", "fr"), "unknown language 'fr'; allowed: en, es"),
        (("timeline", "--actor", "canada"), "unknown actor 'canada'"),
        (("diff", "baseline", "basline"), "unknown scenario 'basline'"),
        (("diff", "baseline", "baseline", "--from", "2024-01-01", "--to", "2023-01-01"), "before"),
        (("check", "no-such-folder"), "no such folder"),
    ],
)
def test_command_line_refuses(words, message):
    with pytest.raises(CaudalError) as raised:
        run(*words)
    assert message in str(raised.value)


def test_example_in_the_documentation_runs():
    text = (ROOT / "docs/policies.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict = {}
    exec(code, names)
    assert names["today"].value("us.title42.expulsion", nationality="HND", unit="family") == 1
    assert names["tables"].n_segments > 50
