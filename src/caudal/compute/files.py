"""Several files at once, all of them or none; arrays from files that may be spoilt."""

from __future__ import annotations

import os
import re
import shutil
import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from caudal.errors import CaudalError


class Unreadable(ValueError):
    """What a file holds is not what it should: cut short, spoilt, or another thing altogether."""


def read_arrays(
    path: Path, wanted: Callable[[Sequence[str]], Sequence[str]] = lambda names: names
) -> dict[str, np.ndarray]:
    """Every array of a NumPy file (.npz), by name; each is held against its own checksum.

    wanted  which of the names to read

    Raises FileNotFoundError where there is none, Unreadable for anything that is wrong with it.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in wanted(file.files)}
    except FileNotFoundError:
        raise
    except Exception as broken:  # NumPy, zipfile, zlib and tokenize each have words of their own
        raise Unreadable(f"{type(broken).__name__}: {broken}"[:120]) from broken
    for name, value in arrays.items():
        if not isinstance(value, np.ndarray):
            raise Unreadable(f"{name!r} is no array")
    return arrays


HOST = re.sub(r"[^A-Za-z0-9]", "-", socket.gethostname())[:40]


def beside(path: Path, more: str = "") -> Path:
    """A hidden place beside `path` for what is to take its place; this process alone has it.

    What earlier processes of this machine left there when they were killed is removed.
    """
    start = f".{path.name}.{more}{HOST}-"
    if path.parent.is_dir():
        for one in path.parent.iterdir():
            number = one.name.removeprefix(start).partition("-")[0]
            if one.name.startswith(start) and number.isdigit() and not alive(int(number)):
                if one.is_dir():
                    shutil.rmtree(one, ignore_errors=True)
                else:
                    one.unlink(missing_ok=True)
    return path.with_name(f"{start}{os.getpid()}")


def alive(pid: int) -> bool:
    """Whether a process of this machine is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def write_together(folder: Path, texts: Mapping[str, str], option: str) -> list[Path]:
    """Write texts by path under `folder`, making folders as needed; returns the files' paths.

    Each is first written beside its place; only when all are there do they take their places. Raises
    CaudalError, naming `option`, where that cannot be done; nothing new is left behind then.
    """
    made: list[Path] = []
    staged: list[tuple[Path, Path]] = []
    try:
        for name, text in texts.items():
            place = folder / name
            made += make_folders(place.parent)
            if not place.parent.is_dir():
                found = f"{place.parent} is not a folder"
                raise CaudalError(f"{option} {folder}", found, "a writable folder")
            if place.is_dir():
                raise CaudalError(
                    f"{option} {place}", "a folder is in the way", "a place for a file"
                )
            fresh = beside(place)
            staged.append((fresh, place))
            fresh.write_text(text, encoding="utf-8")
        for fresh, place in staged:
            os.replace(fresh, place)
    except BaseException as error:
        for fresh, _ in staged:
            fresh.unlink(missing_ok=True)
        for one in reversed(made):
            if not any(one.iterdir()):
                one.rmdir()
        if isinstance(error, OSError):
            reason = (error.strerror or type(error).__name__).lower()
            raise CaudalError(f"{option} {folder}", reason, "a writable folder") from error
        raise
    return [place for _, place in staged]


def make_folders(folder: Path) -> list[Path]:
    """Make a folder and its missing parents, all or none; returns those made, outermost first."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    made: list[Path] = []
    try:
        for one in reversed(missing):
            one.mkdir()
            made.append(one)
    except OSError:
        for one in reversed(made):
            one.rmdir()
        raise
    return made


def refuse_unwritable(folder: Path, option: str) -> None:
    """Refuse a place that cannot be written before any time is spent on what goes there."""
    at = folder
    while not at.exists() and at != at.parent:
        at = at.parent
    if not at.is_dir():
        raise CaudalError(f"{option} {folder}", f"{at} is not a folder", "a writable folder")
    try:
        # asking for permission is not enough: some places refuse even who may write
        with TemporaryDirectory(prefix=".", dir=at):
            pass
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise CaudalError(f"{option} {folder}", reason, "a writable folder") from error
