"""What everyone's chances were: a run of some members, watched day by day for one nationality.

The run is that of `caudal run`: the same draws, weather, chance and law. It goes as fast as ever up to
the month in question; from there each day's hazards are kept (`engine.watch`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from caudal.compute.asked import dates, fits, in_range, overrides
from caudal.compute.chunks import CHUNK
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.posterior import load
from caudal.compute.run import Runnable, months_between, side_by_side, simulator
from caudal.compute.run import joined as one_after_another
from caudal.engine.graph import Model
from caudal.engine.simulate import Months
from caudal.engine.watch import Chances, watch
from caudal.errors import CaudalError

MOST_MEMBERS = 96
"""Chances of that many members over a year and a half are a third of a gigabyte."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Record:
    """Chances of some groups over some months, and what the run counted in them.

    start, end  days, [start, end)
    groups      along the model's group axis, (group,): whoever changes group stays among them
    people      who was where at the start, (row, group, member)
    chances     by day since the start; months: the run's results, of all groups
    lengths     days of each month
    """

    model: Model
    start: date
    end: date
    groups: np.ndarray
    people: np.ndarray
    chances: Chances
    months: Months
    lengths: np.ndarray

    @property
    def days(self) -> int:
        """How many days were watched."""
        return len(self.chances.hazards)

    @property
    def members(self) -> int:
        """How many members."""
        return self.people.shape[-1]


def record(
    corridor: Runnable,
    scenario: str,
    *,
    start: date | str,
    months: int,
    groups: np.ndarray,
    members: int,
    seed: int = 0,
    progress: Progress | None = None,
) -> Record:
    """Run a scenario and watch `months` months from `start`.

    Raises CaudalError as `simulate` does, for months outside what can be run, and for members out of
    range.
    """
    in_range("--members", members, 1, MOST_MEMBERS)
    in_range("--seed", seed, 0, 2**31 - 1)
    document = corridor.scenario(scenario)
    law = document.law(corridor.law)
    fixed = overrides(document, corridor.priors)
    learned = load(corridor.posterior)
    fits(corridor, learned)
    posterior, _ = learned.completed(corridor.priors)
    counted = month_ends(corridor.begins, posterior.months)[-1]
    try:
        first, last = dates(corridor, document, counted, start, _after(start, months))
    except CaudalError as told:
        where = "--from and --months" if told.where == "--to" else told.where
        raise CaudalError(where, told.found, told.allowed) from None
    outside = forcing(corridor, law, last, changes=document.drivers)
    engine, turn = simulator(corridor.model), (counted - corridor.begins).days
    begin = (first - corridor.begins).days
    split = min(max(months_between(first, counted), 0), months)
    parts = []
    numbers = [np.arange(i, min(i + CHUNK, members)) for i in range(0, members, CHUNK)]
    for done, mine in enumerate(numbers, 1):
        padded = np.concatenate([mine, np.repeat(mine[-1:], CHUNK - len(mine))])
        chunk = posterior.future(corridor, padded, len(outside.months) + 1, seed)
        p = dict(chunk.p)
        for name, value in fixed.items():
            p[name] = np.broadcast_to(value[..., None], p[name].shape).astype(np.float32)
        future = chunk._replace(p=p)
        past = future._replace(numbers=padded % posterior.draws)
        state = engine.start(CHUNK, list(outside.rules), past.p)
        state, _ = engine.advance(state, past, outside, min(begin, turn), posterior.seed)
        state, _ = engine.advance(state, future, outside, begin, seed)
        people, got = np.asarray(state.carry.people)[:, groups], []
        for who, much, key in ((past, split, posterior.seed), (future, months - split, seed)):
            if much:
                state, out, seen = watch(engine, state, who, outside, much, groups, key)
                got.append((out, seen))
        parts.append((people, got, len(mine)))
        if progress is not None:
            progress(done, len(numbers))
    return Record(
        corridor.model, first, last, groups,
        np.concatenate([people[..., :n] for people, _, n in parts], -1),
        Chances(*(
            np.concatenate(
                [np.concatenate([getattr(s, f) for _, s in got])[..., :n] for _, got, n in parts],
                -1,
            )
            for f in ("hazards", "departures")
        )),
        side_by_side([_only(one_after_another([m for m, _ in got]), n) for _, got, n in parts]),
        np.diff([(d - first).days for d in (first, *month_ends(first, months))]),
    )  # fmt: skip


def _after(start: Any, months: int) -> Any:
    """The month after one, or what was given where that is none: `dates` tells what is wrong."""
    text = start.isoformat()[:10] if isinstance(start, date) else str(start)
    try:
        day = date.fromisoformat(f"{text}-01" if len(text) == 7 else text)
    except ValueError:
        return start
    return month_ends(day.replace(day=1), months)[-1]


def _only(months: Months, members: int) -> Months:
    """Without the members that only fill the chunk."""
    return months.changed(lambda v: v[..., :members])
