"""Shipped scenarios: the corridor's real history (`baseline`) and what-ifs over it."""

from __future__ import annotations

from pathlib import Path

from caudal.policy import Scenario, load_scenario
from caudal.policy.scenario import scenario_names

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """Names of the shipped scenarios."""
    return scenario_names([FOLDER])


def scenario(name_or_path: str | Path) -> Scenario:
    """A shipped scenario by name, or one of the user's own by its path (`….yaml`)."""
    return load_scenario(name_or_path, [FOLDER])
