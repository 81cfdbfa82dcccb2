"""The long parts of a backtest: constants learned at an origin, and a pass from origins in a row.

Parts that do not wait for one another are items of one work, on any engine (`compute.engines`). Each
that is finished is kept as a file by whoever asked, named after all that it rests on: a backtest that
was stopped goes on from there. A pass is not cut into its origins: each needs the history up to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from caudal.compute.content import Corridor
from caudal.compute.engines import Engine
from caudal.compute.engines.work import Tick
from caudal.compute.forcing import month_ends
from caudal.compute.store import keep, read_kept
from caudal.engine.priors import Prior
from caudal.forecast.hindcast import hindcast, lateness
from caudal.forecast.vintage import Mode, Vintage
from caudal.learn.fit import first_counted, learn_constants, rests_on
from caudal.learn.smoother import Arrays, Settings

HORIZONS = 12
MODES: tuple[Mode, ...] = ("blind", "aware")

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Constants:
    """Posterior of the constants, from what was published at an origin.

    names  which may differ, in this order; None: all
    """

    origin: int
    names: tuple[str, ...] | None = None
    kind: ClassVar[str] = "constants"

    @property
    def months(self) -> int:
        """Of the history that it goes through."""
        return self.origin + 1

    def key(self) -> dict[str, Any]:
        """What it is told by, besides `rests_on_all`."""
        return {"origin": self.origin, "names": sorted(self.names or ())}

    def make(self, corridor: Corridor, settings: Settings, tick: Tick) -> Arrays:
        """`Moved` as arrays."""
        vintage = Vintage(corridor, self.origin + 2)
        counts = vintage.counts(self.origin)
        whole = corridor.observed(counts.start, vintage.ends()[-1])
        return learn_constants(
            corridor, known_priors(corridor, self.origin), vintage.history(self.origin + 1), counts,
            (first_counted(counts), self.origin + 1), settings, names=self.names, targets=False,
            late=lateness(counts, whole, self.origin), progress=lambda *_: tick(),
        ).arrays()  # fmt: skip


@dataclass(frozen=True)
class Origins:
    """Forecasts in all modes from months first … last; z: positions of constants (*dims, member)."""

    first: int
    last: int
    z: Arrays
    kind: ClassVar[str] = "pass"

    @property
    def months(self) -> int:
        """Of the history that it goes through."""
        return self.last + 1

    def key(self) -> dict[str, Any]:
        """What it is told by, besides `rests_on_all`."""
        return {"z": fingerprint(self.z), "origins": [self.first, self.last]}

    def make(self, corridor: Corridor, settings: Settings, tick: Tick) -> Arrays:
        """`Pass` as arrays."""
        priors = known_priors(corridor, self.first)
        origins = range(self.first, self.last + 1)
        return hindcast(
            corridor, priors, self.z, origins, HORIZONS, MODES, settings, lambda *_: tick()
        ).arrays()


@dataclass(frozen=True)
class Stages:
    """Parts of a backtest as a work: an item is a `Constants` or an `Origins`."""

    corridor: Corridor
    settings: Settings

    def ready(self) -> None:
        """Each part lays out its own history."""

    def one(self, ready: None, item: Constants | Origins, tick: Tick) -> Arrays:
        """What the part makes."""
        return item.make(self.corridor, self.settings, tick)


def finished(
    corridor: Corridor, parts: Sequence[Constants | Origins], settings: Settings, engine: Engine,
    work: Path | None, progress: Progress | None, label: str,
) -> list[Arrays]:  # fmt: skip
    """Parts that do not wait for one another, in their order: read where they are kept, or made.

    work  folder for what is finished; None: nothing is kept. Raises CaudalError where it cannot be
          written
    """
    rests = rests_on_all(corridor, settings)
    keys = [{**part.key(), **rests} for part in parts]
    made: dict[int, Arrays] = {}
    for i, (part, key) in enumerate(zip(parts, keys, strict=True)):
        there = read_kept(work, part.kind, key)
        if there is not None:
            made[i] = there
    left = [i for i in range(len(parts)) if i not in made]
    steps = max((parts[i].months for i in left), default=1)
    results = engine.map(
        Stages(corridor, settings), [parts[i] for i in left], steps=steps,
        progress=telling(progress, label),
    )  # fmt: skip
    for number, arrays in results:
        i = left[number]
        keep(work, parts[i].kind, keys[i], arrays)
        made[i] = arrays
    return [made[i] for i in range(len(parts))]


def known_priors(corridor: Corridor, month: int) -> dict[str, Prior]:
    """Priors as known at a month's end."""
    day = month_ends(corridor.begins, month + 1)[-1]
    return {name: prior.as_known(day) for name, prior in corridor.priors.items()}


def prior_positions(corridor: Corridor, month: int, settings: Settings) -> Arrays:
    """Positions of the constants drawn from those priors, (*dims, member)."""
    given = known_priors(corridor, month).items()
    return {k: np.moveaxis(p.positions(settings.members, settings.seed), 0, -1) for k, p in given}


def warm_up_parts(corridor: Corridor, first: int, months: int, settings: Settings) -> list[Origins]:
    """Passes of a year each over the months before `first`, as far as there are counts to learn from.

    Constants are drawn from the priors known at a pass's first origin.
    """
    whole = corridor.observed(corridor.begins, date(2100, 1, 1))
    begins = max(first - months, first_counted(whole) + 12, whole.first("nationality_unit"))
    return [
        Origins(start, min(start + 12, first) - 1, prior_positions(corridor, start, settings))
        for start in range(begins, first, 12)
    ]


def rests_on_all(corridor: Corridor, settings: Settings) -> dict[str, Any]:
    """All that decides a pass: data, model, learning, this code, settings."""
    digest = hashlib.sha256()
    for name in ("hindcast.py", "vintage.py"):
        digest.update(Path(__file__).with_name(name).read_bytes())
    return {**rests_on(corridor, settings), "forecast": digest.hexdigest()[:12]}


def fingerprint(z: Mapping[str, np.ndarray]) -> str:
    """A short hash of positions of constants."""
    digest = hashlib.sha256()
    for name in sorted(z):
        digest.update(name.encode() + np.asarray(z[name], np.float32).tobytes())
    return digest.hexdigest()[:12]


def telling(progress: Progress | None, label: str) -> Callable[[int, int], None]:
    """The progress of one stage, told under its label."""

    def tell(done: int, of: int) -> None:
        if progress is not None:
            progress(label, done, of)

    return tell
