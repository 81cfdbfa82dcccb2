"""Items on this machine: in threads of this process, or in processes that are kept between works."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from threading import Event
from typing import Any

from caudal.compute.engines.work import (
    AHEAD,
    ONE_THREAD,
    TRIES,
    Lacking,
    Last,
    Packed,
    Progress,
    Tally,
    Work,
    do,
)
from caudal.errors import CaudalError

WORTH_S = 30.0
"""Seconds of work that must be left for processes to be worth their start, which takes 3 to 5."""
IDLE_S = 300
"""Seconds after which a process that nobody asked for anything ends."""


class Flow:
    """Futures of items, so many at a time: the next item is begun when a result is taken."""

    def __init__(self, items: int, most: int, submit: Callable[[int], Future[Any]]) -> None:
        self._next, self._items, self._most, self._submit = 0, items, most, submit
        self._under_way: dict[Future[Any], int] = {}

    def next(self) -> tuple[int, Future[Any]] | None:
        """The next item that is done, or None where all are."""
        while self._next < self._items and len(self._under_way) < self._most:
            self.again(self._next, self._submit(self._next))
            self._next += 1
        if not self._under_way:
            return None
        done = next(iter(wait(self._under_way, return_when=FIRST_COMPLETED).done))
        return self._under_way.pop(done), done

    def again(self, index: int, future: Future[Any]) -> None:
        """An item was begun once more."""
        self._under_way[future] = index


class Stopped(BaseException):
    """Another item failed or nobody wants results any more; not an Exception: nothing may catch it."""


class Threads:
    """Items in threads: at once, nothing travels; compiled code lets go of Python's lock."""

    def __init__(self, workers: int = 2) -> None:
        self.workers = workers
        self._ready = Last(lambda work: work.ready())

    def map(
        self, work: Work, items: Sequence[Any], *, steps: int = 1, progress: Progress | None = None
    ) -> Iterator[tuple[int, Any]]:
        """As `Engine.map`."""
        return _in_threads(self.workers, work, self._ready.of, items, steps, progress)


class Processes:
    """Items in processes, one thread each, started afresh or kept from the last work (loky).

    A process that dies takes the items under way with it; they are done again by others.
    """

    def __init__(self, workers: int = 2) -> None:
        self.workers = workers
        self._packed = Last(Packed.of)

    def takes(self, work: Work) -> bool:
        """Whether processes may be started here, and can be sent the work."""
        if multiprocessing.current_process().daemon:
            return False
        try:
            self._packed.of(work)
        except CaudalError:
            return False
        return True

    def map(
        self, work: Work, items: Sequence[Any], *, steps: int = 1, progress: Progress | None = None
    ) -> Iterator[tuple[int, Any]]:
        """As `Engine.map`."""
        if not items:
            return
        packed, tally = self._packed.of(work), Tally(len(items), steps, progress)
        tries = [0] * len(items)
        given = 0

        def submit(index: int, whole: bool = False) -> Future[Any]:
            """Send an item; the work goes with the first ones, and where a process lacks it."""
            nonlocal given
            tries[index] += not whole
            while True:
                given += 1
                bring = packed if whole or given <= self.workers else None
                try:
                    return self._pool().submit(_done, packed.key, bring, items[index])
                except BrokenProcessPool:  # just now, with another item
                    given = 0

        flow = Flow(len(items), AHEAD * self.workers, submit)
        try:
            while (taken := flow.next()) is not None:
                index, future = taken
                try:
                    result = future.result()
                except Lacking:
                    flow.again(index, submit(index, whole=True))
                except BrokenProcessPool as broken:
                    if tries[index] >= TRIES:
                        raise lost(tries[index]) from broken
                    given = 0  # its successors have been given nothing
                    flow.again(index, submit(index))
                else:
                    tally.over(index)
                    yield index, result
        except BaseException:
            self._pool().shutdown(wait=True, kill_workers=True)
            raise

    def _pool(self) -> Any:
        from loky import get_reusable_executor

        return get_reusable_executor(self.workers, timeout=IDLE_S, env=ONE_THREAD)


class Local:
    """Threads for what is soon done; processes for the rest of what is not, where they may be started.

    The first items, one a worker, are done in threads and tell how long the others will take.
    """

    def __init__(self, workers: int = 2) -> None:
        self.workers = workers
        self._threads, self._processes = Threads(workers), Processes(workers)

    def map(
        self, work: Work, items: Sequence[Any], *, steps: int = 1, progress: Progress | None = None
    ) -> Iterator[tuple[int, Any]]:
        """As `Engine.map`."""
        first = min(self.workers, len(items))

        def tell(before: int) -> Progress | None:
            if progress is None:
                return None
            told, total = progress, len(items) * steps
            return lambda done, _: told(before * steps + done, total)

        begun = time.process_time()  # not on a clock that other processes turn
        yield from self._threads.map(work, items[:first], steps=steps, progress=tell(0))
        left_s = (time.process_time() - begun) / max(first, 1) * (len(items) - first) / self.workers
        long = left_s > WORTH_S and self.workers > 1 and self._processes.takes(work)
        rest = self._processes if long else self._threads
        for i, result in rest.map(work, items[first:], steps=steps, progress=tell(first)):
            yield first + i, result


def _in_threads(
    workers: int, work: Work, make_ready: Callable[[Work], Any], items: Sequence[Any], steps: int,
    progress: Progress | None,
) -> Iterator[tuple[int, Any]]:  # fmt: skip
    if not items:
        return
    ready, stop, tally = make_ready(work), Event(), Tally(len(items), steps, progress)

    def one(index: int) -> Any:
        def tick() -> None:
            if stop.is_set():
                raise Stopped
            tally.step(index)

        if stop.is_set():
            raise Stopped
        return work.one(ready, items[index], tick)

    with ThreadPoolExecutor(workers) as pool:
        try:
            flow = Flow(len(items), AHEAD * workers, lambda i: pool.submit(one, i))
            while (taken := flow.next()) is not None:
                index, future = taken
                result = future.result()
                tally.over(index)
                yield index, result
        finally:
            stop.set()


def _done(key: str, packed: Packed | None, item: Any) -> Any:
    """What a process is sent: an item, and the work where it may lack it."""
    return do(key, None if packed is None else lambda: packed, item)


def lost(tries: int) -> CaudalError:
    """An item whose workers were lost, every one."""
    found = (
        f"{tries} workers were lost over the same part of the work, most likely for lack of memory"
    )
    return CaudalError("--workers", found, "fewer workers, or more memory for each")
