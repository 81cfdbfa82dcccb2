"""What the page is told of past forecasts: the skill tables, cut down to what it draws.

    {code_version, data_vintage, modes: [{mode, origins,
        ratios    [{target, horizon, against, baseline, ratio, lo, hi, natural}],
        coverage  [{target, horizon, nominal, covered, lo, hi}],
        pit       [{target, horizon, shares[]}],
        cells, contain}]}

target is "nationalities" or "southwest"; horizon a number of months, or a range ("1-6"); against is
"best" (then baseline names which one it was) or "log_random_walk". Ratios are on the log scale,
`natural` is the same one on the natural scale. cells, contain: coverage by thirds of the
nationalities, and how many of their intervals contain the nominal share (null if none is told).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

TARGETS: tuple[str, ...] = ("nationalities", "southwest")
GROUPS: tuple[str, ...] = ("small", "middle", "large")
WALK = "log_random_walk"


def skill_payload(tables: Mapping[str, pd.DataFrame]) -> dict[str, Any] | None:
    """From the tables that `caudal.forecast.skill` writes; None where nothing was scored."""
    skill = tables["skill"]
    if skill.empty:
        return None
    first = skill.iloc[0]
    return {
        "code_version": str(first.get("code_version", "")),
        "data_vintage": str(first.get("data_vintage", "")),
        "modes": [
            {
                "mode": mode,
                "origins": int(rows["origins"].max()),
                "ratios": _ratios(rows),
                **_coverage(_of(tables["coverage"], mode)),
                "pit": _pit(_of(tables["pit"], mode)),
            }
            for mode, rows in skill.groupby("mode", sort=False)
        ],
    }


def _of(table: pd.DataFrame, mode: Any) -> pd.DataFrame:
    return table[table["mode"] == mode]


def _ratios(rows: pd.DataFrame) -> list[dict[str, Any]]:
    rows = rows[rows["target"].isin(TARGETS)]
    keys = ["target", "horizon", "baseline"]
    natural = rows[rows["scale"] == "natural"].set_index(keys)["ratio"].to_dict()
    told = []
    for row in rows[rows["scale"] == "log"].to_dict("records"):
        common = {
            "target": row["target"],
            "horizon": _horizon(row["horizon"]),
            "baseline": row["baseline"],
            **{key: _number(row[key]) for key in ("ratio", "lo", "hi")},
            "natural": _number(natural.get(tuple(row[k] for k in keys), math.nan)),
        }
        told += [{"against": "best", **common}] if row["best"] else []
        told += [{"against": WALK, **common}] if row["baseline"] == WALK else []
    return told


def _coverage(rows: pd.DataFrame) -> dict[str, Any]:
    single = rows["horizon"].str.isdigit() & rows["lo"].notna()
    cells = rows[rows["target"].isin(GROUPS) & single]
    told = [
        {
            "target": row["target"],
            "horizon": _horizon(row["horizon"]),
            **{key: _number(row[key]) for key in ("nominal", "covered", "lo", "hi")},
        }
        for row in rows[rows["target"].isin(TARGETS)].to_dict("records")
    ]
    contain = int(cells["contains"].astype(bool).sum()) if len(cells) else None
    return {"coverage": told, "cells": len(cells) or None, "contain": contain}


def _pit(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {"target": target, "horizon": horizon, "shares": [_number(v) for v in part["share"]]}
        for (target, horizon), part in rows.groupby(["target", "horizon"], sort=False)
        if target in TARGETS
    ]


def _horizon(name: str) -> int | str:
    return int(name) if name.isdigit() else name


def _number(value: Any) -> float | None:
    return float(f"{value:.4g}") if math.isfinite(value) else None
