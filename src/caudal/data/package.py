"""Reading and writing built tables as a Frictionless data package, whole or not at all.

Each table is a gzip CSV with deterministic bytes; `datapackage.json` describes columns, sources and
licence in Frictionless' own words, and keeps provenance and issue masks under `caudal:` properties.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from caudal.data.issues import Issue, Reading, from_ranges, to_ranges
from caudal.data.vintage import Provenance
from caudal.errors import CaudalError

DESCRIPTOR = "datapackage.json"
LICENCES = {
    "public domain": ("other-pd", "https://www.usa.gov/government-copyright", "US public domain"),
    "CC BY 4.0": (
        "CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/", "Creative Commons BY 4.0",
    ),
    "MIT": ("MIT", "https://opensource.org/license/mit", "MIT licence"),
    "Natural Earth": (
        "other-pd", "https://www.naturalearthdata.com/about/terms-of-use/", "Public domain",
    ),
}  # fmt: skip
"""Licence as Provenance says it → Frictionless name, path, title. Others are facts, cited."""


@dataclass(frozen=True)
class BuiltTable:
    """One series ready to be stored."""

    provenance: Provenance
    keys: tuple[str, ...]
    reading: Reading
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The series' identifier."""
        return self.provenance.series


def to_bytes(frame: pd.DataFrame) -> bytes:
    """The table as gzip CSV: UTF-8, "\\n", ISO dates, no index; equal frames give equal bytes."""
    text = frame.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0, filename="") as zipped:
        zipped.write(text.encode("utf-8"))
    return buffer.getvalue()


def write_package(
    folder: Path,
    tables: Sequence[BuiltTable],
    about: Mapping[str, Any],
    extras: Mapping[str, tuple[Mapping[str, Any], Provenance]] | None = None,
) -> None:
    """Write the package into `folder`, replacing what is there only when all is written.

    about   name, title, description of the package
    extras  series id → (GeoJSON, provenance): stored as <id>.geojson, not as a table
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        resources = []
        for table in sorted(tables, key=lambda t: t.id):
            data = to_bytes(table.reading.frame)
            (temporary / f"{table.id}.csv.gz").write_bytes(data)
            resources.append(_resource(table, data))
        for name, (content, provenance) in sorted((extras or {}).items()):
            data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
            (temporary / f"{name}.geojson").write_bytes(data)
            resources.append(_extra(provenance, data))
        descriptor = {
            "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
            **about,
            "resources": resources,
        }
        text = json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n"
        (temporary / DESCRIPTOR).write_text(text, encoding="utf-8")
        temporary.chmod(0o755)
        swap(temporary, folder, folder.with_name(f".{folder.name}-old-{os.getpid()}"))
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def swap(new: Path, folder: Path, aside: Path) -> None:
    """Put a finished folder in the place of another, which steps aside and returns if that fails.

    Raises OSError.
    """
    if not folder.exists():
        os.replace(new, folder)
        return
    os.replace(folder, aside)
    try:
        os.replace(new, folder)
    except OSError:
        os.replace(aside, folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _resource(table: BuiltTable, data: bytes) -> dict[str, Any]:
    p, frame = table.provenance, table.reading.frame
    fields = []
    for column in frame.columns:
        kind = _kind(frame[column])
        about: dict[str, Any] = {"name": column, "type": kind}
        if table.columns.get(column):
            about["description"] = table.columns[column]
        if column in table.keys and kind in ("date", "integer"):
            about["constraints"] = {"required": True}
        fields.append(about)
    return {
        **_head(p, data),
        "path": f"{p.series}.csv.gz",
        "format": "csv",
        "mediatype": "text/csv",
        "compression": "gz",
        "schema": {"fields": fields, "missingValues": [""]},
        "caudal:rows": len(frame),
        "caudal:keys": list(table.keys),
        "caudal:provenance": p.to_dict(),
        "caudal:issues": [
            {"name": i.name, "meaning": i.meaning, "rows": int(i.mask.sum()),
             "mask": to_ranges(i.mask)}
            for i in table.reading.issues
        ],
    }  # fmt: skip


def _head(p: Provenance, data: bytes) -> dict[str, Any]:
    name, path, title = LICENCES.get(p.licence, ("other-closed", "", p.licence))
    source = {"title": f"{p.publisher}: {p.title}", "path": p.address}
    licence = {"name": name, "path": path, "title": title}
    return {
        "name": p.series,
        "title": p.title,
        "description": p.definition,
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "sources": [{k: v for k, v in source.items() if v}],
        "licenses": [{k: v for k, v in licence.items() if v}],
    }


def _extra(p: Provenance, data: bytes) -> dict[str, Any]:
    return {
        **_head(p, data),
        "path": f"{p.series}.geojson",
        "format": "geojson",
        "mediatype": "application/geo+json",
        "caudal:provenance": p.to_dict(),
    }


def _kind(column: pd.Series) -> str:
    if pd.api.types.is_datetime64_any_dtype(column):
        return "date"
    if pd.api.types.is_integer_dtype(column):
        return "integer"
    return "number" if pd.api.types.is_float_dtype(column) else "string"


def read_descriptor(folder: Path) -> dict[str, Any]:
    """The package's descriptor; a clear error if there is none."""
    path = folder / DESCRIPTOR
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        found = (problem.strerror or "unreadable").lower()
        raise CaudalError(
            str(path), found.replace("no such file or directory", "no such file"),
            "a built package (make data)",
        ) from problem  # fmt: skip
    except (ValueError, RecursionError) as problem:
        raise CaudalError(str(path), f"not JSON ({problem})", "a built package") from problem
    resources = read.get("resources") if isinstance(read, dict) else None
    whole = isinstance(resources, list) and all(
        isinstance(r, dict) and r.keys() >= _NEEDED for r in resources
    )
    if not whole:
        found = f"no list of resources, each with {', '.join(sorted(_NEEDED))}"
        raise CaudalError(str(path), found, "a built package")
    return read


