"""The counted months of draws, run once: where each draw stood on some days, and its results.

Until the last count member m is draw m modulo the draws, so what was run for a draw serves all of its
members. A `Past` is one chunk of draws; `Pasts` are those of all draws that somebody needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from caudal.compute.chunks import first_members, picked, side_by_side
from caudal.engine.graph import Model
from caudal.engine.simulate import Months, State


@dataclass(frozen=True)
class Past:
    """A chunk of draws through the counted months, or up to where it was wanted.

    draws   their numbers (draw,); arrays may hold more members, which fill the chunk up
    states  where they stood, day after day, the last at the end
    arrived people counted in each row of the state over the reported months (row, draw): of final
            stocks, who has ended there since
    months  the results of all months, from the first on; None: only states are known
    """

    draws: np.ndarray
    states: Sequence[State]
    arrived: np.ndarray
    months: Months | None

    @classmethod
    def of(
        cls, draws: np.ndarray, states: Sequence[State], months: Months, unreported: int
    ) -> Past:
        """From all of its months, the first so many of which are not reported."""
        arrived = months.people[unreported:].sum(0, dtype=np.float64)
        return cls(draws, states, arrived[..., : len(draws)], months)

    def end(self) -> Past:
        """Where they stand at last, without results."""
        return Past(self.draws, self.states[-1:], self.arrived, None)


@dataclass(frozen=True)
class Pasts:
    """The pasts of several chunks of draws."""

    parts: Sequence[Past]

    def end(self, draws: np.ndarray) -> State:
        """Where these draws stand at last, in this order."""
        return picked([one.states[-1] for one in self.parts], self._at(draws))

    def arrived(self, draws: np.ndarray) -> np.ndarray:
        """`Past.arrived` of these draws, in this order (row, draw)."""
        return np.stack([self.parts[i].arrived[..., j] for i, j in self._at(draws)], -1)

    def ends(self) -> Pasts:
        """Where the draws stand at last, and nothing else."""
        return Pasts([one.end() for one in self.parts])

    def months(self) -> Months | None:
        """The results of all draws, in the order of the parts; None where only states are known."""
        told = [
            first_members(one.months, len(one.draws))
            for one in self.parts
            if one.months is not None
        ]
        return side_by_side(told) if len(told) == len(self.parts) else None

    def taken(
        self, draws: np.ndarray, day: int, first: int, last: int
    ) -> tuple[State, Months] | None:
        """Where these draws stood on a day, and their results of months [first, last).

        None where the day or one of the draws is not there, or only states are known.
        """
        try:
            at = self._at(draws)
        except KeyError:
            return None
        used = sorted({part for part, _ in at})
        states, months = [], []
        for part in used:
            one = self.parts[part]
            there = [state for state in one.states if state.day == day]
            if not there or one.months is None:
                return None
            states += there
            lanes = [place for p, place in at if p == part]
            months.append(one.months.changed(lambda v, i=lanes: v[first:last][..., i]))
        order = [i for part in used for i, (p, _) in enumerate(at) if p == part]
        back = np.argsort(order, kind="stable")
        beside = side_by_side(months).changed(lambda v: v[..., back])
        beside.first = first
        return picked(states, [(used.index(p), i) for p, i in at]), beside

    def _at(self, draws: np.ndarray) -> list[tuple[int, int]]:
        """The part of each draw and the place in it. Raises KeyError for one that is not there."""
        at = {int(d): (i, j) for i, one in enumerate(self.parts) for j, d in enumerate(one.draws)}
        return [at[int(draw)] for draw in draws]


def since_reported(model: Model, ahead: Months, arrived: np.ndarray) -> Months:
    """Members' months after the last count as a corridor's `dataset` wants them.

    Who ended in a final stock before them, since the first reported month, ends with the first of them.
    arrived  of the members' draws, (row, member)
    """
    final = np.array([s.final for s in model.stocks for _ in s.places])[:, None]
    people = ahead.people.astype(np.float64)
    people[0] += np.where(final, arrived, 0.0)
    return replace(ahead, people=people)
