"""Causes: each claim's outcome in the history as it was and in the history without the cause.

The history is run once; every scenario that some claim names is forked from it once, to the end of
the last period asked of it (`caudal.compute.fork`). What a claim gets is kept in a file named after
all it rests on, so that a second call runs nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from caudal.ask.claims_schema import Entry
from caudal.ask.claims_tests import CauseTest
from caudal.ask.quantities import quantity
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.fork import Course, History, histories, ticker
from caudal.compute.posterior import Posterior, load
from caudal.compute.store import code_version, file_hash, kept
from caudal.data.store import data_vintage
from caudal.errors import CaudalError

Progress = Callable[[int, int], None]
Runs = tuple[np.ndarray, np.ndarray]
"""The outcome as it was, and without the cause; each (member,)."""
READ = 1
"""Raise it when what is read of a run changes: files kept by then are no longer used."""


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
            found[entry.id] = _pair(kept(work, "claim", keys[entry.id], _not_kept))
    left = [e for e in asked if e.id not in found]
    if left:
        made = _run(corridor, posterior, left, counted, members, workers, progress)
        for entry in left:
            pair = made[entry.id]
            named = {"was": pair[0], "without": pair[1]}
            found[entry.id] = _pair(kept(work, "claim", keys[entry.id], lambda n=named: n))
    return found


def _run(
    corridor: Any, posterior: Posterior, asked: Sequence[Entry], counted: dt.date, members: int,
    workers: int, progress: Progress | None,
) -> dict[str, Runs]:  # fmt: skip
    posterior, _ = posterior.completed(corridor.priors)
    past = histories(
        corridor, posterior, forcing(corridor, corridor.law, counted), members
    )  # fmt: skip
    scenarios = list(dict.fromkeys(_test(e).without for e in asked))
    tick = ticker(progress, len(past) * (len(past[0].stops) + len(scenarios)))
    out: dict[str, list[Runs]] = {e.id: [] for e in asked}
    with ThreadPoolExecutor(workers) as pool:

        def was(history: History) -> Any:
            return history.dataset(history.play(tick))

        as_it_was = list(pool.map(was, past))
        for name in scenarios:
            document = corridor.scenario(name)
            course = Course(
                forcing(corridor, document.law(corridor.law), counted, changes=document.drivers)
            )
            mine = [e for e in asked if _test(e).without == name]
            until = (max(_test(e).period.end for e in mine) - corridor.begins).days

            def without(history: History, course: Course = course, until: int = until) -> Any:
                ds = history.dataset(history.fork(course, until))
                tick()
                return ds

            for before, after in zip(as_it_was, pool.map(without, past), strict=True):
                for entry in mine:
                    out[entry.id].append((_read(entry, before), _read(entry, after)))
    return {
        name: (np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts]))
        for name, parts in out.items()
    }


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


def _pair(arrays: Mapping[str, np.ndarray]) -> Runs:
    return arrays["was"], arrays["without"]
