"""The package knows no example: nothing in src imports what stands in examples."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]


def imported(path: Path) -> set[str]:
    """First parts of the modules that a file imports, written as statements or as text."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            names |= {
                str(a.value).partition(".")[0] for a in node.args if isinstance(a, ast.Constant)
            }
    return names


def test_nothing_in_src_imports_an_example():
    examples = {p.parent.name for p in (ROOT / "examples").glob("*/__init__.py")}
    assert examples
    found = {
        str(path.relative_to(ROOT)): both
        for path in (ROOT / "src").rglob("*.py")
        if any(name in path.read_text(encoding="utf-8") for name in examples)
        and (both := imported(path) & examples)
    }
    assert not found


def test_an_import_is_seen_however_it_is_written(tmp_path):
    for line in (
        "import strait.world",
        "from strait import corridor",
        "x.import_module('strait.a')",
    ):
        (tmp_path / "one.py").write_text(line)
        assert "strait" in imported(tmp_path / "one.py")
