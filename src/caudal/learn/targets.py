"""What series that speak of constants directly leave over: stocks, waits, yearly counts.

Weather cannot take these up, for none is named by them. They enter `constants` as residuals of their
own, (ŷ − y) / error, whose errors last over the times of a cell: a model errs the same way again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from caudal.engine.observation import Target
from caudal.engine.simulate import Months, Simulator
from caudal.learn.constants import Evidence
from caudal.learn.smoother import Smoother


def spoken_of(
    smoother: Smoother, targets: Sequence[Target], months: int, cells: int
) -> list[Evidence]:
    """Residuals of each target in the smoother's histories, whose first `months` months are run.

    cells  how many values stand apart along the axis by which constants are learned cell by cell
    """
    parts: list[list[np.ndarray]] = [[] for _ in targets]
    for run in _histories(smoother, months):
        for predicted, target in zip(parts, targets, strict=True):
            predicted.append(target.predict(run))
    out = []
    for predicted, target in zip(parts, targets, strict=True):
        values = (np.concatenate(predicted, -1) - target.observe()[..., None]) / target.error
        own = np.arange(cells) if len(values) == cells else np.full(len(values), -1)
        out.append(Evidence(target.name, values, own, lasting=target.lasting))
    return out


def _histories(smoother: Smoother, months: int) -> Iterator[Months]:
    """The learned history run once more, whole, a chunk of members at a time."""
    simulator = Simulator(smoother.model, months=12)
    size = smoother.settings.chunk
    until = sum(smoother.forcing.months[months - 1])
    for first in range(0, len(smoother.members), size):
        chunk = smoother.chunk(smoother.members[first : first + size])
        state = simulator.start(len(chunk.numbers), list(smoother.forcing.rules), chunk.p)
        _, out = simulator.advance(state, chunk, smoother.forcing, until, smoother.settings.seed)
        yield out
