"""What a variable of a run is made of, and which published series speak of it, for `caudal trace`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import xarray as xr

from caudal.corridor.described import Variable
from caudal.corridor.measured import TIMES, Part, _rows, registry
from caudal.corridor.observables import coordinates
from caudal.corridor.variables import VARIABLES
from caudal.corridor.world import AREA_NAMES, CITY_NAMES, NATIONALITY_NAMES, UNIT_NAMES
from caudal.data.store import open_series

BUILT: dict[str, tuple[str, ...]] = {
    "encounters": ("encounters_land", "encounters_ports"),
    "encounters_repeat_share": ("encounters_repeat", "encounters_land", "unseen"),
}
"""Variables that `observables` builds of more than one tally."""
STOCKS = "people"
"""The variable that is the stocks themselves."""


class Content:
    """The corridor's side of a trace."""

    variables: Mapping[str, Variable] = VARIABLES
    stocks = STOCKS
    page = "docs/observation.md"

    @staticmethod
    def made_of(name: str) -> tuple[str, ...]:
        """Tallies, measures or signals that a variable is read from."""
        return BUILT.get(name, (VARIABLES[name].of or name,))

    @staticmethod
    def labels() -> dict[str, dict[str, str]]:
        """Of every axis: what a user may write → the label."""
        named = NATIONALITY_NAMES | UNIT_NAMES | AREA_NAMES | CITY_NAMES
        out = {}
        for dim, labels in coordinates().items():
            out[dim] = {w: k for k in labels for w in (k, k.replace("_", "-"), *named.get(k, ()))}
        return out

    @staticmethod
    def page_of(mechanism: str) -> str:
        """The page of a mechanism."""
        return f"docs/mechanisms/{mechanism}.md"

    @staticmethod
    def series(ds: xr.Dataset, name: str, where: Mapping[str, str]) -> list[dict[str, Any]]:
        """Published series that speak of a variable, and what they say of the run's one month.

        One entry for each kind of row that tells (`rows`: the labels that pick it). published is the
        sum over the rows of that month and group (the mean over days, where days are counted), None
        where the series says nothing of them: why tells. with: other variables that the same rows
        count too.
        """
        out = []
        for series, entry in registry().items():
            parts = [p for p in entry.parts if any(term["of"] == name for term in p.of)]
            if not parts:
                continue
            table = open_series(series)
            seen: set[str] = set()
            for part in parts:
                rows = {**part.fixed, **{c: "+".join(labels) for c, labels in part.only.items()}}
                published, why = _published(ds, series, part, table, where)
                if repr((rows, published)) in seen:  # the same rows, cut in another way
                    continue
                seen.add(repr((rows, published)))
                out.append({
                    "series": series, "role": entry.role, "rows": rows, "says": entry.says,
                    "published": published, "with": sorted({t["of"] for t in part.of} - {name}),
                    "why": why,
                })  # fmt: skip
        return sorted(out, key=lambda row: (row["published"] is None, row["role"], row["series"]))


def _published(
    ds: xr.Dataset, series: str, part: Part, table: pd.DataFrame, where: Mapping[str, str]
) -> tuple[float | None, str]:
    time = next(t for t in TIMES if t in table)
    if time not in ("month", "date"):
        return None, "counted by year, not by month"
    column = {dim: c for c, dim in part.keys.items()}
    for dim, label in where.items():
        fixed = next((t["where"].get(dim) for t in part.of if t.get("where")), None)
        if dim not in column and not (fixed and list(fixed) == [label]):
            return None, f"not told apart by {dim}"
    rows = _rows(ds, series, part, table, time)
    for dim, label in where.items():
        if dim in column:
            rows = rows[rows[column[dim]] == label]
    if rows.empty:
        return None, "nothing published of this month and group"
    return float(rows.groupby(time)["published"].sum().mean()), ""
