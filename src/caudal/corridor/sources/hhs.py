"""HHS: unaccompanied children, day by day (the department reports on working days)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from caudal.corridor.sources.formats import mark_issue, open_publication, whole
from caudal.data.issues import Issue, Reading
from caudal.data.validate import days, no_duplicates, not_absurd, whole_numbers
from caudal.errors import CaudalError

COLUMNS = {
    "Children apprehended and placed in CBP custody": "apprehended",
    "Children in CBP custody": "in_cbp_custody",
    "Children transferred out of CBP custody": "transferred",
    "Children in HHS Care": "in_hhs_care",
    "Children discharged from HHS Care": "discharged",
}
FLOWS = ["apprehended", "transferred", "discharged"]
LONGEST_GAP_DAYS = 10
"""The longest pause in the published days (January 2023); longer means rows are lost."""


def read_daily(path: Path) -> Reading:
    """One row a reported day: two stocks and three flows, in children."""
    table = open_publication(path, "HHS unaccompanied children, daily")
    frame = pd.DataFrame({"date": days(table, "Date", path, "%B %d, %Y")})
    for column, new in COLUMNS.items():
        frame[new] = whole_numbers(table, column, path)
    no_duplicates(frame, ["date"], path)
    frame = frame.sort_values("date", ignore_index=True)
    gap = frame["date"].diff().dt.days
    if (gap > LONGEST_GAP_DAYS).any():
        after = frame["date"][int(gap.idxmax())]
        raise CaudalError(
            str(path),
            f"{int(gap.max())} days without a row before {after:%Y-%m-%d}",
            f"at most {LONGEST_GAP_DAYS} days apart",
        )
    for column in COLUMNS.values():
        not_absurd(frame, column, path, "date")
    wide_gap = Issue(
        "missing", gap.gt(4).fillna(False), "More than four days after the day before."
    )
    return Reading(whole(frame, list(COLUMNS.values())), (wide_gap, *mark_issue(table, frame)))


def read_children(path: Path) -> Reading:
    """By month: means of the stocks over reported days, sums of the flows over reported days.

    `days` is the number of reported days: weekends and holidays are not reported, so that sums
    fall short of whole months.
    """
    daily = read_daily(path)
    grouped = daily.frame.assign(
        month=daily.frame["date"].dt.to_period("M").dt.to_timestamp().astype("datetime64[ns]")
    ).groupby("month")
    frame = pd.concat(
        [
            grouped.size().rename("days"),
            grouped[["in_cbp_custody", "in_hhs_care"]].mean().round(3),
            grouped[FLOWS].sum(),
        ],
        axis=1,
    ).reset_index()
    issues = (
        Issue("missing", frame["days"] < 15, "Fewer than 15 reported days in the month."),
        Issue("inconsistent", frame["days"] > 0, "Flows sum reported days only, not whole months."),
    )
    return Reading(frame, issues)
