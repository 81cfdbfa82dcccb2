"""Immigration courts (EOIR) and New York City's shelters."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from caudal.corridor.sources.formats import everywhere, mark_issue, open_publication, tally, whole
from caudal.data.issues import Issue, Reading
from caudal.data.validate import days, months, no_duplicates, not_absurd, whole_numbers

HOUSEHOLDS = ("families_with_children", "adult_families", "single_adults")


def read_courts(path: Path) -> Reading:
    """Immigration courts: cases pending at the period's end, received and completed in it.

    period: "FY" a whole fiscal year, or the part of a running one.
    """
    table = open_publication(path, "EOIR pending, receipts and completions")
    columns = {
        "pending_cases": "pending", "initial_receipts": "received",
        "total_completions": "completed",
    }  # fmt: skip
    frame = pd.DataFrame(
        {
            "fiscal_year": whole_numbers(table, "fiscal_year", path).astype(int),
            "period": table.frame["period"],
        }
    )
    for column, new in columns.items():
        frame[new] = whole_numbers(table, column, path)
        not_absurd(frame, new, path, "fiscal_year")
    no_duplicates(frame, ["fiscal_year", "period"], path)
    frame = frame.sort_values(["fiscal_year", "period"], ignore_index=True)
    return Reading(whole(frame, list(columns.values())), mark_issue(table, frame))


def read_new_cases(path: Path) -> Reading:
    """New immigration-court cases by month of input: good for the shape, not for the level."""
    table = open_publication(path, "EOIR new cases by month", "|")
    frame = pd.DataFrame(
        {
            "month": days(table, "input_date", path, "%Y-%m"),
            "cases": whole_numbers(table, "0", path),
        }
    )
    no_duplicates(frame, ["month"], path)
    not_absurd(frame, "cases", path)
    frame = whole(frame.sort_values("month", ignore_index=True), ["cases"])
    level = Issue("inconsistent", everywhere(frame), "Does not sum to the published receipts.")
    return Reading(frame, (level, *mark_issue(table, frame)))


def read_shelters(path: Path) -> Reading:
    """New York: different people who used a shelter in the month, by agency.

    `herrcs` are the sites for asylum seekers; `report` tells which of two legal reports.
    """
    table = open_publication(path, "New York shelter users by agency")
    frame = pd.DataFrame(
        {
            "month": months(table, "date", path),
            "agency": table.frame["agency_abb"],
            "report": table.frame["root"].str.split().str[0],
            "people": whole_numbers(table, "count", path),
        }
    )
    no_duplicates(frame, ["month", "agency"], path)
    not_absurd(frame, "people", path)
    frame = tally(frame, ["month", "agency", "report"])
    late = frame["report"] == "ll79"
    seam = Issue("inconsistent", late, "From the newer report: not continuous with the older one.")
    return Reading(frame, (seam, *mark_issue(table, frame)))


def read_in_care(path: Path) -> Reading:
    """New York: asylum seekers in the city's care at month's end, all and by household."""
    table = open_publication(path, "New York asylum seekers in care")
    wide = pd.DataFrame({"month": days(table, "month_end", path, "%Y-%m")})
    for column in ("total_in_care", *HOUSEHOLDS):
        wide[column] = whole_numbers(table, column, path)
        not_absurd(wide, column, path)
    no_duplicates(wide, ["month"], path)
    long = wide.melt("month", var_name="household", value_name="people")
    long["household"] = long["household"].replace("total_in_care", "")
    frame = tally(long, ["month", "household"])
    return Reading(frame, mark_issue(table, frame))
