"""Caudal and its peers, side by side: `make bench-peers`, or

    python benchmarks/peers/run.py [ENGINE ...] [--seconds 600] [--workload …]

Every engine runs in a process of its own on one core, in an environment of its own, and has --seconds
of it in all: small numbers of people first, until what comes next would not fit. Each row is checked
beside its time, which is the processor's: on a core that nobody else uses it is the clock's, too.
Writes benchmarks/results/peers.csv, whole or not at all, and the tables of docs/performance.md; with
engines (or workloads, or numbers of people) named, only their rows are new.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import environments  # noqa: E402
import numpy as np  # noqa: E402
import record  # noqa: E402
import tables  # noqa: E402
import truth  # noqa: E402
from engines import ENGINES, OBJECTS, WORKLOADS, Engine  # noqa: E402

TABLE = HERE.parent / "results" / "peers.csv"
COLUMNS = (
    "engine", "version", "holds", "workload", "how", "people", "members",
    "processor_seconds", "compile_seconds", "seconds", "agent_days_per_second",
    "right", "check", "value", "note", "machine", "load", "code", "date",
)  # fmt: skip
PATIENCE, START_SECONDS = 4.0, 60.0
"""By the clock an engine may take so many times its budget, and so long to start."""
PROBE = 20
"""An ensemble or a filter is tried with so many members fewer before all of them."""


@dataclass(frozen=True)
class Task:
    """One row to measure."""

    workload: str
    how: str
    people: int
    members: int


class Failed(Exception):
    """An adapter ended without a result; the message says why."""


def tasks(engine: Engine, workloads: Sequence[str] = (), people: Sequence[int] = ()) -> list[Task]:
    """What an engine is asked, one number of people after another; all, or those named."""
    members = {
        "chain": 1, "border": 1, "ensemble": truth.WORKLOADS["members"],
        "filter": truth.FILTER["members"],
    }  # fmt: skip
    return [
        Task(workload, how, number, members[workload])
        for number in engine.people
        for workload in WORKLOADS
        for how in engine.hows
        if workload not in engine.lacks
        and (not workloads or workload in workloads)
        and (not people or number in people)
    ]


class Budget:
    """Processor seconds that an engine has left, and what a task will probably take of them."""

    def __init__(self, engine: Engine, seconds: float) -> None:
        self.engine, self.all, self.left = engine, seconds, seconds
        self.compile = 0.0
        self.cache = tempfile.TemporaryDirectory()
        self.rate: dict[tuple[str, str], float] = {}

    def expect(self, task: Task) -> float:
        """Seconds, from the same workload with fewer people or members; zero if nothing is known."""
        key = ("border" if task.workload == "ensemble" else task.workload, task.how)
        rate = self.rate.get((task.workload, task.how), self.rate.get(key, 0.0))
        return rate * self._size(task) + (self.compile if rate else 0.0)

    def learn(self, task: Task, line: dict[str, Any]) -> None:
        """Remember what a task took."""
        used = line["processor_seconds"]
        self.rate[task.workload, task.how] = used / self._size(task)
        if line["compiled"]:
            self.compile = max(self.compile, line["first_processor_seconds"] - used)

    def _size(self, task: Task) -> float:
        return task.members * (task.people if self.engine.holds == OBJECTS else 1)


def measured(engine: Engine, python: Path, task: Task, budget: Budget, core: int) -> dict[str, Any]:
    """One adapter's line, its time taken off the budget. Raises Failed.

    Compiled code is kept from row to row in a folder that begins empty: the first row of a workload
    compiles, those with other numbers of people find it compiled.
    """
    command = [
        *(["taskset", "-c", str(core)] if shutil.which("taskset") else []),
        str(python), str(HERE / "adapters" / f"with_{engine.name}.py"), task.workload, task.how,
        str(task.people), str(task.members), f"{budget.left:.0f}",
    ]  # fmt: skip
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
    flags = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    env = {**os.environ, **one, "XLA_FLAGS": flags, "CAUDAL_CACHE": budget.cache.name}
    if engine.own:
        env["PYTHONPATH"] = os.pathsep.join([str(HERE.parents[1] / "src"), *sys.path])
    else:
        env.pop("PYTHONPATH", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(
            command, env=env, capture_output=True, text=True, check=False, cwd=budget.cache.name,
            timeout=PATIENCE * budget.left + START_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Failed(f"not reached: stopped after {error.timeout:.0f} s") from error
    finally:
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        budget.left -= after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise Failed(f"failed: {said[-1] if said else done.returncode}")
    line = json.loads(done.stdout.splitlines()[-1])
    budget.learn(task, line)
    return line


def judged(engine: Engine, task: Task, line: dict[str, Any]) -> truth.Verdict:
    """Whether what came out is right, by the engine's own semantics."""
    if "loglik" in line:
        return truth.judge_filter(line["loglik"], task.how, task.people)
    counts = np.array(line["counts"])
    if task.workload == "chain":
        return truth.judge_chain(counts, task.how, engine.step, task.people)
    return truth.judge_border(counts, task.how, engine.step, engine.border, task.people)


