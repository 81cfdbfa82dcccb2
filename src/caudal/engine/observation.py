"""A count as a run would show it, and what it may teach.

A Block ties one kind of published count to the weather that it informs. Counts
meet the run on a working scale (mostly logs), where their errors are about normal. What a block
does not name, its counts cannot move: that is the localisation of learning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Block:
    """One kind of count, cell by cell (a cell is what is learned on its own: a nationality, say).

    predict   tallies of a month, (place, group, member) by name → (cell, count, member)
    observe   counts of a month by name → values and error sd, both (cell, count); NaN = not counted
    weather   weather name → number of values per cell; its array is read as (cell, values, member)
    shared    weather of all cells together → number of values; it is learned along with theirs
    """

    name: str
    predict: Callable[[Arrays], np.ndarray]
    observe: Callable[[Arrays], tuple[np.ndarray, np.ndarray]]
    weather: Mapping[str, int]
    shared: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """A published series that bears on constants directly, whatever the weather.

    constants  names of parameters; of one with axes, every value is learned on its own
    predict    months of a run (`state.Months`) → (cell, time, member), on a working scale
    observe    what was published, (cell, time) on that scale; NaN where it was not
    error      sd of what the model may be apart from it (its own fault included), on that scale
    lasting    correlation of that fault over the times of a cell: a model errs the same way again
    """

    name: str
    constants: tuple[str, ...]
    predict: Callable[[Any], np.ndarray]
    observe: Callable[[], np.ndarray]
    error: float
    lasting: float


@dataclass(frozen=True)
class Predictand:
    """What a forecast is of: published monthly counts that a run gives too, cell by cell.

    labels   names of the cells; unit: of the counts
    dispersion  sd of the log of a month's count about the run's number, beyond the scatter of counts
    counts   whether they are events that scatter as counts do, and not a mean of a stock
    predict  tallies of a month, (place, group, member) by name → (cell, member)
    observe  counts by name, (month, ...) → (month, cell); NaN where not counted
    series   in which the counts are published
    """

    name: str
    labels: tuple[str, ...]
    unit: str
    series: str
    predict: Callable[[Arrays], np.ndarray]
    observe: Callable[[Arrays], np.ndarray]
    dispersion: float = 0.0
    counts: bool = True
