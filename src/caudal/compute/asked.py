"""What was asked of a run, checked before any time is spent: numbers, months, parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import numpy as np

from caudal.compute.content import Corridor
from caudal.compute.forcing import month_ends
from caudal.compute.posterior import Posterior, load
from caudal.compute.store import file_hash, run_id, versions
from caudal.engine.priors import Prior
from caudal.engine.simulate import Sampler
from caudal.errors import CaudalError
from caudal.policy.marks import nearest
from caudal.policy.scenario import Scenario

MOST_MEMBERS = 1000
"""About where the results of a run reach the memory that a laptop can spare (3 GB)."""
MOST_STORED = 100_000
"""Where results go to files, which take about a gigabyte for 10,000 members and a year."""
MOST_MONTHS_AHEAD = 24
"""Beyond two years the model's law and weather say nothing that the past could have taught."""
SHOWN = 3
"""Names of parameters that a sentence lists; a run's Dataset holds all of them."""


@dataclass(frozen=True)
class Asked:
    """What a run was asked for, checked, and the id that it will have.

    fixed    constants that the scenario or a switched-off mechanism fixes
    counted  the first month that no count was learned from; drawn: parameters newer than the draws
    start, end  the months reported, [start, end); inputs: what the run's id is the hash of
    """

    document: Scenario
    law: Any
    fixed: Mapping[str, np.ndarray]
    posterior: Posterior
    drawn: tuple[str, ...]
    counted: date
    start: date
    end: date
    inputs: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The run's id."""
        return run_id({k: v for k, v in self.inputs.items() if k != "asked"})


def asked(
    corridor: Any,
    scenario: Scenario | str = "baseline",
    *,
    members: int = 96,
    seed: int = 0,
    sampler: Sampler = "expected",
    start: date | str | None = None,
    end: date | str | None = None,
    off: str = "",
    most: int = MOST_MEMBERS,
) -> Asked:
    """Check what is asked of a run, as `simulate` does before it runs; its id without running it.

    most  members
    """
    in_range("--members", members, 1, most)
    in_range("--seed", seed, 0, 2**31 - 1)
    if sampler not in get_args(Sampler):
        raise CaudalError("--sampler", f"unknown sampler {sampler!r}", ", ".join(get_args(Sampler)))
    name = scenario if isinstance(scenario, str) else scenario.name
    document = corridor.scenario(scenario) if isinstance(scenario, str) else scenario
    law = document.law(corridor.law)
    fixed = dict(overrides(document, corridor.priors))
    if off:
        for parameter, value in corridor.model.mechanism(off).off.items():
            fixed[parameter] = np.full(corridor.priors[parameter].centre.shape, value)
    learned = load(corridor.posterior)
    fits(corridor, learned)
    posterior, new = learned.completed(corridor.priors)
    counted = month_ends(corridor.begins, posterior.months)[-1]
    first, last = dates(corridor, document, counted, start, end)
    inputs = {
        "asked": name,
        "scenario": document.as_yaml(),
        "law": law.fingerprint(),
        "members": members,
        "seed": seed,
        "sampler": sampler,
        "start": first,
        "end": last,
        "posterior": file_hash(corridor.posterior),
        **versions(corridor),
    }
    if off:
        inputs["off"] = off
    drawn = tuple(parameter for parameter in new if parameter not in fixed)
    return Asked(document, law, fixed, posterior, drawn, counted, first, last, inputs)


def in_range(option: str, value: int, low: int, high: int) -> None:
    """Refuse a number outside low … high."""
    if not low <= value <= high:
        raise CaudalError(option, f"{value}", f"{low} to {high}")


def dates(
    corridor: Corridor, scenario: Scenario, counted: date, start: Any, end: Any
) -> tuple[date, date]:
    """The months of the results, [first, last)."""
    earliest = corridor.reports_from
    ahead = month_ends(counted, MOST_MONTHS_AHEAD)[-1]
    first = _month("--from", start) or scenario.start or earliest
    where = "--from" if start else scenario.where("dates", "start")
    if first < earliest:
        found = f"{first:%Y-%m} is before the first month"
        raise CaudalError(where, found, f"from {earliest:%Y-%m}")
    last = _month("--to", end)
    where = "--to" if last else scenario.where("horizon")
    if last is None:
        history = scenario.end or counted
        last = [history, *month_ends(history, scenario.horizon)][-1]
    if last > ahead:
        raise CaudalError(
            where,
            f"{last:%Y-%m} is more than {MOST_MONTHS_AHEAD} months after the last count",
            f"to {ahead:%Y-%m}",
        )
    if last <= first:
        raise CaudalError(where, f"end {last:%Y-%m} not after start {first:%Y-%m}", "a later month")
    return first, last


def fits(corridor: Corridor, posterior: Posterior) -> None:
    """Refuse draws whose weather is not the model's: without it no draw follows the counts.

    Parameters may be missing: `Posterior.completed` draws those from their priors.
    """
    for made in corridor.model.mechanisms:
        for needed in made.weather:
            shape = (*corridor.model.shape(needed.dims), posterior.draws)
            learned = posterior.weather.get(needed.name)
            if learned is None or learned.shape[1:] != shape:
                where = corridor.posterior.name
                found = f"weather {needed.name!r} was not learned"
                raise CaudalError(where, found, "draws that know it: run `caudal fit`")


def not_learned(names: Sequence[str]) -> str:
    """One sentence on parameters that the draws do not know."""
    listed = ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")
    return (
        f"{len(names)} of the parameters {'was' if len(names) == 1 else 'were'} not learned from the "
        f"counts and drawn from {'its prior' if len(names) == 1 else 'their priors'} ({listed}); "
        "the rest was learned without them: `caudal fit` learns all together"
    )


def _month(option: str, given: date | str | None) -> date | None:
    """The first of a month, from a date, YYYY-MM or YYYY-MM-01."""
    if given is None:
        return None
    text = given.isoformat()[:10] if isinstance(given, date) else str(given)
    try:
        day = date.fromisoformat(f"{text}-01" if len(text) == 7 else text)
    except ValueError:
        raise CaudalError(option, f"{text!r} is no month", "YYYY-MM") from None
    if day.day != 1:
        raise CaudalError(option, f"{text!r} is inside a month", "YYYY-MM, or its first day")
    return day


def overrides(scenario: Scenario, priors: Mapping[str, Prior]) -> dict[str, np.ndarray]:
    """Parameter values that the scenario fixes, by name, each of its parameter's shape."""
    out = {}
    for name, given in scenario.parameters.items():
        where = scenario.where("parameters", name)
        if name not in priors:
            raise CaudalError(where, f"unknown parameter '{name}'", nearest(name, priors))
        prior = priors[name]
        try:
            value = np.broadcast_to(np.asarray(given, np.float64), prior.centre.shape)
        except (TypeError, ValueError):
            shape = " × ".join(map(str, prior.centre.shape))
            allowed = f"a number, or {shape} numbers" if shape else "a number"
            raise CaudalError(where, f"{given!r}", allowed) from None
        low = 0.0 if prior.form in ("lognormal", "logitnormal") else -np.inf
        high = 1.0 if prior.form == "logitnormal" else np.inf
        if not (np.isfinite(value).all() and (value >= low).all() and (value <= high).all()):
            bounds = "a finite number" if low < 0 else "0 to 1" if high == 1 else "0 or more"
            raise CaudalError(where, f"{given!r}", f"{bounds} ({prior.unit})")
        out[name] = value
    return out