def rows_of(
    engine: Engine, seconds: float, core: int, workloads: Sequence[str], people: Sequence[int]
) -> list[dict[str, Any]]:
    """Every row of one engine, or those named."""
    rows = [
        blank(engine, Task(w, "", 0, 0), f"cannot be expressed: {why}")
        for w, why in engine.lacks.items()
    ]
    try:
        python = Path(sys.executable) if engine.own else environments.python(engine.name)
    except environments.NotInstalled as error:
        return [*rows, blank(engine, Task("", "", 0, 0), f"not installed: {error}")]
    budget = Budget(engine, seconds)
    for task in tasks(engine, workloads, people):
        if task.members > 1 and not (engine.own or engine.beside):
            probe = Task(task.workload, task.how, task.people, task.members // PROBE)
            if probe_fails := tried(budget, engine, python, probe, core):
                rows.append(blank(engine, task, probe_fails))
                continue
        expected = budget.expect(task)
        if expected > budget.left:
            note = f"not reached: about {expected:.0f} s, {budget.left:.0f} of {seconds:.0f} s left"
            rows.append(blank(engine, task, note))
            continue
        try:
            line = measured(engine, python, task, budget, core)
        except Failed as error:
            rows.append(blank(engine, task, str(error)))
            continue
        rows.append(row(engine, task, line))
        tell(rows[-1])
    return rows


def tried(budget: Budget, engine: Engine, python: Path, probe: Task, core: int) -> str:
    """Run fewer members, so that the time of all is known; why not, if that fails."""
    if (probe.workload, probe.how) in budget.rate:
        return ""
    if budget.expect(probe) > budget.left:
        return f"not reached: {probe.members} members alone about {budget.expect(probe):.0f} s"
    try:
        measured(engine, python, probe, budget, core)
    except Failed as error:
        return str(error)
    return ""


def row(engine: Engine, task: Task, line: dict[str, Any]) -> dict[str, Any]:
    """A measured row, checked."""
    verdict = judged(engine, task, line)
    used = line["processor_seconds"]
    compiling = f"{line['first_processor_seconds'] - used:.3g}" if line["compiled"] else ""
    pace = task.people * task.members * truth.DAYS / used
    return blank(engine, task, "") | {
        "version": line["version"], "processor_seconds": f"{used:.4g}",
        "compile_seconds": compiling, "seconds": f"{line['seconds']:.4g}",
        "agent_days_per_second": f"{pace:.3g}", "right": "yes" if verdict.right else "no",
        "check": verdict.said, "value": f"{verdict.value:.2g}",
    }  # fmt: skip


def blank(engine: Engine, task: Task, note: str) -> dict[str, Any]:
    """A row without a measurement."""
    return dict.fromkeys(COLUMNS, "") | {
        "engine": engine.name, "version": pinned(engine), "holds": engine.holds,
        "workload": task.workload, "how": task.how, "people": task.people or "",
        "members": task.members or "", "note": note, "machine": f"{record.machine()}, one used",
        "load": record.load(), "code": record.version(), "date": date.today().isoformat(),
    }  # fmt: skip


def pinned(engine: Engine) -> str:
    """The version that the engine's requirements name, or that of the package at hand."""
    if engine.own:
        from importlib.metadata import version as installed

        return installed("caudal" if engine.name == "caudal" else "numpy")
    pins = (HERE / "requirements" / f"{engine.name}.txt").read_text(encoding="utf-8")
    lines = [x for x in pins.splitlines() if x.lower().startswith(f"{engine.name}==")]
    return lines[0].partition("==")[2]


def tell(row: dict[str, Any]) -> None:
    """A row on the screen."""
    print(
        "{engine:<14}{workload:<9} {how:<9}{people:>10} ×{members:<5}{processor_seconds:>10} s "
        "(+{compile_seconds:>6} s) right: {right} ({value})".format(**row), flush=True,
    )  # fmt: skip


def key(row: dict[str, Any]) -> tuple[str, ...]:
    """What makes a row the same row when it is measured again."""
    return tuple(str(row[c]) for c in ("engine", "workload", "how", "people"))


def write(rows: list[dict[str, Any]]) -> None:
    """The table, whole or not at all; rows that were not measured anew stay if they still apply."""
    old: list[dict[str, Any]] = []
    if TABLE.exists():
        with TABLE.open(encoding="utf-8", newline="") as file:
            old = list(csv.DictReader(file))
    apply = {key(blank(e, t, "")) for e in ENGINES for t in tasks(e)}
    apply |= {key(blank(e, Task(w, "", 0, 0), "")) for e in ENGINES for w in e.lacks}
    new = {key(r) for r in rows}
    rows = [*(r for r in old if key(r) in apply - new), *rows]
    order = {e.name: i for i, e in enumerate(ENGINES)}
    rows.sort(key=lambda r: (order[r["engine"]], int(r["people"] or 0)))
    record.write(TABLE, COLUMNS, rows)


def main() -> None:
    """Measure, check, write."""
    names = [e.name for e in ENGINES]
    parser = argparse.ArgumentParser(description="Caudal and its peers, side by side.")
    parser.add_argument("engines", nargs="*", metavar="ENGINE", help=", ".join(names))
    parser.add_argument(
        "--seconds", type=float, default=600.0, help="of the processor, for each engine (600)"
    )
    parser.add_argument("--core", type=int, default=0, help="the core that is used (0)")
    parser.add_argument("--workload", nargs="*", default=[], choices=WORKLOADS, help="only these")
    parser.add_argument("--people", nargs="*", type=int, default=[], help="only so many people")
    asked = parser.parse_args()
    if strange := sorted(set(asked.engines) - set(names)):
        parser.error(f"no engine {strange[0]!r}; allowed: {', '.join(names)}")
    chosen = [e for e in ENGINES if not asked.engines or e.name in asked.engines]
    only = (asked.workload, asked.people)
    rows = [r for e in chosen for r in rows_of(e, asked.seconds, asked.core, *only)]
    write(rows)
    tables.main()
    for wrong in [r for r in rows if r["right"] == "no"]:
        tell(wrong)


if __name__ == "__main__":
    main()
