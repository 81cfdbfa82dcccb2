"""ICE: people in detention (about every fortnight), and removals by fiscal year."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from caudal.corridor.sources.formats import mark_issue, open_publication, tally
from caudal.data.issues import Issue, Reading
from caudal.data.validate import days, no_duplicates, not_absurd, whole_numbers
from caudal.errors import CaudalError

MARGINS = {
    "total": ("", ""),
    "ice_arrest": ("ice", ""),
    "cbp_arrest": ("cbp", ""),
    "convicted_criminal": ("", "convicted"),
    "pending_charges": ("", "charges_pending"),
    "other_immigration_violator": ("", "neither"),
}


def read_detained(path: Path) -> Reading:
    """People in ICE detention on a day: all, by arresting agency, by criminal record."""
    table = open_publication(path, "ICE detained population")
    wide = pd.DataFrame({"date": days(table, "date", path)})
    for column in MARGINS:
        wide[column] = whole_numbers(table, column, path)
    no_duplicates(wide, ["date"], path)
    for column in MARGINS:
        not_absurd(wide, column, path, "date")
    agencies = wide["ice_arrest"] + wide["cbp_arrest"] != wide["total"]
    records = wide[["convicted_criminal", "pending_charges", "other_immigration_violator"]]
    off = set(wide["date"][agencies | (records.sum(axis=1) != wide["total"])])
    long = wide.melt("date", var_name="margin", value_name="people")
    long["arrested_by"] = [MARGINS[m][0] for m in long["margin"]]
    long["record"] = [MARGINS[m][1] for m in long["margin"]]
    frame = tally(long, ["date", "arrested_by", "record"])
    issues = (
        (Issue("inconsistent", frame["date"].isin(off), "Parts do not sum to the total."),)
        if off
        else ()
    )
    return Reading(frame, (*issues, *mark_issue(table, frame)))


def read_removals(path: Path) -> Reading:
    """ICE removals by fiscal year, headline totals of the annual reports."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["annual"]
        frame = pd.DataFrame(
            {"fiscal_year": [int(r["fy"]) for r in rows], "people": [r["value"] for r in rows]}
        )
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise CaudalError(
            str(path), "not the list of yearly removals", "JSON with annual: [{fy, value}]"
        ) from problem
    good = [isinstance(v, int) and not isinstance(v, bool) and v >= 0 for v in frame["people"]]
    if not all(good):
        raise CaudalError(
            f"{path} annual[{good.index(False)}].value",
            repr(frame["people"][good.index(False)]),
            "a count",
        )
    no_duplicates(frame, ["fiscal_year"], path)
    not_absurd(frame, "people", path, "fiscal_year")
    return Reading(frame.sort_values("fiscal_year", ignore_index=True))
