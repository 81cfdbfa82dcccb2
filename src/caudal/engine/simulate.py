"""Run a model: members in chunks, days in blocks of months, two samplers.

A block always has as many months of 31 days; what lies outside the stretch that is run is passed
over. One compiled function therefore serves every horizon and every place to stop: a run can stop
on any day, be saved, and go on bit for bit. Final stocks are emptied into double-precision totals
at each month's end, so that single precision never has to hold millions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple
from zlib import crc32

import jax
import jax.numpy as jnp
import numpy as np

from caudal.engine import sampler
from caudal.engine.forcing import BLOCK_DAYS, Forcing
from caudal.engine.graph import Model
from caudal.engine.state import Months, State, first_state, join, monthly
from caudal.engine.step import Arrays, Carry, Day, expected_moves, hazards_of, settle

Sampler = Literal["expected", "sampled"]


class Chunk(NamedTuple):
    """Members that run together: numbers (member,), parameters and weather by name.

    p: name → (*dims, member); weather: name → (month, *dims, member). Member last, see `step`.
    """

    numbers: np.ndarray
    p: dict[str, np.ndarray]
    weather: dict[str, np.ndarray]


class Simulator:
    """Compiled functions of one model at one step length. Build it once, use it for every run.

    substeps: steps a day; months: how many months one compiled call runs.
    """

    def __init__(self, model: Model, substeps: int = 1, months: int = 12) -> None:
        self.model, self.substeps, self.months = model, substeps, months
        self._final = np.array([s.final for s in model.stocks for _ in s.places])
        self._year = jax.jit(self._run_year)
        self._shocks = jax.jit(self._draw_shocks)
        self._hazards = jax.jit(self._hazards_flat, static_argnums=(5,))
        self._settle = jax.jit(self._settle_flat)
        self._close = jax.jit(self._close_month)
        rows = np.concatenate([p.source_rows for p in model.paths])
        self._edges = np.argsort(rows, kind="stable").astype(np.int32)
        self._first = np.searchsorted(rows[self._edges], np.arange(model.n_rows + 1)).astype(
            np.int32
        )

    def start(
        self,
        members: int,
        triggers: Sequence[str] = (),
        p: Mapping[str, np.ndarray] | None = None,
    ) -> State:
        """Nobody anywhere, signals at their start, the first day next.

        p: the members' parameters (*dims, member), from which some signals take their start;
        CaudalError where one does and p is not given.
        """
        return first_state(self.model, members, triggers, p)

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
        carry, ended, outs, first = state.carry, state.ended, [], -1
        for start in range(0, len(forcing.months), self.months):
            months = forcing.months[start : start + self.months]
            spans = [
                (max(state.day - f, 0), min(until - f, n), int(until - f >= n > state.day - f))
                for f, n in months
            ]
            if all(high <= low for low, high, _ in spans):
                continue
            spans += [(0, 0, 0)] * (self.months - len(spans))
            index = np.arange(start, start + self.months, dtype=np.int32)
            days = forcing.block(start, self.months)
            weather = tuple(
                {k: v[np.minimum(index + n, len(v) - 1)] for k, v in chunk.weather.items()}
                for n in (0, 1)
            )
            run = self._year if how == "expected" else self._sample_year
            # without its weather, whose length is the horizon's: every horizon compiles alike
            bare = chunk._replace(weather={})
            carry, out = run(carry, days, np.asarray(spans, np.int32), index, weather, bare, seed)
            closed = [i for i, (_, _, close) in enumerate(spans) if close]
            if closed:
                first = int(index[closed[0]]) if first < 0 else first
                lengths = np.array([months[i][1] for i in closed], np.float32)
                done = jax.tree.map(lambda a, c=closed: np.asarray(a)[c], out)
                outs.append(monthly(self.model, done, lengths))
                ended = ended + np.where(
                    self._final[:, None, None],
                    np.asarray(out["gone"], np.float64)[closed].sum(0),
                    0,
                )
        return State(jax.tree.map(np.asarray, carry), ended, until), join(first, outs)

    def _run_year(
        self, carry: Carry, days: Day, spans: jax.Array, index: jax.Array,
        weather: tuple[Arrays, ...], chunk: Chunk, seed: jax.Array,
    ) -> tuple[Carry, dict[str, Any]]:  # fmt: skip
        dt = 1.0 / self.substeps

        def month(carry: Carry, x: Any) -> tuple[Carry, dict[str, Any]]:
            day, span, number, sky = x
            day = day._replace(shock=self._draw_shocks(seed, chunk.numbers, number))

            def one(d: jax.Array, carry: Carry) -> Carry:
                today = jax.tree.map(lambda a: a[d], day)
                for sub in range(self.substeps):
                    carry, hazards, came = hazards_of(
                        self.model, carry, today, sky, chunk.p, dt, first=sub == 0
                    )
                    moved = expected_moves(self.model, carry.people, hazards, dt)
                    carry = settle(self.model, carry, moved, [r * dt for r in came], dt)
                return carry

            carry = jax.lax.fori_loop(span[0], span[1], one, carry)
            return self._close_month(carry, span[2])

        return jax.lax.scan(month, carry, (days, spans, index, weather))

    def _sample_year(
        self, carry: Carry, days: Day, spans: np.ndarray, index: np.ndarray,
        weather: tuple[Arrays, ...], chunk: Chunk, seed: int,
    ) -> tuple[Carry, dict[str, Any]]:  # fmt: skip
        outs = []
        for i, span in enumerate(spans):
            sky = tuple({k: v[i] for k, v in w.items()} for w in weather)
            day = jax.tree.map(lambda a, i=i: a[i], days)
            carry = self._sample_month(carry, day, int(index[i]), tuple(span), sky, chunk, seed)
            carry, out = self._close(carry, np.int32(span[2]))
            outs.append(out)
        return carry, jax.tree.map(lambda *a: np.stack([np.asarray(v) for v in a]), *outs)

    def _sample_month(
        self, carry: Carry, day: Day, index: int, span: tuple[int, ...],
        weather: tuple[Arrays, ...], chunk: Chunk, seed: int,
    ) -> Carry:  # fmt: skip
        if span[1] <= span[0]:
            return carry
        model, dt = self.model, 1.0 / self.substeps
        shape = (model.groups, len(chunk.numbers))
        moved = np.zeros((len(self._edges), *shape), np.float32)
        departed = np.zeros((sum(p.edges for p in model.departures), *shape), np.float32)
        members = np.asarray(chunk.numbers, np.int64)
        day = day._replace(shock=self._shocks(seed, chunk.numbers, index))
        for d in range(span[0], span[1]):
            for sub in range(self.substeps):
                carry, hazards, rates = self._hazards(carry, day, d, weather, chunk.p, sub == 0)
                step = (index * BLOCK_DAYS + d) * self.substeps + sub
                sampler.draw(
                    np.asarray(carry.people), np.asarray(hazards), self._first, self._edges,
                    np.asarray(rates), dt, seed, members, step, moved, departed,
                )  # fmt: skip
                carry = self._settle(carry, moved, departed)
        return carry

    def _draw_shocks(self, seed: Any, members: Any, index: Any) -> Arrays:
        """Standard normals (31, *dims, member), keyed by (seed, member, month, noise name)."""
        declared = [n for m in self.model.mechanisms for n in m.noise]

        def draw(member: jax.Array) -> Arrays:
            root = jax.random.fold_in(jax.random.fold_in(jax.random.key(seed), member), index)
            return {
                n.name: jax.random.normal(
                    jax.random.fold_in(root, crc32(n.name.encode())),
                    (BLOCK_DAYS, *self.model.shape(n.dims)),
                    jnp.float32,
                )
                for n in declared
            }

        return jax.vmap(draw, out_axes=-1)(members)

    def _hazards_flat(
        self,
        carry: Carry,
        day: Day,
        d: jax.Array,
        weather: tuple[Arrays, ...],
        p: Arrays,
        first: bool,
    ) -> tuple[Carry, jax.Array, jax.Array]:
        today = jax.tree.map(lambda a: a[d], day)
        none = jnp.zeros((0, self.model.groups, carry.people.shape[-1]), jnp.float32)
        carry, hazards, rates = hazards_of(
            self.model, carry, today, weather, p, 1.0 / self.substeps, first
        )
        return carry, jnp.concatenate(hazards), jnp.concatenate([*rates, none])

    def _settle_flat(self, carry: Carry, moved: jax.Array, departed: jax.Array) -> Carry:
        def split(flat: jax.Array, sizes: list[int]) -> list[jax.Array]:
            return jnp.split(flat, np.cumsum(sizes)[:-1])

        return settle(
            self.model, carry, split(moved, [p.edges for p in self.model.paths]),
            split(departed, [p.edges for p in self.model.departures]), 1.0 / self.substeps,
        )  # fmt: skip

    def _close_month(self, carry: Carry, close: jax.Array) -> tuple[Carry, dict[str, Any]]:
        """Where `close`, end the month: hand out what it counted, empty the final stocks."""
        out = {
            "tallies": carry.month,
            "measures": {k: v[0] for k, v in carry.measures.items()},
            "signals": carry.signals,
            "people": carry.people.sum(1),
            "gone": carry.people,
        }
        final = self._final[:, None, None] & (close > 0)
        kept = jnp.where(final, 0.0, carry.people)
        month, measures = jax.tree.map(
            lambda v: jnp.where(close > 0, 0.0, v), (carry.month, carry.measures)
        )
        return carry._replace(people=kept, month=month, measures=measures), out


def switched_off(model: Model, name: str, p: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Parameters with one mechanism neutral: its `off` values in place, shapes unchanged."""
    off = model.mechanism(name).off
    return {k: np.full_like(v, off[k]) if k in off else v for k, v in p.items()}


def people_accounted(state: State) -> np.ndarray:
    """Everyone in the run, active and ended, by member: float64, shape (member,)."""
    return np.asarray(state.carry.people, np.float64).sum((0, 1)) + state.ended.sum((0, 1))
