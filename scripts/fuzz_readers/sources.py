"""Publishers' files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fuzz_readers.common import CORRIDOR, ROOT, Reader, by_file, first, place


def sources() -> Iterator[Reader]:
    """Publishers' files: the small good ones of the tests, and the shortest real ones of $RAW."""
    from test_sources_malformed import PUBLICATIONS
    from test_sources_ohss import workbook

    from caudal.corridor.sources import geography, ohss
    from caudal.corridor.sources.registry import SERIES

    for number, pub in enumerate(PUBLICATIONS):
        seed = pub.write(place() / "seed.csv").read_bytes()
        reader = by_file(f"{number}.csv", pub.read)
        yield Reader(f"publication: {pub.read.__name__} {number}", "text", [seed], reader, 0.5)
    book = workbook(place() / "seed.xlsx").read_bytes()
    read: Any = ohss.read_monthly_tables
    if hasattr(read, "cache_clear"):  # each input is a file of its own
        cached = read
        read = lambda path: (cached.cache_clear(), cached(path))  # noqa: E731
    yield Reader("publication: OHSS workbook", "archive", [book], by_file("o.xlsx", read), 0.3)
    raw = Path(os.environ.get("RAW", ROOT.parent / "shared" / "data"))
    seen = set()
    for series in SERIES.values():
        path = raw / series.files[0]
        name = getattr(series.read, "__name__", series.id)
        if path.suffix not in (".csv", ".json") or not path.is_file() or name in seen:
            continue
        seen.add(name)
        data = path.read_bytes()
        seed = data if len(data) < 9_000 else first(data, b"\n", 40)
        reader = by_file(f"raw-{path.name}", series.read)
        yield Reader(f"publication: {series.id}", "text", [seed], reader, 0.5)
    outlines = CORRIDOR / "series" / "geo.outlines.geojson"
    world = json.loads(outlines.read_bytes())
    world["features"] = world["features"][:2]
    yield Reader("publication: outlines", "text", [json.dumps(world).encode()],
                 by_file("g.json", geography.read_outlines), 2)  # fmt: skip
