"""Search: which settings of a few levers no other setting beats in everything that was asked for.

A candidate sets each lever to one of its values from a day on, or leaves it as it was. It is run as a
fork of the same history (`compute.fork`): constants, weather and chance of member m are the same in all
candidates. For outcome q over the period,

    aim      the median of q over members, to be made small or large
    limit    the median of q over members ≤ or ≥ a number, or a percent of the baseline's median
    change   q(candidate)[m] − q(baseline)[m], told with its 90 % interval over members

The frontier (`ask.frontier`) is in medians; where the intervals of two points overlap, the search does
not say which of them lies further. It says nothing of which point is best: that is what the aims were
not told.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple

import numpy as np

from caudal.ask.frontier import Judged, Point, frontier, tried
from caudal.ask.outcomes import Fields, Outcome, pick
from caudal.ask.search_levers import Turn, overlay, plain, written
from caudal.compute.asked import dates, fits, in_range, overrides
from caudal.compute.chunks import parts
from caudal.compute.engines import Workers, engine_of
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.fork import Course, History
from caudal.compute.forks import Forks
from caudal.compute.posterior import load
from caudal.compute.run import Runnable
from caudal.errors import CaudalError
from caudal.policy.law import Law
from caudal.policy.models import Text
from caudal.policy.scenario import Scenario

MOST_RUNS = 20_000
"""Members run in all: some hours on two cores."""
Sense = Literal["minimise", "maximise"]
Progress = Callable[[int, int], None]


class Limit(NamedTuple):
    """A bound on an outcome's median: `sign` times it is at most `sign` times the bound.

    words  as it was given
    """

    words: str
    outcome: Outcome
    sign: int
    bound: float
    percent: bool

    def breach(self, median: float, baseline: float) -> float:
        """How far it is broken, in the outcome's unit; 0 or less: kept."""
        bound = self.bound * baseline / 100 if self.percent else self.bound
        return self.sign * (median - bound)


@dataclass(frozen=True)
class Question:
    """What is asked: levers, aims (an outcome and its sense) and limits over [start, end)."""

    levers: tuple[Turn, ...]
    aims: tuple[tuple[Outcome, Sense], ...]
    limits: tuple[Limit, ...]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """All that is read of a run, aims first."""
        every = [*(o for o, _ in self.aims), *(limit.outcome for limit in self.limits)]
        return tuple({o.id: o for o in every}.values())

    def judged(self, values: np.ndarray, baseline: np.ndarray) -> Judged:
        """A candidate's (outcome, member) values beside the baseline's."""
        names = [o.id for o in self.outcomes]
        middle = dict(zip(names, np.median(values, 1), strict=True))
        before = dict(zip(names, np.median(baseline, 1), strict=True))
        aims = tuple(
            float(middle[o.id]) * (1 if sense == "minimise" else -1) for o, sense in self.aims
        )
        limits = self.limits
        return Judged(
            aims, tuple(float(x.breach(middle[x.outcome.id], before[x.outcome.id])) for x in limits)
        )


@dataclass(frozen=True)
class Found:
    """A finished search.

    points    the frontier, by the first aim; of those that come to the same the one that changes least;
              values: point → (outcome, member), the baseline's (all
              levers as they were) among them
    scenarios one for each point, as a document that can be run
    law       of the base scenario; law_from: since when values in force are looked at
    whole     whether all candidates were tried; tried, kept: how many, and how many within the limits
    """

    question: Question
    points: tuple[Point, ...]
    values: Mapping[Point, np.ndarray]
    scenarios: tuple[Scenario, ...]
    period: tuple[date, date]
    base: Scenario
    law: Law
    law_from: date
    members: int
    tried: int
    kept: int
    whole: bool
    seed: int

    @property
    def baseline(self) -> np.ndarray:
        """The run without any change, (outcome, member)."""
        return self.values[(0,) * len(self.question.levers)]


