"""Outlines for the map: src/caudal/web/vendor/outlines.geojson, from two packages of npm.

Natural Earth's countries (1:50 million) and the borders between US states, cut to the region of the
corridor and thinned. `outlines.json` beside it pins packages, versions and sums: nothing is written
unless the archives are the recorded ones and the outcome has the recorded sum. To move to another
version, change it there first; the script says what it found.

    npm and Python; no other library
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).parent.parent / "src/caudal/web/vendor"
WEST, SOUTH, EAST, NORTH = -132.0, -2.0, -60.0, 49.0
"""What is kept, in degrees: more than any view of the map shows."""
GRAIN = 0.03
"""Points are rounded to this, in degrees (three kilometres), along shared borders alike."""
SMALL = 0.02
"""Islands of less than this many square degrees are left out."""

Point = tuple[float, float]


def main() -> None:
    """Fetch, check, cut, write."""
    record = json.loads((VENDOR / "outlines.json").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as work:
        read = {p["package"]: _fetch(p, Path(work)) for p in record["packages"]}
    (countries, licence), (states, _) = read["world-atlas"], read["us-atlas"]
    features = list(_countries(countries))
    lines = [line for line in _borders(states) if len(line) > 1]
    features.append(_feature("us-states", "MultiLineString", lines))
    made = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    found = hashlib.sha256(made.encode()).hexdigest()
    if found != record["sha256"]:
        sys.exit(f"outlines.geojson: sha256 is {found}; outlines.json says {record['sha256']}")
    (VENDOR / "outlines.geojson").write_text(made, "utf-8")
    (VENDOR / "outlines.LICENSE").write_bytes(licence)
    print(f"{VENDOR / 'outlines.geojson'}: {len(features)} shapes, {len(made):,} bytes")


def _fetch(package: dict[str, str], work: Path) -> tuple[dict[str, Any], bytes]:
    name = f"{package['package']}@{package['version']}"
    told = subprocess.run(
        ["npm", "pack", "--silent", name], cwd=work, check=True, capture_output=True, text=True
    )
    archive = work / told.stdout.strip().splitlines()[-1]
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != package["archive_integrity"]:
        sys.exit(f"{name}: archive is {found}; outlines.json says {package['archive_integrity']}")
    with tarfile.open(archive) as packed:

        def member(path: str) -> bytes:
            held = packed.extractfile(f"package/{path}")
            return held.read() if held else b""

        return json.loads(member(package["from"])), member("LICENSE")


def _arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """The arcs of a TopoJSON in degrees, rounded to GRAIN."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    out = []
    for arc in topology["arcs"]:
        x = y = 0
        line: list[Point] = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            point = _rounded(x * sx + tx, y * sy + ty)
            if not line or point != line[-1]:
                line.append(point)
        out.append(line)
    return out


def _rounded(x: float, y: float) -> Point:
    return round(round(x / GRAIN) * GRAIN, 2), round(round(y / GRAIN) * GRAIN, 2)


def _ring(arcs: Sequence[Sequence[Point]], indices: Iterable[int]) -> list[Point]:
    out: list[Point] = []
    for i in indices:
        line = arcs[i] if i >= 0 else arcs[~i][::-1]
        out.extend(line[1:] if out else line)
    return out


def _countries(topology: dict[str, Any]) -> Iterable[dict[str, Any]]:
    arcs = _arcs(topology)
    for shape in topology["objects"]["countries"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        kept = []
        for polygon in polygons:
            rings = [_closed(_cut(_ring(arcs, indices))) for indices in polygon]
            if rings[0] and _area(rings[0]) >= SMALL:
                kept.append([rings[0], *(r for r in rings[1:] if r and _area(r) >= SMALL)])
        if kept:
            yield _feature(shape["properties"]["name"], "MultiPolygon", kept)


def _borders(topology: dict[str, Any]) -> Iterable[list[Point]]:
    """Arcs between two US states of the mainland."""
    arcs = _arcs(topology)
    used: Counter[int] = Counter()
    for shape in topology["objects"]["states"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        used.update({i if i >= 0 else ~i for polygon in polygons for ring in polygon for i in ring})
    for i, times in used.items():
        if times > 1:
            yield _thin(arcs[i])


def _thin(line: list[Point], step: float = 0.06) -> list[Point]:
    """Without points that lie closer than `step` degrees to the last one kept; ends stay."""
    out = line[:1]
    for x, y in line[1:-1]:
        if abs(x - out[-1][0]) + abs(y - out[-1][1]) >= step:
            out.append((x, y))
    return [*out, line[-1]] if len(line) > 1 else line


def _cut(ring: list[Point]) -> list[Point]:
    """A ring cut to the region (Sutherland and Hodgman), winding kept."""
    for axis, edge, above in (
        (0, WEST, True),
        (0, EAST, False),
        (1, SOUTH, True),
        (1, NORTH, False),
    ):
        out: list[Point] = []
        for here, there in zip(ring, [*ring[1:], *ring[:1]], strict=True):
            inside, next_in = ((p[axis] >= edge) == above or p[axis] == edge for p in (here, there))
            if inside:
                out.append(here)
            if inside != next_in:
                share = (edge - here[axis]) / (there[axis] - here[axis])
                out.append(
                    _rounded(*(a + share * (b - a) for a, b in zip(here, there, strict=True)))
                )
        ring = out
        if not ring:
            return ring
    return ring


def _closed(ring: list[Point]) -> list[Point]:
    clean = [p for i, p in enumerate(ring) if i == 0 or p != ring[i - 1]]
    if len(clean) > 1 and clean[0] == clean[-1]:
        clean.pop()
    return [*clean, clean[0]] if len(clean) > 2 else []


def _area(ring: list[Point]) -> float:
    """Square degrees."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def _feature(name: str, kind: str, coordinates: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


if __name__ == "__main__":
    main()
