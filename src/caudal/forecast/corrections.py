"""What past forecasts have taught, as a small file beside the learned draws."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from caudal.compute.content import Corridor
from caudal.errors import CaudalError
from caudal.forecast.correct import Correction

NAME = "correction.json"


def shipped(corridor: Corridor) -> dict[str, Correction]:
    """Corrections by predictand, from the file beside the draws; none where there is no file."""
    path = corridor.posterior.with_name(NAME)
    return read(path) if path.exists() else {}


def read(path: Path) -> dict[str, Correction]:
    """Corrections by predictand. Raises CaudalError where the file cannot be read as such."""
    try:
        return {
            name: Correction(
                float(part["persist"]), float(part["share"]), np.asarray(part["stretch"], float)
            )
            for name, part in json.loads(path.read_text("utf-8"))["predictands"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as broken:
        raise CaudalError(
            path.name, f"not readable as corrections ({broken})", "run `caudal backtest --write`"
        ) from broken


def write(
    corrections: Mapping[str, Correction], path: Path, about: Mapping[str, str] | None = None
) -> None:
    """Write corrections, whole or not at all; about: what they were learned from."""
    document = {
        "about": dict(about or {}),
        "predictands": {
            name: {
                "persist": round(by.persist, 4),
                "share": round(by.share, 4),
                "stretch": by.stretch.round(4).tolist(),
            }
            for name, by in corrections.items()
        },
    }
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    fresh.replace(path)
