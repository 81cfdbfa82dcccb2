"""The baseline run's numbers, frozen on purpose: a change that moves them must say so."""

from __future__ import annotations

import pandas as pd
import pytest
from freeze import FILE, frozen, numbers

pytestmark = pytest.mark.baseline

HOW = "if that was meant: python tests/baseline/freeze.py, and a `regression:` changelog fragment"


def test_the_baseline_run_gives_the_frozen_numbers() -> None:
    """Within half a per cent and five people: other machines round differently."""
    assert FILE.exists(), "not frozen yet: python tests/baseline/freeze.py"
    old, new = frozen(), numbers()
    assert list(old.index) == list(new.index), HOW
    assert list(old.columns) == list(new.columns), HOW
    far = (new - old).abs() > 0.005 * old.abs() + 5
    moved = pd.DataFrame({"frozen": old[far].stack(), "now": new[far].stack()}).dropna()
    assert moved.empty, f"{HOW}\n{moved.head(10).to_string()}"
