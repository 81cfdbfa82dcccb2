"""Whole people: exact draws of who leaves each cell and by which exit.

For a cell (row, group) of n people with hazards h_e, the number leaving in a step is
Binomial(n, 1 − exp(−Σ h dt)) and splits among the exits as a multinomial in proportion to h: total
first, then one conditional binomial an exit. Empty cells cost nothing.

Each cell has its own random stream, keyed by (seed, member, step, row, group), so two runs that
differ in one cell draw alike in all others. Binomials are drawn by inversion where the mean is
small and by transformed rejection (BTRS, Hörmann 1993) where it is large; Poissons by
multiplication or PTRS (same author). All are exact in double precision.
"""

from __future__ import annotations

import math

import numpy as np

from caudal.engine.machine import compiled

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1, _M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_SMALL = 10.0


@compiled(inline="always")
def _mix(z):
    """SplitMix64's output function: a bijection of 64-bit words that passes BigCrush."""
    z = (z ^ (z >> _S30)) * _M1
    z = (z ^ (z >> _S27)) * _M2
    return z ^ (z >> _S31)


@compiled()
def stream(seed, member, step, cell):
    """Start of the random stream of a cell in a step."""
    z = _mix(np.uint64(seed) + _GOLDEN)
    z = _mix(z ^ _mix(np.uint64(member) + _GOLDEN))
    z = _mix(z ^ _mix(np.uint64(step) + _GOLDEN))
    return _mix(z ^ _mix(np.uint64(cell) + _GOLDEN))


@compiled(inline="always")
def _uniform(state):
    state = state + _GOLDEN
    return state, (float(_mix(state) >> _S11) + 0.5) * (1.0 / 9007199254740992.0)


@compiled()
def binomial(state, n, p):
    """One Binomial(n, p) draw: (new state, draw)."""
    if n <= 0 or p <= 0.0:
        return state, 0
    if p >= 1.0:
        return state, n
    flipped = p > 0.5
    q = 1.0 - p if flipped else p
    state, k = _inversion(state, n, q) if n * q < _SMALL else _btrs(state, n, q)
    return state, n - k if flipped else k


@compiled()
def _inversion(state, n, p):
    ratio = p / (1.0 - p)
    start = math.exp(n * math.log1p(-p))
    while True:
        state, u = _uniform(state)
        mass, k = start, 0
        while u > mass and k <= n:
            u -= mass
            k += 1
            mass *= ratio * (n - k + 1) / k
            if mass < 1e-300:
                break
        if k <= n and mass >= 1e-300:
            return state, k


@compiled()
def _btrs(state, n, p):
    spread = math.sqrt(n * p * (1.0 - p))
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * p
    c = n * p + 0.5
    v_r = 0.92 - 4.2 / b
    alpha = (2.83 + 5.1 / b) * spread
    mode, log_odds, top = 0.0, 0.0, -1.0
    while True:
        state, u = _uniform(state)
        state, v = _uniform(state)
        u -= 0.5
        us = 0.5 - abs(u)
        k = math.floor((2.0 * a / us + b) * u + c)
        if k < 0 or k > n:
            continue
        if us >= 0.07 and v <= v_r:
            return state, int(k)
        if top < 0.0:  # asked of one draw in five or ten
            mode = math.floor((n + 1) * p)
            log_odds = math.log(p / (1.0 - p))
            top = math.lgamma(mode + 1.0) + math.lgamma(n - mode + 1.0)
        v = math.log(v * alpha / (a / (us * us) + b))
        if v <= top - math.lgamma(k + 1.0) - math.lgamma(n - k + 1.0) + (k - mode) * log_odds:
            return state, int(k)


@compiled()
def poisson(state, mean):
    """One Poisson(mean) draw: (new state, draw)."""
    if mean <= 0.0:
        return state, 0
    if mean < _SMALL:
        limit, k = math.exp(-mean), 0
        state, product = _uniform(state)
        while product > limit:
            state, u = _uniform(state)
            product *= u
            k += 1
        return state, k
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    inverse = 1.1239 + 1.1328 / (b - 3.4)
    v_r = 0.9277 - 3.6224 / (b - 2.0)
    while True:
        state, u = _uniform(state)
        state, v = _uniform(state)
        u -= 0.5
        us = 0.5 - abs(u)
        k = math.floor((2.0 * a / us + b) * u + mean + 0.43)
        if us >= 0.07 and v <= v_r:
            return state, int(k)
        if k < 0 or (us < 0.013 and v > us):
            continue
        left = math.log(v * inverse / (a / (us * us) + b))
        if left <= -mean + k * math.log(mean) - math.lgamma(k + 1.0):
            return state, int(k)


@compiled()
def leave(people, hazards, dt, seed, members, step, cell):
    """Draw who leaves the cells of one row and by which exit, in place of the hazards.

    people (group × member) whole numbers; hazards (exit, group × member) per day become the people
    who take each exit; cell: number of the row's first cell, of group 0.
    """
    many = len(members)
    for g in range(len(people) // many):
        for m in range(many):
            k = g * many + m
            n = int(people[k])
            total, last = 0.0, -1
            if n > 0:
                for e in range(len(hazards)):
                    if hazards[e, k] > 0.0:
                        total += hazards[e, k]
                        last = e
            left = 0
            state = np.uint64(0)
            if last >= 0:
                state = stream(seed, members[m], step, cell + g)
                state, left = binomial(state, n, -math.expm1(-total * dt))
            for e in range(len(hazards)):
                h = max(0.0, float(hazards[e, k]))
                took = 0
                if left > 0:
                    share = 1.0 if e == last else min(1.0, h / total)
                    state, took = binomial(state, left, share)
                    left -= took
                    total -= h
                hazards[e, k] = took


@compiled()
def arrive(rates, dt, seed, members, step, cell):
    """Draw who comes from outside, in place of the rates (source, group × member) per day.

    cell: number of the first source's first cell, of group 0.
    """
    many = len(members)
    groups = rates.shape[1] // many
    for d in range(len(rates)):
        for g in range(groups):
            for m in range(many):
                k = g * many + m
                state = stream(seed, members[m], step, cell + d * groups + g)
                state, came = poisson(state, float(rates[d, k]) * dt)
                rates[d, k] = came
