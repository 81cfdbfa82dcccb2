"""Write corridor/skill/headlines.csv: every published figure beside the model, from the shipped draws.

python scripts/headlines.py        (or: make headlines)
"""

from __future__ import annotations

import contextlib
import io
import json

import csv_tables

from caudal.cli import main
from caudal.compute.store import code_version
from caudal.corridor import corridor
from caudal.data.store import data_vintage

TABLE = corridor().skill / "headlines.csv"
COLUMNS = ("id", "value", "median", "lo50", "hi50", "lo90", "hi90", "inside90", "used")


def write() -> None:
    """Judge all figures and write the table."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        status = main(["headlines", "--json"])
    if status:
        raise SystemExit(status)
    answer = json.loads(told.getvalue())
    mark = {"code_version": code_version(), "data_vintage": data_vintage()}
    rows = [
        {c: f"{row[c]:.4g}" if isinstance(row[c], float) else row[c] for c in COLUMNS} | mark
        for row in answer["headlines"]
    ]
    csv_tables.write(TABLE, (*COLUMNS, *mark), rows)
    print(json.dumps({k: v for k, v in answer["summary"].items() if k != "misses"}, indent=1))


if __name__ == "__main__":
    write()
