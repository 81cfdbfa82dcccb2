"""What the documents name is there: commands with their options, imports, files."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import contract
import pytest

from caudal.cli import VERBS

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMAND = re.compile(r"(?:^\s*(?:\$ )?|`)(?:\.venv/bin/)?caudal ([a-z][^`\n|]*)", re.MULTILINE)
ROOMS = "src tests scripts docs benchmarks examples changes"


def lines() -> list[tuple[str, str]]:
    """Every command line of the documents, as (page, what follows `caudal`)."""
    out = []
    for page in PAGES:
        text = page.read_text("utf-8").replace("\\\n", " ")
        name = page.relative_to(ROOT).as_posix()
        out += [(name, found.split(" #")[0].strip()) for found in COMMAND.findall(text)]
    return out


def test_commands_and_their_options_exist() -> None:
    promised = contract.read()["commands"].items()
    planned = {words for words, entry in promised if entry["state"] == "planned"}
    listed, wrong = lines(), []
    assert len(listed) > 150
    for page, line in listed:
        words = [word.strip("`,.;:)") for word in line.split()]
        if words[0] in planned:
            continue
        if words[0] not in VERBS:
            wrong.append((page, line))
            continue
        family = " ".join(words[:2])
        found = contract.command(family) or contract.command(words[0])
        options = set(re.findall(r"(?<!\S)(--[a-z][a-z-]*)", line)) - {"--help"}
        if options - set(contract.usage(found)["options"]):
            wrong.append((page, line))
    assert wrong == []


def holds(module: str, name: str) -> bool:
    """Whether a module of the source has a name or a submodule, told without importing it."""
    place = ROOT / "src" / Path(*module.split("."))
    file = place.with_suffix(".py") if place.with_suffix(".py").is_file() else place / "__init__.py"
    within = file.is_file() and re.search(rf"\b{name}\b", file.read_text("utf-8")) is not None
    return within or (place / name).is_dir() or (place / f"{name}.py").is_file()


def test_python_of_the_documents_is_python_and_imports_what_there_is() -> None:
    asked = []
    for page in PAGES:
        for block in re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S):
            for node in ast.walk(ast.parse(block, str(page))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("caudal"):
                    asked += [(page.name, str(node.module), one.name) for one in node.names]
    assert len(asked) > 20
    assert [one for one in asked if not holds(*one[1:])] == []


def test_files_that_are_named_exist() -> None:
    lost = []
    for page in PAGES:
        text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.M | re.S)
        for path in re.findall(rf"`((?:{ROOMS.replace(' ', '|')})/[\w./*-]+)`", text):
            if not re.search(r"NAME|MECHANISM|YOUR|\*", path) and not (ROOT / path).exists():
                lost.append((page.relative_to(ROOT).as_posix(), path))
    assert lost == []
