"""Tables that the page shows at once: src/caudal/service/shown.

    python scripts/shown.py [states] [tables] [journeys] [outcomes]      (all of them; or: make now)

`states` writes where the learned draws stand at the last count, from which runs go on (beside the
draws: src/caudal/corridor/posterior/states.npz). `tables` copies docs/results/attribution.csv and
effects.csv, `journeys` draws the examples, `outcomes` runs the baseline. Each file names the code and
the data it was made with.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from caudal.compute.store import code_version
from caudal.compute.warm import ship
from caudal.corridor import corridor
from caudal.corridor.observables import OUTCOMES
from caudal.data.store import data_vintage
from caudal.service.answers import json_bytes
from caudal.service.kinds import journeys, run
from caudal.service.kinds.common import RESULT
from caudal.service.routes.outcomes import PANELS
from caudal.service.shipped import SHOWN

RESULTS = Path(__file__).resolve().parents[1] / "docs" / "results"
COPIED = ("attribution.csv", "effects.csv")
MEMBERS = 96
EXAMPLES = (
    ("2023-01", "HND", "family"),
    ("2021-03", "GTM", "unaccompanied_child"),
    ("2023-09", "VEN", "single_adult"),
    ("2022-05", "CUB", "single_adult"),
)
"""Month, nationality and unit: four groups that met different rules (assumed to be telling)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the parts that are named, or all."""
    parts = {"states": states, "tables": tables, "journeys": walks, "outcomes": outcomes}
    parser = argparse.ArgumentParser(description="Tables that the page shows at once")
    parser.add_argument("part", nargs="*", choices=[*parts, []], help="which (default: all)")
    for name in parser.parse_args(arguments).part or parts:
        parts[name]()
    return 0


def states() -> None:
    """Run every learned draw until the last count, in real numbers and in whole people."""
    path = ship(corridor(), ("expected", "sampled"))
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB", file=sys.stderr)


def tables() -> None:
    """Copy what other scripts have written."""
    for name in COPIED:
        shutil.copyfile(RESULTS / name, SHOWN / name)


def walks() -> None:
    """Draw the example journeys."""
    found = []
    for month, nationality, unit in EXAMPLES:
        print(f"journeys: {nationality} {unit} {month}", file=sys.stderr)
        body = journeys.Body.model_validate(
            {"from": month, "nationality": nationality, "unit": unit}
        )
        request = {
            "scenario": "baseline",
            "document": None,
            **body.model_dump(exclude={"scenario"}),
        }
        with tempfile.TemporaryDirectory() as folder:
            journeys.do(request, Path(folder), lambda done, of: None)
            found.append(json.loads((Path(folder) / RESULT).read_text("utf-8")))
    write("journeys.json", {"examples": found, **made_with()})


def outcomes() -> None:
    """Run the baseline: where journeys ended, and outcomes by month and by year."""
    body = run.Body.model_validate({"members": MEMBERS})
    request = {"document": None, **body.model_dump(by_alias=True)}
    shown = [o["id"] for o in OUTCOMES if o["panel"] in PANELS]
    with tempfile.TemporaryDirectory() as folder:
        run.do(request, Path(folder), lambda done, of: print(f"{done} of {of}", file=sys.stderr))
        for name in (run.ENDS, run.YEARS, run.SUMMARY):
            frame = pd.read_parquet(Path(folder) / name)
            if name == run.SUMMARY:
                frame = frame[frame["outcome"].isin(shown)]
            numbers = frame.select_dtypes("float").columns
            frame[numbers] = frame[numbers].map(lambda v: float(f"{v:.4g}")).astype("float32")
            frame.to_parquet(SHOWN / name, index=False, compression="zstd")
        recipe = json.loads((Path(folder) / RESULT).read_text("utf-8"))
    write("run.json", recipe)


def made_with() -> dict[str, str]:
    """The code and the data behind a file."""
    return {"code_version": code_version(), "data_vintage": data_vintage()}


def write(name: str, value: Any) -> None:
    """One file, as compact JSON."""
    (SHOWN / name).write_bytes(json_bytes(value) + b"\n")


if __name__ == "__main__":
    sys.exit(main())
