"""Published series: which there are, their rows and editions, to read or to download."""

from __future__ import annotations

from typing import Annotated, Any

import pandas as pd
from fastapi import Query, Request
from starlette.responses import Response

from caudal.corridor.sources.spanish import spanish
from caudal.data import listed
from caudal.data.store import Vintage, list_series, newest, open_map, open_vintage, vintages
from caudal.errors import CaudalError
from caudal.policy.marks import nearest
from caudal.service import shapes
from caudal.service.answers import Format, answer, table
from caudal.service.routes.common import FILES, Period, SeriesId, missing, router
from caudal.service.series_chart import both, called, chart, names_of

api = router("series")
OWN = ("from", "to", "format", "hxl", "vintage")
"""Words of a query that name no column."""


@api.get("/series", response_model=shapes.SeriesList)
def every() -> Response:
    """Every series: what it counts, who published it, its span, rows and role."""
    rows = [names_of(listed.summary(newest(name))) for name in list_series()]
    return answer({"series": rows}, keep=True)


@api.get("/series/{series_id}", response_model=shapes.SeriesTable, responses=FILES)
def one(
    request: Request,
    series_id: SeriesId,
    start: Annotated[Period, Query(alias="from")] = None,
    end: Annotated[Period, Query(alias="to", description="first period left out")] = None,
    vintage: Annotated[
        str | None, Query(pattern=r"^[0-9a-f]{12}$", description="an edition; default the newest")
    ] = None,
    form: Annotated[Format, Query(alias="format")] = "json",
    hxl: Annotated[bool, Query(description="a row of HXL hashtags in the CSV")] = False,
) -> Response:
    """A series' rows. Any other word of the query names a column: `nationality=VEN&nationality=CUB`."""
    edition = _edition(series_id, vintage)
    about = {"series": edition.provenance.to_dict(), "vintage": _name(edition)}
    if "schema" not in edition.resource:
        return answer({**about, "map": open_map(series_id)}, keep=True)
    found = open_vintage(edition)
    frame = _picked(found.reading.frame, request)
    frame = listed.between(frame, found.keys[0], start, end, ("from", "to"))
    about |= {"issues": listed.issues(found, frame), "columns": list(frame.columns)}
    return table(frame, form, series_id, hxl=hxl, about=about, keep=True)


@api.get("/series/{series_id}/chart", response_model=shapes.SeriesChart)
def drawn(
    request: Request,
    series_id: SeriesId,
    by: Annotated[
        str | None, Query(pattern=r"^[a-z_]{0,40}$", description="a label column")
    ] = None,
    value: Annotated[
        str | None, Query(pattern=r"^[a-z_0-9]{1,40}$", description="a column of numbers")
    ] = None,
) -> Response:
    """What a series is, and its rows added up by time: the whole, and the parts by one column.

    Any other word of the query picks a value of a column: `outcome=encounters`.
    """
    from caudal.report.payload import source_row

    edition = _edition(series_id, None)
    about = edition.provenance.to_dict()
    found = open_vintage(edition) if "schema" in edition.resource else None
    issues = listed.issues(found, found.reading.frame) if found else []
    words = {k: v for k, v in request.query_params.items() if k not in ("by", "value")}
    told = {
        "series": source_row({**about, "issues": []}, spanish()), "name": called().get(series_id),
        "users_own": edition.is_users,
        "issues": [{**i, "meaning": both(i["meaning"])} for i in issues],
    }  # fmt: skip
    shown = chart(series_id, found, by, value, words) if found else None
    return answer({**told, "chart": shown}, keep=True)


@api.get("/series/{series_id}/vintages", response_model=shapes.Vintages)
def editions(series_id: SeriesId) -> Response:
    """The stored editions of a series, oldest first."""
    rows = [
        {
            "vintage": _name(v),
            "read_on": v.provenance.read_on,
            "users_own": v.is_users,
            "rows": v.resource.get("caudal:rows") or 0,
            "files": v.provenance.files,
        }
        for v in _vintages(series_id)
    ]
    return answer({"series": series_id, "vintages": rows}, keep=True)


def _vintages(series_id: str) -> list[Vintage]:
    try:
        return vintages(series_id)
    except CaudalError as unknown:
        raise missing(f"series {series_id}", "unknown", unknown.allowed) from None


def _name(vintage: Vintage) -> str:
    """What an edition is called: the beginning of its table's hash."""
    return str(vintage.resource["hash"]).rpartition(":")[2][:12]


def _edition(series_id: str, name: str | None) -> Vintage:
    found = _vintages(series_id)
    if name is None:
        return found[-1]
    by_name = {_name(v): v for v in found}
    if name not in by_name:
        raise missing(f"vintage {name}", "unknown", ", ".join(by_name))
    return by_name[name]


def _picked(frame: pd.DataFrame, request: Request) -> pd.DataFrame:
    """Rows whose columns hold one of the values that the query names for them."""
    asked: dict[str, list[str]] = {}
    for column, value in request.query_params.multi_items():
        if column not in OWN:
            asked.setdefault(column, []).append(value)
    for column, values in asked.items():
        if column not in frame.columns or frame[column].dtype.kind == "M":
            names = [str(c) for c in frame.columns if frame[c].dtype.kind != "M"]
            raise CaudalError(f"query '{column[:40]}'", "no such column", nearest(column, names))
        held: Any = frame[column].astype(str)
        unknown = [v for v in values if not (held == v).any()]
        if unknown:
            there = sorted(set(held))[:200]
            raise CaudalError(
                f"query '{column}'", repr(unknown[0][:60]), nearest(unknown[0], there)
            )
        frame = frame[held.isin(values)]
    return frame
