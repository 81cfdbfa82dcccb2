"""Whether what a claim's test names is there: series, columns, figures, policies, scenarios, constants.

Checked when a ledger is read, so that a fault is told with file, line and field before anything runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from caudal.ask.claims_figures import Figures
from caudal.ask.claims_quantity import Joined, Leaf, Published, Quantity
from caudal.ask.claims_schema import Claim, Entry
from caudal.ask.claims_tests import (
    CauseTest,
    CountedEvent,
    FigureTest,
    Outcome,
    PolicyEvent,
    TimingTest,
    TrendTest,
)
from caudal.ask.claims_time import Period
from caudal.compute.content import Corridor
from caudal.data.store import PERIODS, list_series, open_table
from caudal.errors import CaudalError
from caudal.policy.marks import Loc, Marks, nearest


class Shelf(Protocol):
    """Ledgers of a corridor (`corridor.claims`), and what their tests may name.

    folder      of the shipped ledgers
    remainders  series → columns in which a blank is a part like the others; elsewhere a blank is a
                total, or another breakdown of the same
    overlaps    series → columns of which a quantity must name the value
    variables   of a run: name → dimensions; labels: dimension → its labels
    """

    @property
    def folder(self) -> Path:
        """Where the shipped ledgers lie."""
        ...

    @property
    def remainders(self) -> Mapping[str, Sequence[str]]:
        """By series."""
        ...

    @property
    def overlaps(self) -> Mapping[str, Sequence[str]]:
        """By series."""
        ...

    @property
    def variables(self) -> Mapping[str, Sequence[str]]:
        """Dimensions by variable."""
        ...

    @property
    def labels(self) -> Mapping[str, Sequence[str]]:
        """Labels by dimension."""
        ...


class Names:
    """The names of one corridor, read once."""

    def __init__(self, corridor: Corridor) -> None:
        self.corridor: Any = corridor
        self.shelf: Shelf = corridor.claims
        self.figures = Figures(corridor)

    @cached_property
    def series(self) -> frozenset[str]:
        """Ids of the series that are tables of counts by time."""
        return frozenset(s for s in list_series() if not s.startswith(("geo.", "figures")))

    @cached_property
    def policies(self) -> frozenset[str]:
        """Ids of the policy documents."""
        return frozenset(d.id for d in self.corridor.law.documents)

    def check(self, entries: Iterable[Entry]) -> None:
        """Raise CaudalError, with file, line and field, for the first name that is not there."""
        for entry in entries:
            _Check(self, entry.marks).claim(entry.claim)


class _Check:
    """One claim's names, each with its place in the document."""

    def __init__(self, names: Names, marks: Marks) -> None:
        self.names, self.marks = names, marks

    def refuse(self, at: Loc, found: str, allowed: str) -> CaudalError:
        return CaudalError(self.marks.where(at), found, allowed)

    def claim(self, claim: Claim) -> None:
        test, at = claim.test, ("test",)
        if isinstance(test, CauseTest):
            self.cause(test)
        elif isinstance(test, TimingTest):
            for event, where in (
                (test.event, (*at, "event")),
                (test.says.before, (*at, "says", "before")),
                (test.says.after, (*at, "says", "after")),
            ):
                if isinstance(event, PolicyEvent):
                    self.known(event.policy, self.names.policies, (*where, "policy"), "policy")
                elif isinstance(event, CountedEvent):
                    within = {"within": event.within} if event.within else {}
                    self.quantity(event.quantity, (*where, "quantity"), within, where)
                    if any(not isinstance(q, Leaf) for q in _leaves(event.quantity)):
                        raise self.refuse((*where, "quantity"), "a single figure", "a series")
        elif isinstance(test, FigureTest | TrendTest):
            spans = ("period",) if isinstance(test, FigureTest) else ("before", "after")
            over = {name: getattr(test, name) for name in spans}
            self.quantity(test.quantity, (*at, "quantity"), over, at)
            for i, definition in enumerate(test.definitions):
                self.quantity(definition.quantity, (*at, "definitions", i, "quantity"), over, at)
            if isinstance(test, FigureTest) and test.bounds:
                self.quantity(test.bounds.low, (*at, "bounds", "low"), over, at)
                self.quantity(test.bounds.high, (*at, "bounds", "high"), over, at)
            if isinstance(test, TrendTest) and any(
                not isinstance(q, Leaf) for q in _leaves(test.quantity)
            ):
                raise self.refuse((*at, "quantity"), "a single figure over two periods", "a series")

    def known(self, name: str, known: Iterable[str], at: Loc, what: str) -> None:
        names = list(known)
        if name not in names:
            raise self.refuse(at, f"unknown {what} '{name}'", nearest(name, names))

    def quantity(self, quantity: Quantity, at: Loc, over: Mapping[str, Period], test: Loc) -> None:
        """A quantity at its place; `over`: the periods asked of it, fields of `test`."""
        if isinstance(quantity, Joined):
            for i, part in enumerate(quantity.parts):
                self.quantity(part, (*at, quantity.kind, i), over, test)
        elif isinstance(quantity, Leaf):
            self.leaf(quantity, at)
            grain = open_table(quantity.of).keys[0]
            for name, period in over.items():
                if not whole(period, grain):
                    found = f"{period.written} cuts a {grain.replace('_', ' ')} of '{quantity.of}'"
                    raise self.refuse((*test, name), found, f"whole {grain.replace('_', ' ')}s")
        elif isinstance(quantity, Published):
            fault = self.names.figures.fault(quantity)
            if fault:
                raise self.refuse((*at, "value"), *fault)

    def leaf(self, leaf: Leaf, at: Loc) -> None:
        self.known(leaf.of, self.names.series, (*at, "of"), "series")
        table = open_table(leaf.of)
        frame, time = table.reading.frame, table.keys[0]
        if time not in PERIODS:
            raise self.refuse((*at, "of"), f"'{leaf.of}' has no dates", "a series by time")
        for column, labels in leaf.where.items():
            self.known(column, table.keys[1:], (*at, "where", column), "column")
            have = set(map(str, frame[column].unique()))
            for label in labels:
                self.known(label, have, (*at, "where", column), column)
        for column in self.names.shelf.overlaps.get(leaf.of, ()):
            if len(leaf.where.get(column, ())) != 1:
                have = ", ".join(sorted(map(str, frame[column].unique())))
                raise self.refuse((*at, "where"), f"'{column}' open: its values overlap", have)
        values = [str(c) for c in frame.columns if c not in table.keys]
        if leaf.column is not None:
            self.known(leaf.column, values, (*at, "column"), "column of numbers")
        elif "people" not in values and len(values) > 1:
            raise self.refuse(
                at, f"'{leaf.of}' has several columns of numbers", f"column: {values}"
            )

    def cause(self, test: CauseTest) -> None:
        at: Loc = ("test",)
        try:
            scenario = self.names.corridor.scenario(test.without)
        except CaudalError as error:
            raise self.refuse((*at, "without"), error.found, error.allowed) from None
        if scenario.parameters:
            found = f"scenario '{test.without}' sets parameters"
            raise self.refuse((*at, "without"), found, "policies and drivers only")
        self.outcome(test.outcome, (*at, "outcome"))
        for i, name in enumerate(test.constants):
            self.known(name, self.names.corridor.priors, (*at, "constants", i), "constant")

    def outcome(self, outcome: Outcome, at: Loc) -> None:
        for kind in ("ratio", "difference", "sum"):
            for i, part in enumerate(getattr(outcome, kind) or ()):
                self.outcome(part, (*at, kind, i))
        if outcome.of is None:
            return
        shelf = self.names.shelf
        self.known(outcome.of, shelf.variables, (*at, "of"), "variable")
        dims = [d for d in shelf.variables[outcome.of] if d not in ("member", "month")]
        for dim, labels in outcome.where.items():
            self.known(dim, dims, (*at, "where", dim), "dimension")
            for label in labels:
                self.known(label, shelf.labels[dim], (*at, "where", dim), dim)


def whole(period: Period, grain: str) -> bool:
    """Whether a period is made of whole points of a series: months, years, fiscal years, days.

    >>> whole(Period.parsed("FY2023"), "month"), whole(Period.parsed("FY2023"), "year")
    (True, False)
    """
    first = {"month": {"%d": "01"}, "year": {"%m-%d": "01-01"}, "fiscal_year": {"%m-%d": "10-01"}}
    return all(
        f"{day:{form}}" == wanted
        for form, wanted in first.get(grain, {}).items()
        for day in (period.start, period.end)
    )


def _leaves(quantity: Quantity) -> Iterable[Any]:
    if isinstance(quantity, Joined):
        return [leaf for part in quantity.parts for leaf in _leaves(part)]
    return [quantity]
