"""Scenario documents from strangers: bounded before they are read, and never a file's name.

YAML can be small and cost everything: aliases that multiply, nesting that overflows, tags that build
objects. A document's events are counted first, without building anything.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from caudal.compute.store import run_id
from caudal.policy.scenario import Scenario, read_scenario
from caudal.service.refusals import Refused

DEEPEST = 12
MOST_EVENTS = 5_000
NAME = "scenario"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def scenario(given: str | Mapping[str, Any], folders: list[Path], most_bytes: int) -> Scenario:
    """A posted scenario, as YAML text or as the mapping that JSON gave.

    Raises Refused or CaudalError with the line and field at fault.
    """
    text = given if isinstance(given, str) else _as_yaml(given)
    bounded(text, most_bytes)
    return read_scenario(text, folders, NAME)


def identity(document: Scenario) -> str:
    """The id under which a document is stored: of all that it says, with what it extends."""
    return run_id({"scenario": document.as_yaml()})


def bounded(text: str, most_bytes: int) -> None:
    """Refuse text that is too long, too deep, or makes YAML do more than hold values."""
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError:
        raise Refused(NAME, "not UTF-8 text", "a YAML document in UTF-8") from None
    if size > most_bytes:
        raise Refused(NAME, f"{size} bytes", f"{most_bytes} bytes", 413)
    depth = events = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            events += 1
            line = event.start_mark.line + 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise Refused(f"{NAME}:{line}", "an anchor or alias", "each value written out")
            if getattr(event, "tag", None):
                raise Refused(f"{NAME}:{line}", "a tag", "plain values")
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > DEEPEST or events > MOST_EVENTS:
                allowed = f"{DEEPEST} levels, {MOST_EVENTS} values"
                raise Refused(f"{NAME}:{line}", "too deep or too many values", allowed)
    except yaml.YAMLError as broken:
        mark = getattr(broken, "problem_mark", None)
        where = f"{NAME}:{mark.line + 1}" if mark else NAME
        problem = " ".join(str(getattr(broken, "problem", None) or broken).split())
        raise Refused(where, f"not YAML ({problem})", "a well-formed YAML document") from None


def _as_yaml(given: Mapping[str, Any]) -> str:
    """The same document as YAML text, so that one reader serves both."""
    _shallow(given)
    return yaml.safe_dump(_dated(dict(given)), sort_keys=False, allow_unicode=True)


def _shallow(value: Any) -> None:
    """Refuse nesting before anything that calls itself walks it."""
    layer, depth, seen = [value], 0, 0
    while layer:
        depth, seen = depth + 1, seen + len(layer)
        if depth > DEEPEST or seen > MOST_EVENTS:
            allowed = f"{DEEPEST} levels, {MOST_EVENTS} values"
            raise Refused(NAME, "too deep or too many values", allowed)
        inner = []
        for part in layer:
            if isinstance(part, Mapping):
                inner += part.values()
            elif isinstance(part, list):
                inner += part
        layer = inner


def _dated(value: Any) -> Any:
    """Days as days, where JSON had to write them as text."""
    if isinstance(value, Mapping):
        return {str(key): _dated(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_dated(part) for part in value]
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return value
    return value
