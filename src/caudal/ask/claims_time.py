"""Periods as a ledger writes them: `2021-02`, `FY2023`, `2023`, a day, or [first, last] of these."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

ALLOWED = "YYYY, FYYYYY, YYYY-MM, YYYY-MM-DD, or [first, last] of these, both included"
PERIOD_SCHEMA: dict[str, Any] = {
    "description": ALLOWED,
    "oneOf": [
        {"type": ["string", "integer"]},
        {"type": "array", "items": {"type": ["string", "integer"]}, "minItems": 2, "maxItems": 2},
    ],
}

MOMENT_SCHEMA: dict[str, Any] = {
    "description": "YYYY, YYYY-MM or YYYY-MM-DD",
    "type": ["string", "integer"],
}


@dataclass(frozen=True)
class Period:
    """Days from `start` to before `end`, and how the ledger wrote them."""

    start: dt.date
    end: dt.date
    written: str

    @property
    def months(self) -> float:
        """Length in months; parts of a month by their share of 30.4375 days."""
        whole = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
        return whole + (self.end.day - self.start.day) / 30.4375

    @classmethod
    def moment(cls, value: Any) -> Period:
        """A year, month or day; a fiscal year is no moment."""
        if isinstance(value, Period):
            return value
        found = _one(value)
        if found is None or found.written.startswith("FY"):
            raise ValueError(f"'{value}' is no date; allowed: YYYY, YYYY-MM or YYYY-MM-DD")
        return found

    @classmethod
    def parsed(cls, value: Any) -> Period:
        """The period that is written.

        >>> str(Period.parsed(["FY2023", "2024-01"]).end), Period.parsed("2021-02").months
        ('2024-02-01', 1.0)
        """
        if isinstance(value, Period):
            return value
        ends = value if isinstance(value, list | tuple) else [value, value]
        parts = [part for end in ends if (part := _one(end)) is not None]
        if len(ends) != 2 or len(parts) != 2:
            raise ValueError(f"'{_shown(value)}' is no period; allowed: {ALLOWED}")
        first, last = parts
        if last.end <= first.start:
            raise ValueError(f"'{_shown(value)}' ends before it starts; allowed: {ALLOWED}")
        same = not isinstance(value, list | tuple)
        return cls(
            first.start, last.end, first.written if same else f"{first.written} – {last.written}"
        )


def _shown(value: Any) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list | tuple) else str(value)


def _one(value: Any) -> Period | None:
    if isinstance(value, bool) or not isinstance(value, str | int | dt.date):
        return None
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    found = re.fullmatch(r"(FY)?(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text)
    if found is None or (found[1] and found[3]):
        return None
    year, month, day = int(found[2]), found[3], found[4]
    try:
        if found[1]:
            return Period(dt.date(year - 1, 10, 1), dt.date(year, 10, 1), text)
        if month is None:
            return Period(dt.date(year, 1, 1), dt.date(year + 1, 1, 1), text)
        if day is None:
            start = dt.date(year, int(month), 1)
            return Period(start, (start + dt.timedelta(31)).replace(day=1), text)
        start = dt.date(year, int(month), int(day))
        return Period(start, start + dt.timedelta(1), text)
    except (ValueError, OverflowError):
        return None
