"""Claims: who said what of a corridor, judged by written rules (docs/claims.md).

    entries = ledger(corridor)                    # the shipped ledgers, or folders of your own
    verdicts = check(corridor, entries)           # every claim, causes run and kept
    verdicts = check(corridor, entries, known=day)        # by what was public on a day

What a verdict says in words is `caudal.report.claims_words`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from caudal.ask import claims_rules as rules
from caudal.ask.claims_cause import Progress, Runs, runs
from caudal.ask.claims_counts import Counts, Measured, Missing, Used
from caudal.ask.claims_events import found_event, happened
from caudal.ask.claims_names import Names
from caudal.ask.claims_rules import Ruling, unknown
from caudal.ask.claims_schema import Entry, read_ledgers
from caudal.ask.claims_tests import CauseTest, FigureTest, TimingTest, TrendTest
from caudal.ask.claims_time import Period
from caudal.compute import cache
from caudal.compute.engines import Workers
from caudal.compute.posterior import load

MEMBERS = 96
"""Draws for causes: the standard error of a share of 0.9 is 0.03."""


@dataclass(frozen=True)
class Shown:
    """One number of the evidence.

    role    quantity, definition, before, after, event, other, low, high, was, without, effect, chance,
            constant; and where the weather's jumps make a difference without_calm, effect_calm,
            chance_calm, without them
    name    of a definition (by language), a constant or a policy; "" else
    value   NaN where there is none; a timing's stands in `period`
    holds   whether this reading agrees, where it was judged alone
    low, high   90 % of draws, where it is of runs
    """

    role: str
    value: float
    period: str = ""
    name: Mapping[str, str] | str = ""
    used: tuple[Used, ...] = ()
    missing: str | None = None
    holds: bool | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Verdict:
    """What the rules say of one claim.

    off    how far what is said lies from the counts (`claims_rules.Ruling`)
    under  the name of the reading that decided, by language; None: the claim's own words
    known  the day by whose counts it was judged; None: all counts
    """

    entry: Entry
    answer: rules.Answer
    reason: rules.Reason | None = None
    off: float | None = None
    under: Mapping[str, str] | None = None
    evidence: tuple[Shown, ...] = ()
    known: dt.date | None = None

    @property
    def id(self) -> str:
        """The claim's id."""
        return self.entry.id

    def as_dict(self) -> dict[str, Any]:
        """As `caudal claims check --json` prints it."""
        document, claim = self.entry.document, self.entry.claim
        return {
            "id": claim.id,
            "document": document.id,
            "outlet": document.outlet,
            "source": f"{document.outlet}, {document.published}",
            "kind": claim.kind,
            "verdict": self.answer,
            "reason": self.reason,
            "off": self.off,
            "under": self.under,
            "known": self.known,
            "evidence": [asdict(shown) for shown in self.evidence],
        }


def ledger(corridor: Any, folders: Sequence[Path] = ()) -> tuple[Entry, ...]:
    """The claims of the shipped ledgers, or of folders (or files) of your own; names checked.

    Raises CaudalError with file, line, field and remedy for the first fault.
    """
    entries = read_ledgers(list(folders) or [corridor.claims.folder])
    Names(corridor).check(entries)
    return entries


def check(
    corridor: Any,
    entries: Sequence[Entry],
    *,
    known: dt.date | None = None,
    members: int = MEMBERS,
    workers: Workers = 2,
    keep: bool = True,
    progress: Progress | None = None,
) -> list[Verdict]:
    """Every claim's verdict, in order.

    known     only what was public on that day; causes are then not judged
    members   draws for causes; keep: their runs in the user's cache folder
    workers   how many, or an engine; nothing but the time depends on it
    progress  called with (steps done, steps in all) while runs last
    """
    made: dict[str, Runs] = {}
    if known is None:
        work = cache.folder() / "claims" if keep else None
        made = runs(
            corridor, entries, members=members, work=work, workers=workers, progress=progress
        )
    return judge(corridor, entries, Counts(corridor, known), made)


def judge(
    corridor: Any, entries: Sequence[Entry], counts: Counts, made: Mapping[str, Runs]
) -> list[Verdict]:
    """Verdicts from counts and runs at hand; `check` gets both.

    made  the runs of causes by claim; one without is not judged (no run on that day)
    """
    learned: Mapping[str, Any] = {}
    if any(isinstance(e.claim.test, CauseTest) for e in entries):
        learned = load(corridor.posterior).about.get("constants", {})
    return [verdict(corridor, e, counts, made.get(e.id), learned) for e in entries]


