"""What a counter would see of a run: its variables, its outcomes, and the counts beside them.

The engine hands over monthly arrays (month, place, group, member) by tally; readers get a Dataset
(member, month, …) in which every variable says its unit, what it counts and which published
series, if any, counts the same.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from caudal.corridor.groups import unfold
from caudal.corridor.side import GROUP_OF, side
from caudal.corridor.stocks import STOCKS
from caudal.corridor.variables import VARIABLES
from caudal.corridor.world import (
    AREA_NAMES,
    AREAS,
    CITIES,
    DANGERS,
    FIELD_OFFICES,
    MODES,
    NATIONALITIES,
    NATIONALITY_NAMES,
    PAYERS,
    SECTORS,
    UNIT_NAMES,
    UNITS,
)
from caudal.engine.simulate import Months

if TYPE_CHECKING:
    from caudal.corridor import Corridor


def dataset(corridor: Corridor, months: Months, skip: int, members: np.ndarray) -> xr.Dataset:
    """The results of some months of a run, without the first `skip` of them.

    months   arrays (month, …, member); their `first` counts from the corridor's beginning. Where that
             is not the first reported month, `people` of final stocks in the first of them holds all
             who have ended since then
    members  their numbers, (member,)

    Returns float32 variables as VARIABLES describes them.
    """
    n = len(months.people)
    first = pd.Timestamp(corridor.begins) + pd.DateOffset(months=months.first)
    dates = pd.date_range(first, periods=n, freq="MS")
    t = months.tallies
    land, ports = _by_group(t["encounters_land"]), _by_group(t["encounters_ports"])
    tries = t["encounters_land"].sum((1, 2)) + t["unseen"].sum((1, 2))
    made = {
        "encounters": lambda: np.concatenate([land, ports], axis=2),
        "encounters_repeat_share": lambda: _ratio(t["encounters_repeat"].sum((1, 2)), tries).T,
        "people": lambda: _stocks(corridor, months),
    }
    variables = {}
    for name, about in VARIABLES.items():
        attrs = {
            "units": about.units, "long_name": about.en, "long_name_es": about.es,
            "definition": about.definition, "series": about.series,
        }  # fmt: skip
        value = (
            made[name]() if name in made else _read(corridor, months, about.of or name, about.dims)
        )
        variables[name] = (about.dims, value[:, skip:].astype(np.float32), attrs)
    named = {dim: (dim, labels, {"long_name": AXES[dim]}) for dim, labels in coordinates().items()}
    return xr.Dataset(
        variables,
        coords={
            "member": ("member", np.asarray(members), {"long_name": "Member of the ensemble"}),
            "month": ("month", dates[skip:].to_numpy("datetime64[ns]"), {"long_name": "Month"}),
            **named,
        },
    )


AXES = {
    "area": "Sector or field office", "nationality": "Citizenship",
    "unit": "Who travels together", "sector": "Border Patrol sector", "stock": "Status",
    "field_office": "Field office", "mode": "How people travel", "city": "City",
    "payer": "Who pays", "danger": "Where people die",
}  # fmt: skip


def coordinates() -> dict[str, list[str]]:
    """Labels along every axis of the Dataset but member and month."""
    axes = (AREAS, NATIONALITIES, UNITS, SECTORS, [s.name for s in STOCKS], FIELD_OFFICES, MODES,
            CITIES, PAYERS, DANGERS)  # fmt: skip
    return {dim: list(labels) for dim, labels in zip(AXES, axes, strict=True)}


def _read(corridor: Corridor, months: Months, name: str, dims: tuple[str, ...]) -> np.ndarray:
    """A tally, measure or signal as (member, month, …): what `dims` leave out is summed."""
    if name in months.tallies:
        value, axes = _by_group(months.tallies[name]), ("place", "nationality", "unit")
    else:
        model = corridor.model
        measured = name in model.measures
        axes = (model.measures[name] if measured else model.signals[name]).dims
        value = np.moveaxis((months.measures if measured else months.signals)[name], -1, 0)
        if axes == ("group",):
            value, axes = unfold(value), ("nationality", "unit")
        elif not axes:
            value = value.reshape(value.shape[:2])
    wanted = tuple("place" if d in PLACES else d for d in dims[2:])
    axes = tuple("place" if d in PLACES else d for d in axes)
    gone = tuple(i for i, d in enumerate(axes, 2) if d not in wanted)
    return value.sum(gone) if gone else value


PLACES = ("sector", "field_office", "city", "area")
"""Axes along which a tally's places lie."""


