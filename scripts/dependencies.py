"""Write docs/dependencies.md: every package of requirements.lock, its licence, and what brings it.

    python scripts/dependencies.py    run it after `make lock`, in the set-up environment

Licences are those that the installed packages declare. A package that is not installed here (it is for
another system or Python) keeps the licence that the table has.
"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK, TABLE = ROOT / "requirements.lock", ROOT / "docs" / "dependencies.md"
HEAD = """# Dependencies

Every package of `requirements.lock`: pinned to one version and to the hashes of its files, so that
a changed file is refused (`pip install --require-hashes`). *Brought by* names what asks for it:
`caudal` itself or one of its extras, or other packages. `scripts/dependencies.py` writes this table;
a test holds its names and versions against the lock.

Advisories are not checked here, for that needs a network: `pip-audit -r requirements.lock` does it
where there is one. What the wheel asks for (without extras) has lower bounds and no pins, so that it
installs beside other packages.

| package | version | licence | brought by |
|---|---|---|---|
"""
SHORT = 60


def locked(text: str) -> list[tuple[str, str, str]]:
    """Name, version and what brings it, of every entry of the lock."""
    out = []
    for entry in re.split(r"\n(?=[\w.-]+==)", text)[1:]:
        name, version = re.match(r"([\w.-]+)==([^\s;\\]+)", entry).groups()  # type: ignore[union-attr]
        via = re.findall(r"^ *#(?: +via)? +(\S.*)$", entry, re.MULTILINE)
        by = sorted({re.sub(r" \(.*", "", v.strip()) for v in via if v.strip() != "via"})
        own = {"caudal", "pyproject.toml", "scripts/build-requirements.in", "-r"}
        listed = ["caudal" if v in ("caudal", "pyproject.toml") else
                  "building" if v in own or v.startswith("-r ") else v for v in by]  # fmt: skip
        out.append((name, version, ", ".join(sorted(set(listed)))))
    return out


def licence(name: str) -> str:
    """The licence that an installed package declares; "" where it is not installed."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    given = about.get("License-Expression")
    if not given:
        marks = about.get_all("Classifier") or []
        named = [c.rpartition(" :: ")[2] for c in marks if c.startswith("License ::")]
        given = " / ".join(n for n in named if n != "OSI Approved") or about.get("License") or ""
    given = " ".join(given.split())
    return given if len(given) <= SHORT else given[:SHORT].rsplit(" ", 1)[0] + " …"


def rows(text: str) -> dict[str, list[str]]:
    """The table's rows by package."""
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in text.splitlines()
             if line.startswith("| ") and not line.startswith("| package")]  # fmt: skip
    return {row[0]: row for row in cells if len(row) == 4}


def main() -> None:
    """Write the table."""
    before = rows(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}
    lines = []
    for name, version, by in locked(LOCK.read_text(encoding="utf-8")):
        told = licence(name) or before.get(name, ["", "", "not installed here", ""])[2]
        lines.append(f"| {name} | {version} | {told.replace('|', '/')} | {by} |\n")
    TABLE.write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"{TABLE.relative_to(ROOT)}: {len(lines)} packages")


if __name__ == "__main__":
    main()
