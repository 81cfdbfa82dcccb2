"""Taking in a newer official file: read it, say what changes, store it as a new vintage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from caudal.data.issues import Reading
from caudal.data.package import BuiltTable, with_read, write_package
from caudal.data.series import Series, overlay, sha256
from caudal.data.store import open_table, user_folder
from caudal.data.validate import not_absurd
from caudal.errors import CaudalError

VANISHED_AT_LEAST = 100
"""A published cell this large is not revised away; smaller ones may be moved to another group."""


@dataclass(frozen=True)
class Change:
    """What a newer file changes.

    added    cells of periods that the present vintage does not hold
    revised  cells whose number differs (also where one side has no row, taken as zero)
    largest  the revised cell that moved most: key columns, "column", "before", "after"; or None
    last     the last period after the refresh
    stored   folder of the new vintage; None if nothing changed or nothing was to be stored
    """

    series: str
    added: int
    revised: int
    largest: dict[str, Any] | None
    last: str
    stored: Path | None


def refresh(series: Series, path: Path, store: bool = True, today: date | None = None) -> Change:
    """Read `path` with the series' reader and store the merged vintage under the user's folder.

    Periods in the file replace those of the present vintage, others stay. Raises CaudalError, and
    leaves everything as it was, if the file is malformed, is older than the present vintage, shares
    no period with it nor follows it, or holds a count beyond reason.
    """
    present = open_table(series.id)
    new = series.read(path)
    _fits(series, present.reading, new, path)
    merged = overlay(present.reading, new, series)
    change = _compare(series, present.reading.frame, merged.frame, set(new.frame[series.time]))
    if not store or (change.added == 0 and change.revised == 0):
        return change
    digest = sha256(path)
    read_on = (today or date.today()).isoformat()
    about = with_read(present.provenance, read_on, {**present.provenance.files, path.name: digest})
    folder = user_folder() / "vintages" / series.id / f"{read_on}-{digest[:12]}"
    write_package(
        folder,
        [BuiltTable(about, series.keys, merged, present.columns)],
        {"name": series.id, "title": f"{about.title}, refreshed {read_on}"},
    )
    return Change(**{**change.__dict__, "stored": folder})


def _fits(series: Series, present: Reading, new: Reading, path: Path) -> None:
    time = series.time
    if list(new.frame.columns) != list(present.frame.columns):
        raise CaudalError(str(path), "other columns than the present vintage", "the same series")
    old_last, new_last = present.frame[time].max(), new.frame[time].max()
    if new_last < old_last:
        raise CaudalError(
            str(path),
            f"ends in {told(new_last)}, before the present vintage ({told(old_last)}): cut short?",
            "a file at least as new",
        )
    shared = set(present.frame[time]) & set(new.frame[time])
    first = new.frame[time].min()
    following = isinstance(first, pd.Timestamp) and first <= old_last + pd.DateOffset(months=1)
    if not shared and not following:
        raise CaudalError(str(path), f"begins in {told(first)}", f"no gap after {told(old_last)}")
    for value in series.values:
        top = present.frame[value].max()
        not_absurd(new.frame, value, path, time, known_max=float(top) if pd.notna(top) else 0.0)
    known_groups(series, present.frame, new.frame, path)
    _nothing_vanished(series, present.frame, new.frame, path)


def known_groups(series: Series, present: pd.DataFrame, new: pd.DataFrame, path: Path) -> None:
    """Every group of each key column that never was absent must be in the file's last period."""
    time = series.time
    last = new[new[time] == new[time].max()]
    recent = sorted(present[time].unique())[-12:]
    window = present[present[time].isin(recent)]
    for key in series.keys[1:]:
        counts = window.groupby(key, observed=True)[time].nunique()
        always = set(counts[counts == len(recent)].index)
        lost = sorted(always - set(last[key]))
        big = window.groupby(key, observed=True)[series.values[0]].min()
        lost = [g for g in lost if big[g] >= 10]
        if lost:
            raise CaudalError(
                str(path),
                f"no {key} {lost[0]!r} in {told(last[time].iloc[0])} (truncated?)",
                "a whole last period",
            )


def _nothing_vanished(series: Series, present: pd.DataFrame, new: pd.DataFrame, path: Path) -> None:
    """A cell of VANISHED_AT_LEAST or more never disappears from a period by revision alone."""
    keys, value = list(series.keys), series.values[0]
    shared = present[present[series.time].isin(set(new[series.time]))]
    gone = ~pd.MultiIndex.from_frame(shared[keys]).isin(pd.MultiIndex.from_frame(new[keys]))
    lost = shared[gone & (shared[value] >= VANISHED_AT_LEAST)]
    if len(lost):
        cell = ", ".join(f"{k} {told(lost[k].iloc[0])}" for k in keys if told(lost[k].iloc[0]))
        raise CaudalError(
            str(path),
            f"no row for {cell}: {lost[value].iloc[0]:,.0f} in the present vintage (truncated?)",
            "every cell that was counted before",
        )


def _compare(
    series: Series, before: pd.DataFrame, after: pd.DataFrame, periods: set[Any]
) -> Change:
    keys = list(series.keys)
    both = before[before[series.time].isin(periods)].merge(
        after[after[series.time].isin(periods)], on=keys, how="outer", suffixes=(" was", " is")
    )
    fresh = ~both[series.time].isin(before[series.time])
    revised = pd.Series(False, index=both.index)
    largest: dict[str, Any] | None = None
    for value in series.values:
        was, now = both[f"{value} was"].fillna(0), both[f"{value} is"].fillna(0)
        differs = (was != now) & ~fresh
        revised |= differs
        if differs.any():
            row = int((now - was).abs().where(differs, 0).to_numpy().argmax())
            step = abs(now.iloc[row] - was.iloc[row])
            if largest is None or step > abs(largest["after"] - largest["before"]):
                cell = {k: told(both[k].iloc[row]) for k in keys}
                largest = {**cell, "column": value, "before": float(was.iloc[row]),
                           "after": float(now.iloc[row])}  # fmt: skip
    return Change(
        series.id,
        int(fresh.sum()),
        int(revised.sum()),
        largest,
        told(after[series.time].max()),
        None,
    )


def told(value: object) -> str:
    """A period in words: 2025-05 for a month, the value itself otherwise."""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m}" if value.day == 1 else f"{value:%Y-%m-%d}"
    return str(value)
