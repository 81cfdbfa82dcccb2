"""How publishers name countries, units, titles and areas, and what Caudal calls them."""

from __future__ import annotations

from caudal.corridor.world import NATIONALITIES, SECTORS

REST = "REST"
"""Every nationality that the table at hand does not name; wider than CBP's own "other" (OOO)."""

COUNTRY_NAMES: dict[str, str] = {
    "mexico": "MEX", "guatemala": "GTM", "honduras": "HND", "el salvador": "SLV",
    "nicaragua": "NIC", "cuba": "CUB", "haiti": "HTI", "venezuela": "VEN", "colombia": "COL",
    "ecuador": "ECU", "peru": "PER", "brazil": "BRA", "india": "IND",
    "china, peoples republic of": "CHN", "china, people's republic": "CHN", "china": "CHN",
    "russia": "RUS", "ukraine": "UKR", "turkey": "TUR", "romania": "ROU", "philippines": "PHL",
    "myanmar (burma)": "MMR", "burma": "MMR", "canada": "CAN", "other": "OOO",
}  # fmt: skip
"""Lower-case names in CBP and OHSS tables → the 22 categories."""

UNIT_WORDS: dict[str, str] = {
    "Single Adults": "single_adult",
    "FMUA": "family",
    "Accompanied Minors": "family",
    "Family Unit Individuals": "family",
    "Accompanied Minors (OFO)": "family",
    "UAC": "unaccompanied_child",
    "UC / Single Minors": "unaccompanied_child",
    "Unaccompanied Children/Single Minors": "unaccompanied_child",
    "Unaccompanied Children": "unaccompanied_child",
}
"""`UAC` and `UC / Single Minors` are one group; accompanied minors count as family."""

COMPONENT_WORDS: dict[str, str] = {
    "U.S. Border Patrol": "border_patrol",
    "Office of Field Operations": "field_operations",
    "USBP": "border_patrol",
    "OFO": "field_operations",
    "Total CBP": "",
}

TITLE_WORDS: dict[str, str] = {"Title 8": "title_8", "Title 42": "title_42"}

MONTH_ABBREVIATIONS: dict[str, int] = {
    m: i + 1
    for i, m in enumerate(
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    )
}
MONTH_NAMES: dict[str, int] = {
    m: i + 1
    for i, m in enumerate(
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ]
    )
}


def category(iso3: str) -> str:
    """The CBP category of an ISO 3166-1 alpha-3 code: itself, or OOO.

    >>> category("MEX"), category("NPL")
    ('MEX', 'OOO')
    """
    return iso3 if iso3 in NATIONALITIES else "OOO"


def named(country: str) -> str:
    """The CBP category of a country's name in a table that names every country.

    >>> named("CHINA, PEOPLES REPUBLIC OF"), named("Nepal")
    ('CHN', 'OOO')
    """
    return COUNTRY_NAMES.get(country.lower(), "OOO")


def area_id(name: str) -> str:
    """The area of a sector or field office by any publisher's name, or "" if not southwest.

    >>> area_id("Rio Grande Valley Sector"), area_id("San Diego Field Office"), area_id("big bend")
    ('rio-grande-valley', 'san-diego-office', 'big-bend')
    """
    plain = name.lower().split(",")[0].replace("_", " ")
    office = plain.endswith("field office")
    stem = plain.removesuffix(" field office").removesuffix(" sector").strip().replace(" ", "-")
    if stem not in SECTORS:
        return ""
    return f"{stem}-office" if office else stem


def fiscal_month(fiscal_year: int, month: int) -> str:
    """First day of a month of a US fiscal year (October to September).

    >>> fiscal_month(2024, 10), fiscal_month(2024, 9)
    ('2023-10-01', '2024-09-01')
    """
    return f"{fiscal_year - (month >= 10)}-{month:02d}-01"
