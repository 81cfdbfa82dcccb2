"""How long a run takes from the shell to the report, and a large ensemble from the shipped end states.

    python benchmarks/runs.py [--quick]      (writes benchmarks/results/runs.csv; --quick: no sampled)

Every measurement is a command line in a process of its own: wall and CPU seconds, and the most memory
that it and its workers hold together. A folder of its own is warmed first (`caudal warm`, cold and
again). The large ensembles then find compiled functions there but no draws' pasts, so that they begin
with the shipped end states, if those are of this code version (column `from`). The load is written
beside each.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from record import ROOT, machine, version, write
from tree import Peak

TABLE = ROOT / "benchmarks" / "results" / "runs.csv"
COLUMNS = ("measure", "wall_s", "cpu_s", "peak_gib", "bar", "from", "load")
CAUDAL = (sys.executable, "-c", "from caudal.cli import main; raise SystemExit(main())")
MEMBERS, MANY, MONTHS = 200, 1000, 24


def timed(command: Sequence[str], cache: Path) -> dict[str, float]:
    """Wall seconds, CPU seconds and peak memory (GiB) of a command. Raises where it fails."""
    load, begun = os.getloadavg()[0], time.perf_counter()
    env = {**os.environ, "CAUDAL_CACHE": str(cache)}
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    with Peak(process.pid) as peak:
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return {
        "wall_s": wall,
        "cpu_s": used.ru_utime + used.ru_stime,
        "peak_gib": peak.gib or used.ru_maxrss / 1024**2,  # over before anybody looked
        "load": load,
    }


def best(command: Sequence[str], cache: Path, times: int = 3) -> dict[str, float]:
    """The quickest of several."""
    return min((timed(command, cache) for _ in range(times)), key=lambda t: t["wall_s"])


def rows(place: Path, quick: bool) -> Iterator[dict[str, Any]]:
    """Every measurement, one after another; `place` is an empty folder."""
    cache, out = place / "cache", str(place / "run")
    yield {"measure": "import caudal", "bar": "wall 0.3",
           **best((sys.executable, "-c", "import caudal"), cache, 5)}  # fmt: skip
    yield {"measure": "caudal --help", "bar": "wall 0.4", **best((*CAUDAL, "--help"), cache, 5)}
    yield {"measure": "caudal warm, cold", **timed((*CAUDAL, "warm", "--quiet"), cache)}
    yield {"measure": "caudal warm, again", **timed((*CAUDAL, "warm", "--quiet"), cache)}
    run = (*CAUDAL, "run", "--quiet", "--out", out, "--members", str(MEMBERS))
    yield {"measure": f"caudal run, {MEMBERS} members, shell to report", "bar": "wall 15",
           "from": "kept history", **best(run, cache)}  # fmt: skip
    begins, ends, fits = ahead()
    many = (*CAUDAL, "run", "--quiet", "--out", out, "--members", str(MANY), "--from", begins,
            "--to", ends)  # fmt: skip
    for sampler, bar in (("expected", "wall 20"), ("sampled", "wall 240")):
        if quick and sampler == "sampled":
            continue
        shutil.rmtree(cache / "states", ignore_errors=True)
        told = timed((*many, "--sampler", sampler), cache)
        yield {"measure": f"caudal run, {MANY} members, {MONTHS} months, {sampler}",
               "bar": f"{bar}, peak 4", "from": "shipped end states" if fits else "a history run first",
               **told}  # fmt: skip


def ahead() -> tuple[str, str, bool]:
    """The months after the last count, and whether the shipped end states are of this code."""
    from caudal.compute.asked import asked
    from caudal.compute.forcing import forcing, month_ends
    from caudal.compute.stretches import counted_months
    from caudal.corridor import corridor

    here: Any = corridor()
    a = asked(here, members=16)
    work = counted_months(here, a, forcing(here, a.law, a.counted), "expected")
    fits = work.shelf.is_shipped()
    return f"{a.counted:%Y-%m}", f"{month_ends(a.counted, MONTHS)[-1]:%Y-%m}", fits


def main(words: Sequence[str]) -> None:
    """Measure and write the table, whole or not at all."""
    about = {"machine": machine(), "code": version(),
             "date": date.today().isoformat()}  # fmt: skip
    made = []
    with tempfile.TemporaryDirectory() as place:
        for row in rows(Path(place), "--quick" in words):
            told = {k: f"{v:.2f}" if isinstance(v, float) else v for k, v in row.items()}
            made.append({**told, **about})
            print("  ".join(f"{told.get(k, '')!s:>10}" for k in COLUMNS), flush=True)
    write(TABLE, (*COLUMNS, *about), made)


if __name__ == "__main__":
    main(sys.argv[1:])
