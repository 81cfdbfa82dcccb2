"""Run a model: members in chunks, days in blocks of months, two samplers.

`expected` moves real numbers of people, `sampled` whole people drawn at random; both run in the same
compiled function of a block of months (`kernel`).

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

from caudal.engine import book, kernel, native
from caudal.engine.forcing import BLOCK_DAYS, Forcing
from caudal.engine.graph import Model
from caudal.engine.kernel import Tables
from caudal.engine.state import Months, State, first_state, have_ended, join, monthly
from caudal.engine.step import Arrays, Carry, Day, hazards_of, move
from caudal.errors import CaudalError

Sampler = Literal["expected", "sampled"]

FEW_PATHS = 16
"""Up to so many, arrays beat the kernel, whose call alone costs as much as a day of a small model.

Measured with 6 to 9 paths: 12 times as fast with 12 places, equal with 4,000 and 16 members; with
the corridor's 99 the kernel is several times as fast (docs/performance.md).
"""


class Chunk(NamedTuple):
    """Members that run together: numbers (member,), parameters and weather by name.

    p: name → (*dims, member); weather: name → (month, *dims, member). Member last, see `step`.
    """

    numbers: np.ndarray
    p: dict[str, np.ndarray]
    weather: dict[str, np.ndarray]


class Simulator:
    """Compiled functions of one model at one step length. Build it once, use it for every run.

    substeps: steps a day; months: how many months one compiled call runs; plain: the step in arrays
    (`step.move`), which knows gradients and any device but `expected` only, in place of the compiled
    kernel of processors, or never; default where there is no processor to compile for, and for
    `expected` where a model has few paths.
    """

    def __init__(
        self, model: Model, substeps: int = 1, months: int = 12, plain: bool | None = None
    ) -> None:
        self.model, self.substeps, self.months = model, substeps, months
        self.plain = jax.default_backend() != "cpu" if plain is None else plain
        few = len(model.paths) + len(model.departures) <= FEW_PATHS
        self._plain_expected = self.plain or (plain is None and few)
        self._final = np.array([s.final for s in model.stocks for _ in s.places])
        self._tables = Tables.of_model(model)
        self._tallies, self._measures = book.tallies(model), book.measures(model)
        self._run = jax.jit(
            self._run_months, static_argnums=(7,), compiler_options=native.options()
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
        CaudalError where whole people are asked of the plain step.
        """
        if how == "sampled" and self.plain:
            raise CaudalError("sampler", "'sampled' off the processor", "'expected', or a CPU")
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
            # without its weather, whose length is the horizon's: every horizon compiles alike
            bare = chunk._replace(weather={})
            carry, out = self._run(
                carry, days, np.asarray(spans, np.int32), index, weather, bare, seed, how
            )
            closed = [i for i, (_, _, close) in enumerate(spans) if close]
            if closed:
                first = int(index[closed[0]]) if first < 0 else first
                lengths = np.array([months[i][1] for i in closed], np.float32)
                done = jax.tree.map(lambda a, c=closed: np.asarray(a)[c], out)
                ended = have_ended(self.model, ended, done["gone"])
                outs.append(monthly(self.model, done, lengths))
        return State(jax.tree.map(np.asarray, carry), ended, until), join(first, outs)

    def _run_months(
        self, carry: Carry, days: Day, spans: jax.Array, index: jax.Array,
        weather: tuple[Arrays, ...], chunk: Chunk, seed: jax.Array, how: Sampler,
    ) -> tuple[Carry, dict[str, Any]]:  # fmt: skip
        dt = 1.0 / self.substeps

        def month(carry: Carry, x: Any) -> tuple[Carry, dict[str, Any]]:
            day, span, number, sky = x
            day = day._replace(shock=self._draw_shocks(seed, chunk.numbers, number))

            def one(d: jax.Array, carry: Carry) -> Carry:
                today = jax.tree.map(lambda a: a[d], day)
                for sub in range(self.substeps):
                    carry, out = hazards_of(
                        self.model, carry, today, sky, chunk.p, dt, first=sub == 0
                    )
                    step = (number * BLOCK_DAYS + d) * self.substeps + sub
                    clock = (seed, step) if how == "sampled" else None
                    carry = self.move(carry, out, dt, clock, chunk.numbers)
                return carry

            carry = jax.lax.fori_loop(span[0], span[1], one, carry)
            return self._close_month(carry, span[2])

        return jax.lax.scan(month, carry, (days, spans, index, weather))

    def move(
        self, carry: Carry, out: Arrays, dt: float, clock: tuple[Any, Any] | None = None,
        members: Any = None,
    ) -> Carry:  # fmt: skip
        """One step of people by hazards and shares, see `kernel.move`."""
        if self._plain_expected and clock is None:
            return move(self.model, carry, out, dt)
        return kernel.move(self._tables, carry, out, dt, clock, members)

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

    def _close_month(self, carry: Carry, close: jax.Array) -> tuple[Carry, dict[str, Any]]:
        """Where `close`, end the month: hand out what it counted, empty the final stocks."""
        rows = self.model.rows
        out = {
            "tallies": self._tallies.split(carry.month),
            "measures": self._measures.split(carry.measures[0]),
            "signals": carry.signals,
            "people": carry.people.sum(1),
            "gone": {s.name: carry.people[rows[s.name]] for s in self.model.stocks if s.final},
        }
        final = self._final[:, None, None] & (close > 0)
        kept = jnp.where(final, 0.0, carry.people)
        month, measures = jax.tree.map(
            lambda v: jnp.where(close > 0, 0.0, v), (carry.month, carry.measures)
        )
        return carry._replace(people=kept, month=month, measures=measures), out


def people_accounted(state: State) -> np.ndarray:
    """Everyone in the run, active and ended, by member: float64, shape (member,)."""
    return np.asarray(state.carry.people, np.float64).sum((0, 1)) + state.ended.sum((0, 1))
