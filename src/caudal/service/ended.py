"""Where journeys ended in a run, by fiscal year: read from a run's folder or from the shipped one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from caudal.corridor.ends import AFTER, ALL, BEFORE, ENDS, POINTS, SET_OUT
from caudal.corridor.observables import OUTCOMES
from caudal.corridor.world import NATIONALITY_NAMES, UNIT_NAMES
from caudal.errors import CaudalError
from caudal.service.answers import records
from caudal.service.kinds import run
from caudal.service.refusals import Refused
from caudal.service.shipped import SHOWN

NUMBERS = ("mean", *POINTS)
SHIPPED_RECIPE = "run.json"
FLOW_NAMES: dict[str, tuple[str, str]] = {
    BEFORE: ("On the way when the year began", "En camino al comenzar el año"),
    SET_OUT: ("Set out in the year", "Emprendieron el viaje en el año"),
    **ENDS,
    AFTER: ("Still on the way at its end", "Seguían en camino al terminar el año"),
}


def words(pair: tuple[str, str]) -> dict[str, str]:
    """Both languages by name."""
    return {"en": pair[0], "es": pair[1]}


def table(folder: Path | None, name: str) -> pd.DataFrame:
    """A table of a run; of the shipped run where no folder is given."""
    path = (folder or SHOWN) / name
    if not path.is_file():
        raise Refused(name, "was not kept by this run", "run it anew", 404)
    return pd.read_parquet(path)


def recipe(folder: Path | None) -> dict[str, Any]:
    """How to get a run's numbers again."""
    if folder is not None:
        return json.loads((folder / run.RESULT).read_text("utf-8"))
    return json.loads((SHOWN / SHIPPED_RECIPE).read_text("utf-8"))


def ended(folder: Path | None, year: int | None, by: str, group: str | None) -> dict[str, Any]:
    """One year by nationality or by unit, narrowed to one `group` of the other axis, with the years.

    year  the newest with twelve months of counts where none is said. Raises CaudalError for a year or
    a group that is not there.
    """
    about = recipe(folder)
    rows = table(folder, run.ENDS)
    spans = rows.groupby("fiscal_year")[["first", "through"]].first().reset_index()
    until = about["first_forecast_month"]
    years = [
        {
            "year": int(r["fiscal_year"]), "first": r["first"], "through": r["through"],
            "whole": bool(r["first"][5:] == "10" and r["through"][5:] == "09"),
            "forecast": bool(r["through"] >= until),
        }
        for r in spans.to_dict("records")
    ]  # fmt: skip
    known = [y["year"] for y in years]
    past = [y["year"] for y in years if not y["forecast"] and y["whole"]]
    chosen = year if year is not None else (past or known)[-1]
    if chosen not in known:
        raise CaudalError("query 'year'", str(chosen), f"{known[0]} to {known[-1]}")
    other = "unit" if by == "nationality" else "nationality"
    labels = UNIT_NAMES if other == "unit" else NATIONALITY_NAMES
    if group is not None and group not in labels:
        raise CaudalError("query 'group'", repr(group), ", ".join(labels))
    mine = rows[(rows["fiscal_year"] == chosen) & (rows[other] == (group or ALL))]
    named = {**(NATIONALITY_NAMES if by == "nationality" else UNIT_NAMES)}
    return {
        "run": about,
        "years": years,
        "year": chosen,
        "by": by,
        "group": group,
        "flows": [{"id": k, "name": words(v)} for k, v in FLOW_NAMES.items()],
        "groups": [{"id": k, "name": words(v)} for k, v in named.items()],
        "within": [{"id": k, "name": words(v)} for k, v in labels.items()],
        "rows": [
            {"group": r[by], "flow": r["flow"], **{n: round(r[n], 1) for n in NUMBERS}}
            for r in mine.to_dict("records")
        ],
    }


def side(folder: Path | None) -> dict[str, Any]:
    """Outcomes that stand side by side, by fiscal year: sums, or means of numbers of people."""
    rows = table(folder, run.YEARS)
    out = []
    for o in OUTCOMES:
        mine = rows[rows["outcome"] == o["id"]]
        if o["group"] and len(mine):
            out.append(
                {
                    "id": o["id"], "title": words((o["title_en"], o["title_es"])),
                    "unit": o["unit"], "group": o["group"],
                    "years": records(mine[["fiscal_year", *NUMBERS]]),
                }
            )  # fmt: skip
    return {"run": recipe(folder), "outcomes": out}
