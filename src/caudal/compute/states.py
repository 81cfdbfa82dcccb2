"""Draws' pasts kept between processes, and end states that are shipped with the learned draws.

A past is a file named after all that it rests on: the code, the draws' constants and weather, the law
and drivers of each of its days, the seed, the sampler and what computed it. Losing one costs time,
never a result: a file that is another's, is cut short or has other check sums is made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from caudal.compute.cache import folder
from caudal.compute.content import Corridor
from caudal.compute.files import read_arrays
from caudal.compute.past import Past
from caudal.compute.store import code_version, state_arrays, state_from, write_arrays
from caudal.engine.simulate import Chunk, Forcing, Months

KEPT = 3
"""Histories that stay on disk, some 300 MB each for 96 draws; the one not used for longest goes."""


@dataclass(frozen=True)
class Shelf:
    """Where the pasts of one history are.

    name   of the history: a hash of all that its draws have in common
    keeps  whether new ones are kept; those that are there are used in any case
    """

    name: str
    keeps: bool

    def load(self, chunk: Chunk, whole: bool = True) -> Past | None:
        """The past of a chunk of draws, if it is there and whole; without results where not wanted."""
        path = self._path(chunk)
        try:
            file = read_arrays(path) if whole else read_arrays(path, _end_of)
            if str(file["name"]) != path.stem:
                return None
            found = _past(file)
            os.utime(path)  # used just now
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found

    def keep(self, chunk: Chunk, past: Past) -> None:
        """Keep a past, where new ones are; a disk that is full or read-only is none of our business."""
        if not self.keeps:
            return
        path = self._path(chunk)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_arrays(path, {"name": np.array(path.stem), **_arrays(past)})
            _tidy(path.parent, self.name)
        except OSError:
            pass

    def _path(self, chunk: Chunk) -> Path:
        return folder() / "states" / f"{self.name}-{_digest(_named(chunk))}.npz"


def shelf(corridor: Corridor, forcing: Forcing, seed: int, sampler: str, keeps: bool) -> Shelf:
    """Where the pasts of draws under a forcing are, which ends with the last of their days."""
    import jax

    model = corridor.model
    things = (*model.stocks, *model.mechanisms, *model.tallies)
    made = {
        "code": code_version(),
        "corridor": corridor.name,
        "model": [model.groups, *(thing.name for thing in things)],
        "seed": seed,
        "sampler": sampler,
        "start": str(forcing.start),
        "days": forcing.days,
        # the same code gives other last digits elsewhere
        "by": [jax.__version__, jax.default_backend(), _processor()],
    }
    parts = {k: getattr(forcing, k) for k in ("law", "announced", "on", "rules", "driver")}
    return Shelf(_digest(_flat(parts), json.dumps(made)), keeps)


@cache
def _processor() -> str:
    """What this machine's processor can do, as far as the system tells."""
    try:
        told = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        told = []
    able = next((line for line in told if line.startswith(("flags", "Features"))), "")
    return f"{platform.machine()} {platform.processor()} {able}"


def _tidy(place: Path, mine: str) -> None:
    """Remove the histories that were not used for longest, beyond KEPT; never the one just kept."""
    used: dict[str, float] = {}
    files = [(path, path.stat().st_mtime) for path in place.glob("*.npz")]
    for path, when in files:
        name = path.name.partition("-")[0]
        used[name] = max(when, used.get(name, 0.0))
    old = sorted(used.keys() - {mine}, key=lambda name: used[name], reverse=True)[KEPT - 1 :]
    for path, _ in files:
        if path.name.partition("-")[0] in old:
            path.unlink(missing_ok=True)


def _named(chunk: Chunk) -> Iterator[tuple[str, Any]]:
    yield "numbers", chunk.numbers
    yield from _flat({"p": chunk.p, "weather": chunk.weather})


def _flat(parts: Mapping[str, Any], head: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in sorted(parts.items()):
        if isinstance(value, Mapping):
            yield from _flat(value, f"{head}{name}/")
        else:
            yield f"{head}{name}", value


def _digest(arrays: Iterator[tuple[str, Any]], more: str = "") -> str:
    """Sixteen hexadecimal digits of names, shapes and values."""
    made = hashlib.sha256(more.encode())
    for name, value in arrays:
        array = np.ascontiguousarray(value)
        made.update(f"{name} {array.dtype} {array.shape}".encode())
        made.update(array.data)
    return made.hexdigest()[:16]


def _arrays(past: Past) -> dict[str, Any]:
    out: dict[str, Any] = {"draws": past.draws}
    for i, state in enumerate(past.states):
        out |= {f"state/{i}/{k}": v for k, v in state_arrays(state).items()}
    for part, value in vars(past.months).items():
        if isinstance(value, Mapping):
            out |= {f"months/{part}/{k}": v for k, v in value.items()}
        else:
            out[f"months/{part}"] = np.asarray(value)
    return out


def _end_of(names: Sequence[str]) -> Sequence[str]:
    """Names without results, and of the last state only."""
    last = max(int(name.split("/")[1]) for name in names if name.startswith("state/"))
    return [name for name in names if name.startswith(("name", "draws", f"state/{last}/"))]


def _past(file: Mapping[str, np.ndarray]) -> Past:
    """A past from a file's arrays. Raises ValueError, KeyError or TypeError where they are not one."""
    states: dict[int, dict[str, np.ndarray]] = {}
    months: dict[str, Any] = {}
    for key, value in file.items():
        head, _, rest = key.partition("/")
        part, by_name, name = rest.partition("/")
        if head == "state":
            states.setdefault(int(part), {})[name] = value
        elif head == "months" and by_name:
            months.setdefault(part, {})[name] = value
        elif head == "months":
            months[part] = value if value.ndim else int(value)
    made = [state_from(states[i]) for i in sorted(states)]
    return Past(file["draws"], made, Months(**months) if months else None)
