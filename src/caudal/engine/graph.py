"""The graph of a model: known and checked before anything runs.

Flows into gates are laid out as *paths*: every way from a stock to a stock through the gates, with
one hazard each (the flow's hazard times the shares on its way). People then move along paths only,
so a step needs no notion of gates, and people are conserved by construction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from caudal.engine.declare import (
    BOTH,
    OUTSIDE,
    Flow,
    Gate,
    Measure,
    Mechanism,
    Signal,
    Stock,
    Tally,
)
from caudal.engine.fit import check_parts, check_tallies
from caudal.errors import CaudalError


@dataclass(frozen=True)
class Path:
    """One way from a stock (or outside) to a stock: the flow, and the branches passed.

    regroup, where people change group on the way: the group that each group becomes.
    """

    flow: str
    branches: tuple[tuple[str, str], ...]
    source: str
    target: str
    source_rows: np.ndarray
    target_rows: np.ndarray
    regroup: tuple[int, ...] | None = None

    @property
    def passes(self) -> frozenset[str]:
        """Every name a tally may count this path under."""
        return frozenset(self.factors)

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of what multiplies to its hazard: the flow, then the share of each gate passed."""
        return (self.flow, *(f"{gate}.{branch}" for gate, branch in self.branches))

    def counts(self, entries: Sequence[str]) -> bool:
        """Whether a tally of these entries counts this path: it passes every name of one."""
        return any(self.passes.issuperset(entry.split(BOTH)) for entry in entries)

    @property
    def edges(self) -> int:
        """How many place-to-place links the path has: the first axis of its hazard."""
        return len(self.target_rows)


