"""Strict reading of delimited text: the right header, UTF-8, whole rows, or one clear error."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from caudal.errors import CaudalError

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Table:
    """A file as text.

    frame    every cell a str, stripped of blanks; the index is 0, 1, …
    had_bom  the file began with a byte order mark
    lines    line number of each row in the file (1 is the header), for error messages
    """

    frame: pd.DataFrame
    had_bom: bool
    lines: tuple[int, ...]


def read_bytes(path: Path) -> bytes:
    """The file's bytes, unzipped if its name ends in .gz."""
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if path.suffix == ".gz" else raw
    except (OSError, EOFError) as problem:
        what = getattr(problem, "strerror", None) or "cannot be unpacked (cut short?)"
        raise CaudalError(str(path), str(what).lower(), "a readable file") from problem


def looks_like(columns: Sequence[str], known: Mapping[str, Sequence[str]]) -> str:
    """The known publication that has exactly these columns, or ""."""
    return next((name for name, cols in known.items() if set(cols) == set(columns)), "")


def read_table(
    path: Path,
    columns: Sequence[str],
    known: Mapping[str, Sequence[str]] | None = None,
    separator: str = ",",
) -> Table:
    """Read a delimited file that must have these columns, in any order.

    A byte order mark is stripped and reported. Raises CaudalError, naming the line, on an empty
    file, other encodings, a wrong header (saying which publication of `known` it looks like),
    rows with too few or too many cells.
    """
    raw = read_bytes(path)
    had_bom = raw.startswith(BOM)
    try:
        text = raw.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        raise CaudalError(
            f"{path}:{line}", "a byte that is not UTF-8 (Latin-1?)", "text in UTF-8"
        ) from problem
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    lines: list[int] = []
    header: list[str] | None = None
    for row in reader:
        if not row:
            continue
        cells = [cell.strip() for cell in row]
        if header is None:
            header = cells
            _check_header(path, header, columns, known or {})
            continue
        if len(cells) != len(header):
            raise CaudalError(
                f"{path}:{reader.line_num}",
                f"{len(cells)} cells where the header has {len(header)} (cut short?)",
                "whole rows",
            )
        rows.append(cells)
        lines.append(reader.line_num)
    if header is None or not rows:
        raise CaudalError(str(path), "no rows", "a header and at least one row")
    return Table(pd.DataFrame(rows, columns=header), had_bom, tuple(lines))


def _check_header(
    path: Path, found: list[str], wanted: Sequence[str], known: Mapping[str, Sequence[str]]
) -> None:
    if sorted(found) == sorted(wanted):
        return
    other = looks_like(found, known)
    if not other and len(found) == 1:  # another separator: still say which publication it is
        other = next((n for s in "|;\t," if (n := looks_like(found[0].split(s), known))), "")
    if other:
        raise CaudalError(f"{path}:1", f"this looks like {other}", f"columns {', '.join(wanted)}")
    missing = [c for c in wanted if c not in found]
    extra = [c for c in found if c not in wanted]
    twice = sorted({c for c in found if found.count(c) > 1})
    parts = [
        f"no column {', '.join(map(repr, missing))}" if missing else "",
        f"unknown column {', '.join(map(repr, extra))}" if extra else "",
        f"column {', '.join(map(repr, twice))} twice" if twice else "",
    ]
    raise CaudalError(
        f"{path}:1",
        "wrong header: " + ", ".join(p for p in parts if p),
        f"columns {', '.join(wanted)}",
    )
