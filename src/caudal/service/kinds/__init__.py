"""Kinds of job, one file each: what may be asked, what it costs, and how it is done.

A kind is a module with

    Body                what a request holds (Pydantic)
    plan(body, ask)     → Plan: checked, before anything is queued
    do(request, folder, tell)   writes the results into an empty folder; `tell(done, total)` raises
                        `Cancelled` where the job is to end

`do` runs in a worker process and calls the same function as the command line.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType

Tell = Callable[[int, int], None]

KINDS: dict[str, str] = {
    "run": "run", "compare": "compare", "attribute": "attribute", "forecast": "forecast",
    "as-of": "as_of", "journeys": "journeys", "claims": "claims",
}  # fmt: skip
"""Kind → module here, imported when it is asked for."""


def kind(name: str) -> ModuleType:
    """The module of a kind."""
    return import_module(f"caudal.service.kinds.{KINDS[name]}")
