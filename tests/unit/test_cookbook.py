"""The cookbook's notebooks run from their first cell to their last (minutes: make gate)."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = [pytest.mark.unit, pytest.mark.gate]

cookbook = pytest.importorskip("cookbook")


@pytest.mark.parametrize("path", cookbook.notebooks([]), ids=lambda p: p.stem)
def test_a_notebook_runs(path: Path) -> None:
    said = cookbook.executed(path)
    assert any(cell.get("outputs") for cell in said.cells)
