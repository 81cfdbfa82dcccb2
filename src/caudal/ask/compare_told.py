"""A comparison as rows: the difference with its intervals, direction and standard errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from caudal.ask.compared import QUANTILES, direction, errors, spread

if TYPE_CHECKING:
    from caudal.ask.compare import Comparison

COLUMNS = (
    "scenario", "weather", "outcome", "title", "title_es", "unit", "unit_es", "group", "base",
    *QUANTILES, *(f"relative_{q}" for q in QUANTILES), "direction", "probability",
    "se_paired", "se_independent", "se_independent_run",
)  # fmt: skip
Row = dict[str, Any]


def rows(ds: xr.Dataset) -> list[Row]:
    """One row (COLUMNS) for each scenario, weather and outcome of a comparison's Dataset.

    base                 median of the base over the period
    median, lo50 … hi90  of the difference, scenario less base; relative_…: of the difference as a
                         share of the base, member by member
    direction            "more" or "fewer", where most members lie; probability: the share that does
    se_…                 standard error of the mean difference: paired; were the runs independent;
                         and as measured with independent runs (NaN unless they were asked for)
    """
    out = []
    n = int(ds.attrs["distinct_members"])
    titles = {k: ds[k].values for k in ("title", "title_es", "unit", "unit_es", "group")}
    for s, scenario in enumerate(ds.scenario.values):
        for w, weather in enumerate(ds.weather.values):
            for o, outcome in enumerate(ds.outcome.values):
                base = ds["base"].values[w, o]
                level, difference = (ds[k].values[s, w, o] for k in ("level", "difference"))
                paired, apart = errors(base, level, n)
                where, share = direction(difference, base)
                out.append({
                    "scenario": str(scenario), "weather": str(weather), "outcome": str(outcome),
                    **{k: str(v[o]) for k, v in titles.items()},
                    "base": float(np.median(base)),
                    **spread(difference),
                    **{f"relative_{k}": v for k, v in spread(ds["relative"].values[s, w, o]).items()},
                    "direction": where, "probability": share,
                    "se_paired": paired, "se_independent": apart,
                    "se_independent_run": _measured(ds, s, w, o, base),
                })  # fmt: skip
    return out


def _measured(ds: xr.Dataset, s: int, w: int, o: int, base: np.ndarray) -> float:
    if "independent" not in ds or ds.weather.values[w] != "as-inferred":
        return float("nan")
    apart = ds["independent"].values[s, o] - base
    return float(np.std(apart, ddof=1) / np.sqrt(len(apart)))


def months(ds: xr.Dataset, scenario: str, weather: str, outcome: str) -> list[Row]:
    """Quantiles by month of one outcome: `base_…`, `scenario_…`; those of the difference bare."""
    at = {"weather": weather, "outcome": outcome}
    base = ds["base_monthly"].sel(at).values
    difference = ds["difference_monthly"].sel({"scenario": scenario, **at}).values
    out = []
    for i, month in enumerate(ds["month"].values):
        out.append({
            "month": str(month)[:7],
            **{f"base_{k}": v for k, v in spread(base[:, i]).items()},
            **{f"scenario_{k}": v for k, v in spread((base + difference)[:, i]).items()},
            **spread(difference[:, i]),
        })  # fmt: skip
    return out


def about(made: Comparison) -> dict[str, Any]:
    """What was compared, and how to get it again."""
    a, asked = made.dataset.attrs, made.asked
    return {
        "base": asked.arms[0].document.name,
        "scenarios": [arm.document.name for arm in asked.arms[1:]],
        "parts": {arm.document.name: arm.parts for arm in asked.arms[1:]},
        "from": asked.start, "to": asked.end, "members": asked.members,
        "first_forecast_month": a["first_forecast_month"], "run_id": a["run_id"],
        "command": a["recipe_command"], "python": a["recipe_python"],
        "data_vintage": a["data_vintage"], "code_version": a["code_version"],
    }  # fmt: skip
