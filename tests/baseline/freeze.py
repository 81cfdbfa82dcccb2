"""Freeze the numbers of the baseline run: `python tests/baseline/freeze.py` rewrites run.csv.

Run it when the model, its parameters or its learned draws were changed on purpose, look at the
table of moved numbers that it prints, and put it into a `regression:` changelog fragment.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import caudal

FILE = Path(__file__).with_name("run.csv")
SETTINGS = {"members": 16, "seed": 0, "workers": 1}


def numbers() -> pd.DataFrame:
    """Means over 16 members by month, in people or events: one column a quantity."""
    ds = caudal.simulate("baseline", **SETTINGS)  # type: ignore[arg-type]
    names = (
        "encounters", "expulsions", "mexican_events", "darien_crossings", "gotaways",
        "children_in_care", "waiting_north", "departures",
    )  # fmt: skip
    columns = {}
    for name in names:
        array = ds[name].astype("float64")
        others = [d for d in array.dims if d not in ("member", "month")]
        columns[name] = array.sum(others).mean("member").to_series()
    table = pd.DataFrame(columns)
    table.index = table.index.strftime("%Y-%m")
    return table.rename_axis("month").round(1)


def frozen() -> pd.DataFrame:
    """The numbers as they were frozen."""
    return pd.read_csv(FILE, index_col="month")


if __name__ == "__main__":
    new = numbers()
    if FILE.exists():
        by_year = [t.groupby(t.index.str[:4]).sum() for t in (frozen(), new)]
        moved = (by_year[1] / by_year[0].where(by_year[0] > 0) - 1) * 100
        print("per cent moved, by year\n" + moved.round(2).to_string())
    new.to_csv(FILE)
    print(f"{FILE.name}: {len(new)} months")
