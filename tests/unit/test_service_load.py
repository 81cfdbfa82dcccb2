"""Two hundred readers at once for a minute: no error, and an answer within 300 ms for 99 of 100."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from served import Served

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))

from service_load import load

pytestmark = [pytest.mark.unit, pytest.mark.slow, pytest.mark.gate]


def test_two_hundred_readers_are_served(tmp_path: Path):
    store = str(tmp_path / "store")
    with Served(tmp_path / "log", "--workers", "0", "--store", store) as served:
        served.ask("/levers")
        found = asyncio.run(load(served.root, readers=200, seconds=60.0))
    print(found)
    assert found["errors"] == 0, found
    assert found["ms_99"] <= 300, found
