"""The list of published figures, its reader, and what of a run is set beside them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import caudal.corridor
from caudal.cli import main
from caudal.corridor.headlines import Figure, Rows, cites, load, quotes
from caudal.engine.priors import Prior
from caudal.errors import CaudalError
from caudal.policy.marks import read_yaml

pytestmark = pytest.mark.unit

HEAD = """whys: {fitted: {en: fitted, es: ajustada}, prior: {en: a prior, es: previa}}
caveats: {other: {en: other, es: otra}}
groups: {both: [a, b]}
documents: {"2": WSWS}
headlines:
"""
GOOD = """  - {id: one, source: "article:2-14", en: One, es: Una, value: 71000, unit: people,
     kind: count, error: 0.05, period: [2019-01-25, 2021-01-21],
     quantity: {of: mpp_returns, reduce: sum}, used: true, why: fitted}
"""


@pytest.fixture(scope="module")
def figures() -> tuple[Figure, ...]:
    return load()


# --- the list


def test_the_list_is_long_and_much_of_it_is_new_to_the_model(figures: tuple[Figure, ...]) -> None:
    assert len(figures) >= 200
    assert sum(not f.used for f in figures) >= 60
    assert {f.source.partition(":")[0] for f in figures} == {
        "article", "published_figures", "parameters",
    }  # fmt: skip


def test_every_entry_is_complete_in_both_languages(figures: tuple[Figure, ...]) -> None:
    for f in figures:
        assert f.name["en"] != f.name["es"], f.id
        assert all(f.why.values()) == f.used, f.id
        assert f.title, f.id
        assert date(2018, 1, 1) <= f.period[0] < f.period[1] <= date(2025, 6, 1), f.id
        assert f.low is None or f.error >= 0.05, f.id
    without = [f.id for f in figures if not f.url and not f.source.startswith("article:")]
    assert without == ["darien-2024-05-08", "mexico-events-2024"], "no address was handed over"


def test_an_error_follows_from_the_range_or_the_kind(figures: tuple[Figure, ...]) -> None:
    for f in figures:
        if f.low is not None and f.high is not None:
            expected = max(0.05, np.log(f.high / f.low) / (2 * 1.645))
        else:
            expected = 0.05 if f.kind == "count" else 0.2
        assert f.error == pytest.approx(expected, abs=6e-4), f.id


def test_names_are_told_apart_by_what_they_count_or_when(figures: tuple[Figure, ...]) -> None:
    for language in ("en", "es"):
        same: dict[str, set[str]] = {}
        for f in figures:
            same.setdefault(f.name[language], set()).add(repr((f.quantity, f.period)))
        assert all(len(v) == 1 for v in same.values()), language


def test_sources_are_rows_of_the_files_handed_over(figures: tuple[Figure, ...]) -> None:
    shared = Path(__file__).resolve().parents[3] / "shared"
    tables = {
        "published_figures": (shared / "data" / "published_figures.csv", "series"),
        "parameters": (shared / "facts" / "parameters.csv", "symbol"),
    }
    for path, _ in tables.values():
        if not path.is_file():
            pytest.skip(f"needs {path.relative_to(shared.parent)} beside the checkout: not shipped")
    rows = {
        name: set(pd.read_csv(path, dtype=str)[[key, "period"]].itertuples(index=False, name=None))
        for name, (path, key) in tables.items()
    }
    for f in figures:
        table, _, ref = f.source.partition(":")
        if table in rows:
            key, _, period = ref.rpartition("@")
            assert (key, period) in rows[table], f.id


def test_a_prior_that_names_the_row_makes_a_figure_used(tmp_path: Path) -> None:
    unused = GOOD.replace("used: true, why: fitted", "used: false").replace(
        "article:2-14", "parameters:t_cbpone@2024"
    )
    path = written(tmp_path, unused.replace("71000", "180"))
    centre = np.zeros(())
    prior = Prior("app_days", "normal", centre, 1.0, "days", "parameters.csv t_cbpone: 180")
    other = Prior("other", "normal", centre, 1.0, "days", "parameters.csv t_cbpone_else: 180")
    assert not load({"other": other}, path)[0].used
    found = load({"app_days": prior}, path)[0]
    assert found.used
    assert found.why["en"] == "a prior: app_days"


def test_a_number_that_a_prior_quotes_is_used_unless_it_is_round() -> None:
    assert quotes("TRAC: 29,148 were active", 29148.0)
    assert not quotes("TRAC: 129,148 were active", 29148.0)
    assert not quotes("a cap of 30,000 a month", 30000.0)
    assert not quotes("28 of 100", 28.0)


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ("parameters.csv rho_T42 0.27", "parameters:rho_T42@Jul 2021", True),
        ("parameters.csv rho_T42_bp 0.38", "parameters:rho_T42@Jul 2021", False),
        ("timeline, 0.27 of rho_T42", "parameters:rho_T42@Jul 2021", False),
        ("published_figures comar_total 2021", "published_figures:comar_total@2021", True),
        ("published_figures comar_total 2021", "published_figures:comar_total@2022", False),
        ("published_figures comar_total", "published_figures:comar_total@2022", True),
        ("article 2-14 of published_figures", "article:2-14", False),
    ],
)
def test_what_counts_as_naming_a_row(text: str, source: str, expected: bool) -> None:
    assert cites(text, source) is expected


# --- malformed lists


def written(folder: Path, entries: str) -> Path:
    path = folder / "list.yaml"
    path.write_text(HEAD + entries, encoding="utf-8")
    return path


def test_a_good_entry_is_read(tmp_path: Path) -> None:
    (one,) = load(None, written(tmp_path, GOOD))
    assert (one.value, one.title, one.used) == (71000.0, "WSWS", True)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("en: One, ", "", "no field 'en'"),
        ("es: Una", 'es: ""', "missing or not text"),
        ("value: 71000", "value: -3", "-3; allowed: a number above 0"),
        ("kind: count", "kind: guess", "'guess'; allowed: count, estimate, day"),
        ("kind: count", "kind: count, colour: red", "unknown field"),
        ("kind: count", "kind: count, low: 5, high: 2", "low and high, low first"),
        ("[2019-01-25, 2021-01-21]", "[2021-01-21, 2019-01-25]", "first day after"),
        ("reduce: sum", "reduce: total", "'total'; allowed: sum, per_day"),
        ("reduce: sum", "reduce: sum, dim: x", "unknown field"),
        ("{of: mpp_returns, reduce: sum}", "{ratio: [{of: x, reduce: sum}]}", "not two quantities"),
        ("{of: mpp_returns, reduce: sum}", "{reduce: sum}", "no single quantity"),
        ("article:2-14", "article:9-99", "no row '9-99'"),
        ("article:2-14", "parameters:mpp_N@2031", "no row 'mpp_N@2031'"),
        (
            "article:2-14",
            "parameters:mpp_N@Jan 2019-Jan 2021",
            "71000 is not the row's value 71036",
        ),
        ("article:2-14", "hearsay:1", "no table 'hearsay'"),
        ("why: fitted", "why: because", "'because'"),
        ("used: true, why: fitted", "used: true", "without a why"),
        ("why: fitted", "why: fitted, caveat: nope", "'nope'"),
        ("why: fitted", "why: fitted, reason: {en: x}", "a language is missing"),
    ],
)
def test_a_malformed_entry_is_refused_by_line(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in GOOD
    with pytest.raises(CaudalError) as error:
        load(None, written(tmp_path, GOOD.replace(old, new)))
    assert told in str(error.value)
    assert "list.yaml:" in error.value.where


def test_a_figure_told_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaudalError, match=r"list.yaml:9 field 'id': 'one' twice"):
        load(None, written(tmp_path, GOOD + GOOD))


def test_groups_are_written_out(tmp_path: Path) -> None:
    grouped = GOOD.replace("{of: mpp_returns,", "{of: mpp_returns, where: {area: both},")
    (one,) = load(None, written(tmp_path, grouped))
    assert one.quantity["where"] == {"area": ["a", "b"]}


def test_a_row_published_twice_is_told_apart_by_its_value() -> None:
    rows = Rows({})
    for value in (129585.0, 131448.0):
        found = rows.find("published_figures:comar_total@2021", value, False)
        assert isinstance(found, tuple), found
    assert isinstance(rows.find("published_figures:comar_total@2021", 1.0, False), str)


# --- faces


def test_the_list_is_shown_without_a_run(capsys: Any, figures: tuple[Figure, ...]) -> None:
    assert main(["headlines", "--list", "--unused", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    ids = {h["id"] for h in printed["headlines"]}
    assert ids <= {f.id for f in figures if not f.used}
    assert all(h["median"] is None for h in printed["headlines"])


def test_the_document_counts_what_the_file_holds(figures: tuple[Figure, ...]) -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "headlines.md").read_text("utf-8")
    assert f"published: {len(figures)} of them" in text
    whole = read_yaml(Path(caudal.corridor.__file__).parent / "headlines.yaml")[0]
    assert len(whole["headlines"]) == len(figures)
