"""A step's people in one compiled loop: who leaves each cell, by which exit, and what is counted.

The pure functions of `step` say the same in arrays and are its twin; they serve where gradients or
another device are wanted. Here each source row is gone through once: the hazards of its exits are
composed (flow × shares of the gates on the way) into a small buffer that fits the cache, people are
moved along them, as real numbers or as whole people drawn (`sampler`), and counted at once.
Broadcast axes of hazards and shares are never written out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numba import njit

from caudal.engine import book, native, sampler
from caudal.engine.graph import Model, Path
from caudal.engine.step import Arrays, Carry

_PEOPLE, _RATES, _MONTH, _MEMBERS, _CLOCK, _STEP = range(6)
_FIRST, _LINK, _FACTORS, _FACTOR, _BECOME, _COUNTS, _COUNT, _STOCKS = range(6, 14)
_GIVEN = 14
"""Operands in this order, of which the first three are changed in place; then hazards and shares."""


@dataclass(frozen=True)
class Tables:
    """The graph as integers.

    factors  names of the hazards and shares, in the order in which they are handed over
    first    links of row r are first[r]:first[r + 1]; the row after the last is outside
    link     (path, edge, target row) of each link
    of       factors of path p are factor[of[p]:of[p + 1]]
    become   the group that each group becomes on each path, or −1 first where none changes
    counts   counts of path p are count[counts[p]:counts[p + 1]]
    count    (first cell, cells from place to place, cells from group to group) of each
    stocks   (row, first cell, cells from group to group) of each row that a tally of stocks counts
    """

    factors: tuple[str, ...]
    first: np.ndarray
    link: np.ndarray
    of: np.ndarray
    factor: np.ndarray
    become: np.ndarray
    counts: np.ndarray
    count: np.ndarray
    stocks: np.ndarray

    @staticmethod
    def of_model(model: Model) -> Tables:
        """The tables of a model."""
        paths = (*model.paths, *model.departures)
        names = tuple(dict.fromkeys(n for p in paths for n in p.factors))
        links = [
            (row if row >= 0 else model.n_rows, i, e, to)
            for i, p in enumerate(paths)
            for e, (row, to) in enumerate(zip(p.source_rows, p.target_rows, strict=True))
        ]
        links.sort(key=lambda link: link[0])
        same = [-1] * model.groups
        counts = [_counts(model, p) for p in paths]
        return Tables(
            names,
            _starts([sum(x[0] == r for x in links) for r in range(model.n_rows + 1)]),
            _table([x[1:] for x in links], 3),
            _starts([len(p.factors) for p in paths]),
            np.array([names.index(n) for p in paths for n in p.factors], np.int32),
            _table([p.regroup or same for p in paths], model.groups),
            _starts([len(c) for c in counts]),
            _table([c for each in counts for c in each], 3),
            _table(_stocks(model), 3),
        )


def _counts(model: Model, path: Path) -> list[tuple[int, int, int]]:
    blocks = book.events(model).blocks
    kept = [t for t in model.tallies if t.name in blocks and path.counts(t.of)]
    return [
        (at, shape[1] if "place" in t.keep else 0, int("group" in t.keep))
        for t in kept
        for at, shape in [blocks[t.name]]
    ]


def _stocks(model: Model) -> list[tuple[int, int, int]]:
    blocks, out = book.tallies(model).blocks, []
    for tally in model.tallies:
        if book.of_stocks(model, tally):
            at, shape = blocks[tally.name]
            wide = shape[1] if "place" in tally.keep else 0
            for stock in tally.of:
                here = model.rows[stock]
                out += [
                    (row, at + wide * i, int("group" in tally.keep))
                    for i, row in enumerate(range(here.start, here.stop))
                ]
    return out


def _starts(lengths: list[int]) -> np.ndarray:
    return np.cumsum([0, *lengths]).astype(np.int32)


def _table(rows: list[Any], width: int) -> np.ndarray:
    return np.array(rows, np.int32).reshape(-1, width)


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
    given = [_three(out[name]) for name in tables.factors]
    whole = clock is not None
    seed, step = clock if clock is not None else (0, 0)
    numbers = members if members is not None else jnp.zeros(0, jnp.int32)
    changed = (carry.people, carry.rates, carry.month)
    call = jax.ffi.ffi_call(
        NAME,
        tuple(jax.ShapeDtypeStruct(x.shape, np.float32) for x in changed),
        input_output_aliases={i: i for i in range(len(changed))},
    )
    moment = jnp.stack([jnp.asarray(x, jnp.int32) for x in (int(whole), seed, step)])
    people, rates, month = call(
        *changed, jnp.asarray(numbers, jnp.int32), moment, jnp.full(1, dt, jnp.float32),
        tables.first, tables.link, tables.of, tables.factor, tables.become, tables.counts,
        tables.count, tables.stocks, *given,
    )  # fmt: skip
    return carry._replace(people=people, rates=rates, month=month)


def _three(value: Any) -> Array:
    array = jnp.asarray(value, jnp.float32)
    return array.reshape((1,) * (3 - array.ndim) + array.shape)


@njit(cache=True, inline="always")
def _array(call):
    """An operand or result of single precision, flat."""
    return native.floats(call[0], call[1] * call[2] * call[3])


@njit(cache=True)
def _table_of(call):
    return native.integers(call[0], call[1] * call[2]).reshape((call[1], call[2]))


@njit(cache=True)
def _compose(calls, factors, edge, groups, members, hazard):
    """The hazard of one link, (group × member): the product of its factors along their own axes."""
    for i in range(len(factors)):
        call = calls[factors[i]]
        value = _array(call)
        wide, deep = call[2], call[3]
        at = edge * wide * deep if call[1] > 1 else 0
        if deep == members and wide == groups:
            here = value[at : at + groups * members]
            if i == 0:
                for k in range(groups * members):
                    hazard[k] = here[k]
            else:
                for k in range(groups * members):
                    hazard[k] *= here[k]
            continue
        for g in range(groups):
            row = hazard[g * members : (g + 1) * members]
            start = at + (g * deep if wide > 1 else 0)
            if deep > 1:
                here = value[start : start + members]
                if i == 0:
                    for m in range(members):
                        row[m] = here[m]
                else:
                    for m in range(members):
                        row[m] *= here[m]
            elif i == 0:
                row[:] = value[start]
            else:
                one = value[start]
                for m in range(members):
                    row[m] *= one


_LOG2E, _LN2_HIGH, _LN2_LOW = (
    np.float32(1.44269504),
    np.float32(0.693359375),
    np.float32(-2.12194440e-4),
)
_PARTS = tuple(np.float32(1.0 / math.factorial(k)) for k in range(8))
_EXPONENT = np.int32(1 << 23)
_PIECE = 256


@njit(cache=True, error_model="numpy")
def _leave(people, total, dt, bits):
    """total ← people × dt × (1 − exp(−x)) / x with x = total × dt: what a hazard of one moves.

    exp by Cody and Waite's (1980) reduction to |r| ≤ ln 2 / 2 and its Taylor polynomial, the power
    of two set in the exponent's bits; by the quotient's own series where x is small. Loops without
    branches, so that the compiler runs them side by side.
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
        total[k] = people[k] * dt * (share if x > small else series)


