"""Tables: of forecasts and their scores, and of series."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fuzz_readers.common import CORRIDOR, Reader, by_file, first, place


def tables() -> Iterator[Reader]:
    """Scores, past forecasts, corrections, and the packages of tables."""
    import hashlib

    from caudal.data.package import read_descriptor, read_table
    from caudal.forecast import corrections, past, skill, stress_tables

    shipped = CORRIDOR / "skill"
    heads = {p.name: first(p.read_bytes(), b"\n", 12) for p in shipped.glob("*.csv")}

    def folder_of(name: str, read: Callable[[Path], Any]) -> Callable[[bytes], Any]:
        folder = place() / f"of-{name}"
        folder.mkdir(exist_ok=True)
        for each, data in heads.items():
            (folder / each).write_bytes(data)

        def of(data: bytes) -> Any:
            (folder / name).write_bytes(data)
            return read(folder)

        return of

    yield Reader("scores", "text", [heads["skill.csv"]], folder_of("skill.csv", skill.read), 3)
    yield Reader("stress scores", "text", [heads["stress_sizes.csv"]],
                 folder_of("stress_sizes.csv", stress_tables.read), 3)  # fmt: skip
    yield Reader("past forecasts", "bytes", [_gz(shipped / "past.csv.gz", 20)],
                 folder_of("past.csv.gz", past.read), 6)  # fmt: skip
    learned = (CORRIDOR / "posterior" / "correction.json").read_bytes()
    yield Reader("corrections", "text", [learned[:600], learned],
                 by_file("c.json", corrections.read), 15)  # fmt: skip
    descriptor = json.loads((CORRIDOR / "series" / "datapackage.json").read_bytes())
    few = [r for r in descriptor["resources"] if r["name"] in ("us.courts", "mx.returns")]
    package = {**descriptor, "resources": few}
    for resource in few:
        data = (CORRIDOR / "series" / resource["path"]).read_bytes()
        (place() / resource["path"]).write_bytes(data)

    def described(path: Path) -> Any:
        return [read_table(path.parent, r) for r in read_descriptor(path.parent)["resources"]]

    def table(data: bytes) -> Any:
        (place() / "t.csv.gz").write_bytes(data)
        told = f"sha256:{hashlib.sha256(data).hexdigest()}"
        return read_table(place(), {**few[0], "path": "t.csv.gz", "hash": told})

    told = json.dumps(package, indent=1).encode()
    yield Reader("package descriptors", "text", [told], by_file("datapackage.json", described), 6)
    yield Reader("package tables", "bytes", [_gz(CORRIDOR / "series" / few[0]["path"], 20)],
                 table, 6)  # fmt: skip


def _gz(path: Path, lines: int) -> bytes:
    return gzip.compress(first(gzip.decompress(path.read_bytes()), b"\n", lines), 1, mtime=0)
