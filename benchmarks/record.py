"""What every benchmark shares: which machine and code a number is of, and how its table is written."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "scripts"))

from csv_tables import write  # noqa: E402

__all__ = ["ROOT", "load", "machine", "version", "write", "write_measures"]


def machine() -> str:
    """Kind and number of cores."""
    kind = platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        named = [x for x in info.read_text().splitlines() if x.startswith("model name")]
        kind = named[0].partition(": ")[2] if named else kind
    return f"{kind}, {os.cpu_count()} cores"


def version() -> str:
    """The commit, with + where the tree has changes."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty=+", "--abbrev=10"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def load() -> str:
    """How busy the machine is: the load of the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def write_measures(table: Path, about: str, measured: Iterable[tuple[str, float, str]]) -> None:
    """A table of single numbers: measure, value, unit; about: the machine as it was used."""
    mark = {
        "machine": about, "load": load(), "code_version": version(),
        "date": date.today().isoformat(),
    }  # fmt: skip
    rows = [{"measure": m, "value": f"{v:.3f}", "unit": u, **mark} for m, v, u in measured]
    write(table, ("measure", "value", "unit", *mark), rows)
