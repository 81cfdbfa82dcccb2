"""Ledgers: each kind of fault is one line with file, line, field and remedy."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from caudal.ask.claims import ledger
from caudal.ask.claims_new import new_ledger
from caudal.ask.claims_schema import read_ledger, read_ledgers, schema
from caudal.ask.claims_time import Period
from caudal.cli import main
from caudal.corridor import Corridor, corridor
from caudal.errors import CaudalError

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
GOOD = ROOT / "tests" / "fixtures" / "claims" / "good" / "t1.yaml"


@pytest.fixture(scope="module")
def here() -> Corridor:
    return corridor()


def changed(folder: Path, old: str, new: str) -> Path:
    text = GOOD.read_text(encoding="utf-8")
    assert old in text
    path = folder / "t1.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


FAULTS = [
    ("is: about, value: 100000", "is: about", "says", "'about' without its number"),
    (
        "reduce: sum}\n      period",
        "redduce: sum}\n      period",
        "redduce",
        "'reduce' is the nearest",
    ),
    ("period: 2021-02\n", "period: 2021-14\n", "period", "'2021-14' is no period"),
    ("what: starts", "what: begun", "what", "announced, ends, starts"),
    ("kind: trend", "kind: trendy", "kind", "'trend' is the nearest name"),
    ("kind: trend", "kind: cause", "claims[1]", "none of a cause"),
    ("id: t1-rose", "id: x-rose", "claims[1].id", "allowed: t1-…"),
    ("on: 2021-03", "on: 2022-03", "claims[0].on", "said 2022-03, printed 2021-03-17"),
    ("kind: figure", "kind: forecast", "claims[0].test", "a period that ends after it was made"),
    ("es: Unos cien mil", "zz: x", "text.zz", "allowed: en, es"),
    ("kind: figure", "kind: opinion", "claims[0]", "an opinion with a test"),
    ("told_by: our reading", "told_by: itself", "document", "no source"),
    ("published: 2021-03-17", "published: 2021-02-30", "published", "is no date"),
]
SUM = "{of: us.encounters.area, reduce: sum}\n      period"
NAMES = [
    (SUM, SUM.replace("area", "aera"), "test.quantity.of", "'us.encounters.area' is the nearest"),
    ("[HND]", "[Honduras]", "where.nationality", "unknown nationality 'Honduras'"),
    ("nationality: [HND]", "nation: [HND]", "where.nation", "'nationality' is the nearest"),
    ("us-title-42,", "us-title-24,", "after.policy", "'us-title-42' is the nearest"),
    ("no-hurricanes", "no-hurricane", "test.without", "'no-hurricanes' is the nearest"),
    ("of: encounters,", "of: encountered,", "outcome.of", "'encounters' is the nearest"),
    ("border_closing", "border_closed", "constants[0]", "'border_closing' is the nearest"),
    (SUM, SUM.replace("encounters.area", "bookouts"), "quantity.where", "its values overlap"),
    (SUM, SUM.replace("encounters.area", "children"), "quantity", "several columns of numbers"),
    (SUM, "{value: article-mpp-open}\n      period", "quantity.value", "what an article says"),
    (SUM, "{value: no-such-figure}\n      period", "quantity.value", "unknown figure"),
    ("period: 2021-02\n", "period: [2021-02-03, 2021-02-20]\n", "test.period", "whole months"),
]


@pytest.mark.parametrize(("old", "new", "field", "told"), FAULTS)
def test_a_fault_names_file_line_field_and_remedy(
    tmp_path: Path, old: str, new: str, field: str, told: str
) -> None:
    path = changed(tmp_path, old, new)
    with pytest.raises(CaudalError) as caught:
        read_ledger(path)
    text = str(caught.value)
    where, _, rest = text.partition(" field '")
    assert where.startswith(f"{path}:"), text
    assert int(where.rpartition(":")[2]) >= 1
    assert field in rest.partition("'")[0]
    assert told in text
    assert "allowed: " in text


@pytest.mark.parametrize(("old", "new", "field", "told"), NAMES)
def test_a_name_that_is_not_there(
    here: Corridor, tmp_path: Path, old: str, new: str, field: str, told: str
) -> None:
    path = changed(tmp_path, old, new)
    with pytest.raises(CaudalError) as caught:
        ledger(here, [path])
    text = str(caught.value)
    assert text.startswith(f"{path}:"), text
    assert field in text.partition(" field '")[2].partition("'")[0], text
    assert told in text


def test_ids_stand_once(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(GOOD.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(CaudalError, match="'t1' also in"):
        read_ledgers([tmp_path])


def test_folders_without_a_ledger(tmp_path: Path) -> None:
    with pytest.raises(CaudalError, match="no ledger in it"):
        read_ledgers([tmp_path])
    with pytest.raises(CaudalError, match="no such folder"):
        read_ledgers([tmp_path / "gone"])


def test_the_schema_is_the_one_in_docs() -> None:
    shipped = json.loads((ROOT / "docs" / "claims.schema.json").read_text(encoding="utf-8"))
    assert schema() == shipped


def test_a_new_ledger_is_well_written_and_never_overwrites(here: Corridor, tmp_path: Path) -> None:
    path = new_ledger(tmp_path / "My notes.yaml", date(2024, 5, 1))
    entries = ledger(here, [path])
    assert {e.document.id for e in entries} == {"my-notes"}
    assert {e.claim.kind for e in entries} == {"figure", "trend", "cause", "opinion"}
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(CaudalError, match="is there already"):
        new_ledger(path, date(2024, 5, 1))
    assert path.read_text(encoding="utf-8") == "mine"
    with pytest.raises(CaudalError, match="a name that ends in"):
        new_ledger(tmp_path / "notes.txt", date(2024, 5, 1))
    with pytest.raises(CaudalError, match="a writable folder"):
        new_ledger(tmp_path / "gone" / "notes.yaml", date(2024, 5, 1))
    assert [p.name for p in tmp_path.iterdir()] == ["My notes.yaml"]


@pytest.mark.parametrize(
    ("written", "start", "end", "months"),
    [
        ("2021-02", date(2021, 2, 1), date(2021, 3, 1), 1),
        ("FY2023", date(2022, 10, 1), date(2023, 10, 1), 12),
        (2023, date(2023, 1, 1), date(2024, 1, 1), 12),
        (["2020-11", "2021-01"], date(2020, 11, 1), date(2021, 2, 1), 3),
        (date(2021, 12, 31), date(2021, 12, 31), date(2022, 1, 1), None),
    ],
)
def test_periods(written: object, start: date, end: date, months: float | None) -> None:
    period = Period.parsed(written)
    assert (period.start, period.end) == (start, end)
    if months is not None:
        assert period.months == months


@pytest.mark.parametrize("written", ["2021-2", "FY2021-03", "soon", ["2021-03", "2021-02"], [2021]])
def test_what_is_no_period(written: object) -> None:
    with pytest.raises(ValueError, match="allowed"):
        Period.parsed(written)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["list", "--kind", "joke"], "--kind: unknown 'joke'"),
        (["list", "--document", "t2"], "--document: unknown 't2'"),
        (["list", "--verdict", "true"], "--verdict: unknown 'true'"),
        (["list", "--lang", "fr"], "--lang: unknown language 'fr'"),
        (["show", "t1-rise"], "unknown claim 't1-rise'"),
        (["check", "--known", "yesterday"], "--known: 'yesterday' is no date"),
    ],
)
def test_what_is_asked_wrongly(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["claims", *words, "--ledger", str(GOOD.parent)]) == 2
    assert told in capsys.readouterr().err
