"""What learning made of the synthetic counts, as the tables of docs/example-corridor.md.

    PYTHONPATH=examples python -m strait.recovered

From the shipped draws and `worlds.csv`; nothing is learned anew.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from caudal.compute.posterior import load
from caudal.forecast.issue import issue
from strait import HERE, Strait, corridor
from strait.make_counts import TRUTH
from strait.world import GROUPS

NINETY = 1.645
"""Half the width of a normal's 90 % interval, in sd."""


def constants(here: Strait) -> Iterator[str]:
    """A row a constant: prior median, what the counts were made with, posterior median and 90 %."""
    said = load(here.posterior).about["constants"]
    yield "| constant | prior, median and 90 % | made with | posterior, median and 90 % | holds it |"
    yield "|---|---|---|---|---|"
    for name, made in TRUTH.items():
        prior = here.priors[name]
        for i, true in enumerate(np.atleast_1d(made)):
            one = f"{name}[{i}]" if np.ndim(made) else name
            shown = f"{name}, {list(GROUPS)[i]}" if np.ndim(made) else name
            centre, z = np.atleast_1d(prior.centre)[i], said[one]
            before = [float(prior.value(centre + prior.sd * s)) for s in (0, -NINETY, NINETY)]
            after = [
                float(prior.value(centre + prior.sd * (z["mean"] + s * z["sd"])))
                for s in (0, -NINETY, NINETY)
            ]
            told = [f"{m:.3g} ({lo:.3g} to {hi:.3g})" for m, lo, hi in (before, after)]
            inside = "yes" if after[1] <= true <= after[2] else "no"
            yield f"| {shown} | {told[0]} | {true:g} | {told[1]} | {inside} |"


def held_out(here: Strait) -> Iterator[str]:
    """A row a count: how many of the twelve months held out lie inside the forecast's intervals."""
    came = pd.read_csv(HERE / "held_out.csv")
    told = pd.DataFrame(issue(here, months=12, members=200).rows())
    yield "| count | in the 50 % interval | in the 90 % interval |"
    yield "|---|---|---|"
    for (target, cell), rows in told.groupby(["target", "cell"], sort=False):
        mine = came[came["count"] == target]
        if cell != "all":
            mine = mine[mine["group"] == cell]
        seen = mine.groupby("month")["people"].sum().to_numpy()
        inside = [
            int(((rows[f"lo{k}"] <= seen) & (seen <= rows[f"hi{k}"])).sum()) for k in (50, 90)
        ]
        yield f"| {target}, {cell} | {inside[0]} of {len(seen)} | {inside[1]} of {len(seen)} |"


def over_worlds() -> Iterator[str]:
    """How often intervals held the truth in the worlds of `worlds.csv`."""
    made = pd.read_csv(HERE / "worlds.csv")
    yield "| what | number | in 50 % intervals | in 90 % intervals | errors over posterior sd, rms |"
    yield "|---|---|---|---|---|"
    learned = made[(made["what"] == "constant") & (made["name"] != "inert")]
    parts = {
        "constants": learned,
        "constants but desk_used": learned[learned["name"] != "desk_used"],
    }
    for name, part in parts.items():
        away = part["score"].abs()
        rms = float(np.sqrt((away**2).mean()))
        yield (
            f"| {name} | {len(part)} | {(away < 0.6745).mean():.0%} | {(away < NINETY).mean():.0%} "
            f"| {rms:.2f} |"
        )
    counts = made[made["what"] == "count"]
    for label, low, high in (("1 to 3", 1, 3), ("4 to 6", 4, 6), ("7 to 12", 7, 12)):
        part = counts[counts["horizon"].between(low, high)]["score"]
        yield (
            f"| counts {label} months ahead | {len(part)} | {part.between(0.25, 0.75).mean():.0%} "
            f"| {part.between(0.05, 0.95).mean():.0%} | |"
        )


if __name__ == "__main__":
    strait = corridor()
    for table in (constants(strait), held_out(strait), over_worlds()):
        print("\n".join(table), end="\n\n")
