"""Gather the fragments of changes/ into CHANGELOG.md.

    python scripts/changelog.py VERSION    write the section of VERSION, remove the fragments
    python scripts/changelog.py --check    only read them; exit 2 and one line at the first fault

A fragment is `changes/<short-name>.<kind>.md`; see changes/README.md.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADINGS = {
    "added": "Added",
    "changed": "Changed",
    "fixed": "Fixed",
    "removed": "Removed",
    "regression": "Numbers that moved",
}


def fault(path: Path) -> str | None:
    """What is wrong with a fragment, or None."""
    match = re.fullmatch(r"[a-z0-9-]+\.(\w+)\.md", path.name)
    if match is None or match[1] not in HEADINGS:
        return f"{path.name}: not <short-name>.<kind>.md with a kind of {', '.join(HEADINGS)}"
    text = path.read_text(encoding="utf-8").strip()
    if not text:
        return f"{path.name}: empty"
    if match[1] == "regression" and not re.search(r"^\|.*before.*\|.*now.*\|", text, re.MULTILINE):
        return f"{path.name}: no table with the columns before and now"
    return None


def fragments(folder: Path) -> list[Path]:
    """The fragments of a folder, by name."""
    return sorted(path for path in folder.glob("*.md") if path.name != "README.md")


def section(version: str, day: str, paths: list[Path]) -> str:
    """The changelog section of a version, its fragments grouped by kind."""
    lines = [f"## {version} · {day}"]
    for kind, heading in HEADINGS.items():
        texts = [
            path.read_text(encoding="utf-8").strip()
            for path in paths
            if path.name.endswith(f".{kind}.md")
        ]
        if texts:
            lines += [f"### {heading}", *texts]
    return "\n\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Check the fragments, then write the section of the version given."""
    if len(arguments) != 1:
        print("changelog: give a version, or --check", file=sys.stderr)
        return 2
    paths = fragments(ROOT / "changes")
    for path in paths:
        trouble = fault(path)
        if trouble is not None:
            print(f"changelog: {trouble}", file=sys.stderr)
            return 2
    if arguments[0] == "--check":
        return 0
    changelog = ROOT / "CHANGELOG.md"
    head, separator, rest = changelog.read_text(encoding="utf-8").partition("\n## ")
    day = datetime.now(UTC).date().isoformat()
    text = f"{head.rstrip()}\n\n{section(arguments[0], day, paths)}"
    changelog.write_text(text + (f"\n## {rest}" if separator else ""), encoding="utf-8")
    for path in paths:
        path.unlink()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