def question(
    levers: Sequence[Turn], known: Sequence[Fields], minimise: Sequence[str],
    maximise: Sequence[str], subject_to: Sequence[str],
) -> Question:  # fmt: skip
    """A question from names; CaudalError for unknown outcomes, fewer than two aims and odd limits."""
    if len(minimise) + len(maximise) < 2:
        found = f"{len(minimise) + len(maximise)} outcome to aim at"
        allowed = "two or more: with one there is a best point, and no frontier"
        raise CaudalError("--minimise, --maximise", found, allowed)
    aims: list[tuple[Outcome, Sense]] = []
    senses: tuple[tuple[Sense, Sequence[str]], ...] = (
        ("minimise", minimise),
        ("maximise", maximise),
    )
    for sense, names in senses:
        for one in pick(f"--{sense}", names, known) if names else ():
            aims.append((one, sense))
    twice = [o.id for o, _ in aims if [a.id for a, _ in aims].count(o.id) > 1]
    if twice:
        raise CaudalError("--maximise", f"'{twice[0]}' is also to be made small", "another outcome")
    return Question(tuple(levers), tuple(aims), tuple(_limit(text, known) for text in subject_to))


def _limit(text: str, known: Sequence[Fields]) -> Limit:
    found = re.fullmatch(r"\s*([\w.-]+?)\s*(<=|>=|≤|≥)\s*([-+\d.,eE_]+)\s*(%?)\s*", text)
    try:
        assert found
        bound = float(found[3].replace(",", ""))
    except (AssertionError, ValueError):
        allowed = "OUTCOME<=NUMBER, OUTCOME>=NUMBER, or a percent of the baseline: deaths<=100%"
        raise CaudalError("--subject-to", f"'{text}'", allowed) from None
    outcome = pick("--subject-to", [found[1]], known)[0]
    return Limit(text.strip(), outcome, 1 if found[2] in ("<=", "≤") else -1, bound, bool(found[4]))


@dataclass(frozen=True)
class Candidates(Forks):
    """Outcomes over the period under settings of the levers, by the candidate's point."""

    scenario: Scenario
    law: Law
    levers: tuple[Turn, ...]
    outcomes: tuple[Outcome, ...]
    period: tuple[date, date]

    def course(self, name: Point) -> Course:
        """The law with the levers turned."""
        changed = self.law.overlaid(overlay(self.levers, self.law, self.period[0], name))
        drivers = self.scenario.drivers
        return Course(forcing(self.corridor, changed, self.period[1], changes=drivers))

    def told(self, past: History, course: Course | None, name: Point | None) -> np.ndarray:
        """Every outcome, (outcome, member)."""
        ds = past.dataset(past.play() if course is None else past.fork(course), self.period[0])
        return np.stack([outcome.of(ds, self.period) for outcome in self.outcomes])


