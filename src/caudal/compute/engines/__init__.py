"""Where the chunks of an ensemble are run: in threads, in processes of this machine, on a Ray cluster.

Whoever has much to run says what is to be done as a `Work`, and what it is to be done to as items;
an engine does them in any order and hands on each result as it comes:

    @dataclass(frozen=True)
    class Squares:
        power: int
        def ready(self): return self.power
        def one(self, ready, item, tick): return item**ready

    for index, result in engine("local", workers=2).map(Squares(2), [1, 2, 3]): ...

or, where a function at a module's top level says it all:

    tasks(cubed, [1, 2, 3], workers=2)

An item knows nothing of the others nor of where it is done, so results are the same, bit for bit, on
any engine and any number of workers. A lost worker's items are done again; each result is handed on
once. At most a few items per worker are under way or waiting to be taken, so that memory does not
grow with their number: whoever takes results slowly slows the engine down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, get_args

from caudal.compute.engines.local import Local as Local
from caudal.compute.engines.local import Processes as Processes
from caudal.compute.engines.local import Threads as Threads
from caudal.compute.engines.work import Calls, Progress, Work
from caudal.compute.engines.work import Name as Name
from caudal.errors import CaudalError


class Engine(Protocol):
    """Runs the items of a work somewhere."""

    @property
    def workers(self) -> int:
        """How many items are run at the same time."""
        ...

    def map(
        self, work: Work, items: Sequence[Any], *, steps: int = 1, progress: Progress | None = None
    ) -> Iterator[tuple[int, Any]]:
        """(index, result) of every item, once each, as they are done.

        steps     how often each item ticks; progress: called with (steps done, steps in all), one
                  call at a time; what it raises ends the work
        Raises what an item raises; CaudalError where an item's worker is lost again and again.
        """
        ...


Workers = int | Engine
"""How many items at the same time on this machine, or the engine that runs them."""


def engine(name: str = "local", workers: int = 2, address: str = "") -> Engine:
    """An engine by name: threads, processes, local (the better of both for the work), ray.

    address  of a running Ray cluster, host:port or auto; "" starts Ray on this machine
    Raises CaudalError for an unknown name, a number out of range, and where Ray is not installed or
    does not answer.
    """
    if not 1 <= workers <= 64:
        raise CaudalError("--workers", str(workers), "1 to 64")
    if name not in get_args(Name):
        raise CaudalError("--engine", f"unknown engine {name!r}", ", ".join(get_args(Name)))
    if address and name != "ray":
        raise CaudalError("--address", f"given for the engine {name!r}", "--engine ray")
    if name == "ray":
        from caudal.compute.engines.cluster import Ray

        return Ray(workers, address)
    return {"local": Local, "threads": Threads, "processes": Processes}[name](workers)


def engine_of(workers: Workers) -> Engine:
    """An engine as it is, or this machine with so many workers."""
    return engine(workers=workers) if isinstance(workers, int) else workers


def tasks(
    call: Callable[[Any], Any], jobs: Sequence[Any], workers: Workers = 2,
    progress: Progress | None = None,
) -> list[Any]:  # fmt: skip
    """What a function gives of each job, in the order of the jobs, on any engine.

    call  at the top level of a module; it depends on its job alone, and both are data that travel
    Raises what it raises.
    """
    return in_order(engine_of(workers).map(Calls(call), jobs, progress=progress))


def in_order(results: Iterator[tuple[int, Any]]) -> list[Any]:
    """All results, in the order of their items."""
    found = dict(results)
    return [found[index] for index in sorted(found)]
