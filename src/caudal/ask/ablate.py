"""Ablate: what changes when one mechanism does nothing, all else as it was.

Each mechanism in turn is given its `off` values; draws, weather and chance stay the same, so that a
difference is that mechanism's doing. This is no estimate of what a mechanism explains: what was
learned with it on is not learned anew (attribution does that with switched counterfactuals).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from caudal.compute.run import Result, Runnable, simulate
from caudal.errors import CaudalError

Progress = Callable[[int, int], None]

CONSERVED = 1e-5
"""How far the people of a run may be apart from those who set out, of single precision's sums."""


@dataclass(frozen=True)
class Ablated:
    """One mechanism off.

    changes    variable → median over members of (off − on) / on, of the run's total or mean
    conserved  largest |people in the run / people who set out − 1| over members; None where no tally
               of the model counts all who set out, and nothing else
    """

    mechanism: str
    changes: Mapping[str, float]
    conserved: float | None

    @property
    def ok(self) -> bool:
        """The run ended with finite figures and nobody lost."""
        kept = self.conserved is None or self.conserved < CONSERVED
        return kept and bool(np.isfinite(list(self.changes.values())).all())


def ablate(
    corridor: Runnable,
    mechanisms: Sequence[str] | None = None,
    *,
    members: int = 16,
    end: str | None = None,
    workers: int = 2,
    progress: Progress | None = None,
) -> list[Ablated]:
    """Run the baseline, then each mechanism (default: all) with its `off` values.

    end  first month no longer run, "2021-01"; default: the last count
    Raises CaudalError for an unknown mechanism or one that has no `off` values.
    """
    names = list(mechanisms or (m.name for m in corridor.model.mechanisms))
    for name in names:
        if not corridor.model.mechanism(name).off:
            raise CaudalError(f"mechanism {name!r}", "has no `off` values", "one that can be off")
    done = 0

    def run(off: str) -> Result:
        nonlocal done
        scenario = replace(corridor.scenario("baseline"), horizon=0)
        result = simulate(corridor, scenario, members=members, end=end, workers=workers, off=off)
        done += 1
        if progress is not None:
            progress(done, len(names) + 1)
        return result

    base = totals(run("").dataset())
    out = []
    for name in names:
        result = run(name)
        out.append(Ablated(name, _changes(base, totals(result.dataset())), _lost(result)))
    return out


def totals(ds: xr.Dataset) -> dict[str, np.ndarray]:
    """Every variable by member: its mean month, other axes summed (shares and signals: their mean)."""
    out: dict[str, Any] = {}
    for name, variable in ds.data_vars.items():
        if "stock" in variable.dims:
            continue
        others = [d for d in variable.dims if d not in ("member", "month")]
        summed = variable.sum(others) if others else variable
        out[str(name)] = summed.mean("month", skipna=True).to_numpy()
    return out


def _changes(on: Mapping[str, np.ndarray], off: Mapping[str, np.ndarray]) -> dict[str, float]:
    out = {}
    for name, before in on.items():
        there = before != 0
        change = (off[name][there] - before[there]) / np.abs(before[there])
        out[name] = float(np.median(change)) if there.any() else float(np.any(off[name] != 0))
    return out


def _lost(result: Result) -> float | None:
    months, model = result.months, result.corridor.model
    setting_out = {path.flow for path in model.departures}
    counts = [t.name for t in model.tallies if set(t.of) == setting_out]
    if not counts:
        return None
    final = np.array([s.final for s in model.stocks for _ in s.places])
    people = months.people.astype(np.float64)
    there = people[-1, ~final].sum(0) + people[:, final].sum((0, 1))
    came = months.tallies[counts[0]].astype(np.float64)
    came = came.reshape(-1, came.shape[-1]).sum(0)
    return float(np.abs(there / came - 1).max())
