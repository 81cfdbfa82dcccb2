"""The table of trials: its rows, and what makes a trial go wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import csv_tables
from faults_worlds import Prints

TABLE = Path(__file__).resolve().parents[1] / "docs" / "results" / "faults.csv"
COUNTS = ("trials", "resumed", "refused", "lost", "wrong", "unclear")
COLUMNS = ("command", "fault", *COUNTS, "code_version", "on")
Tell = Callable[[list[dict[str, Any]]], None]
"""Is given the rows made so far."""


def differ(found: Prints, wanted: Prints, earlier: Prints) -> list[str]:
    """What is neither as wanted nor as it was before."""
    return [n for n, p in found.items() if p not in (wanted.get(n), earlier.get(n))]


def row(command: str, fault: str, counts: Counter[str]) -> dict[str, Any]:
    """A row of the table: what was counted, with which code, on which day."""
    from caudal.compute.code import code_version

    when = {"code_version": code_version(), "on": f"{datetime.now(UTC):%Y-%m-%d}"}
    return {"command": command, "fault": fault, **{c: counts[c] for c in COUNTS}, **when}


def keep(rows: list[dict[str, Any]]) -> None:
    """Put rows in the table, in the place of those of the same command and fault."""
    csv_tables.renew(TABLE, COLUMNS, [r for r in rows if r["trials"]], by=COLUMNS[:2])
