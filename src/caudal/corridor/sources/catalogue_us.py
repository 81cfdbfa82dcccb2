"""The series counted in the United States: reader, files, meaning, source."""

from __future__ import annotations

from caudal.corridor.sources import (
    cbp,
    gotaways,
    hhs,
    ice,
    institutions,
    ohss_series,
    usbp,
)
from caudal.data.series import Series
from caudal.data.vintage import DELAY_ASSUMED, Provenance

PUBLIC = "public domain"
OHSS_BOOK = "us/ohss/immigration-enforcement-and-legal-processes-tables-august-2024.xlsx"
OHSS = {
    "publisher": "DHS Office of Homeland Security Statistics",
    "title": "Immigration Enforcement and Legal Processes Monthly Tables",
    "address": "https://ohss.dhs.gov/topics/immigration/immigration-enforcement",
    "licence": PUBLIC,
    "delay_days": 75,
    "delay_note": f"{DELAY_ASSUMED}: tables to August 2024 hold data as of the end of September "
    "and came out in November 2024; later editions were slower",
}
USBP = {
    "publisher": "US Border Patrol",
    "address": "https://www.cbp.gov/newsroom/media-resources/stats",
    "licence": PUBLIC,
    "delay_days": 120,
    "delay_note": f"{DELAY_ASSUMED}: yearly tables, some months after the fiscal year",
}
HHS = {
    "publisher": "US Department of Health and Human Services",
    "title": "Unaccompanied Children Daily Report",
    "address": "https://www.hhs.gov/programs/social-services/unaccompanied-children/index.html",
    "licence": PUBLIC,
    "delay_days": 1,
}
CBP = {
    "publisher": "US Customs and Border Protection",
    "licence": PUBLIC,
    "delay_days": 20,
    "delay_note": f"{DELAY_ASSUMED}: about the middle to the third week of the next month",
}
SOUTHWEST = "https://www.cbp.gov/newsroom/stats/southwest-land-border-encounters"
ENCOUNTER = (
    "encounters at the southwest land border: apprehensions by Border Patrol, inadmissible people "
    "at ports of entry, and expulsions under Title 42; events, not people"
)


def series(
    id: str, read: object, files: str | tuple[str, ...], keys: str, values: str,
    definition: str, unit: str, **about: object,
) -> Series:  # fmt: skip
    """A declaration; keys and values as words, grain from the keys."""
    names = tuple(keys.split())
    return Series(
        id=id,
        read=read,  # type: ignore[arg-type]
        files=(files,) if isinstance(files, str) else files,
        keys=names,
        values=tuple(values.split()),
        about=Provenance(  # type: ignore[arg-type]
            series=id, definition=definition, unit=unit, grain=" × ".join(names), read_on="",
            **about,  # type: ignore[arg-type]
        ),
    )  # fmt: skip


def ohss(id: str, read: object, keys: str, definition: str, unit: str = "people") -> Series:
    """A series of the OHSS monthly tables."""
    return series(id, read, OHSS_BOOK, keys, "people", definition, unit, **OHSS)


