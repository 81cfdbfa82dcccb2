"""What an engine runs, and how one item of it is done in whatever process it reaches."""

from __future__ import annotations

import hashlib
import os
import pickle
import zlib
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, Literal, Protocol, TypeVar

from caudal.errors import CaudalError

Name = Literal["local", "threads", "processes", "ray"]
Progress = Callable[[int, int], None]
Tick = Callable[[], None]

K = TypeVar("K")
V = TypeVar("V")

TRIES = 3
"""How often an item is begun, in all, whose worker is lost: memory that runs out does so again."""
AHEAD = 2
"""Items per worker that are under way or done and not yet taken."""
ONE_THREAD = {
    "PJRT_NPROC": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1",
}  # fmt: skip
"""What keeps a worker process to one thread: workers are as many as cores, and each fills its own.

XLA's own flags would do the same, but compiled code is kept by them: it would be compiled twice.
"""


class Work(Protocol):
    """Work that can be done anywhere: a frozen dataclass at the top level of a module.

    Its fields are data (arrays, dates, numbers, a Corridor) and no compiled functions, since it is
    pickled to reach other processes. `ready` and `one` may use what the process keeps (compiled
    functions, say), but must depend on nothing else.
    """

    def ready(self) -> Any:
        """What all items need, made once in each process; shared by its threads."""
        ...

    def one(self, ready: Any, item: Any, tick: Tick) -> Any:
        """The result of an item; `tick` is to be called now and then, and may raise."""
        ...


@dataclass(frozen=True)
class Calls:
    """A function at the top level of a module as a work: an item is what it is called with."""

    of: Callable[[Any], Any]

    def ready(self) -> None:
        """Nothing but the function is needed."""

    def one(self, ready: None, item: Any, tick: Tick) -> Any:
        """What it gives of an item."""
        return self.of(item)


def part_of(progress: Progress | None, before: int, total: int) -> Progress | None:
    """Progress of a part of a longer work, which begins after so many of its steps."""
    return (lambda done, _: progress(before + done, total)) if progress else None


@dataclass(frozen=True)
class Packed:
    """A work as it travels: its bytes, the key under which a process keeps it, the code it is of.

    Laws by day repeat themselves: packed, some tens of megabytes become one.
    """

    key: str
    code: str
    data: bytes

    @classmethod
    def of(cls, work: Work) -> Packed:
        """Pack a work. Raises CaudalError where it holds what cannot travel."""
        try:
            data = zlib.compress(pickle.dumps(work, protocol=5), 1)
        except (pickle.PicklingError, AttributeError, TypeError) as reason:
            found = f"{type(work).__name__} cannot be sent to another process ({reason})"
            raise CaudalError("--engine", found, "--engine threads") from reason
        return cls(hashlib.sha256(data).hexdigest(), code(), data)


class Lacking(Exception):
    """A process that has not been given a work yet was asked for one of its items."""


_kept: tuple[str, Work, Any] | None = None
"""The last work of this process: its key, itself, what it needs. One, for it may be large."""
_keeping = Lock()


def do(key: str, fetch: Callable[[], Packed] | None, item: Any) -> Any:
    """An item's result, in a worker process; `fetch` brings the work where it is not kept.

    Raises Lacking where it is neither kept nor brought; CaudalError where the process runs other code.
    """
    global _kept  # noqa: PLW0603
    with _keeping:
        if _kept is None or _kept[0] != key:
            if fetch is None:
                raise Lacking
            os.environ.update({k: v for k, v in ONE_THREAD.items() if k not in os.environ})
            packed = fetch()
            if packed.code != code():
                found = f"runs {code()}, not {packed.code} as the one that asks"
                raise CaudalError(f"node {os.uname().nodename}", found, "the same on every node")
            _kept = None  # room for the next before it comes
            # never from a file: the process that asks has sent it
            work = pickle.loads(zlib.decompress(packed.data))
            _kept = (key, work, work.ready())
        _, work, ready = _kept
    return work.one(ready, item, _no_tick)


def code() -> str:
    """What must be the same where results are to be the same: our code and the libraries' versions."""
    from importlib import metadata

    from caudal.compute.code import code_version

    versions = [f"{name} {metadata.version(name)}" for name in ("jaxlib", "numba", "numpy")]
    return ", ".join([f"caudal {code_version()}", *versions])


def _no_tick() -> None:
    """Progress of other processes is told item by item."""


class Last(Generic[V]):
    """What was made of the last work: one that comes in several goes is made ready, or packed, once."""

    def __init__(self, make: Callable[[Work], V]) -> None:
        self._make = make
        self._last: tuple[Work, V] | None = None
        self._lock = Lock()

    def of(self, work: Work) -> V:
        """Of this very work."""
        with self._lock:
            if self._last is None or self._last[0] is not work:
                self._last = None  # room for the next before it is made
                self._last = (work, self._make(work))
            return self._last[1]


class Kept(Generic[K, V]):
    """The last few things asked for, by key; each made once, however many threads ask for it."""

    def __init__(self, most: int, make: Callable[[K], V]) -> None:
        self._most, self._make = most, make
        self._of: dict[K, Future[V]] = {}
        self._lock = Lock()

    def __getitem__(self, key: K) -> V:
        with self._lock:
            found = self._of.pop(key, None)
            mine = found is None
            here = self._of[key] = found or Future()  # last: the first is the longest unused
            while len(self._of) > self._most:
                del self._of[next(iter(self._of))]
        if mine:
            try:
                here.set_result(self._make(key))
            except BaseException as problem:
                here.set_exception(problem)
                with self._lock:
                    self._of.pop(key, None)
                raise
        return here.result()


class Tally:
    """Counts steps over items and tells them, one call at a time."""

    def __init__(self, items: int, steps: int, progress: Progress | None) -> None:
        self._steps, self._total, self._tell = steps, items * steps, progress
        self._of = dict.fromkeys(range(items), 0)
        self._lock = Lock()

    def step(self, index: int) -> None:
        """An item is a step further."""
        self._to(index, min(self._of[index] + 1, self._steps))

    def over(self, index: int) -> None:
        """An item is done."""
        self._to(index, self._steps)

    def _to(self, index: int, steps: int) -> None:
        with self._lock:
            if steps != self._of[index]:
                self._of[index] = steps
                if self._tell is not None:
                    self._tell(sum(self._of.values()), self._total)
