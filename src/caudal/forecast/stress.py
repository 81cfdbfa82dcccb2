"""Stress: what was said of turns of policy that no forecast had seen, on counts to the end of 2021.

    1  constants learned once, from counts published by December 2021, and never again
    2  one pass through the history; from the month before each turn the corridor is run on under the
       calendar of policies as designed, and once more without what that turn's documents set from its
       day on. Shocks are the same in both, member by member: their ratio is the turn's effect
    3  the correction that forecasts from before October 2021 had taught by December 2021

Weather goes on being learned from counts until each origin, as for any forecast; constants and
correction do not. Which turns, whom they hit and which months are compared is the corridor's
(`corridor.stress()`), written beforehand. `stress_tables` reads the result.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from caudal.compute.content import Corridor
from caudal.compute.engines import Workers, engine_of
from caudal.compute.forcing import forcing
from caudal.compute.store import kept
from caudal.engine.forcing import Forcing
from caudal.engine.observation import Predictand
from caudal.errors import CaudalError
from caudal.forecast import backtest, correct, stages
from caudal.forecast.hindcast import Pass, hindcast
from caudal.forecast.vintage import Vintage
from caudal.learn.constants import draw
from caudal.learn.smoother import Arrays, Settings
from caudal.policy.known import without_references
from caudal.policy.law import Law

LEARNED = date(2021, 11, 1)
"""Last month that constants and correction rest on: its counts are out by the end of December."""
SCORED_FROM = date(2021, 10, 1)
"""First origin of the backtest: the pass before it, which teaches the correction, is the same here."""
WITH, WITHOUT = "aware", "without"
MODES = (WITH, WITHOUT)


class Group(Protocol):
    """Cells of a predictand."""

    @property
    def predictand(self) -> str:
        """Its name."""
        ...

    @property
    def cells(self) -> tuple[str, ...]:
        """Labels of the cells."""
        ...


class Event(Protocol):
    """A turn of policy as a corridor hands it over (`corridor.stress()`), read only.

    before, after  months (first days) whose mean counts are compared; before[-1] is the origin
    hit, spared    whom its documents give another treatment, and to whom they give none
    rebound        last month in which a rebound is looked for; None where there was none
    """

    @property
    def id(self) -> str: ...  # noqa: D102

    @property
    def name(self) -> Any: ...  # noqa: D102

    @property
    def date(self) -> date: ...  # noqa: D102

    @property
    def documents(self) -> tuple[str, ...]: ...  # noqa: D102

    @property
    def before(self) -> tuple[date, ...]: ...  # noqa: D102

    @property
    def after(self) -> tuple[date, ...]: ...  # noqa: D102

    @property
    def hit(self) -> Group: ...  # noqa: D102

    @property
    def spared(self) -> Sequence[Group]: ...  # noqa: D102

    @property
    def scored(self) -> bool: ...  # noqa: D102

    @property
    def rebound(self) -> date | None: ...  # noqa: D102


@dataclass(frozen=True)
class Told:
    """What was said of one turn, and what came; by predictand, natural scale.

    begins   first day of month 0; labels: names of the cells
    draws    the forecast, corrected: (cell, horizon, draw)
    given    runs ahead with the turn, without: those that lack it; (cell, horizon, member)
    counts   (month, cell), NaN where not counted
    """

    event: Event
    begins: date
    labels: Mapping[str, tuple[str, ...]]
    draws: Arrays
    given: Arrays
    without: Arrays
    counts: Arrays

    @property
    def origin(self) -> int:
        """Last counted month, months since the corridor begins."""
        return self.number(self.event.before[-1])

    def number(self, month: date) -> int:
        """Months since the corridor begins."""
        return months_between(self.begins, month)

    def cells(self, group: Group) -> list[int]:
        """Places of a group's cells on the cell axis."""
        return [self.labels[group.predictand].index(cell) for cell in group.cells]


def months_between(first: date, later: date) -> int:
    """Whole months between two first days of months.

    >>> months_between(date(2021, 11, 1), date(2022, 1, 1))
    2
    """
    return (later.year - first.year) * 12 + later.month - first.month


