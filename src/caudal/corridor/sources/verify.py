"""`caudal data check`: the corridor's checkpoints, and the raw folder against the built tables."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from caudal.corridor.sources.build import build_table
from caudal.corridor.sources.registry import CANONICAL, SERIES
from caudal.data.checks import Outcome, load_checkpoints, run_checks
from caudal.data.package import read_descriptor, read_table, to_bytes
from caudal.data.series import sha256
from caudal.data.store import package_folder
from caudal.errors import CaudalError

CHECKPOINTS = Path(__file__).with_name("checkpoints.yaml")


def verify(raw: Path | None = None) -> list[Outcome]:
    """Every checkpoint on the package's own tables; with `raw`, each table built again too.

    Refreshed vintages of the user's are left out: checkpoints say what the package holds.
    """
    if raw is not None and not raw.is_dir():
        raise CaudalError("--raw", f"{raw} is no folder", "the folder of raw files")
    folder = package_folder()
    resources = {r["name"]: r for r in read_descriptor(folder)["resources"]}

    @cache
    def opened(series_id: str) -> pd.DataFrame:
        return read_table(folder, resources[series_id]).reading.frame

    outcomes = run_checks(load_checkpoints(CHECKPOINTS), opened)
    outcomes.append(_registry(set(resources)))
    return outcomes + (_raw(raw, resources) if raw is not None else [])


def _registry(built: set[str]) -> Outcome:
    """Spans of a canonical source never overlap, and every series named there is built."""
    faults = [
        f"{event} by {margin}"
        for (event, margin), spans in CANONICAL.items()
        for one, other in pairwise(spans)
        if not one.end or other.start < one.end
    ]
    faults += [s.series for spans in CANONICAL.values() for s in spans if s.series not in built]
    faults += sorted(set(SERIES) - built)
    says = "one canonical source a month for every event and margin, all of them built"
    found = f"{len(faults)}: {', '.join(faults)}" if faults else 0
    return Outcome("registry.canonical", says, 0, found, not faults)


def _raw(raw: Path, resources: dict[str, dict[str, Any]]) -> list[Outcome]:
    outcomes = []
    for series in SERIES.values():
        about = resources[series.id]["caudal:provenance"]
        known: dict[str, str] = about["files"]
        same = [sha256(raw / name) == known[name] for name in series.files]
        outcomes.append(
            Outcome(
                f"raw.{series.id}.hash", f"{series.id}: raw files are those that were read",
                len(same), sum(same), all(same),
            )
        )  # fmt: skip
        again = to_bytes(build_table(series, raw).reading.frame)
        built = (package_folder() / str(resources[series.id]["path"])).read_bytes()
        outcomes.append(
            Outcome(
                f"raw.{series.id}.build", f"{series.id}: building again gives the same bytes",
                len(built), len(again), again == built,
            )
        )  # fmt: skip
    return outcomes
