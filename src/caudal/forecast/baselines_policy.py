"""A walk with a shift at policies, learned by kind; and the calendar that it reads.

    shift_{i,t} = Σ_k β_k S_{k,i,t},   S_t = keep · S_{t−1} + (e_t − e_{t−1}),   β_k ~ N(0, PRIOR²)

e_{k,i,t} counts the policies of kind k in force for nationality i, by the share of the month's days;
a start moves the log of the count by β, an end by −β, and either fades. β is learned at each origin
from past monthly changes (less the walk's reversion) of all nationalities, those not hit among
them, under the law as known. Changes of one month are correlated across nationalities, as strongly
as they were before, so that a policy that hits all of them is one event and not twenty-two. The
forecast adds the shift of the later calendar, as designed. Only the kind tells policies apart: not
the value, the sectors or the units that a document names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import numpy as np

from caudal.compute.forcing import month_ends
from caudal.forecast.baselines_walk import Walk
from caudal.policy.documents import Kind
from caudal.policy.vocabulary import mask

KINDS = tuple(kind for kind in get_args(Kind) if kind != "event")
PRIOR = 0.5
"""Prior sd of a kind's shift of the log (assumed: a policy halves or doubles at two sd or less)."""
FLOOR = 0.1
"""Least monthly volatility of the log that changes are weighed by (assumed)."""
RECENT = 3
"""Months whose counts weigh the nationalities in the total's shift (assumed)."""


def calendar(law: Any, begins: date, months: int, nationalities: tuple[str, ...]) -> np.ndarray:
    """Policies in force, (kind, nationality, month), by the share of the month's days.

    A document counts once, from the first day on which an entry of it sets some lever for the
    nationality off its default; what was blocked or ended does not count. Events are no policies.
    """
    ends = month_ends(begins, months)
    starts = np.array([0, *((end - begins).days for end in ends)])
    out = np.zeros((len(KINDS), len(nationalities), months))
    order = [law.vocabulary["nationality"].index(n) for n in nationalities]
    for document in law.documents:
        if document.kind == "event":
            continue
        holds = np.zeros((starts[-1], len(law.vocabulary["nationality"])), bool)
        for lever in document.design:
            _hold(law, document, lever, begins, holds)
        days = np.add.reduceat(holds[:, order].astype(float), starts[:-1], axis=0)
        out[KINDS.index(document.kind)] += (days / np.diff(starts)[:, None]).T
    return out


def _hold(law: Any, document: Any, lever: str, begins: date, holds: np.ndarray) -> None:
    """Mark the days on which one lever of a document is set, by nationality."""
    book, entries = law.book(lever), document.design[lever]
    turns = {e.day for e in entries} | {e.until for e in entries if e.until}
    turns = sorted({max(day, begins) for day in turns})
    dims = book.lever.dims
    others = tuple(i for i, dim in enumerate(dims) if dim != "nationality")
    for turn, day in enumerate(turns):
        span = slice(
            (day - begins).days,
            (turns[turn + 1] - begins).days if turn + 1 < len(turns) else None,
        )
        index = book.governing(document.id, day)
        for i in set(np.unique(index).tolist()) - {-1}:
            cells = (index == i) & (book.default != entries[i].setting)
            who = mask(("nationality",), document.who_of(entries[i]), law.vocabulary)
            holds[span] |= cells.any(axis=others) & who


def stock(in_force: np.ndarray, keep: float) -> np.ndarray:
    """S above: starts less ends, fading; what was in force in the first month is no start."""
    steps = np.diff(in_force, axis=-1, prepend=in_force[..., :1])
    out = np.zeros_like(steps)
    for month in range(1, steps.shape[-1]):
        out[..., month] = keep * out[..., month - 1] + steps[..., month]
    return out


@dataclass(frozen=True)
class Shifts:
    """What is known of the shift of each kind: mean (kind,) and covariance (kind, kind)."""

    mean: np.ndarray
    covariance: np.ndarray


def learn(logs: np.ndarray, in_force: np.ndarray, walk: Walk, keep: float) -> Shifts:
    """Shifts from past changes: logs (nationality, month), in_force (kind, nationality, month)."""
    months = range(1, logs.shape[1])
    slow = np.stack([walk.mean(logs[:, :t]) for t in months], axis=1)
    change = np.diff(logs, axis=1) - walk.reversion * (slow - logs[:, :-1])
    sd = np.maximum(np.sqrt(np.mean(change**2, axis=1)), FLOOR)[:, None]
    y = change / sd
    x = np.diff(stock(in_force, keep), axis=-1) / sd
    n = len(y)
    shared = float(np.clip((n * np.mean(y.mean(0) ** 2) - 1) / max(n - 1, 1), 0.0, 0.9))
    y, x = _whitened(y, shared, 0), _whitened(x, shared, 1)
    rows = x.reshape(len(x), -1)
    precision = rows @ rows.T + np.eye(len(x)) / PRIOR**2
    covariance = np.linalg.inv(precision)
    return Shifts(covariance @ (rows @ y.reshape(-1)), covariance)


def _whitened(values: np.ndarray, shared: float, axis: int) -> np.ndarray:
    """Values times the inverse root of (1 − c) I + c 1 1ᵀ over the nationalities' axis."""
    n = values.shape[axis]
    share = 1 - np.sqrt((1 - shared) / (1 + (n - 1) * shared))
    return (values - share * values.mean(axis, keepdims=True)) / np.sqrt(1 - shared)


def ahead(
    logs: np.ndarray, known: np.ndarray, designed: np.ndarray, horizons: int,
    walk: Walk, keep: float,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Mean and sd of the log, (series, horizon), the total last.

    known     policies in force by what was known, up to the origin at least
    designed  as they were decided, up to the last horizon at least
    """
    origin = logs.shape[1] - 1
    shifts = learn(logs[:-1], known[..., : origin + 1], walk, keep)
    path = stock(designed[..., : origin + 1 + horizons], keep)
    moved = path[..., origin + 1 :] - path[..., origin : origin + 1]
    recent = np.expm1(logs[:-1, -RECENT:]).sum(1)
    weight = recent / recent.sum()
    moved = np.concatenate([moved, np.einsum("n,knh->kh", weight, moved)[:, None]], axis=1)
    mean, sd = walk.ahead(logs, horizons)
    unsure = np.einsum("knh,kl,lnh->nh", moved, shifts.covariance, moved)
    return mean + np.einsum("k,knh->nh", shifts.mean, moved), np.sqrt(sd**2 + unsure)
