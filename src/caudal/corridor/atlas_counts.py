"""What publishers count at the places of the map, by month and by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from caudal.corridor.atlas import Atlas
from caudal.corridor.atlas_document import WHOLE
from caudal.corridor.world import NATIONALITIES, UNITS
from caudal.data.store import open_series

EARLIER = "us.encounters.border_patrol.sector"
"""Encounters by sector alone, of the months before CBP told areas by group."""


def counted(atlas: Atlas, who: str, months: Sequence[str]) -> dict[str, list[float | None]]:
    """Published counts by count id, one value a month; None where nobody published one.

    who  all, a unit or a nationality; a series that does not tell it apart has no values for it
    """
    made: Mapping[str, pd.Series] = {
        "pa.darien": _by_nation("pa.darien", who),
        "hn.entries": _by_nation("hn.entries", who),
        "mx.events": _by_nation("mx.events", who),
        "us.children": _children(who),
    }
    areas = _areas(who)
    dates = pd.PeriodIndex(list(months), freq="M")
    out = {}
    for count in atlas.counts:
        if count.series == "us.encounters.area":
            at = count.where[0]
            whole = pd.concat(list(areas.values())).groupby(level=0).sum(min_count=1)
            # before areas were told by office, the sum over sectors alone is not the whole
            full = whole[whole.index >= max(a.index[0] for a in areas.values())]
            mine = full if at == WHOLE else areas.get(at, pd.Series(dtype=float))
        else:
            mine = made[count.series]
        if mine.empty:
            out[count.id] = [None] * len(months)
            continue
        along = mine.reindex(dates)
        out[count.id] = [None if pd.isna(v) else round(float(v), 1) for v in along]
    return out


def _monthly(frame: pd.DataFrame, value: str = "people") -> pd.Series:
    months = pd.PeriodIndex(frame["month"], freq="M")
    return frame[value].astype(float).groupby(months).sum()


def _by_nation(name: str, who: str) -> pd.Series:
    frame = open_series(name)
    if who in UNITS:
        return pd.Series(dtype=float)
    return _monthly(frame[frame["nationality"] == who] if who in NATIONALITIES else frame)


def _children(who: str) -> pd.Series:
    if who not in ("all", "unaccompanied_child"):
        return pd.Series(dtype=float)
    frame = open_series("us.children").dropna(subset=["in_hhs_care"])
    return _monthly(frame, "in_hhs_care")


def _areas(who: str) -> dict[str, pd.Series]:
    """Encounters by area: a month that is told at all and has no row of the group counts none."""
    frame = open_series("us.encounters.area")
    told = pd.period_range(frame["month"].min(), frame["month"].max(), freq="M")
    if who in UNITS:
        frame = frame[frame["unit"] == who]
    elif who in NATIONALITIES:
        frame = frame[frame["nationality"] == who]
    found = {
        str(area): _monthly(rows).reindex(told, fill_value=0.0)
        for area, rows in frame.groupby("area")
    }
    if who == "all":
        for area, rows in open_series(EARLIER).groupby("area"):
            before = _monthly(rows)
            found[str(area)] = pd.concat([before[before.index < told[0]], found[str(area)]])
    return found
