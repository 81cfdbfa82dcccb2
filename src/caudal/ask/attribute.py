"""Attribution: people by which each factor explains the change of an outcome between two dates.

With y an outcome's mean month over a period, and S the factors that move (all others are held at
their value on the first date, from then on),

    v(S) = y(last period | S) − y(first period | S)

The change of the model, v(all), is laid out as

    under way        v with everything held: journeys begun, waits, memories, chance
    everything else  what v(none of the factors) adds to it: paths that belong to no factor asked for
    each factor      its Shapley value: what it adds when it joins, over all orders of joining
    misfit           the published change less the model's

which sums, draw by draw, to the published change. Every run shares the draw's constants, weather and
chance, and forks from the history on the first date. Where nobody publishes the outcome, there is no
misfit and the change is the model's.

Not in any interval: what the model's form gets wrong, and how far weather was credited with what a
factor did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import NamedTuple, Protocol

import numpy as np
import xarray as xr

from caudal.ask.factors import Hold, Player, together
from caudal.ask.held import Key, Start, by_month, changes, forcing_key, held_forcing
from caudal.ask.shapley import MOST_EXACT, Shares, coalitions, exact, orders, sampled
from caudal.compute.chunks import CHUNK
from caudal.compute.content import Corridor
from caudal.compute.engines import Engine, Workers, engine_of, in_order
from caudal.compute.engines.work import Kept, Progress, Tick
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.fork import History
from caudal.compute.posterior import Posterior
from caudal.compute.run import joined, months_between
from caudal.engine.simulate import Forcing
from caudal.errors import CaudalError

Period = tuple[date, date]
"""Whole months, [first day, first day after)."""
EVERYTHING = -1
"""The number of the coalition in which everything is held, what is no factor, too."""
PAIRS = 12
"""Orders that are sampled, each with its reverse, where there are more than eight factors."""


class Outcome(Protocol):
    """What is explained: a number a month, read from a run's Dataset."""

    @property
    def id(self) -> str:
        """Its name."""
        ...

    def draws(self, ds: xr.Dataset) -> np.ndarray:
        """Values (member, month)."""
        ...


@dataclass(frozen=True)
class Asked:
    """A question: the change of an outcome from a period to a later one, and the factors asked for.

    rest      what belongs to no factor asked for
    observed  published value by month of those that were counted
    """

    outcome: Outcome
    first: Period
    last: Period
    players: Sequence[Player]
    rest: Hold
    observed: Mapping[date, float]


@dataclass(frozen=True)
class Attribution:
    """The answer, by draw; arrays (member,) or (player, member), outcome's unit per month.

    before, after  the model's outcome in both periods
    underway, rest  as above; shares: of the players, in the question's order
    counted        published means of both periods; None where a month was not counted
    runs           how many courses each chunk of members was run through
    exact          whether all coalitions were run, or orders of joining sampled
    """

    asked: Asked
    before: np.ndarray
    after: np.ndarray
    underway: np.ndarray
    rest: np.ndarray
    shares: Shares
    counted: tuple[float, float] | None
    runs: int
    exact: bool

    @property
    def modelled(self) -> np.ndarray:
        """The model's change."""
        return self.after - self.before

    @property
    def misfit(self) -> np.ndarray | None:
        """The published change less the model's; None where nobody publishes the outcome."""
        if self.counted is None:
            return None
        return self.counted[1] - self.counted[0] - self.modelled


def run(
    corridor: Corridor,
    posterior: Posterior,
    asked: Asked,
    *,
    members: int,
    workers: Workers = 2,
    seed: int = 0,
    progress: Progress | None = None,
) -> Attribution:
    """Run the coalitions under the first `members` draws.

    seed     of the orders of joining, where they are sampled
    workers  how many, or an engine; nothing but the time depends on it

    Raises CaudalError for more members than draws, and for periods that do not follow one another
    or are not inside the months that were learned from.
    """
    if not 2 <= members <= posterior.draws:
        raise CaudalError("--members", str(members), f"2 to {posterior.draws}")
    check_periods(corridor, posterior, asked)
    posterior, _ = posterior.completed(corridor.priors)
    outside = forcing(corridor, corridor.law, asked.last[1])
    day = (asked.first[0] - corridor.begins).days
    parts = [np.arange(i, min(i + CHUNK, members)) for i in range(0, members, CHUNK)]
    courses = Courses(corridor, posterior, asked, outside, day, tuple(parts))
    moving = [i for i, player in enumerate(asked.players) if courses.moves(player.hold)]
    all_run = len(moving) <= MOST_EXACT
    joins = [] if all_run else orders(len(moving), PAIRS, seed)
    masks = list(range(1 << len(moving))) if all_run else coalitions(len(moving), joins)
    courses = replace(courses, moving=tuple(moving))
    values = courses.values(engine_of(workers), [EVERYTHING, *masks], progress)
    both = {mask: after - before for mask, (before, after) in values.items()}
    shares = exact(np.stack([both[mask] for mask in masks])) if all_run else sampled(both, joins)
    before, after = values[masks[-1]]
    return Attribution(
        asked, before, after, both[EVERYTHING], both[0] - both[EVERYTHING],
        _spread(shares, moving, len(asked.players), members), _counted(asked), len(values), all_run,
    )  # fmt: skip


class Ready(NamedTuple):
    """What a process keeps: by chunk its history and where courses part; forcings by their key."""

    histories: Kept[int, tuple[History, Start]]
    forcings: Kept[Key, Forcing]


_COMPILING = Lock()