def search(
    corridor: Runnable,
    asked: Question,
    *,
    start: str | date | None,
    end: str | date | None,
    scenario: str = "baseline",
    members: int = 16,
    population: int = 16,
    generations: int = 8,
    seed: int = 0,
    workers: Workers = 2,
    progress: Progress | None = None,
    estimate: Callable[[int, float], None] | None = None,
) -> Found:
    """Look for the frontier.

    start     the month from whose first day levers are turned, and from which outcomes are read
    scenario  under which the history runs, and which candidates change
    workers   how many, or an engine; nothing but the time depends on it
    estimate  told once: candidates at most, seconds they may take

    Raises CaudalError for dates, numbers and scenarios out of range, for a lever that cannot be turned
    then, and where an outcome is no number.
    """
    for option, value, low, high in (
        ("--members", members, 2, 96), ("--population", population, 4, 200),
        ("--generations", generations, 1, 200), ("--seed", seed, 0, 2**31 - 1),
    ):  # fmt: skip
        in_range(option, value, low, high)
    engine = engine_of(workers)
    sizes = [1 + len(turn.values) for turn in asked.levers]
    most = min(population * generations, int(np.prod(np.array(sizes, float))))
    if most * members > MOST_RUNS:
        allowed = f"at most {MOST_RUNS:,}: fewer members, generations or candidates"
        raise CaudalError("--generations", f"{most * members:,} runs", allowed)
    document = corridor.scenario(scenario)
    fixed = overrides(document, corridor.priors)
    learned = load(corridor.posterior)
    fits(corridor, learned)
    posterior, _ = learned.completed(corridor.priors)
    counted = month_ends(corridor.begins, posterior.months)[-1]
    period = dates(corridor, document, counted, start, end)
    law = document.law(corridor.law)
    outside = forcing(corridor, law, period[1], changes=document.drivers)
    turned = (period[0] - corridor.begins).days
    how = {"seed": seed, "fixed": fixed, "stops": (turned,)}
    work = Candidates(corridor, posterior, outside, parts(np.arange(members)), how, document, law,
                      asked.levers, asked.outcomes, period)  # fmt: skip
    values: dict[Point, np.ndarray] = {}
    own = (0,) * len(sizes)
    values[own] = baseline = np.concatenate(work.all(engine, [None])[None], axis=1)
    told = False

    def judge(points: Sequence[Point]) -> list[Judged]:
        nonlocal told
        new = list(dict.fromkeys(p for p in points if p not in values))
        began = time.monotonic()
        before, chunks = len(values) - 1, len(work.parts)

        def tell(done: int, of: int) -> None:
            nonlocal told
            if progress is not None:
                progress(before + done // chunks, most)
            if estimate is not None and not told and done >= engine.workers * chunks:
                told, spent = True, time.monotonic() - began
                estimate(most, spent / (done / chunks) * (most - before - done / chunks))

        for point, found in work.all(engine, new, tell).items():
            values[point] = np.concatenate(found, axis=1)
        return [asked.judged(values[point], baseline) for point in points]

    seen, whole = tried(judge, sizes, population=population, generations=generations, seed=seed)
    if progress is not None:
        progress(most, most)
    front = _distinct(frontier(seen), values)
    scenarios = tuple(
        document_of(document, law, asked.levers, period[0], point, i)
        for i, point in enumerate(front, 1)
    )
    kept = sum(judged.kept for judged in seen.values())
    return Found(asked, tuple(front), values, scenarios, period, document, law, corridor.begins,
                 members, len(seen), kept, whole, seed)  # fmt: skip


def _distinct(front: Sequence[Point], values: Mapping[Point, np.ndarray]) -> list[Point]:
    """One of those points that come to the same in every run: the one that changes least."""
    chosen: dict[bytes, Point] = {}
    for point in front:
        same = values[point].tobytes()
        if same not in chosen or point.count(0) > chosen[same].count(0):
            chosen[same] = point
    return [point for point in front if point in set(chosen.values())]


def document_of(
    base: Scenario, law: Law, levers: Sequence[Turn], day: date, point: Point, number: int
) -> Scenario:
    """A candidate as a scenario of its own, which gives the very law that the search ran.

    law  the base scenario's. A document that the base changes too stands whole, for an entry of a
    scenario replaces the one it had.
    """
    changes = plain(overlay(levers, law, day, point))
    after = law.overlaid(changes)
    for policy in changes:
        if policy in base.policies:
            changes[policy] = {k: v for k, v in written(after[policy]).items() if k != "id"}
    said = [(turn, turn.value(i)) for turn, i in zip(levers, point, strict=True) if i]
    english = "; ".join(f"{turn.en}: {value:g}" for turn, value in said)
    spanish = "; ".join(f"{turn.es}: {value:g}" for turn, value in said)
    title = Text(
        en=f"Frontier point {number}: {english or 'nothing changed'}",
        es=f"Punto {number} de la frontera: {spanish or 'nada cambia'}",
    )
    note = Text(
        en=f"From {day} on. One point of a frontier that a search found: no other candidate that was "
        "tried is better in all that was aimed at. Not the best policy.",
        es=f"Desde el {day}. Un punto de la frontera que halló una búsqueda: ningún otro candidato "
        "probado es mejor en todo lo que se buscaba. No es la mejor política.",
    )
    name = f"frontier-{number:02d}"
    policies = {**base.policies, **changes}
    return replace(
        base, name=name, title=title, note=note, chain=(name,), policies=policies, marks={}
    )
