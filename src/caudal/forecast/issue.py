"""A forecast issued today: from the latest counts, with what past forecasts have taught.

Every learned draw is run on (`onward`), and each series is continued from its own last count
(`correct`): a month that has encounters but no Darién count yet is a nowcast. Horizons count from the
origin, the last month that the draws have learned from; those of a nowcast are zero or less. Months
that a series has counted already are not forecast. What is promised of the numbers: docs/forecast.md.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from caudal.compute.asked import MOST_MONTHS_AHEAD, fits, in_range, not_learned
from caudal.compute.engines import Workers
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.posterior import Posterior, load
from caudal.compute.run import MOST_MEMBERS, Runnable
from caudal.compute.store import file_hash, run_id, versions
from caudal.engine.observation import Predictand
from caudal.engine.simulate import Forcing
from caudal.errors import CaudalError
from caudal.forecast import correct
from caudal.forecast.correct import Correction
from caudal.forecast.issued import Forecast
from caudal.forecast.onward import Onward, onward
from caudal.policy.scenario import Scenario

Arrays = dict[str, np.ndarray]


def issue(
    corridor: Runnable,
    *,
    months: int = 12,
    members: int = 200,
    seed: int = 0,
    scenario: str = "baseline",
    corrections: Mapping[str, Correction] | None = None,
    today: date | None = None,
    workers: Workers = 2,
    progress: Callable[[int, int], None] | None = None,
) -> Forecast:
    """Forecast every predictand `months` months beyond the origin.

    scenario     one that changes nothing up to the origin: what never was cannot be continued from
                 counts
    corrections  predictand → what its past forecasts have taught; one without stands as the runs do
    today        day of issue
    workers      how many, or an engine; nothing but the time depends on it

    What was never counted, or is counted beyond the last month asked for, is left out.

    Raises CaudalError for a number out of range, an unknown scenario or one that changes the past, and
    draws that cannot be used. Warns of parameters that were not learned, and of counts newer than the
    draws.
    """
    in_range("--months", months, 1, MOST_MONTHS_AHEAD)
    in_range("--members", members, 1, MOST_MEMBERS)
    in_range("--seed", seed, 0, 2**31 - 1)
    document = corridor.scenario(scenario)
    posterior = _learned(corridor)
    origin = posterior.months - 1
    end = month_ends(corridor.begins, origin + 1 + months)[-1]
    outside = _outside(corridor, document, end, posterior.months)
    runs = onward(corridor, posterior, outside, members, seed, workers, progress)
    observed = corridor.observed(corridor.begins, end)
    predictands = tuple(corridor.predictands())
    counts = {p.name: p.observe(observed.arrays) for p in predictands}
    last = {k: int(np.flatnonzero(_counted(v))[-1]) for k, v in counts.items() if _counted(v).any()}
    _warn_of_newer(last, origin, corridor.begins)
    corrections = corrections or {}
    draws = {
        p.name: _continued(
            p, runs, counts[p.name], last[p.name], origin, corrections.get(p.name), seed
        )
        for p in predictands
        if last.get(p.name, origin + months) < origin + months
    }
    bare = sorted(draws.keys() - corrections.keys())
    if bare:
        told = f"not corrected by past forecasts, as none are shipped: {', '.join(bare)}"
        warnings.warn(told, stacklevel=2)
    inputs = {
        "scenario": document.as_yaml(),
        "law": document.law(corridor.law).fingerprint(),
        "months": months,
        "members": members,
        "seed": seed,
        "posterior": file_hash(corridor.posterior),
        **versions(corridor),
        "corrections": {k: repr(v) for k, v in sorted(corrections.items())},
    }
    known = [e.known_on for d in corridor.law.documents for _, _, e in d.entries()]
    origin_date = month_ends(corridor.begins, origin + 1)[-1] - timedelta(days=1)
    about = {
        "id": run_id(inputs),
        "corridor": corridor.name,
        "issued_on": f"{today or date.today():%Y-%m-%d}",
        "origin": f"{origin_date:%Y-%m}",
        "origin_date": f"{origin_date}",
        "scenario": scenario,
        "law_known_until": f"{max(known)}",
        **{k: inputs[k] for k in ("months", "members", "seed", "data_vintage", "code_version")},
        "corrected": sorted(corrections.keys() & draws.keys()),
        "command": f"caudal {f'--corridor {corridor.address} ' if corridor.address else ''}forecast"
        f" --months {months} --members {members} --seed {seed}"
        + (f" --scenario {scenario}" if scenario != "baseline" else ""),
    }
    there = tuple(p for p in predictands if p.name in draws)
    return Forecast(there, corridor.begins, origin, last, draws, counts, about,
                    corridor.folder / "series")  # fmt: skip


def _learned(corridor: Runnable) -> Posterior:
    learned = load(corridor.posterior)
    fits(corridor, learned)
    posterior, new = learned.completed(corridor.priors)
    if new:
        warnings.warn(not_learned(new), stacklevel=3)
    return posterior


def _outside(corridor: Runnable, document: Scenario, end: date, counted: int) -> Forcing:
    """Law and drivers of the scenario, refused where they differ from history before the origin."""
    made = forcing(corridor, document.law(corridor.law), end, changes=document.drivers)
    allowed = "one that changes nothing before; `caudal run` takes any"
    if document.parameters:
        raise CaudalError(f"--scenario {document.name}", "it sets parameters", allowed)
    if document.policies or document.drivers:
        turn = sum(made.months[counted - 1])
        base = forcing(corridor, corridor.law, end)
        for part in ("law", "announced", "on", "rules", "driver"):
            for name, there in _flat(getattr(base, part)).items():
                here = _flat(getattr(made, part)).get(name)
                if here is None or not np.array_equal(here[:turn], there[:turn]):
                    origin = month_ends(corridor.begins, counted)[-1]
                    found = f"it changes {name} before {origin:%Y-%m}, and no count followed that"
                    raise CaudalError(f"--scenario {document.name}", found, allowed)
    return made


def _flat(arrays: Mapping[str, Any]) -> dict[str, np.ndarray]:
    out = {}
    for name, value in arrays.items():
        inner = {k: v for k, v in value.items()} if isinstance(value, Mapping) else None
        out |= {name: value} if inner is None else {f"{name} {k}": v for k, v in inner.items()}
    return out


def _counted(counts: np.ndarray) -> np.ndarray:
    """Which months are counted in every cell, (month,)."""
    return np.asarray(~np.isnan(counts).any(1))


def _warn_of_newer(last: Mapping[str, int], origin: int, begins: date) -> None:
    newer = sorted(name for name, number in last.items() if number > origin)
    if newer:
        month = month_ends(begins, origin + 1)[-1] - timedelta(days=1)
        warnings.warn(
            f"counts newer than the learned draws ({', '.join(newer)}): the draws know those up to "
            f"{month:%Y-%m}; `caudal fit` learns from all",
            stacklevel=3,
        )


def _continued(
    p: Predictand, runs: Onward, counts: np.ndarray, last: int, origin: int,
    by: Correction | None, seed: int,
) -> np.ndarray:  # fmt: skip
    """Draws of a predictand from the month after its last count, (cell, horizon, draw), log1p."""
    past, ahead, still = runs.past[p.name], runs.ahead[p.name], runs.still[p.name]
    every = np.arange(ahead.shape[-1]) % past.shape[-1]
    # a series that lags is continued from where it ends: what the runs say of the months between
    # stands before what they say of those ahead
    members = np.concatenate([past[last + 1 : origin + 1][..., every], ahead])
    middles = np.concatenate([np.median(past[last + 1 : origin + 1], -1), still])
    skip = max(0, last - origin)
    run = correct.read(p, members[None], middles[None], past[min(last, origin)][None], seed)
    kinds = correct.size_classes(counts[: last + 1][-correct.WINDOW :])
    at = correct.g(counts[min(last, origin)])[None]
    if by is None:
        by = Correction(0.0, 1.0, np.ones((int(kinds.max()) + 1, len(members))))
    return correct.apply(run, at, kinds, by)[0][:, skip:]
