"""What the shell may offer after a Tab: names read off the package's files, nothing imported.

A completion runs at every Tab, so that it must answer at once: each function here only lists files,
or looks for ids in them. All take what has been typed so far and return the names that go on from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parents[1] / "corridor"
CLAIM = re.compile(r"^\s*- id: (\S+)", re.MULTILINE)


def scenarios(incomplete: str) -> list[str]:
    """Shipped scenarios; a file of one's own is left to the shell."""
    return _going_on(incomplete, _stems("scenarios", ".yaml"))


def policies(incomplete: str) -> list[str]:
    """Policies and events."""
    return _going_on(incomplete, _stems("policies", ".yaml"))


def series(incomplete: str) -> list[str]:
    """Published series of the package."""
    return _going_on(incomplete, _stems("series", ".csv.gz"))


def claims(incomplete: str) -> list[str]:
    """Claims of the shipped ledgers."""
    texts = (path.read_text("utf-8") for path in (HERE / "claims").glob("*.yaml"))
    return _going_on(incomplete, [name for text in texts for name in CLAIM.findall(text)])


def mechanisms(incomplete: str) -> list[str]:
    """Mechanisms: a module each, `__init__` apart."""
    found = (name for name in _stems("mechanisms", ".py") if not name.startswith("_"))
    return _going_on(incomplete, found)


def _stems(folder: str, ending: str) -> list[str]:
    return [path.name.removesuffix(ending) for path in (HERE / folder).glob(f"*{ending}")]


def _going_on(incomplete: str, names: Iterable[str]) -> list[str]:
    return sorted(name for name in set(names) if name.startswith(incomplete))
