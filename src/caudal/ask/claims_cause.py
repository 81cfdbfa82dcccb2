"""Causes: each claim's outcome in the history as it was and in the history without the cause.

The history is run once; every scenario that some claim names is forked from it, to the end of the
last period asked of it (`caudal.compute.fork`), and where the weather jumps at onsets that the scenario
lacks (`ask.compare_jumps`), once more without these jumps. What a claim gets is kept in a file named
after all it rests on, so that a second call runs nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from caudal.ask.claims_schema import Entry
from caudal.ask.claims_tests import CauseTest
from caudal.ask.compare_jumps import Jump, jumps, onsets, without
from caudal.ask.quantities import quantity
from caudal.compute.chunks import parts
from caudal.compute.engines import Workers, engine_of
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.fork import Course, History
from caudal.compute.forks import Forks
from caudal.compute.posterior import Posterior, load
from caudal.compute.run import months_between
from caudal.compute.store import code_version, file_hash, kept
from caudal.data.store import data_vintage
from caudal.engine.simulate import Forcing
from caudal.errors import CaudalError

Progress = Callable[[int, int], None]
READ = 2
"""Raise it when what is read of a run changes: files kept by then are no longer used."""


class Runs(NamedTuple):
    """A claim's outcome under each draw, each (member,).

    was      as it was; without: without the cause, weather as inferred
    calm     without the cause and without the weather's jumps; as `without` where nothing jumps
    """

    was: np.ndarray
    without: np.ndarray
    calm: np.ndarray


class _NotKept(Exception):
    """No file holds the runs of a claim."""


def runs(
    corridor: Any,
    entries: Sequence[Entry],
    *,
    members: int,
    work: Path | None = None,
    workers: Workers = 2,
    progress: Progress | None = None,
) -> dict[str, Runs]:
    """The runs of every claim with the test of a cause, by its id.

    corridor  a `caudal.compute.run.Runnable`
    members   draws, from the first; work: folder of kept runs, None: nothing is kept
    workers   how many, or an engine; nothing but the time depends on it

    Raises CaudalError, naming the claim, for a period that the counts do not hold.
    """
    asked = [e for e in entries if isinstance(e.claim.test, CauseTest)]
    if not asked:
        return {}
    posterior = load(corridor.posterior)
    if not 2 <= members <= posterior.draws:
        raise CaudalError("--members", str(members), f"2 to {posterior.draws}")
    counted = month_ends(corridor.begins, posterior.months)[-1]
    for entry in asked:
        _in_history(entry, corridor.begins, counted)
    base = {
        "members": members, "posterior": file_hash(corridor.posterior), "read": READ,
        "data_vintage": data_vintage(), "code_version": code_version(),
    }  # fmt: skip
    keys = {e.id: base | _key(corridor, _test(e)) for e in asked}
    found: dict[str, Runs] = {}
    for entry in asked:
        with suppress(_NotKept):
            found[entry.id] = Runs(**kept(work, "claim", keys[entry.id], _not_kept))
    left = [e for e in asked if e.id not in found]
    if left:
        made = _run(corridor, posterior, left, counted, members, workers, progress)
        for entry in left:
            named = made[entry.id]._asdict()
            found[entry.id] = Runs(**kept(work, "claim", keys[entry.id], lambda n=named: n))
    return found


class Fork(NamedTuple):
    """Law and drivers of a scenario, to be run to a day for some claims; jumps that are taken out.

    entries  places of the claims among those asked; told: what it is to them, without or calm
    """

    arm: Forcing
    jumps: Sequence[Jump]
    until: dt.date
    entries: Sequence[int]
    told: str


@dataclass(frozen=True)
class Causes(Forks):
    """What claims ask of the history as it was, and of each fork, by its number.

    asked  outcome and period of each claim, and where they stand
    """

    asked: tuple[tuple[CauseTest, str], ...]
    forks: tuple[Fork, ...]

    def course(self, name: int) -> Course:
        """The law and drivers of a fork, and its weather where jumps are taken out."""
        fork = self.forks[name]
        return Course(fork.arm, without(self.corridor, fork.jumps) if fork.jumps else None)

    def told(self, past: History, course: Course | None, name: int | None) -> list[np.ndarray]:
        """The outcome of each claim that the fork is for, (member,) each."""
        if course is None or name is None:
            ds, of = past.dataset(past.play()), range(len(self.asked))
        else:
            fork = self.forks[name]
            until = (fork.until - self.corridor.begins).days
            ds, of = past.dataset(past.fork(course, until)), fork.entries
        return [_read(*self.asked[i], ds) for i in of]


def _run(
    corridor: Any, posterior: Posterior, asked: Sequence[Entry], counted: dt.date, members: int,
    workers: Workers, progress: Progress | None,
) -> dict[str, Runs]:  # fmt: skip
    posterior, _ = posterior.completed(corridor.priors)
    history = forcing(corridor, corridor.law, counted)
    forks = _forks(corridor, posterior, asked, history, counted)
    tests = tuple((_test(e), str(e.marks.where(("test", "outcome")))) for e in asked)
    chunks = parts(np.arange(members))
    work = Causes(corridor, posterior, history, chunks, {}, tests, tuple(forks))
    found = work.all(engine_of(workers), [None, *range(len(forks))], progress)
    out: dict[str, dict[str, np.ndarray]] = {}
    for i, entry in enumerate(asked):
        out[entry.id] = {"was": np.concatenate([told[i] for told in found[None]])}
    for number, fork in enumerate(forks):
        for place, i in enumerate(fork.entries):
            of = [told[place] for told in found[number]]
            out[asked[i].id][fork.told] = np.concatenate(of)
    return {name: Runs(**({"calm": told["without"]} | told)) for name, told in out.items()}


def _forks(
    corridor: Any, posterior: Posterior, asked: Sequence[Entry], history: Forcing, counted: dt.date
) -> list[Fork]:
    """Each scenario to its claims' last day; and to each last day without the jumps before it.

    As in `ask.compare`, jumps after what is asked stay: the last month leans toward the next one.
    """
    out = []
    tests = [_test(e) for e in asked]
    for name in dict.fromkeys(test.without for test in tests):
        document = corridor.scenario(name)
        arm = forcing(corridor, document.law(corridor.law), counted, changes=document.drivers)
        mine = [i for i, test in enumerate(tests) if test.without == name]
        ends = sorted({tests[i].period.end for i in mine})
        out.append(Fork(arm, (), ends[-1], mine, "without"))
        lacks = onsets(corridor.law.levers, history, arm)
        for end in ends:
            found = jumps(corridor, posterior, lacks, months_between(corridor.begins, end))
            if found:
                of = [i for i in mine if tests[i].period.end == end]
                out.append(Fork(arm, found, end, of, "calm"))
    return out


def _read(test: CauseTest, where: str, ds: Any) -> np.ndarray:
    span = (test.period.start, test.period.end)
    return quantity(test.outcome.expression, span, ds, where)


def _in_history(entry: Entry, begins: dt.date, counted: dt.date) -> None:
    period = _test(entry).period
    if period.start < begins or period.end > counted:
        where = entry.marks.where(("test", "period"))
        raise CaudalError(where, period.written, f"{begins} to {counted}, which runs hold")


def _key(corridor: Any, test: CauseTest) -> dict[str, Any]:
    return {
        "without": corridor.scenario(test.without).as_yaml(),
        "outcome": test.outcome.expression,
        "period": [test.period.start, test.period.end],
    }


def _test(entry: Entry) -> CauseTest:
    assert isinstance(entry.claim.test, CauseTest)
    return entry.claim.test


def _not_kept() -> Mapping[str, np.ndarray]:
    raise _NotKept
