"""Is it so: a kept result, made again. It runs a command, and so stands above all other modules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from caudal.ask.reproduce import Reproduction


def reproduce(result: str | Path, *, anyway: bool = False) -> Reproduction:
    """Make a kept result again from its recipe and compare every number.

    result  a run's folder or id, a NetCDF, JSON or Parquet file, or a frozen report; of run, compare,
            forecast or attribute
    anyway  run also with other code or data than it was made with

    Returns a `caudal.ask.reproduce.Reproduction`: `verdict` ("identical", "differs" or "cannot"),
    `reasons` (other code or data) and `differences` by variable.
    Raises CaudalError for what holds no recipe, and where the recipe cannot be run.
    """
    from caudal.ask.reproduce import reproduce as again
    from caudal.cli import main
    from caudal.cli.reproduce import places
    from caudal.which import corridor

    return again(result, main, corridor(), places=places(), anyway=anyway)
