"""A step's people in one compiled loop: who leaves each cell, by which exit, and what is counted.

The pure functions of `step` say the same in arrays and are its twin; they serve where gradients or
another device are wanted. Here each source row is gone through once: the hazards of its exits are
composed (flow × shares of the gates on the way) into a small buffer that fits the cache, people are
moved along them, as real numbers or as whole people drawn (`sampler`), and counted at once.
Hazards and shares stay without groups or edges where they have none.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from caudal.engine import loops, native, sampler
from caudal.engine.machine import compiled
from caudal.engine.step import Arrays, Carry
from caudal.engine.tables import Tables

_PEOPLE, _MONTH, _RATES, _MEMBERS, _CLOCK, _STEP = range(6)
_FIRST, _LINK, _FACTORS, _FACTOR, _BECOME, _COUNTS, _COUNT, _STOCKS = range(6, 14)
_GIVEN = 14
"""Operands in this order; then hazards and shares, then what is not read (see `move`). Results are
the first three, each in the memory of its operand, and room."""
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
    whole = clock is not None
    seed, step = clock if clock is not None else (0, 0)
    numbers = members if members is not None else jnp.zeros(0, jnp.int32)
    cells = carry.people.shape[1:]
    rows = max(1, np.diff(tables.first).max()) + _BESIDES + carry.people.shape[0]
    given = [_wide(out[name], *cells) for name in tables.factors]
    shapes = (carry.people.shape, carry.month.shape, carry.rates.shape, (rows, *cells))
    call = jax.ffi.ffi_call(
        NAME,
        tuple(jax.ShapeDtypeStruct(s, np.float32) for s in shapes),
        input_output_aliases={_PEOPLE: 0, _MONTH: 1, _RATES: 2},
    )
    moment = jnp.stack([jnp.asarray(x, jnp.int32) for x in (int(whole), seed, step)])
    # what else was made of the people and rates of before comes along, so that it is made by now and
    # XLA may let the call write over them; else it copies both every day
    made = jax.tree.leaves((carry.signals, carry.measures))
    people, month, rates, _ = call(
        carry.people, carry.month, carry.rates, jnp.asarray(numbers, jnp.int32), moment,
        jnp.full(1, dt, jnp.float32),
        tables.first, tables.link, tables.of, tables.factor, tables.become, tables.counts,
        tables.count, tables.stocks, *given, *made,
    )  # fmt: skip
    return carry._replace(people=people, rates=rates, month=month)


def _wide(value: Any, groups: int, members: int) -> Array:
    """(edge or 1, group or 1, member): a value of all members is written out for each."""
    array = jnp.asarray(value, jnp.float32)
    array = array.reshape((1,) * (3 - array.ndim) + array.shape)
    wide = array.shape[1] if array.shape[1] == groups else 1
    return jnp.broadcast_to(array, (array.shape[0], wide, members))


@compiled(inline="always")
def _array(call):
    """An operand or result of single precision, flat."""
    return native.floats(call[0], call[1] * call[2] * call[3])


@compiled()
def _table_of(call):
    return native.integers(call[0], call[1] * call[2]).reshape((call[1], call[2]))


@compiled()
def step(calls, ins):
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
    people, month, rates = _array(calls[ins]), _array(calls[ins + 1]), _array(calls[ins + 2])
    rates[:] = 0.0
    # memory that XLA lends for the call: of arrays of its own Numba counts who uses which part
    room = _array(calls[ins + 3])
    before, room = room[: rows * size], room[rows * size :]
    before[:] = people
    scale, gone = room[:size], room[size : 2 * size]
    ones, rest = room[2 * size : 3 * size], room[3 * size : 4 * size]
    ones[:] = 1.0
    bits, each = room[4 * size : 5 * size].view(np.int32), room[5 * size : 5 * size + members]
    room = room[_BESIDES * size :].reshape((-1, size))
    kept = np.empty(len(room), np.int32)
    for r in range(rows + 1):  # the last is outside
        outside = r == rows
        here = before[r * size : (r + 1) * size]
        if first[r] == first[r + 1] or (not outside and loops.nothing(here)):
            continue
        links = 0
        scale[:] = 0.0
        for i in range(first[r], first[r + 1]):
            path, edge = link[i, 0], link[i, 1]
            kept[links] = i
            of_path = factor[of[path] : of[path + 1]]
            hazard = room[links]
            loops.compose(given, of_path, edge, groups, members, ones, each, rest, hazard, scale)
            # a way that is shut costs no more; a source from outside keeps its stream of chance
            links += 1 if outside or not loops.nothing(hazard) else 0
        hazards = room[:links]
        if outside and whole:
            sampler.arrive(hazards, float(dt), seed, numbers, step, rows * groups)
            scale[:] = 1.0
        elif outside:
            scale[:] = dt
        elif whole:
            sampler.leave(here, hazards, float(dt), seed, numbers, step, r * groups)
            scale[:] = 1.0
            loops.gather(hazards, gone)
        else:
            loops.leave(here, scale, gone, dt, bits)
        if not outside:
            mine = people[r * size : (r + 1) * size]
            for k in range(size):
                mine[k] -= gone[k]
        for i in range(links):
            path, edge, target = link[kept[i]]
            moved = hazards[i]
            there = people[target * size : (target + 1) * size]
            if become[path, 0] < 0:
                loops.arrive(moved, scale, there)
            else:
                loops.become(moved, scale, there, become[path], groups, members)
            for c in range(counts[path], counts[path + 1]):
                cell = count[c, 0] + edge * count[c, 1]
                loops.note(moved, cell, count[c, 2] != 0, groups, members, rates)
    for k in range(len(rates)):
        month[k] += rates[k]
    if dt != np.float32(1.0):
        rates /= dt
    _count_stocks(people, _table_of(calls[_STOCKS]), groups, members, dt, month)


@compiled()
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
    from caudal.engine.entry import handle  # compiled as it is imported

    native.register(NAME, handle)
