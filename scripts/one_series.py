"""Build the table of one declared series, and leave all others as they are.

    make data RAW=FOLDER ONLY=SERIES

`make data` alone reads every publisher's file; who adds a series has only their own. Prints what is
still to be told of it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml

from caudal.corridor.sources.build import ABOUT, build_table
from caudal.corridor.sources.registry import SERIES
from caudal.corridor.sources.spanish import FILE as SPANISH
from caudal.data.package import read_descriptor, read_table, write_package
from caudal.data.store import package_folder
from caudal.data.vintage import Provenance
from caudal.errors import CaudalError

SOURCE = Path(__file__).resolve().parents[1] / "src" / "caudal"
TOLD = {
    "corridor/measured.yaml": "what a run says of it, or {role: silent, why: …}",
    "service/series_called.yaml": "its name on the page, en and es",
}
"""Files in which every series has a line, and what the line tells."""


def build_one(raw: Path, series: str, folder: Path) -> int:
    """Write the package in `folder` again with this one series read from `raw`; its rows."""
    if series not in SERIES:
        raise CaudalError("series", f"{series!r} is not declared", "an id of sources/registry.py")
    tables, extras = [], {}
    for resource in read_descriptor(folder)["resources"]:
        about = Provenance(**resource["caudal:provenance"])
        if resource["format"] == "geojson":
            found = json.loads((folder / resource["path"]).read_text(encoding="utf-8"))
            extras[about.series] = (found, about)
        elif about.series != series:
            tables.append(read_table(folder, resource))
    built = build_table(SERIES[series], raw)
    order = list(SERIES)
    tables = sorted([*tables, built], key=lambda t: order.index(t.provenance.series))
    write_package(folder, tables, ABOUT, extras)
    return len(built.reading.frame)


def untold(series: str, folder: Path) -> list[str]:
    """What Caudal wants to know of a series and is not told yet, one line each."""
    out = []
    for resource in read_descriptor(folder)["resources"]:
        if resource["name"] == series:
            fields = resource["schema"]["fields"]
            bare = [f["name"] for f in fields if not f.get("description")]
            out += [f"corridor/sources/columns.py: what the column {c!r} means" for c in bare]
    if series not in yaml.safe_load(SPANISH.read_text(encoding="utf-8"))["definitions"]:
        out.append(
            "corridor/sources/spanish.yaml: its definition in Spanish (reports stop without)"
        )
    for file, what in TOLD.items():
        lines = (SOURCE / file).read_text(encoding="utf-8").splitlines()
        if not any(line.strip().startswith(f"{series}:") for line in lines):
            out.append(f"{file}: {what}")
    return out


def main(arguments: list[str]) -> int:
    """Command line: the raw folder, the series, and optionally the package's folder."""
    if not 2 <= len(arguments) <= 3:
        print("usage: python scripts/one_series.py RAW SERIES [FOLDER]", file=sys.stderr)
        return 2
    folder = Path(arguments[2]) if len(arguments) > 2 else package_folder()
    try:
        rows = build_one(Path(arguments[0]), arguments[1], folder)
    except CaudalError as problem:
        print(f"caudal: {problem}", file=sys.stderr)
        return 2
    print(f"{arguments[1]}: {rows:,} rows in {folder}")
    for line in untold(arguments[1], folder):
        print(f"still to tell: {line}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
