"""Tables of a run: counts beside the model's quantiles, month by month, for every outcome."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from caudal.errors import CaudalError
from caudal.report.outcomes import GROUPS, Outcome
from caudal.report.strings import translator

if TYPE_CHECKING:
    from rich.table import Table

QUANTILES: dict[str, float] = {
    "median": 0.5, "lo50": 0.25, "hi50": 0.75, "lo90": 0.05, "hi90": 0.95,
}  # fmt: skip
COLUMNS: tuple[str, ...] = ("outcome", "month", "phase", "observed", *QUANTILES)

HEADLINES: tuple[str, ...] = (
    "us.encounters.southwest", "mx.events", "us.children.hhs_care", "us.expulsions",
    "us.gotaways.known",
)  # fmt: skip
"""Columns of the compact table, in its order; those a run lacks are left out."""
AHEAD: tuple[int, ...] = (1, 2, 3, 6, 12)
"""Forecast months of the compact table, counted from the last month of the history."""

RECENT = 3
"""Last months of the history whose counts `off_counts` looks at."""


def summarise(ds: xr.Dataset, observed: pd.DataFrame, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Quantiles over members of every outcome, beside what was counted.

    ds        a run: dims `member`, `month`, …; attribute `first_forecast_month` ("2025-03" or a
              date), the first month after the history
    observed  long frame of counts: columns outcome, month (datetime or "YYYY-MM…"), observed
    outcomes  what to read from the run; sums are taken inside each member, then quantiles

    Returns a frame sorted by outcome (in the order given) and month, with COLUMNS: phase is
    "history" or "forecast"; observed is NaN where nothing is published; lo50–hi50 holds half of
    the members, lo90–hi90 nine tenths. Counts of months outside the run are left out.
    Raises CaudalError for a run without `first_forecast_month`, a bad outcome, or two counts of
    one outcome and month.
    """
    months = pd.DatetimeIndex(ds["month"].values)
    first = _first_forecast_month(ds)
    counts = _counts(observed)
    frames = []
    for outcome in outcomes:
        values = np.quantile(outcome.draws(ds), list(QUANTILES.values()), axis=0)
        frame = pd.DataFrame(dict(zip(QUANTILES, values, strict=True)))
        frame.insert(0, "outcome", outcome.id)
        frame.insert(1, "month", months)
        frame.insert(2, "phase", np.where(months >= first, "forecast", "history"))
        seen = counts.get(outcome.id, {})
        frame.insert(3, "observed", [seen.get(month, math.nan) for month in months])
        frames.append(frame)
    if not frames:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(frames, ignore_index=True)


def _first_forecast_month(ds: xr.Dataset) -> pd.Timestamp:
    found = ds.attrs.get("first_forecast_month")
    try:
        stamp = pd.Timestamp(str(found))
    except ValueError:
        stamp = pd.NaT
    if not isinstance(stamp, pd.Timestamp):
        raise CaudalError(
            "run attribute 'first_forecast_month'", repr(found), "a month, such as 2025-03"
        )
    return stamp.normalize().replace(day=1)


def _counts(observed: pd.DataFrame) -> dict[str, dict[pd.Timestamp, float]]:
    """Counts by outcome and first day of the month."""
    missing = {"outcome", "month", "observed"} - set(observed.columns)
    if missing:
        raise CaudalError(
            "observed counts", f"no column {sorted(missing)}", "outcome, month, observed"
        )
    try:
        months = pd.to_datetime(observed["month"], format="ISO8601")
    except (TypeError, ValueError) as error:
        raise CaudalError(
            "observed counts column 'month'", str(error).partition(".")[0].lower(), "YYYY-MM"
        ) from error
    counts: dict[str, dict[pd.Timestamp, float]] = {}
    firsts = months.dt.to_period("M").dt.to_timestamp()
    for outcome, month, value in zip(
        observed["outcome"], firsts, observed["observed"], strict=True
    ):
        mine = counts.setdefault(str(outcome), {})
        if month in mine:
            raise CaudalError(
                f"observed counts of {outcome}", f"{month:%Y-%m} twice", "one row a month"
            )
        mine[month] = float(value)
    return counts


def headline_table(
    summary: pd.DataFrame, outcomes: Sequence[Outcome], language: str = "en"
) -> Table:
    """Compact table for a terminal of 80 columns: three last counted months, five forecast months.

    Three lines a forecast month: the median, then the 50 % and the 90 % interval. Numbers are
    shortened to three digits (k thousand, M million); a dash marks a month without a count.
    """
    from rich.table import Table

    say = translator(language)
    titles = {o.id: (o.title_es if language == "es" else o.title_en) for o in outcomes}
    ids = [i for i in _headlines(outcomes) if i in set(summary["outcome"])]
    cells = {(row["month"], row["outcome"]): row for row in _rows(summary, ids)}
    table = Table(title=say("cli.title"), title_justify="left", pad_edge=False, box=None)
    table.add_column(say("cli.month"), no_wrap=True)
    table.add_column("", no_wrap=True)
    for outcome in ids:
        table.add_column(titles[outcome], justify="right", min_width=11, overflow="fold")
    for month in _shown(summary, ids, "history"):
        row = [short(cells[month, i]["observed"]) for i in ids]
        table.add_row(f"{month:%Y-%m}", say("cli.counted"), *row)
    table.add_section()
    for month in _shown(summary, ids, "forecast"):
        lines = []
        for i in ids:
            at = cells[month, i]
            lines.append(
                f"{short(at['median'])}\n{short(at['lo50'])}–{short(at['hi50'])}\n"
                f"{short(at['lo90'])}–{short(at['hi90'])}"
            )
        table.add_row(f"{month:%Y-%m}", f"{say('cli.median')}\n50 %\n90 %", *lines)
    return table


