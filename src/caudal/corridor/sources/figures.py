"""Single published figures and parameters read in reports and press, each with its source."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from caudal.corridor.sources.formats import mark_issue, open_publication
from caudal.data.issues import Issue, Reading
from caudal.data.validate import decimals


def read_figures(path: Path) -> Reading:
    """Published single figures; `id` is the collection and the row's number in it."""
    table = open_publication(path, "published figures")
    text = table.frame
    number = text.groupby("file", sort=False).cumcount() + 1
    frame = pd.DataFrame(
        {
            "id": [
                f"{f.replace('_', '-')}.{n:03d}" for f, n in zip(text["file"], number, strict=True)
            ],
            "series": text["series"],
            "period": text["period"],
            "value": decimals(table, "value", path, blank_ok=False),
            **{c: text[c] for c in ("unit", "source_title", "source_url", "note")},
        }
    )
    lost = Issue("missing", frame["source_url"] == "", "No address was kept for the source.")
    revised = Issue("revised", frame["value"].notna(), "Many were later revised; prefer a series.")
    return Reading(frame, (revised, lost, *mark_issue(table, frame)))


def read_parameters(path: Path) -> Reading:
    """Published values of constants, with range and source; blank values are qualitative."""
    table = open_publication(path, "published parameters")
    frame = table.frame.copy()
    for column in ("value", "low", "high"):
        frame[column] = decimals(table, column, path)
    blank = Issue("missing", frame["value"].isna(), "A sign or a guess, no published value.")
    return Reading(frame, (blank, *mark_issue(table, frame)))
