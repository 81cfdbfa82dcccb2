"""How good the simple forecasts are: docs/results/baselines.csv.

    python scripts/baselines.py [WORKERS]

Mean weighted interval score on the log scale over the origins October 2021 to November 2024, by
horizon, and its ratio to the log random walk's with a 90 % interval (bootstrap by blocks of six
origins). AutoARIMA takes nearly all of the time: some minutes on two free cores.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from caudal.corridor import corridor
from caudal.data.store import data_vintage
from caudal.forecast.baselines import AWARE, all_origins, published
from caudal.forecast.score import covered, ratio, weighted_interval_score
from caudal.forecast.vintage import Vintage

TABLE = Path(__file__).resolve().parents[1] / "docs" / "results" / "baselines.csv"
ORIGINS, HORIZONS = range(51, 89), 12
"""October 2021 to November 2024 in months since the corridor begins."""
COUNTED = 94
"""May 2025, the last month counted."""


def came() -> np.ndarray:
    """What was counted, (origin, series, horizon), log1p; NaN where it is not."""
    counts = published(Vintage(corridor(), COUNTED + 1), COUNTED)
    whole = np.log1p(np.concatenate([counts.nationality.T, counts.total[None]]))
    out = np.full((len(ORIGINS), len(whole), HORIZONS), np.nan)
    for i, origin in enumerate(ORIGINS):
        after = whole[:, origin + 1 : origin + 1 + HORIZONS]
        out[i, :, : after.shape[1]] = after
    return out


def table(forecasts: Mapping[str, np.ndarray], counted: np.ndarray) -> pd.DataFrame:
    """Rows by baseline, target and horizon. forecasts: name → (origin, series, horizon, draw)."""
    rows = []
    for target, pick in (("nationalities", slice(0, -1)), ("southwest", slice(-1, None))):
        for h in range(HORIZONS):
            there = ~np.isnan(counted[:, 0, h])
            seen = counted[there, pick, h]
            walk = weighted_interval_score(seen, forecasts["log_random_walk"][there, pick, h])
            for name, draws in forecasts.items():
                ours = draws[there, pick, h]
                score = weighted_interval_score(seen, ours)
                middle, low, high = ratio(score, walk)
                rows.append(
                    {
                        "baseline": name, "mode": "aware" if name in AWARE else "blind",
                        "target": target, "horizon": h + 1, "scale": "log",
                        "wis": score.mean(), "ratio": middle, "lo": low, "hi": high,
                        "cover50": covered(seen, ours, 0.5).mean(),
                        "cover90": covered(seen, ours, 0.9).mean(), "origins": int(there.sum()),
                    }
                )  # fmt: skip
    return pd.DataFrame(rows).round(4).assign(data_vintage=data_vintage())


def main() -> None:
    """Forecast from every origin and write the table."""
    workers = int(sys.argv[1]) if len(sys.argv) > 1 else 1

    def progress(done: int, whole: int) -> None:
        print(f"\r{done}/{whole}", end="", flush=True)

    result = table(all_origins(corridor(), ORIGINS, HORIZONS, progress, workers), came())
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    result.to_csv(TABLE, index=False)
    wide = result.pivot_table("ratio", ["target", "baseline"], "horizon", sort=False)
    print("\n" + wide.round(3).to_string())


if __name__ == "__main__":
    main()
