"""Tables that the page shows at once: src/caudal/service/tables.

    python scripts/shown.py [tables] [journeys]        (all of them; or: make now)

`tables` copies docs/results/attribution.csv and effects.csv, `journeys` draws the examples. Each file
names the code and the data it was made with.
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

from caudal.compute.store import code_version
from caudal.data.store import data_vintage
from caudal.service.answers import json_bytes
from caudal.service.kinds import journeys
from caudal.service.kinds.common import RESULT
from caudal.service.shipped import TABLES

RESULTS = Path(__file__).resolve().parents[1] / "docs" / "results"
COPIED = ("attribution.csv", "effects.csv")
EXAMPLES = (
    ("2023-01", "HND", "family"),
    ("2021-03", "GTM", "unaccompanied_child"),
    ("2023-09", "VEN", "single_adult"),
    ("2022-05", "CUB", "single_adult"),
)
"""Month, nationality and unit: four groups that met different rules (assumed to be telling)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the parts that are named, or all."""
    parts = {"tables": tables, "journeys": walks}
    parser = argparse.ArgumentParser(description="Tables that the page shows at once")
    parser.add_argument("part", nargs="*", choices=[*parts, []], help="which (default: all)")
    for name in parser.parse_args(arguments).part or parts:
        parts[name]()
    return 0


def tables() -> None:
    """Copy what other scripts have written."""
    for name in COPIED:
        shutil.copyfile(RESULTS / name, TABLES / name)


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


def made_with() -> dict[str, str]:
    """The code and the data behind a file."""
    return {"code_version": code_version(), "data_vintage": data_vintage()}


def write(name: str, value: Any) -> None:
    """One file, as compact JSON."""
    (TABLES / name).write_bytes(json_bytes(value) + b"\n")


if __name__ == "__main__":
    sys.exit(main())
