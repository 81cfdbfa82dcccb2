"""Forecasts from the past: at each origin the corridor is run on from what could be known then.

One pass goes through the history once, taking in each month's counts as they were published, and
from each of its origins runs every member on, blind and with the later calendar of policies.
Constants are given, and do not change within a pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from caudal.compute.content import Corridor
from caudal.engine.priors import Prior
from caudal.forecast.vintage import Mode, Vintage
from caudal.learn.fit import first_counted, spread
from caudal.learn.smoother import Arrays, Settings, Smoother

FITTED = 3
"""Months up to the origin whose fitted counts are kept."""


@dataclass(frozen=True)
class Pass:
    """What one pass said, counts by predictand on the natural scale.

    origins  last counted month of each forecast, months since the corridor begins, (origin,)
    fitted   predictand → (origin, month back, cell, member): the origin's month, the one before …
    ahead    mode → predictand → (origin, horizon, cell, member)
    still    the same without shocks ahead, median of members: (origin, horizon, cell)
    """

    origins: np.ndarray
    fitted: Arrays
    ahead: dict[Mode, Arrays]
    still: dict[Mode, Arrays]

    def arrays(self) -> Arrays:
        """All as flat names, for a file."""
        out = {"origins": self.origins, **{f"fitted/{k}": v for k, v in self.fitted.items()}}
        for part in ("ahead", "still"):
            for mode, by_name in getattr(self, part).items():
                out |= {f"{part}/{mode}/{k}": v for k, v in by_name.items()}
        return out

    @staticmethod
    def of(arrays: Mapping[str, np.ndarray]) -> Pass:
        """From such flat names."""
        fitted: Arrays = {}
        parts: dict[str, dict[Any, Arrays]] = {"ahead": {}, "still": {}}
        for key, value in arrays.items():
            if key.startswith("fitted/"):
                fitted[key.removeprefix("fitted/")] = value
            elif key != "origins":
                part, mode, name = key.split("/")
                parts[part].setdefault(mode, {})[name] = value
        return Pass(np.asarray(arrays["origins"]), fitted, parts["ahead"], parts["still"])

    @staticmethod
    def joined(parts: Sequence[Pass]) -> Pass:
        """Passes that follow one another, as one."""

        def join(pick: Callable[[Pass], Arrays]) -> Arrays:
            return {k: np.concatenate([pick(p)[k] for p in parts]) for k in pick(parts[0])}

        modes = list(parts[0].ahead)
        return Pass(
            np.concatenate([p.origins for p in parts]),
            join(lambda p: p.fitted),
            {m: join(lambda p, m=m: p.ahead[m]) for m in modes},
            {m: join(lambda p, m=m: p.still[m]) for m in modes},
        )


def hindcast(
    corridor: Corridor,
    priors: Mapping[str, Prior],
    z: Arrays,
    origins: Sequence[int],
    horizons: int,
    modes: Sequence[Mode],
    settings: Settings,
    progress: Callable[[int, int], None] | None = None,
) -> Pass:
    """One pass: from each of the `origins` (months in a row), `horizons` months ahead.

    z  positions of the constants (*dims, member), learned on counts before the first origin
    """
    first, last = min(origins), max(origins)
    vintage = Vintage(corridor, last + 1 + horizons)
    known = vintage.counts(last)
    late = lateness(known, corridor.observed(known.start, vintage.ends()[-1]), last)
    sizes = spread(corridor, known, settings)
    smoother = Smoother(corridor, vintage.history(last + 1), settings, priors=priors, z=z)
    outcomes = corridor.predictands()
    fitted: list[Arrays] = []
    ahead: dict[Mode, list[Arrays]] = {mode: [] for mode in modes}
    still: dict[Mode, list[Arrays]] = {mode: [] for mode in modes}

    def told(months: list[Arrays]) -> Arrays:
        return {
            o.name: np.stack([o.predict(t) for t in months]).astype(np.float32) for o in outcomes
        }

    def after(month: int, here: Smoother) -> None:
        if month < first:
            return
        for number, mode in enumerate(modes):
            outside = vintage.outside(month, mode)
            past, months = here.ahead(outside, month + 1, sizes(month + 1), horizons)
            if number == 0:
                fitted.append(told(past[::-1][:FITTED]))
            ahead[mode].append(told(months))
            quiet = told(here.ahead(outside, month + 1, sizes(month + 1), horizons, still=True)[1])
            still[mode].append({name: np.median(v, -1) for name, v in quiet.items()})

    smoother.run(
        known, first_counted(known), last + 1, sizes, after=after, progress=progress, late=late
    )

    def stacked(parts: list[Arrays]) -> Arrays:
        return {name: np.stack([p[name] for p in parts]) for name in parts[0]}

    return Pass(
        np.arange(first, last + 1),
        stacked(fitted),
        {mode: stacked(v) for mode, v in ahead.items()},
        {mode: stacked(v) for mode, v in still.items()},
    )


def lateness(known: Any, whole: Any, month: int) -> dict[str, int]:
    """How many months later than those of the origin `month` each count is published."""
    out = {}
    for name, values in whole.arrays.items():
        there = ~np.isnan(values[: month + 1]).reshape(month + 1, -1).all(1)
        held = ~np.isnan(known.arrays[name][: month + 1]).reshape(month + 1, -1).all(1)
        out[name] = int((there & ~held).sum())
    return out
