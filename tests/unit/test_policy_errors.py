"""Each malformed input has a fixture, and the one line it must give."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from caudal.corridor.policies import VOCABULARY, levers
from caudal.errors import CaudalError
from caudal.policy import Law, LeverRegistry
from caudal.policy.marks import parse_yaml

pytestmark = pytest.mark.unit

BROKEN = Path(__file__).parent.parent / "fixtures/policies/broken"
EXPECTED = yaml.safe_load((BROKEN / "expected.yaml").read_text(encoding="utf-8"))


def test_every_fixture_has_a_message():
    assert set(EXPECTED) == {p.name for p in BROKEN.iterdir() if p.is_dir()}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_refused_in_one_clear_line(name, monkeypatch):
    monkeypatch.chdir(BROKEN / name)
    with pytest.raises(CaudalError) as raised:
        Law.load(".", levers(), VOCABULARY)
    assert str(raised.value) == EXPECTED[name]
    assert "\n" not in str(raised.value)


def test_missing_folder_is_refused(tmp_path):
    with pytest.raises(CaudalError, match="no such folder"):
        Law.load(tmp_path / "nowhere", levers(), VOCABULARY)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a.b: 3\n", "not a mapping"),
        (
            "a.b: {unit: u, range: [0, 1], rule: any, meaning: {en: A, es: B}}\n",
            "'default' missing",
        ),
        (
            "a.b: {unit: u, range: [1, 0], default: 0, rule: any, meaning: {en: A, es: B}}\n",
            "lowest above highest",
        ),
        (
            "a.b: {unit: u, range: [0, 1], default: 2, rule: any, meaning: {en: A, es: B}}\n",
            "2 outside the lever's range; allowed: 0 to 1",
        ),
        (
            "a.b: {unit: u, range: [0, 1], default: 0, rule: most, meaning: {en: A, es: B}}\n",
            "unknown rule 'most'",
        ),
        (
            "a.b: {unit: u, range: [0, 1], default: 0, rule: any, dims: [unt],"
            " meaning: {en: A, es: B}}\n",
            "unknown axis 'unt'; allowed: 'unit' is the nearest name",
        ),
        (
            "a.b: {unit: u, range: [0, 1], default: 0, rule: any, dims: [unit],"
            " default_where: [{who: {unit: [familie]}, value: 1}], meaning: {en: A, es: B}}\n",
            "unknown unit 'familie'",
        ),
    ],
)
def test_lever_registry_refuses(text, message, tmp_path):
    file = tmp_path / "levers.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CaudalError) as raised:
        LeverRegistry.load(file, VOCABULARY)
    assert message in str(raised.value)
    assert "levers.yaml:1" in str(raised.value)


def test_marks_name_the_line_of_the_nearest_written_parent():
    _, marks = parse_yaml("who:\n  unit: [a]\ndesign:\n  x:\n    - {from: 2020-01-01}\n", "f.yaml")
    assert marks.where(("who", "unit")) == "f.yaml:2 field 'who.unit'"
    assert marks.where(("design", "x", 0, "source")) == "f.yaml:5 field 'design.x[0].source'"
    assert marks.at(("design",)).where(("x", 0)) == "f.yaml:5 field 'x[0]'"


def test_a_byte_order_mark_is_no_fault(tmp_path):
    text = (BROKEN / "misspelt-lever/example.yaml").read_text(encoding="utf-8")
    good = text.replace("mx.acceptence", "mx.acceptance")
    (tmp_path / "example.yaml").write_text(good, encoding="utf-8-sig")
    assert list(Law.load(tmp_path, levers(), VOCABULARY)) == ["example"]