def off_counts(
    summary: pd.DataFrame, outcomes: Sequence[Outcome], language: str = "en"
) -> list[str]:
    """A line for each headline whose last count lies outside the run's 90 % of that month.

    Only counts of the last three months of the history: what is run on begins there.
    """
    say = translator(language)
    lines = []
    history = summary[summary["phase"] == "history"]
    for outcome in (o for o in outcomes if o.id in _headlines(outcomes)):
        mine = history[(history["outcome"] == outcome.id)].tail(RECENT).dropna(subset="observed")
        for at in mine.tail(1).to_dict("records"):
            if not at["lo90"] <= at["observed"] <= at["hi90"]:
                title = outcome.title_es if language == "es" else outcome.title_en
                words = {k: short(at[k]) for k in ("observed", "median", "lo90", "hi90")}
                lines.append(say("cli.off", title=title, month=f"{at['month']:%Y-%m}", **words))
    return lines


def _headlines(outcomes: Sequence[Outcome]) -> list[str]:
    """HEADLINES, or of a corridor that has none of them the first totals."""
    ids = [o.id for o in outcomes]
    known = [i for i in HEADLINES if i in ids]
    return known or [o.id for o in outcomes if o.panel == "totals"][: len(HEADLINES)]


def side_table(summary: pd.DataFrame, outcomes: Sequence[Outcome], language: str = "en") -> Table:
    """The outcomes side by side, group by group, for the last month of the run.

    Median, 50 % and 90 % interval of each; no outcome is weighed against another.
    """
    from rich.table import Table

    say = translator(language)
    last = summary["month"].max()
    at = {row["outcome"]: row for row in summary[summary["month"] == last].to_dict("records")}
    title = say("cli.side", month=f"{last:%Y-%m}")
    table = Table(title=title, title_justify="left", pad_edge=False, box=None)
    table.add_column("", overflow="fold")
    for head in (say("cli.median"), "50 %", "90 %"):
        table.add_column(head, justify="right", no_wrap=True)
    for group in GROUPS:
        rows = [o for o in outcomes if o.group == group and o.id in at]
        if not rows:
            continue
        table.add_section()
        table.add_row(f"[bold]{say(f'group.{group}')}[/bold]")
        for outcome in rows:
            values = at[outcome.id]
            name = outcome.title_es if language == "es" else outcome.title_en
            table.add_row(
                f"  {name}, {say(f'unit.{outcome.unit}')}",
                short(values["median"]),
                f"{short(values['lo50'])}–{short(values['hi50'])}",
                f"{short(values['lo90'])}–{short(values['hi90'])}",
            )
    return table


def _rows(summary: pd.DataFrame, ids: Sequence[str]) -> list[dict[str, Any]]:
    records = summary.to_dict("records")
    return [{str(k): v for k, v in row.items()} for row in records if row["outcome"] in ids]


def _shown(summary: pd.DataFrame, ids: Sequence[str], phase: str) -> list[pd.Timestamp]:
    rows = [row for row in _rows(summary, ids) if row["phase"] == phase]
    if phase == "history":
        return sorted({row["month"] for row in rows if math.isfinite(row["observed"])})[-3:]
    months = sorted({row["month"] for row in rows})
    return [months[n - 1] for n in AHEAD if n <= len(months)]


def short(value: float) -> str:
    """A number in at most three digits and a letter.

    >>> [short(v) for v in (0, 7.4, 940, 12_340, 99_960, 241_136, 2_475_669, float("nan"))]
    ['0', '7', '940', '12.3k', '100k', '241k', '2.48M', '–']
    """
    if not math.isfinite(value):
        return "–"
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size * 0.9995:
            scaled = value / size
            places = 2 if abs(scaled) < 9.995 else 1 if abs(scaled) < 99.95 else 0
            return f"{scaled:.{places}f}{letter}"
    return f"{value:.0f}"


def to_json(summary: pd.DataFrame) -> dict[str, Any]:
    """The summary as plain JSON: `outcomes[].{id, months[].{month, phase, observed, median, …}}`.

    Months as "YYYY-MM"; null where a number is missing.
    """
    outcomes = []
    for name, group in summary.groupby("outcome", sort=False):
        months = [
            {
                "month": f"{row['month']:%Y-%m}",
                "phase": row["phase"],
                **{c: _plain(row[c]) for c in ("observed", *QUANTILES)},
            }
            for row in group.to_dict("records")
        ]
        outcomes.append({"id": name, "months": months})
    return {"outcomes": outcomes}


def _plain(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
