"""Made-up turns of policy, for the tests of what is said of them."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np

from caudal.forecast import stress_tables
from caudal.forecast.stress import Told

BEGINS = date(2020, 1, 1)
MONTHS, AHEAD, DRAWS, MEMBERS = 24, 8, 101, 20


def group(predictand, *cells):
    return SimpleNamespace(predictand=predictand, cells=cells)


def event(**changes):
    """A turn in May 2020: origin April, compared June and July with March and April."""
    told = {
        "id": "turn", "name": SimpleNamespace(en="A turn", es="Un giro"), "date": date(2020, 5, 12),
        "documents": ("one",), "before": (date(2020, 3, 1), date(2020, 4, 1)),
        "after": (date(2020, 6, 1), date(2020, 7, 1)), "hit": group("land", "A"),
        "spared": (group("land", "B"),), "scored": True, "rebound": None,
    }  # fmt: skip
    return SimpleNamespace(**told | changes)


def world(after=400.0, spread=0.3, effect=0.5, **changes) -> Told:
    """Cells A and B were counted 1000 each; the forecast of A is a half, what came is `after`."""
    counts = np.full((MONTHS, 2), 1000.0)
    counts[5:7, 0] = after
    steps = np.linspace(-1.645, 1.645, DRAWS) * spread
    draws = np.full((2, AHEAD, DRAWS), 1000.0)
    draws[0] = 500 * np.exp(steps)
    lacking = np.full((2, AHEAD, MEMBERS), 1000.0) + np.arange(MEMBERS)
    given = lacking.copy()
    given[0] = effect * (given[0] + stress_tables.FEW) - stress_tables.FEW
    return Told(
        event(**changes), BEGINS, {"land": ("A", "B")}, {"land": draws}, {"land": given},
        {"land": lacking}, {"land": counts},
    )  # fmt: skip
