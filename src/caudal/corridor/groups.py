"""Groups: nationality × travel unit, flattened in that order; small helpers to move between axes.

Inside a step every array ends in a member axis (of length 1 where members share a value), so that
the arithmetic of many members runs side by side; see `engine.step`.
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jax import Array

from caudal.corridor.world import (
    AREAS,
    CITIES,
    DANGERS,
    FIELD_OFFICES,
    MODES,
    NATIONALITIES,
    PAYERS,
    SECTORS,
    UNITS,
)

N_GROUPS = len(NATIONALITIES) * len(UNITS)

AXES: dict[str, int] = {
    "nationality": len(NATIONALITIES),
    "unit": len(UNITS),
    "group": N_GROUPS,
    "sector": len(SECTORS),
    "field_office": len(FIELD_OFFICES),
    "area": len(AREAS),
    "mode": len(MODES),
    "city": len(CITIES),
    "payer": len(PAYERS),
    "danger": len(DANGERS),
}


def per_nationality(value: Array | np.ndarray) -> Array:
    """(..., 22, member) by nationality → (..., 66, member) by group."""
    return jnp.repeat(value, len(UNITS), axis=-2)


def per_unit(value: Array) -> Array:
    """(..., 3, member) by unit → (..., 66, member) by group."""
    return jnp.tile(value, (len(NATIONALITIES), 1))


def flat(value: Array) -> Array:
    """(nationality, unit[, place], member) → (66, member) or (place, 66, member)."""
    if value.ndim == 3:
        return value.reshape(N_GROUPS, value.shape[-1])
    return jnp.moveaxis(value.reshape(N_GROUPS, *value.shape[2:]), 0, 1)


def apart(value: Array) -> Array:
    """(66, member) by group → (nationality, unit, member)."""
    return value.reshape(len(NATIONALITIES), len(UNITS), value.shape[-1])


def by_nationality(value: Array) -> Array:
    """(66, member) by group → (22, member), units summed."""
    return apart(value).sum(1)


def everybody(value: Array) -> Array:
    """(place, group, member) → (member,): all places and groups together.

    A product with ones: a sum over leading axes XLA takes number by number, four times as slowly.
    """
    cells = value.reshape(-1, value.shape[-1])
    return np.ones(len(cells), np.float32) @ cells


def unfold(value: np.ndarray) -> np.ndarray:
    """(..., 66) by group → (..., 22, 3)."""
    return value.reshape(*value.shape[:-1], len(NATIONALITIES), len(UNITS))


def mask(*nationalities: str) -> np.ndarray:
    """1.0 for the named nationalities, shape (22,)."""
    return np.array([n in nationalities for n in NATIONALITIES], np.float32)


def unit_mask(*units: str) -> np.ndarray:
    """1.0 for every group of the named units, shape (66, 1)."""
    return np.tile(np.array([u in units for u in UNITS], np.float32), len(NATIONALITIES))[:, None]


def become(before: str, after: str) -> tuple[int, ...]:
    """For each group, the group it turns into when people of one unit go on as another."""
    a, b = UNITS.index(before), UNITS.index(after)
    return tuple(g - a + b if g % len(UNITS) == a else g for g in range(N_GROUPS))


EVERY = np.ones((1, N_GROUPS, 1), np.float32)
"""One at a single place, for every group."""

MEXICO = np.repeat(mask("MEX"), len(UNITS))[:, None]
CHILDREN = unit_mask("unaccompanied_child")
FAMILIES = unit_mask("family")
ADULTS = unit_mask("single_adult")
