"""A count as a run would show it, and what it may teach.

A Block ties one kind of published count to the weather that it informs. Counts
meet the run on a working scale (mostly logs), where their errors are about normal. What a block
does not name, its counts cannot move: that is the localisation of learning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Block:
    """One kind of count, cell by cell (a cell is what is learned on its own: a nationality, say).

    predict   tallies of a month, (place, group, member) by name → (cell, count, member)
    observe   counts of a month by name → values and error sd, both (cell, count); NaN = not counted
    weather   weather name → number of values per cell; its array is read as (cell, values, member)
    """

    name: str
    predict: Callable[[Arrays], np.ndarray]
    observe: Callable[[Arrays], tuple[np.ndarray, np.ndarray]]
    weather: Mapping[str, int]
