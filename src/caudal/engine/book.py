"""The books of a run: every tally and every measure in one array each, with its place in it.

One array for all tallies (cell, member) is carried, added to and emptied at once; dozens of small
ones would cost more than their arithmetic. A tally is a block of cells, place by place, group by
group; tallies of flows come first, those of stocks after them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from caudal.engine.declare import Tally
from caudal.engine.fit import tally_places
from caudal.engine.graph import Model


@dataclass(frozen=True)
class Book:
    """Blocks of one array by name: where each begins, and its shape without the member axis."""

    blocks: Mapping[str, tuple[int, tuple[int, ...]]]

    @cached_property
    def cells(self) -> int:
        """Length of the array."""
        return sum(int(np.prod(shape)) for _, shape in self.blocks.values())

    def split(self, array: Any) -> dict[str, Any]:
        """The array (cell, member) as views (*shape, member) by name."""
        return {
            name: array[at : at + int(np.prod(shape))].reshape(*shape, array.shape[-1])
            for name, (at, shape) in self.blocks.items()
        }


def events(model: Model) -> Book:
    """Tallies of flows and branches: what is counted a day."""
    return _book(model, [t for t in model.tallies if not of_stocks(model, t)])


def tallies(model: Model) -> Book:
    """Every tally: what is counted a month. Begins like `events`."""
    return _book(model, sorted(model.tallies, key=lambda t: of_stocks(model, t)))


def measures(model: Model) -> Book:
    """Every measure."""
    return _laid({name: model.shape(m.dims) for name, m in model.measures.items()})


def of_stocks(model: Model, tally: Tally) -> bool:
    """Whether a tally counts who is there, not what happens."""
    return set(tally.of) <= set(model.rows)


def _book(model: Model, kept: list[Tally]) -> Book:
    return _laid({
        t.name: (
            max(tally_places(model, t)) if "place" in t.keep else 1,
            model.groups if "group" in t.keep else 1,
        )
        for t in kept
    })  # fmt: skip


def _laid(shapes: Mapping[str, tuple[int, ...]]) -> Book:
    blocks, at = {}, 0
    for name, shape in shapes.items():
        blocks[name] = (at, shape)
        at += int(np.prod(shape))
    return Book(blocks)
