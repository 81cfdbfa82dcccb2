"""What identifies a run, what is kept of long work, and the state of a chunk as a file."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from caudal.compute.code import code_version
from caudal.compute.content import Corridor
from caudal.compute.files import Unreadable, beside, read_arrays
from caudal.data.store import data_vintage
from caudal.engine.simulate import State
from caudal.engine.step import Carry
from caudal.errors import CaudalError


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
    arrays = read_kept(work, kind, key)
    if arrays is None:
        arrays = dict(make())
        keep(work, kind, key, arrays)
    return arrays


def read_kept(work: Path | None, kind: str, key: Mapping[str, Any]) -> dict[str, np.ndarray] | None:
    """What `keep` has written; None where there is no such file, or a spoilt one."""
    if work is None:
        return None
    try:
        return read_arrays(work / f"{kind}-{run_id(key)}.npz")
    except (OSError, Unreadable):
        return None


def keep(
    work: Path | None, kind: str, key: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
) -> None:
    """Write arrays for `read_kept` to find; nothing where `work` is None."""
    if work is None:
        return
    try:
        work.mkdir(parents=True, exist_ok=True)
        write_arrays(work / f"{kind}-{run_id(key)}.npz", arrays, compressed=True)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise CaudalError(f"work folder {work}", reason, "a writable place") from error


def state_arrays(state: State) -> dict[str, np.ndarray]:
    """A state as arrays by name; `state_from` makes a state of them again."""
    out = {"ended": state.ended, "day": np.asarray(state.day, np.int64)}
    for part, value in state.carry._asdict().items():
        if isinstance(value, Mapping):
            # a part without names is there all the same
            out[f"{part}/"] = np.zeros(0)
            out |= {f"{part}/{name}": np.asarray(v) for name, v in value.items()}
        else:
            out[part] = np.asarray(value)
    return out


def state_from(arrays: Mapping[str, np.ndarray]) -> State:
    """The state that `state_arrays` took apart. Raises KeyError or TypeError where a part lacks."""
    carry: dict[str, Any] = {}
    for key in arrays:
        part, by_name, name = key.partition("/")
        if part in ("ended", "day"):
            continue
        if not by_name:
            carry[part] = arrays[key]
        elif name:
            carry.setdefault(part, {})[name] = arrays[key]
        else:
            carry.setdefault(part, {})
    return State(Carry(**carry), arrays["ended"], int(arrays["day"]))


def write_arrays(path: Path, arrays: Mapping[str, Any], compressed: bool = False) -> None:
    """Write arrays as a file of NumPy's, with check sums, whole or not at all. Raises OSError."""
    temporary = beside(path)
    save: Callable[..., None] = np.savez_compressed if compressed else np.savez
    try:
        with temporary.open("wb") as file:
            save(file, **arrays)
        os.replace(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink()
