"""The cookbook's notebooks run from their first cell to their last (minutes: make gate)."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = [pytest.mark.unit, pytest.mark.gate]

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "docs" / "cookbook").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_runs(path: Path) -> None:
    from cookbook import executed

    assert any(cell.get("outputs") for cell in executed(path).cells)
