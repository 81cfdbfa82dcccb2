"""Regional governments' counts as tidied by IOM: Panama, Mexico, Honduras, Guatemala, Colombia.

IOM's tables list positive cells: a nationality without a row in a month was zero or not
published. Duplicate month–nationality rows are IOM's own (two spellings of one country) and are
summed, under a named issue.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from caudal.corridor.sources.formats import mark_issue, nowhere, open_publication, tally
from caudal.corridor.sources.names import category
from caudal.data.issues import Issue, Reading
from caudal.data.tabular import Table
from caudal.data.validate import complete, contiguous, months, no_duplicates, not_absurd
from caudal.data.validate import whole_numbers as counts
from caudal.errors import CaudalError

DARIEN_GAPS = ("2020-04-01", "2020-05-01", "2020-07-01")
"""Months without a row in Panama's table, when the border was shut."""
HONDURAS_GAPS = ("2020-04-01", "2020-05-01")
"""Months without a row by nationality; the table of totals says zero."""
DUPLICATES_AT_MOST = 0.05
"""Share of rows that may repeat a key; more means that the file was doubled."""
MANY_TAIWANESE = 50
"""Taiwanese a month above which Honduras' table must mean Chinese (they are absent then)."""


def _codes(table: Table, column: str, path: Path) -> pd.Series:
    text = table.frame[column]
    bad = ~text.str.fullmatch(r"[A-Z]{3}")
    if bad.any():
        row = int(bad.to_numpy().argmax())
        raise CaudalError(
            f"{path}:{table.lines[row]} field {column!r}",
            repr(text[row]),
            "an ISO 3166-1 alpha-3 code",
        )
    return text


def _doubled(raw: pd.DataFrame, keys: list[str], path: Path) -> pd.Series:
    """Rows that share their key with another; a clear error if they are too many."""
    twice = raw.duplicated(keys, keep=False)
    if twice.sum() > 2 * max(1.0, DUPLICATES_AT_MOST * len(raw)):
        no_duplicates(raw, keys, path)
    return twice


def _by_nationality(
    path: Path, name: str, extra: Sequence[str] = (), gaps: Sequence[str] = ()
) -> tuple[Table, pd.DataFrame, pd.DataFrame, tuple[Issue, ...]]:
    """Raw rows, and the tally by month, 22 categories and `extra` columns, with its issues."""
    table = open_publication(path, name)
    raw = pd.DataFrame({"month": months(table, "t", path), "country": _codes(table, "nat", path)})
    for column in extra:
        raw[column] = table.frame[column]
    raw["people"] = counts(table, "n", path)
    raw["nationality"] = raw["country"].map(category)
    twice = _doubled(raw, ["month", "country", *extra], path)
    keys = ["month", "nationality", *extra]
    frame = tally(raw, keys)
    issues = _duplicate_issue(raw, twice, frame, keys)
    return table, raw, frame, (*issues, *mark_issue(table, frame))


def _duplicate_issue(
    raw: pd.DataFrame, twice: pd.Series, frame: pd.DataFrame, keys: list[str]
) -> tuple[Issue, ...]:
    if not twice.any():
        return ()
    hit = pd.MultiIndex.from_frame(raw.loc[twice, keys])
    mask = pd.Series(pd.MultiIndex.from_frame(frame[keys]).isin(hit), index=frame.index)
    return (Issue("duplicated", mask, "A country stands twice in the file; its rows were summed."),)


def read_darien(path: Path) -> Reading:
    """Irregular crossings of the Darién by nationality and month, since 2020."""
    table, raw, _, _ = _by_nationality(path, "Darién crossings by nationality", ("q",))
    monthly = raw[raw["month"] >= "2020-01-01"]
    if monthly.empty:
        raise CaudalError(str(path), "no month since January 2020", "monthly rows")
    contiguous(monthly["month"], path, DARIEN_GAPS)
    complete(monthly, [["nationality"]], "people", path)
    not_absurd(monthly, "people", path)
    frame = tally(monthly, ["month", "nationality"])
    gone = Issue("missing", nowhere(frame), "No row for April, May and July 2020 (border shut).")
    return Reading(frame, (gone, *mark_issue(table, frame)))


def read_darien_annual(path: Path) -> Reading:
    """Crossings of the Darién by nationality and year, 2010 to 2019 (dated 1 January there)."""
    _, raw, _, _ = _by_nationality(path, "Darién crossings by nationality", ("q",))
    early = raw[raw["month"] < "2020-01-01"]
    if early.empty:
        raise CaudalError(str(path), "no year before 2020", "yearly rows dated 1 January")
    frame = tally(early.assign(year=early["month"].dt.year), ["year", "nationality"])
    return Reading(frame, ())


def read_mexico(path: Path) -> Reading:
    """Mexico: events of people in an irregular migratory situation, by nationality and month."""
    _, raw, frame, issues = _by_nationality(path, "nationality by month (Mexico or Honduras)")
    _is_country(raw, path, "USA", "Mexico's events (people from the United States in each month)")
    contiguous(raw["month"], path)
    complete(raw, [["country"]], "people", path)
    not_absurd(raw, "people", path)
    return Reading(frame, issues)


