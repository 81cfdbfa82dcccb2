"""What forecasts of turns of policy were worth: sizes, groups not hit, shares, rebounds.

sizes      mean of the months after over the mean of the two before: forecast and counted. The
           months before were counted when the forecast was made, so only those after are uncertain
spared     the turn's effect on groups that it did not hit: run with it over run without it
shares     each cell's share of the months after, of all cells of its predictand
rebounds   month by which half of the fall was made up for, in the median forecast and in counts
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from caudal.compute.forcing import month_ends
from caudal.errors import CaudalError
from caudal.forecast import skill
from caudal.forecast.correct import FEW
from caudal.forecast.stress import Group, Told

TABLES = ("sizes", "spared", "shares", "rebounds")
PREFIX = "stress_"
WIDEST = 4.0
"""An interval wider than this factor, end to end, says too little."""
MOST_MOVED = 0.15
"""Groups not hit should move by less, in the median."""
LEAST_FALL = 0.1
"""Below it nothing fell that could rebound (assumed)."""
APART = 3
"""Months by which a rebound's timing may err."""
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def tables(told: Sequence[Told], about: Mapping[str, Any] | None = None) -> dict[str, pd.DataFrame]:
    """All tables (TABLES).

    about  columns that say where the numbers are from (code version, data vintage …)
    """
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for one in told:
        rows["sizes"].append(size(one))
        rows["spared"] += spared(one)
        rows["shares"] += shares(one)
        if one.event.rebound is not None:
            rows["rebounds"].append(rebound(one))
    return {name: pd.DataFrame(r).assign(**(about or {})) for name, r in rows.items()}


SUMS = "stress.sha256"


def write_tables(folder: Path, made: Mapping[str, pd.DataFrame]) -> None:
    """Write each table into a folder, beside those of the backtest."""
    skill.write(folder, {f"{PREFIX}{name}": made[name] for name in TABLES}, SUMS)


