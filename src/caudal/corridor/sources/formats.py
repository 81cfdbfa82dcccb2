"""Headers of the publications that Caudal reads, so that one file is never taken for another."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from caudal.data.issues import Issue
from caudal.data.tabular import Table, read_table

_UNHCR = (
    "year", "coo_name", "coo", "coo_iso", "coa_name", "coa", "coa_iso", "procedure_type",
    "app_type", "dec_level", "app_pc", "applied",
)  # fmt: skip

HEADERS: dict[str, tuple[str, ...]] = {
    "CBP southwest encounters by area": (
        "t", "t_fy", "component", "area", "authority", "type", "demog", "nat", "n", "fy",
    ),
    "CBP nationwide encounters by state": (
        "Fiscal Year", "Month Grouping", "Month (abbv)", "Land Border Region", "State",
        "Demographic", "Citizenship", "Title of Authority", "Encounter Count",
    ),
    "CBP southwest border encounters": (
        "Fiscal Year", "Month Grouping", "Month (abbv)", "Component", "Demographic",
        "Citizenship Grouping", "Title of Authority", "Encounter Type", "Encounter Count",
    ),
    "Border Patrol monthly encounters by sector": (
        "month", "livermore", "miami", "new_orleans", "ramey", "blaine", "buffalo", "detroit",
        "grand_forks", "havre", "houlton", "spokane", "swanton", "big_bend", "del_rio",
        "el_centro", "el_paso", "laredo", "rio_grande_valley", "san_diego", "tucson", "yuma",
        "coastal_border", "northern_border", "southwest_border", "monthly_total", "fy", "cy",
    ),
    "Border Patrol deaths by sector": ("sector", "fiscal_year", "deaths"),
    "Border Patrol staffing by sector": ("sector", "fiscal_year", "number_of_agents"),
    "Border Patrol families and children by sector": (
        "sector", "fiscal_year", "month", "total_apprehensions",
        "unaccompanied_child_apprehension", "family_apprehensions",
    ),
    "Border Patrol citizenship by sector": (
        "fiscal_year", "citizenship", "row_sums_check", "BBT", "DRT", "ELC", "EPT", "LRT", "RGV",
        "SDC", "TCA", "YUM", "SBO_TOTAL", "BLW", "BUN", "DTM", "GFN", "HLT", "HVM", "SPW", "SWB",
        "NBO_TOTAL", "MIP", "NLL", "RMY", "CBO_TOTAL", "NATIONWIDE",
    ),
    "Border Patrol sector profiles": (
        "sector", "fiscal_year", "number_of_agents", "total_apprehensions",
        "other_than_mexican_apprehensions", "marijuana_pounds", "cocaine_pounds",
        "accepted_prosecutions", "assaults", "rescues", "deaths", "accompanied_juveniles",
        "unaccompanied_juveniles", "total_juveniles", "total_adults", "female_apprehensions",
        "male_apprehensions",
    ),
    "known got-aways": ("", "Gotaways", "Arrests"),
    "HHS unaccompanied children, daily": (
        "Date", "Children apprehended and placed in CBP custody", "Children in CBP custody",
        "Children transferred out of CBP custody", "Children in HHS Care",
        "Children discharged from HHS Care",
    ),
    "ICE detained population": (
        "date", "total", "ice_arrest", "cbp_arrest", "convicted_criminal", "pending_charges",
        "other_immigration_violator",
    ),
    "EOIR pending, receipts and completions": (
        "fiscal_year", "period", "pending_cases", "initial_receipts", "total_completions",
    ),
    "EOIR new cases by month": ("", "input_date", "0"),
    "New York shelter users by agency": ("agency_abb", "date", "count", "table", "root"),
    "New York asylum seekers in care": (
        "month_end", "total_in_care", "families_with_children", "adult_families",
        "single_adults", "dhs", "dycd", "hpd", "hh", "nycem",
    ),
    "Darién crossings by nationality": ("t", "q", "nat", "n"),
    "Darién crossings by sex and age": ("t", "q", "demog", "n"),
    "nationality by month (Mexico or Honduras)": ("t", "nat", "n"),
    "Mexico events by sex and age": ("t", "sex", "age", "n"),
    "Mexico returns by type": ("t", "nat", "type", "n"),
    "Honduras entries": ("t", "n"),
    "Honduras entries by sex and age": ("t", "demog", "n"),
    "Guatemalans returned": ("t", "sex", "age", "origin", "n"),
    "regional digest": ("t", "geo", "nat", "n"),
    "IOM missing migrants": (
        "t", "m", "type", "route", "geo", "dead", "cause", "surv", "nat", "location", "lon",
        "lat",
    ),
    "UNHCR asylum applications": _UNHCR,
    "UNHCR refugee stocks by origin": ("year", "coo_iso", "refugees", "asylum_seekers", "oip"),
    "US job openings": ("date", "value"),
    "homicide rates": ("entity", "code", "year", "rate", "region"),
    "Mexican remittances": ("PERIODO", "ID_FLUJO", "FLUJO", "OPERACIONES", "VALOR_USD"),
    "World Bank indicators": (
        "geo", "t", "birth", "depend", "fdiin", "fdiout", "gdp", "income", "inf", "nmig",
        "polstb", "pop", "remin", "remout", "unem", "gdp_per_capita_usd",
    ),
    "published figures": (
        "series", "period", "value", "unit", "source_title", "source_url", "note", "file",
    ),
    "published parameters": (
        "name", "symbol", "value", "low", "high", "unit", "applies_to", "period",
        "source_title", "source_url", "confidence", "note",
    ),
    "corridor places": (
        "place", "country_iso2", "admin1_code", "lat", "lon", "role", "population",
        "coord_source", "geonameid", "geonames_name",
    ),
    "sector headquarters": (
        "sector", "hq_city", "lat", "lon", "geonameid", "precision", "hq_city_source",
    ),
}  # fmt: skip


def open_publication(path: Path, name: str, separator: str = ",") -> Table:
    """Read a delimited file that must be the publication `name` of HEADERS."""
    return read_table(path, HEADERS[name], HEADERS, separator)


def mark_issue(table: Table, frame: pd.DataFrame) -> tuple[Issue, ...]:
    """A named issue if the file began with a byte order mark its publisher does not write."""
    if not table.had_bom:
        return ()
    none = pd.Series(False, index=frame.index)
    return (Issue("byte_order_mark", none, "The file began with a byte order mark; it was cut."),)


def tally(frame: pd.DataFrame, keys: list[str], values: str | list[str] = "people") -> pd.DataFrame:
    """Sum to one row a key, ordered by the keys, index 0, 1, …; a sum of blanks stays blank."""
    columns = [values] if isinstance(values, str) else values
    summed = frame.groupby(keys, sort=True, observed=True)[columns].sum(min_count=1).reset_index()
    return whole(summed, columns)


def whole(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Columns of whole numbers without a blank become int64."""
    for column in columns:
        if frame[column].notna().all() and (frame[column] % 1 == 0).all():
            frame[column] = frame[column].astype("int64")
    return frame


def everywhere(frame: pd.DataFrame) -> pd.Series:
    """The mask of all rows."""
    return pd.Series(True, index=frame.index)


def nowhere(frame: pd.DataFrame) -> pd.Series:
    """The mask of no row: the issue concerns rows that are absent."""
    return pd.Series(False, index=frame.index)
