"""Checkpoints: published totals that the built tables must reproduce, and sources that must agree.

A checkpoint is a document (see the corridor's `checkpoints.yaml`), not code: what it says in words,
the series, which rows, how to gather them, what to expect and how far off it may be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from caudal.errors import CaudalError

Opener = Callable[[str], pd.DataFrame]


@dataclass(frozen=True)
class Outcome:
    """One line of `data check`.

    expected, found  a number where one is meant exactly, else words ("at most 25 apart")
    """

    id: str
    says: str
    expected: str | float
    found: str | float
    ok: bool


def load_checkpoints(path: Path) -> list[dict[str, Any]]:
    """The checkpoints of a document, with unique ids."""
    try:
        items = yaml.safe_load(path.read_text(encoding="utf-8"))["checkpoints"]
        ids = [item.get("id") for item in items]
    except (OSError, yaml.YAMLError, ValueError, ArithmeticError, RecursionError,
            KeyError, TypeError, AttributeError) as problem:  # fmt: skip
        raise CaudalError(str(path), "no list of checkpoints", "checkpoints: [...]") from problem
    twice = sorted({str(i) for i in ids if ids.count(i) > 1})
    if twice:
        raise CaudalError(f"{path} field 'id'", f"{twice[0]!r} twice", "unique ids")
    return items


def run_checks(items: Sequence[Mapping[str, Any]], opener: Opener) -> list[Outcome]:
    """Evaluate every checkpoint on the tables that `opener` opens."""
    return [_evaluate(item, opener) for item in items]


def _evaluate(item: Mapping[str, Any], opener: Opener) -> Outcome:
    kinds = {"compare": _compare, "balance": _balance}
    kind = next((k for k in kinds if k in item), "")
    try:
        if kind:
            return kinds[kind](item, opener)
        return _single(item, opener)
    except KeyError as problem:
        raise CaudalError(
            f"checkpoint {item.get('id')!r}",
            f"no field or column {problem}",
            "see checkpoints.yaml",
        ) from problem


def select(
    frame: pd.DataFrame, where: Mapping[str, Any] | None = None, period: str = ""
) -> pd.DataFrame:
    """Rows that match every column of `where` (a value or a list) and the period.

    period: "FY2021", "2021", "2021-03", or two of them joined by ".." (both included).
    """
    for column, value in (where or {}).items():
        wanted = value if isinstance(value, list) else [value]
        frame = frame[frame[column].isin(wanted)]
    if not period:
        return frame
    first, _, last = period.partition("..")
    start, end = bounds(first)[0], bounds(last or first)[1]
    for column in ("month", "date"):
        if column in frame:
            return frame[(frame[column] >= start) & (frame[column] < end)]
    if "fiscal_year" in frame:
        years = (int(first.removeprefix("FY")), int((last or first).removeprefix("FY")))
        return frame[frame["fiscal_year"].between(*years)]
    return frame[frame["year"].between(start.year, end.year - 1)]


def bounds(period: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First day of a period and the first day after it.

    >>> [str(t.date()) for t in bounds("FY2021")], [str(t.date()) for t in bounds("2021-12")]
    (['2020-10-01', '2021-10-01'], ['2021-12-01', '2022-01-01'])
    """
    try:
        if period.startswith("FY"):
            year = int(period[2:])
            return pd.Timestamp(year - 1, 10, 1), pd.Timestamp(year, 10, 1)
        if len(period) == 4:
            return pd.Timestamp(int(period), 1, 1), pd.Timestamp(int(period) + 1, 1, 1)
        start = pd.Timestamp(f"{period}-01")
        return start, start + pd.DateOffset(months=1)
    except (ValueError, OverflowError) as problem:
        raise CaudalError("period", repr(period), "FY2021, 2021, 2021-03") from problem


