"""docs/contract.json against the code: the available matches exactly, the planned is absent."""

from __future__ import annotations

import copy
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from caudal.cli import main

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("contract", ROOT / "scripts" / "contract.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


script = _script()
CONTRACT: dict[str, Any] = script.read()
EXAMPLES = [
    pytest.param(words, entry, id=words, marks=[pytest.mark.slow] if entry.get("slow") else [])
    for words, entry in CONTRACT["commands"].items()
    if entry["state"] == "available" and "example" in entry
]


def test_code_and_contract_agree() -> None:
    assert script.differences(CONTRACT) == []


def test_every_available_table_has_an_example_of_its_json() -> None:
    without = [
        words
        for words, entry in CONTRACT["commands"].items()
        if entry["state"] == "available" and "json" in entry and "example" not in entry
    ]
    assert without == []


@pytest.mark.parametrize(("words", "entry"), EXAMPLES)
def test_json_has_exactly_the_fields(
    words: str, entry: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(entry["example"]) in (0, 1), capsys.readouterr().err
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == {field.partition("[")[0] for field in entry["json"]}
    for field, names in entry["json"].items():
        value = printed[field.partition("[")[0]]
        if names == "*":  # the columns are those of the series asked for
            continue
        if not names:
            assert not isinstance(value, (list, dict)), f"caudal {words}: {field}"
            continue
        for row in value if field.endswith("[]") else [value]:
            assert set(row) == set(names), f"caudal {words}: {field}"


def test_first_fields_are_those_agreed() -> None:
    agreed = {
        ("headlines", "headlines[]"): "id value median lo50 hi50 lo90 hi90 used",
        ("skill", "skill[]"): "mode target horizon scale ratio lo hi cover50 cover90",
        ("claims check", "claims[]"): "id source kind verdict evidence",
        ("articles", "rows[]"): "id represented_by status",
        ("data check", "checks[]"): "id expected found ok",
    }
    for (words, field), names in agreed.items():
        assert set(names.split()) <= set(CONTRACT["commands"][words]["json"][field])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda c: c["articles"]["options"].append("--nope"), "caudal articles: options are"),
        (lambda c: c.pop("articles"), "caudal articles: not in the contract"),
        (lambda c: c["articles"].update(state="planned"), "exists, but the contract says planned"),
        (lambda c: c.update(nowhere=c["doctor"]), "caudal nowhere: does not exist"),
    ],
)
def test_a_difference_is_told(change: Any, told: str) -> None:
    altered = copy.deepcopy(CONTRACT)
    change(altered["commands"])
    before = set(script.differences(CONTRACT))
    new = [line for line in script.differences(altered) if line not in before]
    assert any(told in line for line in new), new


def test_a_changed_signature_is_told() -> None:
    altered = copy.deepcopy(CONTRACT)
    altered["python"]["caudal.errors.CaudalError"]["signature"] = "(where)"
    assert any("CaudalError" in line for line in script.differences(altered))
