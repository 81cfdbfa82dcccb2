"""Options of every verb that runs an ensemble: where it is run. Results do not depend on them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from caudal.compute.engines import Engine

Where = Annotated[
    str,
    typer.Option(
        "--engine", help="Where it runs: local, threads, processes, ray (docs/cluster.md)."
    ),
]
Address = Annotated[
    str, typer.Option("--address", help="Of a running Ray cluster, HOST:PORT or auto.")
]
Workers = Annotated[
    int | None, typer.Option("--workers", help="Chunks at the same time; default: one a core.")
]


def engine_for(name: str, address: str, workers: int | None) -> Engine:
    """The engine of the three options. Raises CaudalError as `caudal.compute.engines.engine` does."""
    from caudal.compute.engines import engine

    return engine(name, cores() if workers is None else workers, address)


def cores() -> int:
    """How many this process may use, 64 at most."""
    may = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(may or 1, 64)
