"""Build the package's tables: `python -m caudal.corridor.sources.build RAW`.

The folder RAW is laid out as the registry's `files` say. Nothing is written unless every file
could be read; the same raw files give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from caudal.corridor.sources.columns import columns
from caudal.corridor.sources.geography import read_outlines
from caudal.corridor.sources.registry import SERIES
from caudal.data.issues import Reading
from caudal.data.package import BuiltTable, with_read, write_package
from caudal.data.series import Series, read_all, sha256
from caudal.data.store import package_folder
from caudal.data.vintage import Provenance
from caudal.errors import CaudalError

READ_ON = "2026-11"
"""When the raw folder was collected; change it with a new collection."""
OUTLINES = {"geo.outlines": "geo/americas_110m.geojson"}
ABOUT = {
    "name": "caudal-series",
    "title": "Published counts of the US–Mexico migration corridor",
    "description": "Tidy monthly and yearly tables built from official publications by Caudal; "
    "see docs/data.md. Encounters are events, not people.",
    "keywords": ["migration", "border", "encounters", "Darién", "asylum"],
}


def build_table(series: Series, raw: Path) -> BuiltTable:
    """Read one series from the raw folder."""
    paths = [raw / name for name in series.files]
    reading: Reading = read_all(series, paths)
    hashes = {name: sha256(path) for name, path in zip(series.files, paths, strict=True)}
    about = with_read(series.about, READ_ON, hashes)
    return BuiltTable(about, series.keys, reading, columns(series.id))


def build(raw: Path, folder: Path) -> list[BuiltTable]:
    """Read every series of the registry and write the package into `folder`."""
    if not raw.is_dir():
        raise CaudalError(str(raw), "no such folder", "the folder of raw files (RAW=…)")
    tables = [build_table(series, raw) for series in SERIES.values()]
    extras = {}
    for name, file in OUTLINES.items():
        about = Provenance(
            series=name, publisher="Natural Earth", title="Admin 0 countries, 1:110 million",
            definition="country outlines of the Americas, coordinates to 0.01 degree",
            unit="degrees", grain="country", address="https://www.naturalearthdata.com",
            licence="Natural Earth", read_on=READ_ON, delay_days=0, role="context",
            files={file: sha256(raw / file)},
        )  # fmt: skip
        extras[name] = (read_outlines(raw / file), about)
    write_package(folder, tables, ABOUT, extras)
    return tables


def main(arguments: list[str]) -> int:
    """Command line: the raw folder, and optionally where to write."""
    if not 1 <= len(arguments) <= 2:
        print("usage: python -m caudal.corridor.sources.build RAW [FOLDER]", file=sys.stderr)
        return 2
    folder = Path(arguments[1]) if len(arguments) > 1 else package_folder()
    try:
        tables = build(Path(arguments[0]), folder)
    except CaudalError as problem:
        print(f"caudal: {problem}", file=sys.stderr)
        return 2
    size = sum(p.stat().st_size for p in folder.iterdir())
    rows = sum(len(t.reading.frame) for t in tables)
    print(f"{len(tables)} series, {rows:,} rows, {size / 1e6:.2f} MB in {folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
