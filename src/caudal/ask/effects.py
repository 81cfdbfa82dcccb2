"""Effects: what a policy did, in people: the history as it was less the same history without it.

For draw m of a posterior and quantity q over a fixed period,

    effect[m] = q(as it was)[m] − q(without)[m]

Both runs share the draw's constants, its weather and its chance, so the difference is the policy's
as the model has it. Weather stays as inferred: what a policy caused and weather was credited with is
not in the effect. The run without a policy forks from the history at the block of months in which
law or drivers first differ, so all before is the same to the bit.

The prior's effect is that of the same draws with all constants back at their prior positions and the
weather as learned: the only way in which the setting stays the same. Its history no longer follows
the counts, so part of its spread is of levels; percents have less of that.

How the numbers are told, and when a bundle's parts are told apart, is in `effects_told`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from caudal.ask.effects_asked import Effect, Quantity
from caudal.ask.quantities import quantity
from caudal.compute.content import Corridor
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.posterior import Posterior
from caudal.compute.run import CHUNK, joined, simulator
from caudal.engine.simulate import Chunk, Forcing, Months, State
from caudal.errors import CaudalError

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Runs:
    """A quantity over an effect's period by member: as it was, and without; each (member,)."""

    was: np.ndarray
    without: np.ndarray

    @property
    def people(self) -> np.ndarray:
        """The effect, in the quantity's unit."""
        return self.was - self.without

    @property
    def percent(self) -> np.ndarray:
        """The effect against the history without, in percent; NaN where that is nothing."""
        none = np.full_like(self.was, np.nan)
        return 100 * np.divide(self.people, self.without, out=none, where=self.without > 0)


Found = Mapping[tuple[str, str], Runs]
"""(effect's id, quantity) → its runs."""


def at_prior(posterior: Posterior, corridor: Corridor) -> Posterior:
    """The same draws, weather as learned, with every constant where a fit would start from."""
    z = {
        name: np.moveaxis(prior.positions(posterior.draws, posterior.seed), 0, -1)
        for name, prior in corridor.priors.items()
    }
    return replace(posterior, z={k: v.astype(np.float32) for k, v in z.items()})


def run(
    corridor: Corridor,
    posterior: Posterior,
    asked: Sequence[Effect],
    quantities: Mapping[str, Quantity],
    *,
    members: int,
    workers: int = 2,
    progress: Progress | None = None,
) -> dict[tuple[str, str], Runs]:
    """Every effect under the first `members` draws.

    Raises CaudalError for more members than draws, and for a period beyond the last count.
    """
    if not 2 <= members <= posterior.draws:
        raise CaudalError("--members", str(members), f"2 to {posterior.draws}")
    counted = month_ends(corridor.begins, posterior.months)[-1]
    for effect in asked:
        if effect.period[1] > counted:
            found = f"{effect.id} lasts until {effect.period[1]}"
            raise CaudalError("period", found, f"until {counted}, the end of the counts")
    posterior, _ = posterior.completed(corridor.priors)
    history = forcing(corridor, corridor.law, counted)
    numbers = [np.arange(i, min(i + CHUNK, members)) for i in range(0, members, CHUNK)]
    past = [_Past(corridor, posterior, history, n) for n in numbers]
    past[0].warm()
    out: dict[tuple[str, str], Runs] = {}
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(_Past.play, past))
        for i, effect in enumerate(asked):
            law = corridor.law.overlaid(effect.policies) if effect.policies else corridor.law
            changed = forcing(corridor, law, counted, changes=effect.drivers)
            parts = list(pool.map(lambda p, e=effect, c=changed: p.ask(e, c, quantities), past))
            for name in effect.quantities:
                was, without = (np.concatenate([p[name][k] for p in parts]) for k in (0, 1))
                out[effect.id, name] = Runs(was, without)
            if progress is not None:
                progress(i + 1, len(asked))
    return out


class _Past:
    """One chunk of draws through the history, its state kept at the start of each block."""

    def __init__(
        self, corridor: Corridor, posterior: Posterior, history: Forcing, numbers: np.ndarray
    ) -> None:
        self.corridor, self.history, self.seed = corridor, history, posterior.seed
        self.numbers = numbers
        padded = np.concatenate([numbers, np.repeat(numbers[-1:], CHUNK - len(numbers))])
        self.chunk: Chunk = posterior.past(corridor, padded)
        self.engine = simulator(corridor.model)
        self.states: list[State] = [
            self.engine.start(CHUNK, list(history.rules), self.chunk.p)
        ]  # fmt: skip
        self.months: list[Months] = []

    def warm(self) -> None:
        """Compile before threads would each do it at the same time."""
        self.engine.advance(self.states[0], self.chunk, self.history, 1, self.seed)

    def _advance(self, state: State, outside: Forcing, until: int) -> tuple[State, Months]:
        return self.engine.advance(state, self.chunk, outside, until, self.seed)

    def play(self) -> None:
        """Run the history."""
        for until in _ends(self.history, self.engine.months):
            state, months = self._advance(self.states[-1], self.history, until)
            self.states.append(state)
            self.months.append(months)
        self.dataset = self._dataset(joined(self.months))

    def ask(
        self, effect: Effect, changed: Forcing, quantities: Mapping[str, Quantity]
    ) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Each quantity of an effect, as it was and without, (member,) each."""
        first = differs(self.history, changed)
        ends = _ends(self.history, self.engine.months)
        last = next(e for e in ends if e >= (effect.period[1] - self.history.start).days)
        block = next((i for i, e in enumerate(ends) if e > first), len(ends))
        without = self.dataset
        if first < last:
            state, parts = self.states[block], self.months[:block]
            for until in (e for e in ends[block:] if e <= last):
                state, months = self._advance(state, changed, until)
                parts.append(months)
            without = self._dataset(joined(parts))
        return {
            name: tuple(
                quantity(quantities[name].expression, effect.period, ds, effect.id)
                for ds in (self.dataset, without)
            )
            for name in effect.quantities
        }  # type: ignore[return-value]

    def _dataset(self, months: Months) -> Any:
        ds = self.corridor.dataset(months, 0, np.arange(CHUNK))
        return ds.isel(member=slice(0, len(self.numbers)))


def _ends(outside: Forcing, size: int) -> list[int]:
    """Last days (exclusive) of the blocks of months in which a history is run."""
    ends = [sum(outside.months[i - 1]) for i in range(size, len(outside.months), size)]
    return [*ends, outside.days]


def differs(one: Forcing, other: Forcing) -> int:
    """The first day on which law, what is announced, rules or drivers differ; else all days."""
    first = one.days
    for part in ("law", "announced", "on", "rules", "driver"):
        a, b = _flat(getattr(one, part)), _flat(getattr(other, part))
        if set(a) != set(b):
            return 0
        for name, values in a.items():
            apart = (values[:first] != b[name][:first]).reshape(first, -1).any(1)
            first = int(np.argmax(apart)) if apart.any() else first
            if not first:
                return 0
    return first


def _flat(arrays: Mapping[str, Any], head: str = "") -> dict[str, np.ndarray]:
    out = {}
    for name, values in arrays.items():
        inner = isinstance(values, Mapping)
        out |= _flat(values, f"{head}{name}/") if inner else {head + name: np.asarray(values)}
    return out
