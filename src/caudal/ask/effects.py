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
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import xarray as xr

from caudal.ask.effects_asked import Effect, Quantity
from caudal.ask.quantities import quantity
from caudal.compute.content import Corridor
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.fork import Course, History, histories
from caudal.compute.posterior import Posterior
from caudal.engine.simulate import Forcing
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
    past = histories(corridor, posterior, history, members)
    out: dict[tuple[str, str], Runs] = {}
    with ThreadPoolExecutor(workers) as pool:
        datasets = list(pool.map(lambda h: h.dataset(h.play()), past))
        for i, effect in enumerate(asked):
            law = corridor.law.overlaid(effect.policies) if effect.policies else corridor.law
            changed = forcing(corridor, law, counted, changes=effect.drivers)
            ask = partial(_asked, effect=effect, changed=changed, quantities=quantities)
            parts = list(pool.map(ask, past, datasets))
            for name in effect.quantities:
                was, without = (np.concatenate([p[name][k] for p in parts]) for k in (0, 1))
                out[effect.id, name] = Runs(was, without)
            if progress is not None:
                progress(i + 1, len(asked))
    return out


def _asked(
    past: History, was: xr.Dataset, effect: Effect, changed: Forcing,
    quantities: Mapping[str, Quantity],
) -> dict[str, tuple[np.ndarray, np.ndarray]]:  # fmt: skip
    """Each quantity of an effect under a chunk of draws, as it was and without, (member,) each."""
    course, until = Course(changed), (effect.period[1] - changed.start).days
    apart = past.parting(course) < until
    without = past.dataset(past.fork(course, until)) if apart else was
    out = {}
    for name in effect.quantities:
        of = quantities[name].expression
        values = [quantity(of, effect.period, ds, effect.id) for ds in (was, without)]
        out[name] = (values[0], values[1])
    return out
