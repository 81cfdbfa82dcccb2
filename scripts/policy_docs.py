"""Write docs/policies-by-actor.md and docs/policies.*.svg: every policy document, by actor.

    python scripts/policy_docs.py           write them
    python scripts/policy_docs.py --check   say which are not current; exit 1 if any

tests/unit/test_policy_docs.py holds the committed files to the documents.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from caudal.corridor.policies import ACTORS, law
from caudal.policy.picture import svg
from caudal.policy.timeline import timeline

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs"
NOTE = "<!-- Written by scripts/policy_docs.py from the documents: change those, then run it. -->"


def pages() -> dict[str, str]:
    """Each file by its name in docs/."""
    rows = timeline(law())
    pictures = {f"policies.{lang}.svg": svg(rows, ACTORS, lang) for lang in ("en", "es")}
    return {"policies-by-actor.md": page(rows), **pictures}


def page(rows: Sequence[dict[str, Any]]) -> str:
    """The tables in words: how many of each kind, then each actor's documents by first day."""
    entries = sum(len(row["spans"]) for row in rows)
    unverified = sum(span["unverified"] for row in rows for span in row["spans"])
    kinds = Counter(row["kind"] for row in rows)
    parts = [
        NOTE,
        "# The policy documents, by actor",
        f"{len(rows)} documents with {entries} stretches in force; {unverified} of the stretches "
        "rest, in their date or value, on something marked `unverified`. Pictures: "
        "[English](policies.en.svg), [español](policies.es.svg). How to read a document: "
        "[policies.md](policies.md).",
        "By kind: " + ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items())) + ".",
    ]
    actors = [*ACTORS, *sorted({_first(row) for row in rows} - set(ACTORS))]
    for actor in actors:
        members = [row for row in rows if _first(row) == actor]
        if members:
            name = ACTORS.get(actor, (actor,))[0]
            parts += [f"## {name}", "\n".join([*_HEAD, *map(_line, members)])]
    return "\n\n".join(parts) + "\n"


_HEAD = ("| document | what | kind | from | until |", "|---|---|---|---|---|")


def _line(row: dict[str, Any]) -> str:
    if not row["spans"]:
        first = last = "announced, never in force"
    else:
        ends = [span["until"] for span in row["spans"]]
        first, last = row["spans"][0]["from"], "…" if None in ends else max(ends)
    return f"| `{row['id']}` | {row['name']['en']} | {row['kind']} | {first} | {last} |"


def _first(row: dict[str, Any]) -> str:
    return row["actor"].split("/")[0]


def stale() -> list[str]:
    """Names of the files that are missing or say something else than the documents."""
    return [
        name
        for name, text in pages().items()
        if not (PAGES / name).is_file() or (PAGES / name).read_text(encoding="utf-8") != text
    ]


def main(arguments: Sequence[str]) -> int:
    """Write the files, or with --check say which are not current."""
    if list(arguments) == ["--check"]:
        old = stale()
        for name in old:
            print(f"docs/{name} is not current: python scripts/policy_docs.py")
        return 1 if old else 0
    for name, text in pages().items():
        (PAGES / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
