"""How cost grows: with people, groups, stocks, days, members and workers.

    python benchmarks/growth.py [--quick]        (or: make bench-peers)

One model, a chain of stocks as in `peers/workloads.json` with groups beside one another, and one
quantity at a time changed from where it usually stands. Processor seconds of warm runs on one core (the
best of a few); workers are whole runs of an ensemble by the clock. Writes
benchmarks/results/growth.csv and docs/images/growth.svg.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(HERE / "peers" / "adapters")]
os.environ.setdefault(
    "XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
)

import numpy as np  # noqa: E402
from common import BACK, FORWARD, WORKLOADS  # noqa: E402
from record import load, machine, version, write  # noqa: E402

from caudal.compute.cache import enable  # noqa: E402

enable()

from caudal.engine.declare import Flow, Stock, Tally, mechanism  # noqa: E402
from caudal.engine.forcing import Forcing  # noqa: E402
from caudal.engine.graph import Model  # noqa: E402
from caudal.engine.simulate import Chunk, Simulator  # noqa: E402
from caudal.engine.state import State  # noqa: E402

TABLE = HERE / "results" / "growth.csv"
PICTURE = ROOT / "docs" / "images" / "growth.svg"
USUAL = {"people": 1_000_000, "groups": 16, "stocks": 12, "days": 365, "members": 16}
"""What does not change while something else does."""
TRIED = {
    "people": (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000),
    "groups": (1, 4, 16, 64, 256),
    "stocks": (6, 12, 24, 48, 96),
    "days": (91, 182, 365, 730, 1461),
    "members": (1, 4, 16, 64, 256),
}
WORKERS = (1, 2)
COLUMNS = (
    "grows", "value", "how", "seconds", "per_cell_day_ns", "machine", "load", "code", "date",
)  # fmt: skip
BEST_OF = 3


def chain(stocks: int, groups: int) -> Model:
    """Stocks in a row, each group on its own way; hazards are parameters."""
    names = [f"s{i}" for i in range(stocks)]
    pairs = list(pairwise(names))
    flows = [Flow(a, b) for a, b in pairs] + [Flow(b, a) for a, b in pairs]
    ones = np.ones((1, groups, 1), np.float32)

    @mechanism(
        flows=(Flow("outside", names[0]), *flows), parameters=("forward_per_day", "back_per_day")
    )
    def walk(now: Any, p: Any) -> dict[str, Any]:
        on, back = p["forward_per_day"] * ones, p["back_per_day"] * ones
        out = {f.name: on for f in flows[: len(pairs)]}
        out |= {f.name: back for f in flows[len(pairs) :]}
        return out | {f"outside → {names[0]}": 0.0 * ones}

    tallies = (Tally("arrived", "people who reach the end", (flows[len(pairs) - 1].name,)),)
    return Model(tuple(Stock(n, n) for n in names), (walk,), tallies, groups, {})


class Case:
    """A model and its members, ready to run."""

    def __init__(self, people: int, groups: int, stocks: int, days: int, members: int) -> None:
        self.engine = Simulator(chain(stocks, groups))
        self.forcing = Forcing(date.fromisoformat(WORKLOADS["start"]), days, law={})
        p = {"forward_per_day": FORWARD, "back_per_day": BACK}
        wide = {k: np.full(members, v, np.float32) for k, v in p.items()}
        self.chunk, self.days, self.members = Chunk(np.arange(members), wide, {}), days, members
        start = self.engine.start(members)
        there = start.carry.people.copy()
        there[0] = people // groups
        self.start = State(start.carry._replace(people=there), start.ended, start.day)
        self.cell_days = groups * stocks * days * members

    def run(self, how: str) -> State:
        """The whole stretch; everybody must still be there."""
        state, _ = self.engine.advance(
            self.start, self.chunk, self.forcing, self.days, 1, how  # type: ignore[arg-type]
        )  # fmt: skip
        return state


def best(run: Callable[[], object]) -> float:
    """Processor seconds of a warm run, the least of a few."""
    run()
    used = []
    for _ in range(BEST_OF):
        begun = time.process_time()
        run()
        used.append(time.process_time() - begun)
    return min(used)


def curve(grows: str, values: Sequence[int]) -> list[dict[str, Any]]:
    """One row a value and sampler."""
    rows = []
    for value in values:
        case = Case(**(USUAL | {grows: value}))
        for how in ("expected", "sampled"):
            seconds = best(lambda c=case, h=how: c.run(h))
            cell = 1e9 * seconds / case.cell_days
            rows.append(row(grows, value, how, seconds, f"{cell:.3g}"))
    return rows


def workers() -> list[dict[str, Any]]:
    """An ensemble in chunks on several threads, as the default engine runs it, by the clock."""
    from concurrent.futures import ThreadPoolExecutor

    rows, case = [], Case(**(USUAL | {"members": 16}))
    for how in ("expected", "sampled"):
        case.run(how)
        for number in WORKERS:
            with ThreadPoolExecutor(number) as pool:
                begun = time.perf_counter()
                list(pool.map(lambda _, h=how: case.run(h), range(8)))
                seconds = time.perf_counter() - begun
            rows.append(row("workers", number, how, seconds, ""))
    return rows


def row(grows: str, value: int, how: str, seconds: float, cell: str) -> dict[str, Any]:
    """A row of the table."""
    print(f"{grows:<8} {value:>10} {how:<9} {seconds:10.4f} s", flush=True)
    return {
        "grows": grows, "value": value, "how": how, "seconds": f"{seconds:.4g}",
        "per_cell_day_ns": cell, "machine": f"{machine()}, one used", "load": load(),
        "code": version(), "date": date.today().isoformat(),
    }  # fmt: skip


def main(quick: bool = False) -> None:
    """Measure every curve, write the table and the picture."""
    rows = [
        r for grows, values in TRIED.items() for r in curve(grows, values[: 3 if quick else None])
    ]
    rows += workers()
    write(TABLE, COLUMNS, rows)
    import growth_picture

    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(growth_picture.svg(rows), encoding="utf-8")


if __name__ == "__main__":
    main("--quick" in sys.argv)
