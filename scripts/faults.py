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
alone), refused (one clear error, exit status 2), lost, wrong, unclear (any other message or status).
Exit status 1 where something was lost, wrong or unclear.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faults_worlds
from faults_worlds import COMMANDS, Command, Prints

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "results" / "faults.csv"
COLUMNS = ("command", "fault", "trials", "resumed", "refused", "lost", "wrong", "unclear")
PATIENCE_S = 600.0
WRITES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "shutil.rmtree"}
Tell = Callable[[list[dict[str, Any]]], None]
KILLS = ("moment", "operation", "write")
MOST_KILLS = 4
"""Kills before a place is left alone once."""


@dataclass
class Ended:
    """How a child ended: its exit status (negative: the signal), what it said, seconds it took."""

    status: int
    said: str
    seconds: float

    @property
    def clear(self) -> bool:
        """Whether it ended as a command should that cannot go on: status 2, one line that says why."""
        lines = [line for line in self.said.splitlines() if line.startswith("caudal: ")]
        told = len(lines) >= 1 and "fault of Caudal's" not in self.said
        return self.status == 2 and told and "Traceback" not in self.said


def forked(
    words: list[str],
    place: Path,
    world: Callable[[Path], None],
    *,
    inside: Callable[[], None] | None = None,
    meanwhile: Callable[[int], None] | None = None,
) -> Ended:
    """Run a command line in a child, in a process group of its own, and wait for it.

    inside     done in the child before it begins; meanwhile: done here with the child's number
    """
    log = place.parent / f"{place.name}.log"
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setsid()
            with log.open("wb") as file:
                os.dup2(file.fileno(), 1)
                os.dup2(file.fileno(), 2)
            os.chdir(place.parent)
            world(place)
            if inside is not None:
                inside()
            from caudal.cli import main

            status = main(words)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    if meanwhile is not None:
        meanwhile(child)
    status = waited(child)
    said = log.read_text("utf-8", "replace") if log.exists() else ""
    return Ended(status, said, time.monotonic() - began)


def waited(child: int) -> int:
    """The exit status of a child; one that outlives PATIENCE_S is killed and raises TimeoutError."""
    until = time.monotonic() + PATIENCE_S
    while True:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > until:
            killed(child)
            os.waitpid(child, 0)
            raise TimeoutError(f"process {child} took more than {PATIENCE_S} s")
        time.sleep(0.01)


def killed(child: int) -> None:
    """Kill -9 a child and all that it started."""
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:  # not yet a group of its own, or gone
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def watching(place: Path, act: Callable[[int], None]) -> Callable[[], None]:
    """Before each operation on files under a place that changes something: act(how many so far)."""

    def install() -> None:
        count, under = 0, f"{place}{os.sep}"

        def hook(event: str, given: tuple[Any, ...]) -> None:
            nonlocal count
            if event == "open":
                if not isinstance(given[2], int) or not given[2] & (
                    os.O_WRONLY | os.O_RDWR | os.O_CREAT
                ):
                    return
            elif event not in WRITES:
                return
            if any(
                isinstance(g, (str, os.PathLike)) and str(g).startswith(under) for g in given[:2]
            ):
                count += 1
                act(count)

        sys.addaudithook(hook)

    return install


def kill_at(operation: int) -> Callable[[int], None]:
    """Kill this process group before the n-th operation."""

    def act(count: int) -> None:
        if count == operation:
            os.killpg(0, signal.SIGKILL)

    return act


def cut_at(size: int) -> Callable[[], None]:
    """End the process in the middle of the write that takes a file beyond `size` bytes."""

    def install() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return install


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


def differ(found: Prints, wanted: Prints, earlier: Prints) -> list[str]:
    """What is neither as wanted nor as it was before."""
    return [n for n, p in found.items() if p not in (wanted.get(n), earlier.get(n))]


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


def exited(child: int) -> bool:
    """Whether a child has ended and waits to be asked how."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def row(command: str, fault: str, counts: Counter[str]) -> dict[str, Any]:
    """A row of the table."""
    return {"command": command, "fault": fault, **{c: counts[c] for c in COLUMNS[2:]}}


def keep(rows: list[dict[str, Any]]) -> None:
    """Put rows in the table, in the place of those of the same command and fault."""
    held: dict[tuple[str, str], dict[str, Any]] = {}
    if TABLE.exists():
        with TABLE.open(encoding="utf-8", newline="") as file:
            held = {(r["command"], r["fault"]): r for r in csv.DictReader(file)}
    held |= {(r["command"], r["fault"]): r for r in rows if r["trials"]}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(held.values(), key=lambda r: (r["command"], r["fault"])))


SHARES = {"run": 0.2, "fit": 0.02, "fit, made up": 0.38, "backtest": 0.25, "serve": 0.15}
"""Of the kills, by command."""


def main() -> int:
    """Try the commands and tell."""
    parse = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parse.add_argument("--kills", type=int, default=200)
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
            if asked.only not in name or (asked.only in SHARES and name != asked.only):
                continue
            number, rng = max(1, round(share * asked.kills)), random.Random(f"{asked.seed} {name}")
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
