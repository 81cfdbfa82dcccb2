"""Write the examples of docs/journeys.md: what `caudal journeys` prints, in both languages.

    python scripts/journeys_docs.py          draw once, write both blocks

The command that a block shows prints the same.
"""

from __future__ import annotations

import io
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from caudal.ask.journeys import journeys
from caudal.cli.journeys import _tell
from caudal.corridor import corridor
from caudal.corridor.journeys import words

PAGE = Path(__file__).resolve().parents[1] / "docs" / "journeys.md"
ASKED: dict[str, Any] = {
    "start": "2023-01", "nationality": "Honduras", "unit": "family", "count": 10, "check": True,
}  # fmt: skip
COMMAND = "caudal journeys --from 2023-01 --nationality Honduras --unit family --count 10 --check"


def main() -> int:
    """Replace the block of each language."""
    here: Any = corridor()
    found = journeys(here, words(), **ASKED)
    page = PAGE.read_text("utf-8")
    for lang, more in (("en", ""), ("es", " --lang es")):
        out = io.StringIO()
        with redirect_stdout(out):
            _tell(found, words(), lang)
        told = "\n".join(line.rstrip() for line in out.getvalue().splitlines())
        block = f"<!-- {lang} -->\n\n    $ {COMMAND}{more}\n" + re.sub(
            "^(?=.)", "    ", told, flags=re.M
        )
        pattern = rf"<!-- {lang} -->.*?<!-- end {lang} -->"
        page, many = re.subn(
            pattern, lambda _, b=block, n=lang: f"{b}\n\n<!-- end {n} -->", page, flags=re.S
        )
        if many != 1:
            print(f"{PAGE}: no block '{lang}'", file=sys.stderr)
            return 1
    PAGE.write_text(page, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
