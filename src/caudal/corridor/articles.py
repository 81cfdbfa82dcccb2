"""What the articles report, row by row, and what in Caudal represents each row.

The rows are data (`articles.yaml`); this file reads them and refuses a reference to anything that
is not there, so that the list cannot promise more than the system holds. References, `kind:name`:

    file:src/caudal/…        a file of this repository
    lever:, policy:, scenario:, mechanism:, series:, figure:, claim:   an id in its registry
    test:tests/…::name       a test (only checked where the tests lie beside the package)

A row's status says how far it is represented: `represented`, `partly`, `not yet`, or `not
represented` with the reason, which only an opinion or a remark on a source may be.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from caudal.errors import CaudalError
from caudal.policy.marks import Marks, nearest, read_yaml

HERE = Path(__file__).parent
ROWS_FILE = HERE / "articles.yaml"

TYPES = (
    "policy", "institution", "actor", "flow", "stock", "number", "event", "risk", "cause",
    "forecast", "opinion", "provenance",
)  # fmt: skip
"""What a row can be; one row may be several."""

BESIDE_THE_SYSTEM = frozenset({"opinion", "provenance"})
"""A row of only these describes no part of the corridor, and so may stay out with a reason."""

STATUSES = ("represented", "partly", "not yet", "not represented")
FIELDS = frozenset({"id", "type", "says", "text", "status", "represented_by", "why"})
LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Row:
    """One thing that an article reports, in our words.

    id              article number and row, as `2-13`; `x-…` for what all articles share
    type            some of `TYPES`
    says            who the article attributes it to
    text            the row by language: `en`, `es`
    status          one of `STATUSES`
    represented_by  references, `kind:name`
    why             the reason of a row left out on purpose, else ""
    """

    id: str
    type: tuple[str, ...]
    says: str
    text: Mapping[str, str]
    status: str
    represented_by: tuple[str, ...]
    why: str = ""

    @property
    def article(self) -> str:
        """Number of the article, `x` for the list across all of them."""
        return self.id.partition("-")[0]

    def as_dict(self) -> dict[str, Any]:
        """The row as `caudal articles --json` prints it."""
        return {
            "id": self.id,
            "article": self.article,
            "type": list(self.type),
            "says": self.says,
            "en": self.text["en"],
            "es": self.text["es"],
            "status": self.status,
            "represented_by": list(self.represented_by),
            "why": self.why,
        }


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
            "claim": _ids(here / "claims"),
            "series": frozenset(self._resources),
            "figure": self._figures(),
        }

    @cached_property
    def _resources(self) -> dict[str, str]:
        """Path of each built table, by series."""
        description = self.corridor / "series" / "datapackage.json"
        if not description.exists():
            return {}
        resources = json.loads(description.read_text(encoding="utf-8"))["resources"]
        return {resource["name"]: resource["path"] for resource in resources}

    def _figures(self) -> frozenset[str]:
        if "figures" not in self._resources:
            return frozenset()
        packed = (self.corridor / "series" / self._resources["figures"]).read_bytes()
        text = gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed
        rows = csv.DictReader(io.StringIO(text.decode("utf-8")))
        return frozenset(row["id"] for row in rows if "id" in row)

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


def load_rows(path: Path | None = None, registries: Registries | None = None) -> tuple[Row, ...]:
    """All rows of a file (the corridor's own when None), in its order.

    Raises CaudalError with file, line and field for a row that is malformed, told twice, claims a
    status it may not have, or points at something that does not exist.
    """
    data, marks = read_yaml(path or ROWS_FILE)
    if not isinstance(data, dict) or not isinstance(data.get("rows"), list):
        raise CaudalError(marks.where(), "no list of rows", "rows: [{id, type, says, text, …}]")
    registries = registries or Registries()
    rows: list[Row] = []
    seen: set[str] = set()
    for number, raw in enumerate(data["rows"]):
        row = _row(raw, marks.at(("rows", number)), registries)
        if row.id in seen:
            raise CaudalError(
                marks.where(("rows", number, "id")), f"'{row.id}' twice", "each row once"
            )
        seen.add(row.id)
        rows.append(row)
    return tuple(rows)


def _row(raw: Any, marks: Marks, registries: Registries) -> Row:
    if not isinstance(raw, dict):
        raise CaudalError(marks.where(), "not a mapping", ", ".join(sorted(FIELDS)))
    for field in raw:
        if field not in FIELDS:
            raise CaudalError(marks.where((field,)), "unknown field", nearest(field, FIELDS))
    for field in ("id", "says", "status"):
        if not isinstance(raw.get(field), str) or not raw[field].strip():
            raise CaudalError(marks.where((field,)), "missing or not text", "a line of text")
    if not re.fullmatch(r"(\d|x)-\d+", raw["id"]):
        raise CaudalError(marks.where(("id",)), f"'{raw['id']}'", "article-row, as 2-13 or x-1")
    text = raw.get("text")
    if not isinstance(text, dict) or any(not str(text.get(k) or "").strip() for k in LANGUAGES):
        raise CaudalError(marks.where(("text",)), "a language is missing", "en and es, not empty")
    types, references = _words(raw, "type", marks), _words(raw, "represented_by", marks)
    if not types:
        raise CaudalError(marks.where(("type",)), "empty", ", ".join(TYPES))
    for i, word in enumerate(types):
        if word not in TYPES:
            raise CaudalError(marks.where(("type", i)), f"unknown type '{word}'", ", ".join(TYPES))
    for i, reference in enumerate(references):
        fault = registries.fault(reference)
        if fault is not None:
            raise CaudalError(marks.where(("represented_by", i)), *fault)
    row = Row(
        raw["id"], types, raw["says"], dict(text), raw["status"], references, raw.get("why", "")
    )
    _check_status(row, marks)
    return row


def _check_status(row: Row, marks: Marks) -> None:
    where = marks.where(("status",))
    if row.status not in STATUSES:
        raise CaudalError(where, f"'{row.status}'", ", ".join(STATUSES))
    if row.status in ("represented", "partly") and not row.represented_by:
        raise CaudalError(
            where, f"'{row.status}' without a reference", "at least one in represented_by"
        )
    if row.status == "not represented":
        if not row.why:
            raise CaudalError(where, "left out without a reason", "a line in why")
        if not set(row.type) <= BESIDE_THE_SYSTEM:
            raise CaudalError(
                where, "a row about the corridor cannot be left out", "represented, partly, not yet"
            )


def _words(raw: Mapping[str, Any], field: str, marks: Marks) -> tuple[str, ...]:
    value = raw.get(field, [])
    if not isinstance(value, list) or any(not isinstance(word, str) for word in value):
        raise CaudalError(marks.where((field,)), "not a list of words", "[word, word]")
    return tuple(value)


def counts(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """How many rows have each status, by type and in all; a row of two types counts in both.

    Each: {type, total, represented, partly, not_yet, not_represented}.
    """
    table = []
    for kind in (*TYPES, "all"):
        of_kind = [row for row in rows if kind == "all" or kind in row.type]
        by_status = {
            status.replace(" ", "_"): sum(row.status == status for row in of_kind)
            for status in STATUSES
        }
        table.append({"type": kind, "total": len(of_kind), **by_status})
    return table
