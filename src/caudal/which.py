"""Which corridor is meant: the package's own, or one that the user brings.

A corridor is named by

    a folder      of a Python package that has a function `corridor()`, such as examples/strait
    MODULE:NAME   an importable corridor, or a function without arguments that gives one
    a word        an entry point of the group `caudal.corridors` of some installed package

with `caudal --corridor NAME …`, the variable CAUDAL_CORRIDOR, or `corridor=` in Python. Only name one
whose code you would run: it is imported. How to write one: docs/example-corridor.md.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caudal.errors import CaudalError

if TYPE_CHECKING:
    from caudal.compute.content import Corridor

VARIABLE = "CAUDAL_CORRIDOR"
ENTRY_POINTS = "caudal.corridors"
OWN = "us-mexico"
"""The name of the package's own corridor."""

_asked: ContextVar[str | None] = ContextVar("corridor", default=None)


@contextmanager
def asked() -> Iterator[None]:
    """A stretch of work, such as one command line, at whose end `ask` is forgotten."""
    token = _asked.set(None)
    try:
        yield
    finally:
        _asked.reset(token)


def ask(name: str) -> None:
    """Let `name` be the corridor until the end of the stretch (`asked`)."""
    _asked.set(name)


def named() -> str:
    """The name in force: of the command line, else of the environment, else the package's own."""
    return _asked.get() or os.environ.get(VARIABLE) or OWN


def corridor(name: Corridor | str | None = None) -> Any:
    """The corridor of that name, or the one in force; one at hand is given back.

    Raises CaudalError for a name that means nothing, and for what is no corridor.
    """
    if name is not None and not isinstance(name, str):
        return _whole(name, type(name).__name__)
    word = name or named()
    if word == OWN:
        from caudal.corridor import corridor as own

        return own()
    where = "corridor" if name else "--corridor" if _asked.get() else VARIABLE
    try:
        return _whole(_imported(word, where), word)
    except CaudalError:
        raise
    except Exception as problem:  # whatever the user's own code raises while it is imported
        found = f"{word!r} cannot be imported ({type(problem).__name__}: {problem})"
        raise CaudalError(where, found, "a package that Python can import") from problem


def only_own(what: str) -> None:
    """Refuse `what` of any corridor but the package's own."""
    if named() != OWN:
        raise CaudalError(
            "--corridor", f"{what} knows the package's own corridor only", f"--corridor {OWN}"
        )


def _imported(word: str, where: str) -> Any:
    points = {p.name: p for p in metadata.entry_points(group=ENTRY_POINTS)}
    folder = Path(word).expanduser()
    if word in points:
        found = points[word].load()
    elif ":" in word and not folder.exists():
        module, _, attribute = word.partition(":")
        found = getattr(import_module(module), attribute)
    elif (folder / "__init__.py").is_file():
        found = _package(folder.resolve(), where).corridor
    else:
        allowed = ", ".join(("a folder of a Python package", "MODULE:NAME", OWN, *sorted(points)))
        raise CaudalError(where, f"unknown corridor {word!r}", allowed)
    return found() if callable(found) else found


def _package(folder: Path, where: str) -> Any:
    """The package in a folder; its own modules name it by the folder's name."""
    known = sys.modules.get(folder.name)
    if known is None and str(folder.parent) not in sys.path:
        sys.path.insert(0, str(folder.parent))
    made = import_module(folder.name)
    if Path(made.__file__ or "").resolve().parent != folder:
        found = f"{folder.name!r} is also the name of {made.__file__ or 'a built-in module'}"
        raise CaudalError(where, found, "a folder whose name no other Python package has")
    return made


def _whole(found: Any, word: str) -> Any:
    """What was found, if it has all that a corridor has."""
    from caudal.compute.content import Corridor

    wanted = [n for n in vars(Corridor) if not n.startswith("_")]
    has = {*dir(type(found)), *getattr(found, "__dict__", {})}
    lacks = [n for n in wanted if n not in has]
    if lacks:
        raise CaudalError(
            "corridor", f"{word!r} is no corridor: it lacks {', '.join(lacks)}",
            "an object with all of caudal.compute.content.Corridor",
        )  # fmt: skip
    return found
