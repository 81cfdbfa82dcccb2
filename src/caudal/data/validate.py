"""Questions every counted table must answer yes to, each a clear error when it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from caudal.data.tabular import Table
from caudal.errors import CaudalError

ABSURD_FACTOR = 10
"""A count more than this many times the largest of all other months is taken for a slip."""


def _line(table: Table, row: int, path: object, column: str) -> str:
    return f"{path}:{table.lines[row]} field {column!r}"


def whole_numbers(table: Table, column: str, path: object, blank_ok: bool = False) -> pd.Series:
    """The column as counts (float64, whole, ≥ 0; NaN where blank if allowed).

    Accepts thousands separators in pairs of three ("43,011") and a trailing ".0".
    """
    text = table.frame[column]
    numbers = pd.to_numeric(text.str.replace(",", "", regex=False), errors="coerce")
    blank = text.eq("")
    bad = (numbers.isna() & ~blank) | (blank & (not blank_ok)) | np.isinf(numbers.fillna(0))
    _refuse(table, column, path, bad, "a whole number")
    _refuse(table, column, path, numbers < 0, "a count, not negative")
    _refuse(table, column, path, (numbers % 1 != 0) & numbers.notna(), "a whole number")
    return numbers.astype("float64")


def decimals(table: Table, column: str, path: object, blank_ok: bool = True) -> pd.Series:
    """The column as float64, NaN where blank; text that is no number is refused."""
    text = table.frame[column]
    numbers = pd.to_numeric(text, errors="coerce")
    bad = numbers.isna() & ~(text.eq("") & blank_ok)
    _refuse(table, column, path, bad, "a number")
    return numbers.astype("float64")


def days(table: Table, column: str, path: object, form: str = "%Y-%m-%d") -> pd.Series:
    """The column as datetime64[ns]."""
    dates = pd.to_datetime(table.frame[column], format=form, errors="coerce")
    held = dates.between(pd.Timestamp.min, pd.Timestamp.max)  # what nanoseconds can count
    _refuse(table, column, path, ~held, f"a date such as {_example(form)}")
    return dates.astype("datetime64[ns]")


def months(table: Table, column: str, path: object, form: str = "%Y-%m-%d") -> pd.Series:
    """The column as datetime64[ns]; each must be the first of a month."""
    dates = days(table, column, path, form)
    _refuse(table, column, path, dates.dt.day != 1, "the first of a month")
    return dates


def words(
    table: Table, column: str, path: object, meaning: Mapping[str, str], what: str
) -> pd.Series:
    """The column translated by `meaning`; a word that is not there is refused."""
    translated = table.frame[column].map(meaning)
    _refuse(table, column, path, translated.isna(), f"a known {what}")
    return translated.astype(str)


def _example(form: str) -> str:
    return pd.Timestamp("2023-12-01").strftime(form)


def _refuse(table: Table, column: str, path: object, bad: pd.Series, allowed: str) -> None:
    if bad.any():
        row = int(np.flatnonzero(bad.to_numpy())[0])
        found = table.frame[column].iloc[row]
        raise CaudalError(
            _line(table, row, path, column), repr(found) if found else "blank", allowed
        )


def no_duplicates(frame: pd.DataFrame, keys: Sequence[str], path: object) -> None:
    """No two rows may count the same cell."""
    twice = frame.duplicated(list(keys), keep="first")
    if twice.any():
        first = frame.loc[twice, list(keys)].iloc[0]
        told = ", ".join(f"{k}={_show(v)}" for k, v in first.items())
        raise CaudalError(
            str(path), f"{int(twice.sum())} duplicated rows, the first {told}", "each cell once"
        )


def contiguous(when: pd.Series, path: object, gaps: Sequence[str] = (), freq: str = "MS") -> None:
    """Every month from the first to the last must be there, save the publication's own gaps."""
    have = pd.DatetimeIndex(when.dropna().unique())
    if have.empty:
        raise CaudalError(str(path), "no rows with a month", "every month from first to last")
    want = pd.date_range(have.min(), have.max(), freq=freq)
    lost = want.difference(have).difference(pd.DatetimeIndex(list(gaps)))
    if len(lost):
        raise CaudalError(
            str(path),
            f"no rows for {lost[0]:%Y-%m} ({len(lost)} months missing)",
            "every month from first to last",
        )


def complete(
    frame: pd.DataFrame,
    margins: Sequence[Sequence[str]],
    value: str,
    path: object,
    when: str = "month",
) -> None:
    """No month may lack a group that every other month has: the mark of a truncated file.

    A group counts only where its smallest other month holds at least ten and where its smallest
    share elsewhere would make five of the month's total, so that a rare nationality, or a month
    with hardly anyone, may lack it. Needs four months, else nothing can be said.
    """
    if frame[when].nunique() < 4:
        return
    for margin in margins:
        table = frame.pivot_table(
            index=when, columns=list(margin), values=value, aggfunc="sum", observed=True
        ).reindex(sorted(frame[when].unique()))
        empty = table.isna()
        total = table.sum(axis=1)
        share = table.div(total, axis=0).min()
        for group in table.columns[(empty.sum() == 1).to_numpy()]:
            month = empty.index[empty[group].to_numpy()][0]
            if table[group].min() >= 10 and share[group] * total[month] >= 5:
                name = ", ".join(map(str, group)) if isinstance(group, tuple) else str(group)
                raise CaudalError(
                    str(path),
                    f"{pd.Timestamp(month):%Y-%m} has no rows for {name} (truncated?)",
                    "months as complete as the others",
                )


def not_absurd(
    frame: pd.DataFrame, value: str, path: object, when: str = "month", known_max: float = 0.0
) -> None:
    """No cell may exceed ABSURD_FACTOR times the largest cell of all other months.

    known_max: largest cell of an earlier vintage; where given, it is the measure instead.
    """
    top = frame.groupby(when)[value].max().dropna().sort_values()
    if top.empty or (len(top) < 2 and not known_max):
        return
    others = known_max or float(top.iloc[-2])
    if others > 0 and top.iloc[-1] > ABSURD_FACTOR * others:
        raise CaudalError(
            f"{path} field {value!r}",
            f"{top.iloc[-1]:,.0f} in {_show(top.index[-1])}, elsewhere at most {others:,.0f}",
            f"at most {ABSURD_FACTOR} times the largest of the other months",
        )


def _show(value: object) -> str:
    return f"{value:%Y-%m}" if isinstance(value, pd.Timestamp) else str(value)
