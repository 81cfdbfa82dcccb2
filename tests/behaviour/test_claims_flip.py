"""The flip test: data that were other would give another verdict, for every claim that is tested.

Scaled: the first series or figure of every reading (all together, then one by one, then each by a
factor of its own), of a trend only the later period, of bounds both ends. Moved in time: the series or
the policy of an event. For causes the difference of the runs, with constants that the counts have
moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain, product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from caudal.ask import claims_rules as rules
from caudal.ask.claims import Verdict, ledger, verdict
from caudal.ask.claims_cause import Runs, runs
from caudal.ask.claims_counts import Counts, Measured, Path
from caudal.ask.claims_quantity import Leaf, Published, Quantity, Stated, leaves
from caudal.ask.claims_schema import Entry
from caudal.ask.claims_tests import CauseTest, FigureTest, PolicyEvent, TimingTest, TrendTest
from caudal.corridor import corridor

pytestmark = pytest.mark.behaviour

HERE = corridor()
ENTRIES = [e for e in ledger(HERE) if e.claim.test is not None]
CAUSES = [e for e in ENTRIES if isinstance(e.claim.test, CauseTest)]
COUNTED = [e for e in ENTRIES if e not in CAUSES]
PLAIN = Counts(HERE)
WIDE = 1.03 ** np.arange(1, 400)
FACTORS = tuple(chain.from_iterable((f, 1 / f) for f in WIDE))


class Bent(Counts):
    """Counts of a world in which some numbers were other, each by its factor."""

    def __init__(
        self, chosen: Sequence[Quantity], factors: Sequence[float] = (), since: Any = None
    ) -> None:
        super().__init__(HERE, figures=PLAIN.figures)
        self.chosen, self.since, self.shift = list(chosen), since, 0
        self.factors = factors or [1.0] * len(self.chosen)

    def series(self, leaf: Leaf) -> Path:
        path = super().series(leaf)
        if leaf not in self.chosen:
            return path
        later = np.ones(len(path.values), bool)
        if self.since is not None:
            later = path.starts >= np.datetime64(self.since)
        factor = self.factors[self.chosen.index(leaf)]
        values = np.where(later, path.values * factor, path.values)
        return replace(path, values=np.roll(values, self.shift))

    def published(self, quantity: Published) -> Measured:
        return self._bent(quantity, super().published(quantity))

    def stated(self, quantity: Stated) -> Measured:
        return self._bent(quantity, super().stated(quantity))

    def _bent(self, quantity: Quantity, found: Measured) -> Measured:
        if quantity not in self.chosen:
            return found
        return replace(found, value=found.value * self.factors[self.chosen.index(quantity)])


class Moved:
    """A law in which one policy came some days earlier or later."""

    def __init__(self, policy: str, days: int) -> None:
        self.policy, self.by = policy, timedelta(days)

    def __getitem__(self, name: str) -> Any:
        document = HERE.law[name]
        if name != self.policy:
            return document
        entries = [
            (lever, i, e.model_copy(update={
                "from_": e.from_ and e.from_ + self.by, "until": e.until and e.until + self.by,
                "ended": e.ended and e.ended + self.by, "known_on": e.known_on + self.by,
            }))
            for lever, i, e in document.entries()
        ]  # fmt: skip
        return SimpleNamespace(id=name, sources={}, entries=lambda: entries)


def others(entry: Entry) -> Iterator[Verdict]:
    """The claim's verdict in worlds that are ever farther from this one."""
    test = entry.claim.test
    if isinstance(test, TimingTest):
        yield from moved(entry, test)
        return
    assert isinstance(test, FigureTest | TrendTest)
    readings = [test.quantity, *(d.quantity for d in test.definitions)]
    if isinstance(test, FigureTest) and test.bounds:
        readings += [test.bounds.low, test.bounds.high]
    firsts = [leaves(reading)[0] for reading in readings]
    every = [leaf for reading in readings for leaf in leaves(reading)]
    since = test.after.start if isinstance(test, TrendTest) else None
    sets = [firsts, *([leaf] for leaf in every)]
    for chosen, factor in product(sets, (0.0, 1e4)):
        yield verdict(HERE, entry, Bent(chosen, [factor] * len(chosen), since))
    # Readings of which one matches must fail together, which may need numbers to move apart
    rng = np.random.default_rng(11)
    for _ in range(300):
        apart = np.exp(2.0 * rng.standard_normal(len(every))).tolist()
        yield verdict(HERE, entry, Bent(every, apart, since))
    for chosen, factor in product(sets, FACTORS):
        yield verdict(HERE, entry, Bent(chosen, [factor] * len(chosen), since))


def moved(entry: Entry, test: TimingTest) -> Iterator[Verdict]:
    for days in range(1, 1500):
        for by in (days, -days):
            if isinstance(test.event, PolicyEvent):
                law: Any = SimpleNamespace(law=Moved(test.event.policy, by))
                yield verdict(law, entry, PLAIN)
            elif days < 60:
                bent = Bent(leaves(test.event.quantity))
                bent.shift = by
                yield verdict(HERE, entry, bent)


@pytest.mark.parametrize("entry", COUNTED, ids=[e.id for e in COUNTED])
def test_other_counts_give_another_verdict(entry: Entry) -> None:
    as_it_is = verdict(HERE, entry, PLAIN)
    assert as_it_is.reason not in ("nothing counted", "not yet counted"), (
        "a test that reads nothing"
    )
    assert any(other.answer != as_it_is.answer for other in others(entry))


def both_ways(entry: Entry, made: Runs) -> None:
    """Scaled far enough either way, both differences make the cause supported, and not supported.

    Where the second weather's alone is scaled, the two disagree.
    """
    test = entry.claim.test
    assert isinstance(test, CauseTest)
    moved = {name: {"sd": 0.1} for name in test.constants}
    scales = (0.0, *(s * 2.0**i for i in range(-4, 24) for s in (1, -1)))

    def told(inferred: float, calm: float) -> Verdict:
        less = [a * (made.was - b) for a, b in ((inferred, made.without), (calm, made.calm))]
        bent = Runs(made.was, *(np.maximum(made.was - d, 1e-9) for d in less))
        return verdict(HERE, entry, PLAIN, bent, moved)

    found = {told(k, k).answer: k for k in scales}
    assert {"supported", "not supported"} <= set(found)
    apart = told(found["supported"], found["not supported"])
    assert (apart.answer, apart.reason) == ("not identifiable", "weathers disagree")
    unmoved = {name: {"sd": 1.0} for name in test.constants}
    prior = verdict(HERE, entry, PLAIN, made, unmoved)
    assert (prior.answer, prior.reason) == ("not identifiable", "rests on priors")


@pytest.mark.parametrize("entry", CAUSES, ids=[e.id for e in CAUSES])
def test_other_runs_give_another_verdict(entry: Entry) -> None:
    rng = np.random.default_rng(7)
    without = 1000 * np.exp(0.1 * rng.standard_normal(16))
    both_ways(entry, Runs(without * 1.02, without, without * 0.99))


@pytest.mark.gate
@pytest.mark.slow
def test_every_scenario_does_something_to_what_it_is_asked_of() -> None:
    """With the real runs: scaled, they flip too; and the thresholds are those of the rules."""
    made = runs(HERE, CAUSES, members=4)
    assert set(made) == {e.id for e in CAUSES}
    for entry in CAUSES:
        was, *arms = made[entry.id]
        says = entry.claim.test.says  # type: ignore[union-attr]
        for without in arms:
            assert np.abs(was - without).max() > 0, entry.id
            assert 0.0 <= rules.probability(was, without, says) <= 1.0
