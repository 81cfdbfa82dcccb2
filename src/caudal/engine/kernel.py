"""A step's people in one compiled loop: who leaves each cell, by which exit, and what is counted.

The pure functions of `step` say the same in arrays and are its twin; they serve where gradients or
another device are wanted. Here each source row is gone through once: the hazards of its exits are
composed (flow × shares of the gates on the way) into a small buffer that fits the cache, people are
moved along them, as real numbers or as whole people drawn (`sampler`), and counted at once.
Broadcast axes of hazards and shares are never written out.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numba import njit

from caudal.engine import native, sampler
from caudal.engine.step import Arrays, Carry
from caudal.engine.tables import Tables

_PEOPLE, _RATES, _MONTH, _MEMBERS, _CLOCK, _STEP = range(6)
_FIRST, _LINK, _FACTORS, _FACTOR, _BECOME, _COUNTS, _COUNT, _STOCKS = range(6, 14)
_GIVEN = 14
"""Operands in this order, of which the first three are changed in place; then hazards and shares."""
_BESIDES = 6
"""Rows to work in beside those of what changes and of a source's links."""


def move(
    tables: Tables, carry: Carry, out: Arrays, dt: float,
    clock: tuple[Any, Any] | None = None, members: Array | None = None,
) -> Carry:  # fmt: skip
    """The carry after one step of people.

    out: hazards and shares by name, each of shape (edge, group, member) with any axis 1.
    clock: (seed, number of the step) where whole people are drawn for `members`; None moves real
    numbers of people.
    """
    register()
    given = [_wide(out[name], *carry.people.shape[1:]) for name in tables.factors]
    whole = clock is not None
    seed, step = clock if clock is not None else (0, 0)
    numbers = members if members is not None else jnp.zeros(0, jnp.int32)
    changed = (carry.people, carry.rates, carry.month)
    rows, *cells = carry.people.shape
    room = (rows + np.diff(tables.first).max() + _BESIDES, *cells)
    call = jax.ffi.ffi_call(
        NAME,
        tuple(jax.ShapeDtypeStruct(s, np.float32) for s in (*(x.shape for x in changed), room)),
        input_output_aliases={i: i for i in range(len(changed))},
    )
    moment = jnp.stack([jnp.asarray(x, jnp.int32) for x in (int(whole), seed, step)])
    people, rates, month, _ = call(
        *changed, jnp.asarray(numbers, jnp.int32), moment, jnp.full(1, dt, jnp.float32),
        tables.first, tables.link, tables.of, tables.factor, tables.become, tables.counts,
        tables.count, tables.stocks, *given,
    )  # fmt: skip
    return carry._replace(people=people, rates=rates, month=month)


def _wide(value: Any, groups: int, members: int) -> Array:
    """(edge or 1, group or 1, member): a value of all members is written out for each."""
    array = jnp.asarray(value, jnp.float32)
    array = array.reshape((1,) * (3 - array.ndim) + array.shape)
    wide = array.shape[1] if array.shape[1] == groups else 1
    return jnp.broadcast_to(array, (array.shape[0], wide, members))


@njit(cache=True, inline="always")
def _array(call):
    """An operand or result of single precision, flat."""
    return native.floats(call[0], call[1] * call[2] * call[3])


@njit(cache=True)
def _table_of(call):
    return native.integers(call[0], call[1] * call[2]).reshape((call[1], call[2]))


@njit(cache=True)
def _compose(given, factors, edge, groups, members, ones, each, rest, hazard, total):
    """The hazard of one link (group × member), added to the row's total.

    It is the first factor with groups times the rest: the second such, or the product of all others,
    of which those of members only are first multiplied among themselves.
    """
    size = groups * members
    wide = narrow = one = two = 0
    for f in factors:
        at = given[f, 0] + (4 * edge * given[f, 2] * members if given[f, 1] > 1 else 0)
        if given[f, 2] == 1:
            _times(each, native.floats(at, members), narrow > 0)
            narrow += 1
        elif wide == 0:
            one, wide = at, 1
        elif wide == 1:
            two, wide = at, 2
        else:
            if wide == 2:
                _times(rest, native.floats(two, size), False)
            _times(rest, native.floats(at, size), True)
            wide += 1
    first = native.floats(one, size) if wide > 0 else ones
    if narrow > 0 and wide > 1:
        if wide == 2:
            _times(rest, native.floats(two, size), False)
        _by_member(rest, each, rest, groups, members)
    elif narrow > 0:
        _by_member(ones, each, rest, groups, members)
    if wide == 2 and narrow == 0:
        rest = native.floats(two, size)
    elif wide < 2 and narrow == 0:
        rest = ones
    for k in range(size):
        value = first[k] * rest[k]
        hazard[k] = value
        total[k] += value


@njit(cache=True)
def _times(product, values, more):
    """Multiply by values, or begin with them."""
    if more:
        for k in range(len(product)):
            product[k] *= values[k]
    else:
        for k in range(len(product)):
            product[k] = values[k]


@njit(cache=True)
def _by_member(values, each, product, groups, members):
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


@njit(cache=True, error_model="numpy")
def _leave(people, total, gone, dt, bits):
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


@njit(cache=True)
def _arrive(moved, scale, there):
    """Hazards × scale become people (group × member), who are added to where they go."""
    for k in range(len(moved)):
        people = moved[k] * scale[k]
        moved[k] = people
        there[k] += people


