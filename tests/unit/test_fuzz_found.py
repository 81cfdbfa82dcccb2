"""What fuzzing found (docs/faults.md): each input is told in one clear error, or read."""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from fuzz_mutate import HOSTILE, KINDS, mutate

from caudal.ask import movements
from caudal.ask.reading.lexicon import read_lexicon
from caudal.ask.reading.numbers import worth
from caudal.compute import posterior
from caudal.compute.files import Unreadable, read_arrays
from caudal.compute.store import kept
from caudal.corridor.policies import law
from caudal.corridor.sources import ohss
from caudal.data import store, validate
from caudal.data.checks import bounds, load_checkpoints
from caudal.data.package import DESCRIPTOR, read_descriptor, read_table
from caudal.engine.priors import load as read_priors
from caudal.errors import CaudalError
from caudal.forecast import past, skill
from caudal.policy.marks import DEEPEST, parse_yaml
from caudal.policy.scenario import read_scenario

pytestmark = pytest.mark.unit

LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(22)
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[" * 200_000, "x:1: nested too deep"),  # libyaml's own reader ends the process
        ("{a: " * 5_000, "nested too deep"),
        ("- " * 5_000, "nested too deep"),
        ("\n".join(" " * i + "k:" for i in range(3_000)), "nested too deep"),
        ("a: &a [*a]", "nested too deep"),
        (LAUGHS, "too many values"),
        ("a: \udce1", "not UTF-8 text"),
        ("name: x\nday: !!timestamp x", "x:2 field 'day': 'x' is no date"),
        ("n: !!int x", "'x' is no int; allowed: a plain value"),
        ("n: 1" + "0" * 5_000, "is no int"),
        ("n: !!int ", "'' is no int; allowed: a plain value"),
        ("day: 2024-01-01 25:00:00", "is no date"),
    ],
    ids=range(12),
)
def test_documents_that_broke_the_reader(text, told):
    with pytest.raises(CaudalError) as problem:
        parse_yaml(text, "x")
    assert told in str(problem.value)


def test_a_document_as_deep_as_allowed_is_read():
    text = "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)
    assert parse_yaml(text, "x")[0]
    assert parse_yaml("note: '" + "[" * 500 + "'", "x")[0] == {"note": "[" * 500}


@pytest.fixture
def whole(tmp_path):
    path = tmp_path / "a.npz"
    np.savez_compressed(path, a=np.arange(600.0), about=np.zeros(3))
    return path


def _packed(path, name, head):
    """The same file, one member's head replaced and packed again with a right checksum."""
    with zipfile.ZipFile(path) as file:
        parts = {n: file.read(n) for n in file.namelist()}
    old, new = head
    parts[name] = parts[name].replace(old, new, 1)
    with zipfile.ZipFile(path, "w") as file:
        for n, data in parts.items():
            file.writestr(n, data)


@pytest.mark.parametrize(
    "head",
    [
        (b"(600,)", b"(6000000000000,)"),  # MemoryError
        (b"(600,)", b"(600, "),  # tokenize.TokenError
        (b"<f8", b"|O8"),
        (b"\x93NUMPY", b"\x93NUMPX"),  # bytes instead of an array
    ],
)
def test_arrays_whose_head_is_spoilt(whole, head):
    _packed(whole, "a.npy", head)
    with pytest.raises(Unreadable):
        read_arrays(whole)
    with pytest.raises(CaudalError, match="run `caudal fit`"):
        posterior.load(whole)


def test_every_flipped_byte_of_an_array_file_is_seen_or_harmless(whole):
    good, data = read_arrays(whole), whole.read_bytes()
    for at in range(0, len(data), 3):
        whole.write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
        try:
            found = read_arrays(whole)
        except Unreadable:
            continue
        assert all(np.array_equal(found[k], good[k]) for k in good)


def test_a_stage_that_is_spoilt_in_any_way_is_made_anew(tmp_path):
    make = lambda: {"a": np.arange(300.0)}  # noqa: E731
    kept(tmp_path, "round", {"k": 1}, make)
    (path,) = tmp_path.iterdir()
    data = path.read_bytes()
    for at in range(0, len(data), 11):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x41]) + data[at + 1 :])
        assert np.array_equal(kept(tmp_path, "round", {"k": 1}, make)["a"], np.arange(300.0))


def test_a_map_that_is_spoilt(tmp_path):
    found = movements.Movements(
        ("all",), ("x",), ("2020-01",), np.ones((1, 1, 1, 5), np.float32), {"a": 1}
    )
    path = tmp_path / "m.zip"
    movements.write(found, path, ())
    data, refused = path.read_bytes(), 0
    for at in range(0, len(data), 5):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x08]) + data[at + 1 :])
        try:
            again = movements.read(path)
        except CaudalError:
            refused += 1
            continue
        assert again.who == ("all",)
    assert refused > 20


@pytest.mark.parametrize(
    "text",
    ["", "null", "- 1", "m: 1", "m: {p: 1}", "m: {p: {prior: {normal: [x, 1]}, unit: a, source: b}}",
     "m: {p: {prior: {}, unit: a, source: b}}", "m: {p: {prior: [1], unit: a, source: b}}",
     "m: {p: {prior: {normal: [1" + "0" * 400 + ", 1]}, unit: a, source: b}}", "a: 1" + "0" * 5000],
)  # fmt: skip
def test_priors_that_are_none(tmp_path, text):
    path = tmp_path / "p.yaml"
    path.write_text(text)
    with pytest.raises(CaudalError, match=r"p\.yaml"):
        read_priors(path, {})


def test_checkpoints_that_are_none(tmp_path):
    path = tmp_path / "c.yaml"
    for data in (b"checkpoints: [1]", b"\xb2", b"checkpoints: {a: 2024-01-01 25:00:00}", b"[]"):
        path.write_bytes(data)
        with pytest.raises(CaudalError, match="no list of checkpoints"):
            load_checkpoints(path)


