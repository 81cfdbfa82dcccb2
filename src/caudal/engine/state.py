"""Where a run stands and what comes out of its months: their shapes, their start, their joining."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jax
import numpy as np

from caudal.engine import book
from caudal.engine.declare import Signal
from caudal.engine.graph import Model
from caudal.engine.step import Arrays, Carry
from caudal.errors import CaudalError


@dataclass(frozen=True)
class State:
    """Where a chunk stands: the carry, what has ended (row, group, member), the next day to run."""

    carry: Carry
    ended: np.ndarray
    day: int


@dataclass
class Months:
    """Results of the months completed by one call, arrays (month, ..., member) by name.

    first is the number of the first such month. signals holds month-end values; people the
    month-end number in each row of the state, those of final stocks being the month's arrivals;
    measures the months' sums or means (month, *dims, member), float32; ended, by final stock, the
    months' arrivals by group (month, group, member).
    """

    first: int
    tallies: dict[str, np.ndarray]
    signals: dict[str, np.ndarray]
    people: np.ndarray
    measures: dict[str, np.ndarray] = field(default_factory=dict)
    ended: dict[str, np.ndarray] = field(default_factory=dict)

    def changed(self, change: Callable[[np.ndarray], np.ndarray]) -> Months:
        """The same with every array put through `change`."""
        return _together([self], lambda arrays: change(arrays[0]))


def first_state(
    model: Model, members: int, triggers: Sequence[str], p: Mapping[str, np.ndarray] | None
) -> State:
    """Nobody anywhere, signals at their start, the first day next."""

    def zeros(*shape: int) -> np.ndarray:
        return np.zeros((*shape, members), np.float32)

    carry = Carry(
        people=zeros(model.n_rows, model.groups),
        signals={n: _start(model, s, members, p) for n, s in model.signals.items()},
        noise={n.name: zeros(*model.shape(n.dims)) for m in model.mechanisms for n in m.noise},
        triggers={t: zeros(2) for t in triggers},
        rates=zeros(book.events(model).cells),
        month=zeros(book.tallies(model).cells),
        measures=zeros(2, book.measures(model).cells),
    )
    return State(carry, np.zeros((model.n_rows, model.groups, members)), 0)


def _start(
    model: Model, signal: Signal, members: int, p: Mapping[str, np.ndarray] | None
) -> np.ndarray:
    shape = model.shape(signal.dims)
    if not signal.start_from:
        start = np.asarray(signal.start, np.float32)
        return np.array(np.broadcast_to(start[..., None], (*shape, members)))
    where = f"signal {signal.name!r} field 'start_from'"
    if p is None or signal.start_from not in p:
        found = "no parameters given" if p is None else f"no parameter {signal.start_from!r}"
        raise CaudalError(where, found, "start(members, triggers, p) with it")
    found = np.shape(p[signal.start_from])
    if found not in ((*shape, members), (*shape, 1)):
        raise CaudalError(where, f"shape {found}", f"{(*shape, members)}, member last")
    return np.array(np.broadcast_to(p[signal.start_from], (*shape, members)), np.float32)


def have_ended(model: Model, ended: np.ndarray, gone: Arrays) -> np.ndarray:
    """Who has ended (row, group, member), with those whom months (month, row, …) of a stock add."""
    total = ended.copy()
    for name, people in gone.items():
        total[model.rows[name]] += people.sum(0, dtype=np.float64)
    return total


def monthly(model: Model, out: dict[str, Arrays], lengths: np.ndarray) -> dict[str, Any]:
    """Sums over a month's days as means, where a stock or a mean is asked for, in place.

    lengths: days of each month of `out`, shape (month,). Who is in a final stock has ended.
    """
    gone: Any = out.pop("gone")
    out["ended"] = {name: people.sum(1) for name, people in gone.items()}
    means = [("tallies", t.name) for t in model.tallies if book.of_stocks(model, t)]
    means += [("measures", n) for n, m in model.measures.items() if m.how == "mean"]
    for part, name in means:
        value = out[part][name]
        out[part][name] = value / lengths.reshape(-1, *[1] * (value.ndim - 1))
    return out


def join(first: int, outs: list[dict[str, Any]]) -> Months:
    """The months of several blocks, one after another, the first of them numbered `first`."""
    if not outs:
        return Months(first, {}, {}, np.zeros((0, 0, 0)))
    return joined([Months(first, **out) for out in outs])


def joined(parts: Sequence[Months], axis: int = 0) -> Months:
    """Months that follow one another as one; with axis -1, members beside one another."""
    return _together(parts, lambda arrays: np.concatenate(arrays, axis))


def _together(
    parts: Sequence[Months], make: Callable[[Sequence[np.ndarray]], np.ndarray]
) -> Months:
    def each(name: str) -> Any:
        return jax.tree.map(lambda *a: make(a), *(getattr(part, name) for part in parts))

    names = ("tallies", "signals", "people", "measures", "ended")
    return Months(parts[0].first, **{name: each(name) for name in names})
