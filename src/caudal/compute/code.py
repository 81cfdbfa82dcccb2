"""Which code made a number. Apart from `store`, as processes that are started ask it first of all."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

_MODEL_FILES = (".py", ".yaml")
_BESIDE = {"__pycache__", "claims", "articles.yaml", "atlas.yaml", "reading.yaml"}
"""Folders and files that change no number: what was said of the corridor, how it is read and drawn."""


@cache
def code_version(content: Path | None = None) -> str:
    """The package's version and a short hash of the code and documents that a run rests on.

    content  folder of the corridor; default the package's own

    Faces (command line, page, report) are left out: they change no number.
    """
    package = Path(__file__).resolve().parent.parent
    own = package / "corridor" if content is None else content.resolve()
    rooms = (package / "engine", package / "policy", package / "data", own, package / "compute")
    digest = hashlib.sha256()
    for room in rooms:
        for path in sorted(room.rglob("*")):
            parts = (room.name, *path.relative_to(room).parts)
            if path.suffix in _MODEL_FILES and not _BESIDE & set(parts):
                digest.update("/".join(parts).encode())
                digest.update(path.read_bytes())
    return f"{metadata.version('caudal')}+{digest.hexdigest()[:8]}"