def read(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of a folder; CaudalError where one is not there."""
    remedy = "run `caudal stress --run --write`"
    paths = {name: folder / f"{PREFIX}{name}.csv" for name in TABLES}
    for path in paths.values():
        if not path.is_file():
            found = "no forecasts of turns yet"
            raise CaudalError(f"{folder.name}/{path.name}", found, remedy)
    skill.check(folder, SUMS, remedy)
    return {name: skill.table(path, remedy) for name, path in paths.items()}


def size(told: Told) -> dict[str, Any]:
    """A turn's size: median and intervals of the forecast, the counted one, the effect alone."""
    before, observed = _counted(told, told.event.hit)
    name, cells = told.event.hit.predictand, told.cells(told.event.hit)
    ratio = _after(told, told.draws[name])[cells].sum(0) / before
    low, low50, middle, high50, high = np.quantile(ratio, LEVELS)
    effect = np.exp(_effect(told, name, cells))
    size = observed / before
    return {
        "event": told.event.id, "date": told.event.date, "scored": told.event.scored,
        "group": _named(told.event.hit, told.labels[name]), "before": before, "observed": size,
        "predicted": middle, "lo50": low50, "hi50": high50, "lo90": low, "hi90": high,
        "factor": high / low, "sign": bool((middle < 1) == (size < 1)),
        "inside": bool(low <= size <= high), "narrow": bool(high <= WIDEST * low),
        "effect": float(np.median(effect)),
        "effect_lo90": float(np.quantile(effect, 0.05)),
        "effect_hi90": float(np.quantile(effect, 0.95)),
    }  # fmt: skip


def spared(told: Told) -> list[dict[str, Any]]:
    """Groups not hit: effect on each in the median, what the forecast says and what was counted."""
    rows = []
    for group in told.event.spared:
        name = group.predictand
        after, shown = _after(told, told.draws[name]), told.labels[name]
        counts = told.counts[name]
        was = counts[_months(told, told.event.before)].mean(0)
        came = counts[_months(told, told.event.after)].mean(0)
        for cell in told.cells(group):
            effect = _effect(told, name, [cell])
            moved = float(np.expm1(np.median(effect)))
            forecast = (float(np.median(after[cell])) + FEW) / (was[cell] + FEW) - 1
            rows.append(
                {
                    "event": told.event.id, "scored": told.event.scored, "of": name,
                    "cell": shown[cell], "before": was[cell], "effect": moved,
                    "effect_lo90": float(np.expm1(np.quantile(effect, 0.05))),
                    "effect_hi90": float(np.expm1(np.quantile(effect, 0.95))),
                    "forecast": forecast,
                    "observed": (came[cell] + FEW) / (was[cell] + FEW) - 1,
                    "little": abs(moved) < MOST_MOVED,
                    "forecast_little": abs(forecast) < MOST_MOVED,
                }
            )  # fmt: skip
    return rows


def shares(told: Told) -> list[dict[str, Any]]:
    """Composition after a turn, cell by cell, of every predictand that has several."""
    rows = []
    for name, labels in told.labels.items():
        if len(labels) < 2:
            continue
        after = _after(told, told.draws[name])
        said = after / after.sum(0)
        was = _share(told.counts[name][_months(told, told.event.before)])
        came = _share(told.counts[name][_months(told, told.event.after)])
        low, middle, high = np.quantile(said, (0.05, 0.5, 0.95), axis=-1)
        rows += [
            {
                "event": told.event.id, "scored": told.event.scored, "of": name, "cell": label,
                "before": was[i], "predicted": middle[i], "lo90": low[i], "hi90": high[i],
                "observed": came[i], "inside": bool(low[i] <= came[i] <= high[i]),
            }
            for i, label in enumerate(labels)
        ]  # fmt: skip
    return rows


def rebound(told: Told) -> dict[str, Any]:
    """When half of the fall was made up for, in the median forecast and in counts."""
    group = told.event.hit
    name, cells = group.predictand, told.cells(group)
    before, _ = _counted(told, group)
    assert told.event.rebound is not None
    months = told.number(told.event.rebound) - told.origin
    paths = told.draws[name][cells, :months].sum(0)
    counted = told.counts[name][told.origin + 1 : told.origin + 1 + months][:, cells].sum(1)
    said, came = (_half_back(path, before) for path in (np.median(paths, -1), counted))
    each = [_half_back(path, before) for path in paths.T]
    near = [h is not None and came is not None and abs(h - came) <= APART for h in each]
    return {
        "event": told.event.id, "until": told.event.rebound,
        "group": _named(group, told.labels[name]), "before": before,
        "lowest": float(np.median(paths, -1).min() / before),
        "lowest_observed": float(counted.min() / before),
        "regained": _month(told, said), "regained_observed": _month(told, came),
        "months_apart": None if said is None or came is None else said - came,
        "right": said is not None and came is not None and abs(said - came) <= APART,
        "chance": float(np.mean(near)),
    }  # fmt: skip


def verdict(made: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """How many forecasts were right, of how many that were judged."""
    sizes, spared = (made[name][made[name]["scored"]] for name in ("sizes", "spared"))
    shares, rebounds = made["shares"][made["shares"]["scored"]], made["rebounds"]
    moved = (shares["observed"] - shares["before"]).abs().sum()
    missed = (shares["observed"] - shares["predicted"]).abs().sum()
    return {
        "turns": len(sizes),
        "right_sign": int(sizes["sign"].sum()),
        "inside": int(sizes["inside"].sum()),
        "inside_and_narrow": int((sizes["inside"] & sizes["narrow"]).sum()),
        "spared": len(spared),
        "moved_little": int(spared["little"].sum()),
        "forecast_moved_little": int(spared["forecast_little"].sum()),
        "shares": len(shares),
        "shares_inside": int(shares["inside"].sum()),
        "shares_error_to_no_change": float(missed / moved),
        "rebounds": len(rebounds),
        "rebounds_right": int(rebounds["right"].sum()) if len(rebounds) else 0,
    }


def _months(told: Told, months: Sequence[date]) -> list[int]:
    return [told.number(month) for month in months]


def _after(told: Told, ahead: np.ndarray) -> np.ndarray:
    """Mean over the months after, (cell, draw), of (cell, horizon, draw)."""
    horizons = [month - told.origin - 1 for month in _months(told, told.event.after)]
    return ahead[:, horizons].mean(1)


def _counted(told: Told, group: Group) -> tuple[float, float]:
    """Mean count of a group in the months before and after."""
    sums = told.counts[group.predictand][:, told.cells(group)].sum(1)
    before, after = (sums[_months(told, m)].mean() for m in (told.event.before, told.event.after))
    return float(before), float(after)


def _effect(told: Told, name: str, cells: list[int]) -> np.ndarray:
    """Log of the run with the turn over that without, months after, (member,)."""
    given, lacking = (
        _after(told, part[name])[cells].sum(0) + FEW for part in (told.given, told.without)
    )
    return np.log(given / lacking)


def _share(counts: np.ndarray) -> np.ndarray:
    """Share of each cell over some months, (cell,), from counts (month, cell)."""
    return counts.sum(0) / counts.sum()


def _half_back(path: np.ndarray, before: float) -> int | None:
    """Place of the first month after the lowest in which half of the fall is made up for.

    None where it is not, nothing fell, or a month was not counted.
    """
    lowest = int(np.argmin(path))
    if not np.isfinite(path).all() or path[lowest] > (1 - LEAST_FALL) * before:
        return None
    back = np.flatnonzero(path[lowest:] >= (before + path[lowest]) / 2)
    return lowest + int(back[0]) if len(back) else None


def _month(told: Told, place: int | None) -> date | None:
    """First day of the month `place` + 1 after the origin."""
    return None if place is None else month_ends(told.begins, told.origin + place + 1)[-1]


def _named(group: Group, labels: Sequence[str]) -> str:
    """A group in a few words: the cells, or all but those that are left out if they are fewer."""
    others = [label for label in labels if label not in group.cells]
    if others and len(others) < len(group.cells):
        return f"{group.predictand}: all but {', '.join(others)}"
    return f"{group.predictand}: {', '.join(group.cells)}"
