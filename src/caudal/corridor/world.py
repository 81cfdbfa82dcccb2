"""The corridor's words: nationalities, travel units, sectors, field offices, and where they lie.

Nationalities are CBP's 22 published citizenship categories, as ISO 3166-1 alpha-3 codes, with `OOO`
for "other". Units are CBP's, with accompanied minors counted as `family`. Orders here are the
orders of every array axis in Caudal.
"""

from __future__ import annotations

NATIONALITIES: tuple[str, ...] = (
    "MEX", "GTM", "HND", "SLV", "NIC", "CUB", "HTI", "VEN", "COL", "ECU", "PER", "BRA",
    "IND", "CHN", "RUS", "UKR", "TUR", "ROU", "PHL", "MMR", "CAN", "OOO",
)  # fmt: skip

UNITS: tuple[str, ...] = ("single_adult", "family", "unaccompanied_child")

SECTORS: tuple[str, ...] = (
    "san-diego", "el-centro", "yuma", "tucson", "el-paso", "big-bend", "del-rio", "laredo",
    "rio-grande-valley",
)  # fmt: skip

FIELD_OFFICES: tuple[str, ...] = (
    "san-diego-office", "tucson-office", "el-paso-office", "laredo-office",
)  # fmt: skip

AREAS: tuple[str, ...] = SECTORS + FIELD_OFFICES
"""Where an encounter is counted: nine Border Patrol sectors, four field offices (ports of entry)."""

MODES: tuple[str, ...] = ("bus", "truck", "train", "foot")
"""How people travel through Mexico."""

CITIES: tuple[str, ...] = ("new-york", "chicago", "denver", "elsewhere")
"""Cities of the US interior that shelter arrivals."""

PAYERS: tuple[str, ...] = (
    "us-border", "us-children", "us-detention", "us-courts", "us-cities", "mexico-enforcement",
    "mexico-reception", "panama",
)  # fmt: skip
"""Who pays for what institutions do."""

DANGERS: tuple[str, ...] = ("darien", "mexico-road", *SECTORS)
"""Where people die on the way: the Darién, the road through Mexico, the border sectors."""

COMPONENTS: tuple[str, ...] = ("border_patrol", "field_operations")
TITLES: tuple[str, ...] = ("title_8", "title_42")

NATIONALITY_NAMES: dict[str, tuple[str, str]] = {
    "MEX": ("Mexico", "México"),
    "GTM": ("Guatemala", "Guatemala"),
    "HND": ("Honduras", "Honduras"),
    "SLV": ("El Salvador", "El Salvador"),
    "NIC": ("Nicaragua", "Nicaragua"),
    "CUB": ("Cuba", "Cuba"),
    "HTI": ("Haiti", "Haití"),
    "VEN": ("Venezuela", "Venezuela"),
    "COL": ("Colombia", "Colombia"),
    "ECU": ("Ecuador", "Ecuador"),
    "PER": ("Peru", "Perú"),
    "BRA": ("Brazil", "Brasil"),
    "IND": ("India", "India"),
    "CHN": ("China", "China"),
    "RUS": ("Russia", "Rusia"),
    "UKR": ("Ukraine", "Ucrania"),
    "TUR": ("Türkiye", "Turquía"),
    "ROU": ("Romania", "Rumania"),
    "PHL": ("Philippines", "Filipinas"),
    "MMR": ("Myanmar", "Birmania"),
    "CAN": ("Canada", "Canadá"),
    "OOO": ("Other", "Otras"),
}

UNIT_NAMES: dict[str, tuple[str, str]] = {
    "single_adult": ("Single adults", "Adultos solos"),
    "family": ("People in families", "Personas en familia"),
    "unaccompanied_child": ("Unaccompanied children", "Niñas y niños no acompañados"),
}

AREA_NAMES: dict[str, tuple[str, str]] = {
    "san-diego": ("San Diego sector", "Sector San Diego"),
    "el-centro": ("El Centro sector", "Sector El Centro"),
    "yuma": ("Yuma sector", "Sector Yuma"),
    "tucson": ("Tucson sector", "Sector Tucson"),
    "el-paso": ("El Paso sector", "Sector El Paso"),
    "big-bend": ("Big Bend sector", "Sector Big Bend"),
    "del-rio": ("Del Rio sector", "Sector Del Río"),
    "laredo": ("Laredo sector", "Sector Laredo"),
    "rio-grande-valley": ("Rio Grande Valley sector", "Sector Valle del Río Grande"),
    "san-diego-office": ("San Diego field office (ports)", "Oficina San Diego (puertos)"),
    "tucson-office": ("Tucson field office (ports)", "Oficina Tucson (puertos)"),
    "el-paso-office": ("El Paso field office (ports)", "Oficina El Paso (puertos)"),
    "laredo-office": ("Laredo field office (ports)", "Oficina Laredo (puertos)"),
}

CITY_NAMES: dict[str, tuple[str, str]] = {
    "new-york": ("New York", "Nueva York"),
    "chicago": ("Chicago", "Chicago"),
    "denver": ("Denver", "Denver"),
    "elsewhere": ("Other cities", "Otras ciudades"),
}
