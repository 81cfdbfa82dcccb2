"""The rules by which claims are judged: written before any run, told in words in docs/claims.md.

Nothing here reads a series or runs a model: the rules take numbers and give a `Ruling`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from caudal.ask.claims_tests import Falls, Makes, Moves, Says

ABOUT, EXACT = 0.10, 0.02
"""How far a number may be off, as a share of what is said: `about`; and `equals`, `at_least`,
`at_most`, `between`, where it is for rounding."""
MOVED = 0.05
"""Least change that is a rise or a fall, and the most that is none, where a claim names no size."""
CAUSED = 0.05
"""Least effect that is one, as a share of the outcome without the cause, where none is named."""
PROBABLE, IMPROBABLE = 0.9, 0.1
"""Share of draws from which the model supports a cause, and up to which it does not."""
LITTLE = 0.2
"""Mean contraction of the constants up to which an effect rests on the priors."""

Answer = Literal[
    "matches", "differs", "supported", "not supported", "not identifiable", "not testable"
]
ANSWERS: tuple[Answer, ...] = get_args(Answer)
Reason = Literal[
    "nothing counted", "not yet counted", "nothing to compare", "bounds straddle", "too coarse",
    "rests on priors", "interval too wide", "weathers disagree", "no run on that day",
]  # fmt: skip


@dataclass(frozen=True)
class Ruling:
    """What a rule says.

    off     how far what is said lies from what was counted: a share of the counted (figures), of
            the earlier value (trends), days (timing); None where nothing is to be told
    """

    answer: Answer
    reason: Reason | None = None
    off: float | None = None


MATCHES = Ruling("matches")


def unknown(reason: Reason) -> Ruling:
    """Not identifiable, and why."""
    return Ruling("not identifiable", reason)


def allowed(says: Says) -> tuple[float, float]:
    """Lowest and highest number that agree with what is said, tolerance included."""
    share = says.tolerance
    if share is None:
        share = ABOUT if says.is_ == "about" else EXACT
    low, high = says.between or (says.value, says.value)
    assert low is not None
    assert high is not None  # the schema asks for one of the two
    low, high = low - share * abs(low), high + share * abs(high)
    return (
        -np.inf if says.is_ == "at_most" else low,
        np.inf if says.is_ == "at_least" else high,
    )


def figure(found: float, says: Says) -> Ruling:
    """A counted number against what is said of it."""
    low, high = allowed(says)
    if low <= found <= high:
        return MATCHES
    said = says.value
    if says.between:
        said = says.between[0] if found < says.between[0] else says.between[1]
    assert said is not None
    return Ruling("differs", off=said / found - 1 if found else np.inf)


def bounded(lowest: float, highest: float, says: Says) -> Ruling:
    """What nobody counts, between its published lowest and highest."""
    lowest, highest = min(lowest, highest), max(lowest, highest)
    low, high = allowed(says)
    if low <= lowest and highest <= high:
        return MATCHES
    if highest < low or lowest > high:
        return figure(highest if highest < low else lowest, says)
    return unknown("bounds straddle")


def trend(before: float, after: float, says: Moves) -> Ruling:
    """How a number moved, as a share of what it was."""
    if before == 0:
        return unknown("nothing to compare")
    change = (after - before) / abs(before)
    by = MOVED if says.by is None else says.by
    holds = {"up": change >= by, "down": change <= -by, "flat": abs(change) <= by}
    # A rise of nothing is none, even where nothing more was asked
    holds["up"] &= change > 0
    holds["down"] &= change < 0
    return MATCHES if holds[says.direction] else Ruling("differs", off=change)


@dataclass(frozen=True)
class Happened:
    """When something happened: between two days, [start, end); None where it did not."""

    start: dt.date | None
    end: dt.date | None


def timing(event: Happened, says: Falls, other: Happened | None = None) -> Ruling:
    """When something happened against when it is said to have.

    Days are compared with days; a count that tells only the month, which may lie on both sides of
    what is said, is too coarse.
    """
    if event.start is None or event.end is None:
        return Ruling("differs")
    if other is not None:
        if other.start is None or other.end is None:
            return Ruling("differs")
        first, last = (event, other) if says.before else (other, event)
        assert first.end
        assert last.start
        assert first.start
        assert last.end
        if first.end <= last.start:
            return MATCHES
        if last.end <= first.start:
            return Ruling("differs", off=(event.start - other.start).days)
        return unknown("too coarse")
    low = says.from_.start if says.from_ else dt.date.min
    last_said = says.by or says.to
    assert last_said
    if low <= event.start and event.end <= last_said.end:
        return MATCHES
    if event.end <= low:
        return Ruling("differs", off=(event.start - low).days)
    if event.start >= last_said.end:
        return Ruling("differs", off=(event.start - last_said.end).days + 1)
    return unknown("too coarse")


def probability(was: np.ndarray, without: np.ndarray, says: Makes) -> float:
    """Share of draws in which the cause made at least the share that is said.

    was, without  the outcome as it was, and without the cause, (member,)
    """
    share = CAUSED if says.share is None else says.share
    if says.direction == "more":
        holds = (was >= (1 + share) * without) & (was > without)
    else:
        holds = (was <= (1 - share) * without) & (was < without)
    return float(holds.mean())


def cause(chances: Sequence[float], contraction: float) -> Ruling:
    """What counterfactuals say of a cause.

    chances      `probability` under each weather: as inferred, and without its jumps
    contraction  mean of `contraction_of` over the constants that the effect rests on
    """
    if contraction <= LITTLE:
        return unknown("rests on priors")
    found = {_drawn(chance) for chance in chances}
    return found.pop() if len(found) == 1 else unknown("weathers disagree")


def _drawn(chance: float) -> Ruling:
    if chance >= PROBABLE:
        return Ruling("supported")
    return Ruling("not supported") if chance <= IMPROBABLE else unknown("interval too wide")


def contraction_of(
    names: Sequence[str], learned: Mapping[str, Mapping[str, float]]
) -> dict[str, float]:
    """1 − posterior variance over prior variance of each constant; 0 where no count bore on it.

    learned  the posterior's `about["constants"]`: name, or name[i], → {mean, sd} in prior units

    >>> contraction_of(["a", "b"], {"a[0]": {"sd": 0.5}, "a[1]": {"sd": 1.0}})
    {'a': 0.375, 'b': 0.0}
    """
    out = {}
    for name in names:
        sds = [v["sd"] for key, v in learned.items() if key.partition("[")[0] == name]
        out[name] = max(0.0, float(np.mean([1 - sd**2 for sd in sds]))) if sds else 0.0
    return out


def best(rulings: Sequence[Ruling]) -> int:
    """Which of several readings of the same words decides: the place of one that matches; else of one
    that differs, the nearest; else the first."""
    for answer in ("matches", "differs"):
        found = [i for i, ruling in enumerate(rulings) if ruling.answer == answer]
        if found:
            return min(found, key=lambda i: abs(rulings[i].off or 0.0))
    return 0
