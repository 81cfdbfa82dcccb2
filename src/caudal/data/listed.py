"""What every face tells of a series: one row of a list, and its rows between two periods."""

from __future__ import annotations

from typing import Any

import pandas as pd

from caudal.data.package import BuiltTable
from caudal.data.refresh import told
from caudal.data.store import PERIODS, Vintage, open_vintage
from caudal.errors import CaudalError


def summary(vintage: Vintage) -> dict[str, Any]:
    """One edition of a series as a row: id, publisher, unit, grain, span, rows, role."""
    about = vintage.provenance
    first = last = ""
    if "schema" in vintage.resource:
        frame = open_vintage(vintage).reading.frame
        time = vintage.resource["caudal:keys"][0]
        if time in PERIODS:
            first, last = told(frame[time].min()), told(frame[time].max())
    return {
        "id": about.series, "publisher": about.publisher, "title": about.title,
        "unit": about.unit, "grain": about.grain, "first": first, "last": last,
        "rows": vintage.resource.get("caudal:rows", 0), "role": about.role,
        "read_on": about.read_on, "users_own": vintage.is_users,
    }  # fmt: skip


def between(
    frame: pd.DataFrame,
    time: str,
    start: str | None,
    end: str | None,
    names: tuple[str, str] = ("--from", "--to"),
) -> pd.DataFrame:
    """Rows of [start, end) on the series' time column.

    names  of the two limits, for errors. Raises CaudalError for what is no period, for a series
    without time, and where nothing lies in between.
    """
    for option, text in zip(names, (start, end), strict=True):
        if text is None:
            continue
        try:
            limit = pd.Timestamp(text)
        except (ValueError, OverflowError) as problem:
            raise CaudalError(option, repr(text), "2023, 2023-05 or 2023-05-01") from problem
        if not isinstance(limit, pd.Timestamp) or limit.tzinfo is not None:
            raise CaudalError(option, repr(text), "2023, 2023-05 or 2023-05-01")
        if time not in PERIODS:
            raise CaudalError(option, "this series has no time", f"no {names[0]} or {names[1]}")
        edge = limit.year if time in ("year", "fiscal_year") else limit
        frame = frame[frame[time] >= edge] if option == names[0] else frame[frame[time] < edge]
    if frame.empty:
        found = (
            f"no rows from {start or 'the first'} to {end or 'the last'}, which itself is left out"
        )
        raise CaudalError(f"{names[0]} and {names[1]}", found, "a period that the series covers")
    return frame


def issues(table: BuiltTable, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Known issues of a table, with how many of some of its rows each holds for."""
    return [
        {"name": i.name, "rows": int(i.mask[frame.index].sum()), "meaning": i.meaning}
        for i in table.reading.issues
    ]
