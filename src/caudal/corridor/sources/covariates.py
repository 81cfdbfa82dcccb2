"""Outside series that push and pull: job openings, remittances, World Bank, homicide."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from caudal.corridor.sources.formats import mark_issue, open_publication, tally, whole
from caudal.data.issues import Issue, Reading
from caudal.data.validate import (
    contiguous,
    decimals,
    months,
    no_duplicates,
    not_absurd,
    whole_numbers,
)

INDICATORS = {
    "birth": "births_per_1000", "depend": "dependency_ratio", "fdiin": "fdi_in_usd",
    "fdiout": "fdi_out_usd", "gdp": "gdp_usd", "income": "income_per_head_ppp", "inf":
    "inflation_percent", "nmig": "net_migration", "polstb": "political_stability",
    "pop": "population", "remin": "remittances_in_usd", "remout": "remittances_out_usd",
    "unem": "unemployment_percent", "gdp_per_capita_usd": "gdp_per_head_usd",
}  # fmt: skip


def read_job_openings(path: Path) -> Reading:
    """US job openings, seasonally adjusted, in thousands."""
    table = open_publication(path, "US job openings")
    frame = pd.DataFrame(
        {
            "month": months(table, "date", path),
            "thousand_openings": whole_numbers(table, "value", path),
        }
    ).sort_values("month", ignore_index=True)
    no_duplicates(frame, ["month"], path)
    contiguous(frame["month"], path)
    not_absurd(frame, "thousand_openings", path)
    frame = whole(frame, ["thousand_openings"])
    return Reading(frame, mark_issue(table, frame))


def read_remittances(path: Path) -> Reading:
    """Remittances to (`in`) and from (`out`) Mexico: transfers and US dollars."""
    table = open_publication(path, "Mexican remittances")
    flows = {"Ingresos": "in", "Egresos": "out"}
    frame = pd.DataFrame(
        {
            "month": months(table, "PERIODO", path),
            "flow": table.frame["FLUJO"].map(flows),
            "transfers": whole_numbers(table, "OPERACIONES", path),
            "usd": whole_numbers(table, "VALOR_USD", path),
        }
    )
    no_duplicates(frame, ["month", "flow"], path)
    contiguous(frame["month"], path)
    not_absurd(frame, "usd", path)
    frame = tally(frame, ["month", "flow"], ["transfers", "usd"])
    return Reading(frame, mark_issue(table, frame))


def read_indicators(path: Path) -> Reading:
    """World Bank indicators by country and year; blank where the Bank has none."""
    table = open_publication(path, "World Bank indicators")
    wide = pd.DataFrame(
        {"year": whole_numbers(table, "t", path).astype(int), "country": table.frame["geo"]}
    )
    for column, new in INDICATORS.items():
        wide[new] = decimals(table, column, path)
    no_duplicates(wide, ["year", "country"], path)
    frame = wide.melt(["year", "country"], var_name="indicator", value_name="value")
    frame = frame.sort_values(["indicator", "country", "year"], ignore_index=True)
    frame = frame[["year", "country", "indicator", "value"]]
    blank = Issue("missing", frame["value"].isna(), "Not published by the World Bank.")
    return Reading(frame, (blank, *mark_issue(table, frame)))


def read_homicide(path: Path) -> Reading:
    """Intentional homicides per 100,000 people, by country and year."""
    table = open_publication(path, "homicide rates")
    frame = pd.DataFrame(
        {
            "year": whole_numbers(table, "year", path).astype(int),
            "country": table.frame["code"],
            "per_100000": decimals(table, "rate", path, blank_ok=False),
        }
    )
    no_duplicates(frame, ["year", "country"], path)
    frame = frame.sort_values(["country", "year"], ignore_index=True)
    return Reading(frame, mark_issue(table, frame))
