"""How far learning and forecasts can be believed: straits of other truths, each learned anew.

    PYTHONPATH=examples python -m strait.worlds 12 examples/strait/worlds.csv

Every world has constants drawn from the prior, and weather, chance and clerks of its own. It is
counted for 48 months, learned from, and forecast for twelve more. The table has one row for each
constant and for each forecast count of a world: where the truth stood.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from caudal.compute.posterior import save
from caudal.forecast.issue import issue
from caudal.learn.fit import fit
from caudal.learn.smoother import Settings
from strait import Strait
from strait.counts import Observed
from strait.make_counts import HELD_OUT, MONTHS, played, written_down

SEED = 7
ROUNDS = 4
LEARNED = ("base", "season", "deter", "camp_days", "leave_per_day", "desk_used", "inert")


@dataclass(frozen=True)
class World(Strait):
    """The strait as one truth's clerks counted it."""

    counts: dict[str, np.ndarray] = field(default_factory=dict, compare=False)

    def observed(self, start: date, end: date, known: date | None = None) -> Observed:
        """The counts of the months that are published."""
        return Observed(self.begins, {k: v[:MONTHS] for k, v in self.counts.items()})


def truths(here: Strait, number: int) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Draws of the prior: positions (*dims, world) and the parameters that they are."""
    z = {k: np.moveaxis(p.positions(number, SEED), 0, -1) for k, p in here.priors.items()}
    p = {k: v.value(v.centre[..., None] + v.sd * z[k]) for k, v in here.priors.items()}
    return z, p


def rows(number: int, members: int = 64) -> Iterator[dict[str, Any]]:
    """One row a constant and a forecast count of each world.

    constant: truth, mean, sd on the prior's scale; score: how many posterior sd the truth is above
    count: truth, and the share of the forecast's draws below it; horizon in months
    """
    base = Strait()
    z, p = truths(base, number)
    counts = written_down(played(base, MONTHS + HELD_OUT, SEED, p), SEED)
    settings = Settings(members=members, chunk=32)
    with tempfile.TemporaryDirectory() as folder:
        for world in range(number):
            own = {k: v[..., world] for k, v in counts.items()}
            here: Any = World(posterior=Path(folder) / f"{world}.npz", counts=own)
            fitted = fit(here, settings, rounds=ROUNDS)
            save(fitted.posterior, here.posterior)
            moved = fitted.moved
            for i, name in enumerate(moved.names):
                stem, _, index = name.rstrip("]").partition("[")
                if stem not in LEARNED:
                    continue
                true = float(z[stem].reshape(-1, number)[int(index or 0), world])
                mean, sd = float(moved.mean[i]), float(moved.sd[i])
                yield {"world": world, "what": "constant", "name": name, "horizon": 0,
                       "truth": true, "mean": mean, "sd": sd, "score": (true - mean) / sd}  # fmt: skip
            told = issue(here, months=HELD_OUT, members=100)
            for one in told.predictands:
                came = one.observe({k: v[MONTHS:] for k, v in own.items()})
                draws = np.expm1(told.draws[one.name])
                for cell, label in enumerate(one.labels):
                    for h in range(HELD_OUT):
                        true = float(came[h, cell])
                        below = float((draws[cell, h] < true).mean())
                        yield {"world": world, "what": "count", "name": f"{one.name}/{label}",
                               "horizon": h + 1, "truth": true, "mean": float(draws[cell, h].mean()),
                               "sd": float(draws[cell, h].std()), "score": below}  # fmt: skip


if __name__ == "__main__":
    made = pd.DataFrame(rows(int(sys.argv[1]))).round(4)
    made.to_csv(sys.argv[2], index=False, lineterminator="\n")