_NEEDED = {"name", "path", "hash", "caudal:provenance"}


def read_table(folder: Path, resource: Mapping[str, Any]) -> BuiltTable:
    """One table of the package, typed as its schema says, with its issues."""
    path = folder / str(resource["path"])
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "unreadable"
        raise CaudalError(str(path), reason.lower(), "the built table") from problem
    if resource["hash"] != f"sha256:{hashlib.sha256(data).hexdigest()}":
        raise CaudalError(str(path), "bytes that differ from the package's hash", "the built table")
    try:
        return _typed(data, resource)
    except CaudalError:
        raise
    except (OSError, EOFError, zlib.error, ValueError, LookupError, TypeError, AttributeError,
            ArithmeticError) as problem:  # fmt: skip
        reason = " ".join(f"{type(problem).__name__} {problem}".split())[:120]
        found = f"not what its description says ({reason})"
        raise CaudalError(str(path), found, "the built table") from problem


def _typed(data: bytes, resource: Mapping[str, Any]) -> BuiltTable:
    kinds = {f["name"]: f["type"] for f in resource["schema"]["fields"]}
    frame = pd.read_csv(
        io.BytesIO(gzip.decompress(data)),
        dtype={c: {"integer": "int64", "number": "float64"}.get(k, str) for c, k in kinds.items()},
        keep_default_na=False,
        na_values={c: [""] for c, k in kinds.items() if k in ("number", "date")},
    )
    for column, kind in kinds.items():
        if kind == "date":
            frame[column] = pd.to_datetime(frame[column]).astype("datetime64[ns]")
    issues = tuple(
        Issue(i["name"], from_ranges(i["mask"], len(frame)), i["meaning"])
        for i in resource["caudal:issues"]
    )
    provenance = Provenance.from_dict(dict(resource["caudal:provenance"]))
    columns = {f["name"]: f.get("description", "") for f in resource["schema"]["fields"]}
    return BuiltTable(provenance, tuple(resource["caudal:keys"]), Reading(frame, issues), columns)


def with_read(provenance: Provenance, read_on: str, files: Mapping[str, str]) -> Provenance:
    """The provenance of a vintage: when it was read, and the raw files' hashes."""
    return replace(provenance, read_on=read_on, files=dict(files))
