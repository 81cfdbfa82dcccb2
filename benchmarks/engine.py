"""How long the engine takes: per member, by chunk, cold and from the cache, and how much it holds.

    python benchmarks/engine.py        (or: make bench)

Writes benchmarks/results/engine.csv: measure, value, unit, then machine, load and code version.
Every measurement runs in a process of its own on one core (taskset where it exists, XLA and BLAS on
one thread). The stretch is the full history, from the corridor's beginning to 1 June 2026, with
parameters from the priors and no weather; people move as in any other run, and cost depends on the
number of cells, hardly on the number of people. The lower bound of a day is measured in the same
process (see `bound`).
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from typing import Any

from record import ROOT, machine, write_measures

TABLE = ROOT / "benchmarks" / "results" / "engine.csv"
END = date(2026, 6, 1)
CHUNKS = (1, 8, 16, 32)
REPEATS = 3


def ready(members: int) -> tuple[Any, ...]:
    """Simulator, members and forcing of the full history."""
    import numpy as np

    from caudal.compute.forcing import forcing
    from caudal.corridor import corridor
    from caudal.engine.audit import draw_parameters
    from caudal.engine.simulate import Chunk, Simulator

    here = corridor()
    given = forcing(here, here.law, END)
    calm = {
        w.name: np.zeros((1, *here.model.shape(w.dims), members), np.float32)
        for m in here.model.mechanisms
        for w in m.weather
    }
    chunk = Chunk(np.arange(members), draw_parameters(here.priors, members, 1), calm)
    return Simulator(here.model), chunk, given


def seconds(simulator: Any, chunk: Any, given: Any, days: int, how: str) -> float:
    """One run of so many days from the beginning."""
    begun = time.perf_counter()
    members = len(chunk.numbers)
    start = simulator.start(members, list(given.rules), chunk.p)
    simulator.advance(start, chunk, given, days, 1, how)
    return time.perf_counter() - begun


def bound(model: Any, members: int, days: int = 200) -> float:
    """Seconds a day of the least arithmetic: one exponential and one multiply-add for each link,
    group and member, one read and write of the state."""
    import jax
    import jax.numpy as jnp

    links = sum(path.edges for path in model.paths)
    hazard = jnp.full((links, model.groups, members), 0.1, jnp.float32)
    people = jnp.ones((model.n_rows, model.groups, members), jnp.float32)

    def day(_: int, carry: Any) -> Any:
        share, there = carry
        return jnp.exp(-share) * hazard + 0.5, there * 0.999 + 1.0

    run = jax.jit(lambda a, b: jax.lax.fori_loop(0, days, day, (a, b)))
    jax.block_until_ready(run(hazard, people))
    best = float("inf")
    for _ in range(5):
        begun = time.perf_counter()
        jax.block_until_ready(run(hazard, people))
        best = min(best, time.perf_counter() - begun)
    return best / days


def measure(what: str, members: int) -> dict[str, float]:
    """In this process: warm seconds a member, or seconds of the first call."""
    from caudal.compute.cache import enable

    enable()
    simulator, chunk, given = ready(members)
    how = "sampled" if what == "sampled" else "expected"
    first = seconds(simulator, chunk, given, 31, how)
    if what == "compile":
        again = seconds(simulator, chunk, given, 31, how)
        return {"compile": first - again, "first_month": first}
    runs = REPEATS if how == "expected" else 1
    best = min(seconds(simulator, chunk, given, given.days, how) for _ in range(runs))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    got = {"per_member": best / members, "peak": peak}
    if how == "expected":
        got |= {"day": best / given.days, "bound": bound(simulator.model, members)}
    return got


def alone(what: str, members: int, cache: str) -> dict[str, float]:
    """The same in a process of its own, on one core."""
    one = {k: "1" for k in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")}
    flags = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    env = {**os.environ, **one, "XLA_FLAGS": flags, "CAUDAL_CACHE": cache}
    pin = ["taskset", "-c", "0"] if shutil.which("taskset") else []
    command = [*pin, sys.executable, __file__, what, str(members)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def help_seconds() -> float:
    """`caudal --help`, the best of five."""
    command = [
        sys.executable,
        "-c",
        "from caudal.cli import main; raise SystemExit(main(['--help']))",
    ]
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        times.append(time.perf_counter() - begun)
    return min(times)


def main() -> None:
    """Measure everything and write the table, whole or not at all."""
    rows: list[tuple[str, float, str]] = [("help", help_seconds(), "s")]
    with tempfile.TemporaryDirectory() as cache:
        rows.append(("compile, cold", alone("compile", 16, cache)["compile"], "s"))
        rows.append(("compile, from the cache", alone("compile", 16, cache)["compile"], "s"))
        for how in ("expected", "sampled"):
            for members in CHUNKS if how == "expected" else CHUNKS[:-1]:
                got = alone(how, members, cache)
                name = f"{how}, chunk of {members}"
                rows.append((name, got["per_member"], "s per member, full history"))
                rows.append((f"{name}, peak memory", got["peak"], "GiB"))
                if "bound" in got:
                    ratio = got["day"] / got["bound"]
                    rows.append((f"{name}, a day over its lower bound", ratio, "ratio"))
    write_measures(TABLE, f"{machine()}, one used", rows)
    for name, value, unit in rows:
        print(f"{name:32} {value:8.3f} {unit}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
    else:
        main()