@njit(cache=True)
def _become(moved, scale, there, become, groups, members):
    """The same in the groups that they become."""
    for g in range(groups):
        at, to = g * members, become[g] * members
        _arrive(moved[at : at + members], scale[at : at + members], there[to : to + members])


@njit(cache=True)
def _note(moved, cell, by_group, groups, members, counted):
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


@njit(cache=True)
def _nothing(values):
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


@njit(cache=True)
def _step(calls, ins):
    """What XLA calls: operands as `move` hands them over, then people, rates and the month."""
    groups, members = calls[_PEOPLE, 2], calls[_PEOPLE, 3]
    rows, size = calls[_PEOPLE, 1], groups * members
    clock = native.integers(calls[_CLOCK, 0], 3)
    whole, seed, step = clock[0] != 0, clock[1], clock[2]
    numbers = native.integers(calls[_MEMBERS, 0], calls[_MEMBERS, 1])
    dt = native.floats(calls[_STEP, 0], 1)[0]
    first = native.integers(calls[_FIRST, 0], calls[_FIRST, 1])
    link, become = _table_of(calls[_LINK]), _table_of(calls[_BECOME])
    of = native.integers(calls[_FACTORS, 0], calls[_FACTORS, 1])
    factor = native.integers(calls[_FACTOR, 0], calls[_FACTOR, 1])
    counts = native.integers(calls[_COUNTS, 0], calls[_COUNTS, 1])
    count = _table_of(calls[_COUNT])
    given = calls[_GIVEN:ins]
    people, rates, month = _array(calls[ins]), _array(calls[ins + 1]), _array(calls[ins + 2])
    for i in range(_MONTH + 1):
        if calls[i, 0] != calls[ins + i, 0]:  # not handed over in place
            _array(calls[ins + i])[:] = _array(calls[i])
    rates[:] = 0.0

    # memory that XLA lends for the call: arrays of Numba's own count who uses them, part by part
    change, room = _array(calls[ins + 3])[: rows * size], _array(calls[ins + 3])[rows * size :]
    change[:] = 0.0
    scale, gone = room[:size], room[size : 2 * size]
    ones, rest = room[2 * size : 3 * size], room[3 * size : 4 * size]
    ones[:] = 1.0
    bits, each = room[4 * size : 5 * size].view(np.int32), room[5 * size : 5 * size + members]
    room = room[_BESIDES * size :].reshape((-1, size))
    kept = np.empty(len(room), np.int32)
    for r in range(rows + 1):  # the last is outside
        outside = r == rows
        here = people[r * size : (r + 1) * size]
        if first[r] == first[r + 1] or (not outside and _nothing(here)):
            continue
        links = 0
        scale[:] = 0.0
        for i in range(first[r], first[r + 1]):
            path, edge = link[i, 0], link[i, 1]
            kept[links] = i
            of_path = factor[of[path] : of[path + 1]]
            hazard = room[links]
            _compose(given, of_path, edge, groups, members, ones, each, rest, hazard, scale)
            # a way that is shut costs no more; a source from outside keeps its stream of chance
            links += 1 if outside or not _nothing(hazard) else 0
        hazards = room[:links]
        if outside and whole:
            sampler.arrive(hazards, float(dt), seed, numbers, step, rows * groups)
            scale[:] = 1.0
        elif outside:
            scale[:] = dt
        elif whole:
            sampler.leave(here, hazards, float(dt), seed, numbers, step, r * groups)
            scale[:] = 1.0
            _sum(hazards, gone)
        else:
            _leave(here, scale, gone, dt, bits)
        if not outside:
            mine = change[r * size : (r + 1) * size]
            for k in range(size):
                mine[k] -= gone[k]
        for i in range(links):
            path, edge, target = link[kept[i]]
            moved = hazards[i]
            there = change[target * size : (target + 1) * size]
            if become[path, 0] < 0:
                _arrive(moved, scale, there)
            else:
                _become(moved, scale, there, become[path], groups, members)
            for c in range(counts[path], counts[path + 1]):
                cell = count[c, 0] + edge * count[c, 1]
                _note(moved, cell, count[c, 2] != 0, groups, members, rates)
    for k in range(len(people)):
        people[k] += change[k]
    for k in range(len(rates)):
        month[k] += rates[k]
    if dt != np.float32(1.0):
        rates /= dt
    _count_stocks(people, _table_of(calls[_STOCKS]), groups, members, dt, month)


@njit(cache=True)
def _sum(hazards, gone):
    gone[:] = 0.0
    for i in range(len(hazards)):
        for k in range(len(gone)):
            gone[k] += hazards[i, k]


@njit(cache=True)
def _count_stocks(people, stocks, groups, members, dt, summed):
    """People who are there after the move, times the step, so that a month's mean is over evenings."""
    size = groups * members
    for s in range(len(stocks)):
        row, cell, by_group = stocks[s]
        here = people[row * size : (row + 1) * size]
        if by_group:
            days = summed[cell * members : cell * members + size]
            for k in range(size):
                days[k] += here[k] * dt
        else:
            days = summed[cell * members : (cell + 1) * members]
            there = here.reshape((groups, members))
            for g in range(groups):
                for m in range(members):
                    days[m] += there[g, m] * dt


NAME = "caudal_step"


@cache
def register() -> None:
    """Make the kernel known to XLA, once a process."""
    native.register(NAME, native.handler(_step))
