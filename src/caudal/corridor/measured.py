"""What a run says of every published series, in the publisher's own columns.

`measured.yaml` holds, for each series of the package, the variables of a run that count the same, the
columns that tell its rows apart, how its definition differs from the model's, an error, or why the
model is silent. `observable` lays a run out as that table: the series' own months and labels, with
quantiles over members beside what was counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
import yaml

from caudal.data.store import open_series
from caudal.errors import CaudalError

FILE = Path(__file__).with_suffix(".yaml")
ROLES = ("canonical", "check", "silent")
QUANTILES = {"lo90": 0.05, "lo50": 0.25, "median": 0.5, "hi50": 0.75, "hi90": 0.95}
REST = "REST"
TIMES = ("month", "date", "year", "fiscal_year")
OVER = {"sum": np.sum, "mean": np.mean, "last": lambda x, axis: np.take(x, -1, axis)}


@dataclass(frozen=True)
class Part:
    """One kind of row of a published table; see the head of `measured.yaml`."""

    of: tuple[Mapping[str, Any], ...]
    keys: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    sum: tuple[str, ...] = ()
    value: str = "people"
    over: str = "sum"
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Measured:
    """What the model says of one series: `parts`, or for role silent nothing and `why`."""

    series: str
    role: str
    says: str = ""
    why: str = ""
    error: float = 0.0
    parts: tuple[Part, ...] = ()


@cache
def registry() -> Mapping[str, Measured]:
    """Every series of the package by name. Raises CaudalError for a malformed entry."""
    read = yaml.safe_load(FILE.read_text("utf-8"))
    return {name: _entry(name, given, read["groups"]) for name, given in read["series"].items()}


def _entry(name: str, given: Mapping[str, Any], groups: Mapping[str, list[str]]) -> Measured:
    where = f"{FILE.name} {name}"
    if given.get("role") not in ROLES:
        raise CaudalError(f"{where} field 'role'", repr(given.get("role")), ", ".join(ROLES))
    silent = given["role"] == "silent"
    wanted = {"role", "why"} if silent else {"role", "says", "error", "parts"}
    if set(given) != wanted:
        odd = sorted(set(given) ^ wanted)
        raise CaudalError(where, f"{odd} missing or unknown", ", ".join(sorted(wanted)))
    parts = tuple(_part(where, part, groups) for part in given.get("parts", ()))
    return Measured(
        name, given["role"], given.get("says", ""), given.get("why", ""),
        float(given.get("error", 0)), parts,
    )  # fmt: skip


def _part(where: str, given: Mapping[str, Any], groups: Mapping[str, list[str]]) -> Part:
    try:
        part = Part(**{**given, "of": tuple(given["of"]), "sum": tuple(given.get("sum", ()))})
    except TypeError as error:
        raise CaudalError(f"{where} field 'parts'", str(error), "the fields of a part") from error
    if part.over not in OVER:
        raise CaudalError(f"{where} field 'over'", repr(part.over), ", ".join(OVER))
    named = [
        {
            **term,
            "where": {
                dim: groups[label] if isinstance(label, str) else label
                for dim, label in term.get("where", {}).items()
            },
        }
        for term in part.of
    ]
    return Part(tuple(named), part.keys, part.fixed, part.sum, part.value, part.over, part.only)


def observable(ds: xr.Dataset, series: str) -> pd.DataFrame:
    """A run laid out as a published series, one row for each of its rows that the model speaks to.

    Columns: those of the table but for what is summed, `measure` (its value column), `published`, and
    the quantiles over members. Months, years and fiscal years are whole ones inside the run. Raises
    CaudalError for an unknown series, one of which the model says nothing, or a missing variable.
    """
    known = registry()
    if series not in known:
        raise CaudalError("series", repr(series), ", ".join(known))
    entry = known[series]
    if not entry.parts:
        raise CaudalError(f"series {series}", f"the model is silent: {entry.why}", "another series")
    table = open_series(series)
    time = next(t for t in TIMES if t in table)
    frames = [_rows(ds, series, part, table, time) for part in entry.parts]
    return pd.concat(frames, ignore_index=True)


def _rows(ds: xr.Dataset, series: str, part: Part, table: pd.DataFrame, time: str) -> pd.DataFrame:
    words = [c for c in (*part.keys, *part.fixed, *part.only, *part.sum) if c in table]
    table = table.assign(**{c: table[c].astype(object).fillna("").astype(str) for c in words})
    for column, label in part.fixed.items():
        table = table[table[column] == label]
    for column, labels in part.only.items():
        table = table[table[column].isin(labels)].assign(**{column: "+".join(labels)})
    columns = [time, *part.fixed, *part.only, *part.keys]
    counted = table.groupby(columns, sort=True)[part.value].sum(min_count=1).dropna().reset_index()
    value = _value(ds, series, part).transpose("member", "month", *part.keys.values())
    coords = [list(map(str, value[dim].values)) for dim in part.keys.values()]
    named = [set(counted[column]) for column in part.keys]
    spans = _spans(pd.DatetimeIndex(ds["month"].values), time, counted[time].unique())
    array, out, draws = value.values.astype(np.float64), [], []
    for row in counted.to_dict("records"):
        where = [
            _places(str(row[c]), here, seen)
            for c, here, seen in zip(part.keys, coords, named, strict=True)
        ]
        if row[time] not in spans or not all(where):
            continue
        cell = array[:, spans[row[time]]]
        for axis, at in enumerate(where):
            cell = np.take(cell, at, 2 + axis)
        cell = OVER[part.over](cell.reshape(*cell.shape[:2], -1).sum(-1), axis=1)
        told = {c: row[c] for c in columns}
        out.append({**told, "measure": part.value, "published": float(row[part.value])})
        draws.append(cell)
    frame = pd.DataFrame(out, columns=[*columns, "measure", "published"])
    levels = (
        np.quantile(np.array(draws), list(QUANTILES.values()), axis=1)
        if draws
        else np.empty((len(QUANTILES), 0))
    )
    return frame.assign(**dict(zip(QUANTILES, levels, strict=True)))


def _value(ds: xr.Dataset, series: str, part: Part) -> xr.DataArray:
    """The sum of a part's terms with dims member, month and the keys'."""
    terms = []
    for term in part.of:
        name = term["of"]
        if name not in ds:
            where = f"series {series}, variable {name!r}"
            raise CaudalError(where, "not in the run", ", ".join(map(str, ds.data_vars)))
        array = ds[name].sel({k: list(v) for k, v in term["where"].items()})
        gone = [d for d in array.dims if d not in ("member", "month", *part.keys.values())]
        terms.append((-1 if term.get("minus") else 1) * array.sum(gone))
    return sum(terms[1:], terms[0])


def _places(label: str, here: list[str], named: set[str]) -> list[int]:
    """Where a published label stands on the run's axis; blank is all, REST what is not named."""
    if label == "":
        return list(range(len(here)))
    if label == REST:
        return [i for i, name in enumerate(here) if name not in named]
    return [here.index(label)] if label in here else []


def _spans(months: pd.DatetimeIndex, time: str, wanted: Any) -> dict[Any, list[int]]:
    """A published time → the run's months in it; only whole years."""
    places: dict[Any, list[int]] = {}
    for when in wanted:
        if time in ("month", "date"):
            stamp = pd.Timestamp(when).to_period("M").to_timestamp()
            at = [i for i, m in enumerate(months) if m == stamp]
        else:
            year = int(when)
            start = f"{year}-01" if time == "year" else f"{year - 1}-10"
            inside = pd.period_range(start, periods=12, freq="M")
            at = [i for i, m in enumerate(months) if m.to_period("M") in inside]
            at = at if len(at) == len(inside) else []
        if at:
            places[when] = at
    return places
