"""The series counted in the region, the drivers, single figures and places."""

from __future__ import annotations

from caudal.corridor.sources import (
    covariates,
    figures,
    geography,
    iom,
    missing_migrants,
    unhcr,
)
from caudal.corridor.sources.catalogue_us import PUBLIC, series
from caudal.data.series import Series
from caudal.data.vintage import DELAY_ASSUMED

VIA_IOM = {"licence": "MIT", "through": "tidied by IOM (MIT)"}
PANAMA = {
    "publisher": "Servicio Nacional de Migración, Panama",
    "title": "Tránsito irregular por Darién",
    "address": "https://www.migracion.gob.pa", "delay_days": 15, "delay_note": DELAY_ASSUMED,
    **VIA_IOM,
}  # fmt: skip
MEXICO = {
    "publisher": "SEGOB, Unidad de Política Migratoria, Mexico",
    "title": "Boletín mensual de estadísticas migratorias",
    "address": "http://www.politicamigratoria.gob.mx/es/PoliticaMigratoria/Boletines_Estadisticos",
    "delay_days": 30, "delay_note": DELAY_ASSUMED, **VIA_IOM,
}  # fmt: skip
HONDURAS = {
    "publisher": "Instituto Nacional de Migración, Honduras",
    "title": "Migración irregular en tránsito por Honduras",
    "address": "https://inm.gob.hn", "delay_days": 15, "delay_note": DELAY_ASSUMED, **VIA_IOM,
}  # fmt: skip
UNHCR = {
    "publisher": "UNHCR", "title": "Refugee Data Finder",
    "address": "https://www.unhcr.org/refugee-statistics", "licence": "CC BY 4.0",
    "delay_days": 165, "delay_note": f"{DELAY_ASSUMED}: Global Trends, in June",
}  # fmt: skip
WRITTEN = {
    "publisher": "as named in each row", "address": "",
    "licence": "facts, cited row by row", "delay_days": 0,
}  # fmt: skip
MX_EVENTS = (
    "events of people in an irregular migratory situation (brought before or channelled by the "
    "migration authority); one person may be counted several times"
)

