"""The law as tables for a simulator: one row per stretch of days on which no lever changes.

`segment[d]` is the row of day d, `table[lever][segment[d]]` the lever's value by cell, triggers
off. While trigger T is on, `triggered[T][lever]` holds instead, for the levers that T touches; of
two triggers at most one touches a cell at a time.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from caudal.errors import CaudalError
from caudal.policy.documents import Document, Trigger
from caudal.policy.settle import ALL_KNOWN, LeverBook, Settled, trigger_id

if TYPE_CHECKING:
    from caudal.policy.law import Law


@dataclass(frozen=True)
class CompiledTrigger:
    """A trigger day by day; the simulator keeps its state (on or off, days below).

    id               document id and signal, `us-securing-the-border:us.…`
    signal           the signal it watches
    active           bool[days]: the trigger may act; where False it is off and forgets its state
    starts, ends     bool[days]: first day on which it may act, first day on which it no longer may
    on_at_or_above   float32[days], units of the signal; 0 where not active
    off_below        float32[days]; 0 where not active
    off_after_days   int32[days]: days in a row below `off_below` after which it is off; 0 likewise
    """

    id: str
    signal: str
    active: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    on_at_or_above: np.ndarray
    off_below: np.ndarray
    off_after_days: np.ndarray


@dataclass(frozen=True)
class CompiledLaw:
    """Every lever on every day of [start, end).

    segment    int32[days], row of each day in the tables
    table      lever → float32[n_segments, *dims], triggers off
    triggers   those that may act in the span, in order of id
    triggered  trigger id → lever → float32[n_segments, *dims], that trigger on
    """

    start: dt.date
    end: dt.date
    segment: np.ndarray
    table: dict[str, np.ndarray]
    triggers: tuple[CompiledTrigger, ...]
    triggered: dict[str, dict[str, np.ndarray]]

    @property
    def n_segments(self) -> int:
        """Rows of the tables."""
        return int(self.segment[-1]) + 1

    def value(self, lever_id: str, day: dt.date, on: str | None = None) -> np.ndarray:
        """The lever by cell on a day; with trigger `on` on, where it touches the lever."""
        row = self.segment[(day - self.start).days]
        tables = self.triggered.get(on, {}) if on else {}
        return tables.get(lever_id, self.table[lever_id])[row]


def compile_law(
    law: Law, start: dt.date, end: dt.date, lead_days: int | None = None
) -> CompiledLaw:
    """Tables of the law on each day of [start, end), all that is known being known.

    With `lead_days`, day t holds instead the law of t + lead_days by what was known on t.
    Raises CaudalError for an empty span or where two triggers touch one cell at one time.
    """
    n_days = (end - start).days
    if n_days < 1:
        raise CaudalError("dates", f"end {end} not after start {start}", f"an end after {start}")
    span = _Span(start, n_days, dt.timedelta(days=lead_days or 0), lead_days is not None)

    def rows_of(book: LeverBook) -> dict[int, Settled]:
        """Days (counted from start) on which the lever may change, with its value from then."""
        return {d: book.settle(*span.asked(d)) for d in span.changes(book)}

    by_lever = {lever: rows_of(law.book(lever)) for lever in law.levers}
    firsts = np.array(sorted({d for rows in by_lever.values() for d in rows}), np.int32)
    segment = np.searchsorted(firsts, np.arange(n_days), side="right").astype(np.int32) - 1
    table: dict[str, np.ndarray] = {}
    triggered: dict[str, dict[str, np.ndarray]] = {}
    for lever, rows in by_lever.items():
        at = np.searchsorted(sorted(rows), firsts, side="right") - 1
        settled = list(rows.values())
        table[lever] = np.stack([settled[i].base for i in at])
        for name in sorted({name for s in settled for name in s.triggered}):
            pairs = (settled[i] for i in at)
            triggered.setdefault(name, {})[lever] = np.stack(
                [s.triggered.get(name, s.base) for s in pairs]
            )
    return CompiledLaw(start, end, segment, table, _triggers(law, span), triggered)


@dataclass(frozen=True)
class _Span:
    """Which days are asked for, and what is known on each of them."""

    start: dt.date
    n_days: int
    lead: dt.timedelta
    by_what_is_known: bool

    def asked(self, d: int) -> tuple[dt.date, dt.date]:
        """For day d of the span: the day of the law, and the day of the knowledge."""
        today = self.start + dt.timedelta(days=d)
        return today + self.lead, today if self.by_what_is_known else ALL_KNOWN

    def changes(self, book: LeverBook) -> list[int]:
        """Days of the span, the first included, on which the lever may change."""
        days = {(day - self.lead - self.start).days for day in book.days()}
        if self.by_what_is_known:
            days |= {(day - self.start).days for day in book.known_days()}
        return sorted({0, *(d for d in days if 0 < d < self.n_days)})


def _triggers(law: Law, span: _Span) -> tuple[CompiledTrigger, ...]:
    found: dict[str, CompiledTrigger] = {}
    for document in law.documents:
        signals = {e.trigger.signal for _, _, e in document.entries() if e.trigger}
        for signal in sorted(signals):
            compiled = _trigger(law, document, signal, span)
            if compiled.active.any():
                found[compiled.id] = compiled
    return tuple(found[name] for name in sorted(found))


def _trigger(law: Law, document: Document, signal: str, span: _Span) -> CompiledTrigger:
    active = np.zeros(span.n_days, bool)
    on, off = np.zeros(span.n_days, np.float32), np.zeros(span.n_days, np.float32)
    after = np.zeros(span.n_days, np.int32)
    for lever in document.design:
        book = law.book(lever)
        changes = span.changes(book)
        for first, last in zip(changes, [*changes[1:], span.n_days], strict=True):
            for rule in _rules(book, document, signal, *span.asked(first)):
                terms = np.array([rule.on_at_or_above, rule.off_below, rule.off_after_days])
                here = slice(first, last)
                others = np.stack([on[here], off[here], after[here]])[:, active[here]]
                if (others != terms.astype(np.float32)[:, None]).any():
                    where = law.marks(document.id).where(("design", lever))
                    day = span.asked(first)[0]
                    text = f"two thresholds on '{signal}' after {day} in '{document.id}'"
                    raise CaudalError(where, text, "one rule per signal and day")
                active[here] = True
                on[here], off[here], after[here] = terms
    before = np.concatenate([[False], active[:-1]])
    name = trigger_id(document.id, signal)
    return CompiledTrigger(name, signal, active, active & ~before, before & ~active, on, off, after)


def _rules(
    book: LeverBook, document: Document, signal: str, day: dt.date, known: dt.date
) -> list[Trigger]:
    index = set(np.unique(book.governing(document.id, day, known)).tolist())
    entries = [s.entry for s in book.steps.get(document.id, ()) if s.index in index]
    return [e.trigger for e in entries if e.trigger and e.trigger.signal == signal]
