"""Spoilt inputs for every reader and loader: none may crash it, hang it or eat the memory.

    python scripts/fuzz.py [--inputs 1000000] [--seed 0] [--only WORD] [--engine own|atheris] [--write]

Each reader (`fuzz_readers`) is given real documents, spoilt (`fuzz_mutate`). It may give a value or
raise CaudalError; the rest is a fault: another exception, more than SECONDS of CPU for one input,
memory beyond what the process had and MEMORY, a process that dies. With Atheris (`pip install atheris`,
Linux) libFuzzer watches which lines an input reaches and keeps those that reach new ones.

Columns of docs/results/fuzz.csv: reader, engine, inputs, values, refused, faults, slowest_ms, seconds.
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
from pathlib import Path
from typing import Any

import csv_tables
import fuzz_mutate

ROOT = Path(__file__).resolve().parents[1]
TABLE, KEPT = ROOT / "docs" / "results" / "fuzz.csv", ROOT / "build" / "fuzz"
SECONDS, MEMORY, LONGEST = 5.0, 1_500_000_000, 200_000
COLUMNS = ("reader", "engine", "inputs", "values", "refused", "faults", "slowest_ms", "seconds")


class Hang(BaseException):
    """One input took too long; no Exception, so that no reader can take it for one of its own."""


class Trial:
    """One reader under trial: gives it inputs, keeps count, tells faults apart by where they arose."""

    def __init__(self, reader: Any, engine: str, seed: int) -> None:
        self.reader, self.row = reader, dict.fromkeys(COLUMNS, 0)
        self.row |= {"reader": reader.name, "engine": engine}
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


def own(trial: Trial, inputs: int) -> None:
    """Our mutations alone, of whole documents."""
    for seed in trial.pool:
        trial.give(seed)
    while trial.row["inputs"] < inputs:
        trial.give(trial.spoilt())
        if trial.row["inputs"] % 500 == 0:
            trial.keep()
    trial.keep()


def guided(trial: Trial, inputs: int, seed: int) -> None:
    """libFuzzer's choice of inputs; half of its mutations are ours. Does not return."""
    import atheris

    corpus = KEPT / f"{trial.slug}.corpus"
    corpus.mkdir(exist_ok=True)
    for number, one in enumerate(trial.pool):
        (corpus / f"seed-{number}").write_bytes(one)

    def mutate(data: bytes, most: int, number: int) -> bytes:
        rng = random.Random(number)
        if rng.random() < 0.5 or not data:
            return atheris.Mutate(data, most)
        return fuzz_mutate.mutate(data, trial.reader.kind, rng, rng.choice(trial.pool))[:most]

    def give(data: bytes) -> None:
        trial.give(data)
        if trial.row["inputs"] % 500 == 0 or trial.row["inputs"] >= inputs - 2:
            trial.keep()

    longest = max(4096, 2 * max(map(len, trial.pool)))
    options = [f"-runs={inputs}", f"-seed={seed + 1}", f"-max_len={min(LONGEST, longest)}"]
    quiet = [
        "-handle_alrm=0",
        "-timeout=600",
        "-rss_limit_mb=0",
        "-verbosity=0",
        "-print_final_stats=0",
    ]
    atheris.Setup(["fuzz", *options, *quiet, str(corpus)], give, custom_mutator=mutate)
    atheris.Fuzz()


def in_child(reader: Any, engine: str, inputs: int, seed: int) -> dict[str, Any]:
    """Try one reader in a process of its own, whose death is a fault, too."""
    trial = Trial(reader, engine, seed)
    trial.keep()
    child = os.fork()
    if child == 0:
        try:
            bounded()
            guided(trial, inputs, seed) if engine == "atheris" else own(trial, inputs)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    told = json.loads(trial.told.read_text())
    if status:
        size = int.from_bytes(trial.now[:8], "little")
        path = KEPT / f"{trial.slug}-died.bin"
        path.write_bytes(trial.now[8 : 8 + size])
        told["row"]["faults"] += 1
        told["faults"][f"process died ({status})"] = path.name
    return told


def main() -> int:
    """Try the readers and tell."""
    parse = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parse.add_argument("--inputs", type=int, default=1_000_000)
    parse.add_argument("--seed", type=int, default=0)
    parse.add_argument("--only", default="", help="group, or a part of the readers' names")
    parse.add_argument("--engine", choices=("own", "atheris"), default="own")
    parse.add_argument("--write", action="store_true", help=f"add the rows to {TABLE.name}")
    asked = parse.parse_args()
    if asked.engine == "atheris":
        import atheris

        with atheris.instrument_imports(include=["caudal"]):
            import fuzz_readers
    else:
        import fuzz_readers
    groups = fuzz_readers.GROUPS
    wanted = {asked.only: groups[asked.only]} if asked.only in groups else groups
    readers = [reader for make in wanted.values() for reader in make()]
    if asked.only not in groups:
        readers = [reader for reader in readers if asked.only in reader.name]
    whole, rows, bad = sum(reader.share for reader in readers), [], 0
    for reader in readers:
        told = in_child(
            reader, asked.engine, max(20, int(asked.inputs * reader.share / whole)), asked.seed
        )
        rows.append(told["row"])
        print(", ".join(f"{k} {v}" for k, v in told["row"].items()), flush=True)
        for name, what in told["faults"].items():
            bad += 1
            print(f"    {name}: {what}", flush=True)
    print(f"{sum(r['inputs'] for r in rows):,} inputs, {bad} different faults")
    if asked.write:
        csv_tables.renew(TABLE, COLUMNS, rows, by=COLUMNS[:2])
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
