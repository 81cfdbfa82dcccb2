"""Travellers who walk through a run: each day every one leaves or stays, by the run's own chances.

A traveller in cell c leaves on day d with chance 1 − exp(−Σ h) and takes exit e with chance h_e / Σ h,
h being the hazards that the run had for c that day: the engine's own rule for sharing out people
(`engine.step`), so that the mean of many travellers is the run. Travellers do not meet: what they do
to each other (queues, crowding) is in the hazards already.

Whether they do agree is tested (`agreement`). A traveller i passes a flow X_i times in a month, a
vector over flows and months whose mean the run gives; travellers are independent, so

    T² = N (X̄ − μ)' S⁺ (X̄ − μ),   (N − p) / (p (N − 1)) T²  ~  F(p, N − p),

with S the travellers' own covariance and p its rank (Hotelling; for large N this is χ² with p degrees
of freedom). One traveller may pass a flow twice, or two flows one after another: S knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats

from caudal.ask.journeys_record import Record
from caudal.engine.graph import Model, Path

FEWEST = 50.0
"""Moves expected of a flow in a month, below which it is too rare for the normal limit of the test."""


@dataclass(frozen=True)
class Ways:
    """Every edge of the model, those from outside last: arrays (edge,), rows −1 for outside.

    slots  edges that leave each row, (row, most); where there are fewer, the number of edges
    """

    paths: tuple[Path, ...]
    path: np.ndarray
    source: np.ndarray
    target: np.ndarray
    slots: np.ndarray
    inside: int

    @classmethod
    def of(cls, model: Model) -> Ways:
        """The edges in the order of `engine.watch`."""
        paths = (*model.paths, *model.departures)
        sizes = [p.edges for p in paths]
        inside = sum(p.edges for p in model.paths)
        source = np.concatenate([p.source_rows for p in paths])
        leaving = [np.flatnonzero(source == r) for r in range(model.n_rows)]
        most = max(map(len, leaving))
        slots = np.array([np.pad(x, (0, most - len(x)), constant_values=inside) for x in leaving])
        return cls(
            paths, np.repeat(np.arange(len(paths)), sizes), source,
            np.concatenate([p.target_rows for p in paths]), slots, inside,
        )  # fmt: skip

    def becomes(self, edge: np.ndarray, group: np.ndarray, groups: np.ndarray) -> np.ndarray:
        """The group (position in `groups`) of travellers after taking edges."""
        out = group.copy()
        place = np.full(int(groups.max()) + 1, -1)
        place[groups] = np.arange(len(groups))
        for i, path in enumerate(self.paths):
            if path.regroup is not None:
                mine = np.flatnonzero(self.path[edge] == i)
                out[mine] = place[np.asarray(path.regroup)[groups[group[mine]]]]
        return out


@dataclass(frozen=True)
class Walks:
    """What travellers did: moves in the order of travellers, then days.

    member, group, row  of each traveller: whose run, in which group at the end, where (traveller,)
    mover, day, edge    of each move (move,); a day counts from the record's start
    weight              people for whom all travellers stand, over all members
    """

    record: Record
    ways: Ways
    member: np.ndarray
    group: np.ndarray
    row: np.ndarray
    mover: np.ndarray
    day: np.ndarray
    edge: np.ndarray
    weight: float

    @property
    def travellers(self) -> int:
        """How many."""
        return len(self.member)

    @cached_property
    def first(self) -> np.ndarray:
        """Where each traveller's moves begin, and the end of all, (traveller + 1,)."""
        return np.searchsorted(self.mover, np.arange(self.travellers + 1))


def walk(
    record: Record, travellers: int, seed: int, *, days: int, group: int | None, everyone: bool
) -> Walks:
    """Draw travellers in proportion to who set out, and let them go to the record's end.

    days      from the start within which they set out
    group     position among the record's groups; None: all of them
    everyone  also those who were on their way at the start, and any member in proportion to its
              people; otherwise each member has as many travellers
    """
    rng = np.random.default_rng([seed, travellers])
    ways = Ways.of(record.model)
    out = np.array(record.chances.departures[:days], np.float64)
    here = np.array(record.people, np.float64)
    here[[s.final for s in record.model.stocks for _ in s.places]] = 0.0
    if group is not None:
        others = np.arange(len(record.groups)) != group
        out[:, :, others], here[:, others] = 0.0, 0.0
    if not everyone:
        here[:] = 0.0
    cells = np.concatenate([here.reshape(-1, record.members), out.reshape(-1, record.members)])
    if everyone:
        flat = rng.choice(cells.size, travellers, p=cells.ravel() / cells.sum())
        cell, member = np.divmod(flat, record.members)
    else:
        member = np.arange(travellers) % record.members
        total = np.maximum(cells.sum(0), 1e-30)
        cell = np.empty(travellers, int)
        for m in range(record.members):
            mine = member == m
            cell[mine] = rng.choice(len(cells), int(mine.sum()), p=cells[:, m] / total[m])
    groups = len(record.groups)
    began = cell - here.shape[0] * groups
    came = began >= 0
    start, rest = np.divmod(np.where(came, began, 0), out.shape[1] * groups)
    way, late = np.divmod(rest, groups)
    row, early = np.divmod(np.where(came, 0, cell), groups)
    made = _go(
        record, ways, rng, member, np.where(came, late, early), np.where(came, -1, row),
        np.where(came, start, -1), ways.inside + way,
    )  # fmt: skip
    at, group_at, moves = made
    mover, day, edge = (np.concatenate([m[i] for m in moves]) for i in range(3))
    order = np.lexsort((day, mover))
    return Walks(
        record, ways, member, group_at, at, mover[order], day[order], edge[order],
        float(cells.sum()),
    )  # fmt: skip


