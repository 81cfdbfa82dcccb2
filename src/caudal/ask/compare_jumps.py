"""Jumps of the weather that a policy may have caused, and an arm's weather without them.

The draws' weather follows the counts under the law as it was. Where a policy began and the model had
no mechanism for all that it did, the rest was taken for weather: a jump in that month. The history
with the policy keeps such a jump; one without the policy should not. So, for each arm:

onset   a month in which the law as it was makes a step (a lever changes from one day to the next,
        for some group or place) that the arm does not make: neither the same nor more of it
jump    in an onset month or the one after it, a path of the weather that changes against the month
        before, in the mean of the draws, by more than TWICE the root mean square of its changes
        over all counted months. Of paths by nationality or unit, only those of the nationalities
        and units that the month's steps are about, if any of its steps says so
taken out   each member loses its own change of that month: d[t] = w[t] − w[t−1]; what is left of d
        later fades as the weather's process says, and all other changes stay

                d[s+1] = d[s] + revert × (μ[s] − d[s]),   μ[s+1] = μ[s] + learn × (d[s+1] − μ[s])

The months are those before the comparison's end. Drivers make no onsets: they move all the time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from caudal.compute.content import Corridor
from caudal.compute.posterior import Posterior
from caudal.engine.simulate import Chunk, Forcing

TWICE = 2.0
"""How many times its usual change a path must change to have jumped: assumed."""


class Jump(NamedTuple):
    """One path that jumps: name of the weather, its cell, the month since the corridor begins."""

    weather: str
    cell: tuple[int, ...]
    month: int
    change: float


Onsets = dict[int, dict[str, np.ndarray]]
"""Month since the corridor begins → axis → which of its labels the month's steps are about."""


def onsets(levers: Mapping[str, Any], was: Forcing, arm: Forcing) -> Onsets:
    """Months in which the law as it was makes a step that the arm lacks.

    levers  by name, with their axes (`dims`); a lever without one says nothing of that axis
    was     under the law as it was; arm: of the comparison, as long or shorter
    """
    days = min(was.days, arm.days)
    pairs = [(n, v, arm.law.get(n)) for n, v in was.law.items()]
    for trigger, tables in was.on.items():
        theirs = arm.on.get(trigger, {})
        pairs += [(n, v, theirs.get(n)) for n, v in tables.items()]
    pairs += [("", v, arm.rules.get(n)) for n, v in was.rules.items()]
    out: Onsets = {}
    for name, mine, theirs in pairs:
        made = _steps(mine, days)
        follows = np.zeros_like(made) if theirs is None else _steps(theirs, days)
        lacks = (made != 0) & (np.abs(made) - np.sign(made) * follows > 1e-6 * np.abs(made))
        dims = levers[name].dims if name in levers else ()
        for month, (first, n) in enumerate(was.months):
            here = lacks[first : first + n]
            if not here.any():
                continue
            cells = here.any(0)
            about = out.setdefault(month, {})
            for axis, dim in enumerate(dims):
                rest = tuple(i for i in range(len(dims)) if i != axis)
                about[dim] = cells.any(rest) | about.get(dim, np.zeros((), bool))
    return out


def jumps(corridor: Corridor, posterior: Posterior, found: Onsets, until: int) -> list[Jump]:
    """The paths that jump at these onsets, before month `until`, in the order of time."""
    dims = {w.name: w.dims for made in corridor.model.mechanisms for w in made.weather}
    out = set()
    for name in corridor.processes:
        mean = posterior.weather[name].astype(np.float64).mean(-1)
        change = np.diff(mean, axis=0)[: posterior.months - 1]  # change[t − 1] is that of month t
        usual = np.sqrt((change**2).mean(0))
        for onset, about in found.items():
            for month in (onset, onset + 1):
                if not 1 <= month <= len(change) or month >= until:
                    continue
                here = change[month - 1]
                jumped = (np.abs(here) > TWICE * usual) & (usual > 0) & _about(dims[name], about)
                for cell in np.argwhere(jumped):
                    at = tuple(int(i) for i in cell)
                    out.add(Jump(name, at, month, float(here[at])))
    return sorted(out, key=lambda j: (j.month, j.weather, j.cell))


def _about(dims: Sequence[str], about: Mapping[str, np.ndarray]) -> np.ndarray:
    """Which cells of a path an onset is about: all along an axis of which it says nothing."""
    mask = np.ones((), bool)
    for axis, dim in enumerate(dims):
        if dim in about:
            shape = [1] * len(dims)
            shape[axis] = -1
            mask = mask & about[dim].reshape(shape)
    return mask


def in_words(corridor: Corridor, found: Sequence[Jump]) -> list[dict[str, Any]]:
    """Jumps with names for their cells: weather, where, month (YYYY-MM), change."""
    labels = {axis: list(names) for axis, names in corridor.labels().items()}
    dims = {w.name: w.dims for m in corridor.model.mechanisms for w in m.weather}
    begins = corridor.begins.year * 12 + corridor.begins.month - 1
    out = []
    for jump in found:
        cell = [
            labels[dim][at] if dim in labels else str(at)
            for dim, at in zip(dims[jump.weather], jump.cell, strict=True)
        ]
        year, month = divmod(begins + jump.month, 12)
        out.append({"weather": jump.weather, "where": " ".join(cell),
                    "month": f"{year}-{month + 1:02d}", "change": jump.change})  # fmt: skip
    return out


def without(corridor: Corridor, found: Sequence[Jump]) -> Callable[[Chunk], Chunk]:
    """What takes these jumps out of a chunk's weather."""
    by_name: dict[str, list[Jump]] = {}
    for jump in found:
        by_name.setdefault(jump.weather, []).append(jump)

    def change(chunk: Chunk) -> Chunk:
        weather = dict(chunk.weather)
        for name, here in by_name.items():
            path, process = weather[name].copy(), corridor.processes[name]
            for jump in here:
                at = (..., *jump.cell, slice(None))
                own = weather[name][at]
                left = own[jump.month] - own[jump.month - 1]
                path[(slice(jump.month, None), *jump.cell)] -= fading(
                    left, len(path) - jump.month, process.revert, process.learn
                )
            weather[name] = path
        return chunk._replace(weather=weather)

    return change


def fading(first: np.ndarray, months: int, revert: float, learn: float) -> np.ndarray:
    """What is left of a change in each month from its own on, (month, member).

    >>> fading(np.array([1.0]), 3, 0.0, 0.05)[:, 0].tolist()
    [1.0, 1.0, 1.0]
    """
    out, mean = np.empty((months, *first.shape), np.float32), learn * first
    left = first
    for month in range(months):
        out[month] = left
        left = left + revert * (mean - left)
        mean = mean + learn * (left - mean)
    return out


def _steps(values: np.ndarray, days: int) -> np.ndarray:
    """Change of each day against the day before, (day, …); none on the first."""
    finite = np.nan_to_num(np.asarray(values[:days], np.float64), posinf=1e12, neginf=-1e12)
    return np.diff(finite, axis=0, prepend=finite[:1])
