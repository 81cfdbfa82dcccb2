"""The readers of `fuzz`, with inputs that libFuzzer chooses by the lines of Caudal that they reach.

    python -m venv --system-site-packages build/atheris
    build/atheris/bin/pip install atheris
    build/atheris/bin/python scripts/fuzz_atheris.py [--seconds 600] [--only documents] [--write]

Atheris (https://github.com/google/atheris; Linux, Python 3.11 to 3.13) is no dependency of Caudal: it
is needed here alone. Judge, limits, table and options are those of `scripts/fuzz.py`, of which this is
`--engine atheris`; three mutations of four are those of `fuzz_mutate`. `--seconds` are shared evenly
among the readers. What reached new lines stays under build/fuzz: there the next trial begins.
"""

from __future__ import annotations

import os
import random
import re
import sys
import time
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any

import fuzz_mutate

UNWATCHED = ["caudal.engine", "caudal.learn"]
"""No readers: Numba and JAX compile these, and can do so only as they are written."""


def _atheris() -> Any:
    try:
        return import_module("atheris")
    except ModuleNotFoundError:
        raise SystemExit(f"Atheris is not installed here\n\n{__doc__}") from None


def watched() -> AbstractContextManager[Any]:
    """Within it, modules of Caudal are imported so that Atheris sees which lines are reached."""
    return _atheris().instrument_imports(include=["caudal"], exclude=UNWATCHED)


def guided(trial: Any, inputs: int, seconds: int, seed: int, longest: int) -> None:
    """Give a reader libFuzzer's choice of inputs, so many or for so long. Does not return."""
    atheris = _atheris()
    corpus = said(trial).with_suffix("")
    corpus.mkdir(exist_ok=True)
    for number, one in enumerate(trial.pool):
        (corpus / f"seed-{number}").write_bytes(one)

    def mutate(data: bytes, most: int, number: int) -> bytes:
        rng = random.Random(number)
        if rng.random() < 0.25 or not data:
            return atheris.Mutate(data, most)
        return fuzz_mutate.mutate(data, trial.reader.kind, rng, rng.choice(trial.pool))[:most]

    kept = time.monotonic()

    def give(data: bytes) -> None:
        nonlocal kept
        trial.give(data)
        # libFuzzer ends the process itself: what is known must have been told by then
        if (now := time.monotonic()) > kept + 0.2 or trial.row["inputs"] >= inputs - 2:
            trial.keep()
            kept = now

    fits = min(longest, max(4096, 2 * max(map(len, trial.pool))))
    options = [f"-runs={inputs}", f"-max_total_time={seconds}", f"-seed={seed + 1}"]
    # one mutation at a time: five on top of one another leave little that a reader takes
    limits = [
        "-mutate_depth=1",
        f"-max_len={fits}",
        "-handle_alrm=0",
        "-timeout=600",
        "-rss_limit_mb=0",
    ]
    with said(trial).open("wb") as file:  # what libFuzzer says of the edges that it has seen
        os.dup2(file.fileno(), 2)
    atheris.Setup(["fuzz", *options, *limits, str(corpus)], give, custom_mutator=mutate)
    atheris.Fuzz()


def said(trial: Any) -> Path:
    """Where libFuzzer's own words about a reader go."""
    return trial.told.with_name(f"{trial.slug}.corpus.log")


def edges(trial: Any) -> int | str:
    """Edges of Caudal's code that a guided trial reached; empty where libFuzzer told none."""
    try:
        found = re.findall(rb"cov: (\d+)", said(trial).read_bytes())
    except FileNotFoundError:
        return ""
    return int(found[-1]) if found else ""


if __name__ == "__main__":
    import fuzz

    sys.exit(fuzz.main(["--engine", "atheris", *sys.argv[1:]]))
