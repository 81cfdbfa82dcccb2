"""Kill commands at random points, and spoil what they stand on: nothing half-written is read as whole.

    python scripts/faults.py [--kills 200] [--seed 0] [--only WORD] [--write]

A quiet run of each command gives the reference. Then, in a place of its own each time, the command is
killed (-9, its whole process group) again and again: at a random moment, at a random operation on a
file, or in the middle of a write. After each kill what the readers find there must be absent or equal
to the reference; in the end the command is left alone, and all must be equal, byte for byte. Commands
are forked from a process that has imported them, so that a kill hits work rather than imports.

The other faults (`faults_other`): a full disk, a read-only store, flipped bytes, a turned clock, a
data directory that goes away, a database that is lost or away. `faults_serve`: the server.

Columns of docs/results/faults.csv: command, fault, trials, resumed (equal to the reference once left
alone), refused (one clear error, exit status 2), lost, wrong, unclear (any other message or status),
code_version, on (day).
Exit status 1 where something was lost, wrong or unclear.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faults_worlds
from faults_child import MOST_KILLS, Ended, cut_at, exited, forked, kill_at, killed, watching
from faults_rows import TABLE, Tell, differ, keep, row
from faults_worlds import COMMANDS, Command, Prints

KILLS = ("moment", "operation", "write")


@dataclass(frozen=True)
class Reference:
    """A quiet run: what it left, seconds, operations on files, bytes of its largest file."""

    prints: Prints
    seconds: float
    operations: int
    largest: int


def reference(command: Command, home: Path) -> Reference:
    """Run a command quietly, twice: the second run must leave the same."""
    made, operations, seconds = [], 0, 0.0
    for number in range(2):
        place = home / f"reference-{number}-{command.name.replace(', ', '-')}"
        command.before(place)
        told = place.parent / f"{place.name}.count"
        inside = watching(place, lambda n, told=told: told.write_text(str(n)) and None)
        ended = forked(command.words(place), place, command.world, inside=inside)
        if ended.status:
            raise SystemExit(
                f"{command.name}: the quiet run ended with {ended.status}\n{ended.said}"
            )
        operations, seconds = int(told.read_text()), ended.seconds
        made.append(command.prints(place))
    if made[0] != made[1]:
        raise SystemExit(f"{command.name}: two quiet runs differ")
    largest = max(p.stat().st_size for p in place.rglob("*") if p.is_file())
    return Reference(made[0], seconds, operations, largest)


def kills(
    command: Command, quiet: Reference, number: int, rng: random.Random, home: Path, tell: Tell
) -> list[dict[str, Any]]:
    """Rows of the table: kills of each kind; `tell` is given them each time a place is done with."""
    rows = {kind: Counter[str]() for kind in KILLS}
    made: list[dict[str, Any]] = []
    done, chain = 0, 0
    seconds = quiet.seconds
    while done < number:
        chain += 1
        place = home / f"kill-{chain}-{command.name.replace(', ', '-')}"
        command.before(place)
        kinds, bad = [], False
        for _ in range(min(MOST_KILLS, number - done)):
            kind = rng.choice(KILLS)
            ended = one_kill(command, quiet, seconds, kind, rng, place)
            if ended.status == 0:  # it was quicker than the kill
                continue
            done += 1
            kinds.append(kind)
            rows[kind]["trials"] += 1
            if ended.status not in (-signal.SIGKILL, -signal.SIGXFSZ):
                rows[kind]["unclear"] += 1
                print(f"    {command.name}, {kind}: {ended.status} {ended.said[-500:]}", flush=True)
            if wrong := differ(command.prints(place), quiet.prints, {}):
                rows[kind]["wrong"] += 1
                bad = True
                print(f"    {command.name}, {kind}: wrong {wrong}", flush=True)
        ended = forked(command.words(place), place, command.world)
        seconds = ended.seconds
        same = ended.status == 0 and command.prints(place) == quiet.prints
        left = [p for p in place.rglob(".*") if p.exists()]
        for kind in kinds:
            rows[kind]["resumed"] += same
            rows[kind]["lost"] += not same
        if not same or left or bad:
            print(
                f"    {command.name}: {ended.status}, left {left} {ended.said[-800:]}", flush=True
            )
            if left and same:
                rows[kinds[-1] if kinds else "moment"]["unclear"] += 1
        shutil.rmtree(place, ignore_errors=True)
        made = [
            row(command.name, f"killed at a random {kind}", counts) for kind, counts in rows.items()
        ]
        tell(made)
    return made


def one_kill(
    command: Command, quiet: Reference, seconds: float, kind: str, rng: random.Random, place: Path
) -> Ended:
    """Start a command and kill it."""
    words = command.words(place)
    if kind == "moment":
        after = rng.uniform(0, 1.05 * seconds)

        def kill(child: int) -> None:
            until = time.monotonic() + after
            while time.monotonic() < until and not exited(child):
                time.sleep(0.005)
            killed(child)

        return forked(words, place, command.world, meanwhile=kill)
    if kind == "operation":
        act = kill_at(rng.randint(1, quiet.operations))
        return forked(words, place, command.world, inside=watching(place, act))
    # many files are small: sizes are drawn on a scale of their orders
    size = int(quiet.largest ** rng.uniform(0.3, 1.0))
    return forked(words, place, command.world, inside=cut_at(size))


SHARES = {
    "run": 0.15, "run, ahead": 0.05, "fit": 0.02, "fit, made up": 0.38, "backtest": 0.25,
    "serve": 0.15, "fit, whole": 0.05,
}  # fmt: skip
"""Of the kills, by command."""
LONG = ("fit, whole",)
"""Tried only where they are asked for by name: each takes hours."""


def main() -> int:
    """Try the commands and tell."""
    parse = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parse.add_argument("--kills", type=int, default=200, help="0: the other faults alone")
    parse.add_argument("--seed", type=int, default=0)
    parse.add_argument("--only", default="", help="a command, or a part of its name")
    parse.add_argument("--no-others", action="store_true", help="kills alone")
    parse.add_argument("--write", action="store_true", help=f"keep the rows in {TABLE.name}")
    asked = parse.parse_args()
    faults_worlds.warm()
    import faults_other
    import faults_serve

    def tell(made: list[dict[str, Any]]) -> None:
        if asked.write:
            keep(made)

    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="caudal-faults-") as folder:
        home = Path(folder)
        for name, share in SHARES.items():
            exactly = asked.only in SHARES or name in LONG
            if asked.only not in name or (exactly and name != asked.only):
                continue
            number = max(1, round(share * asked.kills)) if asked.kills else 0
            rng = random.Random(f"{asked.seed} {name}")
            if name == "serve":
                made = faults_serve.trials(number, rng, home, not asked.no_others, tell)
            else:
                command = COMMANDS[name]
                quiet = reference(command, home)
                print(f"{name}: {quiet.seconds:.1f} s, {quiet.operations} operations", flush=True)
                made = kills(command, quiet, number, rng, home, tell)
                if not asked.no_others:
                    made += faults_other.trials(command, quiet, rng, home, tell)
            for one in made:
                print(", ".join(f"{k} {v}" for k, v in one.items()), flush=True)
            rows += made
    bad = sum(r["lost"] + r["wrong"] + r["unclear"] for r in rows)
    print(f"{sum(r['trials'] for r in rows)} trials, {bad} lost, wrong or unclear")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
