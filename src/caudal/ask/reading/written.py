"""Periods as a ledger writes them, joined and moved: 2024-01, 2023, FY2023, (2022-10, 2024-08)."""

from __future__ import annotations

import re

Written = str | tuple[str, str]


def alike(a: Written, b: Written) -> bool:
    """Are both months, both years or both fiscal years?"""
    return isinstance(a, str) and isinstance(b, str) and len(a) == len(b)


def joined(first: Written, last: Written) -> Written:
    """Both periods and what lies between; October to September of the year after is a fiscal year.

    >>> joined("2022-10", "2023-09"), joined("2021-01", "2021-02")
    ('FY2023', ('2021-01', '2021-02'))
    """
    a = first if isinstance(first, str) else first[0]
    b = last if isinstance(last, str) else last[1]
    if re.fullmatch(r"\d{4}", b) and re.fullmatch(r"\d{4}-\d{2}", a):
        b = f"{b}-12"
    if re.fullmatch(r"\d{4}-10", a) and b == f"{int(a[:4]) + 1}-09":
        return f"FY{b[:4]}"
    return (a, b) if a[-7:] <= b[-7:] else last


def year_of(period: Written) -> str | None:
    """The year in which a period ends."""
    found = re.search(r"\d{4}", period if isinstance(period, str) else period[1])
    return found[0] if found else None


def back_a_year(period: Written) -> Written:
    """The same period a year earlier.

    >>> back_a_year("FY2023"), back_a_year("2024-01")
    ('FY2022', '2023-01')
    """
    if not isinstance(period, str):
        first, last = (back_a_year(end) for end in period)
        return str(first), str(last)
    year = re.search(r"\d{4}", period)
    return period.replace(year[0], str(int(year[0]) - 1), 1) if year else period
