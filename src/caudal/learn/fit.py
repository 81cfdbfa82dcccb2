"""Fit a corridor to its counts: weather given constants, constants by the weather they leave over.

    1  find the likeliest weather of histories whose constants differ one by one, and from what they
       leave over the posterior of the constants (`constants`), the weather being marginalised
    2  draw constants from it, and weather given them (`smoother`); keep a set of draws

Every draw is a run of the model; run again from its file it ends in the same state. With a folder to
work in, the posterior of each round is kept there, and a fit that was stopped goes on from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from caudal.compute.content import Corridor
from caudal.compute.forcing import forcing, month_ends
from caudal.compute.posterior import Posterior
from caudal.compute.store import kept, versions
from caudal.engine.priors import Prior
from caudal.engine.simulate import Forcing
from caudal.learn import record
from caudal.learn.constants import Evidence, Moved, design, directions, draw, learn
from caudal.learn.smoother import Settings, Smoother
from caudal.learn.targets import spoken_of

Progress = Callable[[str, int, int], None]
LEAST_STEP = 0.2
"""Least difference step, in prior sds: slopes about a posterior are taken across its own bulk."""
SETTLING = 6
"""Months that the filter takes to find its levels: surprises of a level fade below a tenth by then."""
SAID = 0.03
"""Information (in prior precisions) below which counts are taken to say nothing of a constant."""
ROUNDS = 2
"""How often slopes are taken for the shipped draws: about the prior's centre, then the posterior's."""


@dataclass(frozen=True)
class Fitted:
    """A posterior and what the counts did to the constants.

    observed  what it was fitted to
    """

    posterior: Posterior
    moved: Moved
    observed: Any


def first_counted(observed: Any) -> int:
    """First month (number since the corridor begins) whose counts are taken in."""
    return int(np.flatnonzero(~np.isnan(observed.arrays[observed.leads]).any(1))[0])


def spread(
    corridor: Corridor, observed: Any, settings: Settings
) -> Callable[[int], dict[str, np.ndarray]]:
    """Innovation sd of adaptive processes for a month, from the counts of the months before it."""
    logs = observed.logs()
    starts = {k: p.sd for k, p in corridor.processes.items() if p.adaptive}
    return lambda month: {
        k: trailing_spread(logs, month, settings, start) for k, start in starts.items()
    }


def fit(
    corridor: Corridor,
    settings: Settings | None = None,
    progress: Progress | None = None,
    about: Mapping[str, Any] | None = None,
    rounds: int = ROUNDS,
    work: Path | None = None,
) -> Fitted:
    """Fit to everything counted so far.

    rounds  how often slopes of constants are taken; work: folder for what is finished
    """
    settings = settings or Settings()
    observed = corridor.observed(corridor.begins, date(2100, 1, 1))
    last = observed.last(observed.leads) + 1
    end = month_ends(corridor.begins, last)[-1]
    observed = observed.until(last)
    outside = forcing(corridor, corridor.law, end)
    first = first_counted(observed)
    moved = learn_constants(
        corridor, corridor.priors, outside, observed, (first, last), settings,
        rounds=rounds, progress=progress, work=work,
    )  # fmt: skip
    z = draw(corridor.priors, moved, settings.members, settings.seed)
    # the shipped history may look further back: it is for describing, not for scoring
    final = Smoother(corridor, outside, replace(settings, lag=settings.lag + 1), z=z)
    learned = final.run(
        observed, first, last, spread(corridor, observed, settings),
        progress=_telling(progress, "weather"),
    )  # fmt: skip
    posterior = Posterior(
        z=learned.z,
        weather={k: v[: last + 1] for k, v in final.weather.items()},
        mean={k: p.mean for k, p in learned.paths.items()},
        sd=learned.sd,
        seed=settings.seed,
        months=last,
        about={
            **(about or {}),
            "settings": {k: v for k, v in settings.__dict__.items()},
            "constants": record.constants(moved),
            "weights": {k: round(v, 4) for k, v in moved.weights.items()},
            "innovations": record.innovations(final),
            "misfit": record.misfit(final),
        },
    )
    return Fitted(posterior, moved, observed)


def learn_constants(
    corridor: Corridor,
    priors: Mapping[str, Prior],
    outside: Forcing,
    observed: Any,
    months: tuple[int, int],
    settings: Settings,
    *,
    names: Collection[str] | None = None,
    targets: bool = True,
    late: Mapping[str, int] | None = None,
    rounds: int = 1,
    progress: Progress | None = None,
    work: Path | None = None,
) -> Moved:
    """Posterior of the constants that histories differ by, from counts of months [first, last).

    names    which may differ; default all that the corridor says counts may speak of
    targets  whether series that speak of constants directly are used too
    rounds   how often the slopes are taken, each time about the posterior mean of the last; from
             the second on only of those that the first found the counts to speak of
    work     folder in which the posterior of each round is kept; only for priors, history and
             counts as they stand today, as files are not named after them
    """
    given = directions(priors, names or corridor.learned(), *corridor.apart)
    at: dict[str, float] = {}
    steps: dict[str, float] = {}
    moved: Moved | None = None
    for number in range(rounds):
        if moved is not None:
            said = moved.spoken_of(SAID)
            # the inert constant is carried through every round: it must not contract in any
            given = [d for d in given if d.name in said or priors[d.name].mechanism == "control"]
        label = f"constants, round {number + 1} of {rounds}"

        def make(given=given, at=at, steps=steps, label=label) -> Mapping[str, np.ndarray]:
            own = replace(settings, members=1 + 2 * len(given), drawn=False)
            sizes = spread(corridor, observed, own)
            smoother = Smoother(corridor, outside, own, priors, design(priors, given, at, steps))
            smoother.run(observed, *months, sizes, progress=_telling(progress, label), late=late)
            evidence = surprises(smoother, corridor.apart[1])
            if targets:
                evidence += spoken_of(smoother, corridor.targets(), months[1], corridor.apart[1])
            return learn(evidence, given, at, steps).arrays()

        key = {
            "months": months, "targets": targets, "at": at, "steps": steps,
            "given": [d.names for d in given], "corridor": corridor.name,
            **rests_on(corridor, replace(settings, members=1)),
        }  # fmt: skip
        last, moved = moved, Moved.of(kept(work, "round", key, make))
        if last is not None:
            moved = moved.wider(last)
        at = dict(zip(moved.names, moved.mean.tolist(), strict=True))
        steps = dict(zip(moved.names, np.maximum(moved.sd, LEAST_STEP).tolist(), strict=True))
    assert moved is not None
    return moved


def rests_on(corridor: Corridor, settings: Settings) -> dict[str, Any]:
    """All that decides what is learned: data, model, this code, settings (not how many threads)."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.name != "record.py":  # it tells what was learned, and decides nothing
            digest.update(path.read_bytes())
    return {
        **versions(corridor),
        "learning": digest.hexdigest()[:12],
        "settings": asdict(replace(settings, threads=1)),
    }


