"""Make the synthetic counts of the Strait of Vara: one truth, run with whole people, counted badly.

    PYTHONPATH=examples python -m strait.make_counts

TRUTH is what learning must find again. Weather and daily noise are drawn from the processes that the
model assumes, under SEED; each month's tally is multiplied by exp(e), e normal with the clerks' sd
(`counts.ERRORS`), and rounded. The last HELD_OUT months go into held_out.csv, which no run reads.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from caudal.compute.forcing import forcing, month_ends
from caudal.data.issues import Reading
from caudal.data.package import BuiltTable, write_package
from caudal.data.vintage import Provenance
from caudal.engine.simulate import Chunk, Simulator
from caudal.engine.weather import Path as Course
from caudal.engine.weather import shocks
from strait import HERE, Strait, corridor
from strait.counts import ERRORS, SERIES_OF
from strait.world import GROUPS

SEED = 20260101
MONTHS, HELD_OUT = 48, 12
"""Months from January 2020 that are published, and months after them that are held out."""
TRUTH: dict[str, float | list[float]] = {
    "base": [45.0, 18.0], "season": 0.25, "deter": 0.25, "camp_days": 12.0,
    "leave_per_day": 0.004, "desk_used": 0.9,
}  # fmt: skip
"""What the counts are made with; what is not named here stands at its prior's median."""
ABOUT = {
    "arrivals": ("Register of the camp of Lume (invented)",
                 "People registered on their first day in the camp.", "month × group"),
    "crossings": ("Book of the desk (invented)",
                  "People called from the waiting list and let in.", "month × group"),
    "waiting": ("Waiting list (invented)",
                "People on the waiting list, mean over the days of the month.", "month"),
    "returns": ("Register of departures (invented)",
                "People who leave the camp or the list for home.", "month"),
}  # fmt: skip


def truth(here: Strait) -> dict[str, np.ndarray]:
    """Parameters by name, (*dims, 1)."""
    out = {}
    for name, prior in here.priors.items():
        value = np.asarray(TRUTH.get(name, prior.value(prior.centre)), np.float32)
        out[name] = value[..., None]
    return out


def played(here: Strait, months: int, seed: int, p: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Tallies by name, (month, place, group, member), of true histories with whole people.

    p  parameters, (*dims, member): each member is a history with weather and chance of its own
    """
    members = p["season"].shape[-1]
    numbers = np.arange(members)
    process, shape = here.processes["departure"], (len(GROUPS),)
    path = Course(np.zeros((*shape, members)), np.zeros((*shape, members)))
    sky = []
    for month in range(months + 1):
        shock = shocks("departure", process, shape, seed, month, numbers)
        path = path.step(process, process.start_sd if month == 0 else process.sd, shock)
        sky.append(path.level)
    chunk = Chunk(numbers, p, {"departure": np.stack(sky).astype(np.float32)})
    outside = forcing(here, here.law, month_ends(here.begins, months)[-1])
    simulator = Simulator(here.model)
    state = simulator.start(members, list(outside.rules), chunk.p)
    return simulator.advance(state, chunk, outside, outside.days, seed, "sampled")[1].tallies


def written_down(tallies: dict[str, np.ndarray], seed: int) -> dict[str, np.ndarray]:
    """What clerks write down of true tallies: (month, group, member), or (month, member)."""
    rng = np.random.default_rng(seed)
    out = {}
    for name, sd in ERRORS.items():
        value = tallies[name][:, 0]
        seen = np.rint(value * np.exp(sd * rng.standard_normal(value.shape)))
        out[name] = seen if name in ("arrivals", "crossings") else seen[:, 0]
    return out


def tables(counts: dict[str, np.ndarray], begins: date) -> dict[str, pd.DataFrame]:
    """Tidy tables by count, of arrays (month, group) or (month,)."""
    out = {}
    for name, values in counts.items():
        months = pd.date_range(begins, periods=len(values), freq="MS").as_unit("ns")
        if values.ndim == 2:
            wide = pd.DataFrame(values, index=months, columns=list(GROUPS))
            long = wide.rename_axis(index="month", columns="group").stack().rename("people")
            out[name] = long.astype("int64").reset_index()
        else:
            out[name] = pd.DataFrame({"month": months, "people": values.astype("int64")})
    return out


def write(folder: Path, made: dict[str, pd.DataFrame]) -> None:
    """Write the tables as a data package, as the shipped series are."""
    built = []
    for name, frame in made.items():
        title, definition, grain = ABOUT[name]
        about = Provenance(
            series=SERIES_OF[name], publisher="The port of Sella (invented)", title=title,
            definition=definition, unit="people", grain=grain, address="", licence="CC0",
            read_on="2024-02-01", delay_days=20, delay_note="invented",
            through="made by examples/strait/make_counts.py", files={},
        )  # fmt: skip
        keys = tuple(c for c in frame.columns if c != "people")
        built.append(BuiltTable(about, keys, Reading(frame, ()), {"people": definition}))
    about_all = {
        "name": "strait-of-vara", "title": "Synthetic counts of an invented strait",
        "description": f"Made with seed {SEED} by make_counts.py; nothing in it is real.",
    }  # fmt: skip
    write_package(folder, built, about_all)


def main() -> None:
    """Write series/ and held_out.csv."""
    here = corridor()
    all_counts = written_down(played(here, MONTHS + HELD_OUT, SEED, truth(here)), SEED)
    own = {k: v[..., 0] for k, v in all_counts.items()}
    write(HERE / "series", tables({k: v[:MONTHS] for k, v in own.items()}, here.begins))
    after = month_ends(here.begins, MONTHS)[-1]
    rest = tables({k: v[MONTHS:] for k, v in own.items()}, after)
    held = pd.concat([t.assign(count=name) for name, t in rest.items()], ignore_index=True)
    held = held.assign(group=held["group"].fillna("all"))[["count", "month", "group", "people"]]
    held.to_csv(HERE / "held_out.csv", index=False, date_format="%Y-%m-%d", lineterminator="\n")


if __name__ == "__main__":
    main()
