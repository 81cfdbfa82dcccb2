"""Run on and keep what everyone's chances were: the hazards of every path, day by day.

`Simulator.advance` moves people and forgets by which chances. Whoever follows one traveller needs
them, so this runs the same step over the same days and writes them down, for some groups only. It is
a compiled function of its own: runs that nobody watches are as fast as before.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from caudal.engine.forcing import BLOCK_DAYS, Forcing
from caudal.engine.simulate import Chunk, Simulator
from caudal.engine.state import Months, State, have_ended, join, monthly
from caudal.engine.step import Arrays, Carry, Day, composed, hazards_of
from caudal.errors import CaudalError


@dataclass(frozen=True)
class Chances:
    """What people met on each of some days, one after another.

    hazards     (day, edge, group, member) per day: of every edge of every path, in the model's order
    departures  (day, edge, group, member) people per day from outside, likewise
    """

    hazards: np.ndarray
    departures: np.ndarray


def watch(
    engine: Simulator,
    state: State,
    chunk: Chunk,
    forcing: Forcing,
    months: int,
    groups: np.ndarray,
    seed: int = 0,
) -> tuple[State, Months, Chances]:
    """Run `months` whole months from the state's day, as `advance` would, and keep the chances.

    groups  whose chances are kept, as numbers along the group axis

    The results are those of `advance`, but for the rounding of another compiled function. Raises
    CaudalError where the state does not stand at the start of a month, or days are cut finer.
    """
    starts = [first for first, _ in forcing.months]
    if state.day not in starts or engine.substeps != 1:
        raise CaudalError("watch", f"day {state.day}, {engine.substeps} steps a day", "a month, 1")
    at = starts.index(state.day)
    carry, ended, outs, kept = state.carry, state.ended, [], []
    for number in range(at, at + months):
        day = jax.tree.map(lambda a: a[0], forcing.block(number, 1))
        length = forcing.months[number][1]
        weather = tuple(
            {k: v[min(number + n, len(v) - 1)] for k, v in chunk.weather.items()} for n in (0, 1)
        )
        bare = chunk._replace(weather={})
        carry, out, chances = _month(
            engine, carry, day, np.int32(length), np.int32(number), weather, bare, seed, groups
        )
        done = jax.tree.map(lambda a: np.asarray(a)[None], out)
        ended = have_ended(engine.model, ended, done["gone"])
        outs.append(monthly(engine.model, done, np.array([length], np.float32)))
        kept.append(tuple(np.asarray(part)[:length] for part in chances))
    until = forcing.months[at + months - 1]
    found = (np.concatenate([part[i] for part in kept]) for i in (0, 1))
    stands = State(jax.tree.map(np.asarray, carry), ended, until[0] + until[1])
    return stands, join(at, outs), Chances(*found)


@partial(jax.jit, static_argnums=0)
def _month(
    engine: Simulator, carry: Carry, day: Day, length: Any, number: Any,
    weather: tuple[Arrays, ...], chunk: Chunk, seed: Any, groups: Any,
) -> tuple[Carry, dict[str, Any], tuple[jax.Array, jax.Array]]:  # fmt: skip
    """One month, closed, and its chances (31, edge, group, member): days beyond it hold zeros."""
    model = engine.model
    day = day._replace(shock=engine._draw_shocks(seed, chunk.numbers, number))

    def run(carry: Carry, d: Any) -> tuple[Carry, tuple[jax.Array, jax.Array]]:
        today = jax.tree.map(lambda a: a[d], day)
        carry, out = hazards_of(model, carry, today, weather, chunk.p, 1.0)
        chances = composed(model, out, carry.people.shape[-1])
        kept = tuple(jnp.concatenate(part)[:, groups] for part in chances)
        return engine.move(carry, out, 1.0), kept  # type: ignore[return-value]

    def rest(carry: Carry, d: Any) -> tuple[Carry, tuple[jax.Array, jax.Array]]:
        size = (len(groups), carry.people.shape[-1])
        edges = (sum(p.edges for p in paths) for paths in (model.paths, model.departures))
        return carry, tuple(jnp.zeros((n, *size), jnp.float32) for n in edges)  # type: ignore

    def one(carry: Carry, d: Any) -> tuple[Carry, tuple[jax.Array, jax.Array]]:
        return jax.lax.cond(d < length, run, rest, carry, d)

    carry, kept = jax.lax.scan(one, carry, jnp.arange(BLOCK_DAYS))
    carry, out = engine._close_month(carry, jnp.int32(1))
    return carry, out, kept
