"""A search as tables, documents and the sentences that belong beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from caudal.ask.search import Found, Point
from caudal.compute.store import code_version
from caudal.data.store import data_vintage

SHARES: dict[str, float] = {"median": 0.5, "lo90": 0.05, "hi90": 0.95}
NOT_KNOWN = (
    "What the model does not know: whether a setting can be decided, paid for or would stand in "
    "court; how governments that it holds to their history would answer; what is not among its "
    "outcomes. Weather stays as it was learned, though a policy may have caused some of it.",
    "A value that was never in force rests on how the model continues what was learned of others.",
    "No point is the best: which one to prefer is a choice between the outcomes.",
)


def frame(found: Found) -> pd.DataFrame:
    """A row for each point and outcome; point 0 is the baseline.

    Columns: point, a column for each lever (none: left as it was), outcome, unit, aim (minimise,
    maximise, or "" for an outcome that is only limited), median, lo90, hi90 over members, and of the
    change from the baseline, member by member, change, change_lo90, change_hi90.
    """
    asked = found.question
    senses = {o.id: sense for o, sense in asked.aims}
    rows = []
    for number, point in enumerate([(0,) * len(asked.levers), *found.points]):
        levers = {t.name: t.value(i) for t, i in zip(asked.levers, point, strict=True)}
        for outcome, figures in zip(asked.outcomes, _figures(found, point), strict=True):
            told = {"outcome": outcome.id, "unit": outcome.unit, "aim": senses.get(outcome.id, "")}
            rows.append({"point": number, **levers, **told, **figures})
    return pd.DataFrame(rows)


def records(found: Found) -> list[dict[str, Any]]:
    """The same for JSON, a record for each point: point, levers, scenario, outcomes by name."""
    table = frame(found)
    columns = ["unit", "aim", *SHARES, "change", "change_lo90", "change_hi90"]
    out = []
    points = [(0,) * len(found.question.levers), *found.points]
    for number, (point, part) in enumerate(zip(points, _by_point(table), strict=True)):
        pairs = zip(found.question.levers, point, strict=True)
        out.append({
            "point": number,
            "levers": {turn.name: turn.value(i) for turn, i in pairs},
            "scenario": found.scenarios[number - 1].name if number else found.base.name,
            "outcomes": {r["outcome"]: {c: r[c] for c in columns} for r in part.to_dict("records")},
        })  # fmt: skip
    return out


def about(found: Found) -> dict[str, Any]:
    """How it was asked and what it rests on."""
    asked = found.question
    return {
        "from": f"{found.period[0]:%Y-%m}", "to": f"{found.period[1]:%Y-%m}",
        "scenario": found.base.name, "members": found.members, "seed": found.seed,
        "levers": [
            {"name": t.name, "lever": t.lever, "unit": t.unit, "values": list(t.values)}
            for t in asked.levers
        ],
        "minimise": [o.id for o, sense in asked.aims if sense == "minimise"],
        "maximise": [o.id for o, sense in asked.aims if sense == "maximise"],
        "subject_to": [limit.words for limit in asked.limits],
        "tried": found.tried, "kept": found.kept, "whole": found.whole, "notes": notes(found),
        "code_version": code_version(), "data_vintage": data_vintage(),
    }  # fmt: skip


def notes(found: Found) -> list[str]:
    """What has to be said beside the table."""
    candidates = int(np.prod([1.0 + len(t.values) for t in found.question.levers]))
    out = [
        f"All {found.tried:,} candidates were tried."
        if found.whole
        else f"{found.tried:,} of {candidates:,} candidates were tried (NSGA-II, seed {found.seed}); "
        "some that were not may be better."
    ]
    if found.question.limits:
        out.append(f"{found.kept:,} of those tried keep every limit, in the median.")
    if not found.points:
        out.append("No candidate keeps every limit: there is no frontier. Loosen a limit.")
    out.append(
        f"Points are compared by medians of {found.members} members, the same draws and chance in "
        "all; intervals are 90 % of the members. Where those of two points overlap, it is not sure "
        "which is further."
    )
    never = _never(found)
    if never:
        words = "; ".join(f"{name} was {low:g} to {high:g}" for name, (low, high) in never.items())
        out.append(
            f"Points go beyond what was ever in force since {found.law_from:%Y-%m}: {words}."
        )
    return [*out, *NOT_KNOWN]


def documents(found: Found) -> dict[str, str]:
    """Name of a file → the scenario of a point as YAML, to be run with `caudal run FILE`."""
    return {f"{one.name}.yaml": one.as_yaml() for one in found.scenarios}


def _figures(found: Found, point: Point) -> list[dict[str, float]]:
    values = found.values[point]
    out = []
    for own, change in zip(values, values - found.baseline, strict=True):
        told = {name: float(np.quantile(own, q)) for name, q in SHARES.items()}
        told["change"] = float(np.median(change))
        told |= {f"change_{n}": float(np.quantile(change, SHARES[n])) for n in ("lo90", "hi90")}
        out.append(told)
    return out


def _by_point(table: pd.DataFrame) -> list[pd.DataFrame]:
    return [part for _, part in table.groupby("point", sort=True)]


def _never(found: Found) -> Mapping[str, tuple[float, float]]:
    """Levers that some point sets to what they never were, with the range that they were in."""
    out = {}
    for i, turn in enumerate(found.question.levers):
        low, high = turn.seen(found.law, found.law_from, found.period[1])
        used = [turn.values[p[i] - 1] for p in found.points if p[i]]
        if any(not low <= value <= high for value in used):
            out[turn.name] = (low, high)
    return out
