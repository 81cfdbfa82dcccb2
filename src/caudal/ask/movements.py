"""Movements: how many people moved along each way of the map, and stood at each place, by month.

A run with the map's tallies, told for everyone, for each unit and for each nationality: 5, 25, 50, 75
and 95 % of members. Sums over places and groups are taken inside each member before any quantile.

The table is kept in a small file: rounded to 1 % (everyone and units) or 4 % (a nationality), which is
less than members disagree by.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_LZMA, ZipFile

import numpy as np
import pandas as pd

from caudal.compute.run import Runnable, months_between, simulate
from caudal.errors import CaudalError

QUANTILES = {"lo90": 0.05, "lo50": 0.25, "median": 0.5, "hi50": 0.75, "hi90": 0.95}
EVERYONE = "all"
FINE, COARSE = (0.02, 1.0), (0.08, 5.0)
"""How numbers are kept: relative step, and the floor below which a number is kept as zero."""
MIDDLE, OTHERS = 2, [0, 1, 3, 4]
"""The median among QUANTILES, and what is kept as its distance from it."""


@dataclass(frozen=True)
class Movements:
    """People by who, item and month.

    values  (who, item, month, quantile) float32; quantiles as in QUANTILES
    about   command, python, members, code_version, data_vintage, forecast (the first month not counted)
    """

    who: tuple[str, ...]
    items: tuple[str, ...]
    months: tuple[str, ...]
    values: np.ndarray
    about: Mapping[str, Any]


def movements(
    corridor: Runnable,
    atlas: Any,
    groups: Mapping[str, np.ndarray],
    scenario: str = "baseline",
    *,
    members: int = 96,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Movements:
    """Run a scenario and tell it by the items of a map.

    corridor  with the map's tallies; atlas: its `items` and `read(months)`
    groups    who → mask along the model's group axis

    Raises CaudalError as `simulate` does.
    """
    run = simulate(corridor, scenario, members=members, seed=seed, progress=progress)
    people = atlas.read(run.months)
    skip = months_between(corridor.begins, run.start)
    shares = list(QUANTILES.values())
    told = np.stack([
        np.moveaxis(np.quantile(people[:, skip:, mask].sum(2), shares, axis=-1), 0, -1)
        for mask in groups.values()
    ])  # fmt: skip
    command, python = run.recipe()
    dates = pd.period_range(run.start, periods=told.shape[2], freq="M")
    return Movements(
        tuple(groups), tuple(atlas.items), tuple(str(m) for m in dates), told.astype(np.float32),
        {
            "command": command, "python": python, "members": members, "run_id": run.id,
            "code_version": run.inputs["code_version"], "data_vintage": run.inputs["data_vintage"],
            "forecast": f"{run.first_forecast:%Y-%m}",
        },
    )  # fmt: skip


def write(found: Movements, path: Path, coarse: Sequence[str]) -> None:
    """Keep movements in a file, whole or not at all; `coarse` names who is kept as COARSE."""
    grains = [COARSE if who in coarse else FINE for who in found.who]
    packed = np.stack([_pack(v, g) for v, g in zip(found.values, grains, strict=True)])
    packed[..., OTHERS] -= packed[..., [MIDDLE]]
    # months last and bytes apart: like stands beside like
    turned = np.ascontiguousarray(np.moveaxis(packed, 2, -1))
    head = {
        "who": found.who, "items": found.items, "months": found.months, "grains": grains,
        "about": dict(found.about),
    }  # fmt: skip
    held = io.BytesIO()
    with ZipFile(held, "w", ZIP_LZMA) as file:
        file.writestr("about.json", json.dumps(head, ensure_ascii=False))
        file.writestr("low", (turned & 0xFF).astype(np.uint8).tobytes())
        file.writestr("high", (turned >> 8 & 0xFF).astype(np.uint8).tobytes())
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(held.getvalue())
    part.replace(path)


def read(path: Path) -> Movements:
    """What `write` kept. Raises CaudalError where there is no such file, or another one."""
    try:
        with ZipFile(path) as file:
            head = json.loads(file.read("about.json"))
            low, high = (np.frombuffer(file.read(n), np.uint8) for n in ("low", "high"))
        who, items, months = (tuple(head[k]) for k in ("who", "items", "months"))
        codes = (low | high.astype(np.uint16) << 8).astype(np.int16)
        packed = np.moveaxis(
            codes.reshape(len(who), len(items), len(QUANTILES), len(months)), -1, 2
        )
        grains = {name: tuple(grain) for name, grain in zip(who, head["grains"], strict=True)}
        packed = packed.copy()
        packed[..., OTHERS] += packed[..., [MIDDLE]]
        values = np.stack([_unpack(v, grains[w]) for w, v in zip(who, packed, strict=True)])
        return Movements(who, items, months, values, {**head["about"], "grains": grains})
    except Exception as broken:  # zipfile and lzma have many words for what is spoilt
        raise CaudalError(
            path.name, f"not readable ({type(broken).__name__})", "make now"
        ) from broken


def _pack(people: np.ndarray, grain: tuple[float, float]) -> np.ndarray:
    """Numbers as steps of a geometric scale that begins at the floor; 0 for less than that."""
    step, floor = grain
    code = np.rint(np.log(np.maximum(people, floor) / floor) / step) + 1
    return np.where(people < floor, 0, code).astype(np.int16)


def _unpack(code: np.ndarray, grain: tuple[float, float]) -> np.ndarray:
    step, floor = grain
    return np.where(code == 0, 0.0, floor * np.exp((code - 1.0) * step)).astype(np.float32)
