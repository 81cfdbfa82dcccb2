"""The tools that check the page are pinned, for the same libraries as the page loads."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from caudal.report.strings import WEB

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
WANTED = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
LOCK = (ROOT / "package-lock.json").read_text("utf-8")


def test_each_tool_is_pinned_and_locked_with_its_sum():
    packages = json.loads(LOCK)["packages"]
    assert packages[""]["devDependencies"] == WANTED
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in WANTED.values())
    unsummed = [name for name, told in packages.items() if name and "integrity" not in told]
    assert unsummed == []


def test_the_lock_names_no_host():
    assert not re.search(r"https?://|file:|\"resolved\"", LOCK)


def test_types_are_of_the_libraries_that_the_page_loads():
    vendored = json.loads((WEB / "vendor" / "vendor.json").read_text("utf-8"))["libraries"]
    versions = {library["package"]: library["version"] for library in vendored}
    assert WANTED["@observablehq/plot"] == versions["@observablehq/plot"]
    assert WANTED["@types/d3"].split(".")[0] == versions["d3"].split(".")[0]


def test_costs_are_told_as_measured():
    told = (ROOT / "docs" / "page.md").read_text("utf-8")
    with (ROOT / "benchmarks" / "results" / "page.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert len(rows) > 10
    assert [row[0] for row in rows if f"| {' | '.join(row)} |" not in told] == []
