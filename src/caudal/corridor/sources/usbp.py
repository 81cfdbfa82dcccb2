"""Border Patrol's own tables: monthly by sector, yearly deaths, staffing, profiles, citizenship."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from caudal.corridor.sources.formats import mark_issue, nowhere, open_publication, tally, whole
from caudal.corridor.sources.names import MONTH_NAMES, area_id, fiscal_month, named
from caudal.corridor.world import SECTORS
from caudal.data.issues import Issue, Reading
from caudal.data.tabular import Table
from caudal.data.validate import contiguous, no_duplicates, not_absurd, whole_numbers
from caudal.errors import CaudalError

SECTOR_CODES = {
    "BBT": "big-bend", "DRT": "del-rio", "ELC": "el-centro", "EPT": "el-paso", "LRT": "laredo",
    "RGV": "rio-grande-valley", "SDC": "san-diego", "TCA": "tucson", "YUM": "yuma",
}  # fmt: skip
PROFILE = {
    "number_of_agents": "agents", "total_apprehensions": "encounters",
    "other_than_mexican_apprehensions": "encounters_not_mexican",
    "accepted_prosecutions": "accepted_prosecutions", "assaults": "assaults_on_agents",
    "rescues": "rescues", "deaths": "deaths", "accompanied_juveniles": "accompanied_minors",
    "unaccompanied_juveniles": "unaccompanied_children", "total_adults": "adults",
    "female_apprehensions": "women_and_girls", "male_apprehensions": "men_and_boys",
}  # fmt: skip


def _southwest(name: str) -> str | None:
    """The sector, "" for the southwest border as a whole, None for what lies elsewhere."""
    if name == "southwest border":
        return ""
    return area_id(name) or None


def read_monthly(path: Path) -> Reading:
    """Border Patrol encounters by southwest sector and month, fiscal years 2000 to 2020."""
    name = "Border Patrol monthly encounters by sector"
    table = open_publication(path, name, "|")
    fiscal, number = (whole_numbers(table, c, path).astype(int) for c in ("fy", "month"))
    if not number.between(1, 12).all():
        row = int((~number.between(1, 12)).to_numpy().argmax())
        raise CaudalError(f"{path}:{table.lines[row]} field 'month'", str(number[row]), "1 to 12")
    dates = [fiscal_month(f, m) for f, m in zip(fiscal, number, strict=True)]
    wide = pd.DataFrame({"month": pd.to_datetime(dates).astype("datetime64[ns]")})
    no_duplicates(wide, ["month"], path)
    contiguous(wide["month"], path)
    for sector in SECTORS:
        wide[sector] = whole_numbers(table, sector.replace("-", "_"), path)
    total = whole_numbers(table, "southwest_border", path)
    off = wide[list(SECTORS)].sum(axis=1) != total
    if off.any():
        row = int(off.to_numpy().argmax())
        raise CaudalError(
            f"{path}:{table.lines[row]} field 'southwest_border'",
            f"{total[row]:.0f}",
            "the sum of the nine sectors",
        )
    frame = tally(wide.melt("month", var_name="area", value_name="people"), ["month", "area"])
    not_absurd(frame, "people", path)
    return Reading(frame, mark_issue(table, frame))


def _yearly(path: Path, name: str, columns: dict[str, str]) -> tuple[Table, pd.DataFrame]:
    """Sector × fiscal year rows of the southwest, columns renamed; "NA" is blank."""
    table = open_publication(path, name)
    table.frame.replace("NA", "", inplace=True)
    frame = pd.DataFrame({"fiscal_year": whole_numbers(table, "fiscal_year", path).astype(int)})
    frame["area"] = table.frame["sector"].map(_southwest)
    for column, new in columns.items():
        frame[new] = whole_numbers(table, column, path, blank_ok=True)
    frame = frame[frame["area"].notna()]
    no_duplicates(frame, ["fiscal_year", "area"], path)
    counts = frame.groupby("fiscal_year")["area"].nunique()
    if counts.min() < counts.max():
        raise CaudalError(
            str(path),
            f"{counts.idxmin()} has {counts.min()} sectors, others {counts.max()}",
            "every sector in every year (truncated?)",
        )
    for new in columns.values():
        not_absurd(frame, new, path, "fiscal_year")
    frame = frame.sort_values(["fiscal_year", "area"], ignore_index=True)
    return table, whole(frame, list(columns.values()))


def _reading(table: Table, frame: pd.DataFrame, values: list[str]) -> Reading:
    blank = frame[values].isna().any(axis=1)
    issues = (Issue("missing", blank, "Not published for these rows."),) if blank.any() else ()
    return Reading(frame, (*issues, *mark_issue(table, frame)))


def yearly(name: str, columns: dict[str, str]) -> Callable[[Path], Reading]:
    """A reader of one sector × year table: publication name and its columns → Caudal's."""

    def read(path: Path) -> Reading:
        table, frame = _yearly(path, name, columns)
        return _reading(table, frame, list(columns.values()))

    return read