SERIES: tuple[Series, ...] = (
    series(
        "pa.darien", iom.read_darien, "region/iom/irreg_darien_nat.csv", "month nationality",
        "people", "people counted on leaving the Darién jungle, entering Panama irregularly",
        "people", **PANAMA,
    ),
    series(
        "pa.darien.annual", iom.read_darien_annual, "region/iom/irreg_darien_nat.csv",
        "year nationality", "people", "as pa.darien, whole years 2010 to 2019", "people", **PANAMA,
    ),
    series(
        "pa.darien.demographic", iom.read_darien_demographic, "region/iom/irreg_darien_dmg.csv",
        "month demog", "people", "as pa.darien, by men, women, boys, girls (adults and children "
        "are not told apart before 2023)", "people", **PANAMA,
    ),
    series(
        "mx.events", iom.read_mexico, "region/iom/irreg_mexico_nat.csv", "month nationality",
        "people", MX_EVENTS, "events", **MEXICO,
    ),
    series(
        "mx.events.demographic", iom.read_mexico_demographic, "region/iom/irreg_mexico_dmg.csv",
        "month sex age", "people", MX_EVENTS, "events", **MEXICO,
    ),
    series(
        "mx.presented", iom.read_presented, "region/iom/amerdigest_irreg.csv",
        "month nationality", "people",
        "people brought before the migration authority (presentados), narrower than mx.events",
        "events", **MEXICO,
    ),
    series(
        "mx.returns", iom.read_returns, "region/iom/irreg_mexico_exp.csv",
        "month nationality type", "people", "people whom Mexico returned, by kind of return",
        "events", **MEXICO,
    ),
    series(
        "hn.entries", iom.read_honduras, "region/iom/irreg_honduras_nat.csv", "month nationality",
        "people", "people who registered after entering Honduras irregularly", "people", **HONDURAS,
    ),
    series(
        "hn.entries.total", iom.read_honduras_total, "region/iom/irreg_honduras.csv", "month",
        "people", "as hn.entries, all nationalities, from 2014", "people", **HONDURAS,
    ),
    series(
        "hn.entries.demographic", iom.read_honduras_demographic,
        "region/iom/irreg_honduras_dmg.csv", "month demog", "people",
        "as hn.entries, by men, women, boys, girls", "people", **HONDURAS,
    ),
    series(
        "gt.returns", iom.read_guatemala, "region/iom/irreg_guatemala.csv",
        "month sex age returned_from", "people",
        "Guatemalans received back, by the country that returned them (blank: not told)", "events",
        publisher="Instituto Guatemalteco de Migración", title="Estadísticas de retornados",
        address="https://igm.gob.gt", delay_days=15, delay_note=DELAY_ASSUMED, **VIA_IOM,
    ),
    series(
        "co.exits", iom.read_colombia, "region/iom/amerdigest_irreg.csv", "month nationality",
        "people", "people in transit who left Colombia irregularly toward the Darién", "people",
        publisher="Migración Colombia", title="Flujos migratorios irregulares",
        address="https://www.migracioncolombia.gov.co", delay_days=30, delay_note=DELAY_ASSUMED,
        **VIA_IOM,
    ),
    series(
        "iom.deaths", missing_migrants.read_deaths, "region/iom/iom_mmp_americas.csv",
        "month country zone route cause nationality", "people incidents",
        "people recorded dead or missing during migration in the Americas", "people",
        publisher="IOM Missing Migrants Project", title="Missing Migrants data",
        address="https://missingmigrants.iom.int", licence="CC BY 4.0", delay_days=30,
        delay_note=DELAY_ASSUMED,
    ),
    series(
        "mx.asylum.annual", unhcr.read_mexico, "region/unhcr/mex_asylum_applications_annual.csv",
        "year nationality", "people", "people who applied for asylum in Mexico (COMAR)", "people",
        **UNHCR,
    ),
    series(
        "asylum.americas.annual", unhcr.read_americas,
        "region/unhcr/americas_asylum_applications_annual.csv",
        "year asylum_country nationality kind counted_in", "applications",
        "asylum applications, counted in people or, in part of the United States, in cases",
        "people or cases", **UNHCR,
    ),
    series(
        "refugees.origin.annual", unhcr.read_stocks,
        "region/unhcr/origin_refugee_stocks_annual.csv", "year nationality",
        "refugees asylum_seekers others",
        "refugees, asylum seekers and others in need of protection at the year's end, by origin",
        "people", **UNHCR,
    ),
    series(
        "driver.us_job_openings", covariates.read_job_openings,
        "region/covariates/us_job_openings_jtsjol.csv", "month", "thousand_openings",
        "US job openings, total nonfarm, seasonally adjusted (JTSJOL)", "thousand openings",
        publisher="US Bureau of Labor Statistics",
        title="Job Openings and Labor Turnover Survey", address="https://www.bls.gov/jlt/",
        licence=PUBLIC, delay_days=35,
    ),
    series(
        "driver.mx_remittances", covariates.read_remittances,
        "region/covariates/mexico_remittances_monthly.csv", "month flow", "transfers usd",
        "family remittances into and out of Mexico", "US dollars; transfers",
        publisher="Banco de México", title="Remesas familiares", address="https://www.banxico.org.mx",
        licence="facts published by the Bank", delay_days=32,
    ),
    series(
        "driver.wdi", covariates.read_indicators, "region/covariates/origin_wdi_annual.csv",
        "year country indicator", "value", "World Bank indicators of origin countries", "as named",
        publisher="World Bank", title="World Development Indicators",
        address="https://databank.worldbank.org/source/world-development-indicators",
        licence="CC BY 4.0", delay_days=540, delay_note=DELAY_ASSUMED,
    ),
    series(
        "driver.homicide", covariates.read_homicide,
        "region/covariates/homicide_rate_unodc.csv", "year country", "per_100000",
        "intentional homicides per 100,000 people", "per 100,000 people", publisher="UNODC",
        title="Intentional homicide", address="https://dataunodc.un.org",
        licence="facts published by the UN", delay_days=365, delay_note=DELAY_ASSUMED,
    ),
    series(
        "figures", figures.read_figures, "published_figures.csv", "id", "value",
        "single figures read in reports and press, each with its source", "as named",
        title="Published single figures", **WRITTEN,
    ),
    series(
        "figures.parameters", figures.read_parameters, "../facts/parameters.csv",
        "symbol name applies_to period", "value",
        "published values of constants, with range and source", "as named",
        title="Published parameter values", **WRITTEN,
    ),
    series(
        "geo.places", geography.read_places, "geo/corridor_places.csv", "place country role",
        "lat", "towns and stations of the corridor with role and position", "degrees",
        publisher="GeoNames", title="cities500", address="https://www.geonames.org",
        licence="CC BY 4.0", delay_days=0,
    ),
    series(
        "geo.sectors", geography.read_sectors, "geo/usbp_sw_sectors.csv", "area", "lat",
        "city of each southwest Border Patrol sector's headquarters", "degrees",
        publisher="GeoNames", title="cities500", address="https://www.geonames.org",
        licence="CC BY 4.0", delay_days=0,
    ),
)  # fmt: skip
