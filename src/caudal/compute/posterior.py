"""What was learned, as a file: draws of constants and weather, each with its end state.

A run of the past takes the draws as they are; beyond the last counted month, the weather moves on
by its processes, keyed by (seed, member). A forecast may start from the shipped end states, and a
member's history, run again from its draw, ends in just that state.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from caudal.compute.content import Corridor
from caudal.compute.files import beside, read_arrays
from caudal.engine import weather as sky
from caudal.engine.priors import Prior
from caudal.engine.simulate import Chunk
from caudal.errors import CaudalError

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Posterior:
    """Draws with the draw last.

    z        parameter → standard-normal position (*dims, draw)
    weather  name → (month, *dims, draw), months since the corridor begins, float16 values; one month
             more than counted, for those who set out late in the last one
    mean     name → slow mean at the last month's end, (*dims, draw)
    sd       adaptive process → innovation sd for the months ahead, (*dims,)
    seed     of the noise of the past; months: how many are covered
    about    what it came from: data_vintage, code_version, settings; what the counts did to each of
             the `constants`, and how well the method held: weights, innovations, misfit
             (`caudal.learn.record`)
    """

    z: Arrays
    weather: Arrays
    mean: Arrays
    sd: Arrays
    seed: int
    months: int
    about: dict[str, Any]

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return next(iter(self.z.values())).shape[-1]

    def completed(self, priors: Mapping[str, Prior]) -> tuple[Posterior, tuple[str, ...]]:
        """The same with every parameter, and which were not learned: those stand at their priors.

        A parameter was not learned where the draws lack it or hold it in another shape. Its
        positions are those that a fit would start from (the same seed), so no other draw moves. A
        constant without spread has nothing to learn and is not named.
        """
        shapes = {name: (*prior.centre.shape, self.draws) for name, prior in priors.items()}
        new = [name for name, shape in shapes.items()
               if name not in self.z or self.z[name].shape != shape]  # fmt: skip
        z = {name: positions for name, positions in self.z.items() if name in priors}
        for name in new:
            drawn = priors[name].positions(self.draws, self.seed)
            z[name] = np.moveaxis(drawn, 0, -1).astype(np.float32)
        told = tuple(sorted(name for name in new if priors[name].sd > 0))
        return replace(self, z=z), told

    def past(self, corridor: Corridor, draws: np.ndarray) -> Chunk:
        """Some draws as the engine wants them, for the months that were counted."""
        p = {
            k: v.value(v.centre[..., None] + v.sd * self.z[k][..., draws])
            for k, v in corridor.priors.items()
        }
        weather = {k: v[..., draws].astype(np.float32) for k, v in self.weather.items()}
        return Chunk(draws, p, weather)

    def future(self, corridor: Corridor, members: np.ndarray, months: int, seed: int) -> Chunk:
        """The same with weather moved on to `months`; member m continues draw m modulo draws."""
        past = self.past(corridor, members % self.draws)
        processes, out = corridor.processes, dict(past.weather)
        level = {k: v[-1].astype(np.float64) for k, v in past.weather.items()}
        paths = {
            k: sky.Path(level[k], self.mean[k][..., members % self.draws].astype(np.float64))
            for k in processes
        }
        added: dict[str, list[np.ndarray]] = {k: [] for k in processes}
        for month in range(self.months + 1, months):
            for name, path in paths.items():
                process, shape = processes[name], path.level.shape[:-1]
                sd = self.sd.get(name)
                size = process.sd if sd is None else sd[..., None]
                shock = sky.shocks(name, process, shape, seed, month, members)
                paths[name] = path.step(process, size, shock)
                added[name].append(paths[name].level)
        for name, months_ahead in added.items():
            if months_ahead:
                ahead = np.stack(months_ahead).astype(np.float32)
                out[name] = np.concatenate([past.weather[name], ahead])
        return Chunk(members, past.p, out)


def save(posterior: Posterior, path: Path) -> None:
    """Write the draws atomically, compressed."""
    arrays = {
        **{f"z/{k}": v.astype(np.float32) for k, v in posterior.z.items()},
        **{f"weather/{k}": v.astype(np.float16) for k, v in posterior.weather.items()},
        **{f"mean/{k}": v.astype(np.float32) for k, v in posterior.mean.items()},
        **{f"sd/{k}": v.astype(np.float32) for k, v in posterior.sd.items()},
        "seed": np.int64(posterior.seed),
        "months": np.int64(posterior.months),
        "about": np.frombuffer(json.dumps(posterior.about, sort_keys=True).encode(), np.uint8),
    }
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = beside(path)
    try:
        temporary.write_bytes(buffer.getvalue())
        os.replace(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink()


def load(path: Path) -> Posterior:
    """Read the draws. Raises CaudalError where there are none or they cannot be read."""
    if not path.exists():
        raise CaudalError(path.name, "no learned draws", "run `caudal fit` first")
    try:
        file = read_arrays(path)
        parts: dict[str, Arrays] = {"z": {}, "weather": {}, "mean": {}, "sd": {}}
        for key, values in file.items():
            head, _, name = key.partition("/")
            if name:
                parts[head][name] = values.astype(np.float32)
        about = json.loads(file["about"].tobytes().decode())
        return Posterior(**parts, seed=int(file["seed"]), months=int(file["months"]), about=about)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as broken:
        raise CaudalError(
            path.name, f"not readable as draws ({broken})", "run `caudal fit`"
        ) from broken
