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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
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

SHIPPED = "states.npz"
KEPT = 3
"""Histories that stay on disk, some 300 MB each for 96 draws; the one not used for longest goes."""


@dataclass(frozen=True)
class Shelf:
    """Where the pasts of one history are.

    name     of the history: a hash of all that its draws have in common, and of what computed it
    rests    the same without what computed it: what a shipped one is told by
    shipped  file of end states that came with the learned draws
    keeps    whether new pasts are kept; those that are there are used in any case
    """

    name: str
    rests: str
    shipped: Path
    keeps: bool

    def load(self, chunk: Chunk, whole: bool = True) -> Past | None:
        """The past of a chunk of draws, if it is there; whole: with results.

        Without results a shipped one will do, where this machine has kept none of its own.
        """
        path = self._path(chunk)
        try:
            file = read_arrays(path) if whole else read_arrays(path, _end_of)
            if str(file["name"]) != path.stem:
                return None
            found = _past(file)
            os.utime(path)  # used just now
        except (OSError, ValueError, KeyError, TypeError):
            return None if whole else self._shipped(chunk)
        return found

    def keep(self, chunk: Chunk, past: Past) -> None:
        """Keep a past, where new ones are; a disk that is full or read-only costs time, no more."""
        if not self.keeps:
            return
        path = self._path(chunk)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_arrays(path, {"name": np.array(path.stem), **_arrays(past)})
            _tidy(path.parent, self.name)

    def has(self, chunk: Chunk) -> bool:
        """Whether there is a file of a chunk's past; it may be spoilt."""
        return self._path(chunk).is_file()

    def is_shipped(self) -> bool:
        """Whether end states of this history came with the learned draws."""
        return any(name.startswith(f"{self.rests}-") for name in shipped(self.shipped))

    def _shipped(self, chunk: Chunk) -> Past | None:
        file = shipped(self.shipped)
        head = f"{self.rests}-{_digest(_named(chunk))}/"
        mine = {k.removeprefix(head): v for k, v in file.items() if k.startswith(head)}
        try:
            draws, arrived = mine.pop("draws"), mine.pop("arrived")
            return Past(draws, [state_from(mine)], arrived, None)
        except (KeyError, TypeError):
            return None

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
    }
    parts = {k: getattr(forcing, k) for k in ("law", "announced", "on", "rules", "driver")}
    rests = _digest(_flat(parts), json.dumps(made))
    # the same code gives other last digits elsewhere
    by = [rests, jax.__version__, jax.default_backend(), _processor()]
    return Shelf(_digest((), json.dumps(by)), rests, corridor.posterior.with_name(SHIPPED), keeps)


def ship(path: Path, ends: Iterable[tuple[Shelf, Chunk, Past]]) -> None:
    """Write where draws stand at last, for `Shelf.load` to find beside the learned draws."""
    arrays: dict[str, Any] = {}
    for place, chunk, past in ends:
        head = f"{place.rests}-{_digest(_named(chunk))}/"
        arrays |= {f"{head}draws": past.draws, f"{head}arrived": past.arrived}
        arrays |= {head + k: v for k, v in state_arrays(past.states[-1]).items()}
    write_arrays(path, arrays, compressed=True)
    shipped.cache_clear()


@cache
def shipped(path: Path) -> Mapping[str, np.ndarray]:
    """The arrays of a file of end states; none where there is no such file, or a spoilt one."""
    try:
        return read_arrays(path)
    except (OSError, ValueError):
        return {}


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


def _digest(arrays: Iterable[tuple[str, Any]], more: str = "") -> str:
    """Sixteen hexadecimal digits of names, shapes and values."""
    made = hashlib.sha256(more.encode())
    for name, value in arrays:
        array = np.ascontiguousarray(value)
        made.update(f"{name} {array.dtype} {array.shape}".encode())
        made.update(array.data)
    return made.hexdigest()[:16]


def _arrays(past: Past) -> dict[str, Any]:
    out: dict[str, Any] = {"draws": past.draws, "arrived": past.arrived}
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
    return [
        name for name in names if name.startswith(("name", "draws", "arrived", f"state/{last}/"))
    ]


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
    told = Months(**months) if months else None
    return Past(file["draws"], made, file["arrived"], told)
