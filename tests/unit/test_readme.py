"""What the README says of the size of things, and of commands, holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from caudal.cli import load
from caudal.corridor import HERE, corridor

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "README.md").read_text("utf-8")


def there() -> dict[str, int]:
    """How many there are, by the README's words."""
    law = corridor().law
    return {
        "mechanisms": len(corridor().model.mechanisms),
        "policies and events": len(law.documents),
        "levers": len(law.levers),
        "scenarios": len(list((HERE / "scenarios").glob("*.yaml"))),
    }


@pytest.mark.parametrize("what", there())
def test_counts_are_as_said(what: str) -> None:
    said = re.search(rf"(more than\s+)?(\d+)\s+{what}", TEXT)
    assert said is not None
    number, real = int(said[2]), there()[what]
    assert number < real < 1.5 * number if said[1] else number == real, f"{what}: {real}"


def test_commands_of_the_readme_exist() -> None:
    named = {
        tuple(words.split())
        for words in re.findall(
            r"caudal ((?:policies|model|data|claims) [a-z]+|[a-z][a-z-]*)", TEXT
        )
        if not words.startswith("import")
    }
    assert len(named) > 12
    for verb, *rest in sorted(named):
        command = load(verb)
        assert all(word in command.commands for word in rest), (verb, rest)


def test_scenarios_of_the_readme_exist() -> None:
    block = TEXT.partition("Scenarios: ")[2].partition("In\nPython")[0]
    named = set(re.findall(r"`([a-z0-9-]+)`", block))
    named |= set(re.findall(r"caudal run ([a-z][a-z0-9-]+)", TEXT))
    assert len(named) > 5
    for name in named:
        assert corridor().scenario(name).name == name
