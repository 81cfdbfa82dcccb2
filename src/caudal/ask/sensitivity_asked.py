"""What a sensitivity is asked of, checked before any time is spent: outcomes, constants, rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import numpy as np

from caudal.ask.indices import Design, Method, design, rows
from caudal.ask.outcomes import Outcome
from caudal.compute.asked import dates, fits, in_range, overrides
from caudal.compute.chunks import CHUNK
from caudal.compute.content import Corridor
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.posterior import Posterior, load
from caudal.compute.run import Runnable
from caudal.engine.simulate import Forcing
from caudal.errors import CaudalError
from caudal.policy.marks import nearest

Over = Literal["prior", "posterior"]
By = Literal["constant", "mechanism"]

MOST_RUNS = 20_000
"""Some hours on two cores."""
MOST_SOBOL = 12
"""Factors for which Sobol' indices are asked: beyond, their rows cost more than Morris can tell."""
SAMPLES: dict[str, int] = {"morris": 10, "sobol": 64}
"""Trajectories (10 is Campolongo's least) and base rows, unless told."""


@dataclass(frozen=True)
class Plan:
    """What is asked, checked, before any time is spent."""

    design: Design
    outcomes: tuple[Outcome, ...]
    period: tuple[date, date]
    over: Over
    by: By
    draws: int
    seed: int
    scenario: str
    fixed: Mapping[str, np.ndarray]
    forcing: Forcing
    posterior: Posterior

    @property
    def runs(self) -> int:
        """How many members are run."""
        return len(self.design.points) * self.draws

    @property
    def chunks(self) -> int:
        """How many chunks of members, with one for each draw's own constants."""
        return self.draws * (1 + -(-len(self.design.points) // CHUNK))


def plan(
    corridor: Runnable,
    outcomes: Sequence[Outcome],
    *,
    start: str | date | None,
    end: str | date | None,
    method: Method = "morris",
    constants: Sequence[str] = ("all",),
    by: By = "constant",
    over: Over = "prior",
    samples: int | None = None,
    draws: int = 1,
    scenario: str = "baseline",
    seed: int = 0,
) -> Plan:
    """Check a question.

    constants  names, or "all": every constant that counts may speak of
    samples    trajectories of Morris, base rows of Sobol'; draws: of how many draws it is asked

    Raises CaudalError for what is unknown or out of range, for a constant that cannot vary, for more
    than MOST_SOBOL factors with Sobol', and for more than MOST_RUNS runs.
    """
    for option, word, known in (("--by", by, get_args(By)), ("--over", over, get_args(Over)),
                                ("--method", method, get_args(Method))):  # fmt: skip
        if word not in known:
            raise CaudalError(option, f"unknown word {word!r}", ", ".join(known))
    in_range("--seed", seed, 0, 2**31 - 1)
    document = corridor.scenario(scenario)
    fixed = overrides(document, corridor.priors)
    names = _constants(corridor, constants, fixed)
    groups = [corridor.priors[name].mechanism for name in names] if by == "mechanism" else names
    factors = len(set(groups))
    if method == "sobol" and factors > MOST_SOBOL:
        allowed = f"at most {MOST_SOBOL}; morris screens them all"
        raise CaudalError("--constants", f"{factors} with sobol", allowed)
    number = SAMPLES[method] if samples is None else samples
    learned = load(corridor.posterior)
    fits(corridor, learned)
    in_range("--draws", draws, 1, learned.draws)
    if rows(method, factors, number) * draws > MOST_RUNS:
        most = MOST_RUNS // (rows(method, factors, 1) * draws)
        asked = rows(method, factors, number) * draws
        allowed = (
            f"at most {MOST_RUNS:,}: --samples {most}" if most > 1 else f"at most {MOST_RUNS:,}"
        )
        raise CaudalError("--samples", f"{asked:,} runs", allowed)
    made = design(method, names, number, seed, groups)
    posterior, _ = learned.completed(corridor.priors)
    counted = month_ends(corridor.begins, posterior.months)[-1]
    period = dates(corridor, document, counted, start, end)
    outside = forcing(corridor, document.law(corridor.law), period[1], changes=document.drivers)
    return Plan(made, tuple(outcomes), period, over, by, draws, seed, scenario, fixed, outside,
                posterior)  # fmt: skip


def _constants(
    corridor: Corridor, asked: Sequence[str], fixed: Mapping[str, np.ndarray]
) -> list[str]:
    """Names of the constants that vary, in the order of the priors."""
    priors = corridor.priors
    if list(asked) == ["all"]:
        return [n for n in corridor.learned() if priors[n].sd > 0 and n not in fixed]
    for name in asked:
        if name not in priors:
            raise CaudalError("--constants", f"unknown constant '{name}'", nearest(name, priors))
        if not priors[name].sd > 0:
            raise CaudalError("--constants", f"'{name}' is known exactly", "one with a spread")
        if name in fixed:
            raise CaudalError("--constants", f"'{name}' is set by the scenario", "another one")
    if len(set(asked)) < len(asked) or not asked:
        found = "a constant twice" if asked else "no constant"
        raise CaudalError("--constants", found, "each once, or all")
    return [name for name in priors if name in set(asked)]
