"""What a run of the strait says: its Dataset, the outcomes shown and compared, the words beside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from caudal.engine.simulate import Months
from strait.world import ACTORS, GROUPS, STOCK_NAMES

if TYPE_CHECKING:
    from strait import Strait

RUN = ("member", "month")
VARIABLES: dict[str, tuple[tuple[str, ...], str, str, str, str, str]] = {
    "arrivals": (
        ("group",), "people per month", "People who arrive at the camp",
        "Personas que llegan al campamento", "Registered on their first day.", "vara.arrivals"),
    "crossings": (
        ("group",), "people per month", "People let in at the desk",
        "Personas admitidas en la ventanilla", "Called from the list and let in.",
        "vara.crossings"),
    "returns": (
        (), "people per month", "People who go back home", "Personas que regresan a casa",
        "From the camp or from the list.", "vara.returns"),
    "waiting": (
        (), "people, mean of the month", "People on the waiting list",
        "Personas en la lista de espera", "Mean over the days of the month.", "vara.list"),
    "wait": (
        (), "days, mean of the month", "Wait at the desk", "Espera en la ventanilla",
        "People on the list over people called a day: what is ahead of the last on the list.", ""),
    "people": (
        ("stock",), "people", "People in each status at the end of the month",
        "Personas en cada situación al final del mes",
        "Statuses in which a journey ends hold everyone who reached them.", ""),
}  # fmt: skip
"""Variable → dimensions, unit, name in English and Spanish, definition, series."""


def dataset(here: Strait, months: Months, skip: int, members: np.ndarray) -> xr.Dataset:
    """A run's results without its first `skip` months; arrays (month, …, member) come in."""
    t = months.tallies
    values = {
        "arrivals": np.moveaxis(t["arrivals"][:, 0], -1, 0),
        "crossings": np.moveaxis(t["crossings"][:, 0], -1, 0),
        "returns": t["returns"][:, 0, 0].T,
        "waiting": t["waiting"][:, 0, 0].T,
        "wait": months.measures["wait"].T,
        "people": _stocks(here, months),
    }
    variables = {}
    for name, (dims, units, en, es, definition, series) in VARIABLES.items():
        attrs = {"units": units, "long_name": en, "long_name_es": es, "definition": definition,
                 "series": series}  # fmt: skip
        variables[name] = ((*RUN, *dims), values[name][:, skip:].astype(np.float32), attrs)
    first = pd.Timestamp(here.begins) + pd.DateOffset(months=months.first)
    dates = pd.date_range(first, periods=len(months.people), freq="MS")
    coords = {
        "member": np.asarray(members), "month": dates[skip:].to_numpy("datetime64[ns]"),
        "group": list(GROUPS), "stock": list(STOCK_NAMES),
    }  # fmt: skip
    return xr.Dataset(variables, coords=coords)


def _stocks(here: Strait, months: Months) -> np.ndarray:
    """People by stock, (member, month, stock); final ones since the first reported month."""
    begins, reported, out = here.begins, here.reports_from, []
    before = (reported.year - begins.year) * 12 + reported.month - begins.month - months.first
    for stock in here.model.stocks:
        value = months.people[:, here.model.rows[stock.name]].sum(1, dtype=np.float64)
        if stock.final:  # the engine empties these each month
            value[: max(before, 0)] = 0
            value = value.cumsum(0)
        out.append(value)
    return np.moveaxis(np.stack(out, -1), 1, 0)


def outcomes() -> tuple[dict[str, Any], ...]:
    """What tables and charts show, as fields of a `caudal.report.Outcome`."""

    def one(
        name: str, variable: str, unit: str, panel: str = "totals", group: str = "",
        titles: tuple[str, str] | None = None, **select: Any,
    ) -> dict[str, Any]:  # fmt: skip
        dims, _, en, es, _, series = VARIABLES[variable]
        en, es = titles or (en, es)
        return {
            "id": name, "title_en": en, "title_es": es, "unit": unit, "variable": variable,
            "select": dict.fromkeys(dims, "sum") | select, "series": series, "panel": panel,
            "group": group,
        }  # fmt: skip

    by_group = [
        one(f"vara.{name}.{group}", name, "people_month", "units", group=group, titles=(
            f"{VARIABLES[name][2]}: {words[0].lower()}", f"{VARIABLES[name][3]}: {words[1].lower()}"
        ))
        for name in ("arrivals", "crossings") for group, words in GROUPS.items()
    ]  # fmt: skip
    for row in by_group:  # `group` names the axis here and what stands side by side there
        row["select"], row["group"] = {"group": row["group"]}, ""
    return (
        one("vara.crossings", "crossings", "people_month", group="protection"),
        one("vara.arrivals", "arrivals", "people_month", group="people"),
        one("vara.list", "waiting", "people", group="people"),
        one("vara.returns", "returns", "people_month", group="people"),
        one("vara.wait", "wait", "days", group="institutions"),
        *by_group,
        *(one(f"stock.{name}", "people", "people", "stocks", titles=words, stock=name)
          for name, words in STOCK_NAMES.items()),
    )  # fmt: skip


