"""What two scenarios are compared in: every outcome of a run over a period, in one order.

First what stands side by side (enforcement, protection, people, institutions, places), then the
details: components, units, areas, nationalities, statuses, waiting by sector, and whatever variable
of the Dataset no outcome reads. What happens in a month is summed over the months (`over: sum`);
what stands at a time is their mean weighted by days (`mean`); people who wait, times the days (`days`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caudal.corridor.observables import OUTCOMES
from caudal.corridor.side import SUMMED
from caudal.corridor.variables import VARIABLES

Fields = dict[str, Any]

UNITS: dict[str, tuple[str, str, str]] = {
    "encounters": ("sum", "encounters", "encuentros"),
    "expulsions": ("sum", "expulsions", "expulsiones"),
    "events": ("sum", "events", "eventos"),
    "crossings": ("sum", "crossings", "cruces"),
    "entries": ("sum", "entries", "entradas"),
    "people_month": ("sum", "people", "personas"),
    "cases_month": ("sum", "cases", "casos"),
    "deaths": ("sum", "recorded deaths", "muertes registradas"),
    "days": ("sum", "days", "días"),
    "dollars": ("sum", "dollars of 2023", "dólares de 2023"),
    "people": ("mean", "people, mean", "personas, media"),
    "children": ("mean", "children, mean", "niñas y niños, media"),
    "cases": ("mean", "cases, mean", "casos, media"),
}
"""The page's unit of a month → how months are taken together, and the unit of the period."""

OF_VARIABLES: dict[str, tuple[str, str, str]] = {
    "encounters per month": UNITS["encounters"],
    "people per month": UNITS["people_month"],
    "children per month": ("sum", "children", "niñas y niños"),
    "events per month": UNITS["events"],
    "cases per month": UNITS["cases_month"],
    "dollars of 2023 per month": UNITS["dollars"],
    "people, mean of the month": UNITS["people"],
    "cases": UNITS["cases"],
    "share": ("mean", "share", "proporción"),
    "dollars of 2023": ("mean", "dollars of 2023, mean", "dólares de 2023, media"),
    "1 is the level of 2018": ("mean", "1 is the level of 2018", "1 es el nivel de 2018"),
    "acts in force": ("mean", "acts in force, mean", "actos vigentes, media"),
    "base 0": ("mean", "base 0", "base 0"),
    "base 1": ("mean", "base 1", "base 1"),
}
"""The same by the unit of a variable of the Dataset."""

LEVELS = ("share", "dollars of 2023", "base 0", "base 1")
"""Units of which places and groups are averaged, not summed."""

ORDER: dict[str, tuple[str, ...]] = {
    "enforcement": (
        "us.encounters.southwest", "us.encounters.repeat", "us.encounters.repeat_share",
        "us.expulsions", "us.mpp.returns", "us.removals", "us.ice.book_ins", "us.gotaways.known",
        "mx.events", "mx.returns", "pa.darien.crossings", "cost.public",
    ),
    "protection": (),
    "people": ("departures", "people.waiting", "people.waiting_days"),
    "institutions": ("us.cbp.held", "us.ice.held"),
    "places": (),
}  # fmt: skip
"""What stands first in each group; the group's other outcomes follow in the order of OUTCOMES."""

_MORE: tuple[tuple[str, str, str, str], ...] = (
    ("us.encounters.repeat", "encounters_repeat", "encounters", "enforcement"),
    ("us.mpp.returns", "mpp_returns", "people_month", "enforcement"),
    ("us.ice.book_ins", "ice_book_ins", "people_month", "enforcement"),
    ("departures", "departures", "people_month", "people"),
)


def compared() -> tuple[Fields, ...]:
    """The fields of every `ask.compared.Measure`, the side-by-side ones first."""
    known = {o["id"]: _of_outcome(o) for o in OUTCOMES} | _more()
    known["pa.darien.crossings"]["group"] = "enforcement"
    order = []
    for group, first in ORDER.items():
        rest = [k for k, f in known.items() if f["group"] == group and k not in first]
        order += [known[name] | {"group": group} for name in (*first, *rest)]
    details = [f for f in known.values() if not f["group"]]
    read = {f["variable"] for f in known.values()}
    rest = [v for v in VARIABLES if v not in read and "mode" not in VARIABLES[v].dims]
    return (*order, *details, *(_of_variable(name) for name in rest))


def _of_outcome(outcome: Mapping[str, Any]) -> Fields:
    over, en, es = UNITS[outcome["unit"]]
    return {
        "id": outcome["id"], "en": outcome["title_en"], "es": outcome["title_es"], "over": over,
        "unit_en": en, "unit_es": es, "variable": outcome["variable"],
        "select": outcome["select"], "group": outcome["group"],
    }  # fmt: skip


def _more() -> dict[str, Fields]:
    out = {
        name: _fields(name, variable, UNITS[unit], "sum") | {"group": group}
        for name, variable, unit, group in _MORE
    }
    share = _fields("us.encounters.repeat_share", "encounters_repeat_share",
                    OF_VARIABLES["share"], "mean")  # fmt: skip
    waited = _fields("people.waiting_days", "waiting_north", ("days", "days", "días"), "sum")
    waited |= {"en": "Days waited in northern Mexico", "es": "Días de espera en el norte de México"}
    return {
        **out,
        share["id"]: share | {"group": "enforcement"},
        waited["id"]: waited | {"group": "people"},
    }


def _of_variable(name: str) -> Fields:
    units = VARIABLES[name].units
    return _fields(name, name, OF_VARIABLES[units], "mean" if units in LEVELS else "sum")


def _fields(name: str, variable: str, unit: tuple[str, str, str], across: str) -> Fields:
    about, (over, en, es) = VARIABLES[variable], unit
    select = {dim: across for dim in about.dims if dim in SUMMED}
    return {
        "id": name, "en": about.en, "es": about.es, "over": over, "unit_en": en, "unit_es": es,
        "variable": variable, "select": select, "group": "",
    }  # fmt: skip


def by_published_rates(here: Any) -> frozenset[str]:
    """Ids of outcomes that mechanisms make of whose constants no count of movement speaks.

    Deaths, kidnappings, costs: the rates are published or assumed, and only the movement that they
    are applied to has learned from counts (`informs.SILENT_OF`). here: the corridor.
    """
    from caudal.corridor.informs import SILENT_OF

    made = {m.name for k in here.model.mechanisms if k.name in SILENT_OF for m in k.measures}
    return frozenset(
        f["id"] for f in compared() if (VARIABLES[f["variable"]].of or f["variable"]) in made
    )
