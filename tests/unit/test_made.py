"""The parts of docs/ made from code, data and tables are current, and cover what is public."""

from __future__ import annotations

import re
from pathlib import Path

import contract
import made
import made_reference
import pytest

import caudal

pytestmark = pytest.mark.unit

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_committed_parts_are_current() -> None:
    assert made.stale() == [], "run: python scripts/made.py"


def test_every_part_stands_on_a_page() -> None:
    texts = [p.read_text("utf-8") for p in (made.ROOT / "README.md", *DOCS.rglob("*.md"))]
    there = {name for text in texts for name in re.findall(r"<!-- made: (\S+)", text)}
    assert there == set(made.PARTS)


def test_a_changed_part_is_found_and_written_anew(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(made, "ROOT", tmp_path)
    monkeypatch.setattr(made, "DOCS", tmp_path)
    (tmp_path / "README.md").write_text("nothing made", encoding="utf-8")
    monkeypatch.setattr(made, "PARTS", {"one": lambda: "as it is"})
    page = tmp_path / "page.md"
    page.write_text("before\n\n<!-- made: one -->\nold\n<!-- made -->\n\nafter\n", encoding="utf-8")
    assert made.stale() == ["page.md"]
    assert made.main(["--check"]) == 1
    assert made.main([]) == 0
    assert page.read_text("utf-8") == (
        "before\n\n<!-- made: one -->\n\nas it is\n\n<!-- made -->\n\nafter\n"
    )
    assert made.main(["--check"]) == 0


def test_every_public_python_name_has_its_entry() -> None:
    text = (DOCS / "reference" / "python.md").read_text("utf-8")
    entries = set(re.findall(r"^## `(caudal\.\S+)`$", text, re.MULTILINE))
    promised = {n for n, e in contract.read()["python"].items() if e["state"] == "available"}
    assert {f"caudal.{name}" for name in caudal.__all__} | promised == entries
    assert entries == set(made_reference.names())


def test_every_command_and_option_has_its_entry() -> None:
    text = (DOCS / "reference" / "commands.md").read_text("utf-8")
    parts = dict(part.split("\n", 1) for part in text.split("\n## ")[1:])
    assert sorted(parts) == sorted(f"caudal {words}" for words in contract.commands())
    for words in contract.commands():
        told = contract.usage(contract.command(words))
        for name in (*told["options"], *told["arguments"]):
            assert f"`{name}`" in parts[f"caudal {words}"], (words, name)
        rows = [r for r in parts[f"caudal {words}"].splitlines() if r.startswith("| `")]
        assert all(row.split("|")[2].strip() for row in rows), f"{words}: an option without a word"


def test_every_column_of_every_series_has_a_meaning() -> None:
    text = (DOCS / "reference" / "series.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\S+)` \| (\w+) \| (.*) \|$", text, re.MULTILINE)
    assert len(rows) > 200
    assert [name for name, _, meaning in rows if not meaning.strip()] == []


def test_python_names_and_terms_are_whole_in_both_languages() -> None:
    levers = (DOCS / "reference" / "levers.md").read_text("utf-8")
    variables = (DOCS / "reference" / "variables.md").read_text("utf-8")
    for text, english, spanish in ((levers, 2, 3), (variables, 4, 5)):
        rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| `")]
        assert len(rows) > 60
        assert all(row[english - 1].strip() and row[spanish - 1].strip() for row in rows)