SERIES: tuple[Series, ...] = (
    series(
        "us.encounters.area", cbp.read_area,
        "us/cbp/southwest_encounters_by_area_nationality_demographic_2017-10_2025-05.csv",
        "month component area title unit nationality", "people",
        f"{ENCOUNTER}. Only cells above zero have a row.", "events",
        title="Southwest Land Border Encounters (by Component)", address=SOUTHWEST,
        through="tidied by IOM (MIT)", **CBP,
    ),
    series(
        "us.encounters.state", cbp.read_state,
        ("us/cbp/nationwide-encounters-fy22-fy25-state.csv",
         "us/cbp/nationwide-encounters-fy20-fy23-state.csv"),
        "month title unit nationality", "people",
        f"{ENCOUNTER}, summed over the border states; check on us.encounters.area", "events",
        title="Nationwide Encounters, by state", **CBP,
        address="https://www.cbp.gov/newsroom/stats/nationwide-encounters",
    ),
    series(
        "us.encounters.nationwide", cbp.read_nationwide,
        ("us/cbp/nationwide-encounters-fy22-fy25-state.csv",
         "us/cbp/nationwide-encounters-fy20-fy23-state.csv"),
        "month region", "people",
        "encounters of CBP in the whole country (apprehensions, inadmissible people, expulsions "
        "under Title 42): southwest, the southwest land border; northern, the northern land "
        "border; elsewhere, airports, sea ports, coasts and the interior; events, not people",
        "events", title="Nationwide Encounters, by state", **CBP,
        address="https://www.cbp.gov/newsroom/stats/nationwide-encounters",
    ),
    series(
        "us.encounters.sbo", cbp.read_sbo,
        ("us/cbp/sbo-encounters-fy22-fy25.csv", "us/cbp/sbo-encounters-fy19-fy22.csv"),
        "month component unit title nationality", "people",
        f"{ENCOUNTER}; four citizenships named, the others REST", "events",
        title="Southwest Land Border Encounters", address=SOUTHWEST, **CBP,
    ),
    series(
        "us.encounters.border_patrol.sector", usbp.read_monthly,
        "us/cbp/usbp_monthly_encounters_fy2000-fy2020.csv.gz", "month area", "people",
        "Border Patrol encounters (apprehensions, since March 2020 also expulsions) by sector",
        "events", title="U.S. Border Patrol Monthly Encounters FY2000–FY2020", **USBP,
    ),
    ohss("us.encounters.ohss", ohss_series.read_nationality,
         "month table component nationality",
         f"{ENCOUNTER}. table=selected: ten citizenships, the others REST, both components; "
         "table=top_100: Border Patrol, all 22 categories (Myanmar within OOO). Blank = all.",
         "events"),
    ohss("us.encounters.ohss.unit", ohss_series.read_unit, "month component unit",
         f"{ENCOUNTER}. Ports of entry: families not told apart before October 2015, "
         "accompanied minors not before October 2017.", "events"),
    ohss("us.encounters.ohss.area", ohss_series.read_area, "month component area",
         f"{ENCOUNTER}, by sector and field office", "events"),
    series(
        "us.encounters.ohss.usbp", ohss_series.read_usbp_margins,
        "us/ohss/KHSM_Encounters_USBP_fy25m11.xlsx", "month margin nationality unit area",
        "people", "Border Patrol encounters, southwest, by nationality or unit or sector: one "
        "margin at a time, named in `margin`", "events",
        **{**OHSS, "title": "Key Homeland Security Metrics: USBP Encounters"},
    ),
    ohss("us.bookouts", ohss_series.read_bookouts,
         "month component unit nationality outcome",
         "people encountered at the southwest border by how they left CBP custody, by month of "
         "encounter: by component, or by unit, or by nationality"),
    ohss("us.bookouts.annual", ohss_series.read_bookouts_annual,
         "fiscal_year component unit nationality outcome",
         "as us.bookouts, the published fiscal-year totals (rounded once; 2024 to August)"),
    ohss("us.cbp_one.appointments", ohss_series.read_cbp_one, "month nationality",
         "CBP One appointments processed at southwest ports of entry"),
    ohss("us.cbp_one.appointments.annual", ohss_series.read_cbp_one_annual,
         "fiscal_year nationality",
         "as us.cbp_one.appointments, published fiscal-year totals (2024 to August)"),
    ohss("us.chnv", ohss_series.read_chnv, "month stage nationality",
         "parole process for Cubans, Haitians, Nicaraguans and Venezuelans: supporters confirmed, "
         "travel authorised, people paroled"),
    ohss("us.credible_fear", ohss_series.read_credible_fear,
         "month region stage nationality result",
         "credible-fear cases filed, by nationality, and completed, by result", "cases"),
    ohss("us.ice.book_ins", ohss_series.read_ice_book_ins, "month agency nationality",
         "people booked into ICE detention, by nationality or by arresting agency"),
    ohss("us.repatriations", ohss_series.read_repatriations, "month kind detail nationality",
         "removals, returns and expulsions by DHS: by type (nationality blank), and three kinds by "
         "nationality (detail blank)", "events"),
    series(
        "us.gotaways.known", gotaways.read_gotaways,
        "us/gotaways/known_gotaways_monthly_2005-10_2024-03.csv", "month", "people arrests",
        "people whom Border Patrol saw or tracked crossing and did not stop (people), and arrests",
        "people", publisher="US Border Patrol (FOIA), posted by the Cato Institute",
        title="Known got-aways by month", address="https://www.cato.org", licence=PUBLIC,
        delay_days=180, delay_note=f"{DELAY_ASSUMED}: released on request, not on a schedule",
    ),
    series(
        "us.children", hhs.read_children, "us/hhs/unaccompanied_children_daily_2023-01_2025-05.csv",
        "month", "in_cbp_custody in_hhs_care apprehended transferred discharged days",
        "unaccompanied children: in CBP custody and in HHS care (means of reported days), "
        "apprehended, transferred out of CBP custody, discharged by HHS (sums of reported days). "
        "Most children from Mexico return at once and are not in it.",
        "children", **HHS,
    ),
    series(
        "us.children.daily", hhs.read_daily,
        "us/hhs/unaccompanied_children_daily_2023-01_2025-05.csv", "date",
        "apprehended in_cbp_custody transferred in_hhs_care discharged",
        "unaccompanied children, on each reported day; most children from Mexico are not in it",
        "children",
        **HHS,
    ),
    series(
        "us.ice.detained", ice.read_detained, "us/ice/detained_population_2019-05_2025-05.csv",
        "date arrested_by record", "people",
        "people in ICE detention on the day, by arresting agency or by criminal record", "people",
        publisher="US Immigration and Customs Enforcement", title="Detention statistics",
        address="https://www.ice.gov/detain/detention-management",
        licence="facts published by the US government", through="collected by TRAC",
        delay_days=14, delay_note=f"{DELAY_ASSUMED}: about every second week",
    ),
    series(
        "us.ice.removals", ice.read_removals, "us/ice/removals_annual.json", "fiscal_year",
        "people", "people removed by ICE in the fiscal year", "events",
        publisher="US Immigration and Customs Enforcement", title="ERO annual reports",
        address="https://www.ice.gov/remove/removal-statistics",
        licence="facts published by the US government", delay_days=90,
        delay_note=f"{DELAY_ASSUMED}: reports came out in December",
    ),
    series(
        "us.courts", institutions.read_courts, "us/eoir/pending_receipts_completions.csv",
        "fiscal_year period", "pending received completed",
        "immigration courts: cases pending at the end, received and completed in the period",
        "cases", publisher="Executive Office for Immigration Review",
        title="Pending cases, new cases and total completions",
        address="https://www.justice.gov/eoir/workload-and-adjudication-statistics",
        licence=PUBLIC, delay_days=30, delay_note=DELAY_ASSUMED,
    ),
    series(
        "us.courts.new_cases", institutions.read_new_cases, "us/eoir/new_cases_monthly_fy20_22.csv",
        "month", "cases", "immigration-court cases by month of input: shape, not level", "cases",
        publisher="Executive Office for Immigration Review", title="Case data",
        address="https://www.justice.gov/eoir/workload-and-adjudication-statistics",
        licence=PUBLIC, delay_days=30, delay_note=DELAY_ASSUMED,
    ),
    series(
        "us.usbp.deaths", usbp.read_deaths, "us/usbp/southwest_border_deaths_1998_2019.csv",
        "fiscal_year area", "people", "deaths recorded by Border Patrol near the southwest border",
        "people", title="Southwest Border Deaths by Fiscal Year", **USBP,
    ),
    series(
        "us.usbp.staffing", usbp.read_staffing, "us/usbp/border_patrol_staffing_1992_2019.csv",
        "fiscal_year area", "agents", "Border Patrol agents at the fiscal year's end; blank area = "
        "southwest border", "agents", title="Border Patrol Agent Staffing by Fiscal Year", **USBP,
    ),
    series(
        "us.usbp.profile", usbp.read_profile, "us/usbp/sector_profile_2011_2019.csv",
        "fiscal_year area", " ".join(usbp.PROFILE.values()),
        "Border Patrol sector profile: encounters, rescues, deaths, assaults on agents", "as named",
        title="United States Border Patrol Sector Profile", **USBP,
    ),
    series(
        "us.usbp.family_child", usbp.read_family_child,
        "us/usbp/family_child_total_monthly_2000_2019.csv", "month area",
        "people unaccompanied_children in_families",
        "Border Patrol encounters: all, children alone, people in families", "events",
        title="Total Unaccompanied Children and Family Unit Apprehensions by Month", **USBP,
    ),
    series(
        "us.usbp.citizenship_sector", usbp.read_citizenship_sector,
        "us/usbp/apprehensions_by_citizenship_sector_fy2007_fy2019.csv",
        "fiscal_year area nationality", "people",
        "Border Patrol encounters by citizenship (22 categories) and sector, by fiscal year",
        "events", title="Nationwide Apprehensions by Citizenship and Sector", **USBP,
    ),
    series(
        "us.cities.nyc", institutions.read_shelters,
        "us/cities/nyc_shelter_unduplicated_monthly_by_agency_2019-01_2025-05.csv",
        "month agency report", "people",
        "different people who used a city shelter in the month, by agency (herrcs: sites for "
        "asylum seekers)", "people", publisher="City of New York",
        title="Local Law 79 Temporary Housing Assistance Usage",
        address="https://opendata.cityofnewyork.us", licence="NYC Open Data terms of use",
        delay_days=45, delay_note=DELAY_ASSUMED,
    ),
    series(
        "us.cities.nyc.in_care", institutions.read_in_care,
        "us/cities/nyc_asylum_seekers_in_care_2023-07_2023-11.csv", "month household", "people",
        "asylum seekers in the city's care at the month's end", "people",
        publisher="City of New York", title="Asylum Seekers in care, monthly report",
        address="https://www.nyc.gov", licence="facts published by the city",
        delay_days=30, delay_note=DELAY_ASSUMED,
    ),
)  # fmt: skip