@dataclass(frozen=True)
class Model:
    """Stocks, mechanisms and tallies over named axes. Building it checks it.

    axes maps each axis name used by signals, measures, weather and noise to its length; groups is
    the length of the group axis. Raises CaudalError naming the part that does not fit.
    """

    stocks: tuple[Stock, ...]
    mechanisms: tuple[Mechanism, ...]
    tallies: tuple[Tally, ...]
    groups: int
    axes: Mapping[str, int]
    rows: dict[str, slice] = field(init=False)
    paths: tuple[Path, ...] = field(init=False)
    departures: tuple[Path, ...] = field(init=False)

    def __post_init__(self) -> None:
        start, rows = 0, {}
        for stock in self.stocks:
            rows[stock.name] = slice(start, start + len(stock.places))
            start += len(stock.places)
        object.__setattr__(self, "rows", rows)
        _refuse_twins([s.name for s in self.stocks], "stock")
        for what in ("flows", "gates", "signals", "measures", "weather", "noise"):
            names = [part.name for m in self.mechanisms for part in getattr(m, what)]
            _refuse_twins(names, f"{what} owned")
        _refuse_twins([*self.signals, *self.measures, *self.tally_names], "a result's name")
        check_parts(self)
        laid = [p for m in self.mechanisms for f in m.flows for p in self._lay(f)]
        object.__setattr__(self, "paths", tuple(p for p in laid if p.source != OUTSIDE))
        object.__setattr__(self, "departures", tuple(p for p in laid if p.source == OUTSIDE))
        self._check_ends()
        self._check_reads()
        check_tallies(self)

    @property
    def n_rows(self) -> int:
        """Length of the stock axis of the state (every place of every stock)."""
        return sum(len(s.places) for s in self.stocks)

    @property
    def row_names(self) -> list[str]:
        """Name of each row of the state: "stock" or "stock/place"."""
        return [f"{s.name}/{p}" if p else s.name for s in self.stocks for p in s.places]

    @property
    def gates(self) -> dict[str, Gate]:
        """Every gate by name."""
        return {g.name: g for m in self.mechanisms for g in m.gates}

    @property
    def signals(self) -> dict[str, Signal]:
        """Every signal by name."""
        return {s.name: s for m in self.mechanisms for s in m.signals}

    @property
    def measures(self) -> dict[str, Measure]:
        """Every measure by name."""
        return {x.name: x for m in self.mechanisms for x in m.measures}

    def shape(self, dims: Sequence[str]) -> tuple[int, ...]:
        """Lengths of the named axes."""
        return tuple(self.axes[d] for d in dims)

    def mechanism(self, name: str) -> Mechanism:
        """The mechanism of that name; CaudalError with the known names otherwise."""
        for made in self.mechanisms:
            if made.name == name:
                return made
        known = ", ".join(m.name for m in self.mechanisms)
        raise CaudalError("model", f"unknown mechanism {name!r}", known)

    def owners(self) -> dict[str, str]:
        """Which mechanism owns each flow, gate, signal, measure, weather and noise."""
        return {
            part.name: m.name
            for m in self.mechanisms
            for part in (*m.flows, *m.gates, *m.signals, *m.measures, *m.weather, *m.noise)
        }

    def _lay(self, flow: Flow) -> list[Path]:
        gates, found = self.gates, []

        def walk(target: str, branches: tuple[tuple[str, str], ...]) -> None:
            if target in gates:
                if len(branches) > len(gates):
                    raise CaudalError(f"flow {flow.name!r}", "gates lead in a circle", "a stock")
                for branch, onward in gates[target].branches.items():
                    walk(onward, (*branches, (target, branch)))
            elif target in self.rows:
                found.append(self._path(flow, branches, target))
            else:
                known = ", ".join([*self.rows, *gates])
                raise CaudalError(f"flow {flow.name!r}", f"unknown target {target!r}", known)

        if flow.source != OUTSIDE and flow.source not in self.rows:
            raise CaudalError(
                f"flow {flow.name!r}", f"unknown stock {flow.source!r}", ", ".join(self.rows)
            )
        walk(flow.target, ())
        return found

    def _path(self, flow: Flow, branches: tuple[tuple[str, str], ...], target: str) -> Path:
        there = np.arange(self.rows[target].start, self.rows[target].stop)
        if flow.source == OUTSIDE:
            return Path(flow.name, branches, OUTSIDE, target, np.full(len(there), -1), there)
        here = np.arange(self.rows[flow.source].start, self.rows[flow.source].stop)
        if flow.pairs is not None:
            fits = len(flow.pairs) == len(here) and all(0 <= i < len(there) for i in flow.pairs)
            if not fits:
                raise CaudalError(
                    f"flow {flow.name!r} field 'pairs'",
                    f"{flow.pairs}",
                    f"{len(here)} places of {target!r}, each from 0 to {len(there) - 1}",
                )
            there = there[np.asarray(flow.pairs)]
        elif len(here) != len(there):
            if 1 not in (len(here), len(there)):
                raise CaudalError(
                    f"flow {flow.name!r}",
                    f"{len(here)} places to {len(there)} places of {target!r}",
                    "equal numbers, one place at one end, or `pairs`",
                )
            size = max(len(here), len(there))
            here, there = np.resize(here, size), np.resize(there, size)
        return Path(flow.name, branches, flow.source, target, here, there, flow.regroup)

    def _check_ends(self) -> None:
        # what leads back to its own stock is no way in or out of it
        onward = [p for p in (*self.paths, *self.departures) if p.source != p.target]
        into = {p.target for p in onward}
        out = {p.source for p in onward}
        for stock in self.stocks:
            if stock.name not in into:
                raise CaudalError(f"stock {stock.name!r}", "no way in", "at least one flow into it")
            if not stock.final and stock.name not in out:
                raise CaudalError(
                    f"stock {stock.name!r}", "no way out", "a flow out of it, or final=True"
                )

    def _check_reads(self) -> None:
        for made in self.mechanisms:
            for name in made.reads:
                if name not in {*self.rows, *self.signals, *self.tally_names}:
                    raise CaudalError(
                        f"mechanism {made.name} field 'reads'",
                        f"unknown stock, signal or tally {name!r}",
                        ", ".join([*self.rows, *self.signals, *self.tally_names]),
                    )

    @property
    def tally_names(self) -> tuple[str, ...]:
        """Names of the monthly tallies."""
        return tuple(t.name for t in self.tallies)


def _refuse_twins(names: list[str], what: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise CaudalError("model", f"{what} twice: {name!r}", "one owner each")
