"""The articles' rows: complete, in two languages, honest about what represents them."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from caudal.cli import main
from caudal.corridor.articles import (
    BESIDE_THE_SYSTEM,
    ROWS_FILE,
    Article,
    Registries,
    Row,
    counts,
    load_articles,
    load_rows,
)
from caudal.errors import CaudalError

pytestmark = pytest.mark.unit

ROWS_PER_ARTICLE = {"0": 24, "1": 30, "2": 42, "3": 28, "4": 30, "x": 5}
GOOD: dict[str, Any] = {
    "id": "0-01",
    "type": ["actor"],
    "says": "the outlet",
    "text": {"en": "One thing.", "es": "Una cosa."},
    "status": "not yet",
}


@pytest.fixture(scope="module")
def rows() -> tuple[Row, ...]:
    return load_rows()


def test_every_row_of_every_article_is_there(rows: tuple[Row, ...]) -> None:
    assert Counter(row.article for row in rows) == ROWS_PER_ARTICLE
    for article, many in ROWS_PER_ARTICLE.items():
        numbers = [int(row.id.partition("-")[2]) for row in rows if row.article == article]
        assert numbers == list(range(1, many + 1))


def test_both_languages_say_it_in_their_own_words(rows: tuple[Row, ...]) -> None:
    for row in rows:
        assert row.text["en"] != row.text["es"], row.id
        # A row is a short paraphrase; a long one would be a copy.
        assert max(len(text) for text in row.text.values()) < 330, row.id


def test_numbers_are_the_same_in_both_languages(rows: tuple[Row, ...]) -> None:
    for row in rows:
        english, spanish = (
            sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[.,](?=\d)", "", row.text[language])))
            for language in ("en", "es")
        )
        assert english == spanish, row.id


def test_only_opinions_and_remarks_on_sources_are_left_out(rows: tuple[Row, ...]) -> None:
    for row in rows:
        if row.status == "not represented":
            assert set(row.type) <= BESIDE_THE_SYSTEM, row.id
            assert row.why, row.id


def test_no_row_about_the_corridor_is_still_to_come(rows: tuple[Row, ...]) -> None:
    system = [row for row in rows if not set(row.type) <= BESIDE_THE_SYSTEM]
    assert len(system) > 130
    assert [row.id for row in system if row.status not in ("represented", "partly")] == []


def test_what_is_missing_is_said_in_both_languages(rows: tuple[Row, ...]) -> None:
    partly = [row for row in rows if row.status in ("partly", "not represented")]
    assert partly
    for row in partly:
        assert row.why["en"] != row.why["es"], row.id


def test_a_cause_or_policy_that_counts_as_represented_moves_something(
    rows: tuple[Row, ...],
) -> None:
    """A published count alone is no representation of a cause, a policy or an actor."""
    for row in rows:
        if row.status == "represented" and {"cause", "policy", "actor"} & set(row.type):
            kinds = {reference.partition(":")[0] for reference in row.represented_by}
            assert kinds & {"mechanism", "lever", "policy", "scenario"}, row.id


def test_rows_and_ledgers_name_each_other(rows: tuple[Row, ...]) -> None:
    named: dict[str, list[str]] = {}
    for file in sorted((ROWS_FILE.parent / "claims").glob("*.yaml")):
        for claim in yaml.safe_load(file.read_text("utf-8"))["claims"]:
            for row in claim["rows"]:
                named.setdefault(row, []).append(f"claim:{claim['id']}")
    told = {row.id: [r for r in row.represented_by if r.startswith("claim:")] for row in rows}
    assert {row: claims for row, claims in told.items() if claims} == named
    # Our own notes on sources state nothing; rows x-… are of no single article
    assert [row for row in told if row not in named and row[0] != "x"] == ["0-24", "3-28"]


def test_every_article_names_its_outlet_and_who_tells_its_stance(rows: tuple[Row, ...]) -> None:
    told = load_articles()
    assert [article.id for article in told] == sorted({row.article for row in rows} - {"x"})
    for article in told:
        assert article.stance["en"] != article.stance["es"]
        assert bool(article.url) == (article.told_by != "our reading"), article.id
    assert isinstance(told[0], Article)


@pytest.mark.parametrize(
    ("change", "field", "found"),
    [
        ({"outlet": ""}, "outlet", "missing or not text"),
        ({"stance": {"en": "left"}}, "stance", "a language is missing"),
        ({"told_by": "rumour"}, "told_by", "'rumour'"),
        ({"source": {}}, "source", "no page that says so"),
    ],
)
def test_a_bad_article_is_told(
    tmp_path: Path, change: dict[str, Any], field: str, found: str
) -> None:
    good = {
        "outlet": "The Paper", "printed": "May 2024", "stance": {"en": "left", "es": "izquierda"},
        "told_by": "others", "source": {"title": "About it", "url": "https://example.org"},
    }  # fmt: skip
    path = tmp_path / "rows.yaml"
    path.write_text(yaml.safe_dump({"articles": {"0": {**good, **change}}, "rows": []}))
    with pytest.raises(CaudalError) as caught:
        load_articles(path)
    assert re.search(rf"rows\.yaml:\d+ field '{field}'$", caught.value.where)
    assert found in caught.value.found


def test_counts_add_up(rows: tuple[Row, ...]) -> None:
    table = {line["type"]: line for line in counts(rows)}
    assert table["all"]["total"] == sum(ROWS_PER_ARTICLE.values())
    for line in table.values():
        parts = ("represented", "partly", "not_yet", "not_represented")
        assert sum(line[part] for part in parts) == line["total"]
    assert table["policy"]["total"] == sum("policy" in row.type for row in rows)


@pytest.fixture
def registries(tmp_path: Path) -> Registries:
    """A tiny corridor with one name of each kind."""
    corridor = tmp_path / "src" / "caudal" / "corridor"
    for folder in ("levers", "policies", "mechanisms", "series", "scenarios", "priors"):
        (corridor / folder).mkdir(parents=True)
    (corridor / "levers" / "mexico.yaml").write_text("mx.acceptance: {unit: share}\n")
    (corridor / "policies" / "a.yaml").write_text("id: us-title-42\n")
    (corridor / "mechanisms" / "darien.py").write_text("")
    (corridor / "mechanisms" / "__init__.py").write_text("")
    (corridor / "scenarios" / "baseline.yaml").write_text("name: baseline\n")
    (corridor / "series" / "figures.csv").write_text("id,value\nmpp.enrolled,71036\n")
    (corridor / "series" / "symbols.csv").write_text("symbol,value\nrho,0.14\n")
    (corridor / "headlines.yaml").write_text("headlines:\n  - {id: darien-2023, value: 1}\n")
    (corridor / "priors" / "darien.yaml").write_text("darien:\n  darien_days: {unit: days}\n")
    resources = [
        {"name": "figures", "path": "figures.csv"},
        {"name": "figures.parameters", "path": "symbols.csv"},
        {"name": "pa.darien", "path": "p.csv"},
    ]
    (corridor / "series" / "datapackage.json").write_text(json.dumps({"resources": resources}))
    (tmp_path / "tests" / "unit").mkdir(parents=True)
    (tmp_path / "tests" / "unit" / "test_a.py").write_text("def test_one():\n    assert 1\n")
    return Registries(corridor)


@pytest.mark.parametrize(
    "reference",
    [
        "lever:mx.acceptance",
        "policy:us-title-42",
        "mechanism:darien",
        "scenario:baseline",
        "series:pa.darien",
        "figure:mpp.enrolled",
        "figure:rho",
        "headline:darien-2023",
        "parameter:darien_days",
        "file:src/caudal/corridor/levers/mexico.yaml",
        "file:tests/unit/test_a.py",
        "test:tests/unit/test_a.py::test_one",
    ],
)
def test_a_reference_to_what_exists_stands(registries: Registries, reference: str) -> None:
    assert registries.fault(reference) is None


@pytest.mark.parametrize(
    ("reference", "found", "allowed"),
    [
        ("lever:mx.aceptance", "no lever 'mx.aceptance'", "mx.acceptance"),
        ("policy:us-title-43", "no policy 'us-title-43'", "us-title-42"),
        ("mechanism:__init__", "no mechanism '__init__'", "darien"),
        ("series:us.nothing", "no series 'us.nothing'", "pa.darien"),
        ("headline:darien", "no headline 'darien'", "darien-2023"),
        ("parameter:days", "no parameter 'days'", "darien_days"),
        ("figure:mpp", "no figure 'mpp'", "mpp.enrolled"),
        ("claim:a", "no claim 'a'", "nothing here"),
        ("file:src/caudal/no.py", "no file 'src/caudal/no.py'", "a path from"),
        ("test:tests/unit/test_b.py::test_one", "no test file 'tests/unit/test_b.py'", "tests/"),
        ("test:tests/unit/test_a.py::test_two", "no test 'test_two' in", "the name of a test"),
        ("rumour:x", "no such kind of reference as 'rumour:x'", "lever, policy"),
        ("darien", "no such kind of reference as 'darien'", "lever, policy"),
    ],
)
def test_a_dangling_reference_is_told(
    registries: Registries, reference: str, found: str, allowed: str
) -> None:
    fault = registries.fault(reference)
    assert fault is not None
    assert found in fault[0]
    assert allowed in fault[1]


@pytest.mark.parametrize(
    ("change", "field", "found"),
    [
        ({"id": "one"}, "id", "'one'"),
        ({"says": ""}, "says", "missing or not text"),
        ({"text": {"en": "Only English."}}, "text", "a language is missing"),
        ({"type": []}, "type", "empty"),
        ({"type": ["rumour"]}, "type[0]", "unknown type 'rumour'"),
        ({"type": "actor"}, "type", "not a list of words"),
        ({"status": "done"}, "status", "'done'"),
        ({"status": "represented"}, "status", "'represented' without a reference"),
        (
            {"status": "not represented", "why": {"en": "no", "es": "no"}},
            "status",
            "cannot be left out",
        ),
        (
            {"status": "partly", "represented_by": ["mechanism:darien"]},
            "status",
            "without a reason",
        ),
        ({"why": {"en": "no"}}, "why", "a language is missing"),
        (
            {"status": "not represented", "type": ["opinion"]},
            "status",
            "without a reason",
        ),
        ({"represented_by": ["lever:none"]}, "represented_by[0]", "no lever 'none'"),
        ({"state": "x"}, "state", "unknown field"),
    ],
)
def test_a_bad_row_names_file_line_and_field(
    tmp_path: Path, registries: Registries, change: dict[str, Any], field: str, found: str
) -> None:
    path = tmp_path / "rows.yaml"
    path.write_text(yaml.safe_dump({"rows": [{**GOOD, **change}]}, sort_keys=False))
    with pytest.raises(CaudalError) as caught:
        load_rows(path, registries)
    assert re.search(rf"rows\.yaml:\d+ field '{re.escape(field)}'$", caught.value.where)
    assert found in caught.value.found


def test_a_claim_alone_represents_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rows.yaml"
    row = {**GOOD, "status": "represented", "represented_by": ["claim:a000-quiet-requests"]}
    path.write_text(yaml.safe_dump({"rows": [row]}, sort_keys=False))
    with pytest.raises(CaudalError, match="'represented' without a reference"):
        load_rows(path)


def test_a_row_told_twice_is_refused(tmp_path: Path, registries: Registries) -> None:
    path = tmp_path / "rows.yaml"
    path.write_text(yaml.safe_dump({"rows": [GOOD, GOOD]}))
    with pytest.raises(CaudalError, match="'0-01' twice"):
        load_rows(path, registries)


def test_command_filters_by_article_and_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["articles", "--article", "2", "--status", "partly", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["rows"]
    assert {row["article"] for row in printed["rows"]} == {"2"}
    assert {row["status"] for row in printed["rows"]} == {"partly"}
    assert all(row["why"] and row["why_es"] for row in printed["rows"])
    assert [article["outlet"] for article in printed["articles"]] == [
        "World Socialist Web Site (WSWS)"
    ]
    assert printed["counts"][-1]["total"] == len(printed["rows"])


def test_command_prints_a_table_with_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["articles", "--article", "x"]) == 0
    printed = capsys.readouterr().out
    assert "x-5" in printed
    assert "not represented" in printed


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--status", "done"], "caudal: --status: 'done'; allowed: represented, partly, not yet"),
        (["--article", "9"], "caudal: --article: '9'; allowed: 0, 1, 2, 3, 4, x"),
    ],
)
def test_command_refuses_what_it_does_not_know(
    words: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["articles", *words]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(line)
    assert printed.err.count("\n") == 1
