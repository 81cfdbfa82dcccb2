"""UNHCR: asylum applications by country of asylum and of origin; people displaced, by origin."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from caudal.corridor.sources.formats import mark_issue, open_publication, tally, whole
from caudal.corridor.sources.names import category
from caudal.data.issues import Issue, Reading
from caudal.data.validate import no_duplicates, not_absurd, whole_numbers
from caudal.errors import CaudalError

KINDS = {"N": "new", "A": "appeal", "R": "repeat", "V": "other_or_both"}
COUNTED_IN = {"P": "people", "C": "cases"}


def _applications(path: Path) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    table = open_publication(path, "UNHCR asylum applications")
    text = table.frame
    raw = text.drop(columns=["applied"]).assign(
        year=whole_numbers(table, "year", path).astype(int),
        applications=whole_numbers(table, "applied", path),
    )
    no_duplicates(
        raw,
        ["year", "coo", "coa", "procedure_type", "app_type", "dec_level", "app_pc"], path,
    )  # fmt: skip
    for column, known in (("app_type", KINDS), ("app_pc", COUNTED_IN)):
        strange = set(text[column]) - set(known)
        if strange:
            raise CaudalError(f"{path} field {column!r}", str(sorted(strange)), ", ".join(known))
    gap = set(range(raw["year"].min(), raw["year"].max() + 1)) - set(raw["year"])
    if gap:
        raise CaudalError(str(path), f"no rows for {min(gap)}", "every year from first to last")
    not_absurd(raw, "applications", path, "year")
    raw["nationality"] = raw["coo_iso"].map(category)
    raw["kind"] = raw["app_type"].map(KINDS)
    raw["counted_in"] = raw["app_pc"].map(COUNTED_IN)
    return raw, mark_issue(table, raw)


def read_mexico(path: Path) -> Reading:
    """Asylum applications in Mexico by year and nationality, in people."""
    raw, issues = _applications(path)
    if set(raw["coa_iso"]) != {"MEX"} or set(raw["counted_in"]) != {"people"}:
        raise CaudalError(str(path), "other countries of asylum, or cases", "Mexico, in people")
    frame = tally(raw.rename(columns={"applications": "people"}), ["year", "nationality"])
    return Reading(frame, _on(frame, issues))


def read_americas(path: Path) -> Reading:
    """Asylum applications by year, country of asylum, nationality, kind and what is counted."""
    raw, issues = _applications(path)
    raw = raw.rename(columns={"coa_iso": "asylum_country"})
    keys = ["year", "asylum_country", "nationality", "kind", "counted_in"]
    frame = tally(raw, keys, "applications")
    mixed = Issue(
        "inconsistent", frame["counted_in"] == "cases",
        "The United States counts part in cases (several people each): never add to people.",
    )  # fmt: skip
    return Reading(frame, (mixed, *_on(frame, issues)))


def _on(frame: pd.DataFrame, issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    none = pd.Series(False, index=frame.index)
    return tuple(Issue(i.name, none, i.meaning) for i in issues)


def read_stocks(path: Path) -> Reading:
    """People under UNHCR's mandate at year's end, by country of origin, worldwide."""
    table = open_publication(path, "UNHCR refugee stocks by origin")
    columns = {"refugees": "refugees", "asylum_seekers": "asylum_seekers", "oip": "others"}
    frame = pd.DataFrame(
        {
            "year": whole_numbers(table, "year", path).astype(int),
            "nationality": table.frame["coo_iso"],
        }
    )
    for column, new in columns.items():
        frame[new] = whole_numbers(table, column, path)
        not_absurd(frame, new, path, "year")
    no_duplicates(frame, ["year", "nationality"], path)
    frame = frame.sort_values(["year", "nationality"], ignore_index=True)
    return Reading(whole(frame, list(columns.values())), mark_issue(table, frame))
