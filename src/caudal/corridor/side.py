"""Outcomes side by side: enforcement, protection, people, institutions, places; none called best."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caudal.corridor.variables import VARIABLES
from caudal.corridor.world import UNIT_NAMES

SUMMED = ("area", "nationality", "unit", "sector", "city", "payer", "danger", "field_office")

GROUP_OF: dict[str, str] = {
    "us.encounters.southwest": "enforcement", "us.expulsions": "enforcement",
    "us.gotaways.known": "enforcement", "mx.events": "enforcement",
    "us.children.hhs_care": "institutions", "us.children.cbp_custody": "institutions",
}  # fmt: skip
"""Groups of the outcomes that stand among the totals."""

_ROWS: tuple[tuple[str, str, str, str], ...] = (
    ("us.removals", "removals", "people_month", "enforcement"),
    ("mx.returns", "mexican_returns", "people_month", "enforcement"),
    ("cost.public", "public_cost", "dollars", "enforcement"),
    ("us.appointments", "appointments_kept", "people_month", "protection"),
    ("us.parole", "parole_arrivals", "people_month", "protection"),
    ("us.releases", "releases", "people_month", "protection"),
    ("courts.grants", "court_grants", "cases_month", "protection"),
    ("courts.absentia", "absentia_orders", "cases_month", "protection"),
    ("mx.claims", "mexican_claims", "people_month", "protection"),
    ("mx.recognised", "mexican_grants", "people_month", "protection"),
    ("protection.returned", "protection_returned", "people_month", "protection"),
    ("people.waiting", "waiting_north", "people", "people"),
    ("people.held_south", "held_south", "people", "people"),
    ("harm.deaths", "deaths", "deaths", "people"),
    ("harm.kidnapped.floor", "kidnappings_floor", "people_month", "people"),
    ("harm.kidnapped.ceiling", "kidnappings_ceiling", "people_month", "people"),
    ("harm.assaults", "assaults", "people_month", "people"),
    ("harm.extortions", "extortions", "events", "people"),
    ("harm.outdoors", "exposure_days", "days", "people"),
    ("people.separations", "separations", "people_month", "people"),
    ("people.self_separations", "self_separations", "people_month", "people"),
    ("cost.migrants", "migrant_cost", "dollars", "people"),
    ("cost.smugglers", "smuggler_revenue", "dollars", "people"),
    ("us.cbp.held", "cbp_held", "people", "institutions"),
    ("us.ice.held", "ice_held", "people", "institutions"),
    ("courts.border", "court_border", "cases", "institutions"),
    ("courts.mpp", "mpp_docket", "cases", "institutions"),
    ("ports.waiting", "ports_waiting", "people", "institutions"),
    ("app.waiting", "app_waiting", "people", "institutions"),
    ("mx.stations", "held_mexico", "people", "institutions"),
    ("mx.dif", "dif_held", "people", "institutions"),
    ("mx.comar", "comar_waiting", "people", "institutions"),
    ("places.sheltered", "sheltered", "people", "places"),
    ("places.camped", "camped", "people", "places"),
    ("places.unsheltered", "unsheltered", "people", "places"),
    ("places.field", "field_waiting", "people", "places"),
    ("places.cities", "city_sheltered", "people", "places"),
)


def side() -> tuple[dict[str, Any], ...]:
    """The outcomes beyond the totals, as the fields of a `report.Outcome`, in their order."""
    out = [_one(name, variable, unit, group) for name, variable, unit, group in _ROWS]
    at = next(i for i, o in enumerate(out) if o["id"] == "harm.outdoors")
    en, es = VARIABLES["custody_days"].en, VARIABLES["custody_days"].es
    held = [
        _one(f"people.custody.{unit}", "custody_days", "days", "people", {"unit": unit})
        | {"title_en": f"{en}: {names[0].lower()}", "title_es": f"{es}: {names[1].lower()}"}
        for unit, names in UNIT_NAMES.items()
    ]
    return (*out[: at + 1], *held, *out[at + 1 :])


def _one(
    name: str, variable: str, unit: str, group: str, select: Mapping[str, str] | None = None
) -> dict[str, Any]:
    about = VARIABLES[variable]
    every = {dim: "sum" for dim in about.dims if dim in SUMMED}
    return {
        "id": name, "title_en": about.en, "title_es": about.es, "unit": unit,
        "variable": variable, "select": {**every, **(select or {})}, "series": "",
        "panel": "side", "group": group,
    }  # fmt: skip
