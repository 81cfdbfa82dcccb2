"""The loops of the compiled step (`kernel`) over one row, (group × member) numbers each.

They go over one axis without branches, or over two with their own bounds, so that the compiler runs
numbers side by side.
"""

from __future__ import annotations

import math

import numpy as np

from caudal.engine import native
from caudal.engine.machine import compiled


@compiled()
def compose(given, factors, edge, groups, members, ones, each, rest, hazard, total):
    """The hazard of one link (group × member), added to the row's total.

    It is the first factor with groups times the rest: the second such, or the product of all others,
    of which those of members only are first multiplied among themselves.
    """
    size = groups * members
    wide = narrow = one = two = 0
    for f in factors:
        at = given[f, 0] + (4 * edge * given[f, 2] * members if given[f, 1] > 1 else 0)
        if given[f, 2] == 1:
            times(each, native.floats(at, members), narrow > 0)
            narrow += 1
        elif wide == 0:
            one, wide = at, 1
        elif wide == 1:
            two, wide = at, 2
        else:
            if wide == 2:
                times(rest, native.floats(two, size), False)
            times(rest, native.floats(at, size), True)
            wide += 1
    first = native.floats(one, size) if wide > 0 else ones
    if narrow > 0 and wide > 1:
        if wide == 2:
            times(rest, native.floats(two, size), False)
        by_member(rest, each, rest, groups, members)
    elif narrow > 0:
        by_member(ones, each, rest, groups, members)
    if wide == 2 and narrow == 0:
        rest = native.floats(two, size)
    elif wide < 2 and narrow == 0:
        rest = ones
    for k in range(size):
        value = first[k] * rest[k]
        hazard[k] = value
        total[k] += value


@compiled()
def times(product, values, more):
    """Multiply by values, or begin with them."""
    if more:
        for k in range(len(product)):
            product[k] *= values[k]
    else:
        for k in range(len(product)):
            product[k] = values[k]


@compiled()
def by_member(values, each, product, groups, members):
    """Values (group × member) times one value a member, the same for every group."""
    there, here = product.reshape((groups, members)), values.reshape((groups, members))
    for g in range(groups):
        for m in range(members):
            there[g, m] = here[g, m] * each[m]


_LOG2E, _LN2_HIGH, _LN2_LOW = (
    np.float32(1.44269504),
    np.float32(0.693359375),
    np.float32(-2.12194440e-4),
)
_PARTS = tuple(np.float32(1.0 / math.factorial(k)) for k in range(8))
_EXPONENT = np.int32(1 << 23)


@compiled(error_model="numpy")
def leave(people, total, gone, dt, bits):
    """Of the total hazard, who leaves, and what a hazard of one moves (in place of the total).

    The latter is people × dt × (1 − exp(−x)) / x with x = total × dt. exp by Cody and Waite's (1980)
    reduction to |r| ≤ ln 2 / 2 and its Taylor polynomial, the power of two set in the exponent's
    bits; the quotient by its own series where x is small. Loops without branches, so that the
    compiler runs them side by side.
    """
    n = len(total)
    power = bits.view(np.float32)
    one, half, small, most = np.float32(1.0), np.float32(0.5), np.float32(0.05), np.float32(87.0)
    for k in range(n):
        x = total[k] * dt
        x = x if x < most else most
        bits[k] = (np.int32(127) - np.int32(x * _LOG2E + half)) * _EXPONENT
    for k in range(n):
        x = total[k] * dt
        near = x if x < most else most
        whole = np.float32(np.int32(near * _LOG2E + half))
        r = -((near - whole * _LN2_HIGH) - whole * _LN2_LOW)
        e = _PARTS[6] + r * _PARTS[7]
        e = _PARTS[5] + r * e
        e = _PARTS[4] + r * e
        e = _PARTS[3] + r * e
        e = _PARTS[2] + r * e
        e = one + r * (one + r * e)
        share = (one - e * power[k]) / (x if x > small else small)
        series = one - x * (half - x * (_PARTS[3] - x * _PARTS[4]))
        moved = people[k] * dt * (share if x > small else series)
        gone[k] = total[k] * moved
        total[k] = moved


@compiled()
def arrive(moved, scale, there):
    """Hazards × scale become people (group × member), who are added to where they go."""
    for k in range(len(moved)):
        people = moved[k] * scale[k]
        moved[k] = people
        there[k] += people


@compiled()
def become(moved, scale, there, become, groups, members):
    """The same in the groups that they become."""
    for g in range(groups):
        at, to = g * members, become[g] * members
        arrive(moved[at : at + members], scale[at : at + members], there[to : to + members])


@compiled()
def note(moved, cell, by_group, groups, members, counted):
    """Add people (group × member) to a tally that keeps groups apart, or not."""
    start = cell * members
    if by_group:
        here = counted[start : start + groups * members]
        for k in range(len(moved)):
            here[k] += moved[k]
        return
    here, there = counted[start : start + members], moved.reshape((groups, members))
    for g in range(groups):
        for m in range(members):
            here[m] += there[g, m]


_PIECE = 64


@compiled()
def nothing(values):
    """Whether all are zero; a piece with one that is not ends the search."""
    pairs = len(values) // 2
    bits = values[: 2 * pairs].view(np.int64)
    for start in range(0, pairs, _PIECE):
        piece, found = bits[start : start + _PIECE], np.int64(0)
        for k in range(len(piece)):
            found |= piece[k]
        if found != 0:
            return False
    return len(values) == 2 * pairs or values[len(values) - 1] == 0.0


@compiled()
def gather(hazards, gone):
    """Who leaves by any exit, (group × member)."""
    gone[:] = 0.0
    for i in range(len(hazards)):
        for k in range(len(gone)):
            gone[k] += hazards[i, k]
