"""Compiled functions, whose machine code is kept for as long as all their sources stay the same.

Numba keeps what it compiled until the function's own file changes. But that code holds the code of
the functions that it calls, too, and those stand in other files: a changed loop would go on as it
was. So all of them are kept in a folder that is named by the text of all.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from numba import cfunc, config, njit  # type: ignore[attr-defined]

SOURCES = ("entry", "kernel", "loops", "machine", "native", "sampler")
"""Files of this folder that hold compiled functions."""


@cache
def folder(given: str) -> str:
    """Where machine code is kept: under the given folder, or beside the code where none is given.

    Empty, which leaves it to Numba, where neither can be written.
    """
    here = Path(__file__).resolve().parent
    text = b"".join((here / f"{name}.py").read_bytes() for name in SOURCES)
    place = Path(given or here / "__pycache__") / f"loops-{hashlib.sha256(text).hexdigest()[:16]}"
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return given
    return str(place) if os.access(place, os.W_OK) else given


@contextmanager
def _kept() -> Iterator[None]:
    """Numba asks where to keep a function's code as the function is marked, and then only."""
    given = config.CACHE_DIR  # type: ignore[attr-defined]
    config.CACHE_DIR = folder(given)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        config.CACHE_DIR = given  # type: ignore[attr-defined]


def compiled(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Marks a function that Numba compiles when it is first called; options as Numba's `njit`."""

    def mark(function: Callable[..., Any]) -> Any:
        with _kept():
            try:
                return njit(cache=True, **options)(function)
            except RuntimeError:  # Numba can write nowhere: each process compiles anew, no more
                return njit(**options)(function)

    return mark


def called_from_outside(signature: Any) -> Callable[[Callable[..., Any]], Any]:
    """Marks a function with an address of its own; it is compiled at once."""

    def mark(function: Callable[..., Any]) -> Any:
        with _kept():
            try:
                return cfunc(signature, cache=True)(function)
            except RuntimeError:
                return cfunc(signature)(function)

    return mark