read_deaths = yearly("Border Patrol deaths by sector", {"deaths": "people"})
read_staffing = yearly("Border Patrol staffing by sector", {"number_of_agents": "agents"})
read_profile = yearly("Border Patrol sector profiles", PROFILE)


def read_family_child(path: Path) -> Reading:
    """Border Patrol encounters of children alone and people in families, by sector and month."""
    table = open_publication(path, "Border Patrol families and children by sector")
    table.frame.replace("NA", "", inplace=True)
    fiscal = whole_numbers(table, "fiscal_year", path).astype(int)
    numbers = table.frame["month"].str.capitalize().map(MONTH_NAMES)
    unknown = numbers.isna() & (table.frame["month"] != "yearly total")
    if unknown.any():
        row = int(unknown.to_numpy().argmax())
        raise CaudalError(
            f"{path}:{table.lines[row]} field 'month'",
            repr(table.frame["month"][row]),
            "a month's name or yearly total",
        )
    columns = {
        "total_apprehensions": "people",
        "unaccompanied_child_apprehension": "unaccompanied_children",
        "family_apprehensions": "in_families",
    }
    frame = pd.DataFrame({"area": table.frame["sector"].map(area_id)})
    for column, new in columns.items():
        frame[new] = whole_numbers(table, column, path, blank_ok=True)
    keep = numbers.notna() & (frame["area"] != "")
    frame, fiscal, numbers = frame[keep], fiscal[keep], numbers[keep]
    dates = [fiscal_month(f, int(m)) for f, m in zip(fiscal, numbers, strict=True)]
    frame.insert(0, "month", pd.to_datetime(dates).astype("datetime64[ns]"))
    no_duplicates(frame, ["month", "area"], path)
    contiguous(frame["month"], path)
    if frame.groupby("month")["area"].nunique().min() < len(SECTORS):
        raise CaudalError(
            str(path), "a month without all nine sectors", "whole months (truncated?)"
        )
    not_absurd(frame, "people", path)
    frame = whole(frame.sort_values(["month", "area"], ignore_index=True), list(columns.values()))
    return _reading(table, frame, list(columns.values()))


def read_citizenship_sector(path: Path) -> Reading:
    """Border Patrol encounters by fiscal year, citizenship (22 categories) and sector."""
    table = open_publication(path, "Border Patrol citizenship by sector")
    wide = pd.DataFrame({"fiscal_year": whole_numbers(table, "fiscal_year", path).astype(int)})
    wide["country"] = table.frame["citizenship"]
    for code, sector in SECTOR_CODES.items():
        wide[sector] = whole_numbers(table, code, path)
    no_duplicates(wide, ["fiscal_year", "country"], path)
    totals = wide[wide["country"] == "TOTAL"].set_index("fiscal_year")[list(SECTORS)]
    parts = wide[wide["country"] != "TOTAL"]
    sums = parts.groupby("fiscal_year")[list(SECTORS)].sum()
    if set(sums.index) != set(totals.index) or not sums.equals(totals.loc[sums.index]):
        raise CaudalError(str(path), "sectors do not sum to their TOTAL row", "a whole table")
    long = parts.assign(nationality=parts["country"].map(named)).melt(
        ["fiscal_year", "nationality"], list(SECTORS), var_name="area", value_name="people"
    )
    frame = tally(long, ["fiscal_year", "area", "nationality"])
    gone = Issue("missing", nowhere(frame), "Yearly only; no month was published.")
    return Reading(frame, (gone, *mark_issue(table, frame)))
