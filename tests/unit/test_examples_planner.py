"""The planner's scenarios: each changes the law after the last learned month, as its file says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from caudal.corridor import corridor
from caudal.policy.diff import diff

pytestmark = pytest.mark.unit

FOLDER = Path(__file__).parents[2] / "examples" / "planner"
LAST_LEARNED = date(2025, 5, 31)
SHUT = {"us.asylum.suspended", "us.port.asylum_closed"}
"""What the proclamation of January 2025 sets."""
SETS = {
    "appointments-again": {"us.appointments.daily", *SHUT},
    "expulsions-again": {"us.title42.expulsion"},
    "hurricane": {"event.disaster"},
}


def changed(name: str) -> list[dict[str, Any]]:
    here = corridor()
    base, other = (here.scenario(which).law(here.law) for which in ("baseline", name))
    return diff(base, other, date(2018, 1, 1), date(2027, 1, 1), here.labels())


@pytest.mark.parametrize("name", SETS)
def test_a_scenario_changes_only_what_is_to_come(name):
    rows = changed(str(FOLDER / f"{name}.yaml"))
    assert all(row["from"] > LAST_LEARNED for row in rows)
    assert {row["lever"] for row in rows} == SETS[name]


def test_returned_appointments_find_open_ports():
    """The shipped scenario keeps the ports shut, so that nobody is let in; the planner's opens them."""
    assert SETS["appointments-again"] >= SHUT
    assert not SHUT & {row["lever"] for row in changed("cbp-one-stays-2025")}
