"""Run a model: members in chunks, days in blocks of a month, two samplers.

A block always has 31 days; days outside the stretch that is run leave everything as it is. One
compiled function therefore serves every month, every horizon and every place to stop: a run can
stop on any day, be saved, and go on bit for bit. Final stocks are emptied into double-precision
totals at each month's end, so that single precision never has to hold millions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple
from zlib import crc32

import jax
import jax.numpy as jnp
import numpy as np

from caudal.engine import sampler
from caudal.engine.graph import Model
from caudal.engine.step import Arrays, Carry, Day, expected_moves, hazards_of, settle

BLOCK = 31
Sampler = Literal["expected", "sampled"]


@dataclass(frozen=True)
class Forcing:
    """What comes from outside, by day since `start`, the first day of a month.

    law, announced, driver: name → (day, *dims); on: trigger → lever → (day, *dims);
    rules: trigger → (day, 4). A trigger is named "id@signal".
    """

    start: date
    days: int
    law: Mapping[str, np.ndarray]
    announced: Mapping[str, np.ndarray] = field(default_factory=dict)
    on: Mapping[str, Mapping[str, np.ndarray]] = field(default_factory=dict)
    rules: Mapping[str, np.ndarray] = field(default_factory=dict)
    driver: Mapping[str, np.ndarray] = field(default_factory=dict)

    def months(self) -> list[tuple[int, int]]:
        """First day and number of days of each month, as days since the start."""
        out, day = [], 0
        while day < self.days:
            here = self.start + timedelta(day)
            length = ((here.replace(day=28) + timedelta(4)).replace(day=1) - here).days
            out.append((day, length))
            day += length
        return out

    def block(self, first: int, length: int) -> Day:
        """One month's days as device arrays of 31 rows, the last day repeated."""
        rows = np.minimum(np.arange(first, first + BLOCK), min(first + length, self.days) - 1)

        def cut(arrays: Mapping[str, np.ndarray]) -> Arrays:
            return {k: jnp.asarray(np.asarray(v)[rows], jnp.float32) for k, v in arrays.items()}

        on = {k: cut(v) for k, v in self.on.items()}
        return Day(cut(self.law), cut(self.announced), on, cut(self.rules), cut(self.driver), {})


class Chunk(NamedTuple):
    """Members that run together: numbers (member,), parameters and weather by name.

    p: name → (member, ...); weather: name → (member, month, *dims).
    """

    numbers: np.ndarray
    p: dict[str, np.ndarray]
    weather: dict[str, np.ndarray]


@dataclass(frozen=True)
class State:
    """Where a chunk stands: the carry (member first), what has ended, and the next day to run."""

    carry: Carry
    ended: np.ndarray
    day: int


@dataclass
class Months:
    """Results of the months completed by one call, arrays (member, month, ...) by tally name.

    signals holds month-end values; people the month-end number in each row of the state.
    """

    first: int
    tallies: dict[str, np.ndarray]
    signals: dict[str, np.ndarray]
    people: np.ndarray


