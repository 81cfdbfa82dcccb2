"""IOM Missing Migrants Project: deaths and disappearances in the Americas, gathered by month."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from caudal.corridor.sources.formats import everywhere, mark_issue, open_publication, tally
from caudal.corridor.sources.names import category
from caudal.data.issues import Issue, Reading
from caudal.data.validate import days, decimals, not_absurd, whole_numbers

CAUSES = {
    "Mixed or unknown": "unknown",
    "Drowning": "drowning",
    "Harsh environmental conditions / lack of adequate shelter, food, water": "exposure",
    "Vehicle accident / death linked to hazardous transport": "vehicle",
    "Violence": "violence",
    "Sickness / lack of access to adequate healthcare": "sickness",
    "Accidental death": "accident",
}


def read_deaths(path: Path) -> Reading:
    """Dead and missing by month, country of the incident, zone, route, cause and nationality.

    zone: "darien" where the place's description names the Darién, else "". An incident with
    several causes or nationalities counts once, under "mixed" and OOO; an unknown nationality is
    "UNK". `incidents` is the number of records.
    """
    table = open_publication(path, "IOM missing migrants")
    text = table.frame
    for column in ("lat", "lon"):
        decimals(table, column, path)
    raw = pd.DataFrame(
        {
            "month": days(table, "t", path).dt.to_period("M").dt.to_timestamp(),
            "country": text["geo"],
            "zone": text["location"]
            .str.contains("dari[eé]n", case=False)
            .map({True: "darien", False: ""}),
            "route": text["route"].str.lower().str.replace(" ", "_"),
            "cause": text["cause"].map(CAUSES).fillna("mixed"),
            "nationality": [n if n == "UNK" else category(n) for n in text["nat"]],
            "people": whole_numbers(table, "dead", path),
            "incidents": 1.0,
        }
    )
    raw["month"] = raw["month"].astype("datetime64[ns]")
    not_absurd(raw, "people", path)
    keys = ["month", "country", "zone", "route", "cause", "nationality"]
    frame = tally(raw, keys, ["people", "incidents"])
    floor = Issue("missing", everywhere(frame), "Recorded cases only: a floor, never the whole.")
    return Reading(frame, (floor, *mark_issue(table, frame)))
