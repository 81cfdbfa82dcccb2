"""Effects: what a policy did, in people: the history as it was less the same history without it.

For draw m of a posterior and quantity q over a fixed period,

    effect[m] = q(as it was)[m] − q(without)[m]

Both runs share the draw's constants, its weather and its chance, so the difference is the policy's
as the model has it. Weather stays as inferred: what a policy caused and weather was credited with is
not in the effect. The run without a policy forks from the history at the block of months in which
law or drivers first differ (`caudal.compute.fork`), so all before is the same to the bit.

The prior's effect is that of the same draws with all constants back at their prior positions and the
weather as learned: the only way in which the setting stays the same. Its history no longer follows
the counts, so part of its spread is of levels; percents have less of that.

How the numbers are told, and when a bundle's parts are told apart, is in `effects_told`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import xarray as xr

from caudal.ask.effects_asked import Effect, Quantity
from caudal.ask.quantities import quantity
from caudal.compute.chunks import parts
from caudal.compute.content import Corridor
from caudal.compute.engines import Workers, engine_of
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.fork import Course, History
from caudal.compute.forks import Forks
from caudal.compute.posterior import Posterior
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
    workers: Workers = 2,
    progress: Progress | None = None,
) -> dict[tuple[str, str], Runs]:
    """Every effect under the first `members` draws.

    workers  how many, or an engine; nothing but the time depends on it
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
    chunks = parts(np.arange(members))
    work = Without(corridor, posterior, history, chunks, {}, tuple(asked), quantities, counted)
    told = work.all(engine_of(workers), [None, *range(len(asked))], progress)
    was, out = told[None], {}
    for i, effect in enumerate(asked):
        for name in effect.quantities:
            key = (effect.id, name)
            pairs = [(w[key], w[key] if o is None else o[key])
                     for w, o in zip(was, told[i], strict=True)]  # fmt: skip
            out[key] = Runs(*(np.concatenate(of) for of in zip(*pairs, strict=True)))
    return out


@dataclass(frozen=True)
class Without(Forks):
    """The history as it was, and without what each effect asks about, by the effect's number."""

    asked: tuple[Effect, ...]
    quantities: Mapping[str, Quantity]
    counted: date

    def course(self, name: int) -> Course:
        """The law and drivers without what an effect asks about."""
        effect, corridor = self.asked[name], self.corridor
        law = corridor.law.overlaid(effect.policies) if effect.policies else corridor.law
        return Course(forcing(corridor, law, self.counted, changes=effect.drivers))

    def told(
        self, past: History, course: Course | None, name: int | None
    ) -> dict[tuple[str, str], np.ndarray] | None:
        """Quantities by (effect's id, name), (member,); None: nothing is other by its end."""
        if course is None or name is None:
            return self._read(past.dataset(past.play()), self.asked)
        effect = self.asked[name]
        until = (effect.period[1] - course.forcing.start).days
        if past.parting(course) >= until:
            return None
        return self._read(past.dataset(past.fork(course, until)), [effect])

    def _read(self, ds: xr.Dataset, of: Sequence[Effect]) -> dict[tuple[str, str], np.ndarray]:
        return {
            (effect.id, name): quantity(
                self.quantities[name].expression, effect.period, ds, effect.id
            )
            for effect in of
            for name in effect.quantities
        }