def forecasts(
    corridor: Corridor,
    settings: Settings | None = None,
    work: Path | None = None,
    progress: stages.Progress | None = None,
    workers: Workers = 2,
) -> list[Told]:
    """A forecast of every turn.

    work     folder of finished stages, shared with the backtest; None: nothing is kept
    workers  how many, or an engine, for what comes before the pass through the turns
    """
    engine = engine_of(workers)
    settings = settings or Settings()
    events: Sequence[Event] = corridor.stress()
    at = {months_between(corridor.begins, e.before[-1]): e for e in events}
    learned = months_between(corridor.begins, LEARNED)
    priors = stages.known_priors(corridor, learned)
    moved = backtest.constants(corridor, learned, None, settings, work, progress, engine)
    z = draw(priors, moved, settings.members, settings.seed)
    first = months_between(corridor.begins, SCORED_FROM)
    past = backtest.warm_up(corridor, first, settings, work, progress, engine)
    if not past:
        found = f"no forecasts before {SCORED_FROM}"
        raise CaudalError("stress", found, "a corridor that was counted two years earlier")
    horizons = max(horizons_needed(e) for e in events)

    def outside(vintage: Vintage, month: int, mode: str) -> Forcing:
        return laid_out(vintage, month, at[month] if mode == WITHOUT else None)

    key = {
        "z": stages.fingerprint(z),
        "events": {str(m): [e.date, *e.documents] for m, e in sorted(at.items())},
        "horizons": horizons,
        "stress": hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12],
        **stages.rests_on_all(corridor, settings),
    }
    ahead = Pass.of(
        kept(
            work, "stress", key,
            lambda: hindcast(
                corridor, priors, z, sorted(at), horizons, MODES, settings,
                stages.telling(progress, "turns of policy"), outside,
            ).arrays(),
        )
    )  # fmt: skip
    return told(corridor, at, Pass.joined(past), ahead, learned)


def horizons_needed(event: Event) -> int:
    """How many months ahead of its origin an event is looked at."""
    return months_between(event.before[-1], max(event.after[-1], event.rebound or event.after[-1]))


def laid_out(vintage: Vintage, month: int, lacking: Event | None) -> Forcing:
    """The calendar of policies as designed, from what was known at a month's end, with or without an
    event's documents; drivers are the same in both."""
    given = vintage.outside(month, "aware")
    if lacking is None:
        return given
    ends, corridor = vintage.ends(), vintage.corridor
    law = corridor.law.as_designed(ends[month] - timedelta(days=1))
    less = forcing(corridor, without(law, lacking.documents, lacking.date), ends[-1])
    return replace(less, driver=given.driver)


def without(law: Law, documents: Sequence[str], day: date) -> Law:
    """The law without what those documents set or end from `day` on: what held before goes on."""
    kept, gone = [], []
    for document in law.documents:
        if document.id not in documents:
            kept.append(document)
            continue
        earlier = {k: tuple(e for e in v if e.day < day) for k, v in document.design.items()}
        design = {lever: entries for lever, entries in earlier.items() if entries}
        if design:
            kept.append(document.model_copy(update={"design": design}))
        else:
            gone.append(document)
    return Law(without_references(kept, gone), law.levers, law.vocabulary)


def told(
    corridor: Corridor, at: Mapping[int, Event], past: Pass, ahead: Pass, learned: int
) -> list[Told]:
    """Forecasts from runs ahead, corrected by what a pass had taught by the month `learned`.

    at  origin → event, in the order of the result
    """
    total, *_ = outcomes = corridor.predictands()
    named = {g.predictand for e in at.values() for g in (e.hit, *e.spared)}
    wanted = [p for p in outcomes if p.name in named or p.series == total.series]
    whole = corridor.observed(corridor.begins, date(2100, 1, 1))
    counts = {p.name: p.observe(whole.arrays) for p in wanted}
    published = {m: Vintage(corridor, m + 2).counts(m).arrays for m in (learned, *at)}
    rows = [int(np.flatnonzero(ahead.origins == month)[0]) for month in at]
    draws: dict[str, list[np.ndarray]] = {}
    for p in wanted:
        by = correct.latest(
            _run(p, past), p.observe(published[learned])[: learned + 1], past.origins
        )
        run = _run(p, ahead)
        draws[p.name] = [
            _corrected(run, row, month, p.observe(published[month])[: month + 1], by)
            for row, month in zip(rows, at, strict=True)
        ]
    labels = {p.name: tuple(p.labels) for p in wanted}
    return [
        Told(
            event, corridor.begins, labels,
            {name: values[i] for name, values in draws.items()},
            {p.name: ahead.ahead[WITH][p.name][row].swapaxes(0, 1) for p in wanted},
            {p.name: ahead.ahead[WITHOUT][p.name][row].swapaxes(0, 1) for p in wanted},
            counts,
        )
        for i, (row, event) in enumerate(zip(rows, at.values(), strict=True))
    ]  # fmt: skip


def _run(predictand: Predictand, made: Pass) -> correct.Run:
    name = predictand.name
    ahead, still = made.ahead[WITH][name], made.still[WITH][name]
    return correct.read(predictand, ahead, still, made.fitted[name][:, 0])


def _corrected(
    run: correct.Run, row: int, month: int, counts: np.ndarray, by: correct.Correction
) -> np.ndarray:
    """Draws of one origin, (cell, horizon, draw), natural scale; counts (month, cell) as published."""
    one = slice(row, row + 1)
    here = correct.Run(run.middle[one], run.fitted[one], run.away[one])
    last = correct.last_counts(counts, np.array([month]), here.fitted)
    classes = correct.size_classes(counts[-correct.WINDOW :])
    return np.expm1(correct.apply(here, last, classes, by)[0])
