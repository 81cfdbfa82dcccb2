"""Run the slow checks and keep their outcome as a small table, docs/results/gate.csv.

    python scripts/gate.py [extra pytest arguments]

Columns: test (file::name), kind (the folder it lies in), outcome (passed, failed, error, skipped),
seconds, note (first line of what went wrong or why it was left out). Exit status is pytest's.
"""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import csv_tables

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "results" / "gate.csv"
OUTCOMES = {"failure": "failed", "error": "error", "skipped": "skipped"}


def rows(junit: Path) -> list[dict[str, str]]:
    """One row per test case of a JUnit file, in the file's order."""
    found: list[dict[str, str]] = []
    for case in ET.parse(junit).iter("testcase"):
        parts = case.get("classname", "").split(".")
        # tests.unit.test_a.TestB: folders and file, then classes
        ends = next((i for i, part in enumerate(parts) if part.startswith("test_")), 0) + 1
        names = ["/".join(parts[:ends]) + ".py", *parts[ends:], case.get("name", "")]
        trouble = next((child for child in case if child.tag in OUTCOMES), None)
        note = "" if trouble is None else (trouble.get("message") or "").strip()
        found.append(
            {
                "test": "::".join(names),
                "kind": parts[1] if len(parts) > 1 else "",
                "outcome": "passed" if trouble is None else OUTCOMES[trouble.tag],
                "seconds": f"{float(case.get('time', 0)):.1f}",
                "note": note.splitlines()[0][:200] if note else "",
            }
        )
    return found


def main(arguments: list[str]) -> int:
    """Run `pytest -m slow`, write the table, return pytest's exit status."""
    junit = ROOT / "build" / "gate.xml"
    junit.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-m", "slow", f"--junitxml={junit}", *arguments]
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    if not junit.exists():
        return status
    csv_tables.write(TABLE, ("test", "kind", "outcome", "seconds", "note"), rows(junit))
    print(f"gate: wrote {TABLE.relative_to(ROOT)}")
    return status


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