def _by_group(tally: np.ndarray) -> np.ndarray:
    """(month, place, 66 or 1, member) → (member, month, place, 22, 3), or (…, 1, 1)."""
    value = np.moveaxis(tally, -1, 0)
    return value[..., None] if value.shape[-1] == 1 else unfold(value)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)


def _stocks(corridor: Corridor, months: Months) -> np.ndarray:
    """People by stock, (member, month, stock); final stocks since the first reported month."""
    model = corridor.model
    begins, reported = corridor.begins, corridor.reports_from
    before = (reported.year - begins.year) * 12 + reported.month - begins.month
    before = max(before - months.first, 0)
    out = []
    for stock in model.stocks:
        value = months.people[:, model.rows[stock.name]].sum(1, dtype=np.float64)
        if stock.final:  # the engine empties these each month; its figures are arrivals
            value[:before] = 0
            value = value.cumsum(0)
        out.append(value)
    return np.moveaxis(np.stack(out, -1), 1, 0)


EVERY = {"area": "sum", "nationality": "sum", "unit": "sum"}
SHOWN_STOCKS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "darien": (("darien",), "In the Darién or at a station in Panama",
               "En el Darién o en una estación de Panamá"),
    "central": (("central_1", "central_2"), "Crossing Central America", "Cruzando Centroamérica"),
    "south": (("south",), "In southern Mexico", "En el sur de México"),
    "mexico": (("mexico_1", "mexico_2"), "On the road in Mexico", "En camino por México"),
    "held": (("held",), "Held by Mexican authorities", "En custodia de autoridades mexicanas"),
    "north": (("north_first", "north_repeat"), "At Mexico's northern border, about to try",
              "En la frontera norte de México, por intentar cruzar"),
    "mpp": (("mpp",), "Sent back to wait in Mexico for a US hearing",
            "Enviadas a México a esperar su audiencia en Estados Unidos"),
    "ports": (("ports",), "Waiting for a port of entry", "En espera de un puerto de entrada"),
    "cbp": (("cbp_custody",), "Adults and families held by CBP",
            "Personas adultas y familias en custodia de CBP"),
    "ice": (("ice_detained",), "Detained by ICE after a border arrest",
            "En detención de ICE tras un arresto en la frontera"),
}  # fmt: skip


