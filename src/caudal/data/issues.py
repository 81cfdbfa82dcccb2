"""What is wrong with published numbers: named, with the rows it touches, never repaired."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd

ISSUE_NAMES = (
    "missing",
    "revised",
    "rounded",
    "duplicated",
    "inconsistent",
    "byte_order_mark",
)


@dataclass(frozen=True)
class Issue:
    """One known fault of a table.

    name     one of ISSUE_NAMES
    mask     boolean Series on the table's index: the rows it touches (all False: rows that are
             absent, or the file as a whole)
    meaning  what a reader of the numbers must know, one sentence
    """

    name: str
    mask: pd.Series
    meaning: str

    def __post_init__(self) -> None:
        if self.name not in ISSUE_NAMES:
            raise ValueError(f"issue {self.name!r} is none of {ISSUE_NAMES}")


@dataclass(frozen=True)
class Reading:
    """What a reader returns: a tidy frame and the issues found, masks aligned on its index."""

    frame: pd.DataFrame
    issues: tuple[Issue, ...] = field(default=())


def to_ranges(mask: pd.Series) -> list[list[int]]:
    """Row numbers where the mask is true, as half-open ranges.

    >>> to_ranges(pd.Series([True, True, False, True]))
    [[0, 2], [3, 4]]
    """
    flags = np.concatenate(([False], mask.to_numpy(bool), [False]))
    edges = np.flatnonzero(flags[1:] != flags[:-1])
    return [[int(a), int(b)] for a, b in pairwise(edges)][::2]


def from_ranges(ranges: list[list[int]], length: int) -> pd.Series:
    """The boolean mask that `to_ranges` wrote down.

    >>> from_ranges([[0, 2], [3, 4]], 4).tolist()
    [True, True, False, True]
    """
    flags = np.zeros(length, bool)
    for start, end in ranges:
        flags[start:end] = True
    return pd.Series(flags)
