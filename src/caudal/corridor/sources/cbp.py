"""CBP: southwest land border encounters in three publications that count the same events."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from caudal.corridor.sources.formats import mark_issue, open_publication, tally
from caudal.corridor.sources.names import (
    COMPONENT_WORDS,
    COUNTRY_NAMES,
    MONTH_ABBREVIATIONS,
    TITLE_WORDS,
    UNIT_WORDS,
    area_id,
    fiscal_month,
)
from caudal.corridor.world import COMPONENTS, NATIONALITIES
from caudal.data.issues import Issue, Reading
from caudal.data.tabular import Table
from caudal.data.validate import (
    complete,
    contiguous,
    months,
    no_duplicates,
    not_absurd,
    whole_numbers,
    words,
)
from caudal.errors import CaudalError

COMPONENT_NAMES = {k: v for k, v in COMPONENT_WORDS.items() if v in COMPONENTS}
AREA_KEYS = ["month", "component", "area", "title", "unit", "nationality"]
STATE_KEYS = ["month", "title", "unit", "nationality"]
NATIONWIDE_KEYS = ["month", "region"]
REGION_WORDS = {
    "Southwest Land Border": "southwest",
    "Northern Land Border": "northern",
    "Other": "elsewhere",
}
SBO_KEYS = ["month", "component", "unit", "title", "nationality"]


def read_area(path: Path) -> Reading:
    """Encounters by component, area, title, unit and nationality; the main series.

    Before October 2019 the publication gives neither area nor nationality: both are blank.
    """
    table = open_publication(path, "CBP southwest encounters by area")
    text = table.frame
    known = {name: area_id(name) for name in text["area"].unique()}
    areas = {n: a for n, a in known.items() if a or n == ""}
    codes = {n: n for n in (*NATIONALITIES, "")}
    raw = pd.DataFrame(
        {
            "month": months(table, "t", path),
            "component": words(table, "component", path, COMPONENT_NAMES, "component"),
            "area": words(table, "area", path, areas, "sector or field office"),
            "title": words(table, "authority", path, TITLE_WORDS, "title of authority"),
            "demographic": text["demog"],
            "unit": words(table, "demog", path, UNIT_WORDS, "demographic"),
            "nationality": words(table, "nat", path, codes, "nationality code"),
            "people": whole_numbers(table, "n", path),
        }
    )
    fiscal = raw["month"].dt.year + (raw["month"].dt.month >= 10)
    wrong = fiscal.astype(str) != text["fy"]
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise CaudalError(
            f"{path}:{table.lines[row]} field 'fy'",
            f"{text['fy'].iloc[row]} for {raw['month'].iloc[row]:%Y-%m}",
            "the fiscal year of the month",
        )
    no_duplicates(raw, ["month", "component", "area", "title", "demographic", "nationality"], path)
    contiguous(raw["month"], path)
    complete(raw, [["component", "area"], ["unit"], ["component", "unit"]], "people", path)
    detailed = raw[raw["area"] != ""]
    complete(
        detailed,
        [["nationality"], ["area", "unit"], ["area", "unit", "nationality"]],
        "people",
        path,
    )
    not_absurd(raw, "people", path)
    frame = tally(raw, AREA_KEYS)
    blank = frame["area"].eq("")
    issues = [
        Issue("missing", blank, "Area and nationality were not published before October 2019."),
        Issue(
            "revised",
            frame["month"] >= frame["month"].max() - pd.DateOffset(months=8),
            "CBP still revises the months of the running fiscal year.",
        ),
    ]
    return Reading(frame, (*issues, *mark_issue(table, frame)))


def _fiscal_months(table: Table, path: Path) -> pd.Series:
    years = table.frame["Fiscal Year"].str.removesuffix(" (FYTD)")
    numbers = words(
        table, "Month (abbv)", path, {k: str(v) for k, v in MONTH_ABBREVIATIONS.items()}, "month"
    ).astype(int)
    if not years.str.fullmatch(r"20\d\d").all():
        row = int((~years.str.fullmatch(r"20\d\d")).to_numpy().argmax())
        raise CaudalError(
            f"{path}:{table.lines[row]} field 'Fiscal Year'",
            repr(years.iloc[row]),
            "a fiscal year such as 2024",
        )
    dates = [fiscal_month(int(y), m) for y, m in zip(years, numbers, strict=True)]
    return pd.Series(pd.to_datetime(dates).astype("datetime64[ns]"), index=table.frame.index)


def _nationwide(path: Path) -> tuple[Table, pd.DataFrame]:
    """The nationwide "state" file row by row, in our words; component is not in it."""
    table = open_publication(path, "CBP nationwide encounters by state")
    names = {n: COUNTRY_NAMES[n.lower()] for n in table.frame["Citizenship"].unique()
             if n.lower() in COUNTRY_NAMES}  # fmt: skip
    raw = pd.DataFrame(
        {
            "month": _fiscal_months(table, path),
            "region": words(table, "Land Border Region", path, REGION_WORDS, "region"),
            "state": table.frame["State"],
            "title": words(table, "Title of Authority", path, TITLE_WORDS, "title of authority"),
            "demographic": table.frame["Demographic"],
            "unit": words(table, "Demographic", path, UNIT_WORDS, "demographic"),
            "nationality": words(table, "Citizenship", path, names, "citizenship"),
            "people": whole_numbers(table, "Encounter Count", path),
        }
    )
    keys = ["month", "region", "state", "title", "demographic", "nationality"]
    no_duplicates(raw, keys, path)
    return table, raw


def read_state(path: Path) -> Reading:
    """Southwest part of the nationwide "state" file."""
    table, raw = _nationwide(path)
    raw = raw[raw["region"] == "southwest"]
    if raw.empty:
        raise CaudalError(str(path), "no row of the southwest land border", "a nationwide file")
    contiguous(raw["month"], path)
    complete(raw, [["state", "unit"], ["nationality"], ["state", "nationality"]], "people", path)
    not_absurd(raw, "people", path)
    frame = tally(raw, STATE_KEYS)
    return Reading(frame, mark_issue(table, frame))


def read_nationwide(path: Path) -> Reading:
    """The whole "state" file by region; months without one of the three regions are refused."""
    table, raw = _nationwide(path)
    contiguous(raw["month"], path)
    complete(raw, [["region"], ["region", "unit"]], "people", path)
    not_absurd(raw, "people", path)
    frame = tally(raw, NATIONWIDE_KEYS)
    return Reading(frame, mark_issue(table, frame))


def read_sbo(path: Path) -> Reading:
    """Southwest encounters by component and four named citizenships (the rest is REST)."""
    table = open_publication(path, "CBP southwest border encounters")
    names = {n: COUNTRY_NAMES[n.lower()] for n in
             ("Mexico", "Guatemala", "Honduras", "El Salvador")} | {"Other": "REST"}  # fmt: skip
    raw = pd.DataFrame(
        {
            "month": _fiscal_months(table, path),
            "component": words(table, "Component", path, COMPONENT_NAMES, "component"),
            "demographic": table.frame["Demographic"],
            "unit": words(table, "Demographic", path, UNIT_WORDS, "demographic"),
            "title": words(table, "Title of Authority", path, TITLE_WORDS, "title of authority"),
            "type": table.frame["Encounter Type"],
            "nationality": words(table, "Citizenship Grouping", path, names, "citizenship group"),
            "people": whole_numbers(table, "Encounter Count", path),
        }
    )
    keys = ["month", "component", "demographic", "title", "type", "nationality"]
    no_duplicates(raw, keys, path)
    contiguous(raw["month"], path)
    complete(raw, [["component", "unit"], ["component", "nationality"]], "people", path)
    not_absurd(raw, "people", path)
    frame = tally(raw, SBO_KEYS)
    return Reading(frame, mark_issue(table, frame))
