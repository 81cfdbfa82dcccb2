"""Policies as dated documents: documents → levers → the law on a day; overlays and diffs.

This room knows no country: it is handed levers, documents and the vocabulary of their axes.
Names below load on first use, so that importing the room costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from caudal.policy.compile import CompiledLaw, CompiledTrigger
    from caudal.policy.documents import Document, Entry
    from caudal.policy.law import Law, LawView
    from caudal.policy.levers import Lever, LeverRegistry
    from caudal.policy.scenario import Scenario, load_scenario

_HOMES = {
    "CompiledLaw": "compile",
    "CompiledTrigger": "compile",
    "Document": "documents",
    "Entry": "documents",
    "Law": "law",
    "LawView": "law",
    "Lever": "levers",
    "LeverRegistry": "levers",
    "Scenario": "scenario",
    "load_scenario": "scenario",
}

__all__ = [
    "CompiledLaw", "CompiledTrigger", "Document", "Entry", "Law", "LawView", "Lever",
    "LeverRegistry", "Scenario", "load_scenario",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
