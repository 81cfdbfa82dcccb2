"""The guides and the cookbook: every command in them exists, its options parse, its names are known."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from caudal.cli import VERBS, complete, load

pytestmark = pytest.mark.unit

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted(DOCS.glob("guides/*.md"))
NOTEBOOKS = sorted(DOCS.glob("cookbook/*.ipynb"))
PLACEHOLDER = re.compile(r"\b[A-Z]{3,}\b|…")
"""FILE, FOLDER, SERIES, …: what the reader puts in."""


def said(path: Path) -> str:
    """The text of a page, or of a notebook's Markdown."""
    text = path.read_text("utf-8")
    if path.suffix == ".md":
        return text
    cells = json.loads(text)["cells"]
    return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def lines(text: str) -> Iterator[str]:
    """Each `caudal …` of a fenced or indented block and of inline code, as one line."""
    text = text.replace("\\\n", " ")
    for block in re.findall(r"^```(?:console|bash|sh)\n(.*?)^```", text, re.M | re.S):
        yield from re.findall(r"^\$ (caudal .*)", block, re.M)
    yield from re.findall(r"^    (?:\.venv/bin/)?(caudal .*)", text, re.M)
    without = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    yield from (
        inline.replace("\n", " ") for inline in re.findall(r"(?<!`)`(caudal [^`]+)`(?!`)", without)
    )


def commands() -> list[tuple[str, str]]:
    return [(path.name, line) for path in [*PAGES, *NOTEBOOKS] for line in lines(said(path))]


def words(line: str) -> list[str]:
    """The words after `caudal`, up to a comment, a pipe or a redirection."""
    every = shlex.split(line, comments=True)[1:]
    ends = [i for i, word in enumerate(every) if word in {"|", ">", "2>", "<"}]
    return every[: ends[0]] if ends else every


def parsed(line: str) -> tuple[Any, dict[str, Any]]:
    """The command that `line` calls and what its parser makes of the rest; nothing is run."""
    verb, *rest = words(line)
    if verb.startswith("--"):
        return None, {}
    command = load(verb)
    while hasattr(command, "commands") and rest:
        command = command.commands[rest.pop(0)]
    if hasattr(command, "commands"):
        return command, {}
    parser = command.make_parser(command.context_class(command, info_name=verb))
    options, left, _ = parser.parse_args(args=list(rest))
    assert not left, f"{left} is no argument of it"
    return command, options


def test_there_are_guides_and_notebooks() -> None:
    assert {p.stem for p in PAGES} >= {
        "start", "planner", "analyst", "journalist", "researcher", "modeller", "operator",
    }  # fmt: skip
    assert len(NOTEBOOKS) >= 6
    assert len(commands()) > 60


@pytest.mark.parametrize(("page", "line"), commands())
def test_a_command_exists_and_its_options_parse(page: str, line: str) -> None:
    if words(line)[0] in {"--help", "--version", "--install-completion"}:
        return
    assert words(line)[0] in VERBS
    parsed(line)


def test_names_in_commands_are_known() -> None:
    known = {
        "scenario": set(complete.scenarios("")), "base": set(complete.scenarios("")),
        "scenarios": set(complete.scenarios("")), "scenario_a": set(complete.scenarios("")),
        "scenario_b": set(complete.scenarios("")), "series": set(complete.series("")),
        "policy": set(complete.policies("")), "claim": set(complete.claims("")),
        "mechanism": set(complete.mechanisms("")),
    }  # fmt: skip
    seen, wrong = 0, []
    for page, line in commands():
        if words(line)[0].startswith("--") or "did you mean" in line:
            continue
        for option, value in parsed(line)[1].items():
            given = value if isinstance(value, (list, tuple)) else [value]
            for one in (v for v in given if option in known and isinstance(v, str)):
                if PLACEHOLDER.search(one) or one.endswith((".yaml", ".yml")):
                    continue
                seen += 1
                if one not in known[option]:
                    wrong.append((page, line, one))
    # one command shows what a wrong name is told
    assert [(page, one) for page, _, one in wrong] == [("start.md", "title-42")]
    assert seen > 15


def test_a_wrong_option_would_be_noticed() -> None:
    with pytest.raises(Exception, match="--membres"):
        parsed("caudal run --membres 3")
    with pytest.raises(KeyError):
        parsed("caudal policies shwo us-title-42")


@pytest.mark.parametrize("path", [*PAGES, *NOTEBOOKS], ids=lambda p: p.name)
def test_a_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", said(path)):
        if target.startswith(("http", "#")):
            continue
        file = (path.parent / target.partition("#")[0]).resolve()
        assert file.exists(), target


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_a_guide_is_a_page(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 150


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_a_notebook_is_stored_executed_and_small(path: Path) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert any(cell["outputs"] for cell in code)
    assert all(cell["execution_count"] is None for cell in code)
    assert all(o["output_type"] != "error" for cell in code for o in cell["outputs"])
    assert path.stat().st_size < 60_000
