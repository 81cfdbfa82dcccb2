"""Finding series: those that the package carries, and newer vintages of the user's own.

>>> from caudal.data.store import open_series
>>> open_series("us.gotaways.known").columns.tolist()
['month', 'people', 'arrests']
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from caudal.data.issues import Issue
from caudal.data.package import DESCRIPTOR, BuiltTable, read_descriptor, read_table
from caudal.data.vintage import Provenance
from caudal.errors import CaudalError

_ID = re.compile(r"[a-z][a-z0-9_.-]{0,79}")
"""What may name a series, and so a folder."""


def package_folder() -> Path:
    """The package's own tables: the one `<corridor>/series` folder beside this room."""
    root = Path(__file__).resolve().parent.parent
    found = sorted(root.glob(f"*/series/{DESCRIPTOR}"))
    return found[0].parent if found else root / "corridor" / "series"


def user_folder() -> Path:
    """Where refreshed vintages are kept: $CAUDAL_DATA, or the user's data directory."""
    given = os.environ.get("CAUDAL_DATA")
    if given:
        return Path(given).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("caudal"))


@dataclass(frozen=True)
class Vintage:
    """One stored edition of a series: the folder and its description."""

    folder: Path
    resource: dict[str, Any]

    @property
    def provenance(self) -> Provenance:
        """Where it comes from."""
        return Provenance.from_dict(dict(self.resource["caudal:provenance"]))

    @property
    def is_users(self) -> bool:
        """Whether the user stored it (by `data refresh`)."""
        return user_folder() / "vintages" in self.folder.parents


@lru_cache(maxsize=8)
def _descriptor(folder: str, stamp: float) -> dict[str, Any]:
    return read_descriptor(Path(folder))


def _described(folder: Path) -> dict[str, Any]:
    path = folder / DESCRIPTOR
    return _descriptor(str(folder), path.stat().st_mtime if path.exists() else 0.0)


def vintages(series_id: str, folder: Path | None = None) -> list[Vintage]:
    """All stored editions of a series, oldest first, the package's own among them.

    folder  of the tables that a corridor carries, here and below; default the package's own
    """
    package = folder or package_folder()
    found = [
        Vintage(package, r) for r in _described(package)["resources"] if r["name"] == series_id
    ]
    own = user_folder() / "vintages" / series_id
    for path in sorted(own.glob(f"*/{DESCRIPTOR}")) if _ID.fullmatch(series_id) else ():
        if path.parent.name.startswith("."):
            continue  # one that was stopped while it was written
        found += [Vintage(path.parent, r) for r in _described(path.parent)["resources"]]
    if not found:
        from difflib import get_close_matches

        known = [r["name"] for r in _described(package)["resources"]]
        near = get_close_matches(series_id, known, n=4, cutoff=0.4)
        raise CaudalError(
            "series", repr(series_id), f"{', '.join(near)} … (see `caudal data list`)".lstrip(" …")
        )
    return sorted(found, key=lambda v: (v.provenance.read_on, v.folder.name))


def newest(series_id: str, folder: Path | None = None) -> Vintage:
    """The edition that answers: the one read last."""
    return vintages(series_id, folder)[-1]


@lru_cache(maxsize=64)
def _table(folder: Path, series_id: str, digest: str) -> BuiltTable:
    resource = next(r for r in _described(folder)["resources"] if r["name"] == series_id)
    if "schema" not in resource:
        raise CaudalError("series", f"{series_id} is a map, not a table", "open_map")
    return read_table(folder, resource)


def open_vintage(v: Vintage) -> BuiltTable:
    """One edition with provenance, keys and issues (do not change its frame)."""
    return _table(v.folder, v.resource["name"], v.resource["hash"])


def open_table(series_id: str, folder: Path | None = None) -> BuiltTable:
    """The newest edition with provenance, keys and issues (do not change its frame)."""
    return open_vintage(newest(series_id, folder))


def open_series(
    series_id: str, published_by: str | date | None = None, folder: Path | None = None
) -> pd.DataFrame:
    """The newest edition of a series as a tidy frame (a copy).

    published_by: only periods that were out on that day, by the series' publication delay (numbers
    as revised since: earlier editions are not kept).

    Time columns `month` and `date` are datetime64[ns], `year` and `fiscal_year` int64; counts are
    int64, or float64 where some are missing; words are str, blank where a dimension is not broken
    down. Raises CaudalError, naming near ones, for an unknown id.
    """
    table = open_table(series_id, folder)
    frame = table.reading.frame
    if published_by is None or table.keys[0] not in PERIODS:
        return frame.copy()
    delay = pd.Timedelta(days=table.provenance.delay_days)
    out = period_end(frame[table.keys[0]]) + delay <= pd.Timestamp(published_by)
    return frame[out].reset_index(drop=True)


PERIODS = ("month", "date", "year", "fiscal_year")
"""Names of time columns."""


def period_end(periods: pd.Series) -> pd.Series:
    """The first day after each period; the Series' name tells what its periods are.

    >>> period_end(pd.Series([2024], name="fiscal_year"))[0].strftime("%Y-%m-%d")
    '2024-10-01'
    """
    if periods.name == "date":
        return periods + pd.Timedelta(days=1)
    if periods.name == "month":
        return periods + pd.DateOffset(months=1)
    years = periods if periods.name == "fiscal_year" else periods + 1
    start = "-10-01" if periods.name == "fiscal_year" else "-01-01"
    return pd.to_datetime(years.astype(str) + start)


def open_map(series_id: str) -> dict[str, Any]:
    """A GeoJSON of the package, such as "geo.outlines"."""
    v = newest(series_id)
    return json.loads((v.folder / v.resource["path"]).read_text(encoding="utf-8"))


def provenance(series_id: str, folder: Path | None = None) -> Provenance:
    """Where the newest edition comes from."""
    return newest(series_id, folder).provenance


def issues(series_id: str, folder: Path | None = None) -> tuple[Issue, ...]:
    """Known issues of the newest edition, masks aligned with `open_series`."""
    return open_table(series_id, folder).reading.issues


def list_series(folder: Path | None = None) -> list[str]:
    """Identifiers of all series, in order."""
    return sorted(r["name"] for r in _described(folder or package_folder())["resources"])


def data_vintage(folder: Path | None = None) -> str:
    """A short name of all the data in use: changes when any series does (for run recipes)."""
    import hashlib

    told = "".join(newest(s, folder).resource["hash"] for s in list_series(folder))
    return hashlib.sha256(told.encode()).hexdigest()[:12]
