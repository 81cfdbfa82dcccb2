"""Known got-aways: Border Patrol's monthly count, obtained under FOIA and posted by Cato."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from caudal.corridor.sources.formats import everywhere, open_publication, whole
from caudal.data.issues import Issue, Reading
from caudal.data.validate import contiguous, months, no_duplicates, not_absurd, whole_numbers


def read_gotaways(path: Path) -> Reading:
    """Known got-aways (`people`) and arrests by month.

    The publisher's file begins with a byte order mark, names no first column and pads numbers;
    all three are taken as its format.
    """
    table = open_publication(path, "known got-aways")
    frame = pd.DataFrame(
        {
            "month": months(table, "", path, "%b-%y"),
            "people": whole_numbers(table, "Gotaways", path),
            "arrests": whole_numbers(table, "Arrests", path),
        }
    ).sort_values("month", ignore_index=True)
    no_duplicates(frame, ["month"], path)
    contiguous(frame["month"], path)
    for column in ("people", "arrests"):
        not_absurd(frame, column, path)
    part = Issue(
        "inconsistent",
        everywhere(frame),
        "Only crossings that sensors or agents saw; a part of all that went undetected, and the "
        "part changes with surveillance.",
    )
    return Reading(whole(frame, ["people", "arrests"]), (part,))
