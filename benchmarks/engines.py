"""How well an ensemble fills two workers, on each engine; what Ray costs; how much memory a run needs.

    python benchmarks/engines.py            (alone on the machine; about 15 minutes on two cores)
    python benchmarks/engines.py expected   (without `sampled`: about 4 minutes)
    python benchmarks/engines.py --quick    (few chunks and members: whether all of it works; no table)

Writes benchmarks/results/engines.csv: measure, value, unit, then machine, load and code version. The
work is chunks of 32 members (16 where whole people are drawn) from where their draws stand at the last
count, 24 months on; workers are started, and everything is compiled, before the clock runs. Efficiency
is the time of one worker over twice the time of two. Where other programs run beside it, processor
seconds say more than the clock: their ratio stands beside, and is 1 where two workers do not hinder
one another.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from record import ROOT, machine, write_measures
from tree import Peak, processor

TABLE = ROOT / "benchmarks" / "results" / "engines.csv"
MONTHS, MEMBERS = 24, 1000
CHUNKS = {"expected": 20, "sampled": 12}
FEW = 4
Row = tuple[str, float, str]


def work(sampler: Any) -> Any:
    """Members from the last count on, as `caudal run` runs them."""
    import numpy as np

    from caudal.compute import chunks
    from caudal.compute.asked import asked
    from caudal.compute.engines import Threads, in_order
    from caudal.compute.forcing import forcing, month_ends
    from caudal.compute.past import Pasts
    from caudal.compute.posterior import load
    from caudal.compute.stretches import Ahead, Told, counted_months
    from caudal.corridor import corridor

    here: Any = corridor()
    end = month_ends(here.begins, load(here.posterior).months + MONTHS)[-1]
    a = asked(here, members=16, sampler=sampler, end=end)
    outside = forcing(here, a.law, end)
    counted = counted_months(here, a, outside, sampler, whole=False)
    pasts = Pasts(in_order(Threads(2).map(counted, chunks.parts(np.arange(a.posterior.draws)))))
    size = chunks.size_of(MEMBERS, sampler)
    return Told(Ahead(here, a.posterior, outside, sampler, {}, 0, pasts.ends(), size), 0)


def timed(engine: Any, given: Any, chunks: int) -> tuple[float, float]:
    """Seconds on the clock and of processors for so many chunks, all warm."""
    import numpy as np

    size = given.ahead.size
    items = [np.arange(size * i, size * (i + 1)) for i in range(chunks)]
    list(engine.map(given, items[: 2 * engine.workers]))
    before, begun = processor(os.getpid()), time.perf_counter()
    for _ in engine.map(given, items):  # as they come, and none is kept
        pass
    return time.perf_counter() - begun, processor(os.getpid()) - before


def engines(sampler: str, quick: str = "") -> list[Row]:
    """One and two workers on each engine, in this process."""
    from caudal.compute.engines import engine

    given, chunks, rows = work(sampler), FEW if quick else CHUNKS[sampler], []
    seconds: dict[tuple[str, int], tuple[float, float]] = {}
    for name in ("threads", "processes"):
        for workers in (1, 2):
            seconds[name, workers] = timed(engine(name, workers), given, chunks)
    seconds["ray", 2] = timed(engine("ray", 2), given, chunks)
    per = given.ahead.size * chunks
    for (name, workers), (clock, busy) in seconds.items():
        label = f"{sampler}, {name}, {workers} worker{'s' * (workers > 1)}"
        rows.append((label, 1000 * clock / per, f"ms a member of {MONTHS} months, clock"))
        if name != "ray":
            rows.append((label, 1000 * busy / per, "ms a member, processor"))
    for name in ("threads", "processes"):
        one, two = seconds[name, 1], seconds[name, 2]
        rows.append((f"{sampler}, efficiency of two {name}", one[0] / 2 / two[0], "clock"))
        rows.append((f"{sampler}, efficiency of two {name}", one[1] / two[1], "processor"))
    overhead = seconds["ray", 2][0] / seconds["processes", 2][0] - 1
    rows.append((f"{sampler}, Ray over two processes", 100 * overhead, "% more time"))
    return rows


def ensemble(sampler: str, folder: str, quick: str = "") -> list[Row]:
    """A thousand members through `simulate`, to files, in this process and what it starts."""
    from caudal.compute.chunks import MANY
    from caudal.compute.forcing import month_ends
    from caudal.compute.posterior import load
    from caudal.compute.run import simulate
    from caudal.corridor import corridor
    from caudal.report.files import write_netcdf

    here, how = corridor(), cast("Any", sampler)
    months = month_ends(here.begins, load(here.posterior).months + MONTHS)
    start, end = months[-MONTHS - 1], months[-1]
    members = MANY if quick else MEMBERS  # of the same size of chunks: what is timed is compiled
    begun = time.perf_counter()
    with Peak(os.getpid()) as peak:
        made = simulate(
            here, members=members, sampler=how, start=start, end=end, reported=True,
            store=Path(folder),
        )  # fmt: skip
        write_netcdf(made.dataset(), Path(folder) / "results.nc")
    clock = time.perf_counter() - begun
    name = f"{members} members × {MONTHS} months, {sampler}, to results.nc"
    return [(f"{name}, warm", clock, "s, clock"),
            (f"{name}: all processes together", peak.gib, "GiB at most")]  # fmt: skip


def alone(*words: str) -> list[Row]:
    """The same in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--", *words], stdout=subprocess.PIPE, text=True, check=True
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("row\t")]
    split = (line.split("\t") for line in lines)
    return [(name, float(value), unit) for _, name, value, unit in split]


def main(words: list[str]) -> None:
    """Measure everything and write the table, whole or not at all."""
    quick = ["quick"] * ("--quick" in words)
    samplers = [word for word in words if word != "--quick"] or list(CHUNKS)
    if strange := sorted(set(samplers) - set(CHUNKS)):
        raise SystemExit(f"no such sampler: {', '.join(strange)}; {', '.join(CHUNKS)}")
    rows = []
    for sampler in samplers:
        rows += alone("engines", sampler, *quick)
        with TemporaryDirectory() as folder:
            rows += alone("ensemble", sampler, folder, *quick)
    for name, value, unit in rows:
        print(f"{name:72} {value:9.3f} {unit}")
    if not quick:
        write_measures(TABLE, machine(), rows)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--"]:
        for name, value, unit in {"engines": engines, "ensemble": ensemble}[sys.argv[2]](
            *sys.argv[3:]
        ):
            print("row", name, value, unit, sep="\t")
    else:
        main(sys.argv[1:])
