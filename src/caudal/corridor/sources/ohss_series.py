"""Series from the OHSS workbooks. A blank dimension means "all"; REST means "not named here"."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from caudal.corridor.sources.formats import everywhere, tally
from caudal.corridor.sources.names import (
    COMPONENT_WORDS,
    COUNTRY_NAMES,
    MONTH_NAMES,
    REST,
    UNIT_WORDS,
    area_id,
    fiscal_month,
    named,
)
from caudal.corridor.sources.ohss import KHSM_SHEET, cells, open_workbook, read_monthly_tables
from caudal.data.issues import Issue, Reading
from caudal.data.validate import contiguous, no_duplicates, not_absurd
from caudal.errors import CaudalError

OUTCOMES = {
    "Total Encounters": "encounters", "T8 repatriations": "title_8_repatriation",
    "T42 expulsions": "title_42_expulsion", "Migrant Protection Protocols": "mpp_return",
    "Transfers to ICE": "transfer_ice", "Transfers to HHS": "transfer_hhs",
    "USBP Releases": "release_border_patrol", "OFO Paroles": "parole_field_operations",
    "Other outcomes": "other",
}  # fmt: skip
CHNV_STAGES = {
    "CHNV I-134": "supporter_confirmed", "CHNV Travel Authorization": "travel_authorised",
    "CHNV Paroles": "paroled",
}  # fmt: skip
FEAR_RESULTS = {
    "Total": "", "Positive Fear": "positive", "Negative Fear": "negative",
    "Administrative Closure": "closed",
}  # fmt: skip
REPATRIATION_TYPES = {
    "Total Repatriations": ("all", ""), "Total Title 8 Repatriations": ("title_8", ""),
    "Title 8 Enforcement Repatriations": ("title_8_enforcement", ""),
    "Title 42 Expulsions": ("title_42_expulsion", ""), "Total Removals": ("removal", ""),
    "Expedited Removals": ("removal", "expedited"),
    "Reinstatements of Removal Orders": ("removal", "reinstated"),
    "Other Removals": ("removal", "other"), "Total Enforcement Returns": ("return", ""),
    "Voluntary Returns": ("return", "voluntary_return"),
    "Voluntary Departures": ("return", "voluntary_departure"),
    "Other Enforcement Returns": ("return", "other"),
    "Total Administrative Returns": ("administrative_return", ""),
    "Crew Members Detained": ("administrative_return", "crew_detained"),
}  # fmt: skip


def _rows(path: Path, sheets: tuple[str, ...], annual: bool = False) -> pd.DataFrame:
    """Rows of some sheets; months only, or fiscal-year totals only; "X" cells left out."""
    table = read_monthly_tables(path)
    table = table[table["sheet"].isin(sheets) & (table["flag"] != "X")]
    table = table[table["month"].isna() == annual].copy()
    table["nationality"] = table["measure"].map(_selected)
    return table


def _selected(name: str) -> str:
    """Citizenship in a table of selected ones: totals are blank; the remainder and citizenships
    outside the 22 categories are REST."""
    if name in ("Other", "Others", "All Other"):
        return REST
    if name.startswith("Total"):
        return ""
    return COUNTRY_NAMES.get(name.lower(), REST)


def _finish(rows: pd.DataFrame, keys: list[str], path: Path, when: str = "month") -> Reading:
    """Check, order, mark: all cells rounded to ten, NA cells missing."""
    frame = tally(rows, keys)
    if when == "month":
        contiguous(frame["month"], path)
    issues = [Issue("rounded", everywhere(frame), "Rounded to ten; sums carry the rounding.")]
    if frame["people"].isna().any():
        issues.append(Issue("missing", frame["people"].isna(), "Marked NA by the publisher."))
    return Reading(frame, tuple(issues))


def read_nationality(path: Path) -> Reading:
    """Southwest encounters by nationality; `table` says how finely.

    "top_100": Border Patrol by the 100 commonest citizenships, gathered into the 22 categories.
    "selected": both components and their sum, ten named citizenships, the remainder REST.
    """
    selected = _rows(path, ("SWB Encounters by Citizenship",))
    selected = selected.assign(table="selected", component=selected["group"].map(COMPONENT_WORDS))
    finer = _rows(path, ("SWB USBP",))
    finer = finer.assign(
        table="top_100",
        component="border_patrol",
        nationality=[("" if m == "Total" else named(m)) for m in finer["measure"]],
    )
    keys = ["month", "table", "component", "nationality"]
    return _finish(pd.concat([selected, finer]), keys, path)


def read_unit(path: Path) -> Reading:
    """Southwest encounters by component and travel unit (accompanied minors within family)."""
    rows = _rows(path, ("SWB Encounters by Family Status",))
    rows = rows.assign(
        component=rows["group"].map(COMPONENT_WORDS),
        unit=rows["measure"].map({**UNIT_WORDS, "Total": ""}),
    )
    keys = ["month", "component", "unit"]
    return _finish(rows, keys, path)


def read_area(path: Path) -> Reading:
    """Southwest encounters by Border Patrol sector and field office."""
    rows = _rows(path, ("SWB Enc by Sector+Field Ofc",))
    component = rows["group"].map({**COMPONENT_WORDS, "": ""})
    area = [
        "" if m.startswith("Total")
        else area_id(m.split(",")[0] + (" field office" if g == "OFO" else ""))
        for m, g in zip(rows["measure"], rows["group"], strict=True)
    ]  # fmt: skip
    keys = ["month", "component", "area"]
    return _finish(rows.assign(component=component, area=area), keys, path)


def read_bookouts(path: Path, annual: bool = False) -> Reading:
    """How people left CBP custody, by component, or by unit, or by nationality (one at a time)."""
    sheets = {
        "CBP SWB Book-Outs by Agency": "component",
        "CBP SWB Book-Outs by Family": "unit",
        "CBP SWB Book-Outs by Citp": "nationality",
    }
    rows = _rows(path, tuple(sheets), annual)
    margin = rows["sheet"].map(sheets)
    rows = rows.assign(
        outcome=rows["measure"].map(OUTCOMES),
        component=rows["group"].map(COMPONENT_WORDS).where(margin == "component", ""),
        unit=rows["group"].map(UNIT_WORDS).where(margin == "unit", ""),
        nationality=rows["group"].map(_selected).where(margin == "nationality", ""),
    )
    rows["unit"] = rows["unit"].fillna("")
    whole_table = (rows["component"] == "") & (rows["unit"] == "") & (rows["nationality"] == "")
    rows = rows[~whole_table | (margin == "component")]  # the totals stand in all three sheets
    when = "fiscal_year" if annual else "month"
    return _finish(rows, [when, "component", "unit", "nationality", "outcome"], path, when)


def read_bookouts_annual(path: Path) -> Reading:
    """Fiscal-year totals as published (rounded once, so not the sum of the rounded months)."""
    return read_bookouts(path, annual=True)


def read_cbp_one(path: Path) -> Reading:
    """CBP One appointments processed, by nationality."""
    return _finish(_rows(path, ("CBP One Appointments",)), ["month", "nationality"], path)


def read_cbp_one_annual(path: Path) -> Reading:
    """CBP One appointments processed, published fiscal-year totals."""
    rows = _rows(path, ("CBP One Appointments",), annual=True)
    return _finish(rows, ["fiscal_year", "nationality"], path, "fiscal_year")


def read_chnv(path: Path) -> Reading:
    """The parole process for Cubans, Haitians, Nicaraguans and Venezuelans, by stage."""
    rows = _rows(path, tuple(CHNV_STAGES))
    rows = rows.assign(stage=rows["sheet"].map(CHNV_STAGES))
    return _finish(rows, ["month", "stage", "nationality"], path)


def read_credible_fear(path: Path) -> Reading:
    """Credible-fear cases filed (by nationality) and completed (by result)."""
    places = {"SWB": "southwest", "Nationwide": "nationwide"}
    rows = _rows(
        path,
        ("SWB CF Filed by Citp", "SWB CF Completed by Result", "Nationwide CF Filed by Citp",
         "Nationwide CF by Result"),
    )  # fmt: skip
    filed = rows["sheet"].str.contains("Filed")
    rows = rows.assign(
        region=rows["sheet"].str.split().str[0].map(places),
        stage=filed.map({True: "filed", False: "completed"}),
        result=rows["measure"].map(FEAR_RESULTS).where(~filed, "").fillna(""),
        nationality=rows["nationality"].where(filed, ""),
    )
    return _finish(rows, ["month", "region", "stage", "nationality", "result"], path)


def read_ice_book_ins(path: Path) -> Reading:
    """People booked into ICE detention, by nationality or by arresting agency."""
    rows = _rows(path, ("ICE Book-Ins by Citizenship", "ICE Book-Ins by Arrest Agency"))
    by_agency = rows["sheet"].str.endswith("Agency")
    rows = rows[~(by_agency & (rows["measure"] == "Total"))]
    by_agency = rows["sheet"].str.endswith("Agency")
    rows = rows.assign(
        agency=rows["measure"].str.lower().where(by_agency, ""),
        nationality=rows["nationality"].where(~by_agency, ""),
    )
    return _finish(rows, ["month", "agency", "nationality"], path)


def read_repatriations(path: Path) -> Reading:
    """Removals, returns and expulsions: by type, and three of them by nationality."""
    kinds = {
        "DHS Removals by Citizenship": "removal",
        "DHS Enf Returns by Citizenship": "return",
        "DHS Adm Returns by Citizens": "administrative_return",
    }
    by_type = _rows(path, ("DHS Repats by Type",))
    pairs = [
        (("return" if "Enf" in g else "administrative_return"), "withdrawal")
        if m == "Withdrawals" else REPATRIATION_TYPES[m]
        for m, g in zip(by_type["measure"], by_type["group"], strict=True)
    ]  # fmt: skip
    by_type = by_type.assign(
        kind=[k for k, _ in pairs], detail=[d for _, d in pairs], nationality=""
    )
    people = _rows(path, tuple(kinds))
    people = people[people["measure"] != "Total"]
    people = people.assign(kind=people["sheet"].map(kinds), detail="")
    keys = ["month", "kind", "detail", "nationality"]
    return _finish(pd.concat([by_type, people]), keys, path)


def read_usbp_margins(path: Path) -> Reading:
    """Border Patrol, southwest: by nationality, by unit, by sector (one margin at a time).

    The workbook publishes margins, not their cross. From fiscal year 2013, since when family
    status is whole.
    """
    sheets: dict[str, tuple[str, Callable[[str], str]]] = {
        KHSM_SHEET: ("nationality", named),
        "Monthly Rgn and Fam Status": ("unit", lambda name: UNIT_WORDS.get(name, "?")),
        "Monthly Rgn and Sector": ("area", lambda name: area_id(name.split(",")[0])),
    }
    book = open_workbook(path, tuple(sheets), "the OHSS Border Patrol key measures")
    parts = []
    for name, (margin, word) in sheets.items():
        rows = pd.DataFrame(
            cells(book[name], f"{path} sheet {name!r}", min_row=2, max_col=5),
            columns=["fiscal_year", "label", "region", "word", "people"],
        ).dropna(how="all")
        month = rows["label"].astype(str).str.split().str[-1].map(MONTH_NAMES)
        counts = pd.to_numeric(rows["people"], errors="coerce")
        bad = month.isna() | counts.isna() | (counts < 0) | (counts % 1 != 0)
        if bad.any():
            row = int(bad.to_numpy().argmax())
            raise CaudalError(
                f"{path} sheet {name!r} row {row + 2}",
                f"{list(rows.iloc[row])}",
                "fiscal year, month, region, group, count",
            )
        no_duplicates(rows, ["fiscal_year", "label", "region", "word"], path)
        years = rows["fiscal_year"].astype(int)
        rows["month"] = pd.to_datetime(
            [fiscal_month(y, int(m)) for y, m in zip(years, month, strict=True)]
        ).astype("datetime64[ns]")
        rows = rows[(rows["region"] == "Southwest Land Border") & (years >= 2013)]
        for other in ("nationality", "unit", "area"):
            rows[other] = rows["word"].map(word) if other == margin else ""
        if rows["unit"].eq("?").any():
            raise CaudalError(
                f"{path} sheet {name!r}", "an unknown family status", ", ".join(UNIT_WORDS)
            )
        rows["people"] = rows["people"].astype("float64")
        contiguous(rows["month"], f"{path} sheet {name!r}")
        parts.append(rows.assign(margin=margin))
    keys = ["month", "margin", "nationality", "unit", "area"]
    frame = tally(pd.concat(parts), keys)
    not_absurd(frame, "people", path)
    return _finish(frame, keys, path)
