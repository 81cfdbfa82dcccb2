"""Small expressions over a run's Dataset: one number for each member.

A leaf reads a variable:

    {of: VARIABLE, where: {DIM: [labels]}, across: sum | mean, reduce: …, times: …, period: …}

What `where` names is picked, then picked and open dimensions are summed (or averaged), which leaves
(member, month). The months are then reduced over a half-open period of days; with w the days of a
month inside the period and n all its days, and x the month's value:

    sum        Σ x w / n          per_day    the sum over the days of the period
    per_month  the sum over Σ w / n                mean       Σ x w / Σ w
    days       Σ x w              max, last  of the months touched; the last of them
    growth_per_day   (last month touched − the month before the first) / their days

A compound is {ratio | difference | sum: [expression, …], times: …}.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from caudal.errors import CaudalError

COMPOUNDS = ("ratio", "difference", "sum")
OVER = ("member", "month")


def quantity(
    expression: Mapping[str, Any], period: tuple[date, date], ds: xr.Dataset, where: str
) -> np.ndarray:
    """The expression's value for each member, float64 (member,).

    period  half-open days, for every leaf that has none of its own
    where   what is asked for, as an error names it

    A ratio over zero is NaN. Raises CaudalError for a variable, dimension, label or month that the
    Dataset lacks.
    """
    for kind in COMPOUNDS:
        if kind in expression:
            parts = [quantity(part, period, ds, where) for part in expression[kind]]
            value = _joined(kind, parts)
            break
    else:
        value = _leaf(expression, expression.get("period") or period, ds, where)
    return value * expression.get("times", 1.0)


def variables_of(expression: Mapping[str, Any]) -> tuple[str, ...]:
    """The variables that an expression reads, each once, sorted."""
    if "of" in expression:
        return (expression["of"],)
    parts = [part for kind in COMPOUNDS for part in expression.get(kind, ())]
    return tuple(sorted({name for part in parts for name in variables_of(part)}))


def _joined(kind: str, parts: list[np.ndarray]) -> np.ndarray:
    if kind == "sum":
        return np.sum(parts, axis=0)
    first, second = parts
    if kind == "difference":
        return first - second
    return np.divide(first, second, out=np.full_like(first, np.nan), where=second > 0)


def _leaf(
    leaf: Mapping[str, Any], period: tuple[date, date], ds: xr.Dataset, where: str
) -> np.ndarray:
    name = leaf["of"]
    if name not in ds.data_vars:
        known = ", ".join(sorted(str(v) for v in ds.data_vars))
        raise CaudalError(where, f"the run has no variable '{name}'", known)
    array = ds[name]
    for dim, labels in leaf.get("where", {}).items():
        if dim not in array.dims:
            free = ", ".join(str(d) for d in array.dims if d not in OVER) or "no dimension"
            raise CaudalError(where, f"'{name}' has no dimension '{dim}'", free)
        known = [str(label) for label in array[dim].values]
        unknown = [label for label in labels if label not in known]
        if unknown:
            raise CaudalError(where, f"'{name}' has no {dim} '{unknown[0]}'", ", ".join(known))
        array = array.isel({dim: [known.index(label) for label in labels]})
    rest = [d for d in array.dims if d not in OVER]
    if rest:
        array = array.astype(np.float64)
        array = array.mean(rest) if leaf.get("across") == "mean" else array.sum(rest, skipna=False)
    values = array.transpose(*OVER).to_numpy().astype(np.float64)
    return _reduced(leaf["reduce"], values, pd.DatetimeIndex(ds["month"].to_numpy()), period, where)


def _reduced(
    how: str,
    values: np.ndarray,
    months: pd.DatetimeIndex,
    period: tuple[date, date],
    where: str,
) -> np.ndarray:
    first, until = (np.datetime64(day, "D") for day in period)
    begins = months.to_numpy("datetime64[D]")
    ends = (months + pd.offsets.MonthBegin(1)).to_numpy("datetime64[D]")
    inside = (np.minimum(ends, until) - np.maximum(begins, first)).astype(np.float64)
    inside = np.maximum(inside, 0.0)
    length = (ends - begins).astype(np.float64)
    touched = np.flatnonzero(inside)
    if inside.sum() != (period[1] - period[0]).days:
        held = f"{months[0]:%Y-%m} to {months[-1]:%Y-%m}"
        raise CaudalError(where, f"the run does not hold {period[0]} to {period[1]}", held)
    if how == "last":
        return values[:, touched[-1]]
    if how == "max":
        return values[:, touched].max(1)
    if how == "mean":
        return values @ inside / inside.sum()
    if how == "days":
        return values @ inside
    if how == "growth_per_day":
        if touched[0] == 0:
            held = f"a period from {months[0] + pd.offsets.MonthBegin(1):%Y-%m} on"
            raise CaudalError(where, "no month before the period", held)
        grown = values[:, touched[-1]] - values[:, touched[0] - 1]
        return grown / length[touched].sum()
    total = values @ (inside / length)
    if how == "sum":
        return total
    if how == "per_day":
        return total / inside.sum()
    if how == "per_month":
        return total / (inside / length).sum()
    raise CaudalError(where, f"'{how}'", "sum, per_day, per_month, mean, last, max, days, …")