def _go(
    record: Record, ways: Ways, rng: np.random.Generator, member: np.ndarray, group: np.ndarray,
    row: np.ndarray, start: np.ndarray, way: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, list[tuple[np.ndarray, np.ndarray, np.ndarray]]]:  # fmt: skip
    """Rows and groups at the end, and each day's moves; row −1: sets out on day `start` by `way`."""
    none = np.zeros((1, *record.chances.hazards.shape[2:]), np.float32)
    stays = np.array([s.final for s in record.model.stocks for _ in s.places])
    group, row, moves = group.copy(), row.copy(), []
    for day in range(record.days):
        on = np.flatnonzero((row >= 0) & ~stays[row])
        hazards = np.concatenate([record.chances.hazards[day], none])
        exits = ways.slots[row[on]]
        reach = hazards[exits, group[on, None], member[on, None]].astype(np.float64).cumsum(1)
        total = reach[:, -1]
        leave = -np.expm1(-total)
        u = rng.random(len(on))
        go = np.flatnonzero(u < leave)
        point = u[go] / leave[go] * total[go]
        taken = exits[go, (reach[go] <= point[:, None]).sum(1)]
        who, edges = on[go], taken
        group[who] = ways.becomes(edges, group[who], record.groups)
        row[who] = ways.target[edges]
        came = np.flatnonzero(start == day)
        row[came] = ways.target[way[came]]
        who, edges = np.concatenate([who, came]), np.concatenate([edges, way[came]])
        moves.append((who, np.full(len(who), day), edges))
    return row, group, moves


@dataclass(frozen=True)
class Agreement:
    """Whether travellers reproduce the run's monthly flows; see the head of the file.

    cells  flows × months compared; rare: left out because fewer than 50 moves are expected
    chi2   T², p_value that of the F test; largest: the worst single cell, in standard errors
    """

    travellers: int
    cells: int
    rare: int
    degrees: int
    chi2: float
    p_value: float
    largest: float


def agreement(walks: Walks, flows: Sequence[str] | None = None) -> Agreement:
    """Test monthly flows, by kind, of travellers among whom everyone stands (`everyone=True`).

    flows  tallies of the model; by default all that count moves of these groups
    """
    record, n = walks.record, walks.travellers
    model, everybody = record.model, len(record.groups) == record.model.groups
    month = np.repeat(np.arange(len(record.lengths)), record.lengths)[walks.day]
    columns, means = [], []
    for tally in model.tallies:
        moves = [i for i, path in enumerate(walks.ways.paths) if path.counts(tally.of)]
        known = "group" in tally.keep or everybody
        if not moves or not known or (flows is not None and tally.name not in flows):
            continue
        counted = record.months.tallies[tally.name].astype(np.float64)
        counted = counted[:, :, record.groups] if "group" in tally.keep else counted
        means.append(counted.sum((1, 2, 3)) / walks.weight)
        mine = np.flatnonzero(np.isin(walks.ways.path[walks.edge], moves))
        made = np.zeros((n, len(record.lengths)))
        np.add.at(made, (walks.mover[mine], month[mine]), 1.0)
        columns.append(made)
    x, mu = np.concatenate(columns, 1), np.concatenate(means)
    often = mu * n >= FEWEST
    x, mu = x[:, often], mu[often]
    gap = x.mean(0) - mu
    cov = np.cov(x, rowvar=False)
    sd = np.sqrt(np.maximum(np.diag(cov), 1e-12))
    values, vectors = np.linalg.eigh(cov / np.outer(sd, sd))
    real = values > 1e-6
    turned = (gap / sd) @ vectors[:, real]
    chi2, p = float(n * (turned**2 / values[real]).sum()), int(real.sum())
    p_value = float(stats.f.sf(chi2 * (n - p) / (p * (n - 1)), p, n - p))
    # a mover is drawn at least as widely as by Poisson, whatever this sample shows
    worst = float(np.abs(gap / np.sqrt(np.maximum(sd**2, mu))).max() * np.sqrt(n))
    return Agreement(n, len(mu), int((~often).sum()), p, chi2, p_value, worst)
