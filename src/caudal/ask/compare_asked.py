"""What is compared, checked before any time is spent: scenarios, months, members."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, get_args

import numpy as np

from caudal.compute.asked import dates, fits, in_range, not_learned, overrides
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.fork import differs
from caudal.compute.posterior import Posterior, load
from caudal.compute.run import MOST_MEMBERS, Runnable
from caudal.engine.forcing import Forcing
from caudal.engine.simulate import Sampler
from caudal.errors import CaudalError
from caudal.policy.scenario import Scenario

WEATHERS = ("as-inferred", "without-jumps")
BOTH = "both"


@dataclass(frozen=True)
class Arm:
    """One scenario of a comparison: its law and drivers by day, the constants that it fixes.

    asked  as the user named it; of a document at hand, the file that it would be
    parts  the first day on which it differs from the base; None for the base itself
    """

    asked: str
    document: Scenario
    forcing: Forcing
    fixed: Mapping[str, np.ndarray]
    parts: date | None


@dataclass(frozen=True)
class Asked:
    """A comparison to be run.

    arms       the base first; was: law and drivers as they were, under which the weather was learned
    start, end months compared, [start, end); counted: the first day that was not counted
    members    how many are run: over the past no more than draws, which would only come again
    drawn      constants that the draws do not know: from their priors
    """

    arms: tuple[Arm, ...]
    was: Forcing
    posterior: Posterior
    start: date
    end: date
    counted: date
    members: int
    seed: int
    sampler: Sampler
    weather: tuple[str, ...]
    drawn: tuple[str, ...]


def asked(
    corridor: Runnable,
    names: Sequence[str | Scenario],
    *,
    members: int,
    seed: int,
    sampler: Any,
    start: date | str | None,
    end: date | str | None,
    weather: str,
) -> Asked:
    """Read and check what is asked; the base is the first of `names`. Errors: see `compare`."""
    in_range("--members", members, 2, MOST_MEMBERS)
    in_range("--seed", seed, 0, 2**31 - 2)
    if sampler not in get_args(Sampler):
        raise CaudalError("--sampler", f"unknown sampler {sampler!r}", ", ".join(get_args(Sampler)))
    if weather not in (*WEATHERS, BOTH):
        raise CaudalError("--weather", repr(weather), ", ".join((*WEATHERS, BOTH)))
    if len(names) < 2:
        raise CaudalError("SCENARIO", "nothing to compare with the base", "at least one scenario")
    documents = [corridor.scenario(n) if isinstance(n, str) else n for n in names]
    seen: set[str] = set()
    for document in documents:
        if document.name in seen:
            raise CaudalError("SCENARIO", f"'{document.name}' twice", "each scenario once")
        seen.add(document.name)
    laws = [d.law(corridor.law) for d in documents]
    fixed = [overrides(d, corridor.priors) for d in documents]
    learned = load(corridor.posterior)
    fits(corridor, learned)
    posterior, new = learned.completed(corridor.priors)
    drawn = tuple(n for n in new if any(n not in f for f in fixed))
    counted = month_ends(corridor.begins, posterior.months)[-1]

    _, far = dates(corridor, documents[0], counted, None, end)
    outside = [forcing(corridor, w, far, changes=d.drivers)
               for w, d in zip(laws, documents, strict=True)]  # fmt: skip
    parts = [_parts(corridor, o, outside[0], f, fixed[0])
             for o, f in zip(outside[1:], fixed[1:], strict=True)]  # fmt: skip
    for document, day in zip(documents[1:], parts, strict=True):
        if day >= far:
            found = f"'{document.name}' is as '{documents[0].name}' before {far:%Y-%m}"
            raise CaudalError("SCENARIO", found, "a later --to, or another scenario")
    opens = max(min(parts).replace(day=1), corridor.reports_from)
    if end is None and opens < counted:
        far = counted
    first, last = dates(corridor, documents[0], counted, start or opens, far)
    arms = tuple(
        Arm(n if isinstance(n, str) else f"{n.name}.yaml", d,
            forcing(corridor, w, last, changes=d.drivers), f, p)
        for n, d, w, f, p in zip(names, documents, laws, fixed, (None, *parts), strict=True)
    )  # fmt: skip
    if drawn:
        warnings.warn(not_learned(drawn), stacklevel=3)
    run = members if last > counted else min(members, posterior.draws)
    kinds = WEATHERS if weather == BOTH else (weather,)
    return Asked(arms, forcing(corridor, corridor.law, last), posterior, first, last, counted, run,
                 seed, sampler, kinds, drawn)  # fmt: skip


def _parts(
    corridor: Runnable, one: Forcing, base: Forcing,
    fixed: Mapping[str, np.ndarray], of_base: Mapping[str, np.ndarray],
) -> date:  # fmt: skip
    same = set(fixed) == set(of_base) and all(
        np.array_equal(v, of_base[k]) for k, v in fixed.items()
    )
    return corridor.begins + timedelta(differs(base, one) if same else 0)
