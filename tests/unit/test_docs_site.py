"""What the documentation site does to the Markdown; `make docs` builds it whole, strictly."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

pytestmark = pytest.mark.unit

hook = pytest.importorskip("docs_hook", reason="needs the extra docs: pip install 'caudal[docs]'")


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://127.0.0.1:8000/", True),
        ("mailto:someone@example.org", True),
        ("https:/example.org", False),
        ("https://exa mple.org", False),
        ("https://example", False),
        ("ftp://example.org", False),
        ("https://example.org:port/", False),
        ("mailto:someone", False),
    ],
)
def test_addresses_are_looked_at(address: str, good: bool) -> None:
    assert hook.sound(address) is good


def told(markdown: str, name: str, monkeypatch) -> tuple[str, list[str]]:
    said: list[str] = []
    monkeypatch.setattr(hook.LOG, "warning", lambda text, *of: said.append(text % of))
    page = SimpleNamespace(file=SimpleNamespace(src_uri=name))
    return hook.on_page_markdown(markdown, page=page), said


def test_a_link_out_of_docs_becomes_a_path(monkeypatch) -> None:
    given = "See [the rule](../../pyproject.toml#x) and [this](../model.md)."
    text, said = told(given, "decisions/a.md", monkeypatch)
    assert text == "See the rule (`pyproject.toml`) and [this](../model.md)."
    assert said == []
    page, _ = told("[how](../../CONTRIBUTING.md#style)", "decisions/a.md", monkeypatch)
    assert page == "[how](../contributing.md#style)"
    same, _ = told("[`LICENSE`](../LICENSE)", "a.md", monkeypatch)
    assert same == "`LICENSE`"


def test_a_dead_link_and_a_bad_address_are_told(monkeypatch) -> None:
    _, said = told(
        "[gone](../nowhere.py), [bad](https:/x), [up](../../../etc)", "a.md", monkeypatch
    )
    assert len(said) == 3
    assert "'../nowhere.py' leads nowhere in the repository" in said[0]


def test_code_is_left_alone(monkeypatch) -> None:
    block = "```md\n[gone](../nowhere.py)\n```\n"
    assert told(block, "a.md", monkeypatch) == (block, [])


def test_a_page_that_loads_from_elsewhere_is_told(monkeypatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(hook.LOG, "warning", lambda text, *of: said.append(text % of))
    page = SimpleNamespace(file=SimpleNamespace(src_uri="a.md"))
    hook.on_post_page('<script src="https://cdn.example.org/x.js"></script>'
                      '<a href="https://example.org">link</a><img src="a.png">', page=page)  # fmt: skip
    assert said == ["a.md: loads 'https://cdn.example.org/x.js' from another site"]


def test_folders_and_pages_to_come_are_filled_in(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(hook, "DOCS", tmp_path)
    (tmp_path / "guides").mkdir()
    for name in ("b.md", "a.md", "first.md"):
        (tmp_path / "guides" / name).write_text("# x", encoding="utf-8")
    (tmp_path / "there.md").write_text("# x", encoding="utf-8")
    nav = [{"Start": ["guides/first.md", "(there.md)", "(gone.md)"]}, {"Guides": "guides/*"},
           {"None": "none/*"}, {"One": "one.md"}]  # fmt: skip
    config = hook.on_config(SimpleNamespace(nav=nav, mdx_configs={}))
    assert config.nav == [
        {"Start": ["guides/first.md", "there.md"]}, {"Guides": ["guides/a.md", "guides/b.md"]},
        {"One": "one.md"},
    ]  # fmt: skip


def test_a_notebook_becomes_a_page_with_its_outputs(tmp_path: Path, monkeypatch) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "Words."]},
        {"cell_type": "code", "source": "print(1)", "outputs": [
            {"output_type": "stream", "text": ["1\n", "```\n"]},
            {"output_type": "display_data",
             "data": {"image/svg+xml": "<svg/>", "text/plain": "a chart"}},
            {"output_type": "execute_result", "data": {"text/plain": "2", "text/html": "<b>2</b>"}},
            {"output_type": "error", "ename": "CaudalError", "evalue": "no", "traceback": []},
        ]},
    ]  # fmt: skip
    path = tmp_path / "one.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    text, pictures = hook.docs_notebooks.rendered(path)
    assert text.startswith("# Title\n\n*A notebook")
    assert "```python\nprint(1)\n```\n\n````text\n1\n```\n````\n\n![a chart](one-1.svg)" in text
    assert "```text\n2\n```\n\n```text\nCaudalError: no\n```" in text
    assert pictures == {"one-1.svg": b"<svg/>"}
    monkeypatch.setattr(hook, "DOCS", tmp_path)
    assert told("[it](one.ipynb#title)", "a.md", monkeypatch) == ("[it](one.md#title)", [])


def test_pages_made_of_the_repositorys_own_files_lead_back_into_docs() -> None:
    assert "](glossary.md)" in hook._contributing()
    assert "](../changes/README.md)" in hook._contributing()
    page = hook._changelog()
    assert page.startswith("# Changelog")
    assert "](docs/" not in page


@pytest.mark.gate
def test_the_site_is_built_strictly_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=hook.ROOT,
        env=os.environ | {"PYTHONPATH": f"{hook.ROOT}/scripts", "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 80
    for page in pages:
        styles = re.findall(r'@import\s+"(\S+)"|url\((https?:[^)]+)\)', page.read_text("utf-8"))
        assert styles == [], page.name
