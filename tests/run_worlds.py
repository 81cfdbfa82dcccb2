"""Stand-ins for what was learned, so that tests of runs do not depend on the shipped draws."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from caudal.compute.posterior import Posterior, save
from caudal.corridor import Corridor
from caudal.errors import CaudalError
from caudal.policy import Law

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
        weather={k: np.zeros((months + 1, *s, draws), np.float32) for k, s in shapes.items()},
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


def random_overlays(law: Law, number: int, seed: int) -> list[dict[str, Any]]:
    """Overlays that the law accepts: a few policies out, moved in time or made weaker."""
    rng = np.random.default_rng(seed)
    ids, out = [d.id for d in law.documents], []
    while len(out) < number:
        overlay = {}
        for policy in rng.choice(ids, size=rng.integers(1, 5), replace=False):
            changes = ["off", {"shift_days": int(rng.integers(-120, 200))}, {"scale": 0.5}]
            overlay[str(policy)] = changes[rng.integers(len(changes))]
        try:
            law.overlaid(overlay)
        except CaudalError:  # two settings of one lever, or a value out of range: another draw
            continue
        out.append(overlay)
    return out


def first_day(law: Law, *policies: str) -> date:
    """The earliest day on which a policy is in force or known."""
    days = [
        day
        for policy in policies
        for _, _, entry in law[policy].entries()
        for day in (entry.day, entry.known_on)
    ]
    return min(days)
