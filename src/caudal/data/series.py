"""The declaration of a series: how it is read, what its rows mean, where it comes from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from caudal.data.issues import Issue, Reading
from caudal.data.vintage import Provenance
from caudal.errors import CaudalError


@dataclass(frozen=True)
class Series:
    """One series and the reader of its publication.

    id        dotted identifier
    read      path of one official file → tidy rows and issues
    files     raw files below the raw folder, newest first: the first that has a period counts
    keys      columns that name a cell; the first is the time column
    values    columns of numbers
    about     publisher, title, definition, …: Provenance without read_on and hashes
    """

    id: str
    read: Callable[[Path], Reading]
    files: tuple[str, ...]
    keys: tuple[str, ...]
    values: tuple[str, ...]
    about: Provenance

    @property
    def time(self) -> str:
        """The time column: month, date, year or fiscal_year (of a timeless one the first key)."""
        return self.keys[0]


def read_all(series: Series, paths: Sequence[Path]) -> Reading:
    """Read the files of one series, each period from the first file that has it."""
    readings = [series.read(path) for path in paths]
    merged = readings[-1]
    for reading in reversed(readings[:-1]):
        merged = overlay(merged, reading, series)
    return merged


def overlay(old: Reading, new: Reading, series: Series) -> Reading:
    """Rows of `new`, and those of `old` for periods that `new` does not hold; masks follow rows."""
    periods = set(new.frame[series.time])
    kept = ~old.frame[series.time].isin(periods)
    stacked = pd.concat([old.frame[kept], new.frame], ignore_index=True)
    order = stacked.sort_values(list(series.keys), kind="stable").index
    frame = stacked.loc[order].reset_index(drop=True)
    issues: dict[tuple[str, str], pd.Series] = {}
    for part, reading in enumerate((old, new)):
        for issue in reading.issues:
            mine = issue.mask[kept] if part == 0 else issue.mask
            flags = pd.Series(False, index=stacked.index)
            start = 0 if part == 0 else int(kept.sum())
            flags.iloc[start : start + len(mine)] = mine.to_numpy(bool)
            flags = flags.loc[order].reset_index(drop=True)
            key = (issue.name, issue.meaning)
            issues[key] = issues[key] | flags if key in issues else flags
    return Reading(frame, tuple(Issue(n, m, t) for (n, t), m in issues.items()))


def sha256(path: Path) -> str:
    """The file's SHA-256, in hexadecimal."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as problem:
        raise CaudalError(
            str(path), (problem.strerror or "unreadable").lower(), "a readable file"
        ) from problem
