"""What `caudal stress` prints of tables of made-up turns."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from caudal import corridor as content
from caudal.cli import main
from caudal.forecast import stress_tables
from stress_worlds import world

pytestmark = pytest.mark.unit


@pytest.fixture
def shown(tmp_path, monkeypatch, capsys):
    """`caudal stress` with the tables of one turn foretold well and one badly."""
    told = [world(rebound=date(2020, 12, 1)), world(after=1300.0, id="missed")]
    about = {"members": 8, "code_version": "1", "data_vintage": "abc"}
    stress_tables.write_tables(tmp_path / "skill", stress_tables.tables(told, about))
    monkeypatch.setattr(
        content, "corridor", lambda: replace(content.Corridor(), skill=tmp_path / "skill")
    )

    def call(*options: str, code: int = 0) -> str:
        assert main(["stress", *options]) == code
        printed = capsys.readouterr()
        return " ".join((printed.out if code == 0 else printed.err).split())

    return call


def test_what_was_right_and_what_not_is_said_in_words(shown):
    said = shown()
    assert "Sign right in 1 of 2 (not: missed)." in said
    assert "inside the 90 % interval in 1 of 2 (not: missed)" in said
    assert "Groups not hit: 2 of 2 are moved by less than 15 % by the turn" in said
    assert "Rebounds: timing right within three months in 0 of 1 (not: turn)." in said
    assert "8 members, code 1, data abc" in said
    assert "nationality" not in shown("--shares")


def test_json_holds_every_table_and_the_verdict(shown):
    told = json.loads(shown("--json"))
    assert set(told) == {*stress_tables.TABLES, "verdict"}
    assert told["verdict"]["right_sign"] == 1
    assert [row["event"] for row in told["sizes"]] == ["turn", "missed"]
    assert told["rebounds"][0]["regained"] is None


def test_writing_needs_a_run_and_reading_needs_tables(shown, tmp_path):
    assert "--run --write" in shown("--write", code=2)
    (tmp_path / "skill" / "stress_sizes.csv").unlink()
    assert "caudal stress --run --write" in shown(code=2)
