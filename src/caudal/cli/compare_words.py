"""What `caudal compare` says beside its tables: direction, the base itself, options side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from caudal.ask.compared import ALIKE, spread

if TYPE_CHECKING:
    import xarray as xr

    from caudal.ask.compare_told import Row

HEAD = "us.encounters.southwest"
"""Whose base is told beside what was counted."""
NONE = "≈ 0"
"""Stands for a difference of no more than `ALIKE` of the base."""


def number_of(row: Row, write: Callable[[float], str]) -> Callable[[float], str]:
    """How a difference of this row is written: `write`, and `NONE` where it counts as none."""
    least = ALIKE * abs(row["base"])
    return lambda x: NONE if 0 < abs(x) <= least else write(x)


def direction(row: Row, ds: xr.Dataset) -> str:
    """Where most pairs lie, and how many do not differ: "more: 50%" alone reads as a coin's toss."""
    where, sure = row["direction"], row["probability"]
    if where == "none":
        return "no difference"
    at = {"weather": row["weather"], "outcome": row["outcome"]}
    difference = ds["difference"].sel(at, drop=True).sel(scenario=row["scenario"]).values
    same = float((np.abs(difference) <= ALIKE * np.abs(ds["base"].sel(at).values)).mean())
    none = f", none: {same:.0%}" if same >= 0.005 else ""
    return f"{where}: {sure:.0%}{none}"


def published(start: date, end: date, row: Row) -> float | None:
    """What was counted of `HEAD` over the months [start, end); None where a month of them was not."""
    if row["outcome"] != HEAD:
        return None
    from caudal.corridor.observables import observed_long
    from caudal.which import corridor

    rows = observed_long(corridor(), end)
    mine = rows[(rows["outcome"] == HEAD) & (rows["month"] >= f"{start:%Y-%m}")]
    months = 12 * (end.year - start.year) + end.month - start.month
    return float(mine["observed"].sum()) if len(mine) == months else None


def of_base(
    row: Row, ds: xr.Dataset, base: str, write: Callable[[float], str], counted: float | None = None
) -> str:
    """How open the base itself is, and what was counted: the table has its median alone."""
    at = {"weather": row["weather"], "outcome": row["outcome"]}
    told = spread(ds["base"].sel(at).values)
    return (f"{base} itself, {row['title'].lower()}: {write(told['median'])}, 90 % "
            f"{write(told['lo90'])} to {write(told['hi90'])}"
            f"{'' if counted is None else f'; counted: {write(counted)}'}.")  # fmt: skip


def still(told: Sequence[Row]) -> bool:
    """Whether no outcome told of a scenario moves, under either weather."""
    return bool(told) and all(row["direction"] == "none" for row in told)


def silence(name: str) -> str:
    """What a table of zeros means."""
    return (f"Nothing told here moves under {name}: what it changes does not bind in these months "
            "(a limit that nobody reaches, a way that another rule bars), or no mechanism leads "
            "from it to these outcomes. That is the model's silence, no finding.")  # fmt: skip


def horizon(start: date, end: date, base: str) -> str:
    """Said where no --to was given and the months compared lie ahead."""
    months = 12 * (end.year - start.year) + end.month - start.month
    return (f"{months} months are compared: up to {end:%Y-%m}, where {base} ends. "
            "--to takes more, --from fewer.")  # fmt: skip


def side_by_side(
    told: Sequence[Row], weather: str, write: Callable[[float], str]
) -> tuple[list[str], list[list[str]]]:
    """Columns and lines of one table for several scenarios: median and 90 % of the difference."""
    mine = [r for r in told if r["weather"] == weather]
    names = list(dict.fromkeys(r["scenario"] for r in mine))
    lines: dict[str, list[str]] = {}
    for row in mine:
        plain = share if row["unit"] == "share" else write
        said = number_of(row, plain)
        first = [name_of(row), row["unit"], plain(row["base"])]
        text = said(row["median"])
        if row["direction"] == "none":
            text = "no difference"
        elif not math.isnan(row["lo90"]):
            text += f" ({said(row['lo90'])} to {said(row['hi90'])})"
        lines.setdefault(row["outcome"], first).append(text)
    return names, list(lines.values())


def name_of(row: Row) -> str:
    """The title; of a detail with its id, since "Venezuela" alone does not say what of it."""
    return row["title"] if row["group"] else f"{row['title']} ({row['outcome']})"


def share(x: float) -> str:
    """A share as a table shows it."""
    return f"{x:.4f}"
