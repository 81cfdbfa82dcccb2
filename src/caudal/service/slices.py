"""Parts of a run's results: some outcomes, of some groups, at some places, in some months."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from caudal.corridor.observables import OUTCOMES, PLACES, coordinates
from caudal.corridor.variables import VARIABLES
from caudal.errors import CaudalError
from caudal.policy.marks import nearest
from caudal.report.outcomes import Outcome
from caudal.service.kinds.run import NUMBERS, SUMMARY

QUANTILES = ("median", "lo50", "hi50", "lo90", "hi90")


def chosen(outcomes: Sequence[str], groups: Sequence[str], places: Sequence[str]) -> list[Outcome]:
    """The outcomes named (all where none is), each narrowed to the groups and places.

    Raises CaudalError for a name that is not there; an outcome that is not told by group or place
    is left out, or refused where it was named.
    """
    known = {o["id"]: Outcome(**o) for o in OUTCOMES}
    for name in outcomes:
        if name not in known:
            raise CaudalError("query 'outcome'", repr(name), nearest(name, known))
    picked = [known[name] for name in dict.fromkeys(outcomes)] or list(known.values())
    if not groups and not places:
        return picked
    wanted = _labels(groups, ("nationality", "unit"), "group")
    where = _labels(places, PLACES, "place")
    narrowed = [_narrow(o, wanted, where, strict=bool(outcomes)) for o in picked]
    kept = [o for o in narrowed if o is not None]
    if not kept:
        raise CaudalError("query", "no outcome is told by these groups and places", "others")
    return kept


def _labels(words: Sequence[str], axes: Sequence[str], name: str) -> dict[str, list[str]]:
    """Words by the axis whose labels they are."""
    labels = {axis: values for axis, values in coordinates().items() if axis in axes}
    out: dict[str, list[str]] = {}
    for word in (part for given in words for part in given.split("/")):
        homes = [axis for axis, values in labels.items() if word in values]
        if not homes:
            every = sorted({v for values in labels.values() for v in values})
            raise CaudalError(f"query '{name}'", repr(word), nearest(word, every))
        for axis in homes:
            if word not in out.setdefault(axis, []):
                out[axis].append(word)
    return out


def _narrow(
    o: Outcome, groups: dict[str, list[str]], places: dict[str, list[str]], strict: bool
) -> Outcome | None:
    """The outcome with its selection narrowed; None (or CaudalError) where it has no such axis."""
    dims = VARIABLES[o.variable].dims
    there = {axis: labels for axis, labels in places.items() if axis in dims}
    lacking = sorted(set(groups) - set(dims)) + (["place"] if places and not there else [])
    select = dict(o.select)
    for axis, labels in {**groups, **there}.items():
        if axis not in select:
            continue
        before = select[axis]
        allowed = labels if before == "sum" else [before] if isinstance(before, str) else before
        select[axis] = [x for x in labels if x in allowed]
        if not select[axis]:
            lacking.append(axis)
    if lacking:
        if strict:
            found = f"{o.id} is not told by {', '.join(lacking)} so"
            raise CaudalError("query", found, f"outcomes of {', '.join(dims[2:]) or 'no axis'}")
        return None
    return replace(o, select=select)


def summary(
    folder: Path, picked: Sequence[Outcome], narrowed: bool, start: str | None, end: str | None
) -> pd.DataFrame:
    """Quantiles by outcome and month; from the table that the run left, or from its numbers."""
    if narrowed:
        from caudal.report import summarise

        with xr.open_dataset(folder / NUMBERS, engine="h5netcdf") as ds:
            nothing = pd.DataFrame({"outcome": [], "month": [], "observed": []})
            frame = summarise(ds, nothing, picked)
    else:
        frame = pd.read_parquet(folder / SUMMARY)
        names = [o.id for o in picked]
        frame = frame[frame["outcome"].isin(names)]
    if start is not None:
        frame = frame[frame["month"] >= pd.Timestamp(start)]
    if end is not None:
        frame = frame[frame["month"] < pd.Timestamp(end)]
    if frame.empty:
        raise CaudalError("query 'from' and 'to'", "no month in between", "months of the run")
    return frame.reset_index(drop=True)


def lines(frame: pd.DataFrame, picked: Sequence[Outcome]) -> dict[str, Any]:
    """The same as one line an outcome, in the order of `picked`, with the months that all share."""
    from caudal.report.payload import number

    parts = dict(iter(frame.groupby("outcome", sort=False)))
    first = next(iter(parts.values()))
    ahead = first.loc[first["phase"] == "forecast", "month"]
    out = []
    for o in picked:
        rows = parts[o.id]
        observed = [number(v) for v in rows["observed"]]
        out.append(
            {
                "id": o.id, "title": {"en": o.title_en, "es": o.title_es}, "unit": o.unit,
                "series": o.series, "panel": o.panel, "group": o.group,
                "observed": observed if any(v is not None for v in observed) else None,
                **{q: [number(v) for v in rows[q]] for q in QUANTILES},
            }
        )  # fmt: skip
    return {
        "months": [f"{m:%Y-%m}" for m in first["month"]],
        "forecast": f"{ahead.iloc[0]:%Y-%m}" if len(ahead) else None,
        "outcomes": out,
    }


def netcdf(folder: Path, picked: Sequence[Outcome], start: str | None, end: str | None) -> bytes:
    """The variables of some outcomes, every member, in some months, as NetCDF 4."""
    from caudal.report.files import write_netcdf

    last = str(pd.Period(end, "M") - 1) if end else None
    with xr.open_dataset(folder / NUMBERS, engine="h5netcdf") as ds:
        part = ds[sorted({o.variable for o in picked})].sel(month=slice(start, last))
        for o in picked[:1] if len(picked) == 1 else ():
            for axis, labels in o.select.items():
                if labels != "sum":
                    part = part.sel({axis: [labels] if isinstance(labels, str) else list(labels)})
        if not part.sizes["month"]:
            raise CaudalError("query 'from' and 'to'", "no month in between", "months of the run")
        with tempfile.TemporaryDirectory() as place:
            write_netcdf(part.load(), Path(place) / "part.nc")
            return (Path(place) / "part.nc").read_bytes()
