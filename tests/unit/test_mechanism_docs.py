"""The committed pages of docs/mechanisms say what the code says."""

from __future__ import annotations

from pathlib import Path

import mechanism_docs as script
import pytest

from caudal.corridor import corridor

pytestmark = pytest.mark.unit


def test_committed_pages_are_current():
    assert script.stale() == [], "run: python scripts/mechanism_docs.py"


def test_a_changed_or_stray_page_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(script, "PAGES", tmp_path)
    assert script.main([]) == 0
    assert script.stale() == []
    (tmp_path / "darien.md").write_text("old", encoding="utf-8")
    (tmp_path / "volcano.md").write_text("stray", encoding="utf-8")
    assert script.stale() == ["darien.md", "volcano.md"]
    assert script.main(["--check"]) == 1


def test_every_parameter_and_part_stands_on_its_page():
    for made in corridor().model.mechanisms:
        text = script.page(made)
        for part in (*made.flows, *made.gates, *made.signals, *made.weather, *made.noise):
            assert f"`{part.name}`" in text
        for name in (*made.parameters, *made.levers, *made.drivers, *made.reads):
            assert f"`{name}`" in text


@pytest.mark.slow
def test_the_example_of_the_model_page_runs():
    text = (Path(__file__).parents[2] / "docs" / "model.md").read_text("utf-8")
    code = text.partition("```python\n")[2].partition("```")[0]
    names: dict = {}
    exec(compile(code, "docs/model.md", "exec"), names)
    assert names["months"].tallies["encounters_land"].shape == (6, 9, 66, 4)