@njit(cache=True)
def _put(moved, target, become, groups, members, change):
    """Add people (group × member) to a row, in the groups that they become."""
    size = groups * members
    there = change[target * size : (target + 1) * size]
    if become[0] < 0:
        for k in range(size):
            there[k] += moved[k]
        return
    for g in range(groups):
        to = become[g] * members
        for m in range(members):
            there[to + m] += moved[g * members + m]


@njit(cache=True)
def _note(moved, cell, by_group, groups, members, counted):
    """Add people (group × member) to a tally that keeps groups apart, or not."""
    start = cell * members
    if by_group:
        here = counted[start : start + groups * members]
        for k in range(groups * members):
            here[k] += moved[k]
        return
    here = counted[start : start + members]
    for g in range(groups):
        for m in range(members):
            here[m] += moved[g * members + m]


@njit(cache=True)
def _nothing(values):
    """Whether all are zero; a piece with one that is not ends the search."""
    bits = values.view(np.int32)
    for start in range(0, len(bits), _PIECE):
        found = np.int32(0)
        for k in range(start, min(start + _PIECE, len(bits))):
            found |= bits[k]
        if found != 0:
            return False
    return True


@njit(cache=True)
def _expected(people, hazards, total, bits, dt):
    """Hazards (link, group × member) of one row become the people who take each link."""
    total[:] = 0.0
    for i in range(len(hazards)):
        for k in range(len(total)):
            total[k] += hazards[i, k]
    _leave(people, total, dt, bits)
    for i in range(len(hazards)):
        for k in range(len(total)):
            hazards[i, k] *= total[k]


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

    change = np.zeros(rows * size, np.float32)
    room = np.empty((max(1, np.diff(first).max()), size), np.float32)
    kept = np.empty(len(room), np.int32)
    total, bits = np.empty(size, np.float32), np.empty(size, np.int32)
    for r in range(rows + 1):  # the last is outside
        here = people[r * size : (r + 1) * size]
        if first[r] == first[r + 1] or (r < rows and _nothing(here)):
            continue
        links = 0
        for i in range(first[r], first[r + 1]):
            path, edge = link[i, 0], link[i, 1]
            _compose(given, factor[of[path] : of[path + 1]], edge, groups, members, room[links])
            kept[links] = i
            # a way that is shut costs no more; a source from outside keeps its stream of chance
            links += 1 if r == rows or not _nothing(room[links]) else 0
        hazards = room[:links]
        if r < rows and whole:
            sampler.leave(here, hazards, float(dt), seed, numbers, step, r * groups)
        elif r < rows:
            _expected(here, hazards, total, bits, dt)
        elif whole:
            sampler.arrive(hazards, float(dt), seed, numbers, step, rows * groups)
        else:
            hazards *= dt
        mine = change[r * size : (r + 1) * size]
        for i in range(links):
            path, edge, target = link[kept[i]]
            _put(hazards[i], target, become[path], groups, members, change)
            for k in range(len(mine)):
                mine[k] -= hazards[i, k]
            for c in range(counts[path], counts[path + 1]):
                cell = count[c, 0] + edge * count[c, 1]
                _note(hazards[i], cell, count[c, 2] != 0, groups, members, rates)
    for k in range(len(people)):
        people[k] += change[k]
    for k in range(len(rates)):
        month[k] += rates[k]
        rates[k] /= dt
    _count_stocks(people, _table_of(calls[_STOCKS]), groups, members, dt, month)


@njit(cache=True)
def _count_stocks(people, stocks, groups, members, dt, summed):
    """People who are there after the move, times the step, so that a month's mean is over evenings."""
    size = groups * members
    days = np.empty(size, np.float32)
    for s in range(len(stocks)):
        row = stocks[s, 0]
        for k in range(size):
            days[k] = people[row * size + k] * dt
        _note(days, stocks[s, 1], stocks[s, 2] != 0, groups, members, summed)


NAME = "caudal_step"
_registered: list[str] = []


def register() -> None:
    """Make the kernel known to XLA, once a process."""
    if not _registered:
        handle = native.handler(_step)
        native.register(NAME, handle)
        _registered.append(NAME)
