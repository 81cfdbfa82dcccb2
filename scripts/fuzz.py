"""Spoilt inputs for every reader and loader: none may crash it, hang it or eat the memory.

    python scripts/fuzz.py [--inputs 1000000] [--seed 0] [--only WORD,…] [--write]
                           [--seconds S] [--engine own|atheris]

Each reader (`fuzz_readers`) is given real documents, spoilt (`fuzz_mutate`). It may give a value or
raise CaudalError; the rest is a fault: another exception, more than SECONDS of CPU for one input,
memory beyond what the process had and MEMORY, a process that dies. With Atheris (`fuzz_atheris`)
libFuzzer watches which lines an input reaches and keeps those that reach new ones.

Columns of docs/results/fuzz.csv: reader, engine, inputs, values, refused, faults, slowest_ms, seconds,
edges (of Caudal's code that were reached, Atheris alone), code_version, on (day).
The first input of each fault is kept under build/fuzz. Exit status 1 where there is a fault.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import mmap
import os
import random
import resource
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import csv_tables
import fuzz_atheris
import fuzz_mutate

ROOT = Path(__file__).resolve().parents[1]
TABLE, KEPT = ROOT / "docs" / "results" / "fuzz.csv", ROOT / "build" / "fuzz"
SECONDS, MEMORY, LONGEST = 5.0, 1_500_000_000, 200_000
COUNTS = ("inputs", "values", "refused", "faults", "slowest_ms", "seconds")
COLUMNS = ("reader", "engine", *COUNTS, "edges", "code_version", "on")


class Hang(BaseException):
    """One input took too long; no Exception, so that no reader can take it for one of its own."""


class Trial:
    """One reader under trial: gives it inputs, keeps count, tells faults apart by where they arose."""

    def __init__(self, reader: Any, engine: str, seed: int) -> None:
        self.reader: Any = reader
        self.row: dict[str, Any] = {"reader": reader.name, "engine": engine}
        self.row |= dict.fromkeys(COUNTS, 0)
        self.faults: dict[str, str] = {}
        self.rng = random.Random(f"{seed} {reader.name}")
        self.pool = [seed for seed in reader.seeds if len(seed) <= LONGEST]
        self.began, self.slowest = time.monotonic(), 0.0
        KEPT.mkdir(parents=True, exist_ok=True)
        self.slug = "".join(c if c.isalnum() else "-" for c in reader.name)
        self.told = KEPT / f"{self.slug}.{engine}.json"
        with (KEPT / f"{self.slug}.{engine}.now").open("w+b") as file:
            file.truncate(LONGEST + 8)
            self.now = mmap.mmap(file.fileno(), LONGEST + 8)

    def spoilt(self) -> bytes:
        """Another input."""
        seed = self.rng.choice(self.pool)
        made = fuzz_mutate.mutate(seed, self.reader.kind, self.rng, self.rng.choice(self.pool))
        return made[:LONGEST]

    def give(self, data: bytes) -> None:
        """Give the reader one input and judge what it does."""
        from caudal.errors import CaudalError

        data = data[:LONGEST]
        self.now[: 8 + len(data)] = len(data).to_bytes(8, "little") + data
        self.row["inputs"] += 1
        began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            self.reader.read(data)
            self.row["values"] += 1
        except CaudalError:
            self.row["refused"] += 1
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as fault:
            self.fault(fault, data)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        took = time.process_time() - began
        if took > self.slowest:
            self.slowest = took
            (KEPT / f"{self.slug}.slowest").write_bytes(data)

    def fault(self, fault: BaseException, data: bytes) -> None:
        """Count a fault; tell and keep the first from each place."""
        self.row["faults"] += 1
        ours = [f for f in traceback.extract_tb(fault.__traceback__) if "caudal" in f.filename]
        at = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
        name = f"{type(fault).__name__} at {at}"
        if name not in self.faults:
            path = KEPT / f"{self.slug}-{hashlib.sha256(data).hexdigest()[:10]}.bin"
            path.write_bytes(data)
            self.faults[name] = f"{str(fault)[:160]} ({path.name})"
            self.keep()

    def keep(self) -> None:
        """Leave what is known so far, for whoever started this process."""
        self.row["slowest_ms"] = round(1000 * self.slowest)
        self.row["seconds"] = round(time.monotonic() - self.began, 1)
        self.told.write_text(json.dumps({"row": self.row, "faults": self.faults}))


def bounded() -> None:
    """Bound the memory of this process, and the time of each input."""
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))

    def late(*_: object) -> None:
        raise Hang

    signal.signal(signal.SIGPROF, late)
    warnings.simplefilter("ignore")
    os.environ["COLUMNS"] = "80"


def own(trial: Trial, inputs: int, seconds: int) -> None:
    """Our mutations alone, of whole documents; seconds: where it ends in any case, 0: never."""
    for seed in trial.pool:
        trial.give(seed)
    until = time.monotonic() + seconds
    while trial.row["inputs"] < inputs and not (seconds and time.monotonic() > until):
        trial.give(trial.spoilt())
        if trial.row["inputs"] % 500 == 0:
            trial.keep()
    trial.keep()


def in_child(reader: Any, engine: str, inputs: int, seconds: int, seed: int) -> dict[str, Any]:
    """Try one reader in a process of its own, whose death is a fault, too."""
    trial = Trial(reader, engine, seed)
    trial.keep()
    child = os.fork()
    if child == 0:
        try:
            bounded()
            if engine == "atheris":
                fuzz_atheris.guided(trial, inputs, seconds, seed, LONGEST)
            own(trial, inputs, seconds)
        except KeyboardInterrupt:
            os._exit(130)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    try:
        _, status = os.waitpid(child, 0)
    except BaseException:  # stopped from outside: the child is, too
        os.kill(child, signal.SIGKILL)
        raise
    told = json.loads(trial.told.read_text())
    if engine == "atheris":
        told["row"]["edges"] = fuzz_atheris.edges(trial)
    if status:
        size = int.from_bytes(trial.now[:8], "little")
        path = KEPT / f"{trial.slug}-died.bin"
        path.write_bytes(trial.now[8 : 8 + size])
        told["row"]["faults"] += 1
        told["faults"][f"process died ({status})"] = path.name
    return told


def chosen(only: str) -> list[Any]:
    """The readers that are asked for: by group, or by a part of their names; empty: all."""
    import fuzz_readers
    from fuzz_readers.common import place

    place()  # of this process: children end without a word, and would leave theirs behind
    words = only.split(",") if only else []
    out = []
    for group, make in fuzz_readers.GROUPS.items():
        by_name = [word for word in words if word not in fuzz_readers.GROUPS]
        if words and group not in words and not by_name:
            continue
        whole = not words or group in words
        out += [r for r in make() if whole or any(word in r.name for word in by_name)]
    return out


def main(words: Sequence[str] | None = None) -> int:
    """Try the readers and tell."""
    parse = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parse.add_argument("--inputs", type=int, default=1_000_000)
    parse.add_argument("--seconds", type=int, help="in all: ends there, however few the inputs")
    parse.add_argument("--seed", type=int, default=0)
    parse.add_argument("--only", default="", help="groups, or parts of the readers' names: a,b")
    parse.add_argument("--engine", choices=("own", "atheris"), default="own")
    parse.add_argument("--write", action="store_true", help=f"add the rows to {TABLE.name}")
    asked = parse.parse_args(words)
    # ended from outside, it puts its folder away as well (see `fuzz_readers.common.place`)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with fuzz_atheris.watched() if asked.engine == "atheris" else nullcontext():
        # also what readers import when they are made: most is
        readers = chosen(asked.only)
    from caudal.compute.code import code_version

    when = {"code_version": code_version(), "on": f"{datetime.now(UTC):%Y-%m-%d}"}
    whole, rows, bad = sum(reader.share for reader in readers), [], 0
    seconds = asked.seconds and max(1, asked.seconds // max(1, len(readers)))
    for reader in readers:
        inputs = max(20, int(asked.inputs * reader.share / whole))
        told = in_child(reader, asked.engine, inputs, seconds or 0, asked.seed)
        rows.append(told["row"] | when)
        print(", ".join(f"{k} {v}" for k, v in told["row"].items()), flush=True)
        for name, what in told["faults"].items():
            bad += 1
            print(f"    {name}: {what}", flush=True)
        if asked.write:
            csv_tables.renew(TABLE, COLUMNS, rows[-1:], by=COLUMNS[:2])
    print(f"{sum(r['inputs'] for r in rows):,} inputs, {bad} different faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