def _single(item: Mapping[str, Any], opener: Opener) -> Outcome:
    frame = opener(item["series"])
    rows = select(frame, item.get("where"), str(item.get("period", "")))
    how = item.get("how", "sum")
    column = item.get("column", "people")
    expected = item["expected"]
    if how in ("first", "last"):
        edge = rows[column].min() if how == "first" else rows[column].max()
        found = str(edge)[: len(expected)]
        return Outcome(item["id"], item["says"], expected, found, found == expected)
    if how == "values":
        found = ", ".join(sorted(map(str, rows[column].unique())))
        return Outcome(item["id"], item["says"], expected, found, found == expected)
    number = _gather(rows, how, column)
    tolerance = float(item.get("tolerance", 0))
    ok = abs(float(number) - expected) <= tolerance
    told = f"{expected:,} ± {tolerance:g}" if tolerance else expected
    found = int(number) if float(number).is_integer() else round(float(number), 3)
    return Outcome(item["id"], item["says"], told, found, bool(ok))


def _gather(rows: pd.DataFrame, how: str, column: str) -> float:
    if how == "rows":
        return len(rows)
    values = rows[column]
    if how == "distinct":
        return values.nunique()
    if how == "blank":
        return int(values.isna().sum())
    if how == "not_tens":
        return int((values.dropna() % 10 != 0).sum())
    if how == "mean":
        return float(values.mean())
    if how == "sum":
        return float(values.sum())
    raise CaudalError("checkpoint field 'how'", repr(how), "sum, mean, rows, distinct, blank, …")


def _totals(side: Mapping[str, Any], opener: Opener, by: list[str], period: str) -> pd.Series:
    rows = select(opener(side["series"]), side.get("where"), period)
    for column in side.get("not_blank", []):
        rows = rows[rows[column] != ""]
    for column, words in side.get("rename", {}).items():
        rows = rows.assign(**{column: rows[column].replace(words)})
    if "fiscal_year" in by and "fiscal_year" not in rows:
        rows = rows.assign(fiscal_year=rows["month"].dt.year + (rows["month"].dt.month >= 10))
    return rows.groupby(by)[side.get("column", "people")].sum()


def _compare(item: Mapping[str, Any], opener: Opener) -> Outcome:
    """Two sources, cell by cell: apart by at most `within` (a number) or `share` (of the first)."""
    by, period = list(item.get("by", ["month"])), str(item.get("period", ""))
    a, b = (_totals(side, opener, by, period) for side in item["compare"])
    both = pd.concat([a.rename("a"), b.rename("b")], axis=1, sort=True)
    if "period" in item:
        both = both.fillna(0)
    both = both.dropna()
    apart = (both["a"] - both["b"]).abs()
    allowed = float(item.get("within", 0)) + float(item.get("share", 0)) * both["a"]
    parts = [f"{item['within']:g}"] if item.get("within") else []
    parts += [f"{item['share']:.1%}"] if item.get("share") else []
    expected = f"at most {' + '.join(parts)} apart" if parts else "equal"
    if both.empty:
        return Outcome(item["id"], item["says"], expected, "nothing to compare", False)
    over = apart > allowed
    worst = int(((apart - allowed) if over.any() else apart).to_numpy().argmax())
    cell = both.index[worst]
    label = " ".join(
        f"{w:%Y-%m}" if isinstance(w, pd.Timestamp) else str(w)
        for w in (cell if isinstance(cell, tuple) else (cell,))
    )
    largest = f"largest {apart.iloc[worst]:,.0f} ({label})" if apart.iloc[worst] else "none apart"
    found = f"{len(both):,} cells, {int(over.sum())} beyond; {largest}"
    if item.get("differs"):
        return Outcome(item["id"], item["says"], "not equal", found, bool((apart > 0).any()))
    return Outcome(item["id"], item["says"], expected, found, not over.any())


def _balance(item: Mapping[str, Any], opener: Opener) -> Outcome:
    """A stock must follow from its flows: the residual as a share of the stock."""
    names = item["balance"]
    frame = opener(item["series"]).sort_values(names["time"])
    stock = frame[names["stock"]].astype(float)
    step = frame[names["in"]] - frame[names["out"]]
    residual = ((stock - stock.shift(1) - step) / stock).abs().dropna()
    limit = float(item["share"])
    worst = frame.loc[residual.index, names["time"]].iloc[int(residual.to_numpy().argmax())]
    ok = bool((residual < limit).all())
    found = f"{residual.max():.2%} ({worst})"
    return Outcome(item["id"], item["says"], f"under {limit:.1%}", found, ok)
