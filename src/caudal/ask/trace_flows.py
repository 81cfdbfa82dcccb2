"""How many people took each way in a month: the run's own moves, replayed from its daily chances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from caudal.ask.journeys_record import Record
from caudal.ask.journeys_walk import Ways
from caudal.engine.graph import Path


def moves(record: Record, ways: Ways) -> np.ndarray:
    """People who took each edge in the watched days, (edge, group, member); all groups are watched.

    The engine's rule (`engine.step`): of a row's people the share 1 − exp(−Σ h) leaves, split by h.
    """
    people = np.array(record.people, np.float64)
    rows, size = len(people), len(ways.source)
    leaves, comes = np.zeros((rows, ways.inside)), np.zeros((rows, size))
    leaves[ways.source[: ways.inside], np.arange(ways.inside)] = 1.0
    comes[ways.target, np.arange(size)] = 1.0
    total = np.zeros((size, *people.shape[1:]))
    for day in range(record.days):
        hazard = record.chances.hazards[day].astype(np.float64)
        out = np.einsum("re,egm->rgm", leaves, hazard, optimize=True)
        share = np.divide(-np.expm1(-out), out, out=np.ones_like(out), where=out > 0)
        moved = (people * share)[ways.source[: ways.inside]] * hazard
        today = np.concatenate([moved, record.chances.departures[day]])
        total += today
        people -= np.einsum("re,egm->rgm", leaves, moved, optimize=True)
        people += np.einsum("re,egm->rgm", comes, _regrouped(today, ways), optimize=True)
    return total


def _regrouped(moved: np.ndarray, ways: Ways) -> np.ndarray:
    out = moved.copy()
    for i, path in enumerate(ways.paths):
        if path.regroup is not None:
            mine = ways.path == i
            become = np.eye(moved.shape[1])[np.asarray(path.regroup)]
            out[mine] = np.einsum("egm,gh->ehm", moved[mine], become)
    return out


@dataclass(frozen=True)
class Amount:
    """A way and the people who took it: median and 90 % of members.

    does  counts: adds to the number; in, out: into or out of the stocks that the number counts
    """

    way: str
    does: str
    mechanism: str
    gates: tuple[str, ...]
    median: float
    lo90: float
    hi90: float


def amounts(
    chosen: Iterable[tuple[int, str]],
    total: np.ndarray,
    ways: Ways,
    owners: Mapping[str, str],
    groups: np.ndarray,
    edges: np.ndarray,
) -> list[Amount]:
    """The chosen (path, what it does), the largest first, for some groups and edges (a mask)."""
    out = []
    for i, does in chosen:
        path = ways.paths[i]
        mine = np.flatnonzero((ways.path == i) & edges)
        people = total[np.ix_(mine, groups)].sum((0, 1))
        lo, median, hi = (float(q) for q in np.quantile(people, [0.05, 0.5, 0.95]))
        gates = tuple(dict.fromkeys(owners[gate] for gate, _ in path.branches))
        out.append(Amount(named(path), does, owners[path.flow], gates, median, lo, hi))
    return sorted(out, key=lambda a: -a.median)


def named(path: Path) -> str:
    """The flow, and the branches passed on the way.

    >>> from types import SimpleNamespace as P
    >>> named(P(flow="field → desk", branches=(("desk", "mpp"),)))
    'field → desk [desk.mpp]'
    """
    branches = ", ".join(f"{gate}.{branch}" for gate, branch in path.branches)
    return f"{path.flow} [{branches}]" if branches else path.flow
