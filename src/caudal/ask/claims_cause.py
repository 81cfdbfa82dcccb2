"""Causes: each claim's outcome in the history as it was and in the history without the cause.

The history is run once; every scenario that some claim names is forked from it, to the end of the
last period asked of it (`caudal.compute.fork`), and where the weather jumps at onsets that the scenario
lacks (`ask.compare_jumps`), once more without these jumps. What a claim gets is kept in a file named
after all it rests on, so that a second call runs nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from caudal.ask.claims_schema import Entry
from caudal.ask.claims_tests import CauseTest
from caudal.ask.compare_jumps import jumps, onsets, without
from caudal.ask.quantities import quantity
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.fork import Course, History, histories, ticker
from caudal.compute.posterior import Posterior, load
from caudal.compute.run import months_between
from caudal.compute.store import code_version, file_hash, kept
from caudal.data.store import data_vintage
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
    workers: int = 2,
    progress: Progress | None = None,
) -> dict[str, Runs]:
    """The runs of every claim with the test of a cause, by its id.

    corridor  a `caudal.compute.run.Runnable`
    members   draws, from the first; work: folder of kept runs, None: nothing is kept

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


class _Fork(NamedTuple):
    """A course to be run to a day for some claims, as what it is to them: without, or calm."""

    course: Course
    until: dt.date
    entries: Sequence[Entry]
    told: str


def _run(
    corridor: Any, posterior: Posterior, asked: Sequence[Entry], counted: dt.date, members: int,
    workers: int, progress: Progress | None,
) -> dict[str, Runs]:  # fmt: skip
    posterior, _ = posterior.completed(corridor.priors)
    past = histories(corridor, posterior, forcing(corridor, corridor.law, counted), members)
    forks = _forks(corridor, posterior, asked, past[0], counted)
    tick = ticker(progress, len(past) * (len(past[0].stops) + len(forks)))
    out: dict[str, dict[str, np.ndarray]] = {e.id: {} for e in asked}
    with ThreadPoolExecutor(workers) as pool:
        as_it_was = list(pool.map(lambda history: history.dataset(history.play(tick)), past))
        for entry in asked:
            out[entry.id]["was"] = np.concatenate([_read(entry, ds) for ds in as_it_was])
        for fork in forks:

            def other(history: History, fork: _Fork = fork) -> Any:
                ds = history.dataset(history.fork(fork.course, (fork.until - corridor.begins).days))
                tick()
                return ds

            without_it = list(pool.map(other, past))
            for entry in fork.entries:
                out[entry.id][fork.told] = np.concatenate([_read(entry, ds) for ds in without_it])
    return {name: Runs(**({"calm": told["without"]} | told)) for name, told in out.items()}


def _forks(
    corridor: Any, posterior: Posterior, asked: Sequence[Entry], history: History, counted: dt.date
) -> list[_Fork]:
    """Each scenario to its claims' last day; and to each last day without the jumps before it.

    As in `ask.compare`, jumps after what is asked stay: the last month leans toward the next one.
    """
    out = []
    for name in dict.fromkeys(_test(e).without for e in asked):
        document = corridor.scenario(name)
        arm = forcing(corridor, document.law(corridor.law), counted, changes=document.drivers)
        mine = [e for e in asked if _test(e).without == name]
        ends = sorted({_test(e).period.end for e in mine})
        out.append(_Fork(Course(arm), ends[-1], mine, "without"))
        lacks = onsets(corridor.law.levers, history.forcing, arm)
        for end in ends:
            found = jumps(corridor, posterior, lacks, months_between(corridor.begins, end))
            if found:
                calm = Course(arm, without(corridor, found))
                of = [e for e in mine if _test(e).period.end == end]
                out.append(_Fork(calm, end, of, "calm"))
    return out


def _read(entry: Entry, ds: Any) -> np.ndarray:
    test = _test(entry)
    span = (test.period.start, test.period.end)
    return quantity(test.outcome.expression, span, ds, entry.marks.where(("test", "outcome")))


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
