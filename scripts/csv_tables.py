"""Tables of results as CSV, written whole or not at all."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any


def write(table: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a table; what a row lacks is left empty."""
    table.parent.mkdir(parents=True, exist_ok=True)
    beside = table.with_suffix(".tmp")
    with beside.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
    os.replace(beside, table)


def renew(
    table: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], by: Sequence[str]
) -> None:
    """Put rows in a table, in the place of those that are alike in `by`; others at the end."""
    held: dict[tuple[str, ...], Mapping[str, Any]] = {}
    if table.exists():
        with table.open(encoding="utf-8", newline="") as file:
            held = {tuple(row[c] for c in by): row for row in csv.DictReader(file)}
    held |= {tuple(str(row[c]) for c in by): row for row in rows}
    write(table, columns, held.values())
