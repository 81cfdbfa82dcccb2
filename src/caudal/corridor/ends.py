"""Where journeys end: who set out in a fiscal year, and where those are at its end.

In every member, for every nationality, exactly

    on the way before + set out  =  Σ ends + on the way after

for whoever leaves a stock of the model that is not final is in another. By travel unit it holds but for
those who change unit on the way (children sent on alone, families separated).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from caudal.corridor.groups import unfold
from caudal.corridor.world import NATIONALITIES, UNITS
from caudal.engine.state import Months

ENDS: Mapping[str, tuple[str, str]] = {
    "us_released": ("In the United States with a court case",
                    "En Estados Unidos con un caso en tribunales"),
    "us_paroled": ("Let in at a port, by appointment or on parole",
                   "Admitidas en un puerto, con cita o con permiso"),
    "us_children": ("Unaccompanied children with a sponsor",
                    "Niñas y niños no acompañados con una persona responsable"),
    "us_unseen": ("Entered the United States without being stopped",
                  "Entraron a Estados Unidos sin ser detenidas"),
    "third_country": ("Transferred by the US to a third country",
                      "Enviadas por Estados Unidos a un tercer país"),
    "mexico_settled": ("Settled in Mexico, for a time or for good",
                       "Se quedaron en México, por un tiempo o para siempre"),
    "home": ("Gave up, or sent back and did not try again",
             "Desistieron, o fueron devueltas y no volvieron a intentarlo"),
}  # fmt: skip
"""The final stocks, in the order shown."""

BEFORE, SET_OUT, AFTER = "before", "set_out", "after"
FLOWS: tuple[str, ...] = (BEFORE, SET_OUT, *ENDS, AFTER)
ALL = "all"
POINTS = {"lo90": 0.05, "lo50": 0.25, "median": 0.5, "hi50": 0.75, "hi90": 0.95}
"""Beside the mean, for means of parts sum to the mean of the whole."""

MEANS = ("people", "children", "cases")
"""Units of outcomes that are numbers at a time: a year holds their mean, of others the sum."""


def ends(months: Months, begins: date, start: date, end: date) -> pd.DataFrame:
    """People by fiscal year (October to September), nationality, unit and flow, over members.

    months  everything that was run, from `begins`; start, end: the months reported, [start, end)

    Columns fiscal_year, first and through (months held, YYYY-MM), nationality and unit ("all":
    together), flow (FLOWS), mean and POINTS; people, float. A year of which not all months were run
    holds those that were.
    """
    out = unfold(_moved(months.tallies["departures"][:, 0]))
    gone = {name: unfold(_moved(months.ended[name])) for name in ENDS}
    way = np.cumsum(out - np.sum(list(gone.values()), axis=0), axis=0)
    dates = pd.period_range(f"{begins:%Y-%m}", periods=len(out), freq="M")
    rows: list[dict[str, Any]] = []
    for year, at in _years(dates, start, end):
        values = {
            BEFORE: way[at[0] - 1] if at[0] else np.zeros_like(way[0]),
            SET_OUT: out[at].sum(0),
            **{name: v[at].sum(0) for name, v in gone.items()},
            AFTER: way[at[-1]],
        }
        head = {"fiscal_year": year, "first": str(dates[at[0]]), "through": str(dates[at[-1]])}
        for flow, people in values.items():
            rows += _rows(head, flow, people)
    return pd.DataFrame(rows)


def yearly(ds: xr.Dataset, outcomes: Sequence[Any]) -> pd.DataFrame:
    """Outcomes by fiscal year, over members: sums of the months, or means of numbers of people.

    outcomes  each with `id`, `unit` and `draws(ds)`, (member, month)

    Columns fiscal_year, outcome, mean and POINTS, in the outcome's unit without its "a month".
    """
    dates = pd.DatetimeIndex(ds["month"].values).to_period("M")
    rows = []
    years = _years(dates, dates[0].start_time.date(), (dates[-1] + 1).start_time.date())
    for o in outcomes:
        draws = o.draws(ds)
        for year, at in years:
            of = draws[:, at].mean(1) if o.unit in MEANS else draws[:, at].sum(1)
            points = np.quantile(of, list(POINTS.values()))
            rows.append({"fiscal_year": year, "outcome": o.id, "mean": float(of.mean()),
                         **dict(zip(POINTS, points.tolist(), strict=True))})  # fmt: skip
    return pd.DataFrame(rows)


def _years(dates: pd.PeriodIndex, start: date, end: date) -> list[tuple[int, np.ndarray]]:
    """Fiscal years of the months in [start, end), and where these stand in `dates`."""
    held = (dates >= pd.Period(start, "M")) & (dates < pd.Period(end, "M"))
    years = dates.year + (dates.month >= 10)
    return [
        (int(year), np.flatnonzero(held & (years == year))) for year in sorted(set(years[held]))
    ]


def _moved(arrivals: np.ndarray) -> np.ndarray:
    """(month, group, member) → (month, member, group), in double precision."""
    return np.moveaxis(arrivals, -1, 1).astype(np.float64)


def _rows(head: Mapping[str, Any], flow: str, people: np.ndarray) -> list[dict[str, Any]]:
    """One flow of one year, (member, nationality, unit), by every nationality and unit and by all."""
    with_all = np.concatenate([people, people.sum(1, keepdims=True)], 1)
    with_all = np.concatenate([with_all, with_all.sum(2, keepdims=True)], 2)
    mean = with_all.mean(0)
    points = np.quantile(with_all, list(POINTS.values()), axis=0)
    return [
        {
            **head, "nationality": nationality, "unit": unit, "flow": flow, "mean": mean[i, j],
            **{name: points[k, i, j] for k, name in enumerate(POINTS)},
        }
        for i, nationality in enumerate((*NATIONALITIES, ALL))
        for j, unit in enumerate((*UNITS, ALL))
    ]  # fmt: skip
