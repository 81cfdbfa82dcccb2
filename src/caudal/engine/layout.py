"""Where the stocks and gates of a model stand in its picture: layers, order, heights.

Sugiyama's way: layers from the declared order, fewest crossings found by barycentres, heights by
least squares under a least distance. `draw` makes the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from caudal.engine.declare import Flow
from caudal.engine.graph import Model

COLUMN, BOX_W, BOX_H = 160, 104, 44
NODE_GAP, LINK_GAP = 92, 19
MARGIN, LEGEND = 46, 78
Point = tuple[float, float]


@dataclass(frozen=True)
class Link:
    """One drawn line: from a node to a node, its owner, and what is written where it starts."""

    source: str
    target: str
    owner: str
    name: str
    label: str = ""


def links(model: Model) -> list[Link]:
    """Every flow and every branch of a gate, with the mechanism that owns it."""
    found = []
    for made in model.mechanisms:
        found += [Link(f.source, f.target, made.name, f.name, _written(f)) for f in made.flows]
        found += [
            Link(gate.name, target, made.name, f"{gate.name}.{branch}", branch)
            for gate in made.gates
            for branch, target in gate.branches.items()
        ]
    return found


def _written(flow: Flow) -> str:
    words = flow.label.replace("_", " ")
    return f"as {words}" if flow.regroup is not None else words


def layers(model: Model) -> dict[str, int]:
    """The column of every stock and gate: one after the furthest of those that lead forward to it.

    A link leads forward where its target is declared after its source; a gate stands just after
    the last stock that feeds it. A stock that nothing leads forward to stands with its neighbour.
    """
    rank = {s.name: float(i) for i, s in enumerate(model.stocks)}
    drawn = links(model)
    for _ in model.gates:
        for gate in model.gates:
            before = [rank[li.source] for li in drawn if li.target == gate and li.source in rank]
            if before:
                rank[gate] = max(before) + 0.1
    order = sorted(rank, key=rank.__getitem__)
    column: dict[str, int] = {}
    for i, name in enumerate(order):
        before = [
            column[li.source]
            for li in drawn
            if li.target == name and li.source in column and rank[li.source] < rank[name]
        ]
        column[name] = max(before) + 1 if before else (column[order[i - 1]] if i else 0)
    last = max(column.values())
    for stock in model.stocks:
        if stock.final:
            column[stock.name] = max(column[stock.name], last)
    return column


def layout(
    nodes: Sequence[str], column: dict[str, int], kept: Sequence[Link]
) -> tuple[dict[str, Point], list[list[Point]]]:
    """Where every node stands, and the points that every link passes between its ends."""
    rows: dict[int, list[str]] = {}
    for name in nodes:
        rows.setdefault(column[name], []).append(name)
    chains: list[list[str]] = []
    for i, link in enumerate(kept):
        if link.source == link.target:  # drawn at its box: pulls at no other
            chains.append([link.source])
            continue
        low, high = sorted((link.source, link.target), key=column.__getitem__)
        between = [f"·{i}·{c}" for c in range(column[low] + 1, column[high])]
        for c, passing in zip(range(column[low] + 1, column[high]), between, strict=True):
            rows.setdefault(c, []).append(passing)
        chains.append([low, *between, high])
    near: dict[str, list[str]] = {n: [] for row in rows.values() for n in row}
    for chain in chains:
        for a, b in pairwise(chain):
            near[a].append(b)
            near[b].append(a)
    at = {n: c for c, row in rows.items() for n in row}
    best = _ordered(rows, near, at)
    y = _heights(best, near)
    x = {n: MARGIN + 20 + BOX_W / 2 + COLUMN * at[n] for n in at}
    top = min(y.values())
    places = {n: (x[n], y[n] - top + LEGEND + MARGIN) for n in at}
    routes = []
    for link, chain in zip(kept, chains, strict=True):
        points = [places[n] for n in chain[1:-1]]
        routes.append(points if chain[0] == link.source else points[::-1])
    return {n: places[n] for n in nodes}, routes


def _ordered(
    rows: dict[int, list[str]], near: dict[str, list[str]], at: dict[str, int]
) -> dict[int, list[str]]:
    """Rows reordered so that links cross less: barycentre sweeps, the best order seen."""
    rows = {c: list(row) for c, row in sorted(rows.items())}
    best, fewest = rows, _crossings(rows, near, at)
    for sweep in range(24):
        for c in sorted(rows, reverse=bool(sweep % 2)):
            side = c + 1 if sweep % 2 else c - 1
            if side not in rows:
                continue
            place = {n: i for i, n in enumerate(rows[side])}

            def middle(name: str, side: int = side, place: dict[str, int] = place) -> float:
                theirs = [place[n] for n in near[name] if at[n] == side]
                return float(np.mean(theirs)) if theirs else float("nan")

            wished = {n: middle(n) for n in rows[c]}
            free = [n for n in rows[c] if not np.isnan(wished[n])]
            ordered = iter(sorted(free, key=wished.__getitem__))
            rows[c] = [n if np.isnan(wished[n]) else next(ordered) for n in rows[c]]
        crossings = _crossings(rows, near, at)
        if crossings < fewest:
            best, fewest = {c: list(row) for c, row in rows.items()}, crossings
    return best


def _crossings(rows: dict[int, list[str]], near: dict[str, list[str]], at: dict[str, int]) -> int:
    total = 0
    for c, row in rows.items():
        place = {n: i for i, n in enumerate(rows.get(c + 1, []))}
        ends = [(i, place[m]) for i, n in enumerate(row) for m in near[n] if at[m] == c + 1]
        total += sum(
            (a[0] - b[0]) * (a[1] - b[1]) < 0 for k, a in enumerate(ends) for b in ends[k + 1 :]
        )
    return total


def _heights(rows: dict[int, list[str]], near: dict[str, list[str]]) -> dict[str, float]:
    """Heights near those of neighbours, in the order of the row, at least a gap apart."""
    y = {}
    gaps = {}
    for c, row in rows.items():
        gap = [
            LINK_GAP if a[0] == b[0] == "·" else (NODE_GAP + LINK_GAP) / 2 if "·" in (a[0], b[0])
            else NODE_GAP
            for a, b in pairwise(row)
        ]  # fmt: skip
        gaps[c] = np.concatenate([[0.0], np.cumsum(gap)])
        y.update(zip(row, gaps[c] - gaps[c][-1] / 2, strict=True))
    for sweep in range(60):
        for c in sorted(rows, reverse=bool(sweep % 2)):
            row = rows[c]
            wished = [float(np.mean([y[m] for m in near[n]])) if near[n] else y[n] for n in row]
            weight = [8.0 if n[0] == "·" else 2.0 for n in row]
            y.update(zip(row, _isotonic(np.array(wished) - gaps[c], weight) + gaps[c], strict=True))
    return y


def _isotonic(wished: np.ndarray, weight: Sequence[float]) -> np.ndarray:
    """The rising sequence nearest to what is wished, by pooling neighbours that disagree."""
    pools: list[list[float]] = []
    for value, w in zip(wished, weight, strict=True):
        pools.append([float(value), w, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            v, w2, n = pools.pop()
            total = pools[-1][1] + w2
            mean = (pools[-1][0] * pools[-1][1] + v * w2) / total
            pools[-1] = [mean, total, pools[-1][2] + n]
    return np.concatenate([np.full(int(n), v) for v, _, n in pools])
