"""What tests of several kinds ask for by name."""

from __future__ import annotations

import pytest

from caudal.engine import simulate


@pytest.fixture(params=[0, 1000], ids=["kernel", "arrays"])
def either_step(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once with the compiled kernel, once with the step in arrays, whatever the model's size."""
    monkeypatch.setattr(simulate, "FEW_PATHS", request.param)
