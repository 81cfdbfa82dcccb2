"""Faults that are no kills, of a command that works on files: disk, store, bytes, clock, directory."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import faults_child
import faults_rows
from faults_worlds import Command, other_backtest

TRIALS, QUICK = 3, ("fit, made up", "backtest")
Fault = Callable[[Command, Any, random.Random, Path, "Counter[str]"], None]


def trials(
    command: Command, quiet: Any, rng: random.Random, home: Path, tell: faults_rows.Tell
) -> list[dict[str, Any]]:
    """Rows of the table, one a fault."""
    made = []
    for name, fault in FAULTS.items():
        counts: Counter[str] = Counter()
        for number in range(TRIALS if command.name in QUICK else 1):
            place = home / f"{name.split()[0]}-{number}-{command.name.replace(', ', '-')}"
            fault(command, quiet, rng, place, counts)
            shutil.rmtree(place, ignore_errors=True)
        if not counts["trials"]:
            continue
        made.append(faults_rows.row(command.name, name, counts))
        tell(made)
    return made


def judged(
    command: Command,
    quiet: Any,
    place: Path,
    counts: Counter[str],
    ended: faults_child.Ended,
    earlier: Any = None,
) -> None:
    """Count one trial whose command has ended, then leave it alone once and compare."""
    counts["trials"] += 1
    if ended.clear:
        counts["refused"] += 1
    elif ended.status != 0:
        counts["unclear"] += 1
        print(f"    {command.name}: {ended.status} {ended.said[-600:]}", flush=True)
    if place.exists() and (
        wrong := faults_rows.differ(command.prints(place), quiet.prints, earlier or {})
    ):
        counts["wrong"] += 1
        print(f"    {command.name}: wrong {wrong}", flush=True)
    if not place.exists():
        command.before(place)
    again = faults_child.forked(command.words(place), place, command.world)
    same = again.status == 0 and command.prints(place) == quiet.prints
    counts["resumed" if same else "lost"] += 1
    if not same:
        print(f"    {command.name}: not resumed, {again.status} {again.said[-600:]}", flush=True)


@contextmanager
def mounted(place: Path, size: int) -> Iterator[None]:
    """A file system of its own, so small; needs root."""
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def full(
    command: Command, quiet: Any, rng: random.Random, place: Path, counts: Counter[str]
) -> None:
    """The disk is full at a random size; then there is room again."""
    if os.geteuid():
        return
    size = 4096 * max(2, int(rng.uniform(0.05, 0.9) * quiet.largest / 4096))
    with mounted(place, size):
        ended = faults_child.forked(command.words(place), place, command.world)
        subprocess.run(["mount", "-o", "remount,size=200m", str(place)], check=True)
        judged(command, quiet, place, counts, ended)


def read_only(
    command: Command, quiet: Any, rng: random.Random, place: Path, counts: Counter[str]
) -> None:
    """The store cannot be written; then it can."""
    if os.geteuid():
        return
    with mounted(place, 200_000_000):
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        ended = faults_child.forked(command.words(place), place, command.world)
        if ended.status == 0:
            counts["wrong"] += 1
        subprocess.run(["mount", "-o", "remount,rw", str(place)], check=True)
        judged(command, quiet, place, counts, ended)


def spoilt(
    command: Command, quiet: Any, rng: random.Random, place: Path, counts: Counter[str]
) -> None:
    """Bytes of every kept file are flipped: each is found out, and made anew."""
    command.before(place)
    faults_child.forked(command.words(place), place, command.world)
    for path in sorted(p for p in place.rglob("*") if p.is_file()):
        spoil(path, rng, cut=rng.random() < 0.3)
    # a run's finished folder is not read
    earlier = command.prints(place) if command.name.startswith("run") else {}
    judged(command, quiet, place, counts, faults_child.Ended(0, "", 0.0), earlier)


def spoil(path: Path, rng: random.Random, cut: bool) -> None:
    """Flip three bytes of a file; `cut`: and take away its end."""
    data = bytearray(path.read_bytes())
    for _ in range(3):
        data[rng.randrange(len(data))] ^= rng.randrange(1, 256)
    if cut:
        del data[rng.randrange(len(data)) :]
    path.write_bytes(data)


def spoilt_chunks(pattern: str, cut: bool) -> Fault:
    """A fault: what a killed run had kept of its members, of such a name, is spoilt."""

    def fault(
        command: Command, quiet: Any, rng: random.Random, place: Path, counts: Counter[str]
    ) -> None:
        if command.name != "run, ahead":  # others keep no chunks
            return
        command.before(place)

        def act(count: int) -> None:
            if any(place.rglob("[!.]*.npz")):
                os.killpg(0, signal.SIGKILL)

        inside = faults_child.watching(place, act)
        faults_child.forked(command.words(place), place, command.world, inside=inside)
        for path in (found := sorted(place.rglob(pattern))):
            spoil(path, rng, cut)
        if not found:
            raise SystemExit(f"{command.name}: the kill left no {pattern}")
        ended = faults_child.forked(command.words(place), place, command.world)
        judged(command, quiet, place, counts, ended)

    return fault


def turned(
    command: Command, quiet: Any, rng: random.Random, place: Path, counts: Counter[str]
) -> None:
    """The clock jumps to and fro by years, again and again."""
    command.before(place)

    def inside() -> None:
        real, jumps = time.time, random.Random(rng.random())
        time.time = lambda: real() + jumps.choice((-1, 0, 1)) * jumps.uniform(0, 3e8)

    ended = faults_child.forked(command.words(place), place, command.world, inside=inside)
    judged(command, quiet, place, counts, ended)


def removed(
    command: Command, quiet: Any, rng: random.Random, place: Path, counts: Counter[str]
) -> None:
    """The directory goes away in the middle."""
    command.before(place)
    at = rng.randint(1, quiet.operations)

    def act(count: int) -> None:
        if count == at:
            shutil.rmtree(place, ignore_errors=True)

    inside = faults_child.watching(place, act)
    ended = faults_child.forked(command.words(place), place, command.world, inside=inside)
    judged(command, quiet, place, counts, ended)


def replaced(
    command: Command, quiet: Any, rng: random.Random, place: Path, counts: Counter[str]
) -> None:
    """Killed while it replaces what an earlier one left: the earlier, the later, or a refusal."""
    if command.name == "backtest":
        other_backtest(place)
    else:
        command.before(place)
    faults_child.forked(command.words(place), place, command.world)
    earlier = command.prints(place)
    (place / "other").unlink(missing_ok=True)
    shutil.rmtree(place / "work", ignore_errors=True)
    act = faults_child.kill_at(rng.randint(max(1, quiet.operations // 2), quiet.operations))
    ended = faults_child.forked(
        command.words(place), place, command.world, inside=faults_child.watching(place, act)
    )
    if ended.status == 0:
        return
    judged(command, quiet, place, counts, faults_child.Ended(0, "", 0.0), earlier)


FAULTS: dict[str, Fault] = {
    "flipped chunk of members": spoilt_chunks("members-*.npz", cut=False),
    "cut chunk of members": spoilt_chunks("members-*.npz", cut=True),
    "flipped labels of members": spoilt_chunks("variables.nc", cut=False),
    "full disk": full, "read-only store": read_only, "flipped bytes": spoilt,
    "turned clock": turned, "directory removed": removed, "killed over an earlier result": replaced,
}  # fmt: skip