@dataclass(frozen=True)
class Courses:
    """What the outcome is in both periods under each coalition, chunk by chunk of members.

    day     of the first date, since the corridor begins; parts: the members of each chunk
    moving  numbers of the players whose paths move; a coalition is a mask of them
    """

    corridor: Corridor
    posterior: Posterior
    asked: Asked
    outside: Forcing
    day: int
    parts: tuple[np.ndarray, ...]
    moving: tuple[int, ...] = ()

    @property
    def month(self) -> int:
        """The first date's month, since the corridor begins."""
        return months_between(self.corridor.begins, self.asked.first[0])

    def moves(self, hold: Hold) -> bool:
        """Whether a factor's paths move between the two dates, in any draw."""
        last = self.outside.days
        return any(
            changes(self.outside, self.posterior.past(self.corridor, part), hold, self.day,
                    self.month, last)
            for part in self.parts
        )  # fmt: skip

    def values(
        self, engine: Engine, masks: Sequence[int], progress: Progress | None
    ) -> dict[int, tuple[np.ndarray, np.ndarray]]:
        """By coalition, the outcome in the first and in the last period, (member,) each."""
        # coalitions that share a forcing follow one another: few are laid out for the engine at a time
        in_turn = sorted(masks, key=lambda mask: forcing_key(self.hold(mask)))
        items = [(mask, i) for mask in in_turn for i in range(len(self.parts))]
        found = dict(zip(items, in_order(engine.map(self, items, progress=progress)), strict=True))
        out = {}
        for mask in masks:
            before, after = np.concatenate([found[mask, i] for i in range(len(self.parts))], 1)
            out[mask] = (before, after)
        return out

    def ready(self) -> Ready:
        """Histories up to the first date, by chunk; forcings by what they hold, two at most."""
        by_month(self.corridor.model)
        return Ready(Kept(len(self.parts), self._played), Kept(2, self._laid_out))

    def one(self, ready: Ready, item: tuple[int, int], tick: Tick) -> np.ndarray:
        """The outcome of a chunk under a coalition in the first and last period, (2, member)."""
        mask, i = item
        history, start = ready.histories[i]
        hold = self.hold(mask)
        course = ready.forcings[forcing_key(hold)]
        months = start.run(course, hold, course.days)
        before = history.parts[: history.stops.index(self.day) + 1]
        ds = history.dataset(joined([*before, months]), self.asked.first[0])
        by_month, begins = self.asked.outcome.draws(ds), self.asked.first[0]
        return np.stack(
            [
                by_month[:, months_between(begins, a) : months_between(begins, b)].mean(1)
                for a, b in (self.asked.first, self.asked.last)
            ]
        )

    def _played(self, i: int) -> tuple[History, Start]:
        history = History(
            self.corridor, self.posterior, self.outside, self.parts[i], stops=(self.day,)
        )
        history.warm()
        history.play()
        state = history.states[history.stops.index(self.day) + 1]
        start = Start(
            by_month(self.corridor.model), history.chunk, state, self.day, self.month,
            self.posterior.seed,
        )  # fmt: skip
        with _COMPILING:
            start.engine.advance(state, start.chunk, self.outside, self.day + 1, start.seed)
        return history, start

    def _laid_out(self, key: Key) -> Forcing:
        """A held forcing, its blocks made before threads would each do it at the same time."""
        levers, announced, drivers = key
        hold = Hold(levers=frozenset(levers), announced=announced, drivers=dict(drivers))
        course = held_forcing(self.outside, hold, self.day)
        size = by_month(self.corridor.model).months
        for block in range(self.month // size * size, len(course.months), size):
            course.block(block, size)
        return course

    def hold(self, mask: int) -> Hold:
        """What is held while those of a coalition move."""
        if mask == EVERYTHING:
            return together([self.asked.rest, *(p.hold for p in self.asked.players)])
        off = [i for n, i in enumerate(self.moving) if not mask >> n & 1]
        return together(self.asked.players[i].hold for i in off)


def check_periods(corridor: Corridor, posterior: Posterior, asked: Asked) -> None:
    """Refuse periods that overlap, run backwards or lie outside the months that were counted."""
    counted = month_ends(corridor.begins, posterior.months)[-1]
    newest = month_ends(corridor.begins, posterior.months - 1)[-1]
    span = f"{corridor.reports_from:%Y-%m} to {newest:%Y-%m}"
    for option, (begins, ends) in (("--from", asked.first), ("--to", asked.last)):
        if begins < corridor.reports_from or ends > counted:
            raise CaudalError(option, f"{told(begins, ends)} is outside the counted months", span)
    if asked.last[0] < asked.first[1]:
        found = f"{told(*asked.last)} is not after {told(*asked.first)}"
        raise CaudalError("--to", found, "a later month")


def told(begins: date, ends: date) -> str:
    """A period as it is asked for: 2020-11, or 2020-10..2020-12."""
    last = month_ends(begins, months_between(begins, ends) - 1)[-1:] or [begins]
    return f"{begins:%Y-%m}" if last[0] == begins else f"{begins:%Y-%m}..{last[0]:%Y-%m}"


def _counted(asked: Asked) -> tuple[float, float] | None:
    means = []
    for begins, ends in (asked.first, asked.last):
        months = [begins, *month_ends(begins, months_between(begins, ends) - 1)]
        if any(month not in asked.observed for month in months):
            return None
        means.append(float(np.mean([asked.observed[month] for month in months])))
    return means[0], means[1]


def _spread(shares: Shares, moving: Sequence[int], players: int, members: int) -> Shares:
    """Shares of all players: those that never move explain nothing."""

    def full(values: np.ndarray, *shape: int) -> np.ndarray:
        out = np.zeros((players, *shape))
        out[list(moving)] = values
        return out

    return Shares(
        full(shares.value, members), full(shares.first_in, members),
        full(shares.last_in, members), full(shares.error),
    )  # fmt: skip
