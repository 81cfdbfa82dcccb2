"""A run: a scenario × an ensemble, in chunks of one padded size, on as many threads as asked for.

The past is each draw as it was learned: numbered by draw, with the posterior's seed, so that it
repeats what the counts taught. From the first month that was not counted, members go on by their
own number and the user's seed. A chunk knows nothing of the others, which makes the results the
same on one thread and on many, and a member the same in any company. One exception: a lone member of
the `expected` sampler, asked for where an answer must come at once, runs in a chunk of one, four
times as fast; it is the first member of any ensemble but for rounding (a few parts in a million).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from threading import Event, Lock
from typing import Any

import numpy as np
import xarray as xr

from caudal.compute import cache
from caudal.compute.content import Corridor

cache.enable()  # before the engine: Numba reads its setting when it is imported

from caudal.compute.asked import MOST_MEMBERS as MOST_MEMBERS  # noqa: E402, PLC0414
from caudal.compute.asked import asked, in_range, not_learned  # noqa: E402
from caudal.compute.forcing import forcing  # noqa: E402
from caudal.compute.posterior import Posterior  # noqa: E402
from caudal.engine.graph import Model  # noqa: E402
from caudal.engine.simulate import Chunk, Forcing, Months, Sampler, Simulator  # noqa: E402
from caudal.engine.state import joined as together  # noqa: E402
from caudal.policy.scenario import Scenario  # noqa: E402

CHUNK = 16
"""Members that run together; the last chunk is padded, so that one compiled function serves all."""

Progress = Callable[[int, int], None]
Runnable = Corridor


@dataclass(frozen=True)
class Result:
    """A finished run.

    months      everything that was run, from the corridor's beginning; member last
    start, end  the months reported, [start, end)
    first_forecast  the first month that no count was learned from
    drawn       parameters that the draws do not know: from their priors
    law         under which it ran; inputs: what it rests on, and the run's id is their hash
    """

    corridor: Runnable
    scenario: Scenario
    law: Any
    months: Months
    members: np.ndarray
    start: date
    end: date
    first_forecast: date
    drawn: tuple[str, ...]
    inputs: Mapping[str, Any]
    id: str

    def dataset(self) -> xr.Dataset:
        """The results as named variables, with the recipe in the attributes."""
        skip = months_between(self.corridor.begins, self.start)
        ds = self.corridor.dataset(self.months, skip, self.members)
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
    workers: int = 2,
    progress: Progress | None = None,
    off: str = "",
) -> Result:
    """Run a scenario of a corridor.

    seed      of what lies beyond the last count
    start     first month of the results (the corridor is always run from its beginning)
    end       first month no longer run; default the scenario's horizon after the last count
    workers   threads; nothing but the time depends on it
    progress  called with (steps done, steps in all), from any thread, one call at a time
    off       name of a mechanism that is to do nothing: its own `off` values are put in place

    Raises CaudalError for an unknown scenario, parameter, driver, policy, sampler or date, for a
    number out of range, and where there are no learned draws or their weather is not the model's.
    Warns of parameters that were not learned: they are drawn from their priors.
    """
    in_range("workers", workers, 1, 64)
    a = asked(
        corridor, scenario, members=members, seed=seed, sampler=sampler, start=start, end=end,
        off=off,
    )  # fmt: skip
    outside = forcing(corridor, a.law, a.end, changes=a.document.drivers)
    if a.drawn:
        warnings.warn(not_learned(a.drawn), stacklevel=2)

    numbers = np.arange(members)
    # one month of weather more than is run: the last month leans toward the next one
    plan = _Plan(a.posterior, a.counted, seed, sampler, len(outside.months) + 1, a.fixed)
    months = _run(corridor, outside, plan, numbers, workers=workers, progress=progress)
    return Result(
        corridor, a.document, a.law, months, numbers, a.start, a.end, a.counted, a.drawn,
        a.inputs, a.id,
    )  # fmt: skip


_SIMULATORS: dict[tuple[int, int], Simulator] = {}
_BUILDING = Lock()


def simulator(model: Model, substeps: int = 1) -> Simulator:
    """The compiled functions of a model, once a process."""
    with _BUILDING:
        # the simulator holds its model, so that the id stays the model's own
        return _SIMULATORS.setdefault((id(model), substeps), Simulator(model, substeps))


def months_between(start: date, end: date) -> int:
    """Whole months from one first of a month to another."""
    return (end.year - start.year) * 12 + end.month - start.month


@dataclass(frozen=True)
class _Plan:
    """How to run a chunk: the learned draws, where they end, and what then."""

    posterior: Posterior
    counted: date
    seed: int
    sampler: Sampler
    months: int
    overrides: Mapping[str, np.ndarray]

    def chunk(self, corridor: Corridor, members: np.ndarray) -> Chunk:
        made = self.posterior.future(corridor, members, self.months, self.seed)
        p = {
            k: np.broadcast_to(self.overrides[k][..., None], v.shape).astype(np.float32)
            if k in self.overrides
            else v
            for k, v in made.p.items()
        }
        return made._replace(p=p)


def _run(
    corridor: Corridor,
    outside: Forcing,
    plan: _Plan,
    members: np.ndarray,
    *,
    workers: int,
    progress: Progress | None,
) -> Months:
    engine = simulator(corridor.model)
    stops = _stops(outside, engine.months, (plan.counted - outside.start).days)
    size = 1 if len(members) == 1 and plan.sampler == "expected" else CHUNK
    parts = [members[i : i + size] for i in range(0, len(members), size)]
    done, total, lock, stop = 0, len(parts) * len(stops), Lock(), Event()

    def tick() -> None:
        nonlocal done
        with lock:
            done += 1
            if progress is not None:
                progress(done, total)

    def one(part: np.ndarray) -> Months:
        padded = np.concatenate([part, np.repeat(part[-1:], size - len(part))])
        chunk = plan.chunk(corridor, padded)
        state = engine.start(size, list(outside.rules), chunk.p)
        turn = (plan.counted - outside.start).days
        outs = []
        for until in stops:
            if stop.is_set():
                break
            past = state.day < turn
            mine = chunk._replace(numbers=padded % plan.posterior.draws) if past else chunk
            seed = plan.posterior.seed if past else plan.seed
            state, out = engine.advance(state, mine, outside, until, seed, plan.sampler)
            outs.append(out)
            tick()
        return _first(joined(outs), len(part))

    _warm(engine, plan.chunk(corridor, np.repeat(members[:1], size)), outside, plan)
    with ThreadPoolExecutor(workers) as pool:
        try:
            return side_by_side(list(pool.map(one, parts)))
        except BaseException:
            stop.set()
            raise


def _warm(engine: Simulator, chunk: Chunk, outside: Forcing, plan: _Plan) -> None:
    """Compile, and lay out the forcing, before threads would each do it at the same time."""
    for block in range(0, len(outside.months), engine.months):
        outside.block(block, engine.months)
    state = engine.start(len(chunk.numbers), list(outside.rules), chunk.p)
    engine.advance(state, chunk, outside, 1, plan.seed, plan.sampler)


def _stops(outside: Forcing, size: int, turn: int) -> list[int]:
    """Days at which a chunk reports its progress; `turn` is one of them if the run reaches it."""
    ends = [sum(outside.months[i - 1]) for i in range(size, len(outside.months), size)]
    return sorted({*ends, outside.days, *([turn] if turn < outside.days else [])})


def joined(parts: Sequence[Months]) -> Months:
    """Months that follow one another as one."""
    return together([part for part in parts if len(part.people)])


def side_by_side(parts: Sequence[Months]) -> Months:
    """Months of several chunks as one, along the member axis."""
    return together(parts, axis=-1)


def _first(months: Months, members: int) -> Months:
    """Without the members that only fill the chunk."""
    return months.changed(lambda v: v[..., :members])
