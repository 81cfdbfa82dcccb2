"""A Dataset as the climate and forecast conventions (CF 1.11) want it in a file.

In memory `units` are words for people ("encounters per month"). In a file they are what UDUNITS reads,
and the words stand beside them as `units_words`. A count per month is a sum over the month's days, a
mean of the month a mean; where neither is said, no cell method is.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata
from typing import Any

import xarray as xr

CONVENTIONS = "CF-1.11"
CITE = "The Caudal authors: Caudal, an open simulator of the US–Mexico migration corridor"
LICENCE = "Apache-2.0"
PER_MONTH, MEAN = " per month", ", mean of the month"


def units(words: str) -> str:
    """What UDUNITS reads of a unit in words: money and counts have none of their own.

    >>> units("encounters per month"), units("share"), units("days per month")
    ('month-1', '1', 'day month-1')
    """
    if words.endswith(PER_MONTH):
        return "day month-1" if words.startswith("days") else "month-1"
    return "day" if words == "days" else "1"


def citation(attributes: Mapping[str, Any]) -> str:
    """How a result is cited: authors, version, run, data.

    >>> citation({"code_version": "0.1.0+ab", "run_id": "c", "data_vintage": "d"})
    'The Caudal authors: Caudal, an open simulator of the US–Mexico migration corridor, version \
0.1.0+ab, run c, data d'
    """
    version = attributes.get("code_version") or metadata.version("caudal")
    parts = [CITE, f"version {version}"]
    for name, key in (("run", "run_id"), ("data", "data_vintage")):
        if attributes.get(key):
            parts.append(f"{name} {attributes[key]}")
    return ", ".join(parts)


def conventional(ds: xr.Dataset) -> xr.Dataset:
    """The same numbers with the attributes of CF; what stands in `ds` is left as it is."""
    out = ds.copy(deep=False)
    for name in out.data_vars:
        variable = out[name]
        words = str(variable.attrs.get("units", ""))
        told = {k: v for k, v in variable.attrs.items() if v is not None}
        told["units"] = units(words)
        if words:
            told["units_words"] = words
        told.setdefault("long_name", str(name).replace("_", " "))
        if "month" in variable.dims and (words.endswith(PER_MONTH) or words.endswith(MEAN)):
            told["cell_methods"] = f"month: {'mean' if words.endswith(MEAN) else 'sum'}"
        out[name] = variable.copy(deep=False)
        out[name].attrs = told
    if "month" in out.coords and out["month"].dtype.kind == "M":
        named = {
            "standard_name": "time", "axis": "T", "long_name": "First day of the month",
            "units_metadata": "leap_seconds: none",
        }  # fmt: skip
        out = out.assign_coords(month=out["month"].assign_attrs(named))
        out["month"].encoding = {"units": "days since 1970-01-01", "dtype": "int32",
                                 "calendar": "standard"}  # fmt: skip
    if "member" in out.coords:
        named = {
            "standard_name": "realization",
            "units": "1",
            "long_name": "Member of the ensemble",
        }
        out = out.assign_coords(member=out["member"].assign_attrs(named))
    for name in out.coords:
        if "long_name" not in out[name].attrs:
            told = {**out[name].attrs, "long_name": str(name).replace("_", " ")}
            out = out.assign_coords({name: out[name].assign_attrs(told)})
    about = {
        "Conventions": CONVENTIONS,
        "title": str(ds.attrs.get("title") or "A result of Caudal"),
        "source": f"Caudal {ds.attrs.get('code_version', metadata.version('caudal'))}: simulation "
        "learned from published counts",
        "institution": "The Caudal authors",
        "history": str(ds.attrs.get("recipe_command", "")) or "unrecorded",
        "references": citation(ds.attrs),
        "license": LICENCE,
    }
    return out.assign_attrs({**ds.attrs, **about})
