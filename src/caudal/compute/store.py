"""What identifies a run, what is kept of long work, and the state of a chunk as a file."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from caudal.compute.content import Corridor
from caudal.compute.files import Unreadable, read_arrays
from caudal.data.store import data_vintage
from caudal.engine.simulate import State
from caudal.engine.step import Carry
from caudal.errors import CaudalError

_BY_NAME = ("signals", "noise", "triggers", "rates", "month", "measures")
"""Parts of the carry that are mappings."""
_MODEL_FILES = (".py", ".yaml")
_BESIDE = {"__pycache__", "claims", "articles.yaml", "atlas.yaml", "reading.yaml"}
"""Folders and files that change no number: what was said of the corridor, how it is read and drawn."""


@cache
def code_version(content: Path | None = None) -> str:
    """The package's version and a short hash of the code and documents that a run rests on.

    content  folder of the corridor; default the package's own

    Faces (command line, page, report) are left out: they change no number.
    """
    package = Path(__file__).resolve().parent.parent
    own = package / "corridor" if content is None else content.resolve()
    rooms = (package / "engine", package / "policy", package / "data", own, package / "compute")
    digest = hashlib.sha256()
    for room in rooms:
        for path in sorted(room.rglob("*")):
            parts = (room.name, *path.relative_to(room).parts)
            if path.suffix in _MODEL_FILES and not _BESIDE & set(parts):
                digest.update("/".join(parts).encode())
                digest.update(path.read_bytes())
    return f"{metadata.version('caudal')}+{digest.hexdigest()[:8]}"


def versions(corridor: Corridor) -> dict[str, str]:
    """Of the data and of the code that a corridor's results rest on: data_vintage, code_version."""
    return {
        "data_vintage": data_vintage(corridor.folder / "series"),
        "code_version": code_version(corridor.folder),
    }


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run_id(inputs: Mapping[str, Any]) -> str:
    """Twelve hexadecimal digits that change when any input does.

    >>> run_id({"seed": 1}) == run_id({"seed": 2})
    False
    """
    text = json.dumps(dict(inputs), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def kept(
    work: Path | None,
    kind: str,
    key: Mapping[str, Any],
    make: Callable[[], Mapping[str, np.ndarray]],
) -> dict[str, np.ndarray]:
    """Arrays from a file in `work` named after what they rest on; made, and kept, if not there.

    work  folder; None: nothing is kept. Files are written whole or not at all, and one that cannot be
          read is made anew. Raises CaudalError where the folder cannot be written.
    """
    if work is None:
        return dict(make())
    path = work / f"{kind}-{run_id(key)}.npz"
    try:
        return read_arrays(path)
    except (OSError, Unreadable):
        pass
    arrays = dict(make())
    fresh = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        work.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(fresh, **dict[str, Any](arrays))
        fresh.replace(path)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise CaudalError(f"work folder {work}", reason, "a writable place") from error
    finally:
        with suppress(OSError):
            fresh.unlink()
    return arrays


def save_state(state: State, path: Path) -> None:
    """Write where a chunk stands, whole or not at all; `load_state` gives it back bit for bit."""
    carry = state.carry
    arrays: dict[str, Any] = {
        "people": np.asarray(carry.people),
        "ended": state.ended,
        "day": np.int64(state.day),
    }
    for part in _BY_NAME:
        for name, value in getattr(carry, part).items():
            arrays[f"{part}/{name}"] = np.asarray(value)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            np.savez(file, **arrays)
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        reason = (error.strerror or type(error).__name__).lower()
        raise CaudalError(f"state {path}", reason, "a writable place") from error


def load_state(path: Path) -> State:
    """Read a state again. Raises CaudalError where the file is none."""
    try:
        file = read_arrays(path)
        parts: dict[str, dict[str, np.ndarray]] = {part: {} for part in _BY_NAME}
        for key, values in file.items():
            part, _, name = key.partition("/")
            if name:
                parts[part][name] = values
        carry: Any = Carry(people=file["people"], **parts)  # type: ignore[arg-type]
        return State(carry, file["ended"], int(file["day"]))
    except (OSError, ValueError, KeyError, TypeError) as broken:
        raise CaudalError(f"state {path}", f"not readable ({broken})", "a saved state") from broken
