"""Compare: scenarios against a base, paired by draw and chance, over the months of a period.

For member m and outcome q over the period,

    difference[m] = q(scenario)[m] − q(base)[m]        relative[m] = difference[m] / q(base)[m]

Member m has the same constants, weather and chance in both, so that the difference is the
scenario's. The history that they share is run once and forked where they first differ
(`caudal.compute.fork`). Always two answers: with the weather as it was inferred, and with its jumps
at the policies' onsets taken out of the arm that lacks the policy (`caudal.ask.compare_jumps`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from caudal.ask.compare_asked import BOTH, WEATHERS, Asked, asked
from caudal.ask.compare_jumps import Jump, jumps, onsets
from caudal.ask.compare_plan import Plan, Progress, Told
from caudal.ask.compared import Measure, month_days
from caudal.compute.engines import Workers, engine_of
from caudal.compute.run import Runnable, months_between
from caudal.compute.store import file_hash, run_id, versions
from caudal.policy.scenario import Scenario


@dataclass(frozen=True)
class Comparison:
    """A finished comparison.

    dataset   see `compare`
    asked     what was run; measures: the outcomes, in order
    jumps     by scenario, what was taken out of its weather in `without-jumps`
    """

    dataset: xr.Dataset
    asked: Asked
    measures: tuple[Measure, ...]
    jumps: Mapping[str, tuple[Jump, ...]]


def compare(
    corridor: Runnable,
    measures: Sequence[Measure],
    base: Scenario | str,
    scenarios: Sequence[Scenario | str],
    *,
    members: int = 100,
    seed: int = 0,
    sampler: str = "expected",
    start: date | str | None = None,
    end: date | str | None = None,
    weather: str = BOTH,
    independent: bool = False,
    workers: Workers = 2,
    progress: Progress | None = None,
) -> Comparison:
    """Run a base and scenarios and lay their outcomes side by side.

    measures     outcomes, in the order wanted
    members      how many; over the past no more are run than were drawn
    seed         of what lies beyond the last count
    start, end   months compared, [start, end); default from the month in which the first scenario
                 parts to the last count (to the base's horizon where they part after it)
    weather      as-inferred, without-jumps or both
    workers      how many, or an engine; nothing but the time depends on it
    independent  also run each scenario with draws and noise that the base does not share

    The Dataset has dims scenario, weather, outcome, member, month:

        base, level (the scenario's), difference, relative    over the period, by member
        base_monthly, difference_monthly                      by member and month
        independent                                           level of unpaired members, if asked for

    The base has no dim scenario, `independent` no weather: it is as inferred. relative is NaN where
    the base has nothing. Attributes hold the recipe and, as JSON, the jumps.

    Raises CaudalError for an unknown scenario, a scenario named twice, one that does not differ
    from the base, contradicting overlays, months outside the corridor's, and numbers out of range.
    """
    todo = asked(corridor, [base, *scenarios], members=members, seed=seed, sampler=sampler,
                 start=start, end=end, weather=weather)  # fmt: skip
    last = months_between(corridor.begins, todo.end)
    found = [
        jumps(corridor, todo.posterior, onsets(corridor.law.levers, todo.was, arm.forcing), last)
        if WEATHERS[1] in todo.weather else [] for arm in todo.arms
    ]  # fmt: skip
    plan = Plan(corridor, todo, tuple(measures), found)
    told, other = plan.run(independent, engine_of(workers), progress)
    ds = _dataset(todo, plan.measures, told, other)
    every = {fields["id"] for fields in corridor.measures()}
    only = [] if {m.id for m in plan.measures} == every else [m.id for m in plan.measures]
    ds.attrs |= _about(corridor, todo, found, independent, only)
    by_name = {a.document.name: tuple(j) for a, j in zip(todo.arms, found, strict=True)}
    return Comparison(ds, todo, plan.measures, by_name)


def _dataset(
    todo: Asked, measures: Sequence[Measure], told: Told, other: Mapping[int, np.ndarray]
) -> xr.Dataset:
    months = pd.date_range(todo.start, todo.end, freq="MS", inclusive="left")
    days = month_days(months)

    def period(monthly: np.ndarray) -> np.ndarray:
        return np.stack([m.period(monthly[i].astype(np.float64), days)
                         for i, m in enumerate(measures)])  # fmt: skip

    others = range(1, len(todo.arms))
    base_monthly = np.stack([told[0, w] for w in todo.weather])
    level_monthly = np.stack([[told[i, w] for w in todo.weather] for i in others])
    base = np.stack([period(told[0, w]) for w in todo.weather])
    level = np.stack([[period(told[i, w]) for w in todo.weather] for i in others])
    difference = level - base
    none = np.full_like(difference, np.nan)
    relative = np.divide(difference, base, out=none, where=np.broadcast_to(base > 0, level.shape))
    of_base, of_all = ("weather", "outcome", "member"), ("scenario", "weather", "outcome", "member")
    ds = xr.Dataset(
        {
            "base": (of_base, base, {"long_name": "Base over the period"}),
            "level": (of_all, level, {"long_name": "Scenario over the period"}),
            "difference": (of_all, difference, {"long_name": "Scenario less base"}),
            "relative": (of_all, relative, {"long_name": "Difference against the base"}),
            "base_monthly": ((*of_base, "month"), base_monthly, {"long_name": "Base by month"}),
            "difference_monthly": ((*of_all, "month"), level_monthly - base_monthly,
                                   {"long_name": "Scenario less base by month"}),
        },
        coords={
            "scenario": [a.document.name for a in todo.arms[1:]],
            "weather": list(todo.weather),
            "outcome": [m.id for m in measures],
            "member": np.arange(todo.members),
            "month": months.to_numpy("datetime64[ns]"),
            **{key: ("outcome", [getattr(m, of) for m in measures]) for key, of in
               (("title", "en"), ("title_es", "es"), ("unit", "unit_en"), ("unit_es", "unit_es"),
                ("over", "over"), ("group", "group"))},
            "parts": ("scenario", [str(a.parts) for a in todo.arms[1:]]),
        },
    )  # fmt: skip
    if other:
        values = np.stack([period(other[i]) for i in others])
        ds["independent"] = (("scenario", "outcome", "member"), values,
                             {"long_name": "Scenario with draws and noise of its own"})  # fmt: skip
    return ds


def _about(
    corridor: Runnable, todo: Asked, found: Sequence[Sequence[Jump]], independent: bool,
    only: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    """Attributes: the recipe, what it rests on, and what was taken out of the weather.

    only: ids of the outcomes asked for, where not all were.
    """
    first, last = f"{todo.start:%Y-%m}", f"{todo.end:%Y-%m}"
    names = [a.asked for a in todo.arms]
    other = corridor.address
    weather = BOTH if len(todo.weather) > 1 else "".join(todo.weather)
    inputs: dict[str, Any] = {
        "scenarios": [a.document.as_yaml() for a in todo.arms], "members": todo.members,
        "seed": todo.seed, "sampler": todo.sampler, "start": todo.start, "end": todo.end,
        "weather": weather, "independent": independent, "posterior": file_hash(corridor.posterior),
        **({"outcomes": list(only)} if only else {}), **versions(corridor),
    }  # fmt: skip
    taken = {
        a.document.name: [j._asdict() for j in js] for a, js in zip(todo.arms, found, strict=True)
    }
    return {
        "run_id": run_id(inputs),
        "base_scenario": todo.arms[0].document.name,
        "data_vintage": inputs["data_vintage"],
        "code_version": inputs["code_version"],
        "first_forecast_month": f"{todo.counted:%Y-%m}",
        "distinct_members": todo.members,
        "jumps": json.dumps(taken),
        "recipe_command": f"caudal {f'--corridor {other} ' if other else ''}compare "
        f"{' '.join(names)} --from {first} --to {last} "
        f"--members {todo.members} --seed {todo.seed} --sampler {todo.sampler} "
        f"--weather {weather}{' --independent' if independent else ''}"
        + "".join(f" --outcome {name}" for name in only),
        "recipe_python": f"import caudal\nds = caudal.compare({', '.join(map(repr, names))}, "
        f"members={todo.members}, seed={todo.seed}, sampler={todo.sampler!r}, start={first!r}, "
        f"end={last!r}, weather={weather!r}"
        f"{', independent=True' if independent else ''}"
        f"{f', outcomes={list(only)!r}' if only else ''}"
        f"{f', corridor={other!r}' if other else ''})",
        **({"parameters_from_priors": " ".join(todo.drawn)} if todo.drawn else {}),
    }
