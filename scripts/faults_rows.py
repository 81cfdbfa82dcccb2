"""The table of trials: its rows, and what makes a trial go wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import csv_tables
from faults_worlds import Prints

TABLE = Path(__file__).resolve().parents[1] / "docs" / "results" / "faults.csv"
COLUMNS = ("command", "fault", "trials", "resumed", "refused", "lost", "wrong", "unclear")
Tell = Callable[[list[dict[str, Any]]], None]
"""Is given the rows made so far."""


def differ(found: Prints, wanted: Prints, earlier: Prints) -> list[str]:
    """What is neither as wanted nor as it was before."""
    return [n for n, p in found.items() if p not in (wanted.get(n), earlier.get(n))]


def row(command: str, fault: str, counts: Counter[str]) -> dict[str, Any]:
    """A row of the table."""
    return {"command": command, "fault": fault, **{c: counts[c] for c in COLUMNS[2:]}}


def keep(rows: list[dict[str, Any]]) -> None:
    """Put rows in the table, in the place of those of the same command and fault."""
    csv_tables.renew(TABLE, COLUMNS, [r for r in rows if r["trials"]], by=COLUMNS[:2])