def surprises(smoother: Smoother, cells: int) -> list[Evidence]:
    """How the months surprised, by block, without the first ones.

    While levels are still being found a surprise is larger than S, which is that of settled months,
    and would be read as news of every constant that has to do with levels.
    """
    out = []
    months = sorted(smoother.surprise)[SETTLING:]
    for number, block in enumerate(smoother.blocks):
        values = np.stack([smoother.surprise[m][number] for m in months], 2)
        own, kinds, times, members = values.shape
        flat = values.reshape(own * kinds, times, members)
        # a block of one cell only speaks of all, however many series it has
        belongs = np.repeat(np.arange(own), kinds) if own == cells else np.full(own * kinds, -1)
        out.append(Evidence(block.name, flat, belongs, kinds))
    return out


def _telling(progress: Progress | None, label: str) -> Callable[[int, int], None]:
    def tell(done: int, of: int) -> None:
        if progress is not None:
            progress(label, done, of)

    return tell


def trailing_spread(logs: np.ndarray, month: int, settings: Settings, start: float) -> np.ndarray:
    """Spread of month-to-month changes over the last months before `month`, (cell,).

    logs (month, cell), NaN where not counted; `start` where there is too little to go by.
    """
    past = logs[max(0, month - settings.window - 1) : month]
    change = np.diff(past, axis=0)
    few = (~np.isnan(change)).sum(0) < 6
    with np.errstate(invalid="ignore"):
        size = np.sqrt(np.nanmean(np.where(np.isnan(change), np.nan, change) ** 2, 0))
    sd = np.where(few, start, settings.spread * np.nan_to_num(size, nan=start))
    return np.clip(sd, settings.least_sd, settings.most_sd)
