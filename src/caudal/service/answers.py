"""Values as JSON, tables as JSON, CSV or Parquet: quickly, and the same bytes for the same values."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from pydantic_core import to_json
from starlette.responses import Response

from caudal.data.spreadsheet import csv_text

Format = Literal["json", "csv", "parquet"]

KEEP = "x-caudal-keep"
"""Marks an answer that rests on nothing but code and data: `kept` keeps it and takes the mark off."""

HXL: dict[str, str] = {
    "month": "#date+month", "date": "#date", "year": "#date+year",
    "fiscal_year": "#date+year+fiscal", "nationality": "#country+origin+code",
    "country": "#country", "asylum_country": "#country+asylum", "returned_from": "#country+from",
    "area": "#loc+area+code", "place": "#loc+name", "region": "#region", "sector": "#loc+area+code",
    "lat": "#geo+lat", "lon": "#geo+lon", "component": "#org+component", "agency": "#org+agency",
    "people": "#affected+num", "population": "#population+num", "applications": "#affected+num",
    "encounters": "#affected+encounters+num", "deaths": "#affected+killed+num",
    "incidents": "#event+num", "cause": "#cause", "value": "#indicator+value+num",
    "observed": "#indicator+counted+num", "outcome": "#indicator+code", "source_title":
    "#meta+source", "source_url": "#meta+url", "note": "#description", "period": "#date+period",
}  # fmt: skip
"""Hashtags of the Humanitarian Exchange Language (hxlstandard.org, 1.1) by column."""


def hashtag(column: str, numbers: bool) -> str:
    """The HXL hashtag of a column: an indicator where it holds numbers, else a label.

    >>> hashtag("people", True), hashtag("lo90", True), hashtag("title", False)
    ('#affected+num', '#indicator+lo90+num', '#meta+title')
    """
    if column in HXL:
        return HXL[column]
    plain = "".join(c for c in column.lower() if c.isalnum() or c == "_")
    return f"#indicator+{plain}+num" if numbers else f"#meta+{plain}"


def plain(value: Any) -> Any:
    """What JSON's writer does not know by itself: arrays and their numbers, pandas' moments."""
    if isinstance(value, pd.Timestamp):
        return told(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, pd.Period):
        return str(value)
    return str(value)


def told(moment: pd.Timestamp | dt.date) -> str:
    """A moment in ISO: a day, or a moment of a day."""
    return moment.isoformat()[:10] if moment.isoformat().endswith("00:00:00") else str(moment)


def json_bytes(value: Any) -> bytes:
    """JSON in UTF-8: dates in ISO form, what is missing or not finite as null."""
    return to_json(value, inf_nan_mode="null", fallback=plain)


def answer(value: Any, *, keep: bool = False, status: int = 200) -> Response:
    """A value as JSON; keep: it rests on nothing but code and data."""
    return _response(json_bytes(value), "application/json", keep, status)


def _response(data: bytes, media: str, keep: bool, status: int = 200, name: str = "") -> Response:
    headers = {KEEP: "1"} if keep else {"cache-control": "no-store"}
    if name:
        headers["content-disposition"] = f'attachment; filename="{name}"'
    return Response(data, status, headers, media)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame's rows as plain mappings; months as YYYY-MM, days as YYYY-MM-DD, nothing as None."""
    columns = {str(name): _column(frame[name]) for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _column(values: pd.Series) -> list[Any]:
    if isinstance(values.dtype, np.dtype) and values.dtype.kind == "M":
        form = "%Y-%m" if values.name == "month" else "%Y-%m-%d"
        return values.dt.strftime(form).tolist()
    if isinstance(values.dtype, np.dtype) and values.dtype.kind == "f":
        whole = bool((values.dropna() % 1 == 0).all())
        return [
            None if math.isnan(v) else int(v) if whole and abs(v) < 2**53 else v
            for v in values.tolist()
        ]
    return values.astype(object).where(values.notna(), None).tolist()


def table(
    frame: pd.DataFrame,
    form: str,
    name: str,
    *,
    hxl: bool = False,
    about: dict[str, Any] | None = None,
    rows: str = "rows",
    keep: bool = False,
    recipe: dict[str, Any] | None = None,
) -> Response:
    """A table to download, or as JSON beside what is said `about` it.

    name    of the file, without its ending; hxl: a second line of hashtags in the CSV
    recipe  how it was made: goes into the metadata of a Parquet file, as `caudal`
    """
    if form == "csv":
        return _response(csv_bytes(frame, hxl), "text/csv; charset=utf-8", keep, name=f"{name}.csv")
    if form == "parquet":
        media = "application/vnd.apache.parquet"
        return _response(_parquet(frame, recipe), media, keep, name=f"{name}.parquet")
    return answer({**(about or {}), rows: records(frame)}, keep=keep)


def _parquet(frame: pd.DataFrame, recipe: dict[str, Any] | None) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    whole, held = pa.Table.from_pandas(frame, preserve_index=False), io.BytesIO()
    if recipe is not None:
        said = {**(whole.schema.metadata or {}), b"caudal": json_bytes(recipe)}
        whole = whole.replace_schema_metadata(said)
    pq.write_table(whole, held, compression="zstd")
    return held.getvalue()


def csv_bytes(frame: pd.DataFrame, hxl: bool) -> bytes:
    """CSV in UTF-8 with "\\n"; texts that a spreadsheet would run are quoted by an apostrophe."""
    text = csv_text(frame)
    if hxl:
        numbers = [frame[c].dtype.kind in "iuf" for c in frame.columns]
        head, _, rest = text.partition("\n")
        tags = _tags([str(c) for c in frame.columns], numbers)
        text = f"{head}\n{','.join(tags)}\n{rest}"
    return text.encode("utf-8")


def _tags(columns: Sequence[str], numbers: Sequence[bool]) -> list[str]:
    return [hashtag(c, n) for c, n in zip(columns, numbers, strict=True)]
