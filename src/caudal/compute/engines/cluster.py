"""Items on a Ray cluster, which brings them to its nodes and does those of a lost node again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from caudal.compute.engines.local import lost
from caudal.compute.engines.work import (
    AHEAD,
    ONE_THREAD,
    TRIES,
    Last,
    Packed,
    Progress,
    Tally,
    Work,
    do,
)
from caudal.errors import CaudalError


class Ray:
    """Items as Ray tasks of one core each.

    workers  of a Ray that is started here; a cluster that is running has as many as it has cores
    address  host:port of a running cluster, or auto; "": Ray is started here and ends with us
    """

    def __init__(self, workers: int = 2, address: str = "") -> None:
        self._ray = _imported()
        _connect(self._ray, workers, address)
        self.workers = max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        self._packed = Last(Packed.of)

    def map(
        self, work: Work, items: Sequence[Any], *, steps: int = 1, progress: Progress | None = None
    ) -> Iterator[tuple[int, Any]]:
        """As `Engine.map`."""
        ray = self._ray
        tally, packed = Tally(len(items), steps, progress), self._packed.of(work)
        # in a list, so that it is fetched by those processes only that do not keep it
        brought = [ray.put(packed)]
        task = ray.remote(_done).options(max_retries=TRIES - 1, num_cpus=1)
        under_way: dict[Any, int] = {}
        begun = 0
        try:
            while begun < len(items) or under_way:
                while begun < len(items) and len(under_way) < AHEAD * self.workers:
                    under_way[task.remote(packed.key, brought, items[begun])] = begun
                    begun += 1
                (done,), _ = ray.wait(list(under_way), num_returns=1)
                index = under_way.pop(done)
                result = self._get(done)
                del done  # the result's place in Ray's memory is free once nobody refers to it
                tally.over(index)
                yield index, result
        finally:
            for left in under_way:
                ray.cancel(left, force=True)

    def _get(self, done: Any) -> Any:
        gone = self._ray.exceptions
        try:
            return self._ray.get(done)
        except gone.RayTaskError as raised:
            raise raised.cause from None
        except (gone.WorkerCrashedError, gone.NodeDiedError, gone.ObjectLostError,
                gone.OutOfMemoryError) as error:  # fmt: skip
            raise lost(TRIES) from error


def _done(key: str, brought: list[Any], item: Any) -> Any:
    """What Ray sends to a node."""
    import ray

    os.environ.update(ONE_THREAD)
    return do(key, lambda: ray.get(brought[0]), item)


def _imported() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to Ray's makers
    try:
        import ray
    except ImportError as missing:
        raise CaudalError(
            "--engine ray", "Ray is not installed", "pip install 'caudal[ray]'"
        ) from missing
    return ray


def _connect(ray: Any, workers: int, address: str) -> None:
    if ray.is_initialized():
        return
    quiet = {"include_dashboard": False, "log_to_driver": False, "logging_level": "error"}
    try:
        if address:
            ray.init(address=address, **quiet)
        else:
            ray.init(address="local", num_cpus=workers, **quiet)
    except (ConnectionError, ValueError, RuntimeError, TimeoutError) as problem:
        reason = (str(problem).splitlines() or [type(problem).__name__])[0]
        raise CaudalError(
            f"--address {address or 'local'}", reason, "a running cluster: `ray status` on its head"
        ) from problem
