"""A run: a scenario × an ensemble, in chunks of one padded size, on as many threads as asked for.

The past is each draw as it was learned: numbered by draw, with the posterior's seed, so that it
repeats what the counts taught. It is run once a draw, or read where it is kept (`states`). From the
first month that was not counted, members go on from where their draws stand, by their own number and
the user's seed. A chunk knows nothing of the others, which makes the results the same on one thread
and on many, and a member the same in any company. One exception: a lone member of the `expected`
sampler, asked for where an answer must come at once, runs in a chunk of one, four times as fast; it is
the first member of any ensemble but for rounding (a few parts in a million).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from caudal.compute import cache
from caudal.compute.content import Corridor

cache.enable()  # before the engine: Numba reads its setting when it is imported

from caudal.compute import chunks  # noqa: E402
from caudal.compute.asked import MOST_MEMBERS as MOST_MEMBERS  # noqa: E402, PLC0414
from caudal.compute.asked import MOST_STORED, asked, not_learned  # noqa: E402
from caudal.compute.chunks import joined, side_by_side  # noqa: E402
from caudal.compute.chunks import simulator as simulator  # noqa: E402, PLC0414
from caudal.compute.engines import Workers, engine_of, in_order  # noqa: E402
from caudal.compute.engines.work import part_of  # noqa: E402
from caudal.compute.forcing import forcing  # noqa: E402
from caudal.compute.past import Pasts, since_reported  # noqa: E402
from caudal.compute.stored import Stored  # noqa: E402
from caudal.compute.stretches import Ahead, Told, counted_months  # noqa: E402
from caudal.engine.simulate import Months, Sampler  # noqa: E402
from caudal.policy.scenario import Scenario  # noqa: E402

Progress = Callable[[int, int], None]
Runnable = Corridor


@dataclass(frozen=True)
class Result:
    """A finished run.

    past, ahead   results by draw until the last count, then by member: the months run, from the
                  corridor's beginning; None where there are none, or none were wanted
    draws         the place of each member's draw in `past`, (member,)
    arrived       of each member's draw, as `Past.arrived`: (row, member)
    start, end    the months reported, [start, end)
    first_forecast  the first month that no count was learned from
    drawn         parameters that the draws do not know: from their priors
    law           under which it ran; inputs: what it rests on, and the run's id is their hash
    stored        the members' results where they are kept in files and not in `ahead`
    """

    corridor: Runnable
    scenario: Scenario
    law: Any
    past: Months | None
    ahead: Months | None
    draws: np.ndarray
    arrived: np.ndarray
    members: np.ndarray
    start: date
    end: date
    first_forecast: date
    drawn: tuple[str, ...]
    inputs: Mapping[str, Any]
    id: str
    stored: Stored | None = None

    @cached_property
    def months(self) -> Months:
        """Everything that was run, by member, which is last."""
        past = self.past
        if past is not None and not np.array_equal(self.draws, np.arange(past.people.shape[-1])):
            past = past.changed(lambda v: v[..., self.draws])
        return joined([part for part in (past, self.ahead) if part is not None])

    def dataset(self) -> xr.Dataset:
        """The results as named variables, with the recipe in the attributes."""
        skip = months_between(self.corridor.begins, self.start)
        parts: list[xr.Dataset] = []
        if self.past is not None and skip < len(self.past.people):
            numbers = np.arange(self.past.people.shape[-1])
            told = self.corridor.dataset(self.past, skip, numbers)
            if self.stored is not None:
                return self._named(self.stored.dataset(told, self.draws))
            members = ("member", self.members, told["member"].attrs)
            parts.append(told.isel(member=self.draws).assign_coords(member=members))
        if self.stored is not None:
            return self._named(self.stored.dataset())
        if self.ahead is not None:
            rest = max(skip - self.ahead.first, 0)
            told = since_reported(self.corridor.model, self.ahead, self.arrived)
            parts.append(self.corridor.dataset(told, rest, self.members))
        whole: Any = xr.concat(parts, "month") if len(parts) > 1 else parts[0]
        return self._named(whole)

    def _named(self, ds: xr.Dataset) -> xr.Dataset:
        command, python = self.recipe()
        return ds.assign_attrs(
            title=self.scenario.title.en,
            run_id=self.id,
            scenario=self.scenario.name,
            code_version=self.inputs["code_version"],
            data_vintage=self.inputs["data_vintage"],
            first_forecast_month=f"{self.first_forecast:%Y-%m}",
            recipe_command=command,
            recipe_python=python,
            **({"parameters_from_priors": " ".join(self.drawn)} if self.drawn else {}),
        )

    def recipe(self, document: str | None = None) -> tuple[str, str]:
        """The command and the Python that repeat this run.

        document  how to name the scenario, where it is no shipped one
        """
        i, name = self.inputs, document or self.inputs["asked"]
        first, last = f"{self.start:%Y-%m}", f"{self.end:%Y-%m}"
        other = self.corridor.address
        command = (
            f"caudal {f'--corridor {other} ' if other else ''}run {name} "
            f"--members {i['members']} --seed {i['seed']} --sampler {i['sampler']} "
            f"--from {first} --to {last}"
        )
        python = (
            f"import caudal\nds = caudal.simulate({name!r}, "
            f"{f'corridor={other!r}, ' if other else ''}members={i['members']}, "
            f"seed={i['seed']}, sampler={i['sampler']!r}, start={first!r}, end={last!r})"
        )
        return command, python


def simulate(
    corridor: Runnable,
    scenario: Scenario | str = "baseline",
    *,
    members: int = 96,
    seed: int = 0,
    sampler: Sampler = "expected",
    start: date | str | None = None,
    end: date | str | None = None,
    workers: Workers = 2,
    progress: Progress | None = None,
    off: str = "",
    reported: bool = False,
    store: Path | None = None,
) -> Result:
    """Run a scenario of a corridor.

    seed      of what lies beyond the last count
    start     first month of the results (the corridor is always run from its beginning)
    end       first month no longer run; default the scenario's horizon after the last count
    workers   how many, or an engine; nothing but the time depends on it
    progress  called with (steps done, steps in all), from any thread, one call at a time
    off       name of a mechanism that is to do nothing: its own `off` values are put in place
    reported  the reported months are all that is wanted: a run that reports none of the counted ones
              begins where the draws stood at the last count, if that is kept
    store     folder in which chunks are kept as they come (see `stored`): memory does not grow with
              the ensemble, and a run that was killed goes on. `Result.dataset()` is read when it is
              used; `Result.ahead` is None. Without it, up to MOST_MEMBERS are held in memory

    Raises CaudalError for an unknown scenario, parameter, driver, policy, sampler or date, for a
    number out of range, and where there are no learned draws or their weather is not the model's.
    Warns of parameters that were not learned: they are drawn from their priors.
    """
    there = engine_of(workers)
    a = asked(
        corridor, scenario, members=members, seed=seed, sampler=sampler, start=start, end=end,
        off=off, most=MOST_STORED if store else MOST_MEMBERS,
    )  # fmt: skip
    outside = forcing(corridor, a.law, max(a.end, a.counted), changes=a.document.drivers)
    if a.drawn:
        warnings.warn(not_learned(a.drawn), stacklevel=2)

    draws = np.arange(members) % a.posterior.draws
    alone = members == 1 and sampler == "expected"
    size = chunks.size_of(members, sampler)
    whole = not reported or a.start < a.counted
    counted = counted_months(corridor, a, outside, sampler, whole, alone)
    needed = [p for p in chunks.parts(np.arange(a.posterior.draws)) if p[0] <= draws.max()]
    parts = chunks.parts(np.arange(members), size) if a.end > a.counted else []

    done, total = len(needed) * counted.steps, len(needed) * counted.steps + len(parts)
    told = part_of(progress, 0, total)
    pasts = Pasts(in_order(there.map(counted, needed, steps=counted.steps, progress=told)))
    ahead = Ahead(corridor, a.posterior, outside, sampler, a.fixed, seed, pasts.ends(), size)
    stored, after = None, []
    if store is None:
        after = in_order(there.map(ahead, parts, progress=part_of(progress, done, total)))
    elif parts:
        stored = Stored(store / f".{a.id}.chunks", parts)
        left = stored.missing()
        skip = max(months_between(a.counted, a.start), 0)
        told = part_of(progress, total - len(left), total)
        for i, ds in there.map(Told(ahead, skip), [parts[n] for n in left], progress=told):
            stored.put(left[i], ds)
    past, months = pasts.months(), months_between(corridor.begins, min(a.end, a.counted))
    return Result(
        corridor, a.document, a.law, past and past.changed(lambda v: v[:months]),
        side_by_side(after) if after else None, draws, pasts.arrived(draws), np.arange(members),
        a.start, a.end, a.counted, a.drawn, a.inputs, a.id, stored,
    )  # fmt: skip


def months_between(start: date, end: date) -> int:
    """Whole months from one first of a month to another."""
    return (end.year - start.year) * 12 + end.month - start.month