def _outcomes() -> tuple[dict[str, Any], ...]:
    area = "us.encounters.area"

    def one(*fields: Any, series: str = "", panel: str = "totals") -> dict[str, Any]:
        name, en, es, unit, variable, select = fields
        return {
            "id": name, "title_en": en, "title_es": es, "unit": unit, "variable": variable,
            "select": dict(select), "series": series, "panel": panel,
        }  # fmt: skip

    def seen(part: str, en: str, es: str, panel: str, **select: Any) -> dict[str, Any]:
        name = f"us.encounters.{part}"
        return one(
            name, en, es, "encounters", "encounters", EVERY | select, series=area, panel=panel
        )

    nation, group = {"nationality": "sum"}, {"nationality": "sum", "unit": "sum"}
    words = {k: (v.en, v.es) for k, v in VARIABLES.items()}
    out = [
        seen("southwest", "Encounters at the southwest border",
             "Encuentros en la frontera suroeste", "totals"),
        one("mx.events", *words["mexican_events"], "events", "mexican_events", nation,
            series="mx.events"),
        one("pa.darien.crossings", *words["darien_crossings"], "crossings", "darien_crossings",
            nation, series="pa.darien"),
        one("us.expulsions", *words["expulsions"], "expulsions", "expulsions", group,
            series=area),
        one("us.children.hhs_care", "Children in HHS care", "Niñas y niños al cuidado del HHS",
            "children", "children_in_care", {}, series="us.children"),
        one("us.children.cbp_custody", "Children in CBP custody",
            "Niñas y niños en custodia de CBP", "children", "children_in_cbp_custody", {},
            series="us.children"),
        one("us.gotaways.known", *words["gotaways"], "entries", "gotaways", {},
            series="us.gotaways.known"),
        seen("border_patrol", "Between the ports: Border Patrol",
             "Entre los puertos: Patrulla Fronteriza", "components", area=list(SECTORS)),
        seen("field_operations", "At the ports: field offices",
             "En los puertos: oficinas de campo", "components", area=list(FIELD_OFFICES)),
    ]  # fmt: skip
    for dim, names, panel in (
        ("unit", UNIT_NAMES, "units"),
        ("area", AREA_NAMES, "areas"),
        ("nationality", NATIONALITY_NAMES, "nationalities"),
    ):
        out += [seen(f"{dim}.{key}", *both, panel, **{dim: key}) for key, both in names.items()]
    for key, (stocks, en, es) in SHOWN_STOCKS.items():
        select = {"stock": list(stocks)}
        out.append(one(f"stock.{key}", en, es, "people", "people", select, panel="stocks"))
    for key in SECTORS:
        en, es = (name.replace(" sector", "").replace("Sector ", "") for name in AREA_NAMES[key])
        out.append(one(f"waiting.{key}", f"Waiting opposite {en}", f"En espera frente a {es}",
                       "people", "waiting_north", {"sector": key}, panel="waiting"))  # fmt: skip
    at = next(i for i, o in enumerate(out) if o["panel"] == "stocks")
    out = [*out[:at], *side(), *out[at:]]
    return tuple({**o, "group": GROUP_OF.get(o["id"], o.get("group", ""))} for o in out)


OUTCOMES: tuple[dict[str, Any], ...] = _outcomes()
"""What tables and charts show, as the fields of a `report.Outcome`, in their order."""


def observed_long(corridor: Corridor, end: date, known: date | None = None) -> pd.DataFrame:
    """Published counts of the months before `end`, beside the outcomes they measure.

    With `known`, only what was out by that day.

    Columns outcome, month (datetime64), observed; only months that were counted. Nationalities
    before October 2019 were published for the Border Patrol alone and so stand beside no outcome.
    """
    o = corridor.observed(corridor.begins, end, known)
    months = pd.date_range(corridor.begins, periods=o.months, freq="MS")
    a = o.arrays
    nation = a["nationality_unit"].sum(2)
    series = {
        "us.encounters.southwest": a["unit"].sum(1),
        "us.encounters.border_patrol": a["area"][:, : len(SECTORS)].sum(1),
        "us.encounters.field_operations": a["area"][:, len(SECTORS) :].sum(1),
        "us.expulsions": a["expelled_unit"].sum(1),
        "mx.events": a["mexican_events"].sum(1),
        "pa.darien.crossings": a["darien"].sum(1),
        "us.gotaways.known": a["gotaways"],
        "us.children.hhs_care": a["in_care"],
        "us.children.cbp_custody": a["in_cbp_custody"],
        **{f"us.encounters.unit.{u}": a["unit"][:, i] for i, u in enumerate(UNITS)},
        **{f"us.encounters.area.{x}": a["area"][:, i] for i, x in enumerate(AREAS)},
        **{f"us.encounters.nationality.{n}": nation[:, i] for i, n in enumerate(NATIONALITIES)},
    }
    frames = [
        pd.DataFrame({"outcome": name, "month": months, "observed": values})
        for name, values in series.items()
    ]
    return pd.concat(frames, ignore_index=True).dropna().reset_index(drop=True)