def verdict(
    corridor: Any,
    entry: Entry,
    counts: Counts,
    made: Runs | None = None,
    learned: Mapping[str, Mapping[str, float]] | None = None,
) -> Verdict:
    """One claim's verdict.

    counts  as known on a day (`Counts(corridor, day)`); made: the runs of a cause
    learned what the counts did to each constant (`claims_rules.contraction_of`)
    """
    test = entry.claim.test
    under: Mapping[str, str] | None = None
    shown: Sequence[Shown] = ()
    if test is None:
        untold = entry.claim.kind in ("opinion", "definition")
        ruling = Ruling("not testable") if untold else unknown("nothing counted")
    elif isinstance(test, FigureTest):
        ruling, under, shown = _figure(test, counts)
    elif isinstance(test, TrendTest):
        ruling, under, shown = _trend(test, counts)
    elif isinstance(test, TimingTest):
        ruling, shown = _timing(test, counts, corridor.law)
    elif made is None:
        ruling = unknown("no run on that day")
    else:
        ruling, shown = _cause(test, made, learned or {})
    return Verdict(
        entry, ruling.answer, ruling.reason, ruling.off, under, tuple(shown), counts.known
    )


Judged = tuple[Ruling, Mapping[str, str] | None, list[Shown]]


def _figure(test: FigureTest, counts: Counts) -> Judged:
    readings = [
        (None, test.quantity),
        *((d.name.model_dump(), d.quantity) for d in test.definitions),
    ]
    rulings, shown = [], []
    for name, quantity in readings:
        found = counts.value(quantity, test.period)
        bounded = test.bounds if name is None else None
        if bounded:
            ruling = None
        elif found.missing:
            ruling = unknown(found.missing)
        else:
            ruling = rules.figure(found.value, test.says)
        role = "quantity" if name is None else "definition"
        shown.append(_shown(role, found, test.period, name or "", ruling))
        if bounded:
            low, high = (counts.value(q, test.period) for q in (bounded.low, bounded.high))
            missing = low.missing or high.missing
            ruling = (
                unknown(missing) if missing else rules.bounded(low.value, high.value, test.says)
            )
            shown += [_shown("low", low, test.period), _shown("high", high, test.period)]
        assert ruling is not None
        rulings.append(ruling)
    at = rules.best(rulings)
    return rulings[at], readings[at][0], shown


def _trend(test: TrendTest, counts: Counts) -> Judged:
    readings = [
        (None, test.quantity),
        *((d.name.model_dump(), d.quantity) for d in test.definitions),
    ]
    monthly = abs(test.before.months - test.after.months) > 1e-9
    rulings, shown = [], []
    for name, quantity in readings:
        before = counts.value(quantity, test.before, monthly)
        after = counts.value(quantity, test.after, monthly)
        missing = before.missing or after.missing
        ruling = unknown(missing) if missing else rules.trend(before.value, after.value, test.says)
        rulings.append(ruling)
        shown += [
            _shown("before", before, test.before, name or "", ruling),
            _shown("after", after, test.after, name or "", ruling),
        ]
    at = rules.best(rulings)
    return rulings[at], readings[at][0], shown


def _timing(test: TimingTest, counts: Counts, law: Any) -> tuple[Ruling, list[Shown]]:
    other = test.says.before or test.says.after
    found = [found_event(e, counts, law) for e in ((test.event, other) if other else (test.event,))]
    shown = [
        Shown(role, f.value, happened(f), f.name, f.used, f.missing)
        for role, f in zip(("event", "other"), found, strict=False)
    ]
    missing: Missing | None = next((f.missing for f in found if f.missing), None)
    if missing:
        return unknown(missing), shown
    return rules.timing(found[0].when, test.says, found[1].when if other else None), shown


def _cause(
    test: CauseTest, made: Runs, learned: Mapping[str, Mapping[str, float]]
) -> tuple[Ruling, list[Shown]]:
    was, shown, chances = made.was, [_drawn("was", made.was, test.period)], []
    for kind, without in (("", made.without), ("_calm", made.calm)):
        chances.append(rules.probability(was, without, test.says))
        if kind and np.array_equal(without, made.without):
            break  # no jumps: both weathers are one
        shown += [
            _drawn(f"without{kind}", without, test.period),
            _drawn(f"effect{kind}", was - without, test.period),
            Shown(f"chance{kind}", chances[-1], test.period.written),
        ]
    shrunk = rules.contraction_of(test.constants, learned)
    ruling = rules.cause(chances, float(np.mean(list(shrunk.values()))))
    shown += [Shown("constant", value, name=name) for name, value in shrunk.items()]
    return ruling, shown


def _drawn(role: str, draws: np.ndarray, period: Period) -> Shown:
    low, middle, high = (float(q) for q in np.quantile(draws, [0.05, 0.5, 0.95]))
    return Shown(role, middle, period.written, low=low, high=high)


def _shown(
    role: str,
    found: Measured,
    period: Period,
    name: Mapping[str, str] | str = "",
    ruling: Ruling | None = None,
) -> Shown:
    judged = ruling is not None and ruling.answer in ("matches", "differs")
    holds = ruling.answer == "matches" if ruling is not None and judged else None
    return Shown(role, found.value, period.written, name, found.used, found.missing, holds)
