"""Constants from series that speak of them directly: stocks, waits, yearly counts.

Weather cannot take these up, for none is named by them. With ŷ(z) what a run with constants z shows
of a series, and y what was published,

    p(y | z) ∝ N((ŷ(z) − y) / error; 0, C),   C = (1 − lasting) 1 + lasting within a cell,

which is the problem of `constants` with residuals in place of innovations: the same regression
over the ensemble, the same rule by which a slope must stand out of its noise.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caudal.compute.run import side_by_side
from caudal.engine.observation import Target
from caudal.engine.simulate import Months, Simulator
from caudal.learn.constants import Moved, redraw, weigh
from caudal.learn.smoother import Smoother

Arrays = dict[str, np.ndarray]


def learn_targets(
    smoother: Smoother, targets: Sequence[Target], months: int, z: Arrays
) -> tuple[Arrays, dict[str, Moved]]:
    """Posterior positions of the targets' constants; `z` gives (and keeps) those of all others.

    smoother  of a history with constants from their priors; its first `months` months are run
    """
    runs = _history(smoother, months)
    keep = next(iter(z.values())).shape[-1]
    z, moved = dict(z), {}
    for target in targets:
        before, places = _rows(smoother.z, target.constants)
        predicted, seen = target.predict(runs), target.observe()
        residual = (predicted - seen[..., None]) / target.error
        cells = [cell[~np.isnan(cell).any(-1)] for cell in residual]
        part = weigh(
            np.stack(list(before.values())),
            [c for c in cells if len(c)],
            list(before),
            target.lasting,
        )
        moved[target.name] = part
        after = redraw({name: row[:keep] for name, row in before.items()}, part)
        for name in target.constants:
            shape = z[name].shape
            z[name] = np.stack([after[row] for row in places[name]]).reshape(shape)
    return z, moved


def _rows(z: Arrays, constants: Sequence[str]) -> tuple[Arrays, dict[str, list[str]]]:
    """Each single value's positions by a name of its own, and those names by constant."""
    rows: Arrays = {}
    places: dict[str, list[str]] = {}
    for name in constants:
        flat = z[name].reshape(-1, z[name].shape[-1])
        places[name] = [name] if len(flat) == 1 else [f"{name}[{i}]" for i in range(len(flat))]
        rows |= dict(zip(places[name], flat, strict=True))
    return rows, places


def _history(smoother: Smoother, months: int) -> Months:
    """The learned history run once more, whole, member last."""
    simulator = Simulator(smoother.model, months=12)
    size = smoother.settings.chunk
    until = sum(smoother.forcing.months[months - 1])
    parts = []
    for first in range(0, len(smoother.members), size):
        chunk = smoother.chunk(smoother.members[first : first + size])
        state = simulator.start(len(chunk.numbers), list(smoother.forcing.rules), chunk.p)
        _, out = simulator.advance(state, chunk, smoother.forcing, until, smoother.settings.seed)
        parts.append(out)
    return side_by_side(parts)
