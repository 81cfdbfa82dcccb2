"""The list of published figures as it was frozen before the whole corridor was first fitted.

A changed value, period, quantity or error moves the digest: that is allowed only for a mistake in the
list, in a change that names it (docs/headlines.md, rule 8). What is *used*, and the reasons of
misses, may be added later and are left out here; nothing used at freezing may become unused.
"""

from __future__ import annotations

import hashlib
import json

import pytest

from caudal.corridor.headlines import load

pytestmark = pytest.mark.baseline

FROZEN = "59e6feafb4bd1d3b"
USED = 123


def test_the_list_is_the_frozen_one() -> None:
    figures = load()
    kept = [
        [f.id, f.value, f.unit, f.period, f.quantity, f.error, f.source, f.derived] for f in figures
    ]
    text = json.dumps(kept, default=str, sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == FROZEN
    assert sum(f.used for f in figures) >= USED
