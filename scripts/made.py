"""Fill in the parts of docs/ and of the README that are made from code, data and committed tables.

    python scripts/made.py           write them
    python scripts/made.py --check   say which pages are not current; exit 1 if any

A part stands between two comments of its page, `<!-- made: NAME -->` and `<!-- made -->`; NAME is a key
of PARTS in made_odd, made_cards or made_reference, whose function returns the Markdown. What is
outside is written by hand. tests/unit/test_made.py holds the committed pages to it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import made_cards
import made_odd
import made_reference

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PARTS: dict[str, Callable[[], str]] = {
    **made_odd.PARTS, **made_cards.PARTS, **made_reference.PARTS
}  # fmt: skip
PLACE = re.compile(r"<!-- made: (\S+) -->\n.*?<!-- made -->", re.DOTALL)


def filled(text: str) -> str:
    """A page with every part as it would be made now; KeyError for a part that nobody makes."""

    def made(match: re.Match[str]) -> str:
        return f"<!-- made: {match[1]} -->\n\n{PARTS[match[1]]().strip()}\n\n<!-- made -->"

    return PLACE.sub(made, text)


def pages() -> dict[Path, str]:
    """Every page that has such a part, as it should read."""
    out = {}
    for path in (ROOT / "README.md", *sorted(DOCS.rglob("*.md"))):
        text = path.read_text("utf-8")
        if PLACE.search(text):
            out[path] = filled(text)
    return out


def stale() -> list[str]:
    """Names of pages that do not say what they should."""
    return [
        path.relative_to(ROOT).as_posix()
        for path, text in pages().items()
        if path.read_text("utf-8") != text
    ]


def main(arguments: Sequence[str]) -> int:
    """Write the parts, or with --check only compare."""
    if "--check" in arguments:
        old = stale()
        print("\n".join(f"{name}: not current" for name in old) or "all parts are current")
        return 1 if old else 0
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
