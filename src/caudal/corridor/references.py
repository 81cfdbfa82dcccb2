"""References to parts of Caudal, `kind:name`, and the registries that they must be found in.

    file:src/caudal/…        a file of this repository
    lever:, policy:, scenario:, mechanism:, series:, headline:, claim:   an id in its registry
    figure:                  an id of the single figures, or a symbol of the published parameters
    parameter:               a parameter of a mechanism, from priors/
    test:tests/…::name       a test (only checked where the tests lie beside the package)

An event is a policy document.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from functools import cached_property
from pathlib import Path

from caudal.policy.marks import nearest, read_yaml

HERE = Path(__file__).parent


class Registries:
    """The names that a reference may point at, read from the corridor's own files.

    corridor  folder with levers/, policies/, mechanisms/, series/ …
    """

    def __init__(self, corridor: Path = HERE) -> None:
        self.corridor = corridor
        self.package = corridor.parent
        self.checkout = self.package.parent.parent

    @cached_property
    def names(self) -> dict[str, frozenset[str]]:
        """Known names by kind of reference; empty where nothing of that kind is there yet."""
        here = self.corridor
        return {
            "lever": frozenset().union(
                *(read_yaml(file)[0] for file in (here / "levers").glob("*.yaml"))
            ),
            "policy": _ids(here / "policies"),
            "scenario": _stems(here / "scenarios", "*.yaml"),
            "mechanism": _stems(here / "mechanisms", "*.py"),
            "claim": frozenset().union(
                *(_listed(file, "claims") for file in (here / "claims").glob("*.yaml"))
            ),
            "series": frozenset(self._resources),
            "figure": self._figures("figures", "id")
            | self._figures("figures.parameters", "symbol"),
            "headline": _listed(here / "headlines.yaml", "headlines"),
            "parameter": _parameters(here / "priors"),
        }

    @cached_property
    def _resources(self) -> dict[str, str]:
        """Path of each built table, by series."""
        description = self.corridor / "series" / "datapackage.json"
        if not description.exists():
            return {}
        resources = json.loads(description.read_text(encoding="utf-8"))["resources"]
        return {resource["name"]: resource["path"] for resource in resources}

    def _figures(self, table: str, column: str) -> frozenset[str]:
        if table not in self._resources:
            return frozenset()
        packed = (self.corridor / "series" / self._resources[table]).read_bytes()
        text = gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed
        rows = csv.DictReader(io.StringIO(text.decode("utf-8")))
        return frozenset(row[column] for row in rows if column in row)

    def fault(self, reference: str) -> tuple[str, str] | None:
        """What is wrong with a reference and what is allowed, or None when it points at something.

        >>> Registries().fault("mechanism:teleport")[0]
        "no mechanism 'teleport'"
        """
        kind, separator, name = reference.partition(":")
        if not separator or kind not in {*self.names, "file", "test"}:
            return f"no such kind of reference as '{reference}'", ", ".join(
                (*self.names, "file", "test")
            )
        if kind == "file":
            path = self.package / name.removeprefix("src/caudal/")
            inside = name.startswith("src/caudal/")
            if (path if inside else self.checkout / name).exists():
                return None
            return f"no file '{name}'", "a path from the repository's root"
        if kind == "test":
            return self._test_fault(name)
        known = self.names[kind]
        return None if name in known else (f"no {kind} '{name}'", nearest(name, known))

    def _test_fault(self, name: str) -> tuple[str, str] | None:
        path, _, function = name.partition("::")
        if not (self.checkout / "tests").is_dir():
            return None  # an installed package comes without its tests
        file = self.checkout / path
        if not file.is_file():
            return f"no test file '{path}'", "tests/<kind>/test_<thing>.py::test_<what>"
        if not re.search(
            rf"^\s*def {re.escape(function)}\(", file.read_text("utf-8"), re.MULTILINE
        ):
            return f"no test '{function}' in {path}", "the name of a test function in that file"
        return None


def _stems(folder: Path, pattern: str) -> frozenset[str]:
    return frozenset(p.stem for p in folder.glob(pattern) if not p.name.startswith("_"))


def _ids(folder: Path) -> frozenset[str]:
    """Top-level ids of the YAML documents in a folder (a file is one document or a list)."""
    found: set[str] = set()
    for path in sorted(folder.glob("*.yaml")):
        data = read_yaml(path)[0]
        documents = data if isinstance(data, list) else [data]
        found |= {d["id"] for d in documents if isinstance(d, dict) and "id" in d}
    return frozenset(found)


def _listed(path: Path, key: str) -> frozenset[str]:
    """Ids of the items of one list in a YAML file; none without the file."""
    items = read_yaml(path)[0].get(key, []) if path.exists() else []
    return frozenset(item["id"] for item in items)


def _parameters(folder: Path) -> frozenset[str]:
    """Names of the parameters of every mechanism."""
    files = [read_yaml(path)[0] for path in sorted(folder.glob("*.yaml"))]
    return frozenset(name for file in files for group in file.values() for name in group)