OVER = {
    "people_month": ("sum", "people", "personas"),
    "people": ("mean", "people, mean", "personas, media"),
    "days": ("mean", "days, mean", "días, media"),
}
"""Unit of a month → how months are taken together, and the unit of the period."""


def measures() -> tuple[dict[str, Any], ...]:
    """What scenarios are compared in, as fields of a `caudal.ask.compared.Measure`."""
    out = []
    for o in outcomes():
        over, en, es = OVER[o["unit"]]
        out.append(
            {"id": o["id"], "en": o["title_en"], "es": o["title_es"], "over": over, "unit_en": en,
             "unit_es": es, "variable": o["variable"], "select": o["select"], "group": o["group"]}
        )  # fmt: skip
    return tuple(out)


def counted(here: Strait, end: date, known: date | None = None) -> pd.DataFrame:
    """Counts of the months before `end` beside the outcomes that they measure."""
    o = here.observed(here.begins, end, known)
    months = pd.date_range(here.begins, periods=o.months, freq="MS")
    a = o.arrays
    series = {
        "vara.crossings": a["crossings"].sum(1), "vara.arrivals": a["arrivals"].sum(1),
        "vara.list": a["waiting"], "vara.returns": a["returns"],
        **{f"vara.{name}.{group}": a[name][:, i]
           for name in ("arrivals", "crossings") for i, group in enumerate(GROUPS)},
    }  # fmt: skip
    frames = [
        pd.DataFrame({"outcome": name, "month": months, "observed": values})
        for name, values in series.items()
    ]
    return pd.concat(frames, ignore_index=True).dropna().reset_index(drop=True)


def said() -> Mapping[str, Any]:
    """What a report of a run says beside its numbers, in both languages; see `caudal.report.of_run`."""
    return {
        "title": {
            "en": "The Strait of Vara (invented): counts, model and forecast",
            "es": "El estrecho de Vara (inventado): recuentos, modelo y pronóstico",
        },
        "limits": (
            {
                "en": "Nothing here is real: the strait, the camp, the desk and every count are "
                "invented, to show how a corridor is added.",
                "es": "Nada de esto es real: el estrecho, el campamento, la ventanilla y todos los "
                "recuentos son inventados, para mostrar cómo se agrega un corredor.",
            },
        ),
        "actors": ACTORS,
        "governments": {name: (words["en"], words["es"]) for name, words in ACTORS.items()},
        "names": GROUPS,
        "spanish": SPANISH,
    }


SPANISH = {
    "The port of Sella (invented)": "El puerto de Sella (inventado)",
    "Register of the camp of Lume (invented)": "Registro del campamento de Lume (inventado)",
    "Book of the desk (invented)": "Libro de la ventanilla (inventado)",
    "Waiting list (invented)": "Lista de espera (inventada)",
    "Register of departures (invented)": "Registro de salidas (inventado)",
    "People registered on their first day in the camp.":
        "Personas registradas en su primer día en el campamento.",
    "People called from the waiting list and let in.":
        "Personas llamadas de la lista de espera y admitidas.",
    "People on the waiting list, mean over the days of the month.":
        "Personas en la lista de espera, media de los días del mes.",
    "People who leave the camp or the list for home.":
        "Personas que dejan el campamento o la lista y vuelven a casa.",
    "month × group": "mes × grupo",
    "month": "mes",
    "people": "personas",
    "CC0": "CC0",
    "synthetic": "sintético",
}  # fmt: skip
"""Spanish for what the series say of themselves."""
