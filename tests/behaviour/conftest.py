"""The real corridor under priors and a calm sky, compiled once: eight draws, scenarios by fork.

Weather is zero unless a test sets it, so numbers are those of 2017 moved by law, drivers and
behaviour alone; tests look at signs, times and places, never at levels. Where a sign is the
hypothesis of a mechanism (more surprise, fewer departures), parameters that priors leave free to be
negative are folded to their positive side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from caudal.compute.forcing import forcing
from caudal.corridor import corridor
from caudal.corridor.groups import unfold
from caudal.corridor.world import CITIES, FIELD_OFFICES, NATIONALITIES, SECTORS, UNITS
from caudal.engine.audit import draw_parameters
from caudal.engine.simulate import Chunk, Forcing, Months, Simulator, State

MEMBERS, SEED, END = 8, 20180101, date(2025, 7, 1)
POSITIVE = (
    "near_response", "far_response", "settled_response", "rush_response", "labour_elasticity",
    "hurricane_push", "parole_substitution", "visa_bar", "darien_closing", "appointment_pull",
    "effort_per_pressure", "effort_per_commitment",
)  # fmt: skip

PLACES = {name: i for axis in (SECTORS, FIELD_OFFICES, CITIES) for i, name in enumerate(axis)}
"""Where a place stands on the axis it belongs to."""


Settings = Mapping[str, list[tuple[str, str, Any]]]
"""Levers set by hand: lever → [(from, until, value broadcast to its dims)]."""


@dataclass
class Played:
    """What a run gave: months from `first` on (number since the corridor begins), and its end."""

    world: World
    months: Months
    state: State

    def rows(self, start: str, end: str | None = None) -> slice:
        """Rows of the months from `start` to `end` (both "2021-01", both included)."""
        low = self.world.number(start) - self.months.first
        return slice(low, self.world.number(end or start) - self.months.first + 1)

    def tally(self, name: str, start: str, end: str | None = None, **only: str) -> np.ndarray:
        """People a month by member, summed over places and the groups meant.

        only: nationality, unit, or place (a sector, office or city of the tally's own axis).
        """
        value = self.months.tallies[name][self.rows(start, end)]  # (month, place, group, member)
        if "place" in only:
            value = value[:, [PLACES[only.pop("place")]]]
        value = value.sum(1)
        if only:
            value = unfold(np.moveaxis(value, 1, -1))  # (month, member, nationality, unit)
            if "nationality" in only:
                value = value[..., [NATIONALITIES.index(only["nationality"])], :]
            if "unit" in only:
                value = value[..., [UNITS.index(only["unit"])]]
            return value.sum((2, 3)).mean(0)
        return value.sum(1).mean(0)

    def measure(self, name: str, start: str, end: str | None = None) -> np.ndarray:
        """A measure a month, (*dims, member)."""
        return self.months.measures[name][self.rows(start, end)].mean(0)

    def stock(self, name: str, month: str) -> np.ndarray:
        """People of a stock at a month's end, by member (for final stocks: the month's arrivals)."""
        return self.months.people[self.rows(month)][0, self.world.model.rows[name]].sum(0)

    def signal(self, name: str, month: str) -> np.ndarray:
        """A signal at a month's end, by member."""
        return self.months.signals[name][self.rows(month)][0]

    def people(self, stock: str, unit: str) -> np.ndarray:
        """People of a stock at the end of the run, (place, nationality, member)."""
        value = self.state.carry.people[self.world.model.rows[stock]]
        return np.moveaxis(unfold(np.moveaxis(value, 1, -1))[..., UNITS.index(unit)], -1, 1)


class World:
    """Plays scenarios; a base is run once and forked on the first day of `since`."""

    def __init__(self) -> None:
        self.corridor = corridor()
        self.model = self.corridor.model
        self.simulator = Simulator(self.model, months=12)
        self.p = draw_parameters(self.corridor.priors, MEMBERS, SEED)
        for name in POSITIVE:
            self.p[name] = np.abs(self.p[name])
        self.base = self.forcing({})
        self.forks: dict[tuple[str, str], State] = {}

    def number(self, month: str) -> int:
        """Months since the corridor begins."""
        year, of_year = map(int, month.split("-"))
        begins = self.corridor.begins
        return (year - begins.year) * 12 + of_year - begins.month

    def day(self, day: str) -> int:
        """Days since the corridor begins, of "2021-01" (its first day) or "2021-01-15"."""
        whole = day if len(day) > 7 else f"{day}-01"
        return (date.fromisoformat(whole) - self.corridor.begins).days

    def forcing(
        self, overlay: Mapping[str, Any], changes: Mapping[str, Any] | None = None
    ) -> Forcing:
        """Law and drivers of a scenario."""
        law = self.corridor.law.overlaid(overlay) if overlay else self.corridor.law
        return forcing(self.corridor, law, END, changes=changes)

    def set_by_hand(self, given: Forcing, levers: Settings, zero_since: int | None) -> Forcing:
        """The law with levers set for some days; elsewhere as given, or zero from a day on."""
        law = dict(given.law)
        for name, settings in levers.items():
            value = np.array(law[name], np.float32)
            if zero_since is not None:
                value[zero_since:] = 0.0
            for first, end, level in settings:
                value[self.day(first) : self.day(end)] = level
            law[name] = value
        return replace(given, law=law)

    def weather(self, given: Mapping[str, Any] | None = None) -> dict[str, np.ndarray]:
        """A calm sky but for `given`: weather → [(first month, value broadcast to its dims)]."""
        months = len(self.base.months)
        out = {
            w.name: np.zeros((months, *self.model.shape(w.dims), MEMBERS), np.float32)
            for m in self.model.mechanisms
            for w in m.weather
        }
        for name, steps in (given or {}).items():
            for month, value in steps:
                out[name][self.number(month) :] = np.asarray(value, np.float32)[..., None]
        return out

    def play(
        self,
        since: str,
        until: str,
        overlay: Mapping[str, Any] | None = None,
        *,
        changes: Mapping[str, Any] | None = None,
        sky: Mapping[str, Any] | None = None,
        p: Mapping[str, np.ndarray] | None = None,
        levers: Settings | None = None,
        else_zero: bool = False,
    ) -> Played:
        """Run from a fork of the base on the first day of `since` to the first day of `until`.

        overlay, changes, sky and p act from the fork on. levers are set over the law whatever
        documents say; else_zero: on other days from the fork on they are zero.
        """
        weather = self.weather(sky)
        key = (since, "calm")
        if key not in self.forks:
            chunk = Chunk(np.arange(MEMBERS), self.p, self.weather())
            start = self.simulator.start(MEMBERS, list(self.base.rules), self.p)
            fork, _ = self.simulator.advance(start, chunk, self.base, self.day(since), SEED)
            self.forks[key] = fork
        given = self.forcing(overlay or {}, changes) if overlay or changes else self.base
        if levers:
            zero_since = self.day(since) if else_zero else None
            given = self.set_by_hand(given, levers, zero_since)
        chunk = Chunk(np.arange(MEMBERS), {**self.p, **(p or {})}, weather)
        fork = self.forks[key]
        kept = {
            t: fork.carry.triggers.get(t, np.zeros((2, MEMBERS), np.float32)) for t in given.rules
        }
        fork = State(fork.carry._replace(triggers=kept), fork.ended, fork.day)
        state, months = self.simulator.advance(fork, chunk, given, self.day(until), SEED)
        return Played(self, months, state)


@pytest.fixture(scope="session")
def world() -> World:
    """The corridor ready to be played; compiled at its first use (about ten seconds)."""
    return World()
