"""Execute the cookbook's notebooks and keep what they print.

    python scripts/cookbook.py [NAME …]           run them and write their outputs (make cookbook)
    python scripts/cookbook.py --check [NAME …]   run them, write nothing; exit 1 if one fails

A notebook is stored without execution counts and times, so that running it again changes a line only
where an answer has changed. Each runs in the folder docs/cookbook.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "cookbook"
CELL_SECONDS = 600
LARGEST_BYTES = 60_000
"""Of one notebook with its outputs: more is no page to read."""


def notebooks(names: list[str]) -> list[Path]:
    """The notebooks of these names (all where none is given), in order."""
    found = {path.stem: path for path in sorted(FOLDER.glob("*.ipynb"))}
    unknown = [name for name in names if name not in found]
    if unknown:
        raise SystemExit(f"no notebook {unknown[0]!r}; there are {', '.join(found)}")
    return [found[name] for name in names or found]


def executed(path: Path) -> Any:
    """The notebook with what its cells print now; CellExecutionError where one fails."""
    notebook = nbformat.read(path, as_version=4)
    # where `caudal` lies, for cells that call the command line
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    client = NotebookClient(
        notebook, timeout=CELL_SECONDS, startup_timeout=CELL_SECONDS, kernel_name="python3",
        resources={"metadata": {"path": str(FOLDER)}},
    )  # fmt: skip
    client.execute()
    return plain(notebook)


def plain(notebook: Any) -> Any:
    """Without what changes from one execution to the next although nothing has changed."""
    notebook.metadata = {"language_info": {"name": "python"}}
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.execution_count = None
            for output in cell.outputs:
                output.pop("execution_count", None)
                getattr(output, "data", {}).pop("text/html", None)  # the plain table says the same
                if output.output_type == "execute_result":
                    output.update(execution_count=None, metadata={})
    return notebook


def main() -> int:
    """Execute what is asked for; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    failed = 0
    for path in notebooks(asked.names):
        began = time.perf_counter()
        try:
            notebook = executed(path)
        except CellExecutionError as problem:
            print(f"{path.name}: {problem}", file=sys.stderr)
            failed += 1
            continue
        text = nbformat.writes(notebook) + "\n"
        if len(text.encode()) > LARGEST_BYTES:
            print(f"{path.name}: {len(text.encode()):,} bytes, more than {LARGEST_BYTES:,}")
            failed += 1
        elif not asked.check:
            path.write_text(text, encoding="utf-8")
        print(f"{path.name}: {time.perf_counter() - began:.0f} s")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