class Simulator:
    """Compiled functions of one model at one step length. Build it once, use it for every run."""

    def __init__(self, model: Model, substeps: int = 1) -> None:
        self.model, self.substeps = model, substeps
        self._final = np.array([s.final for s in model.stocks for _ in s.places])
        self._month = jax.jit(jax.vmap(self._block, in_axes=(0, None, None, 0, 0, 0)))
        self._shocks = jax.jit(jax.vmap(self._draw_shocks, in_axes=(None, 0, None)))
        self._hazards = jax.jit(
            jax.vmap(self._hazards_flat, in_axes=(0, None, 0, 0, 0, None, None)),
            static_argnums=(6,),
        )
        self._settle = jax.jit(jax.vmap(self._settle_flat))
        rows = np.concatenate([p.source_rows for p in model.paths])
        self._edges = np.argsort(rows, kind="stable").astype(np.int32)
        self._first = np.searchsorted(rows[self._edges], np.arange(model.n_rows + 1)).astype(
            np.int32
        )

    def start(self, members: int, triggers: Sequence[str] = ()) -> State:
        """Nobody anywhere, signals at their start, the first day next."""
        model, ones = self.model, (members,)
        kept = {t.name: t for t in model.tallies}
        shapes = {name: self._tally_shape(t) for name, t in kept.items()}
        carry = Carry(
            people=np.zeros((members, model.n_rows, model.groups), np.float32),
            signals={
                n: np.full(ones + model.shape(s.dims), s.start, np.float32)
                for n, s in model.signals.items()
            },
            noise={
                n.name: np.zeros(ones + model.shape(n.dims), np.float32)
                for m in model.mechanisms
                for n in m.noise
            },
            triggers={t: np.zeros((*ones, 2), np.float32) for t in triggers},
            rates={
                n: np.zeros(ones + shapes[n], np.float32)
                for n, t in kept.items()
                if not set(t.of) <= set(model.rows)
            },
            month={n: np.zeros(ones + shapes[n], np.float32) for n in kept},
        )
        return State(carry, np.zeros((members, model.n_rows, model.groups)), 0)

    def advance(
        self,
        state: State,
        chunk: Chunk,
        forcing: Forcing,
        until: int,
        seed: int = 0,
        how: Sampler = "expected",
    ) -> tuple[State, Months]:
        """Run from the state's day to day `until` (exclusive) and return the completed months.

        Weather is read by month since the forcing's start; months beyond its end repeat its last.
        """
        carry, ended = jax.tree.map(jnp.asarray, state.carry), state.ended
        done: list[dict[str, Any]] = []
        index = 0
        for index, (first, length) in enumerate(forcing.months()):
            if first + length <= state.day or first >= until:
                continue
            low, high = max(state.day - first, 0), min(until - first, length)
            run = self._run_expected if how == "expected" else self._run_sampled
            carry = run(carry, chunk, forcing.block(first, length), index, (low, high), seed)
            if high == length:
                carry, ended, out = self._close(carry, ended, length)
                done.append({**out, "index": index})
        return State(jax.tree.map(np.asarray, carry), ended, until), _gather(done)

    def _run_expected(
        self, carry: Carry, chunk: Chunk, day: Day, index: int, span: tuple[int, int], seed: int
    ) -> Carry:
        weather = {k: v[:, min(index, v.shape[1] - 1)] for k, v in chunk.weather.items()}
        shock = self._shocks(seed, chunk.numbers, index)
        return self._month(carry, day, np.asarray(span, np.int32), weather, chunk.p, shock)

    def _run_sampled(
        self, carry: Carry, chunk: Chunk, day: Day, index: int, span: tuple[int, int], seed: int
    ) -> Carry:
        weather = {k: v[:, min(index, v.shape[1] - 1)] for k, v in chunk.weather.items()}
        shock = self._shocks(seed, chunk.numbers, index)
        model, dt = self.model, 1.0 / self.substeps
        shape = (len(chunk.numbers), len(self._edges), model.groups)
        moved = np.zeros(shape, np.float32)
        n_out = sum(p.edges for p in model.departures)
        departed = np.zeros((shape[0], n_out, model.groups), np.float32)
        members = np.asarray(chunk.numbers, np.int64)
        for d in range(*span):
            today = jax.tree.map(lambda a, d=d: a[d], day)
            shocks = {k: v[:, d] for k, v in shock.items()}
            for sub in range(self.substeps):
                carry, hazards, rates = self._hazards(
                    carry, today, shocks, weather, chunk.p, dt, sub == 0
                )
                step = (index * BLOCK + d) * self.substeps + sub
                sampler.draw(
                    np.asarray(carry.people), np.asarray(hazards), self._first, self._edges,
                    np.asarray(rates), dt, seed, members, step, moved, departed,
                )  # fmt: skip
                carry = self._settle(carry, moved, departed)
        return carry

    def _block(
        self, carry: Carry, days: Day, span: jax.Array, weather: Arrays, p: Arrays, shock: Arrays
    ) -> Carry:
        dt = 1.0 / self.substeps

        def one(carry: Carry, day: Day) -> Carry:
            for sub in range(self.substeps):
                carry, hazards, came = hazards_of(
                    self.model, carry, day, weather, p, dt, first=sub == 0
                )
                moved = expected_moves(self.model, carry.people, hazards, dt)
                carry = settle(self.model, carry, moved, [r * dt for r in came], dt)
            return carry

        def body(carry: Carry, x: tuple[jax.Array, Day]) -> tuple[Carry, None]:
            number, day = x
            inside = (number >= span[0]) & (number < span[1])
            return jax.lax.cond(inside, one, lambda c, _: c, carry, day), None

        return jax.lax.scan(body, carry, (jnp.arange(BLOCK), days._replace(shock=shock)))[0]

    def _draw_shocks(self, seed: jax.Array, member: jax.Array, index: jax.Array) -> Arrays:
        root = jax.random.fold_in(jax.random.fold_in(jax.random.key(seed), member), index)
        return {
            n.name: jax.random.normal(
                jax.random.fold_in(root, crc32(n.name.encode())),
                (BLOCK, *self.model.shape(n.dims)),
                jnp.float32,
            )
            for m in self.model.mechanisms
            for n in m.noise
        }

    def _hazards_flat(
        self, carry: Carry, day: Day, shock: Arrays, weather: Arrays, p: Arrays, dt: float,
        first: bool,
    ) -> tuple[Carry, jax.Array, jax.Array]:  # fmt: skip
        day = day._replace(shock=shock)
        carry, hazards, rates = hazards_of(self.model, carry, day, weather, p, dt, first)
        return carry, jnp.concatenate(hazards), jnp.concatenate(rates)

    def _settle_flat(self, carry: Carry, moved: jax.Array, departed: jax.Array) -> Carry:
        def split(flat: jax.Array, sizes: list[int]) -> list[jax.Array]:
            return jnp.split(flat, np.cumsum(sizes)[:-1])

        return settle(
            self.model, carry, split(moved, [p.edges for p in self.model.paths]),
            split(departed, [p.edges for p in self.model.departures]), 1.0 / self.substeps,
        )  # fmt: skip

    def _close(
        self, carry: Carry, ended: np.ndarray, length: int
    ) -> tuple[Carry, np.ndarray, dict[str, Any]]:
        """End a month: hand out its tallies, empty the final stocks, start afresh."""
        people = np.asarray(carry.people)
        ended = ended + np.where(self._final[:, None], people, 0.0)
        stocks = set(self.model.rows)
        tallies = {}
        for tally in self.model.tallies:
            value = np.asarray(carry.month[tally.name])
            tallies[tally.name] = value / length if set(tally.of) <= stocks else value
        out = {
            "tallies": tallies,
            "signals": {k: np.asarray(v) for k, v in carry.signals.items()},
            "people": people.sum(2, dtype=np.float64) + np.where(self._final, 0, 0),
        }
        kept = jnp.where(self._final[:, None], 0.0, carry.people)
        month = {k: jnp.zeros_like(v) for k, v in carry.month.items()}
        return carry._replace(people=kept, month=month), ended, out

    def _tally_shape(self, tally: Any) -> tuple[int, int]:
        model, names = self.model, set(tally.of)
        sizes = [p.edges for p in (*model.paths, *model.departures) if p.passes & names]
        sizes = sizes or [model.rows[n].stop - model.rows[n].start for n in tally.of]
        return (
            max(sizes) if "place" in tally.keep else 1,
            model.groups if "group" in tally.keep else 1,
        )


def _gather(done: list[dict[str, Any]]) -> Months:
    def stack(part: str) -> dict[str, np.ndarray]:
        return {k: np.stack([m[part][k] for m in done], 1) for k in (done[0][part] if done else {})}

    people = np.stack([m["people"] for m in done], 1) if done else np.zeros((0, 0, 0))
    first = done[0]["index"] if done else -1
    return Months(first, stack("tallies"), stack("signals"), people)


def switched_off(model: Model, name: str, p: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Parameters with one mechanism neutral: its `off` values in place, shapes unchanged."""
    off = model.mechanism(name).off
    return {k: np.full_like(v, off[k]) if k in off else v for k, v in p.items()}


def people_accounted(model: Model, state: State) -> np.ndarray:
    """Everyone in the run, active and ended, by member: float64, shape (member,)."""
    return np.asarray(state.carry.people, np.float64).sum((1, 2)) + state.ended.sum((1, 2))


__all__ = [
    "BLOCK", "Chunk", "Forcing", "Months", "Sampler", "Simulator", "State",
    "people_accounted", "switched_off",
]  # fmt: skip
