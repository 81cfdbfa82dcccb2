"""The graph as tables of integers, as the compiled step (`kernel`) goes through it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from caudal.engine import book
from caudal.engine.graph import Model, Path


@dataclass(frozen=True)
class Tables:
    """The graph as integers.

    factors  names of the hazards and shares, in the order in which they are handed over
    first    links of row r are first[r]:first[r + 1]; the row after the last is outside
    link     (path, edge, target row) of each link
    of       factors of path p are factor[of[p]:of[p + 1]]
    become   the group that each group becomes on each path, or −1 first where none changes
    counts   counts of path p are count[counts[p]:counts[p + 1]]
    count    (first cell, cells from place to place, cells from group to group) of each
    stocks   (row, first cell, cells from group to group) of each row that a tally of stocks counts
    """

    factors: tuple[str, ...]
    first: np.ndarray
    link: np.ndarray
    of: np.ndarray
    factor: np.ndarray
    become: np.ndarray
    counts: np.ndarray
    count: np.ndarray
    stocks: np.ndarray

    @staticmethod
    def of_model(model: Model) -> Tables:
        """The tables of a model."""
        paths = (*model.paths, *model.departures)
        names = tuple(dict.fromkeys(n for p in paths for n in p.factors))
        links = [
            (row if row >= 0 else model.n_rows, i, e, to)
            for i, p in enumerate(paths)
            for e, (row, to) in enumerate(zip(p.source_rows, p.target_rows, strict=True))
        ]
        links.sort(key=lambda link: link[0])
        same = [-1] * model.groups
        events = book.events(model)
        counts = [_counts(model, events, p) for p in paths]
        return Tables(
            names,
            _starts([sum(x[0] == r for x in links) for r in range(model.n_rows + 1)]),
            _table([x[1:] for x in links], 3),
            _starts([len(p.factors) for p in paths]),
            np.array([names.index(n) for p in paths for n in p.factors], np.int32),
            _table([p.regroup or same for p in paths], model.groups),
            _starts([len(c) for c in counts]),
            _table([c for each in counts for c in each], 3),
            _table(_stocks(model), 3),
        )


def _counts(model: Model, events: book.Book, path: Path) -> list[tuple[int, int, int]]:
    kept = [t for t in model.tallies if t.name in events.blocks and path.counts(t.of)]
    return [
        (at, shape[1] if "place" in t.keep else 0, int("group" in t.keep))
        for t in kept
        for at, shape in [events.blocks[t.name]]
    ]


def _stocks(model: Model) -> list[tuple[int, int, int]]:
    blocks, out = book.tallies(model).blocks, []
    for tally in model.tallies:
        if book.of_stocks(model, tally):
            at, shape = blocks[tally.name]
            wide = shape[1] if "place" in tally.keep else 0
            for stock in tally.of:
                here = model.rows[stock]
                out += [
                    (row, at + wide * i, int("group" in tally.keep))
                    for i, row in enumerate(range(here.start, here.stop))
                ]
    return out


def _starts(lengths: list[int]) -> np.ndarray:
    return np.cumsum([0, *lengths]).astype(np.int32)


def _table(rows: list[Any], width: int) -> np.ndarray:
    return np.array(rows, np.int32).reshape(-1, width)
