"""Axes and cells: which groups and places a policy speaks of.

A vocabulary maps each axis to its values in array order, e.g.
`{"nationality": ("MEX", …), "unit": (…), "sector": (…)}`. The policy room is handed one and knows
no country of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from caudal.errors import CaudalError
from caudal.policy.marks import Loc, Marks, nearest
from caudal.policy.models import AllBut, Who

Vocabulary = Mapping[str, Sequence[str]]


def chosen(who: Who, axis: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Values of one axis that `who` names, in array order; all of them where it is silent."""
    values = tuple(vocabulary[axis])
    if axis not in who:
        return values
    named = who[axis]
    if isinstance(named, AllBut):
        return tuple(v for v in values if v not in named.all_but)
    return tuple(v for v in values if v in named)


def mask(dims: Sequence[str], who: Who, vocabulary: Vocabulary) -> np.ndarray:
    """The cells that `who` names: bool, one axis per name in `dims`.

    Axes of `who` that are not in `dims` do not matter here.
    """
    cells = np.ones(tuple(len(vocabulary[axis]) for axis in dims), bool)
    for position, axis in enumerate(dims):
        names = set(chosen(who, axis, vocabulary))
        along = np.array([value in names for value in vocabulary[axis]], bool)
        cells &= along.reshape([-1 if i == position else 1 for i in range(len(dims))])
    return cells


def check_who(
    who: Who, axes: Sequence[str], vocabulary: Vocabulary, marks: Marks, loc: Loc
) -> None:
    """Refuse an unknown axis, an unknown value, and a group that nobody belongs to."""
    for axis, named in who.items():
        here = (*loc, axis)
        if axis not in axes:
            found = f"unknown axis '{axis}'" if axis not in vocabulary else f"no axis '{axis}' here"
            raise CaudalError(marks.where(here), found, nearest(axis, axes))
        for value in named.all_but if isinstance(named, AllBut) else named:
            if value not in vocabulary[axis]:
                found = f"unknown {axis} '{value}'"
                raise CaudalError(marks.where(here), found, nearest(value, vocabulary[axis]))
        if not chosen(who, axis, vocabulary):
            raise CaudalError(marks.where(here), "names nobody", f"at least one {axis}")


def in_words(cells: np.ndarray, dims: Sequence[str], vocabulary: Vocabulary) -> dict[str, list]:
    """The smallest box of cells as axis → values; an axis that is whole is left out.

    >>> in_words(np.array([True, False]), ["unit"], {"unit": ("adult", "child")})
    {'unit': ['adult']}
    """
    words = {}
    for position, axis in enumerate(dims):
        others = tuple(i for i in range(len(dims)) if i != position)
        along = np.asarray(cells.any(axis=others))
        if not along.all():
            words[axis] = [v for v, used in zip(vocabulary[axis], along, strict=True) if used]
    return words
