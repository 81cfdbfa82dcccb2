"""Levers: the named quantities that governments set, with unit, range, default and rule.

A registry is a YAML mapping from lever id to its declaration, in one file or in a folder of them:

    us.title42.expulsion:
      unit: 1 = yes
      range: [0, 1]
      default: 0
      rule: any
      dims: [nationality, unit]
      meaning: {en: …, es: …}

`default` is the value where no policy sets the lever; `default_where` gives cells of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from caudal.errors import CaudalError
from caudal.policy.marks import Marks, nearest, read_yaml
from caudal.policy.models import Number, Strict, Text, Who, validated
from caudal.policy.vocabulary import Vocabulary, check_who, mask

Rule = Literal["replace", "min", "max", "sum", "any"]
"""How settings of several documents on one cell combine.

replace  one value; a document that sets it beside another must supersede that other
min      the lowest cap holds
max      the highest value holds
sum      capacities add to the default
any      in force where any document puts it in force (the highest value holds)
"""


class DefaultWhere(Strict):
    """A default that differs for some groups or places."""

    who: Who
    value: Number


class Lever(Strict):
    """One lever. `default_array` gives its value by cell when no policy sets it.

    unit, unit_es  of its values, as read in English and in Spanish; a switch needs no Spanish
    """

    id: str
    unit: str
    unit_es: str | None = None
    range: Annotated[tuple[Number, Number], Field(description="lowest and highest allowed value")]
    default: Number
    default_where: tuple[DefaultWhere, ...] = ()
    rule: Rule
    dims: tuple[str, ...] = ()
    meaning: Text

    def shape(self, vocabulary: Vocabulary) -> tuple[int, ...]:
        """Lengths of the lever's axes, in the order of `dims`."""
        return tuple(len(vocabulary[axis]) for axis in self.dims)

    def default_array(self, vocabulary: Vocabulary) -> np.ndarray:
        """Value of each cell without any policy: float32, shape `shape(vocabulary)`."""
        values = np.full(self.shape(vocabulary), self.default, np.float32)
        for exception in self.default_where:
            values[mask(self.dims, exception.who, vocabulary)] = exception.value
        return values

    def allows(self, value: float) -> bool:
        """Whether the value lies in the lever's range (both ends included)."""
        return self.range[0] <= value <= self.range[1]


class LeverRegistry(Mapping[str, Lever]):
    """All levers, by id, in the order of the file. Immutable."""

    def __init__(self, levers: Mapping[str, Lever]) -> None:
        self._levers = dict(levers)

    def __getitem__(self, lever_id: str) -> Lever:
        return self._levers[lever_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._levers)

    def __len__(self) -> int:
        return len(self._levers)

    @classmethod
    def load(cls, path: Path | str, vocabulary: Vocabulary) -> LeverRegistry:
        """Read a registry: one file, or every `*.yaml` of a folder, in order of their names.

        CaudalError names file, line and field of the first fault; a lever stands in one file only.
        """
        path = Path(path)
        files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not files:
            raise CaudalError(str(path), "no registry of levers here", "a folder of *.yaml files")
        levers: dict[str, Lever] = {}
        homes: dict[str, str] = {}
        for file in files:
            data, marks = read_yaml(file)
            if not isinstance(data, dict):
                raise CaudalError(marks.where(), "not a mapping", "lever id: declaration")
            for lever_id, declaration in data.items():
                if lever_id in levers:
                    found = f"'{lever_id}' is also declared in {homes[lever_id]}"
                    raise CaudalError(marks.where((lever_id,)), found, "each lever once")
                levers[lever_id] = _declared(lever_id, declaration, marks, vocabulary)
                homes[lever_id] = marks.file
        return cls(levers)


def _declared(lever_id: str, declaration: Any, marks: Marks, vocabulary: Vocabulary) -> Lever:
    """One lever of a registry file, checked against the axes."""
    here = (lever_id,)
    if not isinstance(declaration, dict):
        raise CaudalError(marks.where(here), "not a mapping", "unit, range, default, …")
    lever = validated(Lever, {"id": lever_id, **declaration}, marks.at(here))
    for axis in lever.dims:
        if axis not in vocabulary:
            found = f"unknown axis '{axis}'"
            raise CaudalError(marks.where((*here, "dims")), found, nearest(axis, vocabulary))
    if lever.range[0] > lever.range[1]:
        raise CaudalError(marks.where((*here, "range")), "lowest above highest", "[low, high]")
    for i, exception in enumerate(lever.default_where):
        loc = (*here, "default_where", i, "who")
        check_who(exception.who, lever.dims, vocabulary, marks, loc)
    for value in (lever.default, *(e.value for e in lever.default_where)):
        if not lever.allows(value):
            found = f"{value:g} outside the lever's range"
            allowed = f"{lever.range[0]:g} to {lever.range[1]:g}"
            raise CaudalError(marks.where((*here, "default")), found, allowed)
    return lever
