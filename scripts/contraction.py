"""What the counts did to every parameter: docs/results/contraction.csv, from the shipped draws.

    python scripts/contraction.py

A row for every parameter, for each value that was learned by itself: mechanism, prior (form, centre
on its own scale, sd on its working scale, unit, assumed or not), posterior mean in prior sd, what is
left of the sd, contraction = 1 − sd², and which kind of evidence informed it most.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from caudal.compute.posterior import load
from caudal.corridor import corridor
from caudal.learn.record import contraction

TABLE = Path(__file__).resolve().parents[1] / "docs" / "results" / "contraction.csv"


def table() -> pd.DataFrame:
    """The rows, most contracted first."""
    here = corridor()
    about = load(here.posterior).about
    rows = pd.DataFrame(contraction(here.priors, about))
    rows["code_version"], rows["data_vintage"] = about["code_version"], about["data_vintage"]
    return rows.sort_values(["contraction", "parameter"], ascending=[False, True])


def main() -> None:
    """Write the table, and say in a line what it holds."""
    made = table()
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    made.to_csv(TABLE, index=False)
    learned = made[made.contraction > 0]
    print(
        f"{made.parameter.str.partition('[')[0].nunique()} parameters, {len(made)} values: "
        f"{(made.contraction >= 0.5).sum()} contracted by half or more, "
        f"{len(learned)} at all, {(~made.parameter.isin(learned.parameter)).sum()} not"
    )


if __name__ == "__main__":
    main()
