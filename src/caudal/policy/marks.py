"""YAML read with the line of every key, so that an error can say file, line and field.

Plain YAML readers forget where a value stood, keep the last of two equal keys, and fail on an
impossible date without naming the field. This one remembers, refuses and names.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from caudal.errors import CaudalError

Loc = tuple[str | int, ...]
"""The path of a value inside a document, e.g. `("design", "mx.acceptance", 0, "from")`."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is installed: 8× faster


DEEPEST, MOST_VALUES = 60, 200_000
"""Nesting and values of one document: far beyond any written by hand, below what breaks a reader."""
_DEEP_LINE = re.compile(r"^(?: {100}|\t)|(?:[-?] +){20}", re.M)
_BRACKET = re.compile(r"[\[\]{}]")


@dataclass(frozen=True)
class Marks:
    """Where each value of one document stands.

    >>> Marks("a.yaml", {(): 1, ("who",): 4}).where(("who", "unit"))
    "a.yaml:4 field 'who.unit'"
    """

    file: str
    lines: Mapping[Loc, int] = field(default_factory=dict)

    def line(self, loc: Loc) -> int | None:
        """Line of the value at `loc`, or of its nearest parent that is written in the file."""
        for length in range(len(loc), -1, -1):
            if loc[:length] in self.lines:
                return self.lines[loc[:length]]
        return None

    def where(self, loc: Sequence[str | int] = ()) -> str:
        """`file:line field 'a.b[0].c'`, the `where` of a `CaudalError`."""
        loc = tuple(loc)
        line = self.line(loc)
        place = self.file if line is None else f"{self.file}:{line}"
        return f"{place} field '{field_name(loc)}'" if loc else place

    def at(self, prefix: Loc) -> Marks:
        """The marks of the sub-document at `prefix`, with paths counted from there."""
        n = len(prefix)
        lines = {loc[n:]: line for loc, line in self.lines.items() if loc[:n] == prefix}
        return Marks(self.file, lines)


def field_name(loc: Iterable[str | int]) -> str:
    """The path in words: `design.mx.acceptance[0].from`.

    >>> field_name(("design", "mx.acceptance", 0, "from"))
    'design.mx.acceptance[0].from'
    """
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def shown(path: Path) -> str:
    """The path as a person would type it: relative where it lies below the working folder."""
    try:
        return os.path.relpath(path) if path.resolve().is_relative_to(Path.cwd()) else str(path)
    except OSError:
        return str(path)


def nearest(word: str, allowed: Iterable[str], most: int = 3) -> str:
    """What is allowed, in words: the nearest spelling if there is one, else the names that hold the
    word, else all of up to forty, else the first few.

    >>> nearest("us.title42.expulsions", ["us.title42.expulsion", "mx.acceptance"])
    "'us.title42.expulsion' is the nearest name"
    """
    options = sorted(allowed)
    close = difflib.get_close_matches(word, options, n=1, cutoff=0.6)
    if close:
        return f"'{close[0]}' is the nearest name"
    holding = [name for name in options if len(word) > 2 and word.lower() in name.lower()]
    if 0 < len(holding) <= 24:
        return ", ".join(holding)
    if len(options) <= 40:
        return ", ".join(options) or "nothing here"
    return ", ".join(options[:most]) + f", … ({len(options)} in all)"


def read_yaml(path: Path) -> tuple[Any, Marks]:
    """Read one YAML document and the line of each of its values.

    Raises CaudalError for a file that cannot be read, is no UTF-8, is no YAML, holds a key twice
    or an impossible date or number.
    """
    name = shown(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CaudalError(name, f"cannot be read ({error.strerror})", "a readable file") from None
    except UnicodeDecodeError:
        raise CaudalError(name, "not UTF-8 text", "a YAML file saved as UTF-8") from None
    return parse_yaml(text, name)


def parse_yaml(text: str, name: str) -> tuple[Any, Marks]:
    """As `read_yaml`, for text at hand; `name` stands for the file in errors."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise CaudalError(name, "not UTF-8 text", "a YAML file saved as UTF-8") from None
    if _may_be_deep(text):
        _refuse_deep(text, name)
    loader = _Loader(text)
    lines: dict[Loc, int] = {}
    try:
        node = loader.get_single_node()
        if node is None:
            raise CaudalError(name, "empty file", "a YAML mapping")
        return _value(loader, node, (), name, lines), Marks(name, lines)
    except yaml.YAMLError as error:
        raise _not_yaml(error, name, text) from None
    finally:
        loader.dispose()


def _not_yaml(error: yaml.YAMLError, name: str, text: str) -> CaudalError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    where = f"{name}:{mark.line + 1}" if mark else name
    lines = text.splitlines()
    if mark and mark.line < len(lines) and "\t" in lines[mark.line]:
        return CaudalError(where, "a tab", "spaces: YAML knows no tabs at the start of a line")
    problem = " ".join(str(getattr(error, "problem", None) or error).split())
    return CaudalError(where, f"not YAML ({problem})", "a well-formed YAML file")


def _may_be_deep(text: str) -> bool:
    """Whether brackets, indentation or dashes could nest deep; says no of any document by hand."""
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth = depth + 1 if bracket[0] in "[{" else max(0, depth - 1)
        if depth > DEEPEST:
            return True
    return _DEEP_LINE.search(text) is not None


def _refuse_deep(text: str, name: str) -> None:
    """Count levels event by event: libyaml's own reader of deep documents ends the process."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > DEEPEST:
                raise _too_much(name, event.start_mark.line + 1)
    except yaml.YAMLError as error:
        raise _not_yaml(error, name, text) from None


def _too_much(name: str, line: int) -> CaudalError:
    allowed = f"{DEEPEST} levels, {MOST_VALUES:,} values"
    return CaudalError(f"{name}:{line}", "nested too deep, or too many values", allowed)


def _value(loader: Any, node: yaml.Node, loc: Loc, name: str, lines: dict[Loc, int]) -> Any:
    if len(loc) > DEEPEST or len(lines) > MOST_VALUES:  # an alias may hold itself, or multiply
        raise _too_much(name, node.start_mark.line + 1)
    lines.setdefault(loc, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = _value(loader, key_node, (*loc, "?"), name, {})
            key = str(key).lower() if isinstance(key, bool) else str(key)
            here = (*loc, key)
            if key in result:
                where = f"{name}:{key_node.start_mark.line + 1} field '{field_name(here)}'"
                raise CaudalError(where, "written twice", "each field once")
            lines[here] = key_node.start_mark.line + 1
            result[key] = _value(loader, value_node, here, name, lines)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, v, (*loc, i), name, lines) for i, v in enumerate(node.value)]
    try:
        return loader.construct_object(node)
    except (ValueError, TypeError, AttributeError, LookupError, OverflowError):
        where = f"{name}:{node.start_mark.line + 1} field '{field_name(loc)}'"
        if not node.tag.endswith(":timestamp"):
            kind, shown_value = node.tag.rpartition(":")[2], f"'{node.value[:80]}'"
            raise CaudalError(where, f"{shown_value} is no {kind}", "a plain value") from None
        found = f"'{node.value[:80]}' is no date"
        raise CaudalError(where, found, "a date that exists, as YYYY-MM-DD") from None
