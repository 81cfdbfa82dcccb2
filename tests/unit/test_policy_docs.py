"""The committed list and pictures of the policies say what the documents say."""

from __future__ import annotations

import policy_docs as script
import pytest

from caudal.corridor.policies import law

pytestmark = pytest.mark.unit


def test_committed_files_are_current():
    assert script.stale() == [], "run: python scripts/policy_docs.py"


def test_every_document_has_its_line():
    text = script.pages()["policies-by-actor.md"]
    for policy_id in law():
        assert text.count(f"| `{policy_id}` |") == 1


def test_a_changed_file_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(script, "PAGES", tmp_path)
    assert script.main([]) == 0
    assert script.main(["--check"]) == 0
    (tmp_path / "policies.en.svg").write_text("old", encoding="utf-8")
    assert script.stale() == ["policies.en.svg"]
    assert script.main(["--check"]) == 1
