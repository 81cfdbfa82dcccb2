"""Stand-ins for what was learned, so that tests of runs do not depend on the shipped draws."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from caudal.compute.posterior import Posterior, save
from caudal.corridor import Corridor

MONTHS = 95
"""Counted months since July 2017: to May 2025."""


def made_up(draws: int = 8, seed: int = 11, months: int = MONTHS) -> Posterior:
    """Draws from the priors under a calm sky: no weather in the past, its usual spread ahead."""
    corridor = Corridor()
    shapes = {
        w.name: corridor.model.shape(w.dims) for m in corridor.model.mechanisms for w in m.weather
    }
    return Posterior(
        z={
            k: np.moveaxis(v.positions(draws, seed), 0, -1).astype(np.float32)
            for k, v in corridor.priors.items()
        },
        weather={k: np.zeros((months, *s, draws), np.float32) for k, s in shapes.items()},
        mean={k: np.zeros((*s, draws), np.float32) for k, s in shapes.items()},
        sd={
            k: np.full(shapes[k], 0.2, np.float32)
            for k, process in corridor.processes.items()
            if process.adaptive
        },
        seed=5,
        months=months,
        about={"made": "up"},
    )


def corridor_with(folder: Path, posterior: Posterior | None = None) -> Corridor:
    """The corridor, its draws replaced by made-up ones stored in `folder`."""
    path = folder / "draws.npz"
    save(posterior or made_up(), path)
    return replace(Corridor(), posterior=path)
