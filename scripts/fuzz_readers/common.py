"""What the lists of readers share: a reader under trial, and the ways to make one of a function."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CORRIDOR = ROOT / "src" / "caudal" / "corridor"
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "unit")]


@dataclass(frozen=True)
class Reader:
    """A reader under trial.

    kind   how its inputs are spoilt (`fuzz_mutate.KINDS`); seeds: whole documents
    read   takes the bytes; share: of all inputs, in parts of the sum
    """

    name: str
    kind: str
    seeds: list[bytes]
    read: Callable[[bytes], Any]
    share: float


class Faulty(Exception):
    """An outcome that is none: a 5xx answer, or the command line's "fault of Caudal's"."""


_PLACE: list[Path] = []
PREFIX = "caudal-fuzz-"


def place() -> Path:
    """A folder in memory, of this process; it goes with it, and those of killed ones go now."""
    if not _PLACE:
        from caudal.compute.files import alive

        at = Path("/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir())
        for left in at.glob(f"{PREFIX}*"):
            number = left.name.removeprefix(PREFIX).partition("-")[0]
            if number.isdigit() and not alive(int(number)):
                shutil.rmtree(left, ignore_errors=True)
        made, owner = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=at)), os.getpid()

        def put_away() -> None:
            if os.getpid() == owner:  # a child that ends takes nothing from its parent
                shutil.rmtree(made, ignore_errors=True)

        atexit.register(put_away)
        _PLACE.append(made)
    return _PLACE[0]


def by_file(name: str, read: Callable[[Path], Any]) -> Callable[[bytes], Any]:
    """A reader of a path as a reader of bytes."""

    def of(data: bytes) -> Any:
        path = place() / name
        path.write_bytes(data)
        return read(path)

    return of


def by_text(read: Callable[[str], Any]) -> Callable[[bytes], Any]:
    """A reader of text; bytes that are none come as surrogates, as a command line gives them."""
    return lambda data: read(data.decode("utf-8", "surrogateescape"))


def files(folder: Path, pattern: str) -> list[bytes]:
    """The bytes of the files that fit a pattern, by name."""
    return [path.read_bytes() for path in sorted(folder.glob(pattern))]


def first(data: bytes, mark: bytes, number: int) -> bytes:
    """A document's first parts: what follows repeats them."""
    parts = data.split(mark)
    return mark.join(parts[:number]) + b"\n" if len(parts) > number else data
