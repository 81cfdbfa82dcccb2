"""The committed pages of docs/mechanisms say what the code says."""

from __future__ import annotations

import re
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


def test_every_page_tells_levers_observables_and_limits():
    for made in corridor().model.mechanisms:
        text = script.page(made)
        parts = dict(part.split("\n", 1) for part in text.split("\n## ")[1:])
        assert list(parts) == [
            "What it cannot say", "Owns", "Reads", "Levers", "Parameters", "Observables",
        ]  # fmt: skip
        limits = r"cannot say|cannot tell|No count|does not know|holds one"
        assert re.search(limits, made.doc), f"{made.name} says nothing of what it cannot say"
        assert len(parts["What it cannot say"]) > 60
        assert all(f"`{lever}`" in parts["Levers"] for lever in made.levers)
        assert "| `" in parts["Observables"], f"nothing that a run reports speaks of {made.name}"
        assert "Sources: " in text


def test_observables_and_documents_are_those_of_the_mechanism():
    model = corridor().model
    seen = script.page(model.mechanism("interdiction")).partition("## Observables")[2]
    for variable, told in (
        ("mexican_events", "events | People apprehended or presented in Mexico"),
        ("dif_held", "people it moves on"),
    ):
        assert re.search(rf"^\| `{variable}` \| {told}", seen, re.MULTILINE), variable
    assert "`mx.events`" in seen
    assert "`us_released`" not in seen
    assert "| `mx.trains_stopped` |" in (transit := script.page(model.mechanism("transit")))
    assert "`mx-trains-2023`" in transit
    assert "signal" in script.page(model.mechanism("diplomacy")).partition("## Observables")[2]


@pytest.mark.slow
def test_the_example_of_the_model_page_runs():
    text = (Path(__file__).parents[2] / "docs" / "model.md").read_text("utf-8")
    code = text.partition("```python\n")[2].partition("```")[0]
    names: dict = {}
    exec(compile(code, "docs/model.md", "exec"), names)
    assert names["months"].tallies["encounters_land"].shape == (6, 9, 66, 4)
