"""The map of the corridor as an answer: the shipped movements beside what is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from caudal.ask.movements import QUANTILES, Movements, read
from caudal.corridor import corridor
from caudal.corridor.atlas import AT, atlas
from caudal.corridor.atlas_counts import counted
from caudal.corridor.atlas_document import Item
from caudal.corridor.world import NATIONALITY_NAMES, UNIT_NAMES
from caudal.errors import CaudalError
from caudal.policy.marks import nearest
from caudal.service.present import sources
from caudal.service.waiting import lists_at

SHIPPED = "map.zip"
"""Movements from the shipped draws, beside them; `make now` makes them again."""
EVERYONE = {"en": "Everyone", "es": "Todas las personas"}


@lru_cache(maxsize=1)
def shipped() -> Movements:
    """The shipped movements. Raises CaudalError where there are none."""
    return read(corridor().posterior.parent / SHIPPED)


def told(who: str) -> dict[str, Any]:
    """What `GET /corridor` answers. Raises CaudalError for an unknown group."""
    found, here = shipped(), atlas()
    if who not in found.who:
        raise CaudalError("query 'who'", repr(who), nearest(who, found.who))
    values = found.values[found.who.index(who)]
    line = {name: _line(values[i]) for i, name in enumerate(found.items)}
    counts = counted(here, who, found.months)
    about = found.about
    return {
        "who": who,
        "groups": {
            "all": [{"id": "all", "name": EVERYONE}],
            "unit": _named(UNIT_NAMES),
            "nationality": _named(NATIONALITY_NAMES),
        },
        "months": list(found.months),
        "forecast": about["forecast"],
        "floor": about["grains"][who][1],
        "places": [
            {"id": s.id, "kind": s.kind, "lat": s.lat, "lon": s.lon, "name": dict(s.name)}
            for s in here.spots
        ],
        "flows": [
            {"id": f.id, "name": f.name, "source": f.where[0], "target": f.where[1], "kind": f.kind,
             "levers": here.levers(f), **line[f.id]}
            for f in here.flows
        ],
        "stocks": [
            {"id": s.id, "name": s.name, "at": s.where[0], **line[s.id]} for s in here.stocks
        ],
        "standing": [
            {"id": f"{AT}{s.id}", "name": dict(s.name), "at": s.id,
             "lists_at": lists_at(s.id), **_standing(s.id, line)}
            for s in here.spots
            if any(item.where == (s.id,) for item in here.stocks)
        ],
        "counts": [
            {"id": c.id, "name": c.name, "at": c.where[0], "series": c.series, "unit": c.unit,
             "observed": counts[c.id], "beside": _beside(c, line)}
            for c in here.counts
        ],
        "sources": sources({"geo.places", "geo.sectors", *(c.series for c in here.counts)}),
        "recipe": {k: about[k] for k in ("command", "python", "members", "code_version",
                                         "data_vintage", "run_id")},
    }  # fmt: skip


def frame(who: str) -> pd.DataFrame:
    """The same as a table: one row an item and month.

    `standing` is everyone at a place that has several stocks: their bands cannot be added up.
    """
    answer = told(who)
    rows: list[pd.DataFrame] = []
    months = answer["months"]
    for what, key in (("flow", "flows"), ("stock", "stocks"), ("standing", "standing"),
                      ("count", "counts")):  # fmt: skip
        for item in answer[key]:
            if what == "standing" and item["id"] not in shipped().items:
                continue  # its one stock says the same
            modelled = item["beside"] if what == "count" else item
            columns: Mapping[str, Any] = {
                "month": months, "who": who, "what": what, "id": item["id"],
                "title": item["name"]["en"],
                "title_es": item["name"]["es"],
                "source_place": item.get("source", item.get("at", "")),
                "target_place": item.get("target", ""),
                "observed": item.get("observed", [None] * len(months)),
                **{q: modelled[q] for q in QUANTILES},
            }  # fmt: skip
            rows.append(pd.DataFrame(columns))
    made = pd.concat(rows, ignore_index=True)
    return made.astype({"observed": float})


def _standing(place: str, line: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Everyone at a place: the sum that was kept, or its one stock."""
    one = next(s.id for s in atlas().stocks if s.where == (place,))
    return line.get(f"{AT}{place}", line[one])


def _beside(count: Item, line: Mapping[str, Mapping[str, Sequence[Any]]]) -> dict[str, Any]:
    """What the run has for a count: the one item beside it, or the sum that was kept for it."""
    first, *more = count.beside
    key = count.id if more else first
    return {"id": key, "name": count.name, **line[key]}


def _line(values: np.ndarray) -> dict[str, list[float]]:
    """(month, quantile) as lists by quantile, with three digits."""
    return {q: [_short(v) for v in values[:, i].tolist()] for i, q in enumerate(QUANTILES)}


def _short(value: float) -> float:
    made = float(f"{value:.3g}")
    return int(made) if made >= 100 else made


def _named(names: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"id": key, "name": {"en": en, "es": es}} for key, (en, es) in names.items()]
