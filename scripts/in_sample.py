"""How far the runs lie from the counts that they were learned from: docs/results/in_sample.csv.

    python scripts/in_sample.py

Median over months of |log((median run + 10) / (count + 10))| by outcome. It is no measure of skill:
free weather explains everything. It is here to show where even so the corridor does not follow.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

import caudal
from caudal.corridor import corridor
from caudal.corridor.observables import OUTCOMES, observed_long
from caudal.report import Outcome, summarise

TABLE = Path(__file__).resolve().parents[1] / "docs" / "results" / "in_sample.csv"


def main() -> None:
    """Run the baseline and write the table."""
    run = caudal.simulate(members=96)
    outcomes = [Outcome(**given) for given in OUTCOMES]
    summary = summarise(run, observed_long(corridor(), date(2100, 1, 1)), outcomes)
    seen = summary[(summary.phase == "history") & summary.observed.notna()]
    error = np.abs(np.log((seen["median"] + 10) / (seen.observed + 10)))
    inside = (seen.observed >= seen.lo90) & (seen.observed <= seen.hi90)
    table = seen.assign(error=error, inside=inside).groupby("outcome", sort=False)
    result = table.agg(
        months=("month", "size"), median_error=("error", "median"), inside_90=("inside", "mean")
    ).round(3)
    result["code_version"] = run.attrs["code_version"]
    result["data_vintage"] = run.attrs["data_vintage"]
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    result.to_csv(TABLE)
    print(result.to_string())


if __name__ == "__main__":
    main()
