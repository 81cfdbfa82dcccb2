"""Forecasts of the past as a table: what was forecast from each month, from what was known then.

One row a predictand, cell, origin and horizon, in counts: median, 50 % and 90 % interval, blind, with
the corrections that earlier forecasts had taught by the origin. `learned_to` is the last month whose
counts the constants knew; before the first that was learned from, constants stood at the priors known
then, and it is empty. For `as-of`, and for whoever scores them anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from caudal.compute.forcing import month_ends
from caudal.errors import CaudalError
from caudal.forecast import correct, skill
from caudal.forecast.backtest import YEAR, Hindcasts
from caudal.forecast.issued import TOLD

NAME = "past.csv.gz"
KEYS = ("target", "cell", "origin", "horizon")


def past(made: Hindcasts, about: Mapping[str, Any]) -> pd.DataFrame:
    """The table; columns KEYS, learned_to, those of TOLD, and what `about` says of data and code."""
    ends = month_ends(made.corridor.begins, 240)
    name = [f"{end - timedelta(days=1):%Y-%m}" for end in ends]
    origins, first = made.passes.origins, made.first
    learned = {int(m): name[m - (m - first) % YEAR] if m >= first else "" for m in origins}
    parts = []
    for p in made.corridor.predictands():
        draws, _ = correct.rolling(
            made.run(p, "blind"), made.counts[p.name], origins, int(origins[0]), made.late[p.name]
        )
        told = np.expm1(np.quantile(draws, list(TOLD.values()), axis=-1))
        size = told.shape[1:]
        at, cell, ahead = (x.ravel() for x in np.indices(size))
        table = pd.DataFrame(
            {
                "target": p.name,
                "cell": np.array(p.labels)[cell],
                "origin": [name[m] for m in origins[at]],
                "horizon": ahead + 1,
                "learned_to": [learned[int(m)] for m in origins[at]],
                **{k: _whole(v.ravel()) for k, v in zip(TOLD, told, strict=True)},
            }
        )
        parts.append(table)
    return pd.concat(parts, ignore_index=True).assign(**about)


def _whole(counts: np.ndarray) -> np.ndarray:
    """Three digits are more than a forecast has."""
    size = 10.0 ** np.maximum(0, np.floor(np.log10(np.maximum(counts, 1))) - 2)
    return (np.round(counts / size) * size).astype(np.int64)


def write(folder: Path, table: pd.DataFrame) -> None:
    """Write the table, at once or not at all; the same table gives the same bytes."""
    place = folder / NAME
    fresh = place.with_name(f".{NAME}.new")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        table.to_csv(fresh, index=False, compression={"method": "gzip", "mtime": 0})
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)


def read(folder: Path) -> pd.DataFrame:
    """The table of a folder; CaudalError where there is none."""
    place = folder / NAME
    if not place.is_file():
        raise CaudalError(
            f"{folder.name}/{NAME}", "no past forecasts yet", "run `caudal backtest --write`"
        )
    text = {"learned_to": str, "cell": str}
    return skill.table(
        place, "run `caudal backtest --write`", compression="gzip", dtype=text,
        keep_default_na=False,
    )  # fmt: skip
