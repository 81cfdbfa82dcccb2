"""What was counted, laid out for learning: one array a series, months first, NaN where not counted.

Only canonical series answer (see the registry of sources); others are checks. With `known`, a month
is there only if its publication delay had passed by that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from caudal.corridor.world import AREAS, NATIONALITIES, UNITS
from caudal.data.store import issues, open_series, vintages

REGISTERED = "2022-08-01"
"""Honduras waived the fine on irregular entry in August 2022; before, many did not register (in 2021
a tenth of those who came out of the Darién). Two thirds to double of them are registered since."""

SERIES_OF: dict[str, str] = {
    "land_nationality": "us.encounters.ohss",
    "nationality_unit": "us.encounters.area",
    "port_nationality": "us.encounters.area",
    "unit": "us.encounters.area",
    "area": "us.encounters.area",
    "land_unit": "us.encounters.area",
    "expelled_unit": "us.encounters.area",
    "land_expelled_unit": "us.encounters.area",
    "mexican_events": "mx.events",
    "mexican_returns": "mx.returns",
    "darien": "pa.darien",
    "honduras": "hn.entries",
    "gotaways": "us.gotaways.known",
    "mpp": "us.bookouts",
    "in_care": "us.children",
    "in_cbp_custody": "us.children",
}
"""Which published series each array is read from (and whose delay it has)."""


@dataclass(frozen=True)
class Observed:
    """Arrays (month, ...) by name, for months from `start`.

    land_nationality (22) and port_nationality (22): encounters between and at ports; before October
    2019 the first comes from OHSS and the second is missing. nationality_unit (22, 3): both
    together. unit (3), area (13), expelled_unit (3); land_unit (3) and land_expelled_unit (3): of
    units and expulsions, the Border Patrol's. mexican_events (22), mexican_returns, darien (22),
    honduras (22; from REGISTERED on), gotaways, mpp, in_care, in_cbp_custody.

    leads  the count whose months are taken in
    """

    start: date
    arrays: dict[str, np.ndarray]
    leads: str = "unit"

    @property
    def months(self) -> int:
        """How many months the arrays span."""
        return len(next(iter(self.arrays.values())))

    def logs(self) -> np.ndarray:
        """Log of encounters by nationality plus a few, (month, 22); between ports before 2019-10."""
        both = self.arrays["nationality_unit"].sum(2)
        return np.log(np.where(np.isnan(both), self.arrays["land_nationality"], both) + 10.0)

    def first(self, name: str) -> int:
        """Number of the first month with a count."""
        values = self.arrays[name]
        return int(np.flatnonzero(~np.isnan(values).reshape(len(values), -1).all(1))[0])

    def last(self, name: str) -> int:
        """Number of the last month with a count."""
        values = self.arrays[name]
        seen = ~np.isnan(values).reshape(len(values), -1).all(1)
        return int(np.flatnonzero(seen)[-1])

    def until(self, months: int) -> Observed:
        """The first `months` months only."""
        return Observed(self.start, {k: v[:months] for k, v in self.arrays.items()})


def observed(start: date, end: date, known: date | None = None) -> Observed:
    """Everything counted in the months of [start, end), as published by `known`."""
    months = pd.date_range(start, end, freq="MS", inclusive="left").strftime("%Y-%m-%d").tolist()
    area = open_series("us.encounters.area").assign(month=lambda t: t.month.astype(str))
    named = area[area.area != ""]
    land = area[area.component == "border_patrol"]
    fine = _grid(named, months, {"nationality": NATIONALITIES, "unit": UNITS})
    arrays = {
        "land_nationality": _land(named, months),
        "port_nationality": _grid(
            named[named.component == "field_operations"], months, {"nationality": NATIONALITIES}
        ),
        "nationality_unit": fine,
        "unit": _grid(area, months, {"unit": UNITS}),
        "area": _area(named, months),
        "land_unit": _grid(land, months, {"unit": UNITS}),
        "expelled_unit": _expelled(area, months),
        "land_expelled_unit": _expelled(land, months),
        "mexican_events": _nationality("mx.events", months),
        "mexican_returns": _total("mx.returns", months),
        "darien": _nationality("pa.darien", months),
        "honduras": _honduras(months),
        "gotaways": _total("us.gotaways.known", months),
        "mpp": _mpp(months),
        "in_care": _total("us.children", months, "in_hhs_care"),
        "in_cbp_custody": _total("us.children", months, "in_cbp_custody"),
    }
    if known is not None:
        for name, values in arrays.items():
            published = _published(SERIES_OF[name], months)
            late = np.array([day > known for day in published])
            arrays[name] = np.where(late.reshape(-1, *[1] * (values.ndim - 1)), np.nan, values)
    return Observed(start, arrays)


def _published(series: str, months: Sequence[str]) -> list[date]:
    # before October 2019 nationality rests on a publication that came years later; it is used only
    # for months long before any origin, so the delay of the current publication is applied
    delay = vintages("us.encounters.area" if series == "us.encounters.ohss" else series)[-1]
    days = timedelta(delay.provenance.delay_days)
    # as `open_series` counts: from the first day after the month
    return [(pd.Timestamp(m) + pd.offsets.MonthBegin(1)).date() + days for m in months]


def _grid(
    table: pd.DataFrame,
    months: Sequence[str],
    axes: dict[str, Sequence[str]],
    value: str = "people",
) -> np.ndarray:
    """Sum of a table over all but month and the named axes; months without any row are NaN."""
    grouped = table.groupby(["month", *axes])[value].sum()
    whole = pd.MultiIndex.from_product([months, *axes.values()], names=["month", *axes])
    out = grouped.reindex(whole).to_numpy(np.float64)
    out = out.reshape(len(months), *(len(a) for a in axes.values()))
    there = np.isin(np.asarray(months), table.month.astype(str).unique())
    return np.where(there.reshape(-1, *[1] * (out.ndim - 1)), np.nan_to_num(out), np.nan)


def _dated(series: str) -> pd.DataFrame:
    return open_series(series).assign(month=lambda t: t.month.astype(str))


def _nationality(series: str, months: Sequence[str]) -> np.ndarray:
    return _grid(_dated(series), months, {"nationality": NATIONALITIES})


def _total(series: str, months: Sequence[str], value: str = "people") -> np.ndarray:
    grouped = _dated(series).groupby("month")[value].sum()
    return grouped.reindex(list(months)).to_numpy(np.float64)


def _land(named: pd.DataFrame, months: Sequence[str]) -> np.ndarray:
    late = _grid(named[named.component == "border_patrol"], months, {"nationality": NATIONALITIES})
    table = _dated("us.encounters.ohss")
    table = table[(table.table == "top_100") & (table.component == "border_patrol")]
    early = _grid(table, months, {"nationality": NATIONALITIES})
    return np.where(np.isnan(late), early, late)


def _honduras(months: Sequence[str]) -> np.ndarray:
    """Entries by nationality; missing before REGISTERED, and where China stands as Taiwan."""
    out = _nationality("hn.entries", months)
    out[np.asarray(months) < REGISTERED] = np.nan
    marked = next(i.mask for i in issues("hn.entries") if i.name == "inconsistent")
    muddled = np.isin(
        np.asarray(months), _dated("hn.entries").month[marked.to_numpy(bool)].unique()
    )
    for nationality in ("CHN", "OOO"):
        out[muddled, NATIONALITIES.index(nationality)] = np.nan
    return out


def _area(named: pd.DataFrame, months: Sequence[str]) -> np.ndarray:
    late = _grid(named, months, {"area": AREAS})
    land = _dated("us.encounters.border_patrol.sector")
    land = land.rename(columns={"sector": "area"})
    ports = _dated("us.encounters.ohss.area")
    ports = ports[ports.component == "field_operations"]
    early = _grid(
        pd.concat([land[["month", "area", "people"]], ports[["month", "area", "people"]]]),
        months, {"area": AREAS},
    )  # fmt: skip
    return np.where(np.isnan(late), early, late)


def _expelled(area: pd.DataFrame, months: Sequence[str]) -> np.ndarray:
    table = area[area.title == "title_42"]
    return _grid(table, months, {"unit": UNITS})


def _mpp(months: Sequence[str]) -> np.ndarray:
    table = _dated("us.bookouts")
    table = table[(table.outcome == "mpp_return") & (table.nationality == "") & (table.unit == "")]
    return (
        table[table.component == ""]
        .groupby("month")
        .people.sum()
        .reindex(list(months))
        .to_numpy(float)
    )