def test_numbers_that_cannot_be_held_and_weights_that_are_none(tmp_path):
    path = tmp_path / "w.yaml"
    path.write_text("topics: [{cues: {figures: [a]}}]\nnouns: {}\ngroups: {}\nplaces: {}")
    with pytest.raises(CaudalError, match=r"w\.yaml:1 field"):
        read_lexicon(path)
    text = "name: a\ntitle: {en: a, es: a}\npolicies: {us-title-42: {scale: 1" + "0" * 400 + "}}"
    with pytest.raises(CaudalError, match="no number that can be held"):
        read_scenario(text, []).law(law())
    with pytest.raises(CaudalError, match="shift_days"):
        law().overlaid({"us-chnv-parole": {"shift_days": 10**40}})


def test_a_scenario_extends_no_name_that_no_file_could_have(tmp_path):
    text = "name: a\ntitle: {en: a, es: a}\nextends: " + "a" * 4_000
    with pytest.raises(CaudalError, match="unknown scenario"):
        read_scenario(text, [tmp_path])


def test_words_that_are_no_number_and_no_period():
    assert worth("1.000,5", ",") is None
    assert worth("1.2.3", ".") is None
    for text in ("FY" + "9" * 40, "9" * 40, "FY0"):
        with pytest.raises(CaudalError, match="FY2021"):
            bounds(text)


def test_a_name_of_a_series_is_never_a_way_to_a_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CAUDAL_DATA", str(tmp_path / "data"))
    other = tmp_path / "data" / "other" / "v"
    other.mkdir(parents=True)
    (other / DESCRIPTOR).write_text("not JSON")
    for name in ("../other", "x" * 5_000, "a\0b", ""):
        with pytest.raises(CaudalError, match="series"):
            store.vintages(name)


def test_a_vintage_whose_writing_was_stopped_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setenv("CAUDAL_DATA", str(tmp_path))
    half = tmp_path / "vintages" / "us.courts" / ".2026-01-01-abc-xyz"
    half.mkdir(parents=True)
    (half / DESCRIPTOR).write_text('{"resources": [')
    assert [v.is_users for v in store.vintages("us.courts")] == [False]


@pytest.mark.parametrize("text", ["[]", "{}", '{"resources": [{"name": "x"}]}', "[" * 100_000])
def test_a_descriptor_that_is_none(tmp_path, text):
    (tmp_path / DESCRIPTOR).write_text(text)
    with pytest.raises(CaudalError, match=DESCRIPTOR):
        read_descriptor(tmp_path)


def test_a_table_that_is_not_what_its_description_says(tmp_path):
    resource = next(r for r in store._described(store.package_folder())["resources"]
                    if r["name"] == "us.courts")  # fmt: skip
    good = (store.package_folder() / resource["path"]).read_bytes()
    for data in (good[:-9], b"", gzip.compress(b""), gzip.compress(b"a,b\n1\n2,3,4\n")):
        (tmp_path / "t").write_bytes(data)
        told = {**resource, "path": "t", "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        with pytest.raises(CaudalError, match="not what its description says"):
            read_table(tmp_path, told)
    (tmp_path / "t").write_bytes(good)
    told = json.loads(json.dumps({**resource, "path": "t"}))
    told["caudal:provenance"]["unknown"] = 1
    with pytest.raises(CaudalError, match="not what its description says"):
        read_table(tmp_path, told)


def test_tables_that_are_none(tmp_path):
    for name in skill.TABLES:
        (tmp_path / f"{name}.csv").write_bytes(b"a,b\n1,2,3\n\xff")
    with pytest.raises(CaudalError, match="not readable as a table"):
        skill.read(tmp_path)
    table = pd.DataFrame({"target": ["x"], "cell": ["a"], "learned_to": ["2020-01"]})
    past.write(tmp_path, table)
    path = tmp_path / past.NAME
    path.write_bytes(path.read_bytes()[:-6])
    with pytest.raises(CaudalError, match="not readable as a table"):
        past.read(tmp_path)


def test_a_workbook_whose_sheet_is_spoilt(tmp_path):
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name in ohss.SHEETS:
        book.create_sheet(name).append(["Fiscal Year", "Month", "Total"])
    path = tmp_path / "o.xlsx"
    book.save(path)
    _packed(path, "xl/worksheets/sheet1.xml", (b"<sheetData>", b"<sheetData><row <"))
    with pytest.raises(CaudalError, match="not readable"):
        ohss.read_monthly_tables(path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_of_the_mutations_gives_the_same_inputs(kind, whole):
    import random

    data = whole.read_bytes() if kind == "archive" else b"name: x\nday: 2024-01-01\n"
    made = [[mutate(data, kind, random.Random(n), data) for n in range(30)] for _ in (1, 2)]
    assert made[0] == made[1]
    assert len(set(made[0])) > 15
    assert len(set(HOSTILE)) == len(HOSTILE)


@pytest.mark.parametrize("day", ["4046-10-01", "1677-01-01", "0001-01-01", "9999-12-31"])
def test_days_beyond_what_a_table_can_hold_are_told(day):
    rows = validate.Table(pd.DataFrame({"date": ["2024-01-01", day]}), had_bom=False, lines=(2, 3))
    with pytest.raises(CaudalError, match=f"'{day}'; allowed: a date such as 2023-12-01"):
        validate.days(rows, "date", "publication.csv")


def test_a_series_without_a_month_is_told():
    with pytest.raises(CaudalError, match="no rows with a month"):
        validate.contiguous(pd.Series([pd.NaT], dtype="datetime64[ns]"), "publication.csv")
