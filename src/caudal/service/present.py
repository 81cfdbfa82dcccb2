"""Now: the latest counts, with the nowcast and forecast made from them, in one answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from caudal.corridor import corridor
from caudal.corridor.observables import OUTCOMES, observed_long
from caudal.corridor.predictands import outcome_of
from caudal.data.store import data_vintage, issues, provenance
from caudal.errors import CaudalError
from caudal.policy.timeline import timeline

SHIPPED = "forecast.json"
"""A forecast issued from the shipped draws, beside them; `make now` makes it again."""
QUANTILES = ("median", "lo50", "hi50", "lo90", "hi90")
RECENT_DAYS = 120
"""How far back from the last count "what was decided" looks."""


def issued(folder: Path | None = None) -> dict[str, Any] | None:
    """The shipped forecast as `caudal forecast --out` writes it, or None where there is none."""
    path = (folder or corridor().posterior.parent) / SHIPPED
    if not path.is_file():
        return None
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as broken:
        raise CaudalError(SHIPPED, f"not readable ({broken})", "make now") from broken


def now(
    forecast: Mapping[str, Any] | None, history: int, today: date | None = None
) -> dict[str, Any]:
    """What stands in the first view.

    forecast  of `issued`, or of a job of the same form; history: months of counts shown
    """
    from caudal.compute.store import code_version
    from caudal.forecast.skill import read
    from caudal.report import skill_payload

    here = corridor()
    vintage = data_vintage()
    counts = _counts(vintage, today or date.today())
    ahead = _ahead(forecast)
    through = pd.Timestamp(max(counts[OUTCOMES[0]["id"]]))
    told = (
        _line(o, counts.get(o["id"], {}), ahead.get(o["id"], {}), through, history)
        for o in OUTCOMES
    )
    lines = [line for line in told if line]
    about = None
    if forecast is not None:
        made = dict(forecast["forecast"])
        same = (made["data_vintage"], made["code_version"]) == (vintage, code_version())
        about = {**made, "current": same}
    return {
        "through": f"{through:%Y-%m}",
        "outcomes": lines,
        "forecast": about,
        "changed": [c for o in OUTCOMES if (c := _change(o["id"], counts.get(o["id"], {})))],
        "decided": _decided(here, through),
        "skill": skill_payload(read(here.skill)) if here.skill.is_dir() else None,
        "sources": sources({line["series"] for line in lines if line["series"]}),
        "data_vintage": vintage,
        "code_version": code_version(),
    }


@lru_cache(maxsize=2)
def _counts(_vintage: str, today: date) -> dict[str, dict[str, float]]:
    """Counts that are out by a day: outcome → month (YYYY-MM) → count. Kept, for many ask for them."""
    long = observed_long(corridor(), today)
    out: dict[str, dict[str, float]] = {}
    months = long["month"].dt.strftime("%Y-%m")
    for name, month, value in zip(long["outcome"], months, long["observed"], strict=True):
        out.setdefault(str(name), {})[month] = float(value)
    return out


def _ahead(forecast: Mapping[str, Any] | None) -> dict[str, dict[str, dict[str, float]]]:
    """Rows of a forecast by outcome and month."""
    out: dict[str, dict[str, dict[str, float]]] = {}
    for row in forecast["rows"] if forecast else ():
        out.setdefault(outcome_of(row["target"], row["cell"]), {})[row["month"]] = row
    return out


def _line(
    outcome: Mapping[str, Any], seen: Mapping[str, float],
    ahead: Mapping[str, Mapping[str, float]], through: pd.Timestamp, history: int,
) -> dict[str, Any] | None:  # fmt: skip
    if not seen:
        return None
    first = f"{through - pd.DateOffset(months=history - 1):%Y-%m}"
    last = max([f"{through:%Y-%m}", *seen, *ahead])
    months = [str(m) for m in pd.period_range(first, last, freq="M")]
    return {
        "id": outcome["id"],
        "title": {"en": outcome["title_en"], "es": outcome["title_es"]},
        **{k: outcome[k] for k in ("unit", "series", "panel", "group")},
        "months": months,
        "observed": [seen.get(m) for m in months],
        **{
            q: [round(ahead[m][q], 1) if m in ahead and m not in seen else None for m in months]
            for q in QUANTILES
        },
    }


def _change(name: str, seen: Mapping[str, float]) -> dict[str, Any] | None:
    """The newest count, that of the month before and of the year before."""
    if not seen:
        return None
    last = pd.Period(max(seen), "M")
    return {
        "outcome": name,
        "month": f"{last}",
        "count": seen[f"{last}"],
        "before": seen.get(f"{last - 1}"),
        "year_ago": seen.get(f"{last - 12}"),
    }


def _decided(here: Any, through: pd.Timestamp) -> list[dict[str, Any]]:
    """Policies of which something became known since shortly before the last count, newest first."""
    since = f"{(through + pd.offsets.MonthEnd(0)).date() - timedelta(days=RECENT_DAYS)}"

    def fresh(span: Mapping[str, Any]) -> bool:
        return span["known_on"] >= since or (span["until_known_on"] or "") >= since

    rows = [
        {**row, "spans": spans}
        for row in timeline(here.law)
        if (spans := [s for s in row["spans"] if fresh(s)])
    ]
    return sorted(rows, key=lambda r: max(s["known_on"] for s in r["spans"]), reverse=True)


def sources(names: set[str]) -> list[dict[str, Any]]:
    """Where series come from, in both languages."""
    from caudal.corridor.sources.spanish import spanish
    from caudal.report.payload import source_row

    told = spanish()
    return [
        source_row(
            {
                **provenance(name).to_dict(),
                "issues": [{"name": i.name, "meaning": i.meaning} for i in issues(name)],
            },
            told,
        )
        for name in sorted(names)
    ]