def read_honduras(path: Path) -> Reading:
    """Honduras: irregular entries by nationality and month."""
    _, raw, frame, issues = _by_nationality(path, "nationality by month (Mexico or Honduras)")
    if raw["country"].eq("HND").any():
        raise CaudalError(str(path), "this looks like Mexico's events: it counts Hondurans",
                          "entries to Honduras")  # fmt: skip
    contiguous(raw["month"], path, HONDURAS_GAPS)
    complete(raw, [["country"]], "people", path)
    not_absurd(raw, "people", path)
    taiwan = raw[(raw["country"] == "TWN") & (raw["people"] > MANY_TAIWANESE)]["month"]
    odd = frame["month"].isin(taiwan) & frame["nationality"].eq("OOO")
    named = Issue(
        "inconsistent", odd,
        "Counts under Taiwan that almost surely are people from China, who are absent then.",
    )  # fmt: skip
    gone = Issue("missing", nowhere(frame), "No row for April and May 2020 (border shut).")
    return Reading(frame, (*((named,) if odd.any() else ()), gone, *issues))


def _is_country(raw: pd.DataFrame, path: Path, sign: str, what: str) -> None:
    share = raw.loc[raw["country"] == sign, "month"].nunique() / raw["month"].nunique()
    if share < 0.9:
        raise CaudalError(str(path), "this looks like Honduras' entries", what)


def read_honduras_total(path: Path) -> Reading:
    """Honduras: irregular entries, all nationalities, since 2014."""
    table = open_publication(path, "Honduras entries")
    frame = pd.DataFrame({"month": months(table, "t", path), "people": counts(table, "n", path)})
    no_duplicates(frame, ["month"], path)
    contiguous(frame["month"], path)
    not_absurd(frame, "people", path)
    frame = tally(frame, ["month"])
    return Reading(frame, mark_issue(table, frame))


def read_returns(path: Path) -> Reading:
    """Mexico: people returned by nationality, month and kind of return."""
    kinds = {"deportation", "assisted return", "assisted return of children"}
    _, raw, frame, issues = _by_nationality(path, "Mexico returns by type", ("type",))
    if set(raw["type"]) - kinds:
        raise CaudalError(f"{path} field 'type'", str(sorted(set(raw["type"]) - kinds)),
                          ", ".join(sorted(kinds)))  # fmt: skip
    contiguous(raw["month"], path)
    complete(raw, [["country"]], "people", path)
    not_absurd(raw, "people", path)
    frame["type"] = frame["type"].str.replace(" ", "_")
    return Reading(frame, issues)


def _sex_age(path: Path, name: str, columns: Sequence[str], total: bool = True) -> Reading:
    """A table by month and words for sex and age, which must be whole every month."""
    table = open_publication(path, name)
    frame = pd.DataFrame({"month": months(table, "t", path)})
    for column in columns:
        frame[column] = table.frame[column].str.replace(" ", "_").str.replace(",", "")
    frame["people"] = counts(table, "n", path)
    no_duplicates(frame, ["month", *columns], path)
    contiguous(frame["month"], path)
    if total:
        complete(frame, [[columns[0]]], "people", path)
    not_absurd(frame, "people", path)
    frame = tally(frame, ["month", *columns])
    return Reading(frame, mark_issue(table, frame))


def read_darien_demographic(path: Path) -> Reading:
    """Darién crossings by men, women, boys and girls (the last two since 2023)."""
    return _sex_age(path, "Darién crossings by sex and age", ["demog"])


def read_honduras_demographic(path: Path) -> Reading:
    """Entries to Honduras by men, women, boys and girls."""
    return _sex_age(path, "Honduras entries by sex and age", ["demog"])


def read_mexico_demographic(path: Path) -> Reading:
    """Mexico's events by sex and age."""
    reading = _sex_age(path, "Mexico events by sex and age", ["sex", "age"])
    late = reading.frame["month"].dt.year == 2024
    note = Issue("inconsistent", late, "In 2024 these do not sum to the table by nationality.")
    return Reading(reading.frame, (*((note,) if late.any() else ()), *reading.issues))


def read_guatemala(path: Path) -> Reading:
    """Guatemalans returned by land and air, by sex, age and the country that returned them."""
    reading = _sex_age(path, "Guatemalans returned", ["sex", "age", "origin"], total=False)
    frame = reading.frame.rename(columns={"origin": "returned_from"})
    blank = frame["returned_from"] == ""
    note = Issue("missing", blank, "The returning country is not published for these rows.")
    return Reading(frame, (*((note,) if blank.any() else ()), *reading.issues))


def read_digest(path: Path, country: str) -> Reading:
    """One country's rows of IOM's regional digest (only COL and MEX are sound)."""
    table = open_publication(path, "regional digest")
    raw = pd.DataFrame({"month": months(table, "t", path), "geo": table.frame["geo"]})
    raw["country"] = _codes(table, "nat", path)
    raw["people"] = counts(table, "n", path, blank_ok=True)
    no_duplicates(raw, ["month", "geo", "country"], path)
    raw = raw[raw["geo"] == country]
    if raw.empty:
        raise CaudalError(str(path), f"no row of {country}", "COL and MEX rows")
    contiguous(raw["month"], path)
    not_absurd(raw, "people", path)
    frame = tally(raw.assign(nationality=raw["country"].map(category)), ["month", "nationality"])
    return Reading(frame, mark_issue(table, frame))


def read_colombia(path: Path) -> Reading:
    """People who left Colombia irregularly toward the Darién, by nationality."""
    reading = read_digest(path, "COL")
    early = reading.frame["month"] < "2023-01-01"
    note = Issue("inconsistent", early, "Before 2023 a hundredth of the Darién's crossings.")
    return Reading(reading.frame, (*((note,) if early.any() else ()), *reading.issues))


def read_presented(path: Path) -> Reading:
    """Mexico: people brought before the migration authority, the narrower count, to Feb 2025."""
    reading = read_digest(path, "MEX")
    last = reading.frame["month"] == "2025-02-01"
    note = Issue("inconsistent", last, "February 2025 looks partial.")
    return Reading(reading.frame, (*((note,) if last.any() else ()), *reading.issues))
